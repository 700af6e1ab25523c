//! The credentials of a client: one for each security scheme of the document
//! that has been set.

use std::fmt;

use reqwest::{
    Request,
    header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue},
};

use super::{
    error::Error,
    operation::{Operation, Placement, SecurityScheme},
};

/// The credentials that are set.
#[derive(Clone, Default)]
pub(super) struct Credentials(Vec<Credential>);

#[derive(Clone)]
struct Credential {
    scheme: SecurityScheme,
    secret: String,
}

impl Credentials {
    /// Sets the credential of a scheme, and replaces an earlier one.
    pub(super) fn set(&mut self, scheme: SecurityScheme, secret: String) {
        self.0.retain(|other| other.scheme.name != scheme.name);
        self.0.push(Credential { scheme, secret });
    }

    /// Checks that each credential can be sent. The error names the scheme and
    /// never the secret.
    pub(super) fn check(&self) -> Result<(), Error> {
        for credential in &self.0 {
            let SecurityScheme { name, placement } = credential.scheme;
            let refuse =
                |what: &str| Err(Error::config(format!("the credential of {name} {what}")));
            if credential.secret.is_empty() {
                return refuse("is empty");
            }
            let header = match placement {
                Placement::Header(header) => HeaderName::from_bytes(header.as_bytes()).is_ok(),
                _ => true,
            };
            if !header {
                return refuse("belongs to a header whose name is not valid");
            }
            if !matches!(placement, Placement::Query(_)) && credential.header_value().is_none() {
                return refuse("cannot be sent in a header: it holds a line break or the like");
            }
        }
        Ok(())
    }

    /// Adds to a request what its operation asks for: the first alternative of
    /// which every credential is set.
    pub(super) fn apply(&self, operation: Option<&Operation>, request: &mut Request) {
        match operation.and_then(|operation| operation.security) {
            None => self.0.iter().for_each(|one| one.apply(request)),
            Some(alternatives) => {
                let find = |name: &&str| self.0.iter().find(|one| one.scheme.name == *name);
                let wanted = alternatives
                    .iter()
                    // An empty alternative says that no key is needed: the last resort.
                    .filter(|names| !names.is_empty())
                    .find_map(|names| names.iter().map(find).collect::<Option<Vec<_>>>());
                wanted
                    .into_iter()
                    .flatten()
                    .for_each(|one| one.apply(request));
            }
        }
    }
}

impl Credential {
    fn header_value(&self) -> Option<HeaderValue> {
        let Self { scheme, secret } = self;
        let text = match scheme.placement {
            Placement::Authorization(kind) => format!("{kind} {secret}"),
            Placement::Cookie(name) => format!("{name}={secret}"),
            Placement::Header(_) | Placement::Query(_) => secret.clone(),
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    fn apply(&self, request: &mut Request) {
        if let Placement::Query(name) = self.scheme.placement {
            request
                .url_mut()
                .query_pairs_mut()
                .append_pair(name, &self.secret);
            return;
        }
        // Both have been checked.
        let Some(value) = self.header_value() else {
            return;
        };
        let headers = request.headers_mut();
        match self.scheme.placement {
            Placement::Header(name) => {
                if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                    headers.insert(name, value);
                }
            }
            Placement::Authorization(_) => {
                headers.insert(AUTHORIZATION, value);
            }
            Placement::Cookie(_) => {
                let joined = headers.get(COOKIE).and_then(|held| {
                    HeaderValue::from_bytes(&[held.as_bytes(), b"; ", value.as_bytes()].concat())
                        .ok()
                });
                let mut value = joined.unwrap_or(value);
                value.set_sensitive(true);
                headers.insert(COOKIE, value);
            }
            Placement::Query(_) => {}
        }
    }
}

/// Names the schemes that are set, without the secrets.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.0.iter().map(|one| (one.scheme.name, "[redacted]")))
            .finish()
    }
}

/// User name and password as basic authentication sends them, in base 64.
pub(super) fn basic(user: &str, password: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for bytes in format!("{user}:{password}").as_bytes().chunks(3) {
        let group = (0..3).fold(0, |group, at| {
            group << 8 | usize::from(bytes.get(at).copied().unwrap_or_default())
        });
        for at in 0..4 {
            let digit = char::from(DIGITS[group >> (18 - 6 * at) & 63]);
            encoded.push(if at > bytes.len() { '=' } else { digit });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SecurityScheme = SecurityScheme {
        name: "key",
        placement: Placement::Header("X-Key"),
    };
    const QUERY: SecurityScheme = SecurityScheme {
        name: "query",
        placement: Placement::Query("k"),
    };
    const COOKIE_KEY: SecurityScheme = SecurityScheme {
        name: "cookie",
        placement: Placement::Cookie("sid"),
    };
    const TOKEN: SecurityScheme = SecurityScheme {
        name: "token",
        placement: Placement::Authorization("Bearer"),
    };

    fn sent(
        security: Option<&'static [&'static [&'static str]]>,
        set: &[SecurityScheme],
    ) -> Vec<String> {
        let mut credentials = Credentials::default();
        for scheme in set {
            credentials.set(*scheme, format!("s-{}", scheme.name));
        }
        credentials.check().unwrap();
        let mut operation = Operation::new("a", "GET", "/");
        operation.security = security;
        let url = "http://x/".parse().unwrap();
        let mut request = Request::new(reqwest::Method::GET, url);
        credentials.apply(Some(&operation), &mut request);
        let mut all: Vec<String> = request
            .headers()
            .iter()
            .map(|(name, value)| {
                assert!(value.is_sensitive());
                format!("{name}: {}", value.to_str().unwrap())
            })
            .collect();
        all.extend(request.url().query().map(str::to_owned));
        all
    }

    #[test]
    fn credentials_are_sent_as_the_operation_asks() {
        let all = [KEY, QUERY, COOKIE_KEY, TOKEN];
        assert_eq!(
            sent(None, &all),
            [
                "x-key: s-key",
                "cookie: sid=s-cookie",
                "authorization: Bearer s-token",
                "k=s-query"
            ]
        );
        assert_eq!(sent(Some(&[]), &all), [""; 0]);
        assert_eq!(
            sent(Some(&[&["token"], &["key"]]), &all),
            ["authorization: Bearer s-token"]
        );
        assert_eq!(
            sent(Some(&[&["token"], &["key"]]), &[KEY]),
            ["x-key: s-key"]
        );
        assert_eq!(sent(Some(&[&[], &["key"]]), &[KEY]), ["x-key: s-key"]);
        assert_eq!(sent(Some(&[&["key", "query"]]), &[KEY]), [""; 0]);
        assert_eq!(
            sent(Some(&[&["key", "query"]]), &all),
            ["x-key: s-key", "k=s-query"]
        );
    }

    #[test]
    fn secret_is_in_no_debug_and_no_error() {
        let mut credentials = Credentials::default();
        credentials.set(KEY, "secret\n".into());
        let error = credentials.check().unwrap_err();
        let printed = format!("{credentials:?} {error} {error:?}");
        assert!(
            printed.contains("key") && !printed.contains("secret"),
            "{printed}"
        );
    }

    #[test]
    fn basic_authentication_is_base_64() {
        assert_eq!(
            basic("Aladdin", "open sesame"),
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert_eq!(basic("a", "bc"), "YTpiYw==");
        assert_eq!(basic("ab", "cde"), "YWI6Y2Rl");
        assert_eq!(basic("", "ab+"), "OmFiKw==");
    }
}
