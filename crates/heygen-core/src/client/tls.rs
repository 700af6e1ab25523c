//! TLS configuration: rustls with ring, and the operating system's trust store.
//!
//! The feature `rustls` of the HTTP library would choose aws-lc, which needs
//! cmake and is slower to build than all other dependencies together. Its other
//! feature leaves the choice to a provider installed for the whole process,
//! which a library must not do for its user. So the configuration is built here
//! and passed to it.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::error::{Error, build};

/// TLS 1.2 and 1.3, HTTP/2 where offered. Unless TLS is `needed`, it trusts no
/// certificate and skips loading those of the system: a client of plain http
/// never uses it.
pub(crate) fn config(needed: bool) -> Result<ClientConfig, Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let builder = if needed {
        builder.with_platform_verifier().map_err(unusable)?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn unusable(error: rustls::Error) -> Error {
    build::config(
        format!("TLS cannot be set up: {error}"),
        "install the certificates of the system, for example the package ca-certificates",
    )
    .with_source(error)
}
