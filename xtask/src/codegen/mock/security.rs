//! Security requirements: which credentials an operation requires, and whether
//! a request has them.

use serde_json::Value;

use super::resolve::Resolver;

/// One credential. Its presence is checked, never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Credential {
    /// A header that must not be empty.
    Header(String),
    /// A query parameter that must not be empty.
    Query(String),
    /// `Authorization` with this scheme before a value.
    Authorization(&'static str),
}

/// Alternatives, each a list of credentials that are all required. Empty if the
/// operation requires none.
pub(super) type Security = Vec<Vec<Credential>>;

/// The security of the operation, else that of the document.
pub(super) fn security(document: Resolver<'_>, operation: &Value) -> Security {
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
    // An alternative without credentials makes them optional.
    if all.iter().any(Vec::is_empty) {
        return Security::new();
    }
    all
}

fn credential(document: Resolver<'_>, name: &str) -> Option<Credential> {
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

    fn root() -> Value {
        json!({
            "security": [{"key": []}],
            "components": {"securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
                "oauth": {"type": "http", "scheme": "bearer"},
            }},
        })
    }

    #[test]
    fn security_of_the_operation_overrides_the_document() {
        let key = Credential::Header("x-api-key".into());
        let bearer = Credential::Authorization("bearer");
        let root = root();
        let of = |operation: Value| security(Resolver::new(&root), &operation);
        assert_eq!(of(json!({})), [vec![key.clone()]]);
        assert_eq!(of(json!({"security": []})), Security::new());
        assert_eq!(of(json!({"security": [{"key": []}, {}]})), Security::new());
        assert_eq!(
            of(json!({"security": [{"key": []}, {"oauth": []}]})),
            [vec![key], vec![bearer]]
        );
    }
}
