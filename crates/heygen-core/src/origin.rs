//! The base URL: the one origin that the credential is sent to, over TLS or on
//! loopback, and the addresses that files may be fetched from or stored at.

use std::fmt;

use url::{Host, Position, Url};

use crate::error::{Error, build};

/// The API's own address.
pub(crate) const DEFAULT_BASE_URL: &str = "https://api.heygen.com";

/// Longer addresses are refused by the HTTP library, in bytes.
pub(crate) const MAX_URL: usize = 60_000;

const HINT: &str = "set a base URL such as https://api.heygen.com or http://127.0.0.1:8080";

/// A checked base URL: scheme, host, port and an optional path before every
/// operation's own.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    url: Url,
    /// Without a slash at its end, ready for a path to be appended.
    text: String,
}

impl BaseUrl {
    /// Parses a base URL. Plain `http` is accepted for loopback only, unless
    /// `allow_http` is set.
    pub(crate) fn parse(text: &str, allow_http: bool) -> Result<Self, Error> {
        let refuse = |why: &str| build::config(format!("the base URL {why}"), HINT);
        let mut url = Url::parse(text.trim())
            .map_err(|error| refuse(&format!("cannot be parsed: {error}")).with_source(error))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("is neither http nor https"));
        }
        // A password in the address would leak into logs and error messages.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("has a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("has a query or a fragment"));
        }
        if url.scheme() == "http" && !is_loopback(&url) && !allow_http {
            return Err(build::config(
                format!("the base URL {url} would send the API key over the network in clear"),
                "use https; a program that trusts the network in between may call allow_http(true)",
            ));
        }
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&prefix);
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, text })
    }

    /// The address without a slash at its end.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The path prefix in front of every operation's path: empty, or `/prefix`.
    pub(crate) fn path_prefix(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// The address of a path of an operation's own. Parsing the whole address
    /// again would cost several times as much.
    pub(crate) fn with_path(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.path_prefix()));
        url
    }

    /// Whether a URL has the same scheme, host and port, and names no user.
    pub(crate) fn same_origin(&self, other: &Url) -> bool {
        // The base URL has no user, and a parsed address is normalised:
        // lower-case scheme, canonical host, no default port.
        self.url[..Position::BeforePath] == other[..Position::BeforePath]
    }

    /// Whether a file may be downloaded from or uploaded to an address, without
    /// the key: over `https`, or over plain http if the base URL is plain http,
    /// too. A base URL on loopback allows plain http on loopback only.
    pub(crate) fn allows_file(&self, url: &Url) -> bool {
        let encrypted = url.scheme() == "https";
        let plain = url.scheme() == "http"
            && !self.is_https()
            && (is_loopback(url) || !is_loopback(&self.url));
        (encrypted || plain) && url.username().is_empty() && url.password().is_none()
    }

    /// Whether the connection is encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether a proxy of the system may be used. Never for plain http, where
    /// the proxy would see the key, nor for loopback.
    pub(crate) fn allows_proxy(&self) -> bool {
        self.is_https() && !is_loopback(&self.url)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a URL's host is this machine by its name or address.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback()
                || address
                    .to_ipv4_mapped()
                    .is_some_and(|mapped| mapped.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> BaseUrl {
        BaseUrl::parse(text, false).unwrap()
    }

    #[test]
    fn path_prefix_is_kept_and_final_slash_dropped() {
        for (text, printed, prefix) in [
            ("https://api.heygen.com", "https://api.heygen.com", ""),
            ("https://api.heygen.com/", "https://api.heygen.com", ""),
            (
                "https://gate.example/heygen/",
                "https://gate.example/heygen",
                "/heygen",
            ),
            ("http://[::1]:80/a/b//", "http://[::1]/a/b", "/a/b"),
        ] {
            let base = base(text);
            assert_eq!(
                (base.as_str(), base.path_prefix()),
                (printed, prefix),
                "{text}"
            );
        }
    }

    #[test]
    fn malformed_base_url_is_refused() {
        for text in [
            "",
            "api.heygen.com",
            "ftp://api.heygen.com",
            "https://user@api.heygen.com",
            "https://user:hush@api.heygen.com",
            "https://api.heygen.com/?a=b",
            "https://api.heygen.com/#x",
        ] {
            let error = BaseUrl::parse(text, true).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Config, "{text}");
            assert!(!error.to_string().contains("hush"), "{error}");
        }
    }

    #[test]
    fn plain_http_is_accepted_on_loopback_only() {
        for text in [
            "http://localhost:1",
            "http://127.9.9.9",
            "http://[::1]",
            "http://a.localhost",
        ] {
            assert!(!base(text).allows_proxy(), "{text}");
        }
        for text in [
            "http://api.heygen.com",
            "http://10.0.0.1",
            "http://localhost.example.com",
        ] {
            assert!(BaseUrl::parse(text, false).is_err(), "{text}");
            assert!(
                !BaseUrl::parse(text, true).unwrap().allows_proxy(),
                "{text}"
            );
        }
        assert!(base("https://api.heygen.com").allows_proxy());
        assert!(!base("https://localhost").allows_proxy());
    }

    #[test]
    fn file_address_is_as_safe_as_the_base_url() {
        let may = |base: &str, file: &str| {
            let base = BaseUrl::parse(base, true).unwrap();
            base.allows_file(&Url::parse(file).unwrap())
        };
        for base in [
            "https://api.heygen.com",
            "http://127.0.0.1:1",
            "http://10.0.0.1",
        ] {
            assert!(may(base, "https://files.example/x?signature=1"), "{base}");
            assert!(!may(base, "https://user@files.example/x"), "{base}");
            assert!(!may(base, "ftp://files.example/x"), "{base}");
            assert!(!may(base, "file:///etc/passwd"), "{base}");
        }
        assert!(!may("https://api.heygen.com", "http://files.example/x"));
        assert!(!may("https://api.heygen.com", "http://127.0.0.1/x"));
        assert!(may("http://127.0.0.1:1", "http://localhost:2/x"));
        assert!(!may("http://127.0.0.1:1", "http://files.example/x"));
        assert!(may("http://10.0.0.1", "http://files.example/x"));
    }

    #[test]
    fn origin_is_scheme_host_and_port() {
        let base = base("https://api.heygen.com");
        let same = |text: &str| base.same_origin(&Url::parse(text).unwrap());
        assert!(same("https://API.heygen.com:443/x"));
        for other in [
            "http://api.heygen.com",
            "https://api.heygen.com:8443",
            "https://api.heygen.com.evil.example",
            "https://api.heygen.com@evil.example",
            "https://user@api.heygen.com",
            "https://heygen.com",
        ] {
            assert!(!same(other), "{other}");
        }
    }
}
