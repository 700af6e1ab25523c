//! What a generator gets silently wrong in a document of OpenAPI 3.0: it
//! emits code, which is not what the document says. What a generator refuses
//! shows itself. [`prepare()`](crate::prepare) leaves none of it; this is the guard
//! that notices where it did.

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

/// Formats that become types with a syntax of their own.
const FORMATS: [&str; 6] = ["date", "date-time", "uuid", "ip", "ipv4", "ipv6"];

const CHECKED: &str = "fails a whole response that has another value";

/// Looks through a prepared document. Does not change it.
pub(crate) fn lint(document: &mut Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    walk::schemas(document, &mut |schema, at| {
        if let Value::Object(schema) = &*schema {
            check(schema, at, &mut findings);
        }
    });
    findings
}

fn check(schema: &Map<String, Value>, at: &Pointer, findings: &mut Vec<Finding>) {
    let variants = schema.get("anyOf").and_then(Value::as_array).into_iter();
    let variants = variants.flatten().filter(|one| !schema::is_null(one));
    let types: Vec<_> = variants.map(|one| one.get("type")).collect();
    let mut all = types.iter();
    let takes_objects = all.any(|one| one.is_none_or(|one| one == "object"));
    for (key, value) in schema {
        let effect = match key.as_str() {
            "const" | "prefixItems" | "patternProperties" | "$defs" => "is dropped",
            "default" => "is always sent, whatever the server's is by then",
            "discriminator" => "is ignored: the first variant that fits is taken",
            "not" => "becomes a type that has no value",
            "multipleOf" | "pattern" | "minLength" | "maxLength" | "minimum" | "maximum"
            | "maxItems" => CHECKED,
            "format" if FORMATS.iter().any(|format| value == format) => CHECKED,
            "additionalProperties" if *value == false => "fails a whole response that has more",
            "anyOf" if types.len() > 1 && takes_objects => {
                "becomes a struct of all variants, which only objects fit"
            }
            _ => continue,
        };
        findings.push(Finding {
            pointer: at.to_string(),
            message: format!("`{key}` {effect}"),
        });
    }
}
