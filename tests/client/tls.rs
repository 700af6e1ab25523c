//! TLS: the client trusts what the operating system trusts. An authority of the
//! test replaces the system's in a child process, which is possible on Linux
//! only.

use std::fs;

use heygen::{Client, ErrorKind};
use heygen_tests::child;
use heygen_tests::client::{API_KEY, avatar, get_avatar};
use heygen_tests::tls::{Authority, TlsServer};

const HTTP_1: &str = "http/1.1";
const HTTP_2: &str = "h2";

/// Runs a test in a child process whose client trusts one authority only.
async fn run_client(test: &str, base_url: String, trusted: &Authority) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    fs::write(&file, trusted.pem()).unwrap();
    let variables = [
        ("HEYGEN_API_KEY", API_KEY),
        ("HEYGEN_BASE_URL", &base_url),
        ("HEYGEN_MAX_RETRIES", "0"),
        ("SSL_CERT_FILE", file.to_str().unwrap()),
        ("SSL_CERT_DIR", ""),
    ];
    child::run(test, &variables).await;
}

async fn assert_certificate_is_refused() {
    let client = Client::from_env().unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[tokio::test]
async fn http2_is_negotiated_if_the_server_offers_it() {
    const NAME: &str = "tls::http2_is_negotiated_if_the_server_offers_it";
    if child::is_child(NAME) {
        let client = Client::from_env().unwrap();
        for id in ["a1", "a2", "a3"] {
            assert_eq!(avatar(&client, id).await.unwrap().id, id);
        }
        return;
    }
    for (alpn, http2) in [(&[HTTP_2, HTTP_1][..], 3), (&[HTTP_1], 0), (&[], 0)] {
        let authority = Authority::new();
        let server = TlsServer::start(authority.server_config("localhost", alpn)).await;
        let url = format!("https://localhost:{}", server.port());
        run_client(NAME, url, &authority).await;
        assert_eq!(server.offered_alpn(), [HTTP_2, HTTP_1]);
        let counts = server.counts();
        assert_eq!((counts.http2(), counts.authenticated()), (http2, 3));
        assert_eq!(counts.connections(), 1);
    }
}

#[tokio::test]
async fn unknown_authority_is_connect_error() {
    const NAME: &str = "tls::unknown_authority_is_connect_error";
    if child::is_child(NAME) {
        return assert_certificate_is_refused().await;
    }
    let config = Authority::new().server_config("localhost", &[HTTP_1]);
    let server = TlsServer::start(config).await;
    let url = format!("https://localhost:{}", server.port());
    run_client(NAME, url, &Authority::new()).await;
    assert_eq!(server.counts().requests(), 0);
}

#[tokio::test]
async fn certificate_for_other_host_is_connect_error() {
    const NAME: &str = "tls::certificate_for_other_host_is_connect_error";
    if child::is_child(NAME) {
        return assert_certificate_is_refused().await;
    }
    let authority = Authority::new();
    let config = authority.server_config("localhost", &[HTTP_1]);
    let server = TlsServer::start(config).await;
    let url = format!("https://127.0.0.1:{}", server.port());
    run_client(NAME, url, &authority).await;
    assert_eq!(server.counts().requests(), 0);
}
