use serde_json::{Value, json};

use super::{done, with_commands};
use crate::codegen::{
    commands::{
        Command,
        body::Body,
        flags::{FlagType, Source},
    },
    resources::Ledger,
};

/// Calls with the command of a POST with this body, and of a query of one parameter.
fn with_body(schemas: &Value, query: &Value, check: impl FnOnce(&Command<'_>)) {
    let document = json!({
        "paths": {"/v3/things": {"post": {
            "tags": ["Things"],
            "parameters": [query],
            "requestBody": {"required": true, "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Make"},
                "example": {"name": "n", "kind": "a", "file": {"url": "u"}, "title": "t"},
            }}},
            "responses": done(),
        }}},
        "components": {"schemas": schemas},
    });
    with_commands(&document, &mut Ledger::default(), |commands| {
        check(&commands.unwrap()[0]);
    });
}

fn query() -> Value {
    json!({"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}})
}

#[test]
fn simple_properties_are_options_and_others_are_not() {
    let string = json!({"type": "string"});
    let make = json!({"Make": {"type": "object", "required": ["name", "file"], "properties": {
        "name": {"type": "string", "description": "A [name](https://a.b)."},
        "size": {"type": ["integer", "null"], "exclusiveMinimum": 0},
        "speed": {"type": "number", "minimum": 0.5, "maximum": 1.5, "default": 1.0},
        "loud": {"type": "boolean", "default": false},
        "mode": {"anyOf": [{"$ref": "#/components/schemas/Mode"}, {"type": "null"}]},
        "modes": {"type": "array", "items": {"$ref": "#/components/schemas/Mode"}},
        "file": {"type": "object", "properties": {"url": string}},
        "files": {"type": "array", "items": {"type": "object", "properties": {"url": string}}},
        "numbers": {"type": "array", "items": {"type": "integer"}},
        "any": {},
        "either": {"oneOf": [{"type": "object", "properties": {"url": string}}, string]},
        "hidden": {"type": "string", "x-cli-visible": false},
        "sent": {"type": "string", "default": "a", "x-cli-default": "b"},
        "old_sha256": {"type": "string", "deprecated": true},
    }}, "Mode": {"type": "string", "enum": ["fast", "slow"]}});
    with_body(&make, &query(), |command| {
        let found: Vec<_> = command
            .flags
            .iter()
            .map(|flag| (flag.name.as_str(), flag.ty, flag.required))
            .collect();
        assert_eq!(
            found,
            [
                ("limit", FlagType::Integer, false),
                ("loud", FlagType::Boolean, false),
                ("mode", FlagType::String, false),
                ("modes", FlagType::Strings, false),
                ("name", FlagType::String, true),
                ("old-sha-256", FlagType::String, false),
                ("sent", FlagType::String, false),
                ("size", FlagType::Integer, false),
                ("speed", FlagType::Number, false),
            ]
        );
        let flag = |name: &str| command.flags.iter().find(|flag| flag.name == name).unwrap();
        let limit = flag("limit");
        assert_eq!(
            (limit.source, limit.default.as_deref()),
            (Source::Query, Some("10"))
        );
        assert_eq!(
            (limit.bounds.minimum, limit.bounds.maximum),
            (Some(1.0), Some(100.0))
        );
        assert_eq!(flag("size").bounds.exclusive_minimum, Some(0.0));
        assert_eq!(flag("speed").bounds.minimum, Some(0.5));
        assert_eq!(flag("loud").default.as_deref(), Some("false"));
        for name in ["mode", "modes"] {
            assert_eq!(flag(name).values, ["fast", "slow"], "{name}");
        }
        let sent = flag("sent");
        assert_eq!(
            (sent.default.as_deref(), sent.sends_default),
            (Some("b"), true)
        );
        assert_eq!(flag("name").help, "A [name](https://a.b).");
        assert_eq!(flag("old-sha-256").help, "Deprecated");
        let Body::Json(body) = &command.body else {
            panic!()
        };
        assert_eq!(body.needs, ["name", "file"]);
        assert_eq!(
            body.data_only,
            ["file", "files", "numbers", "any", "either", "hidden"]
        );
        assert_eq!(
            command.examples,
            [r#"heygen thing create --name n -d '{"file":{"url":"u"}}'"#]
        );
    });
}

#[test]
fn body_of_several_kinds_has_what_each_needs() {
    let schemas = json!({
        "Make": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
            "discriminator": {"propertyName": "kind", "mapping": {
                "a": "#/components/schemas/A", "b": "#/components/schemas/B"}}},
        "A": {"type": "object", "required": ["kind", "name"], "properties": {
            "kind": {"const": "a"}, "name": {"type": "string"}}},
        "B": {"type": "object", "required": ["kind"], "properties": {
            "kind": {"const": "b"}, "title": {"type": "string"}}},
    });
    with_body(&schemas, &query(), |command| {
        let Body::Json(body) = &command.body else {
            panic!()
        };
        let tag = body.tag.as_ref().unwrap();
        assert_eq!(
            (tag.name.as_str(), body.needs.as_slice()),
            ("kind", &["kind".to_owned()][..])
        );
        assert_eq!(
            tag.kinds,
            [
                ("a".to_owned(), vec!["name".to_owned()]),
                ("b".to_owned(), vec![])
            ]
        );
        assert_eq!(body.data_only, ["kind", "name", "title"]);
    });
}

#[test]
fn body_of_kinds_that_nothing_tells_apart_needs_what_all_do() {
    let string = json!({"type": "string"});
    let schemas = json!({"Make": {"anyOf": [
        {"type": "object", "required": ["name", "kind"], "properties": {"name": string, "kind": string}},
        {"type": "object", "required": ["name", "title"], "properties": {"name": string, "title": string}},
    ]}});
    with_body(&schemas, &query(), |command| {
        let Body::Json(body) = &command.body else {
            panic!()
        };
        assert_eq!(
            (body.needs.as_slice(), &body.tag),
            (&["name".to_owned()][..], &None)
        );
        assert_eq!(body.data_only, ["name", "kind", "title"]);
    });
}

#[test]
fn joined_list_of_a_query_is_one_string() {
    let ids = json!({"name": "ids", "in": "query", "style": "form", "explode": false,
        "schema": {"type": "array", "items": {"type": "string"}}});
    let make = json!({"Make": {"type": "object", "properties": {"name": {"type": "string"}}}});
    with_body(&make, &ids, |command| {
        assert_eq!(
            (command.flags[0].name.as_str(), command.flags[0].ty),
            ("ids", FlagType::String)
        );
    });
}

#[test]
fn option_that_all_commands_have_is_an_error() {
    let document = json!({"paths": {"/v3/things": {"get": {
        "tags": ["Things"],
        "parameters": [{"name": "timeout", "in": "query", "schema": {"type": "string"}}],
        "responses": done(),
    }}}});
    with_commands(&document, &mut Ledger::default(), |commands| {
        assert!(commands.is_err_and(|e| e.to_string().contains("`--timeout`")));
    });
}
