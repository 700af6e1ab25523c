//! How a client is set up: every setting with its default, checked when the
//! client is built. What the user may ask of the HTTP library comes before our
//! own rules, so that no setting can loosen them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use reqwest::redirect::Policy;
use secrecy::SecretString;

use crate::body;
use crate::budget::Budget;
use crate::error::{Error, fail};
use crate::flight::Flight;
use crate::key::{self, ApiKey};
use crate::notice::Told;
use crate::origin::{BaseUrl, DEFAULT_BASE_URL};
use crate::transport::{Shared, Transport};

const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_RETRIES: u32 = 2;
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);
const USER_AGENT: &str = concat!("heygen-rust/", env!("CARGO_PKG_VERSION"));

type HttpSettings = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// The settings of a client, before they are checked.
#[derive(Default)]
pub struct TransportBuilder {
    pub(crate) api_key: Option<SecretString>,
    pub(crate) base_url: Option<String>,
    pub(crate) allow_http: bool,
    pub(crate) timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    pub(crate) max_retries: Option<u32>,
    max_retry_after: Option<Duration>,
    max_body_bytes: Option<usize>,
    max_in_flight: Option<usize>,
    user_agent: Option<String>,
    http: Option<HttpSettings>,
}

impl TransportBuilder {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The API key. It has no default.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The address of the API. A path in it comes before the path of every
    /// operation. Default: `https://api.heygen.com`.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Whether plain `http` may be used to another machine than this one. The
    /// key then travels in clear. Default: no.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The time for a whole call, retries and waits included. Default: 60 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The time for making a connection, TLS included. Default: 10 s.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// The time without a byte from the server after which an attempt counts
    /// as failed. Default: 30 s.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// How often a call is tried again where that makes sense. Default: 2.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// The longest wait that a server is granted when it asks for one by
    /// `Retry-After`. A call whose server asks for more fails at once, with the
    /// time in its error. Default: 60 s.
    #[must_use]
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = Some(wait);
        self
    }

    /// The largest body of a good answer that is read, in bytes, of a packed
    /// one what it is unpacked to. A larger one is a `Decode` error, and no
    /// more of it is read. Default: 64 MiB.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = Some(bytes);
        self
    }

    /// At most so many calls are under way at once, clones included; further
    /// ones queue, first come, first served, on their own time. Default: no
    /// limit.
    #[must_use]
    pub fn max_in_flight(mut self, calls: usize) -> Self {
        self.max_in_flight = Some(calls);
        self
    }

    /// The header `User-Agent`. Default: `heygen-rust/` and the version.
    #[must_use]
    pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
        self.user_agent = Some(agent.into());
        self
    }

    /// Settings that only the HTTP library knows. Our rules on redirects,
    /// proxies and logging of traffic are applied afterwards and win.
    #[must_use]
    pub fn http(
        mut self,
        settings: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.http = Some(match self.http.take() {
            Some(earlier) => Box::new(|builder| settings(earlier(builder))),
            None => Box::new(settings),
        });
        self
    }

    /// Takes what has not been set from the environment: `HEYGEN_API_KEY`,
    /// `HEYGEN_BASE_URL`, `HEYGEN_MAX_RETRIES`, `HEYGEN_TIMEOUT_SECS`. A
    /// variable that is empty counts as not set.
    ///
    /// # Errors
    /// `Config` if a variable cannot be read as what it should be.
    pub fn fill_from_env(self) -> Result<Self, Error> {
        crate::env::fill(self, |name| std::env::var(name))
    }

    /// Checks the settings and makes the transport. Nothing is sent.
    ///
    /// # Errors
    /// `Config`, saying which setting is wrong and how to mend it.
    pub fn build(self) -> Result<Transport, Error> {
        let key = ApiKey::new(self.api_key.ok_or_else(key::missing)?)?;
        let base = BaseUrl::parse(
            self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL),
            self.allow_http,
        )?;
        let timeout = above_zero("timeout", self.timeout.unwrap_or(TIMEOUT))?;
        let idle = above_zero("idle timeout", self.idle_timeout.unwrap_or(IDLE_TIMEOUT))?;
        let connect = above_zero(
            "connect timeout",
            self.connect_timeout.unwrap_or(CONNECT_TIMEOUT),
        )?;
        let max_body_bytes = self.max_body_bytes.unwrap_or(body::LIMIT);
        if max_body_bytes == 0 {
            return Err(fail::config(
                "the bound on bodies is zero",
                "give a number of bytes above zero",
            ));
        }
        let agent = HeaderValue::from_str(self.user_agent.as_deref().unwrap_or(USER_AGENT))
            .map_err(|error| {
                fail::config(
                    "the user agent cannot be sent as a header",
                    "use visible ASCII characters",
                )
                .with_source(error)
            })?;
        let http = http_client(&base, agent, connect, self.http)?;
        Ok(Transport(Arc::new(Shared {
            http,
            base,
            key,
            timeout,
            idle,
            max_retries: self.max_retries.unwrap_or(MAX_RETRIES),
            max_retry_after: self.max_retry_after.unwrap_or(MAX_RETRY_AFTER),
            max_body_bytes,
            flight: Flight::new(self.max_in_flight)?,
            budget: Budget::default(),
            told: Told::default(),
        })))
    }
}

impl fmt::Debug for TransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL may hold a password as long as it is not checked.
        f.debug_struct("TransportBuilder")
            .field("api_key", &self.api_key.as_ref().map(|_| "[redacted]"))
            .field(
                "base_url",
                &self.base_url.as_ref().map(|_| "[not checked yet]"),
            )
            .field("allow_http", &self.allow_http)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("max_retries", &self.max_retries)
            .field("max_retry_after", &self.max_retry_after)
            .field("max_body_bytes", &self.max_body_bytes)
            .field("max_in_flight", &self.max_in_flight)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

fn above_zero(name: &str, time: Duration) -> Result<Duration, Error> {
    if time.is_zero() {
        return Err(fail::config(
            format!("the {name} is zero"),
            "give a time above zero",
        ));
    }
    Ok(time)
}

fn http_client(
    base: &BaseUrl,
    agent: HeaderValue,
    connect_timeout: Duration,
    settings: Option<HttpSettings>,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .user_agent(agent)
        .connect_timeout(connect_timeout);
    #[cfg(feature = "rustls")]
    {
        builder = builder.tls_backend_preconfigured(crate::tls::config(base.is_https())?);
    }
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    {
        builder = builder.tls_backend_native();
    }
    if cfg!(not(any(feature = "rustls", feature = "native-tls")))
        && base.is_https()
        && settings.is_none()
    {
        return Err(fail::config(
            "this program was built without TLS, so https cannot be used",
            "turn on the feature rustls or native-tls of the crate heygen",
        ));
    }
    if let Some(settings) = settings {
        builder = settings(builder);
    }
    // From here on it is ours: the key leaves for the configured origin only,
    // and is never written to a log of the traffic.
    builder = builder
        .redirect(Policy::none())
        .referer(false)
        .connection_verbose(false);
    if base.is_https() {
        builder = builder.https_only(true);
    }
    if !base.allows_proxy() {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| {
        fail::config(
            "the HTTP client cannot be set up",
            "check the settings given to the HTTP library",
        )
        .with_source(error.without_url())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(builder: TransportBuilder) -> String {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Config);
        assert_eq!(error.attempts(), 0);
        error.to_string()
    }

    fn keyed() -> TransportBuilder {
        TransportBuilder::new().api_key("sk_secret")
    }

    #[test]
    fn checks_settings() {
        assert!(refused(TransportBuilder::new()).contains("HEYGEN_API_KEY"));
        assert!(refused(keyed().timeout(Duration::ZERO)).contains("the timeout is zero"));
        assert!(refused(keyed().idle_timeout(Duration::ZERO)).contains("idle"));
        assert!(refused(keyed().connect_timeout(Duration::ZERO)).contains("connect"));
        assert!(refused(keyed().max_body_bytes(0)).contains("bodies"));
        assert!(refused(keyed().max_in_flight(0)).contains("in flight"));
        assert!(refused(keyed().user_agent("a\nb")).contains("user agent"));
        assert!(refused(keyed().base_url("nowhere")).contains("base URL"));
    }

    /// As the documentation of each setting says.
    #[test]
    fn what_is_not_set_is_as_documented() {
        let transport = keyed().build().unwrap();
        assert_eq!(transport.base_url(), "https://api.heygen.com");
        let shared = &transport.0;
        assert_eq!(shared.timeout, Duration::from_secs(60));
        assert_eq!(shared.idle, Duration::from_secs(30));
        assert_eq!(shared.max_retries, 2);
        assert_eq!(shared.max_retry_after, Duration::from_secs(60));
        assert_eq!(shared.max_body_bytes, 64 * 1024 * 1024);
        // The HTTP library keeps this one to itself.
        assert_eq!(CONNECT_TIMEOUT, Duration::from_secs(10));
    }

    #[test]
    fn nothing_prints_the_key() {
        let builder = keyed().base_url("https://u:hush@x.example");
        let debug = format!("{builder:?}");
        assert!(
            !debug.contains("secret") && !debug.contains("hush"),
            "{debug}"
        );
        let transport = keyed().base_url("http://127.0.0.1:1").build().unwrap();
        let debug = format!("{transport:?}");
        assert!(!debug.contains("secret"), "{debug}");
        assert!(debug.contains("127.0.0.1:1"), "{debug}");
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[test]
    fn the_default_is_the_api_itself() {
        let transport = keyed().build().unwrap();
        assert_eq!(transport.base_url(), "https://api.heygen.com");
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    #[test]
    fn without_tls_https_is_refused_by_name() {
        assert!(refused(keyed()).contains("without TLS"));
    }
}
