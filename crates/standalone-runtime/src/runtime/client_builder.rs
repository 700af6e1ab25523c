//! Builder of clients: base URL, timeouts, credentials.

use std::time::Duration;

use super::{
    base_url,
    credentials::{Credentials, basic},
    error::Error,
    operation::{Placement, SecurityScheme},
    settings::{Settings, same_origin_redirects},
};

/// How long a connection may take if nothing else is set.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Builds a client: `build` ends it.
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    default_server: Option<&'static str>,
    base_url: Option<String>,
    http_client: Option<reqwest::Client>,
    connect_timeout: Option<Duration>,
    timeout: Option<Duration>,
    credentials: Credentials,
}

impl ClientBuilder {
    pub(crate) fn for_server(default_server: Option<&'static str>) -> Self {
        Self {
            default_server,
            base_url: None,
            http_client: None,
            connect_timeout: None,
            timeout: None,
            credentials: Credentials::default(),
        }
    }

    /// Sets the server's address, with scheme and host, and the path before
    /// those of the operations.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets how long connecting to the server may take: 10 seconds by default.
    /// Has no effect on a client of your own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets how long a call may take, from connecting to the end of the
    /// response's body. By default 60 seconds, and no limit for files and
    /// streams, to which this one applies too.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends requests by an HTTP client of your own, with its proxies and
    /// certificates.
    ///
    /// Give it the redirect policy
    /// [`same_origin_redirects`]: with that of reqwest, a key that is sent
    /// in a header goes along to whatever server a redirect names.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Sets the credential of a security scheme.
    pub(crate) fn credential(mut self, scheme: SecurityScheme, secret: String) -> Self {
        self.credentials.set(scheme, secret);
        self
    }

    /// Sets the credential of basic authentication.
    pub(crate) fn basic(self, name: &'static str, user: &str, password: &str) -> Self {
        let scheme = SecurityScheme {
            name,
            placement: Placement::Authorization("Basic"),
        };
        self.credential(scheme, basic(user, password))
    }

    /// The parts of a client: base URL, HTTP client, settings.
    pub(crate) fn parts(self) -> Result<(String, reqwest::Client, Settings), Error> {
        let is_default_server = self.base_url.is_none();
        let base_url = self
            .base_url
            .as_deref()
            .or(self.default_server)
            .ok_or_else(|| {
                Error::config("the document names no server: set one by `base_url`".to_owned())
            })?;
        let (text, base) = base_url::parse(base_url)?;
        self.credentials.check()?;
        let http = match self.http_client {
            Some(client) => client,
            None => http_client(
                self.connect_timeout.unwrap_or(CONNECT_TIMEOUT),
                is_default_server || base.scheme() == "https",
            )?,
        };
        let settings = Settings {
            base,
            is_default_server,
            timeout: self.timeout,
            credentials: self.credentials,
        };
        Ok((text, http, settings))
    }
}

fn http_client(connect_timeout: Duration, https: bool) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(same_origin_redirects());
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_preconfigured(super::tls::config(https)?);
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    if https {
        return Err(Error::config(
            "https needs TLS: turn on the feature rustls or native-tls of this crate".to_owned(),
        ));
    }
    let _ = https;
    builder
        .build()
        .map_err(|error| Error::config(format!("the HTTP client cannot be built: {error}")))
}
