//! Which credentials an operation wants, and whether a request brings them.

use serde_json::Value;

use super::resolve::Document;

/// One credential. Only that it is there is asked, never whether it is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    /// A header that must not be empty.
    Header(String),
    /// A query parameter that must not be empty.
    Query(String),
    /// `Authorization` with this scheme before a value.
    Authorization(&'static str),
}

/// Alternatives, each a list of credentials that all have to be there. Empty
/// when the operation is open to anyone.
pub(crate) type Security = Vec<Vec<Credential>>;

/// What the operation says, or the document where the operation says nothing.
pub(crate) fn security(document: &Document, operation: &Value) -> Security {
    let declared = operation
        .get("security")
        .or_else(|| document.root().get("security"))
        .and_then(Value::as_array);
    let alternatives = declared.into_iter().flatten();
    let all: Security = alternatives
        .filter_map(Value::as_object)
        .map(|names| {
            names
                .keys()
                .filter_map(|name| credential(document, name))
                .collect()
        })
        .collect();
    // An alternative that asks for nothing lets everyone in.
    if all.iter().any(Vec::is_empty) {
        return Security::new();
    }
    all
}

fn credential(document: &Document, name: &str) -> Option<Credential> {
    let schemes = document.root().pointer("/components/securitySchemes")?;
    let scheme = document.get(schemes, name)?;
    let field = |key: &str| scheme.get(key).and_then(Value::as_str);
    match (field("type")?, field("in")) {
        ("apiKey", Some("header")) => Some(Credential::Header(field("name")?.to_owned())),
        ("apiKey", Some("query")) => Some(Credential::Query(field("name")?.to_owned())),
        ("http", _) if field("scheme")?.eq_ignore_ascii_case("basic") => {
            Some(Credential::Authorization("basic"))
        }
        ("http" | "oauth2" | "openIdConnect", _) => Some(Credential::Authorization("bearer")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Document {
        Document::new(json!({
            "security": [{"key": []}],
            "components": {"securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
                "oauth": {"type": "http", "scheme": "bearer"},
            }},
        }))
    }

    #[test]
    fn the_operation_speaks_before_the_document() {
        let key = Credential::Header("x-api-key".into());
        let bearer = Credential::Authorization("bearer");
        let of = |operation: Value| security(&document(), &operation);
        assert_eq!(of(json!({})), [vec![key.clone()]]);
        assert_eq!(of(json!({"security": []})), Security::new());
        assert_eq!(of(json!({"security": [{"key": []}, {}]})), Security::new());
        assert_eq!(
            of(json!({"security": [{"key": []}, {"oauth": []}]})),
            [vec![key], vec![bearer]]
        );
    }
}
