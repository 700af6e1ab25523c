//! Configuration of the HTTP library's client. User settings are applied before
//! the client's own rules, so that no setting can loosen them.

use std::time::Duration;

use http::HeaderValue;
use reqwest::redirect::Policy;

use crate::error::{Error, build};
use crate::origin::BaseUrl;

/// How often a connection of HTTP/2 is probed, also while it is idle.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(10);
/// A connection without a response to a probe for this long is closed, so that
/// neither retries nor later calls are sent over a dead one.
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);

/// Settings of the HTTP library.
pub(super) type HttpSettings =
    Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

pub(super) fn client(
    base: &BaseUrl,
    agent: HeaderValue,
    (connect_timeout, idle_timeout): (Duration, Duration),
    settings: Option<HttpSettings>,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .user_agent(agent)
        .connect_timeout(connect_timeout)
        .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL)
        .http2_keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
        .http2_keep_alive_while_idle(true);
    // Closes a connection with unacknowledged bytes: HTTP/1 has no probe.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    {
        builder = builder.tcp_user_timeout(idle_timeout);
    }
    #[cfg(feature = "rustls")]
    {
        builder = builder.tls_backend_preconfigured(super::tls::config(base.is_https())?);
    }
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    {
        builder = builder.tls_backend_native();
    }
    if cfg!(not(any(feature = "rustls", feature = "native-tls")))
        && base.is_https()
        && settings.is_none()
    {
        return Err(build::config(
            "this program was built without TLS, so https cannot be used",
            "turn on the feature rustls or native-tls of the crate heygen",
        ));
    }
    if let Some(settings) = settings {
        builder = settings(builder);
    }
    // The client's own rules, applied last: the credential is sent to the
    // configured origin only and never logged, and every attempt is counted.
    builder = builder
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connection_verbose(false);
    if base.is_https() {
        builder = builder.https_only(true);
    }
    if !base.allows_proxy() {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| {
        build::config(
            "the HTTP client cannot be built",
            "check the settings of the HTTP library",
        )
        .with_source(error.without_url())
    })
}
