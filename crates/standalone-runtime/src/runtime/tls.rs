//! TLS configuration: rustls with ring, and the operating system's trust store.
//! The feature `rustls` of reqwest would bring aws-lc, a large library in C.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::error::Error;

/// TLS 1.2 and 1.3, for HTTP/1.1. Unless TLS is `needed`, it trusts no
/// certificate, and those of the system are not loaded.
pub(super) fn config(needed: bool) -> Result<ClientConfig, Error> {
    let unusable = |error: rustls::Error| Error::config(format!("TLS cannot be set up: {error}"));
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let builder = if needed {
        builder.with_platform_verifier().map_err(unusable)?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
