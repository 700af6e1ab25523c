//! The classes of `spec diff`, and so `--fail-on breaking`, held against the
//! compiler: for each case a program that uses the old API is compiled against what is generated from the
//! new document. What is breaking stops it; what is not does not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod common;

#[path = "common/crates.rs"]
mod crates;

use std::{collections::BTreeSet, path::Path};

use common::Checkout;
use openapi_prep::Document;
use serde_json::{Value, json};

/// A change, and a program that it breaks or not. The documents hold paths and
/// schemas in YAML; all cases together are one document.
struct Case {
    name: &'static str,
    old: &'static str,
    new: &'static str,
    program: &'static str,
    breaks: bool,
}

const CASES: &[Case] = &[
    Case {
        name: "values_collide",
        old: "schemas: {Collide: {type: object, properties: {f: {enum: [a, b]}}}}\nsends: Collide",
        new: "schemas: {Collide: {type: object, properties: {f: {enum: [a, b, A]}}}}\nsends: Collide",
        // Breaks with a string in place of the enum.
        program: "let _ = |sent: types::Collide| match sent.f {\
                  Some(types::CollideF::A) => 1, Some(types::CollideF::B) => 2, Some(_) => 3, None => 4 };",
        breaks: false,
    },
    Case {
        name: "operation_not_generated",
        old: "paths: {/hidden: {get: {operationId: shown, responses: {'204': {description: none}}}}}",
        new: "paths: {/hidden: {get: {operationId: shown, responses: {'204': {description: none}}},\
              trace: {operationId: hidden, responses: {'204': {description: none}}}}}",
        program: "client.shown();",
        breaks: false,
    },
    Case {
        name: "type_renamed",
        old: "schemas: {Widget: {type: object, properties: {a: {type: string}}}}\nreceives: Widget",
        new: "schemas: {Gadget: {type: object, properties: {a: {type: string}}}}\nreceives: Gadget",
        program: "let _ = |_: types::Widget| ();",
        breaks: true,
    },
    Case {
        name: "type_of_an_untouched_operation_renamed",
        old: "schemas: {Crate: {type: object, required: [a], properties: {a: {type: string}}}}\nsends: Crate",
        // Requests and responses share it now, and have a type each.
        new: "schemas: {Crate: {type: object, required: [a], properties: {a: {type: string}}}}\nsends: Crate\n\
              paths: {/crates: {get: {operationId: crates, responses: {'200': {description: ok,\
              content: {application/json: {schema: {$ref: '#/components/schemas/Crate'}}}}}}}}",
        program: "let sent = types::Crate::builder().a(\"a\");\n    \
                  client.use_type_of_an_untouched_operation_renamed().body(sent);",
        breaks: true,
    },
    Case {
        name: "reserved_name",
        old: "schemas: {Outcome: {type: object, properties: {a: {type: string}}}}\nreceives: Outcome",
        new: "schemas: {Result: {type: object, properties: {a: {type: string}}}}\nreceives: Result",
        program: "let _ = |_: types::Outcome| ();",
        breaks: true,
    },
    Case {
        name: "tag_only_variant_gains_a_field",
        old: "schemas:\n  Lamp: {oneOf: [{$ref: '#/components/schemas/LampOn'}, {$ref: '#/components/schemas/LampOff'}]}\n  \
              LampOn: {type: object, required: [kind], properties: {kind: {const: on}, level: {type: integer}}}\n  \
              LampOff: {type: object, required: [kind], properties: {kind: {const: off}}}\nsends: Lamp",
        new: "schemas:\n  Lamp: {oneOf: [{$ref: '#/components/schemas/LampOn'}, {$ref: '#/components/schemas/LampOff'}]}\n  \
              LampOn: {type: object, required: [kind], properties: {kind: {const: on}, level: {type: integer}}}\n  \
              LampOff: {type: object, required: [kind], properties: {kind: {const: off}, after: {type: integer}}}\nsends: Lamp",
        program: "let _ = |lamp| match lamp { types::Lamp::Off(types::LampOff { .. }) => 1, _ => 2 };",
        breaks: false,
    },
    Case {
        name: "request_gains_an_optional_field",
        old: "schemas: {Parcel: {type: object, properties: {a: {type: string}}}}\nsends: Parcel",
        new: "schemas: {Parcel: {type: object, properties: {a: {type: string}, b: {type: string}}}}\nsends: Parcel",
        program: "let _ = types::Parcel::builder().a(String::new());",
        breaks: false,
    },
    Case {
        name: "response_gains_an_optional_field",
        old: "schemas: {Receipt: {type: object, properties: {a: {type: string}}}}\nreceives: Receipt",
        new: "schemas: {Receipt: {type: object, properties: {a: {type: string}, b: {type: string}}}}\nreceives: Receipt",
        program: "let _ = |got: types::Receipt| -> Option<String> { got.a };",
        breaks: false,
    },
    Case {
        name: "request_enum_gains_a_value",
        old: "schemas: {Size: {enum: [small, large]}}\nsends: Size",
        new: "schemas: {Size: {enum: [small, large, huge]}}\nsends: Size",
        program: "let _ = |size| match size { types::Size::Small => 1, types::Size::Large => 2, _ => 3 };",
        breaks: false,
    },
    Case {
        name: "response_enum_gains_a_value",
        old: "schemas: {State: {enum: [waiting, done]}}\nreceives: State",
        new: "schemas: {State: {enum: [done, waiting, failed]}}\nreceives: State",
        program: "let _ = |state| match state { types::State::Waiting => 1, types::State::Done => 2, _ => 3 };",
        breaks: false,
    },
    Case {
        name: "response_enum_loses_a_value",
        old: "schemas: {Phase: {enum: [waiting, done, failed]}}\nreceives: Phase",
        new: "schemas: {Phase: {enum: [waiting, done]}}\nreceives: Phase",
        program: "let _ = types::Phase::Failed;",
        breaks: true,
    },
    Case {
        name: "request_union_gains_a_variant",
        old: "schemas:\n  Source: {oneOf: [{$ref: '#/components/schemas/SourceUrl'}, {$ref: '#/components/schemas/SourceId'}]}\n  \
              SourceUrl: {type: object, required: [by, url], properties: {by: {const: url}, url: {type: string}}}\n  \
              SourceId: {type: object, required: [by, id], properties: {by: {const: id}, id: {type: string}}}\nsends: Source",
        new: "schemas:\n  Source: {oneOf: [{$ref: '#/components/schemas/SourceUrl'}, {$ref: '#/components/schemas/SourceId'}, {$ref: '#/components/schemas/SourceRaw'}]}\n  \
              SourceUrl: {type: object, required: [by, url], properties: {by: {const: url}, url: {type: string}}}\n  \
              SourceId: {type: object, required: [by, id], properties: {by: {const: id}, id: {type: string}}}\n  \
              SourceRaw: {type: object, required: [by, raw], properties: {by: {const: raw}, raw: {type: string}}}\nsends: Source",
        program: "let _ = |source| match source { types::Source::Url(_) => 1, types::Source::Id(_) => 2, _ => 3 };",
        breaks: false,
    },
    Case {
        name: "operation_renamed",
        old: "paths: {/call: {get: {operationId: ring, responses: {'204': {description: none}}}}}",
        new: "paths: {/call: {get: {operationId: phone, responses: {'204': {description: none}}}}}",
        program: "client.ring();",
        breaks: true,
    },
    Case {
        name: "operation_moved",
        old: "paths: {/lift: {get: {operationId: lift, responses: {'204': {description: none}}}}}",
        new: "paths: {/raise: {post: {operationId: lift, responses: {'204': {description: none}}}}}",
        program: "client.lift();",
        breaks: false,
    },
    Case {
        name: "parameters_move_and_are_described",
        old: "paths: {/list: {get: {operationId: list, parameters: [{name: page, in: query, schema: {type: integer}}], responses: {'204': {description: none}}}}}",
        new: "paths: {/list: {get: {operationId: list, deprecated: true, parameters: [{name: page, in: header, schema: {type: integer, maximum: 9}},\
              {name: sort, in: query, schema: {type: string}}], responses: {'204': {description: none}}}}}",
        program: "client.list().page(10_i64);",
        breaks: false,
    },
    Case {
        name: "parameter_has_another_type",
        old: "paths: {/find: {get: {operationId: find, parameters: [{name: limit, in: query, schema: {type: integer}}], responses: {'204': {description: none}}}}}",
        new: "paths: {/find: {get: {operationId: find, parameters: [{name: limit, in: query, schema: {type: string}}], responses: {'204': {description: none}}}}}",
        program: "client.find().limit(10_i64);",
        breaks: true,
    },
    Case {
        name: "parameter_of_the_path_is_renamed",
        old: "paths: {'/one/{id}': {get: {operationId: one, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: none}}}}}",
        new: "paths: {'/one/{key}': {get: {operationId: one, parameters: [{name: key, in: path, required: true, schema: {type: string}}], responses: {'204': {description: none}}}}}",
        program: "client.one().id(\"i\");",
        breaks: true,
    },
    Case {
        name: "field_has_another_type",
        old: "schemas: {Clip: {type: object, properties: {seconds: {type: number}}}}\nreceives: Clip",
        new: "schemas: {Clip: {type: object, properties: {seconds: {type: string}}}}\nreceives: Clip",
        program: "let _ = |clip: types::Clip| -> Option<f64> { clip.seconds };",
        breaks: true,
    },
    Case {
        name: "field_is_required",
        old: "schemas: {Letter: {type: object, properties: {to: {type: string}}}}\nsends: Letter",
        new: "schemas: {Letter: {type: object, required: [to], properties: {to: {type: string}}}}\nsends: Letter",
        program: "let _ = |letter: types::Letter| -> Option<String> { letter.to };",
        breaks: true,
    },
    Case {
        name: "response_is_required_to_hold_more",
        old: "schemas: {Page: {type: object, properties: {next: {type: string}}}}\nreceives: Page",
        new: "schemas: {Page: {type: object, required: [next], properties: {next: {type: string, maxLength: 9}}}}\nreceives: Page",
        program: "let _ = |page: types::Page| -> Option<String> { page.next };",
        breaks: false,
    },
    Case {
        name: "response_has_no_default",
        old: "schemas: {Film: {type: object, properties: {title: {type: string}}}}\nreceives: Film",
        new: "schemas: {Film: {type: object, required: [id], properties: {id: {type: string}, title: {type: string}}}}\nreceives: Film",
        program: "let _ = types::Film::default();",
        breaks: true,
    },
    Case {
        name: "request_type_is_in_responses_too",
        old: "schemas: {Both: {type: object, properties: {a: {type: string}}}, Holder: {type: object, properties: {b: {type: string}}}}\nsends: Both\nreceives: Holder",
        new: "schemas: {Both: {type: object, properties: {a: {type: string}}}, Holder: {type: object, properties: {b: {type: string}, both: {$ref: '#/components/schemas/Both'}}}}\nsends: Both\nreceives: Holder",
        program: "let _ = types::Both::builder().a(String::new());",
        breaks: false,
    },
    Case {
        name: "body_is_bytes",
        old: "paths: {/file: {get: {operationId: file, responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {url: {type: string}}}}}}}}}}",
        new: "paths: {/file: {get: {operationId: file, responses: {'200': {description: ok, content: {video/mp4: {}}}}}}}",
        program: "let _ = async || client.file().send().await.ok()?.into_inner().url;",
        breaks: true,
    },
    Case {
        name: "body_is_required",
        old: "schemas: {Note: {type: object, properties: {a: {type: string}}}}\npaths: {/note: {post: {operationId: note, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, responses: {'204': {description: none}}}}}",
        new: "schemas: {Note: {type: object, properties: {a: {type: string}}}}\npaths: {/note: {post: {operationId: note, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, responses: {'204': {description: none}}}}}",
        program: "client.note().without_body();",
        breaks: true,
    },
    Case {
        name: "body_may_be_left_out",
        old: "schemas: {Memo: {type: object, properties: {a: {type: string}}}}\npaths: {/memo: {post: {operationId: memo, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Memo'}}}}, responses: {'204': {description: none}}}}}",
        new: "schemas: {Memo: {type: object, properties: {a: {type: string}}}}\npaths: {/memo: {post: {operationId: memo, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Memo'}}}}, responses: {'204': {description: none}}}}}",
        program: "client.memo().body_map(|memo| memo.a(String::new()));",
        breaks: true,
    },
    Case {
        name: "text_may_be_left_out",
        old: "paths: {/text: {post: {operationId: text, requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}, responses: {'204': {description: none}}}}}",
        new: "paths: {/text: {post: {operationId: text, requestBody: {content: {text/plain: {schema: {type: string}}}}, responses: {'204': {description: none}}}}}",
        program: "client.text().body(\"a\");",
        breaks: false,
    },
    Case {
        name: "bytes_may_be_left_out",
        old: "paths: {/bytes: {post: {operationId: bytes, requestBody: {required: true, content: {video/mp4: {}}}, responses: {'204': {description: none}}}}}",
        new: "paths: {/bytes: {post: {operationId: bytes, requestBody: {content: {video/mp4: {}}}, responses: {'204': {description: none}}}}}",
        program: "client.bytes().body(vec![1]);",
        breaks: false,
    },
    Case {
        name: "list_is_joined",
        old: "paths: {/tags: {get: {operationId: tags, parameters: [{name: tags, in: query, schema: {type: array, items: {type: string}}}], responses: {'204': {description: none}}}}}",
        new: "paths: {/tags: {get: {operationId: tags, parameters: [{name: tags, in: query, explode: false, schema: {type: array, items: {type: string}}}], responses: {'204': {description: none}}}}}",
        program: "client.tags().tags([String::new()]);",
        breaks: true,
    },
    Case {
        name: "field_can_be_null",
        old: "schemas: {Patch: {type: object, properties: {a: {type: string}}}}\nsends: Patch",
        new: "schemas: {Patch: {type: object, properties: {a: {type: [string, 'null']}}}}\nsends: Patch",
        program: "let _ = |patch: types::Patch| -> Option<String> { patch.a };",
        breaks: true,
    },
    Case {
        name: "integer_gains_a_constant",
        old: "schemas: {Rank: {enum: [1, 2], x-enum-varnames: [low, high]}}\nsends: Rank",
        new: "schemas: {Rank: {enum: [1, 2, 3], x-enum-varnames: [low, high, top]}}\nsends: Rank",
        program: "let _ = (types::Rank::LOW, types::Rank(7));",
        breaks: false,
    },
    Case {
        name: "integer_loses_a_constant",
        old: "schemas: {Code: {enum: [1, 2]}}\nreceives: Code",
        new: "schemas: {Code: {enum: [1, 3]}}\nreceives: Code",
        program: "let _ = types::Code::VALUE_2;",
        breaks: true,
    },
    Case {
        name: "form_gains_an_optional_part",
        old: "paths: {/up: {post: {operationId: up, requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [file], properties: {file: {type: string, format: binary}}}}}}, responses: {'204': {description: none}}}}}",
        new: "paths: {/up: {post: {operationId: up, requestBody: {content: {multipart/form-data: {schema: {type: object, required: [file], properties: {file: {type: string, format: binary}, note: {type: string}}}}}}, responses: {'204': {description: none}}}}}",
        program: "client.up().body(types::UpForm::new(vec![1]));",
        breaks: false,
    },
    Case {
        name: "form_requires_a_part",
        old: "paths: {/send: {post: {operationId: send_form, requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [file], properties: {file: {type: string, format: binary}, note: {type: string}}}}}}, responses: {'204': {description: none}}}}}",
        new: "paths: {/send: {post: {operationId: send_form, requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [file, note], properties: {file: {type: string, format: binary}, note: {type: string}}}}}}, responses: {'204': {description: none}}}}}",
        program: "let _ = types::SendFormForm::new(vec![1]).note(\"a\");",
        breaks: true,
    },
    Case {
        name: "path_is_reordered",
        old: "paths: {'/at/{x}/{y}': {get: {operationId: at, parameters: [{name: x, in: path, required: true, schema: {type: string}}, {name: y, in: path, required: true, schema: {type: integer}}], responses: {'204': {description: none}}}}}",
        new: "paths: {'/at/{y}/{x}': {get: {operationId: at, parameters: [{name: x, in: path, required: true, schema: {type: string}}, {name: y, in: path, required: true, schema: {type: integer}}], responses: {'204': {description: none}}}}}",
        program: "client.at().x(\"a\").y(1);",
        breaks: false,
    },
];

/// The documents of these fragments as one.
fn document<'a>(fragments: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let mut document = json!({"openapi": "3.1.0", "info": {"title": "Reality", "version": "1"},
        "paths": {}, "components": {"schemas": {}}});
    for (name, fragment) in fragments {
        let fragment = Document::parse(fragment).unwrap().into_value();
        for (key, whole) in [("paths", "/paths"), ("schemas", "/components/schemas")] {
            let parts = fragment[key].as_object().cloned().unwrap_or_default();
            document
                .pointer_mut(whole)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .extend(parts);
        }
        let json = |key: &str| {
            let target = fragment[key].as_str()?;
            let schema = json!({"$ref": format!("#/components/schemas/{target}")});
            Some(json!({"description": "ok", "content": {"application/json": {"schema": schema}}}))
        };
        let mut operation = json!({"operationId": format!("use_{name}"), "responses": {"204": {"description": "none"}}});
        if let Some(body) = json("sends") {
            operation["requestBody"] = body;
            operation["requestBody"]["required"] = json!(true);
        }
        if let Some(response) = json("receives") {
            operation["responses"] = json!({ "200": response });
        }
        document["paths"][format!("/use/{name}")] = json!({ "post": operation });
    }
    document
}

/// The programs that the compiler refuses.
fn refused(folder: &Path) -> BTreeSet<String> {
    let words = [
        "check",
        "--examples",
        "--keep-going",
        "--message-format=json",
    ];
    let output = crates::command(folder, &words).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let mut refused = BTreeSet::new();
    for line in said.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            let target = &message["target"];
            // The crate itself must compile whatever the document says.
            let rendered = message["message"]["rendered"].as_str().unwrap();
            assert_eq!(target["kind"][0], "example", "{rendered}");
            refused.insert(target["name"].as_str().unwrap().to_owned());
        }
    }
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.success(), refused.is_empty(), "{log}");
    refused
}

#[test]
fn the_compiler_agrees() {
    let checkout = Checkout::new();
    let mut breaking = BTreeSet::new();
    for case in CASES {
        for (file, fragment) in [("old.json", case.old), ("new.json", case.new)] {
            let document = document([(case.name, fragment)].into_iter());
            checkout.put(file, document.to_string());
        }
        let words = [
            "spec",
            "diff",
            "old.json",
            "new.json",
            "--fail-on",
            "breaking",
        ];
        let ran = checkout.run(&words);
        let code = Some(i32::from(case.breaks));
        assert_eq!(ran.code, code, "{}: {}{}", case.name, ran.out, ran.err);
        breaking.extend(case.breaks.then(|| case.name.to_owned()));
    }

    let generate = |document: Value| {
        checkout.put("doc.json", document.to_string());
        checkout.ok(&["codegen", "--document", "doc.json", "--out", "api"]);
        for case in CASES {
            let program = format!(
                "#![allow(unused, deprecated)]\nuse reality::{{Client, types}};\n\
                 fn uses(client: &Client) {{\n    {}\n}}\nfn main() {{}}\n",
                case.program
            );
            checkout.put(&format!("api/examples/{}.rs", case.name), program);
        }
        refused(&checkout.path("api"))
    };
    let old = generate(document(CASES.iter().map(|case| (case.name, case.old))));
    assert_eq!(old, BTreeSet::new(), "the programs are right");
    let new = generate(document(CASES.iter().map(|case| (case.name, case.new))));
    assert_eq!(new, breaking);
}
