//! What a lowered document says beside types and operations: servers, security
//! schemes, and which of them an operation asks for.

use std::collections::HashSet;

use heck::{ToSnakeCase, ToTitleCase};
use serde_json::Value;

/// A security scheme, with the method of the client's builder that sets its
/// credential.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scheme {
    pub(super) name: String,
    pub(super) setter: String,
    pub(super) kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Header(String),
    Query(String),
    Cookie(String),
    /// `Authorization` with this word before the credential.
    Authorization(String),
    Basic,
}

/// Methods of the builder that have these names already, and words of Rust.
const RESERVED: [&str; 16] = [
    "base_url",
    "basic",
    "build",
    "clone",
    "connect_timeout",
    "credential",
    "for_server",
    "http_client",
    "new",
    "parts",
    "timeout",
    "type",
    "self",
    "ref",
    "match",
    "use",
];

/// The security schemes of a document whose credential a client can send.
pub(super) fn schemes(lowered: &Value) -> Vec<Scheme> {
    let schemes = lowered.pointer("/components/securitySchemes");
    let mut used: HashSet<String> = RESERVED.into_iter().map(str::to_owned).collect();
    let mut found = Vec::new();
    for (name, scheme) in schemes.and_then(Value::as_object).into_iter().flatten() {
        let text = |key: &str| scheme[key].as_str().unwrap_or_default();
        let parameter = || text("name").to_owned();
        let kind = match (
            text("type"),
            text("in"),
            text("scheme").to_lowercase().as_str(),
        ) {
            ("apiKey", "header", _) => Kind::Header(parameter()),
            ("apiKey", "query", _) => Kind::Query(parameter()),
            ("apiKey", "cookie", _) => Kind::Cookie(parameter()),
            ("http", _, "basic") => Kind::Basic,
            ("http", _, other) => Kind::Authorization(other.to_title_case()),
            ("oauth2" | "openIdConnect", ..) => Kind::Authorization("Bearer".to_owned()),
            _ => continue,
        };
        if matches!(&kind, Kind::Header(name) if !is_header_name(name)) {
            continue;
        }
        let mut setter = name.to_snake_case();
        if !setter.starts_with(|c: char| c.is_ascii_alphabetic()) {
            setter = format!("key_{setter}");
        }
        if syn::parse_str::<syn::Ident>(&setter).is_err() || used.contains(&setter) {
            setter.push_str("_key");
        }
        while !used.insert(setter.clone()) {
            setter.push('_');
        }
        found.push(Scheme {
            name: name.clone(),
            setter,
            kind,
        });
    }
    found
}

fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// The alternatives of an operation's security requirement, its own or the
/// document's; `None` where neither has one.
pub(super) fn security(lowered: &Value, operation: &Value) -> Option<Vec<Vec<String>>> {
    let alternatives = operation
        .get("security")
        .or_else(|| lowered.get("security"))?;
    let names = |one: &Value| {
        one.as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    Some(alternatives.as_array()?.iter().map(names).collect())
}

/// The base URLs of a list of servers, with the defaults of their variables.
pub(super) fn servers(holder: &Value) -> Vec<String> {
    let servers = holder["servers"].as_array().into_iter().flatten();
    servers
        .filter_map(|server| {
            let mut url = server["url"].as_str()?.trim().to_owned();
            for (name, variable) in server["variables"].as_object().into_iter().flatten() {
                let default = variable["default"].as_str().unwrap_or_default();
                url = url.replace(&format!("{{{name}}}"), default);
            }
            base_url(&url)
        })
        .collect()
}

/// A base URL without the slash at its end, if it names a host: others are
/// relative to where the document was.
pub(super) fn base_url(url: &str) -> Option<String> {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let is_address = !host.is_empty()
        && !host.contains(['{', '}', '?', '#', '@'])
        && host.chars().all(|c| c.is_ascii_graphic());
    is_address.then(|| url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_of_scheme_has_a_setter_of_its_own() {
        let document = json!({"components": {"securitySchemes": {
            "ApiKeyAuth": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "api_key_auth": {"type": "apiKey", "in": "query", "name": "key"},
            "2fa": {"type": "apiKey", "in": "cookie", "name": "sid"},
            "timeout": {"type": "http", "scheme": "Basic"},
            "token": {"type": "http", "scheme": "bearer"},
            "oauth": {"type": "oauth2", "flows": {}},
            "broken": {"type": "apiKey", "in": "header", "name": "a b"},
            "certificate": {"type": "mutualTLS"},
        }}});
        let setters: Vec<_> = schemes(&document)
            .into_iter()
            .map(|s| (s.setter, s.kind))
            .collect();
        let bearer = || Kind::Authorization("Bearer".into());
        assert_eq!(
            setters,
            [
                ("api_key_auth".to_owned(), Kind::Header("X-Key".into())),
                ("api_key_auth_key".to_owned(), Kind::Query("key".into())),
                ("key_2fa".to_owned(), Kind::Cookie("sid".into())),
                ("timeout_key".to_owned(), Kind::Basic),
                ("token".to_owned(), bearer()),
                ("oauth".to_owned(), bearer()),
            ]
        );
    }

    #[test]
    fn servers_are_addresses_with_defaults() {
        let document = json!({"servers": [
            {"url": "https://{region}.a.example/v1/", "variables": {"region": {"default": "eu"}}},
            {"url": "/v1"}, {"url": "https://{who}.a.example"}, {"url": "http://b.example"},
        ]});
        assert_eq!(
            servers(&document),
            ["https://eu.a.example/v1", "http://b.example"]
        );
    }

    #[test]
    fn operation_overrides_the_document_s_requirement() {
        let document = json!({"security": [{"a": []}, {"b": [], "c": []}]});
        let both = vec![vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]];
        assert_eq!(security(&document, &json!({})), Some(both));
        assert_eq!(security(&document, &json!({"security": []})), Some(vec![]));
        assert_eq!(security(&json!({}), &json!({})), None);
    }
}
