//! Settings of a client, each with its default, checked when the client is
//! built.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use ::http::HeaderValue;
use secrecy::SecretString;

use super::env::Environment;
use super::http::{self, HttpSettings};
use super::{Client, Inner};
use crate::concurrency::ConcurrencyLimit;
use crate::credential::{self, Credential};
use crate::deprecation::DeprecationLog;
use crate::error::{Error, build};
use crate::origin::{BaseUrl, DEFAULT_BASE_URL};
use crate::retry::throttle::RetryThrottle;
use crate::wait::registry::Waits;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;
const MAX_RETRIES: u32 = 2;
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);
const USER_AGENT: &str = concat!("heygen-rust/", env!("CARGO_PKG_VERSION"));

/// Builds a client. Nothing is checked before [`build`](Self::build).
///
/// `C` is the client that is built: [`Client`], or a wrapper of it in a
/// dependent crate.
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder<C = Client> {
    settings: Settings,
    client: PhantomData<fn() -> C>,
}

/// Settings that were set explicitly.
#[derive(Default)]
struct Settings {
    api_key: Option<SecretString>,
    /// Used unless a credential is set before or after.
    env_api_key: Option<SecretString>,
    bearer_token: Option<SecretString>,
    base_url: Option<String>,
    allow_http: bool,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    max_retries: Option<u32>,
    max_retry_after: Option<Duration>,
    max_body_bytes: Option<usize>,
    max_in_flight: Option<usize>,
    user_agent: Option<String>,
    http: Option<HttpSettings>,
}

impl<C: From<Client>> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder with default settings.
    pub fn new() -> Self {
        Self {
            settings: Settings::default(),
            client: PhantomData,
        }
    }

    /// API key, sent as `x-api-key`. No default. A [`SecretString`] or any
    /// string; it is kept secret and never printed.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.settings.api_key = Some(key.into());
        self
    }

    /// OAuth access token, sent as `Authorization: Bearer` instead of an API
    /// key, and kept secret. Set one of the two.
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.settings.bearer_token = Some(token.into());
        self
    }

    /// Address of the API. A path in it is put before the path of every
    /// operation. Default: `https://api.heygen.com`. Plain `http` is accepted
    /// for loopback only, see [`allow_http`](Self::allow_http).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = Some(url.into());
        self
    }

    /// Whether plain `http` to another machine is accepted. The credential is
    /// then readable on the network. Default: no.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.settings.allow_http = allow;
        self
    }

    /// Timeout of a whole call, retries and waits included. Default: that of
    /// the operation, 30 s for reads and 120 s for writes unless its
    /// documentation states another. A call may set its own. Above zero, else
    /// `build` fails with `Config`, as for the other timeouts.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Timeout of each attempt, within that of the call. Uploads are bounded by
    /// their progress instead. Default: none.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = Some(timeout);
        self
    }

    /// Timeout of connecting, TLS handshake included. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = Some(timeout);
        self
    }

    /// How long a body in transit, down or up, may make no progress. The time
    /// before the first byte of a response does not count. Default: 30 s.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle_timeout = Some(timeout);
        self
    }

    /// How often a call is retried where that is safe. Default: 2.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.settings.max_retries = Some(retries);
        self
    }

    /// The longest `Retry-After` that is waited for. A call whose server asks
    /// for more fails at once, with the time in
    /// [`Error::retry_after`]. Default: 60 s.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.settings.max_retry_after = Some(wait);
        self
    }

    /// The largest successful response that is read, in bytes after
    /// decompression. A larger one is a `Decode` error, and reading it stops
    /// there. Downloads of files are not limited. Default: 64 MiB.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_body_bytes = Some(bytes);
        self
    }

    /// The most requests in flight at once, those of clones included. Further
    /// calls queue in order, on their own timeout; a call that waits for its
    /// retry is not in flight, and transfers of files do not count. Default: no
    /// limit.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.settings.max_in_flight = Some(requests);
        self
    }

    /// The header `User-Agent`. Default: `heygen-rust/` and the version.
    pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
        self.settings.user_agent = Some(agent.into());
        self
    }

    /// Settings of the HTTP library, for a module without a stability
    /// guarantee. The client's rules are applied after them.
    #[doc(hidden)]
    pub fn with_http(
        mut self,
        settings: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.settings.http = Some(match self.settings.http.take() {
            Some(earlier) => Box::new(|builder| settings(earlier(builder))),
            None => Box::new(settings),
        });
        self
    }

    /// Reads what has not been set from the environment:
    ///
    /// | variable | setting |
    /// |---|---|
    /// | `HEYGEN_API_KEY` | the API key, unless a bearer token is set |
    /// | `HEYGEN_BASE_URL` | the address of the API |
    /// | `HEYGEN_MAX_RETRIES` | a whole number |
    /// | `HEYGEN_TIMEOUT_SECS` | the timeout of a whole call, in seconds |
    ///
    /// An empty variable counts as not set.
    ///
    /// # Errors
    /// `Config` if a variable cannot be parsed. A missing key is not an error
    /// before `build`.
    pub fn from_env(mut self) -> Result<Self, Error> {
        let environment = Environment(|name: &str| std::env::var(name));
        let settings = &mut self.settings;
        if settings.api_key.is_none() && settings.bearer_token.is_none() {
            settings.env_api_key = environment.api_key()?;
        }
        if settings.base_url.is_none() {
            settings.base_url = environment.base_url()?;
        }
        if settings.max_retries.is_none() {
            settings.max_retries = environment.max_retries()?;
        }
        if settings.timeout.is_none() {
            settings.timeout = environment.timeout()?;
        }
        Ok(self)
    }

    /// Checks the settings and builds the client. Nothing is sent.
    ///
    /// # Errors
    /// `Config`, naming the setting that cannot be used and what to do.
    pub fn build(self) -> Result<C, Error> {
        self.settings.build().map(C::from)
    }
}

impl Settings {
    fn build(self) -> Result<Client, Error> {
        let credential = match (self.api_key, self.bearer_token) {
            (Some(key), None) => Credential::api_key(key)?,
            (None, Some(token)) => Credential::bearer_token(token)?,
            (None, None) => Credential::api_key(self.env_api_key.ok_or_else(credential::missing)?)?,
            (Some(_), Some(_)) => {
                return Err(build::config(
                    "both an API key and a bearer token are set",
                    "set one of them: a request carries one credential",
                ));
            }
        };
        let url = self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let base = BaseUrl::parse(url, self.allow_http)?;
        let max_body_bytes = self.max_body_bytes.unwrap_or(MAX_BODY_BYTES);
        if max_body_bytes == 0 {
            return Err(build::config(
                "max_body_bytes is zero",
                "set a number of bytes above zero",
            ));
        }
        let agent = self.user_agent.as_deref().unwrap_or(USER_AGENT);
        let hint = "use visible ASCII characters";
        let agent = HeaderValue::from_str(agent)
            .map_err(|_| build::config("the user agent cannot be sent as a header", hint))?;
        let idle = self.idle_timeout.unwrap_or(IDLE_TIMEOUT);
        let connect = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        let optional = |name: &str, timeout: Option<Duration>| {
            timeout.map(|timeout| above_zero(name, timeout)).transpose()
        };
        let timeouts = (
            above_zero("connect timeout", connect)?,
            above_zero("idle timeout", idle)?,
        );
        let http = http::client(&base, agent, timeouts, self.http)?;
        Ok(Client(Arc::new(Inner {
            http,
            base,
            credential,
            timeout: optional("timeout", self.timeout)?,
            attempt_timeout: optional("attempt timeout", self.attempt_timeout)?,
            idle_timeout: idle,
            max_retries: self.max_retries.unwrap_or(MAX_RETRIES),
            max_retry_after: self.max_retry_after.unwrap_or(MAX_RETRY_AFTER),
            max_body_bytes,
            concurrency: ConcurrencyLimit::new(self.max_in_flight)?,
            throttle: RetryThrottle::default(),
            deprecations: DeprecationLog::default(),
            waits: Waits::default(),
        })))
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The credential is a secret, and an unchecked base URL may contain
        // one.
        f.debug_struct("ClientBuilder").finish_non_exhaustive()
    }
}

fn above_zero(name: &str, timeout: Duration) -> Result<Duration, Error> {
    if timeout.is_zero() {
        return Err(build::config(
            format!("the {name} is zero"),
            "set a duration above zero",
        ));
    }
    Ok(timeout)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Builder = ClientBuilder<Client>;

    fn refused(builder: Builder) -> String {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Config);
        assert_eq!(error.attempts(), 0);
        error.to_string()
    }

    fn keyed() -> Builder {
        Builder::new().api_key("sk_secret")
    }

    #[test]
    fn settings_are_checked() {
        assert!(refused(Builder::new()).contains("HEYGEN_API_KEY"));
        assert!(refused(keyed().timeout(Duration::ZERO)).contains("the timeout is zero"));
        assert!(refused(keyed().attempt_timeout(Duration::ZERO)).contains("attempt"));
        assert!(refused(keyed().idle_timeout(Duration::ZERO)).contains("idle"));
        assert!(refused(keyed().connect_timeout(Duration::ZERO)).contains("connect"));
        assert!(refused(keyed().max_body_bytes(0)).contains("max_body_bytes"));
        assert!(refused(keyed().max_in_flight(0)).contains("max_in_flight"));
        assert!(refused(keyed().user_agent("a\nb")).contains("user agent"));
        assert!(refused(keyed().base_url("nowhere")).contains("base URL"));
        assert!(refused(keyed().bearer_token("t")).contains("both"));
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[test]
    fn defaults_are_as_documented() {
        let client = keyed().build().unwrap();
        assert_eq!(client.base_url(), "https://api.heygen.com");
        let inner = &client.0;
        assert_eq!(inner.timeout, None);
        assert_eq!(inner.attempt_timeout, None);
        assert_eq!(inner.idle_timeout, Duration::from_secs(30));
        assert_eq!(inner.max_retries, 2);
        assert_eq!(inner.max_retry_after, Duration::from_secs(60));
        assert_eq!(inner.max_body_bytes, 64 * 1024 * 1024);
        // Passed to the HTTP library, which has no getter for it.
        assert_eq!(CONNECT_TIMEOUT, Duration::from_secs(10));
    }

    #[test]
    fn debug_redacts_secrets() {
        let keyed = keyed().base_url("https://u:hush@x.example");
        let token = Builder::new().bearer_token("hush");
        let client = token.base_url("http://127.0.0.1:1").build().unwrap();
        let debug = format!("{keyed:?} {client:?}");
        assert!(
            !debug.contains("secret") && !debug.contains("hush"),
            "{debug}"
        );
        assert!(debug.contains("127.0.0.1:1"), "{debug}");
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    #[test]
    fn https_without_tls_is_refused() {
        assert!(refused(keyed()).contains("without TLS"));
    }
}
