//! Names once given are kept: a document that grows, before what it had, after
//! it and within it, renames nothing. The ledger goes through its file in
//! between.

mod common;

use openapi_prep::{Document, Names, normalise, repair};
use serde_json::{Map, Value, json};

/// Normalises with a ledger as it stands in a file; gives it back as such.
fn run(document: &Value, ledger: &Value) -> (Value, Map<String, Value>) {
    let mut names = Names::from_json(ledger).expect("a ledger");
    let document = Document::from_value(document.clone()).expect("a document");
    let (document, _) = repair(document).expect("a document");
    let (normal, _) = normalise(document, &mut names).expect("a document");
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
            // A part that two shared is no longer the same.
            document["paths"]["/z"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
                ["properties"]["status"]["enum"] = json!(["open", "closed"]);
        },
    ];
    for (index, grow) in grown.iter().enumerate() {
        grow(&mut document, &rival);
        let (normal, now) = run(&document, &Value::Object(ledger.clone()));
        kept(
            &format!("step {index}"),
            &ledger,
            &now_without_apart(index, &ledger, now.clone()),
        );
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

/// In the last step one of two places that shared a name has to give it up: the
/// one that changed.
fn now_without_apart(
    index: usize,
    before: &Map<String, Value>,
    mut now: Map<String, Value>,
) -> Map<String, Value> {
    if index == 4 {
        let changed: Vec<_> = before
            .iter()
            .filter(|(k, v)| now.get(*k) != Some(*v))
            .collect();
        assert_eq!(changed.len(), 1, "{changed:?}");
        let (place, name) = changed[0];
        assert!(before.values().filter(|other| *other == name).count() > 1);
        now.insert(place.clone(), name.clone());
    }
    now
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
