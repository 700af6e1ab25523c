//! Names once given are kept: a document that grows, before what it had, after
//! it and within it, renames nothing. The ledger goes through its file in
//! between.

mod common;

use openapi_prep::{Document, Names, PrepareOptions, normalise, repair};
use serde_json::{Map, Value, json};

/// Normalises with a ledger as it stands in a file; gives it back as such.
fn run(document: &Value, ledger: &Value) -> (Value, Map<String, Value>) {
    let mut names = Names::from_json(ledger).expect("a ledger");
    let document = Document::from_value(document.clone()).expect("a document");
    let (document, _) = repair(document).expect("a document");
    let (normal, _) = normalise(document, &mut names, PrepareOptions::new()).expect("a document");
    let normal = normal.into_value();
    let Value::Object(ledger) = names.to_json() else {
        panic!("a ledger is an object")
    };
    (normal, ledger)
}

/// Holds a ledger against the one before.
fn kept(name: &str, before: &Map<String, Value>, after: &Map<String, Value>) {
    for (place, given) in before {
        assert_eq!(after.get(place), Some(given), "{name}: {place}");
    }
}

/// What the answers of operations refer to, by operation.
fn answers(document: &Value) -> Map<String, Value> {
    let paths = document["paths"].as_object().expect("paths");
    let mut all = Map::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(answers) = operation.get("responses") {
                all.insert(format!("{method} {path}"), answers.clone());
            }
        }
    }
    all
}

fn answer(schema: &Value) -> Value {
    json!({"200": {"description": "a", "content": {"application/json": {"schema": schema}}}})
}

fn base() -> Value {
    let status = json!({"type": "string", "enum": ["open", "done"]});
    json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/orders": {"get": {"operationId": "list-orders", "responses": answer(&json!({
            "type": "object", "properties": {
                "data": {"type": "array", "items": {"type": "object", "properties": {
                    "status": status, "customer": {"$ref": "#/components/schemas/customer"}}}},
                "failure": {"title": "Failed charge", "type": "object", "properties": {"code": {"type": "string"}}},
            },
        }))}}},
        "components": {"schemas": {
            "customer": {"type": "object", "properties": {"address": {"type": "object", "properties": {"city": {"type": "string"}}}}},
        }},
    })
}

#[test]
fn what_is_added_takes_no_name() {
    let mut document = base();
    let (normal, mut ledger) = run(&document, &json!({}));
    let old = answers(&normal);
    let old_schemas = normal["components"]["schemas"].as_object().unwrap().clone();

    // Each wants a name that something has, or is what something is.
    let rival = json!({"type": "object", "title": "Failed charge", "properties": {
        "status": {"type": "string", "enum": ["open", "done"]},
        "address": {"type": "object", "properties": {"street": {"type": "string"}}},
    }});
    let grown: [fn(&mut Value, &Value); 5] = [
        |document, rival| {
            document["paths"]["/orders"]["get"]["responses"]["200"]["content"]["application/json"]
                ["schema"]["properties"]
                .as_object_mut()
                .unwrap()
                .shift_insert(0, "newest".into(), rival.clone());
        },
        |document, rival| {
            let paths = document["paths"].as_object_mut().unwrap();
            let operation = json!({"operationId": "a-first", "responses": answer(rival)});
            paths.shift_insert(0, "/0".into(), json!({"get": operation}));
        },
        |document, rival| {
            let operation = json!({"operationId": "z-last", "responses": answer(rival)});
            document["paths"]["/z"] = json!({"get": operation});
        },
        |document, rival| {
            let schemas = document["components"]["schemas"].as_object_mut().unwrap();
            schemas.shift_insert(0, "Customer".into(), rival.clone());
            schemas.shift_insert(0, "ListOrdersData".into(), rival.clone());
            schemas.insert("FailedCharge".into(), rival.clone());
            let all = ["Customer", "ListOrdersData", "FailedCharge"];
            let all = all.map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
            let operation = json!({"operationId": "rivals", "responses": answer(&json!({
                "type": "object", "properties": {"a": all[0], "b": all[1], "c": all[2]}}))});
            document["paths"]["/rivals"] = json!({"get": operation});
        },
        |document, _| {
            // One of two parts that were equal.
            document["paths"]["/z"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
                ["properties"]["status"]["enum"] = json!(["open", "closed"]);
        },
    ];
    for (index, grow) in grown.iter().enumerate() {
        grow(&mut document, &rival);
        let (normal, now) = run(&document, &Value::Object(ledger.clone()));
        kept(&format!("step {index}"), &ledger, &now);
        let answers = answers(&normal);
        for (operation, answer) in &old {
            assert_eq!(&answers[operation], answer, "step {index}");
        }
        for (name, schema) in &old_schemas {
            let now = &normal["components"]["schemas"][name];
            let properties = schema["properties"].as_object().into_iter().flatten();
            for (property, schema) in properties {
                assert_eq!(&now["properties"][property], schema, "step {index}: {name}");
            }
        }
        ledger = now;
    }
}

/// A type is renamed by nobody but its own document: not by an equal one that
/// comes to differ, nor by what is gone.
#[test]
fn what_changes_or_goes_renames_nothing_else() {
    let document = |first: &str, second: &str, values: &Value| {
        let operation = |id: &str, values: &Value| {
            let schema = json!({"type": "object", "properties": {
                "data": {"type": "object", "x-schema-name": format!("{id} Details"), "properties": {
                    "state": {"type": "string", "enum": values}}},
            }});
            json!({"get": {"operationId": format!("get-{id}"), "responses": answer(&schema)}})
        };
        json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "paths": {"/a": operation(first, &json!(["on", "off"])), "/b": operation(second, values)},
        })
    };
    let values = json!(["on", "off"]);
    let (_, ledger) = run(&document("a", "b", &values), &json!({}));
    let (_, grown) = run(
        &document("a", "b", &json!(["on", "off", "out"])),
        &ledger.clone().into(),
    );
    assert_eq!(ledger, grown);

    // The names of an operation that is gone are free: for another one too.
    let mut renamed = document("a", "b", &values);
    renamed["paths"]["/a"]["get"]["operationId"] = json!("fetch-a");
    let (_, after) = run(&renamed, &ledger.clone().into());
    assert_eq!(after["FetchAResponse.data"], "ADetails");
    let kept: Vec<_> = after
        .keys()
        .filter(|place| ledger.contains_key(*place))
        .collect();
    assert_eq!(
        kept,
        [
            "ADetails.state",
            "BDetails.state",
            "GetBResponse.data",
            "get-b:response"
        ]
    );
    let (_, again) = run(&document("a", "b", &values), &after.into());
    assert_eq!(again, ledger);
}

/// Each document of this repository, first with half of its operations.
#[test]
fn documents_that_grow_keep_their_names() {
    let mut grown = 0;
    for (name, document) in common::documents() {
        let mut half = document.clone();
        let Some(Value::Object(paths)) = half.get_mut("paths") else {
            continue;
        };
        if paths.len() < 4 {
            continue;
        }
        let mut keep = false;
        paths.retain(|_, _| {
            keep = !keep;
            !keep
        });
        let (before, ledger) = run(&half, &json!({}));
        let (after, now) = run(&document, &Value::Object(ledger.clone()));
        kept(&name, &ledger, &now);
        let all = answers(&after);
        for (operation, answer) in answers(&before) {
            assert_eq!(all[&operation], answer, "{name}: {operation}");
        }
        grown += 1;
    }
    assert!(grown > 0);
}
