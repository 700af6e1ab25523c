//! What a generator gets silently wrong in a document of OpenAPI 3.0: it
//! emits code, which is not what the document says. What a generator refuses
//! shows itself. [`prepare()`](crate::prepare) leaves none of it; this is the guard
//! that notices where it did.

use std::collections::HashSet;

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

/// What becomes of keywords: they are dropped, or become checks of every value,
/// also of responses.
const KEYWORDS: [(&str, &[&str]); 3] = [
    (
        "is dropped",
        &[
            "const",
            "prefixItems",
            "patternProperties",
            "dependentSchemas",
            "unevaluatedProperties",
            "if",
            "$defs",
            "contains",
        ],
    ),
    (
        "fails a whole response that has another value",
        &[
            "multipleOf",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "maxItems",
        ],
    ),
    (
        "is always sent, whatever the server's is by then",
        &["default"],
    ),
];

/// Formats that become types with a syntax of their own.
const FORMATS: [&str; 6] = ["date", "date-time", "uuid", "ip", "ipv4", "ipv6"];

/// Whether a schema has something that is generated wrongly, and what is done.
type Check = (fn(&Map<String, Value>) -> bool, &'static str);

const CHECKS: [Check; 5] = [
    (
        |schema| {
            let format = schema.get("format").and_then(Value::as_str);
            format.is_some_and(|format| FORMATS.contains(&format))
        },
        "a string without its `format` fails the whole response",
    ),
    (
        |schema| schema.get("additionalProperties") == Some(&Value::Bool(false)),
        "a property it does not name fails the whole response",
    ),
    (
        |schema| schema.get("not").is_some_and(Value::is_object),
        "its type has no value",
    ),
    (
        |schema| {
            let variants = variants(schema, "anyOf");
            let types = variants.iter().filter_map(|one| one.get("type")?.as_str());
            variants.len() > 1 && types.collect::<HashSet<_>>().len() < variants.len()
        },
        "`anyOf` becomes a struct of all variants, which only objects fit",
    ),
    (
        |schema| {
            let mut unions = ["oneOf", "anyOf"].iter();
            schema.contains_key("discriminator")
                && unions.any(|key| variants(schema, key).len() > 1)
        },
        "the discriminator is ignored: the first variant that fits is taken",
    ),
];

/// The schemas of a union, without null.
fn variants<'a>(schema: &'a Map<String, Value>, key: &str) -> Vec<&'a Value> {
    let all = schema.get(key).and_then(Value::as_array).into_iter();
    all.flatten().filter(|one| !schema::is_null(one)).collect()
}

/// Looks through a prepared document. Does not change it.
pub(crate) fn lint(document: &mut Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    walk::schemas(document, &mut |schema, at: &Pointer| {
        let Value::Object(schema) = &*schema else {
            return;
        };
        let mut find = |message: String| {
            findings.push(Finding {
                pointer: at.to_string(),
                message,
            });
        };
        for (effect, keys) in KEYWORDS {
            for key in keys.iter().filter(|key| schema.contains_key(**key)) {
                find(format!("`{key}` {effect}"));
            }
        }
        for (_, message) in CHECKS.iter().filter(|(found, _)| found(schema)) {
            find((*message).to_owned());
        }
    });
    findings
}
