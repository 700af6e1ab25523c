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

    /// The operation at a path, by its method in any case.
    pub(super) fn operation(self, path: &str, method: &str) -> Option<&'d Value> {
        let item = self.0.get("paths")?.get(path)?;
        self.resolve(item).get(method.to_ascii_lowercase())
    }

    /// The response that tells of success: that of the lowest status of the 200s,
    /// else that of the whole range, else the default.
    pub(super) fn success(self, operation: &'d Value) -> Option<(u16, &'d Value)> {
        let all = operation.get("responses")?.as_object()?;
        let numbered = all.iter().filter_map(|(key, response)| {
            let status = key.parse().ok().filter(|key| (200..300).contains(key));
            Some((status?, response))
        });
        let ranged = || Some((200, all.get("2XX").or_else(|| all.get("default"))?));
        let (status, response) = numbered.min_by_key(|(status, _)| *status).or_else(ranged)?;
        Some((status, self.resolve(response)))
    }

    /// The schema of a body or a response, where one of its media types is JSON.
    pub(super) fn json_schema(self, body: &'d Value) -> Option<&'d Value> {
        let content = body.get("content")?.as_object()?;
        let mut json = content.iter().filter(|(name, _)| is_json(name));
        json.find_map(|(_, media)| self.resolve(media).get("schema"))
    }

    /// The resolved value under a key, if there is one.
    pub(super) fn get(self, value: &'d Value, key: &str) -> Option<&'d Value> {
        value.get(key).map(|found| self.resolve(found))
    }

    /// What a reference into this document leads to.
    pub(super) fn target(self, reference: &str) -> Option<&'d Value> {
        let pointer = percent_decode_str(reference.strip_prefix('#')?)
            .decode_utf8()
            .ok()?;
        self.0.pointer(&pointer)
    }
}

/// Whether a media type is JSON: `application/json`, `text/json`, `a/b+json`.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json")
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
