//! What the benches compare: the same call to the same server, made by hand
//! with the HTTP library, by the code that progenitor generates without any of
//! ours, and by this crate. All three read the same body into the same fields
//! and speak over an HTTP client that is set up alike.

#![allow(dead_code, reason = "each bench uses its part")]

pub(crate) mod bare;
pub(crate) mod by_hand;
pub(crate) mod list;
pub(crate) mod server;

use std::time::Duration;

use heygen::Client;
use reqwest::header::HeaderMap;

/// What an API key looks like.
pub(crate) const KEY: &str = "sk_V2_0123456789abcdef0123456789abcdef0123456789abcdef";

/// The avatar that is asked for.
pub(crate) const ID: &str = "Abigail_standing_office_front";

/// A client of this crate, with all its defaults.
pub(crate) fn ours(port: u16) -> Client {
    Client::builder()
        .api_key(KEY)
        .base_url(base_url(port))
        .build()
        .expect("the settings are good")
}

pub(crate) fn base_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// The HTTP client of the others: the same library with the same features, the
/// same headers, the same time for a connection, no proxy as this crate asks none on loopback.
/// It has no deadline, unless `HEYGEN_BENCH_DEADLINE` is set: then that of ours.
pub(crate) fn http() -> reqwest::Client {
    http_with(HeaderMap::new())
}

/// The same, with headers that every request carries.
pub(crate) fn http_with(headers: HeaderMap) -> reqwest::Client {
    let mut builder = reqwest::Client::builder();
    if std::env::var_os("HEYGEN_BENCH_DEADLINE").is_some() {
        builder = builder.timeout(Duration::from_secs(60));
    }
    builder
        .default_headers(headers)
        .tls_backend_preconfigured(tls())
        .user_agent("by-hand/1.0")
        .connect_timeout(Duration::from_secs(10))
        .no_proxy()
        .build()
        .expect("the settings are good")
}

/// A set-up of TLS that reads no certificates, as this crate's for plain http:
/// nothing of it is used.
fn tls() -> rustls::ClientConfig {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
