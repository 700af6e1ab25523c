//! `cargo xtask spec diff`, whole: documents in, reports and exit codes out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod common;

use common::Checkout;
use serde_json::Value;

/// Reads text as a JSON value.
fn parse(text: &str) -> Result<Value, openapi_prep::Error> {
    openapi_prep::Document::parse(text).map(openapi_prep::Document::into_value)
}

const OLD: &str = r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
    "/a": {"get": {"operationId": "getA", "responses": {"200": {"description": "ok"}}}},
    "/b": {"get": {"operationId": "getB", "responses": {"200": {"description": "ok"}}}}
}}"#;
const LESS: &str = "openapi: 3.0.3\ninfo: {title: t, version: \"1\"}\npaths:\n  /a:\n    get:\n      operationId: getA\n      responses:\n        200: {description: ok}\n";

fn checkout() -> Checkout {
    let checkout = Checkout::new();
    checkout.put("old.json", OLD);
    checkout.put("less.yaml", LESS);
    checkout
}

#[test]
fn different_documents_are_reported_with_exit_code_0() {
    let checkout = checkout();
    let ran = checkout.run(&["spec", "diff", "old.json", "less.yaml"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(
        ran.out,
        "\
1 breaking, 0 additive, 0 cosmetic

BREAKING
- The method `get_b` is gone. (`GET /b`)
  operation-removed /paths/~1b/get (old)
"
    );
    let ran = checkout.run(&["spec", "diff", "less.yaml", "old.json"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.starts_with("0 breaking, 1 additive, 0 cosmetic\n"));
}

#[test]
fn fail_on_breaking_fails_on_breaking_changes_only() {
    let checkout = checkout();
    let ran = checkout.run(&[
        "spec",
        "diff",
        "old.json",
        "less.yaml",
        "--fail-on",
        "breaking",
    ]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("operation-removed"), "{}", ran.out);
    assert_eq!(
        ran.err,
        "error: less.yaml: 1 breaking change (see the report; without --fail-on this is no error)\n"
    );
    let ran = checkout.run(&[
        "spec",
        "diff",
        "less.yaml",
        "old.json",
        "--fail-on",
        "breaking",
    ]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn the_other_forms_are_json_and_markdown() {
    let checkout = checkout();
    let json = checkout.ok(&["spec", "diff", "old.json", "less.yaml", "--format", "json"]);
    let json = parse(&json).unwrap();
    assert_eq!(json["format"], 2);
    assert_eq!(json["counts"]["breaking"], 1);
    assert_eq!(json["changes"][0]["kind"], "operation-removed");
    let markdown = checkout.ok(&[
        "spec",
        "diff",
        "old.json",
        "less.yaml",
        "--format",
        "markdown",
    ]);
    assert!(markdown.starts_with("**1 breaking, 0 additive, 0 cosmetic**\n\n### Breaking\n"));
}

#[test]
fn the_same_document_twice_has_no_differences() {
    let checkout = checkout();
    let said = checkout.ok(&[
        "spec",
        "diff",
        "old.json",
        "old.json",
        "--fail-on",
        "breaking",
    ]);
    assert!(said.starts_with("No differences"), "{said}");
}

#[test]
fn overlay_and_names_of_a_folder_apply_to_both_documents() {
    let checkout = checkout();
    let document = |schema: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: getA\n      \
                 responses:\n        200: {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}\n"
        )
    };
    checkout.put(
        "old.yaml",
        document("{type: object, properties: {a: {type: string}}}"),
    );
    checkout.put(
        "api/heygen.json",
        document("{type: object, properties: {a: {type: string}, b: {type: string}}}"),
    );
    checkout.put("api/names.json", "{\"getA:response\": \"Named\"}");
    checkout.put(
        "api/overlay.yaml",
        "overlay: 1.0.0\ninfo: {title: c, version: '1'}\nactions:\n  \
        - {target: \"$.paths['/a'].get\", description: Because., update: {operationId: getB}}\n  \
        - {target: \"$.paths['/gone']\", description: Matches nothing., remove: true}\n",
    );
    let text = checkout.ok(&["spec", "diff", "old.yaml", "api"]);
    assert!(
        text.starts_with("0 breaking, 1 additive, 0 cosmetic\n"),
        "{text}"
    );
    assert!(text.contains("GetBResponse.b"), "{text}");
    checkout.put(
        "api/overlay.yaml",
        "overlay: 1.0.0\ninfo: {title: c, version: '1'}\nactions:\n  \
        - {target: $.info, description: Because., update: {title: u}}\n",
    );
    let text = checkout.ok(&["spec", "diff", "old.yaml", "api"]);
    assert!(text.contains("`Named.b` is new."), "{text}");
    let text = checkout.ok(&["spec", "diff", "api", "api"]);
    assert!(text.starts_with("No differences"), "{text}");
}

#[test]
fn unreadable_documents_are_errors_with_their_names() {
    let checkout = checkout();
    checkout.put("swagger.json", r#"{"swagger": "2.0", "paths": {}}"#);
    checkout.put("broken.json", "{\"openapi\": ");
    checkout.put("list.json", "[1]");
    for (file, said) in [
        ("nowhere.json", "cannot be read"),
        ("swagger.json", "a Swagger document"),
        ("broken.json", "not readable as"),
        ("list.json", "holds no OpenAPI document"),
    ] {
        let ran = checkout.run(&["spec", "diff", "old.json", file]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{file}");
        assert!(
            ran.err.starts_with(&format!("error: {file}: ")),
            "{}",
            ran.err
        );
        assert!(ran.err.contains(said), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
    let ran = checkout.run(&["spec", "diff", "nowhere.json", "swagger.json"]);
    assert_eq!(ran.err.lines().count(), 2, "both are named: {}", ran.err);
}

#[test]
fn wrong_arguments_are_usage_errors_and_help_has_examples() {
    let checkout = checkout();
    for wrong in [
        &["spec", "diff", "old.json"][..],
        &["spec", "diff", "old.json", "less.yaml", "--format", "html"],
        &[
            "spec",
            "diff",
            "old.json",
            "less.yaml",
            "--fail-on",
            "cosmetic",
        ],
    ] {
        assert_eq!(checkout.run(wrong).code, Some(2), "{wrong:?}");
    }
    let help = checkout.ok(&["spec", "diff", "--help"]);
    assert!(help.contains("cargo xtask spec diff old.json openapi/v3"));
}
