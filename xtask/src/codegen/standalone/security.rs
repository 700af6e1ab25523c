//! Security: the schemes whose credential a client can send, and which of them
//! an operation asks for.

use std::collections::HashSet;

use heck::{ToSnakeCase, ToTitleCase};
use openapi_prep::api::{Api, Credential, Location, Operation};

/// A security scheme, with the method of the client's builder that sets its
/// credential.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scheme {
    pub(super) name: String,
    pub(super) setter: String,
    pub(super) placement: Placement,
}

/// Where a credential is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Placement {
    Header(String),
    Query(String),
    Cookie(String),
    /// `Authorization` with this word before the credential.
    Authorization(String),
    Basic,
}

impl Placement {
    fn of(credential: &Credential) -> Option<Self> {
        Some(match credential {
            Credential::ApiKey { location, name } => match location {
                Location::Header if is_header_name(name) => Self::Header(name.clone()),
                Location::Query => Self::Query(name.clone()),
                Location::Cookie => Self::Cookie(name.clone()),
                Location::Header | Location::Path => return None,
            },
            Credential::Http { scheme } if scheme == "basic" => Self::Basic,
            Credential::Http { scheme } => Self::Authorization(scheme.to_title_case()),
            Credential::OAuth2 | Credential::OpenIdConnect { .. } => {
                Self::Authorization("Bearer".to_owned())
            }
            _ => return None,
        })
    }

    /// How a credential is sent, for documentation.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Header(name) => format!("header `{name}`"),
            Self::Query(name) => format!("query parameter `{name}`"),
            Self::Cookie(name) => format!("cookie `{name}`"),
            Self::Authorization(word) => format!("header `Authorization: {word} ...`"),
            Self::Basic => "header `Authorization: Basic ...`".to_owned(),
        }
    }
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
pub(super) fn schemes(api: &Api) -> Vec<Scheme> {
    let mut used: HashSet<String> = RESERVED.into_iter().map(str::to_owned).collect();
    let mut found = Vec::new();
    for (name, scheme) in &api.security_schemes {
        let Some(placement) = Placement::of(&scheme.credential) else {
            continue;
        };
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
            placement,
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
pub(super) fn requirement<'a>(
    api: &'a Api,
    operation: &'a Operation,
) -> Option<Vec<Vec<&'a String>>> {
    let of_document = Some(&api.security).filter(|all| !all.is_empty());
    let alternatives = operation.security.as_ref().or(of_document)?;
    Some(
        alternatives
            .iter()
            .map(|all| all.keys().collect())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::api, *};

    #[test]
    fn each_kind_of_scheme_has_a_setter_of_its_own() {
        let api = api(&json!({"components": {"securitySchemes": {
            "ApiKeyAuth": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "api_key_auth": {"type": "apiKey", "in": "query", "name": "key"},
            "2fa": {"type": "apiKey", "in": "cookie", "name": "sid"},
            "timeout": {"type": "http", "scheme": "Basic"},
            "token": {"type": "http", "scheme": "bearer"},
            "oauth": {"type": "oauth2", "flows": {}},
            "broken": {"type": "apiKey", "in": "header", "name": "a b"},
            "certificate": {"type": "mutualTLS"},
        }}}));
        let setters: Vec<_> = schemes(&api)
            .into_iter()
            .map(|s| (s.setter, s.placement))
            .collect();
        let bearer = || Placement::Authorization("Bearer".into());
        assert_eq!(
            setters,
            [
                ("key_2fa".to_owned(), Placement::Cookie("sid".into())),
                ("api_key_auth".to_owned(), Placement::Header("X-Key".into())),
                (
                    "api_key_auth_key".to_owned(),
                    Placement::Query("key".into())
                ),
                ("oauth".to_owned(), bearer()),
                ("timeout_key".to_owned(), Placement::Basic),
                ("token".to_owned(), bearer()),
            ]
        );
    }
}
