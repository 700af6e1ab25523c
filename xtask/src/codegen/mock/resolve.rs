//! A document and its references.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Maximum length of a chain of references.
const MAX_HOPS: usize = 32;

/// The value of an unresolvable reference.
static UNRESOLVED: Value = Value::Null;

/// A whole OpenAPI document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver<'d>(&'d Value);

impl<'d> Resolver<'d> {
    pub(super) fn new(root: &'d Value) -> Self {
        Self(root)
    }

    pub(super) fn root(self) -> &'d Value {
        self.0
    }

    /// The value itself, or what it refers to inside this document. A dangling,
    /// external or cyclic reference resolves to null.
    pub(super) fn resolve(self, value: &'d Value) -> &'d Value {
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
    pub(super) fn get(self, value: &'d Value, key: &str) -> Option<&'d Value> {
        value.get(key).map(|found| self.resolve(found))
    }

    fn target(self, reference: &str) -> Option<&'d Value> {
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
        let root = json!({
            "a/b": {"$ref": "#/c"},
            "c": 7,
            "d": {"$ref": "#/e"},
            "e": {"$ref": "#/d"},
        });
        let at = |reference: &str| {
            let value = json!({"$ref": reference});
            Resolver::new(&root).resolve(&value).clone()
        };
        assert_eq!(at("#/a~1b"), 7);
        assert_eq!(at("#/a%7E1b"), 7);
        assert_eq!(at("#/d"), Value::Null);
        assert_eq!(at("#/nowhere"), Value::Null);
        assert_eq!(at("other.json#/c"), Value::Null);
    }
}
