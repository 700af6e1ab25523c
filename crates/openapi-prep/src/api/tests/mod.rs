use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::{Names, prepare};

fn prepared(yaml: &str) -> (Value, Api) {
    let document = Document::parse(yaml).unwrap();
    let given = document.as_value().clone();
    (given, prepare(document, &mut Names::new()).unwrap().api)
}

const OPERATIONS: &str = "
openapi: 3.1.0
info: {title: Made up, version: 2.0.0, description: About.}
servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu}}}]
security: [{key: []}, {}]
tags: [{name: Things, description: All of them.}]
paths:
  /things/{type}/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid, example: a}}
    post:
      operationId: makeThing
      tags: [Things]
      deprecated: true
      x-timeout: 300
      parameters:
        - {name: type, in: path, required: true, schema: {enum: [a, b]}}
        - {name: page, in: query, description: Which., schema: {type: integer, default: 1, minimum: 1}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        201: {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        404: {description: none}
        default: {description: other}
  /form: {post: {operationId: form, requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}}, responses: {204: {description: ok}}}}
  /text: {post: {operationId: text, requestBody: {content: {text/plain: {}}}, responses: {200: {description: ok, content: {text/csv: {}}}}}}
  /bytes: {post: {operationId: bytes, requestBody: {content: {application/octet-stream: {}}}, responses: {200: {description: ok, content: {video/mp4: {}}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, other: {type: http, scheme: Bearer}}
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 9, pattern: '^a', default: ab, description: Its name.}
        color: {type: string, enum: [red, unknown], readOnly: true, deprecated: true}
        sizes: {type: array, items: {type: [integer, 'null']}}
        more: {type: object, additionalProperties: {type: number}}
        nick: {type: [string, 'null']}
";

#[test]
fn operations_are_read_whole() {
    let (_, api) = prepared(OPERATIONS);
    assert_eq!(
        (api.title.as_str(), api.version.as_str()),
        ("Made up", "2.0.0")
    );
    assert_eq!(api.servers[0].variables["region"], "eu");
    assert_eq!(api.security.len(), 2);
    let key = &api.security_schemes["key"].credential;
    let wanted = Credential::ApiKey {
        location: Location::Header,
        name: "X-Key".into(),
    };
    assert_eq!(*key, wanted);
    assert_eq!(api.tags[0].name, "Things");

    let operation = api.operation("make_thing").unwrap();
    assert_eq!(operation.title(), "POST /things/{type}/{id}");
    assert_eq!(operation.pointer, "/paths/~1things~1{type}~1{id}/post");
    assert!(operation.deprecated);
    assert_eq!(
        operation.extensions,
        *json!({"x-timeout": 300}).as_object().unwrap()
    );
    let of_path: Vec<_> = operation
        .parameters_in(Location::Path)
        .into_iter()
        .map(|p| (p.name.as_str(), p.rust_name.as_str(), p.ty.to_string()))
        .collect();
    assert_eq!(of_path[0], ("type", "type_", "MakeThingType".into()));
    assert_eq!(of_path[1], ("id", "id", "String".into()));
    let id = operation.parameters_in(Location::Path)[1];
    assert_eq!(id.annotations.constraints["format"], "uuid");
    assert_eq!(id.annotations.examples, [json!("a")]);
    let [page, tags] = operation.parameters_in(Location::Query)[..] else {
        panic!()
    };
    assert_eq!(page.annotations.default, Some(json!(1)));
    assert_eq!(page.annotations.constraints["minimum"], 1);
    assert!(!page.required);
    assert_eq!(tags.style, Style::Plain);
    let body = operation.body.as_ref().unwrap();
    assert!(!body.required);
    assert_eq!(body.content_type, "application/json");
    assert_eq!(operation.success.status, "201");
    let errors: Vec<_> = operation
        .errors
        .iter()
        .map(|e| (e.status.as_str(), e.description.as_deref()))
        .collect();
    assert_eq!(errors, [("404", Some("none")), ("default", Some("other"))]);
    assert!(operation.errors[0].pointer.ends_with("/responses/404"));

    let body = |function: &str| {
        api.operation(function)
            .unwrap()
            .body
            .clone()
            .unwrap()
            .content
    };
    assert!(matches!(body("form"), BodyContent::Form(_)));
    assert_eq!(
        (body("text"), body("bytes")),
        (BodyContent::Text, BodyContent::Bytes)
    );
    let success = |function: &str| api.operation(function).unwrap().success.content.clone();
    assert_eq!(success("form"), SuccessContent::None);
    assert_eq!(success("text"), SuccessContent::Bytes("text/csv".into()));
    assert_eq!(success("bytes"), SuccessContent::Bytes("video/mp4".into()));
}

#[test]
fn types_have_what_the_document_declares_of_them() {
    let (_, api) = prepared(OPERATIONS);
    // The request requires the name, and a response may leave it out.
    let fields = |name: &str| -> BTreeMap<String, Field> {
        let Shape::Struct { fields, .. } = &api.types[name].shape else {
            panic!("{name}")
        };
        fields.iter().map(|f| (f.name.clone(), f.clone())).collect()
    };
    let (sent, received) = (fields("ThingInput"), fields("Thing"));
    assert_eq!(
        (sent["name"].rust_type(), received["name"].rust_type()),
        ("String".into(), "Option<String>".into())
    );
    let name = &sent["name"].annotations;
    assert_eq!(name.default, Some(json!("ab")));
    assert_eq!(
        Value::Object(name.constraints.clone()),
        json!({"maxLength": 9, "pattern": "^a"})
    );
    assert!(name.description.as_ref().unwrap().starts_with("Its name."));
    assert_eq!(
        sent["name"].pointer,
        "/components/schemas/Thing/properties/name"
    );
    assert_eq!(received["sizes"].rust_type(), "Option<Vec<Option<i64>>>");
    assert_eq!(sent["more"].rust_type(), "Option<HashMap<String, f64>>");
    assert!(!sent["more"].ty.nullable, "null is not sent");
    assert_eq!(sent["nick"].rust_type(), "Option<Option<String>>");
    assert_eq!(received["nick"].rust_type(), "Option<String>");
    assert!(received["color"].annotations.deprecated);
    let color = &api.types[received["color"].ty.name().unwrap()];
    let Shape::Enum { values, open: true } = &color.shape else {
        panic!("{color:?}")
    };
    assert_eq!(values[1].rust_name, "UnknownValue");
    assert!(color.in_response);
    assert!(api.types["ThingInput"].in_request && !api.types["ThingInput"].in_response);
}

#[test]
fn unions_have_their_tags_and_what_they_hold() {
    let (_, api) = prepared(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {post: {operationId: a, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Lamp'}}}}, responses: {204: {description: ok}}}}
components:
  schemas:
    Lamp: {oneOf: [{$ref: '#/components/schemas/On'}, {$ref: '#/components/schemas/Off'}, {type: 'null'}]}
    On: {type: object, required: [is, level], properties: {is: {const: lamp-on}, level: {oneOf: [{type: integer}, {type: string}]}}}
    Off: {type: object, required: [is], properties: {is: {const: lamp-off}}}
",
    );
    let Shape::TaggedUnion {
        tag,
        variants,
        open: false,
    } = &api.types["Lamp"].shape
    else {
        panic!()
    };
    assert_eq!(tag, "is");
    let variants: Vec<_> = variants
        .iter()
        .map(|v| (v.rust_name.as_str(), v.tags.join(","), v.ty.to_string()))
        .collect();
    assert_eq!(variants[0], ("LampOn", "lamp-on".into(), "On".to_owned()));
    assert_eq!(
        variants[1],
        ("LampOff", "lamp-off".into(), "Off".to_owned())
    );
    // It has no fields yet, and is a struct all the same.
    let nothing = Shape::Struct {
        fields: Vec::new(),
        additional: None,
    };
    assert_eq!(api.types["Off"].shape, nothing);
    let Shape::Union { variants } = &api.types["OnLevel"].shape else {
        panic!("{:?}", api.types)
    };
    assert_eq!(variants[1].rust_name, "String");
}

#[test]
fn state_is_no_option_wherever_its_enum_is() {
    let (_, api) = prepared(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {get: {operationId: a, responses: {200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}}}}
components:
  schemas:
    Job:
      type: object
      properties:
        inline: {type: [string, 'null'], enum: [a, b, null], x-state: true}
        named: {anyOf: [{$ref: '#/components/schemas/State'}, {type: 'null'}], x-state: true}
        other: {$ref: '#/components/schemas/State'}
        plain: {type: string, x-state: true}
    State: {type: string, enum: [c, d]}
",
    );
    let Shape::Struct { fields, .. } = &api.types["Job"].shape else {
        panic!()
    };
    let fields: Vec<_> = fields.iter().map(|f| (f.rust_type(), f.state)).collect();
    assert_eq!(
        fields,
        [
            ("JobInline".to_owned(), true),
            ("State".to_owned(), true),
            ("Option<State>".to_owned(), false),
            ("String".to_owned(), true),
        ]
    );
}

#[test]
fn parts_of_a_body_are_read() {
    let (_, api) = prepared(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /up:
    post:
      operationId: up
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: {file: {type: string, format: binary}, about: {type: object}}
            encoding: {file: {contentType: image/png}}
      responses:
        204: {description: done}
        400: {description: bad, content: {application/problem+json: {schema: {type: string}}}}
",
    );
    let operation = &api.operations[0];
    let body = operation.body.as_ref().unwrap();
    assert!(!body.required);
    assert_eq!(body.content_type, "multipart/form-data");
    let BodyContent::Multipart { form, parts } = &body.content else {
        panic!("{body:?}")
    };
    assert_eq!(form.as_deref(), Some("UpForm"));
    assert!(!api.types.contains_key("UpForm"));
    assert!(parts[0].file && parts[0].field.required && !parts[1].file);
    assert_eq!(parts[0].content_type.as_deref(), Some("image/png"));
    assert_eq!(parts[1].rust_type(), "Option<Map<String, Value>>");
    let pointer = &parts[0].field.pointer;
    assert!(pointer.ends_with("/schema/properties/file"));
    let error = &operation.errors[0];
    assert_eq!(
        (&*error.status, error.description.as_deref()),
        ("400", Some("bad"))
    );
    assert_eq!(error.ty, Some(BaseType::String.into()));
}

#[test]
fn enums_and_parameters_have_their_wire_form() {
    let (_, api) = prepared(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    get:
      operationId: a
      parameters:
        - {name: ids, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: where, in: query, content: {application/json: {schema: {type: array, items: {type: string}}}}}
        - {name: ratio, in: query, schema: {enum: ['16:9', '9:16']}}
      responses: {204: {description: done}}
",
    );
    let [ids, filter, ratio] = &api.operations[0].parameters[..] else {
        panic!()
    };
    assert_eq!(ids.style, Style::PipeSeparated);
    assert_eq!(ids.ty.to_string(), "Vec<i64>");
    assert_eq!(ids.rust_type(), "PipeSeparated<Vec<i64>>");
    assert_eq!((filter.style, filter.name.as_str()), (Style::Json, "where"));
    assert_eq!(filter.ty.to_string(), "Vec<String>");
    let Shape::Enum { values, .. } = &api.types[ratio.ty.name().unwrap()].shape else {
        panic!()
    };
    assert_eq!(
        (&*values[0].value, &*values[0].rust_name),
        ("16:9", "Ratio16x9")
    );
}

#[test]
fn documented_integers_are_constants() {
    let (_, api) = prepared(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths: {/a: {get: {operationId: a, responses: {200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Out'}}}}}}}}
components:
  schemas:
    Out: {type: object, properties: {level: {$ref: '#/components/schemas/Level'}, plain: {enum: [5, 6]}}}
    Level: {type: integer, enum: [0, -10, 7], x-enum-varnames: [none, ten, in-use]}
",
    );
    let constants = |name: &str| {
        let Shape::Integer {
            rust_type: "i64",
            constants,
        } = &api.types[name].shape
        else {
            panic!("{:?}", api.types[name])
        };
        let constants = constants.iter().map(|c| (c.value, c.rust_name.clone()));
        constants.collect::<Vec<_>>()
    };
    assert_eq!(
        constants("Level"),
        [
            (0, "NONE".into()),
            (-10, "TEN".into()),
            (7, "IN_USE".into())
        ]
    );
    assert_eq!(
        constants("OutPlain"),
        [(5, "VALUE_5".into()), (6, "VALUE_6".into())]
    );
}

#[test]
fn parameters_of_a_renamed_path_have_their_pointers() {
    let (_, api) = prepared(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a/{id}/{Id}:
    get:
      operationId: a
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: Id, in: path, required: true, schema: {type: string}}
        - {name: by, in: query, style: deepObject, schema: {type: object, properties: {x: {type: string}, y: {type: string}}}}
        - {name: last, in: query, schema: {type: string}}
      responses: {204: {description: done}}
",
    );
    let operation = &api.operations[0];
    assert_eq!(operation.path, "/a/{id}/{Id}");
    let pointers: Vec<_> = operation
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), &p.pointer[p.pointer.len() - 1..]))
        .collect();
    assert_eq!(
        pointers,
        [
            ("id", "0"),
            ("Id", "1"),
            ("by[x]", "2"),
            ("by[y]", "2"),
            ("last", "3")
        ]
    );
}

#[test]
fn pointers_lead_into_the_document_as_given() {
    let fixture = include_str!("../../../../../tests/fixture-api/openapi/v9/heygen.json");
    let features = include_str!("../../../../../xtask/tests/documents/features.json");
    for text in [fixture, features, OPERATIONS] {
        let (given, api) = prepared(text);
        let mut count = 0;
        let mut check = |pointer: &str, last: Option<&str>| {
            count += 1;
            assert!(given.pointer(pointer).is_some(), "{pointer}");
            let last = last.map(|last| last.replace('~', "~0").replace('/', "~1"));
            last.is_none_or(|last| pointer.ends_with(&format!("/{last}")))
        };
        let mut elsewhere = Vec::new();
        for operation in &api.operations {
            check(&operation.pointer, Some(&operation.method.to_lowercase()));
            check(&operation.success.pointer, None);
            for pointer in operation
                .parameters
                .iter()
                .map(|p| &p.pointer)
                .chain(operation.body.iter().map(|b| &b.pointer))
                .chain(operation.errors.iter().map(|e| &e.pointer))
            {
                check(pointer, None);
            }
        }
        for ty in api.types.values() {
            check(&ty.pointer, None);
            if let Shape::Struct { fields, .. } = &ty.shape {
                for field in fields {
                    if !check(&field.pointer, Some(&field.name)) {
                        elsewhere.push(format!("{}.{}: {}", ty.name, field.name, field.pointer));
                    }
                }
            }
        }
        assert!(count > 20);
        // Fields that members of `allOf` gave have the pointer of the whole.
        assert!(elsewhere.len() * 20 < count, "{elsewhere:#?} of {count}");
    }
}
