//! The settings of a client, as the user sees them. What they mean and which
//! values are good is decided where they are used, in the transport.

use std::time::Duration;

use heygen_transport::{SecretString, TransportBuilder};

use crate::{Client, Error};

/// Sets up a [`Client`]. Nothing is checked before [`build`](Self::build).
///
/// ```
/// use std::time::Duration;
///
/// # fn main() -> Result<(), heygen::Error> {
/// let client = heygen::Client::builder()
///     .api_key("sk_example")
///     .base_url("http://127.0.0.1:8080")
///     .timeout(Duration::from_secs(20))
///     .max_retries(0)
///     .build()?;
/// # drop(client);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder(pub(crate) TransportBuilder);

impl ClientBuilder {
    /// The API key. It has no default. A [`SecretString`] or any text; it is
    /// kept as a secret and never printed.
    pub fn api_key(self, key: impl Into<SecretString>) -> Self {
        Self(self.0.api_key(key))
    }

    /// The address of the API, `https://api.heygen.com` by default. A path in
    /// it comes before the path of every operation. Plain `http` is for this
    /// machine only, see [`allow_http`](Self::allow_http).
    pub fn base_url(self, url: impl Into<String>) -> Self {
        Self(self.0.base_url(url))
    }

    /// Whether plain `http` may be used to another machine than this one; no
    /// by default, because the key would travel in clear.
    pub fn allow_http(self, allow: bool) -> Self {
        Self(self.0.allow_http(allow))
    }

    /// The time for a whole call, retries and waits included; 60 s by default.
    /// A call may have its own: [`Request::timeout`](crate::Request::timeout).
    pub fn timeout(self, timeout: Duration) -> Self {
        Self(self.0.timeout(timeout))
    }

    /// The time for making a connection, TLS included; 10 s by default.
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        Self(self.0.connect_timeout(timeout))
    }

    /// The time without a byte from the server after which an attempt counts
    /// as failed; 30 s by default.
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        Self(self.0.idle_timeout(timeout))
    }

    /// How often a call is tried again where that makes sense; 2 by default.
    pub fn max_retries(self, retries: u32) -> Self {
        Self(self.0.max_retries(retries))
    }

    /// The longest wait that a server is granted when it asks for one by
    /// `Retry-After`; 60 s by default. A call whose server asks for more fails
    /// at once, with the time in [`Error::retry_after`].
    pub fn max_retry_after(self, wait: Duration) -> Self {
        Self(self.0.max_retry_after(wait))
    }

    /// The largest body of a good answer that is read, in bytes, of a packed
    /// one what it is unpacked to; 64 MiB by default. A larger one is a
    /// [`Decode`](crate::ErrorKind::Decode) error.
    pub fn max_body_bytes(self, bytes: usize) -> Self {
        Self(self.0.max_body_bytes(bytes))
    }

    /// At most so many calls are under way at once, those of clones included;
    /// no limit by default. Further calls queue, first come, first served, on
    /// their own time.
    pub fn max_in_flight(self, calls: usize) -> Self {
        Self(self.0.max_in_flight(calls))
    }

    /// The header `User-Agent`; `heygen-rust/` and the version by default.
    pub fn user_agent(self, agent: impl Into<String>) -> Self {
        Self(self.0.user_agent(agent))
    }

    /// Takes what has not been set so far from the environment:
    ///
    /// | variable | setting |
    /// |---|---|
    /// | `HEYGEN_API_KEY` | the key |
    /// | `HEYGEN_BASE_URL` | the address of the API |
    /// | `HEYGEN_MAX_RETRIES` | a whole number |
    /// | `HEYGEN_TIMEOUT_SECS` | the time for a whole call, in seconds |
    ///
    /// A variable that is empty counts as not set.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if a variable cannot be read as
    /// what it should be. A missing key is not an error before `build`.
    pub fn fill_from_env(self) -> Result<Self, Error> {
        Ok(Self(self.0.fill_from_env()?))
    }

    /// Checks the settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config), saying which setting is wrong and
    /// how to mend it.
    pub fn build(self) -> Result<Client, Error> {
        Ok(Client {
            transport: self.0.build()?,
        })
    }
}
