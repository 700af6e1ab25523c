//! What operations are called, and which names are refused.

use openapi_prep::{Document, Names, prepare};
use serde_json::json;

use super::*;

/// An operation that returns an array or an object.
fn operation(path: &str, id: &str, list: bool, hints: &Value) -> Value {
    let schema = if list {
        json!({"type": "array", "items": {"type": "string"}})
    } else {
        json!({"type": "object", "properties": {"id": {"type": "string"}}})
    };
    let names = path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next());
    let mut parameters: Vec<Value> = names
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    parameters.push(json!({"name": "full", "in": "query", "schema": {"type": "boolean"}}));
    let mut operation = json!({"operationId": id, "parameters": parameters, "responses": {"200": {
        "description": "ok", "content": {"application/json": {"schema": schema}},
    }}});
    for (key, value) in hints.as_object().into_iter().flatten() {
        operation[key] = value.clone();
    }
    operation
}

/// Names the operations, each of which is method, path, whether it returns a
/// list, and hints; gives calls and queries.
fn names(
    operations: &[(&str, &str, bool, Value)],
    ledger: &Ledger,
) -> Result<Vec<(String, String)>, String> {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": {"ListVideos": {"type": "string"}}},
    });
    for (index, (method, path, list, hints)) in operations.iter().enumerate() {
        document["paths"][path][method] = operation(path, &format!("o{index}"), *list, hints);
    }
    let typed = json!({"description": "ok", "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/ListVideos"}}}});
    document["paths"]["/v3/typed"] =
        json!({"head": {"operationId": "typed", "responses": {"200": typed}}});
    let document = Document::from_value(document).unwrap();
    let api = prepare(document, &mut Names::new()).unwrap().api;
    let all = assign(&api, "v3", ledger).map_err(|e| e.to_string())?;
    let named = all.iter().filter(|named| named.operation.id != "typed");
    Ok(named
        .map(|named| (named.call(), named.query.clone().unwrap()))
        .collect())
}

#[test]
fn rule_gives_handles_method_and_query() {
    let none = || Value::Null;
    let given = [
        ("get", "/v3/voices", true, none()),
        ("get", "/v3/voices/{voice_id}", false, none()),
        ("post", "/v3/voices", false, none()),
        ("delete", "/v3/voices/{voice_id}", false, none()),
        ("get", "/v3/avatars/looks", true, none()),
        ("patch", "/v3/avatars/looks/{look_id}", false, none()),
        (
            "post",
            "/v3/webhooks/endpoints/{id}/rotate-secret",
            false,
            none(),
        ),
        ("get", "/v3/video-agents/{id}/videos", true, none()),
        ("get", "/v3/users/me", false, none()),
    ];
    let wanted = [
        ("voices().list", "ListVoices"),
        ("voices().create", "CreateVoices"),
        ("voices().get", "GetVoice"),
        ("voices().delete", "DeleteVoice"),
        ("avatars().looks().list", "ListAvatarLooks"),
        ("avatars().looks().update", "UpdateAvatarLook"),
        (
            "webhooks().endpoints().rotate_secret",
            "RotateSecretWebhookEndpoints",
        ),
        ("video_agents().videos().list", "ListVideoAgentVideos"),
        ("users().me().get", "GetUserMe"),
    ];
    let mut named = names(&given, &Ledger::default()).unwrap();
    named.sort();
    let mut wanted = wanted.map(|(call, query)| (call.to_owned(), query.to_owned()));
    wanted.sort();
    assert_eq!(named, wanted);
}

#[test]
fn hints_come_before_the_ledger_and_that_before_the_rule() {
    let hints = json!({"x-resource": ["agents"], "x-method": "send", "x-query": "Sending"});
    let given = |hints: Value| [("post", "/v3/video-agents/{id}", false, hints)];
    let mut file = json!({
        "methods": {"POST /v3/video-agents/{id}": "old.make"},
        "queries": {"POST /v3/video-agents/{id}": "OldMake"},
    });
    let ledger = Ledger::take_from(&mut file).unwrap();
    let of = |hints: Value, ledger: &Ledger| names(&given(hints), ledger).unwrap().remove(0);
    let pair = |call: &str, query: &str| (call.to_owned(), query.to_owned());
    assert_eq!(of(hints, &ledger), pair("agents().send", "Sending"));
    assert_eq!(of(Value::Null, &ledger), pair("old().make", "OldMake"));
    let rule = of(Value::Null, &Ledger::default());
    assert_eq!(rule, pair("video_agents().create", "CreateVideoAgent"));
}

#[test]
fn clashes_name_the_hint_to_set() {
    let query = json!({"x-query": "VideoBatches"});
    for (given, wanted) in [
        (
            vec![
                ("get", "/v3/videos/{id}", false, Value::Null),
                ("get", "/v3/videos", false, Value::Null),
            ],
            ["would both be `videos().get`", "`x-method`"],
        ),
        (
            vec![
                ("post", "/v3/videos/batches", false, Value::Null),
                ("get", "/v3/videos", false, json!({"x-method": "batches"})),
            ],
            ["would both be `videos().batches`", "`x-method`"],
        ),
        (
            vec![("post", "/v3/voices/clone", false, Value::Null)],
            ["`clone` is a reserved name", "`x-method`"],
        ),
        (
            vec![("get", "/v3/move", false, Value::Null)],
            ["`move_` is no name of a method", "`x-resource`"],
        ),
        (
            vec![("get", "/v3/videos", true, Value::Null)],
            ["would both be `ListVideos`", "`x-query`"],
        ),
        (
            vec![
                ("get", "/v3/list/videos", false, Value::Null),
                ("get", "/v3/list-videos", false, Value::Null),
            ],
            ["would both be `ListVideos`", "`x-resource`"],
        ),
        (
            vec![("get", "/v3/videos/batches", false, query)],
            ["would both be `VideoBatches`", "`x-query`"],
        ),
        (
            vec![("get", "/v3/{id}", false, Value::Null)],
            ["names no resource", "`x-resource`"],
        ),
    ] {
        let error = names(&given, &Ledger::default()).unwrap_err();
        for text in wanted
            .into_iter()
            .chain(["at /paths/~1v3~1", "overlay.yaml"])
        {
            assert!(error.contains(text), "{text} in {error}");
        }
    }
}

#[test]
fn all_clashes_are_listed() {
    let given = [
        ("get", "/v3/{id}", false, Value::Null),
        ("post", "/v3/voices/clone", false, Value::Null),
        ("get", "/v3/videos", true, Value::Null),
    ];
    let error = names(&given, &Ledger::default()).unwrap_err();
    for text in [
        "names no resource",
        "`clone` is",
        "would both be `ListVideos`",
    ] {
        assert!(error.contains(text), "{text} in {error}");
    }
}

#[test]
fn malformed_hints_are_refused() {
    for (hint, value) in [
        ("x-resource", json!("avatars")),
        ("x-resource", json!([])),
        ("x-resource", json!([1])),
        ("x-resource", json!(["Avatars"])),
        ("x-method", json!("get-it")),
        ("x-method", json!("type")),
        ("x-method", json!(true)),
        ("x-query", json!("listVideos")),
    ] {
        let given = [("get", "/v3/videos/{id}", false, json!({hint: value}))];
        assert!(names(&given, &Ledger::default()).is_err(), "{given:?}");
    }
}
