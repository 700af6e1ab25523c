//! A document and its references.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Maximum length of a chain of references.
const MAX_HOPS: usize = 32;

/// The value of an unresolvable reference.
static UNRESOLVED: Value = Value::Null;

/// A whole OpenAPI document; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Document(Arc<Value>);

impl Document {
    pub(crate) fn new(root: Value) -> Self {
        Self(Arc::new(root))
    }

    pub(crate) fn root(&self) -> &Value {
        &self.0
    }

    /// The value itself, or what it refers to inside this document. A dangling,
    /// external or cyclic reference resolves to null.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let mut value = value;
        for _ in 0..MAX_HOPS {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return value;
            };
            value = self.target(reference).unwrap_or(&UNRESOLVED);
        }
        &UNRESOLVED
    }

    /// The resolved value under a key, if there is one.
    pub(crate) fn get<'a>(&'a self, value: &'a Value, key: &str) -> Option<&'a Value> {
        value.get(key).map(|found| self.resolve(found))
    }

    fn target(&self, reference: &str) -> Option<&Value> {
        let pointer = percent_decode_str(reference.strip_prefix('#')?)
            .decode_utf8()
            .ok()?;
        self.0.pointer(&pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_resolved_and_cycles_end() {
        let document = Document::new(json!({
            "a/b": {"$ref": "#/c"},
            "c": 7,
            "d": {"$ref": "#/e"},
            "e": {"$ref": "#/d"},
        }));
        let at = |reference: &str| {
            let value = json!({"$ref": reference});
            document.resolve(&value).clone()
        };
        assert_eq!(at("#/a~1b"), 7);
        assert_eq!(at("#/a%7E1b"), 7);
        assert_eq!(at("#/d"), Value::Null);
        assert_eq!(at("#/nowhere"), Value::Null);
        assert_eq!(at("other.json#/c"), Value::Null);
    }
}
