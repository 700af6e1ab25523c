//! What is no overlay: refused with its place, and with what to do.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "documents are written in place"
)]

use openapi_prep::{Document, Error, Report};
use serde_json::{Value, json};

/// The stage over plain values.
fn apply(document: Value, overlay: &Value, must_match: bool) -> Result<(Value, Report), Error> {
    let read = |value| Document::from_value(value).unwrap();
    openapi_prep::overlay(read(document), &read(overlay.clone()), must_match)
        .map(|(document, report)| (document.into_value(), report))
}

fn overlay(version: &str, actions: Value) -> Value {
    json!({"overlay": version, "info": {"title": "t", "version": "1"}, "actions": actions})
}

#[test]
fn required_names_must_be_properties() {
    let document = json!({
        "a": {"type": "object", "properties": {"id": {}, "required": {"type": "string"}}},
        "b": {"allOf": [{"$ref": "#/a"}]},
        "c": {"type": "object", "required": ["old"], "properties": {"id": {}}},
    });
    let fails = |target: &str, update: Value| {
        let overlay = overlay("1.0.0", json!([{"target": target, "update": update}]));
        apply(document.clone(), &overlay, true)
            .err()
            .map(|error| error.to_string())
    };
    for (target, update) in [
        ("$.a", json!({"required": ["id", "idd"]})),
        ("$", json!({"a": {"required": ["idd"]}})),
        ("$.c.required", json!("idd")),
        (
            "$.a.properties",
            json!({"inner": {"type": "object", "required": ["idd"]}}),
        ),
    ] {
        let error = fails(target, update).unwrap();
        assert!(
            error.contains("requires \"idd\", which is no property"),
            "{error}"
        );
    }
    for (target, update) in [
        ("$.a", json!({"required": ["id"]})),
        ("$.b", json!({"required": ["id"]})),
        ("$.a", json!({"example": {"required": ["x"]}})),
        ("$.c.required", json!("id")),
        (
            "$",
            json!({"parameters": [{"name": "p", "required": true}]}),
        ),
    ] {
        assert_eq!(fails(target, update), None);
    }
    let later = overlay(
        "1.0.0",
        json!([
            {"target": "$.a", "update": {"required": ["new"]}},
            {"target": "$.a.properties", "update": {"new": {}}},
        ]),
    );
    assert!(apply(document.clone(), &later, true).is_ok());
}

#[test]
fn what_is_no_overlay_is_refused_by_name() {
    let update = json!([{"target": "$", "update": {}}]);
    let with = |action: Value| overlay("1.1.0", json!([{"target": "$.a", "update": {}}, action]));
    let cases = [
        (json!({"openapi": "3.1.0"}), "this is no overlay"),
        (json!([]), "this is no overlay"),
        (
            overlay("2.0.0", update.clone()),
            "at /overlay: Overlay version \"2.0.0\"",
        ),
        (overlay("1.2.0", update.clone()), "\"1.2.0\" is not one"),
        (
            json!({"overlay": 1.0, "info": {"title": "t", "version": "1"}, "actions": update}),
            "Overlay version 1.0 is not one",
        ),
        (
            json!({"overlay": "1.0.0", "actions": update}),
            "at the root: the overlay has another form here: missing field `info`",
        ),
        (
            json!({"overlay": "1.1.0", "info": {"title": "t", "version": "1"}}),
            "missing field `actions`",
        ),
        (
            overlay("1.0.0", json!({})),
            "invalid type: map, expected a sequence",
        ),
        (
            with(json!({"update": {}})),
            "at /actions/1: the overlay has another form here: missing field `target`",
        ),
        (
            with(json!(1)),
            "at /actions/1: the overlay has another form here: invalid type: integer `1`",
        ),
        (
            with(json!({"target": "$.a"})),
            "at /actions/1: actions[1] (target $.a) does nothing",
        ),
        (
            with(json!({"target": "$.a", "remove": false})),
            "does nothing",
        ),
        (
            with(json!({"target": "$.a", "updates": {}})),
            "at /actions/1: the overlay has another form here: unknown field `updates`",
        ),
        (
            with(json!({"target": "$.a", "update": 1, "copy": "$"})),
            "has both `update` and `copy`",
        ),
        (
            with(json!({"target": "a.b", "update": {}})),
            "actions[1] (target a.b) has a `target` that is no JSONPath",
        ),
        (
            with(json!({"target": "", "remove": true})),
            "is no JSONPath",
        ),
        (
            with(json!({"target": "$", "remove": true})),
            "would remove the whole document",
        ),
        (
            with(json!({"target": "$.a", "remove": "yes"})),
            "invalid type: string \"yes\", expected a boolean",
        ),
        (
            with(json!({"target": 1, "remove": true})),
            "invalid type: integer `1`, expected a string",
        ),
        (
            json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": update,
                "extend": "x"}),
            "unknown field `extend`",
        ),
    ];
    for (overlay, wanted) in cases {
        let error = apply(json!({"a": {}}), &overlay, true)
            .unwrap_err()
            .to_string();
        assert!(error.contains(wanted), "{overlay}\n{error}");
        assert!(error.ends_with(')'), "says what to do: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn hints_for_what_is_not_there_make_nothing() {
    let document = json!({"paths": {"/a": {"get": {}}}});
    let update = json!({"/a": {"get": {"x-page": true}}, "/b": {"get": {"x-page": true}}});
    let overlay = overlay("1.0.0", json!([{"target": "$.paths", "update": update}]));
    let error = apply(document.clone(), &overlay, true).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("hints for what is not there: /paths/~1b"),
        "{error}"
    );
    // An earlier version of a document need not have what the overlay is for.
    let (corrected, _) = apply(document, &overlay, false).unwrap();
    assert_eq!(
        corrected,
        json!({"paths": {"/a": {"get": {"x-page": true}}}})
    );
}
