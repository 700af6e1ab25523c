//! What a generator makes of operations, where that is nothing, or not what
//! they say: bodies, answers and parameters of forms that it has no code for.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use serde_json::{Map, Value, json};

use super::Lint;
use crate::{Pointer, schema, walk};

const NORMALISE: &str = "normalise the document, or correct it by an overlay";

/// Request bodies that the generator can send.
const BODIES: [&str; 5] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain",
    "text/x-markdown",
];

/// Looks at every operation of a document.
pub(super) fn look(lint: &mut Lint, document: &mut Value) {
    let version = document.pointer("/info/version").and_then(Value::as_str);
    if version.is_some_and(|v| v.chars().any(|c| !matches!(c, ' '..='~'))) {
        lint.find(
            None,
            &Pointer::root().joins(["info", "version"]),
            "the version is sent as a header, and would make every call panic",
            "write it in plain ASCII by an overlay",
        );
    }
    walk::beside_schemas(document, |document, schemas| {
        operations(lint, document, schemas);
    });
}

fn operations(lint: &mut Lint, document: &mut Value, schemas: &Map<String, Value>) {
    walk::operations(document, &mut |path, method, operation, at| {
        let name = format!("{} {path}", method.to_uppercase());
        let mut find = |at: &Pointer, message: String| {
            lint.find(Some(&name), at, message, NORMALISE);
        };
        parameters(path, operation, schemas, at, &mut find);
        body(operation, &at.join("requestBody"), &mut find);
        answers(operation, &at.join("responses"), &mut find);
        for key in ["summary", "description"] {
            let text = operation.get(key).and_then(Value::as_str);
            if text.is_some_and(is_tested) {
                find(
                    &at.join(key),
                    "code in it would be run as a Rust test".into(),
                );
            }
        }
    });
}

type Find<'a> = dyn FnMut(&Pointer, String) + 'a;

fn parameters(
    path: &str,
    operation: &Map<String, Value>,
    schemas: &Map<String, Value>,
    at: &Pointer,
    find: &mut Find<'_>,
) {
    let declared = operation.get("parameters").and_then(Value::as_array);
    let mut wanted: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    for (index, parameter) in declared.into_iter().flatten().enumerate() {
        let at = at.join("parameters").join(index);
        let name = parameter["name"].as_str().unwrap_or_default();
        match parameter["in"].as_str() {
            Some("path") => wanted.retain(|other| *other != name),
            Some("header") if is_credential(name) => {
                find(&at, format!("{name:?} would be an argument of every call"));
            }
            Some("query") if is_object(&parameter["schema"], schemas) => {
                find(
                    &at,
                    format!("{name:?} is an object, which makes the generator panic"),
                );
            }
            _ => {}
        }
        if let Some(style @ ("spaceDelimited" | "pipeDelimited")) = parameter["style"].as_str() {
            find(
                &at,
                format!("{name:?} is of style {style}, which is refused"),
            );
        }
        if parameter.get("schema").is_none() && parameter.get("$ref").is_none() {
            find(&at, format!("{name:?} has no schema, and is refused"));
        }
    }
    for name in wanted {
        find(
            at,
            format!("{name:?} stands in the path and is not declared: the generator panics"),
        );
    }
}

fn is_credential(name: &str) -> bool {
    ["authorization", "x-api-key"]
        .iter()
        .any(|key| name.eq_ignore_ascii_case(key))
}

/// Whether the generator makes a struct of a schema; a map has entries to send.
fn is_object(value: &Value, schemas: &Map<String, Value>) -> bool {
    let properties = schema::resolved(value, schemas).get("properties");
    properties.is_some_and(|properties| *properties != json!({}))
}

fn body(operation: &Map<String, Value>, at: &Pointer, find: &mut Find<'_>) {
    let Some(body) = operation.get("requestBody") else {
        return;
    };
    let content = body.get("content").and_then(Value::as_object);
    for (media, body) in content.into_iter().flatten() {
        let at = at.join("content").join(media);
        let essence = media.split(';').next().unwrap_or_default().trim();
        if !BODIES.contains(&essence) {
            find(&at, format!("a body of {media} is refused"));
        } else if body.get("schema").is_none() {
            find(
                &at,
                "a body without a schema makes the generator panic".into(),
            );
        } else if essence == "application/octet-stream"
            && !(body["schema"]["type"] == "string" && body["schema"]["format"] == "binary")
        {
            find(
                &at,
                "bytes that are not a string of format binary are refused".into(),
            );
        }
    }
}

fn answers(operation: &Map<String, Value>, at: &Pointer, find: &mut Find<'_>) {
    let answers = operation.get("responses").and_then(Value::as_object);
    let answers = answers.into_iter().flatten();
    let mut success = false;
    for (status, answer) in answers {
        success |= status.starts_with('2') || status == "default";
        let content = answer.get("content").and_then(Value::as_object);
        for (media, body) in content.into_iter().flatten() {
            let essence = media.split(';').next().unwrap_or_default().trim();
            if essence == "application/json" && body.get("schema").is_none() {
                let at = at.join(status).join("content").join(media);
                find(
                    &at,
                    "JSON without a schema makes the generator panic".into(),
                );
            }
        }
    }
    if !success {
        find(
            at,
            "declares no success, for which bytes are made up".into(),
        );
    }
}

/// Whether rustdoc would take something in a text for a test.
pub(super) fn is_tested(text: &str) -> bool {
    Parser::new(text).any(|event| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => true,
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
            language.trim().is_empty() || language.contains("rust")
        }
        _ => false,
    })
}
