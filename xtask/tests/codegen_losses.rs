//! Losses of our own documents: `codegen` prints them, and fails for those that
//! the overlay does not accept.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "made in the call")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod common;

use common::Checkout;
use serde_json::{Value, json};

const REPORT: &str = "openapi/v1/report.json";

/// A checkout with one document.
fn checkout(document: &Value) -> Checkout {
    let checkout = Checkout::new();
    let manifest = "[package]\nname = \"a\"\n";
    checkout.put("crates/heygen-api-gen/Cargo.toml", manifest);
    checkout.put("openapi/v1/heygen.json", document.to_string());
    checkout
}

/// A document of one operation with these entries, and of these schemas.
fn document(operation: Value, schemas: Value) -> Value {
    let mut whole = json!({"operationId": "getA", "responses": {"204": {"description": "done"}}});
    for (key, value) in operation.as_object().unwrap() {
        whole[key] = value.clone();
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "paths": {"/things": {"post": whole}},
        "components": {"schemas": schemas},
    })
}

fn overlay(acceptances: &Value) -> String {
    json!({
        "overlay": "1.0.0",
        "info": {"title": "a", "version": "1"},
        "actions": [],
        "x-accepted-losses": acceptances,
    })
    .to_string()
}

/// A response of this schema.
fn response(schema: Value) -> Value {
    json!({"200": {"description": "a", "content": {"application/json": {"schema": schema}}}})
}

/// A request body of this schema.
fn body(media: &str, schema: Value) -> Value {
    json!({"content": {media: {"schema": schema}}})
}

/// One document for each kind of loss that has to be accepted: its name, the
/// document, pointer and rule.
fn cases() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let none = json!({});
    let text = json!({"type": "string"});
    let callbacks = json!({"done": {"{$request.body#/url}": {"post": {"responses": {}}}}});
    let mut two_bodies = body("application/json", text.clone());
    two_bodies["content"]["text/csv"] = json!({"schema": text});
    let mut form = body(
        "application/x-www-form-urlencoded",
        json!({"type": "object", "properties": {"a": text}}),
    );
    form["content"]["application/x-www-form-urlencoded"]["encoding"] =
        json!({"a": {"style": "pipeDelimited"}});
    let mut two_responses = response(text.clone());
    two_responses["201"] = response(json!({"type": "integer"}))["200"].clone();
    let reference = response(json!({"$ref": "#/components/schemas/A"}));
    let object = |properties: Value| json!({"A": {"type": "object", "properties": properties}});
    vec![
        (
            "operation",
            document(json!({"callbacks": callbacks}), none.clone()),
            "/paths/~1things/post/callbacks",
            "other-operations",
        ),
        (
            "parameter",
            document(
                json!({"parameters": [{"name": "c", "in": "cookie", "schema": text}]}),
                none.clone(),
            ),
            "/paths/~1things/post/parameters/0",
            "sent-parameters",
        ),
        (
            "body",
            document(json!({"requestBody": two_bodies}), none.clone()),
            "/paths/~1things/post/requestBody/content/text~1csv",
            "bodies",
        ),
        (
            "part",
            document(json!({"requestBody": form}), none.clone()),
            "/paths/~1things/post/requestBody/content/application~1x-www-form-urlencoded/encoding/a/style",
            "bodies",
        ),
        (
            "response",
            document(json!({"responses": two_responses}), none.clone()),
            "/paths/~1things/post/responses/201",
            "one-success",
        ),
        (
            "field",
            document(
                json!({"parameters": [{"name": "a", "in": "query", "schema":
                    {"type": "object", "properties": {"b": text}, "additionalProperties": text}}]}),
                none.clone(),
            ),
            "/paths/~1things/post/parameters/0/schema/additionalProperties",
            "parameter-styles",
        ),
        (
            "variant",
            document(
                json!({"responses": reference}),
                json!({"A": {"oneOf": [{"type": "string"}, {"type": "integer"}],
                    "discriminator": {"propertyName": "kind"}}}),
            ),
            "/components/schemas/A",
            "tags",
        ),
        (
            "enum_value",
            document(
                json!({"responses": reference}),
                object(json!({"a": {"enum": ["b", 1]}})),
            ),
            "/components/schemas/A/properties/a",
            "enums",
        ),
        (
            "type",
            document(
                json!({"responses": reference}),
                object(json!({"a": {"$ref": "#/components/schemas/None"}})),
            ),
            "/components/schemas/A/properties/a",
            "references",
        ),
    ]
}

#[test]
fn losses_fail_until_the_overlay_accepts_them() {
    for (kind, document, pointer, rule) in cases() {
        let checkout = checkout(&document);
        let ran = checkout.run(&["codegen"]);
        assert_eq!(ran.code, Some(1), "{kind}: {}{}", ran.out, ran.err);
        let stage = if rule == "references" {
            "repair"
        } else {
            "normalise"
        };
        for wanted in [
            "openapi/v1/overlay.yaml: 1 loss is not accepted",
            &format!("  - {pointer} ({stage} {rule}): "),
            &format!(
                "x-accepted-losses:\n  - pointer: \"{pointer}\"\n    rule: {rule}\n    reason: ..."
            ),
        ] {
            assert!(ran.err.contains(wanted), "{kind}: {wanted}\n{}", ran.err);
        }
        assert!(
            !checkout.path(REPORT).exists(),
            "{kind}: nothing is written"
        );

        let accepted = json!([{"pointer": pointer, "rule": rule, "reason": "By hand."}]);
        checkout.put("openapi/v1/overlay.yaml", overlay(&accepted));
        let ran = checkout.run(&["codegen"]);
        assert_eq!(ran.code, Some(0), "{kind}: {}", ran.err);
        let line = format!("openapi/v1: lost: {pointer} ({stage} {rule}): ");
        assert!(ran.err.contains(&line), "{kind}: {}", ran.err);
        assert!(
            ran.err.contains("(accepted: By hand.)"),
            "{kind}: {}",
            ran.err
        );
        let report: Value = serde_json::from_str(&checkout.read(REPORT)).unwrap();
        let entries = report.as_array().unwrap();
        assert!(
            entries
                .iter()
                .any(|e| e["pointer"] == pointer && e["rule"] == rule && e["subject"] == kind),
            "{kind}: {report:#}"
        );
    }
}

#[test]
fn constraints_annotations_and_headers_are_listed_only() {
    let responses = json!({"204": {
        "description": "done",
        "headers": {"X": {"$ref": "#/components/headers/None"}},
    }});
    let schema =
        json!({"A": {"type": "object", "if": {"required": ["b"]}, "examples": [{}, {"b": 1}]}});
    let request = body(
        "application/json",
        json!({"$ref": "#/components/schemas/A"}),
    );
    let checkout = checkout(&document(
        json!({"responses": responses, "requestBody": request}),
        schema,
    ));
    let ran = checkout.run(&["codegen"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for wanted in [
        "/components/schemas/A/if (",
        "/components/schemas/A/examples (",
        "/responses/204/headers/X (",
    ] {
        assert!(ran.err.contains(wanted), "{wanted}: {}", ran.err);
    }
}

#[test]
fn acceptances_match_a_loss_and_give_a_reason() {
    let (_, lossy, pointer, rule) = cases().remove(0);
    let good = json!({"pointer": pointer, "rule": rule, "reason": "By hand."});
    let with = |key: &str, value: Value| {
        let mut other = good.clone();
        other[key] = value;
        other
    };
    let rule_error = "at /x-accepted-losses/1: accepts the loss of /paths/~1things/post/callbacks by sent-parameters, which is not lost";
    for (acceptances, wanted) in [
        (
            json!([good, with("rule", json!("sent-parameters"))]),
            rule_error,
        ),
        (json!([with("reason", json!(" "))]), "`reason` is empty"),
        (
            json!([with("pointer", json!(null))]),
            "invalid type: null, expected a string",
        ),
        (
            json!([with("resaon", json!("a"))]),
            "unknown field `resaon`",
        ),
        (
            json!([good, with("reason", json!("Other."))]),
            "accepted twice",
        ),
        (json!({}), "are not a list"),
    ] {
        let checkout = checkout(&lossy);
        checkout.put("openapi/v1/overlay.yaml", overlay(&acceptances));
        let error = checkout.fails(&["codegen"]);
        assert!(error.contains(wanted), "{wanted}: {error}");
        assert!(error.contains("openapi/v1/overlay.yaml: "), "{error}");
    }
    let lossless = document(json!({}), json!({}));
    let checkout = checkout(&lossless);
    checkout.put("openapi/v1/overlay.yaml", overlay(&json!([good])));
    let error = checkout.fails(&["codegen"]);
    assert!(error.contains("which is not lost (delete it"), "{error}");
}

#[test]
fn an_action_that_removes_gives_its_reason() {
    let (_, lossy, _, _) = cases().remove(0);
    let checkout = checkout(&lossy);
    let with = |action: Value| {
        json!({"overlay": "1.0.0", "info": {"title": "a", "version": "1"}, "actions": [action]})
            .to_string()
    };
    let action = json!({"target": "$.paths['/things'].post", "remove": true});
    checkout.put("openapi/v1/overlay.yaml", with(action.clone()));
    let error = checkout.fails(&["codegen"]);
    assert!(
        error.contains("actions[0] removes $.paths['/things'].post and does not say why"),
        "{error}"
    );
    let mut action = action;
    action["description"] = json!("Retired in May.");
    checkout.put("openapi/v1/overlay.yaml", with(action));
    let ran = checkout.run(&["codegen"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err
            .contains("lost: /paths/~1things/post (overlay remove): Retired in May."),
        "{}",
        ran.err
    );
}
