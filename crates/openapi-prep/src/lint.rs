//! What a generator gets silently wrong in a document of OpenAPI 3.0: it
//! emits code, which is not what the document says. What a generator refuses
//! shows itself.

use std::collections::HashMap;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use serde_json::{Map, Value};

use crate::{Pointer, schema, walk};

/// Something of a document that generated code gets wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Where in the document.
    pub pointer: String,
    /// What the generated code does.
    pub message: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at {}: {}", self.pointer, self.message)
    }
}

/// Looks through a prepared document. Does not change it.
pub(crate) fn lint(document: &mut Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut titles: HashMap<String, (Value, Pointer)> = HashMap::new();
    walk::schemas(document, &mut |schema, at| {
        if let Value::Object(object) = &*schema {
            check_schema(object, at, &mut findings);
            check_title(schema, at, &mut titles, &mut findings);
        }
    });
    walk::operations(document, &mut |_, _, operation, at| {
        check_operation(operation, at, &mut findings);
    });
    findings
}

fn find(findings: &mut Vec<Finding>, at: &Pointer, message: impl Into<String>) {
    findings.push(Finding {
        pointer: at.to_string(),
        message: message.into(),
    });
}

/// Keywords that are dropped.
const DROPPED: [&str; 8] = [
    "const",
    "prefixItems",
    "patternProperties",
    "dependentSchemas",
    "unevaluatedProperties",
    "if",
    "$defs",
    "contains",
];

/// Keywords and formats that become checks of every value, also of responses.
const CHECKED: [&str; 7] = [
    "multipleOf",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "maxItems",
];
const FORMATS: [&str; 6] = ["date", "date-time", "uuid", "ip", "ipv4", "ipv6"];

fn check_schema(object: &Map<String, Value>, at: &Pointer, findings: &mut Vec<Finding>) {
    for key in DROPPED.iter().filter(|key| object.contains_key(**key)) {
        find(findings, at, format!("`{key}` is dropped"));
    }
    if let Some(key) = CHECKED
        .iter()
        .find(|key| object.get(**key).is_some_and(|v| !v.is_object()))
    {
        find(
            findings,
            at,
            format!("a value beyond its `{key}` fails the whole response"),
        );
    }
    let format = object.get("format").and_then(Value::as_str);
    if let Some(format) = format.filter(|format| FORMATS.contains(format)) {
        find(
            findings,
            at,
            format!("a string that is not a {format} fails the whole response"),
        );
    }
    if object.get("additionalProperties") == Some(&Value::Bool(false)) {
        find(
            findings,
            at,
            "a property it does not name fails the whole response",
        );
    }
    if object.contains_key("default") {
        find(
            findings,
            at,
            "the default is always sent, whatever the server's is by then",
        );
    }
    if object.get("not").is_some_and(Value::is_object) || contradicts(object) {
        find(findings, at, "its type has no value");
    }
    let unions = ["oneOf", "anyOf"];
    let several = |key: &str| {
        let variants = object.get(key).and_then(Value::as_array);
        variants.is_some_and(|all| all.iter().filter(|one| !schema::is_null(one)).count() > 1)
    };
    if several("anyOf") && !distinct_types(&object["anyOf"]) {
        find(
            findings,
            at,
            "`anyOf` becomes a struct of all variants, which only objects fit",
        );
    }
    if object.contains_key("discriminator") && unions.iter().any(|key| several(key)) {
        find(
            findings,
            at,
            "the discriminator is ignored: the first variant that fits is taken",
        );
    }
    check_docs(object, at, findings);
}

/// Code in a description that rustdoc would run as a test.
fn check_docs(object: &Map<String, Value>, at: &Pointer, findings: &mut Vec<Finding>) {
    for key in ["summary", "description"] {
        let text = object.get(key).and_then(Value::as_str).unwrap_or_default();
        let is_code = |event| match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => true,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                language.trim().is_empty() || language.contains("rust")
            }
            _ => false,
        };
        if Parser::new(text).any(is_code) {
            find(findings, &at.join(key), "rustdoc runs its code as a test");
        }
    }
}

/// Two schemas of one title become one type.
fn check_title(
    schema: &Value,
    at: &Pointer,
    titles: &mut HashMap<String, (Value, Pointer)>,
    findings: &mut Vec<Finding>,
) {
    let is_type = ["properties", "oneOf", "anyOf", "allOf", "enum"];
    let Some(title) = schema.get("title").and_then(Value::as_str) else {
        return;
    };
    if !is_type.iter().any(|key| schema.get(key).is_some()) {
        return;
    }
    let shape = schema::shape(schema);
    let (first, other) = titles
        .entry(title.to_owned())
        .or_insert_with(|| (shape.clone(), at.clone()));
    if *first != shape {
        find(
            findings,
            at,
            format!("has the title {title:?} of {other}: both become one type"),
        );
    }
}

/// Whether `allOf` joins types that no value has in common.
fn contradicts(object: &Map<String, Value>) -> bool {
    let members = object.get("allOf").and_then(Value::as_array);
    let own = object.get("type").and_then(Value::as_str);
    let types = members.into_iter().flatten();
    let mut types: Vec<&str> = types.filter_map(|m| m.get("type")?.as_str()).collect();
    types.extend(own.filter(|_| members.is_some()));
    let number = |name: &str| matches!(name, "integer" | "number");
    types
        .windows(2)
        .any(|pair| pair[0] != pair[1] && !(number(pair[0]) && number(pair[1])))
}

/// Whether the variants of a union each have a type of their own.
fn distinct_types(variants: &Value) -> bool {
    let mut seen = Vec::new();
    variants.as_array().into_iter().flatten().all(|variant| {
        let name = variant.get("type").and_then(Value::as_str);
        let new = name.is_some_and(|name| !seen.contains(&name));
        seen.extend(name);
        new
    })
}

fn check_operation(operation: &Map<String, Value>, at: &Pointer, findings: &mut Vec<Finding>) {
    check_docs(operation, at, findings);
    let parameters = operation.get("parameters").and_then(Value::as_array);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        if parameter["explode"] == false && schema::has_type(&parameter["schema"], "array") {
            let at = at.join("parameters").join(index);
            find(findings, &at, "an array in one value is sent as several");
        }
    }
    let at = at.join("responses");
    let responses = operation.get("responses").and_then(Value::as_object);
    let is_unnamed = |response: &Value| {
        let content = response.get("content").and_then(Value::as_object);
        content.into_iter().flat_map(Map::values).any(|media| {
            let properties = media["schema"]["properties"].as_object();
            properties.is_some_and(|all| !all.is_empty())
        })
    };
    let responses: Vec<_> = responses.into_iter().flatten().collect();
    if responses.len() > 1 && responses.iter().any(|(_, response)| is_unnamed(response)) {
        find(findings, &at, "its inline responses become one type");
    }
    let success = |status: &str| status.starts_with('2') || status == "default";
    if !responses.iter().any(|(status, _)| success(status)) {
        find(findings, &at, "declares no success: bytes are returned");
    }
}
