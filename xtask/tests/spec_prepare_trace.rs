//! `cargo xtask spec prepare --trace`: what each rule does to one node.

#[allow(dead_code, reason = "other tests use the rest of it")]
mod common;

use common::Checkout;

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    get:
      operationId: getA
      responses:
        "200":
          description: a
          content:
            application/json:
              schema:
                type: object
                properties:
                  size: {type: [integer, "null"], minimum: 1}
                  gone: false
  /b: {get: {operationId: getB, parameters: [{$ref: "#/components/parameters/P"}], responses: {"204": {description: b}}}}
components:
  parameters:
    P: {name: p, in: query, schema: {type: integer, default: 3}}
    Unused: {name: unused, in: query, schema: {type: string}}
"##;

const SCHEMA: &str = "/paths/~1a/get/responses/200/content/application~1json/schema";

/// The headings of a trace: stage, rule and location.
fn trace(pointer: &str) -> (Vec<String>, String) {
    let checkout = Checkout::new();
    checkout.put("api.yaml", DOCUMENT);
    let printed = checkout.ok(&["spec", "prepare", "api.yaml", "--trace", pointer]);
    let headings = printed.lines().filter_map(|line| line.strip_prefix("# "));
    (headings.map(str::to_owned).collect(), printed)
}

#[test]
fn a_node_is_followed_to_the_schema_that_it_becomes_part_of() {
    let (headings, printed) = trace(&format!("{SCHEMA}/properties/size"));
    let given = format!("{SCHEMA}/properties/size");
    let named = "/components/schemas/GetAResponse/properties/size";
    assert_eq!(
        headings,
        [
            format!("given document: {given}"),
            format!("normalise bounds: {given}"),
            format!("normalise schema-names: {given}"),
            format!("normalise schema-names: {named}"),
            format!("lower nullable: {named}"),
        ]
    );
    assert!(printed.contains("removed\n"), "{printed}");
    assert!(printed.trim_end().ends_with('}'), "{printed}");
}

#[test]
fn a_pointer_into_the_prepared_document_is_traced_back() {
    let (given, _) = trace(&format!("{SCHEMA}/properties/size"));
    let (prepared, _) = trace("/components/schemas/GetAResponse/properties/size");
    assert_eq!(given, prepared);
}

#[test]
fn each_rule_of_a_walk_that_changes_what_is_inside_a_node_is_a_step() {
    let (headings, _) = trace(SCHEMA);
    for rule in ["bounds", "negations"] {
        let heading = format!("normalise {rule}: {SCHEMA}");
        assert!(headings.contains(&heading), "{rule}: {headings:?}");
    }
}

#[test]
fn a_scalar_is_followed_too() {
    let (headings, printed) = trace("/components/parameters/P/schema/default");
    assert_eq!(
        headings[0],
        "given document: /components/parameters/P/schema/default"
    );
    assert!(printed.contains("\n3\n"), "{printed}");
}

#[test]
fn a_shared_component_is_followed_to_where_it_is_used() {
    let (headings, _) = trace("/components/parameters/P");
    assert!(
        headings.contains(&"repair components: /paths/~1b/get/parameters/0".to_owned()),
        "{headings:?}"
    );
}

#[test]
fn a_pointer_to_nothing_is_an_error() {
    let checkout = Checkout::new();
    checkout.put("api.yaml", DOCUMENT);
    let error = checkout.fails(&["spec", "prepare", "api.yaml", "--trace", "/paths/~1c"]);
    assert!(error.contains("nothing is there"), "{error}");
}
