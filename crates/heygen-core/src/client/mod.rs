//! The client: settings and state shared by all its calls.

pub(crate) mod builder;
mod env;
mod http;
#[cfg(feature = "rustls")]
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::builder::ClientBuilder;
use crate::concurrency::ConcurrencyLimit;
use crate::credential::Credential;
use crate::deprecation::DeprecationLog;
use crate::origin::BaseUrl;
use crate::retry::throttle::RetryThrottle;
use crate::wait::registry::Waits;

/// Sends requests to the one origin it was built for. Cheap to clone; clones
/// share connections, limits and settings.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

/// Settings and shared state of a client.
pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) base: BaseUrl,
    pub(crate) credential: Credential,
    /// Replaces the timeout of each operation, if it is set.
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) idle_timeout: Duration,
    pub(crate) max_retries: u32,
    pub(crate) max_retry_after: Duration,
    pub(crate) max_body_bytes: usize,
    pub(crate) concurrency: ConcurrencyLimit,
    pub(crate) throttle: RetryThrottle,
    pub(crate) deprecations: DeprecationLog,
    pub(crate) waits: Waits,
}

impl Client {
    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.0.base.as_str()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Client")
            .field("base_url", &inner.base)
            .field("credential", &inner.credential)
            .finish_non_exhaustive()
    }
}
