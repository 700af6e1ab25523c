//! TLS trusts what the operating system trusts, and nobody else. A made-up
//! authority stands for the system's, in a process of its own; only on Linux
//! can a process be told which that is.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::{Client, ErrorKind};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::{LazyConfigAcceptor, TlsAcceptor};

use crate::echo::{self, Counts};
use crate::environment::{again, assert_good, is_again};
use crate::server::{KEY, ask};

const ANSWER: &str =
    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 20\r\n\r\n{\"data\":{\"id\":\"a1\"}}";

/// What clients have said to a server: the protocols that they offered, and
/// the requests that got through.
#[derive(Default)]
struct Heard {
    offered: Vec<String>,
    requests: Vec<String>,
}

/// The set-up of a server for `localhost`. The certificate of the authority that
/// vouches for it is written to a file.
fn vouched_for(authority: &Path) -> ServerConfig {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    fs::write(authority, ca.self_signed(&ca_key).unwrap().pem()).unwrap();

    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &Issuer::new(ca, ca_key))
        .unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

/// Starts a server for `localhost`, and writes the certificate of the
/// authority that vouches for it to a file.
async fn serve(authority: &Path) -> (u16, Arc<Mutex<Heard>>) {
    let config = Arc::new(vouched_for(authority));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::<Mutex<Heard>>::default();
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(hello) = LazyConfigAcceptor::new(Acceptor::default(), stream).await else {
                continue;
            };
            let offered: Vec<_> = hello
                .client_hello()
                .alpn()
                .into_iter()
                .flatten()
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .collect();
            kept.lock().unwrap().offered = offered;
            let Ok(mut stream) = hello.into_stream(Arc::clone(&config)).await else {
                continue;
            };
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap_or_default();
            if length > 0 {
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                kept.lock().unwrap().requests.push(request);
                let _ = stream.write_all(ANSWER.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    (port, heard)
}

/// Runs a test again as a client of `url` that trusts one authority.
async fn as_client(test: &'static str, url: String, authority: &Path) {
    let authority = authority.to_str().unwrap().to_owned();
    let output = tokio::task::spawn_blocking(move || {
        again(
            test,
            &[
                ("HEYGEN_API_KEY", KEY),
                ("HEYGEN_BASE_URL", &url),
                ("HEYGEN_MAX_RETRIES", "0"),
                ("SSL_CERT_FILE", &authority),
                ("SSL_CERT_DIR", ""),
            ],
        )
    });
    assert_good(&output.await.unwrap());
}

async fn refused() {
    let client = Client::from_env().unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_the_system_trusts_is_spoken_to() {
    const NAME: &str = "tls::a_server_that_the_system_trusts_is_spoken_to";
    if is_again(NAME) {
        let client = Client::from_env().unwrap();
        assert_eq!(ask(&client).await.unwrap().id, "a1");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    let (port, heard) = serve(&authority).await;
    as_client(NAME, format!("https://localhost:{port}"), &authority).await;
    let heard = heard.lock().unwrap();
    assert_eq!(heard.offered, ["h2", "http/1.1"]);
    assert!(heard.requests[0].contains(KEY));
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_is_spoken_where_the_server_offers_it() {
    const NAME: &str = "tls::http2_is_spoken_where_the_server_offers_it";
    if is_again(NAME) {
        let client = Client::from_env().unwrap();
        for id in ["a1", "a2", "a3"] {
            assert_eq!(client.v2().avatars().details(id).await.unwrap().id, id);
        }
        return;
    }
    for (offered, over_http2) in [
        (&[b"h2".as_slice(), b"http/1.1"][..], 3),
        (&[b"http/1.1"], 0),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let authority = folder.path().join("authority.pem");
        let mut config = vouched_for(&authority);
        config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::<Counts>::default();
        let counted = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let stream = acceptor.accept(stream).await.unwrap();
                tokio::spawn(echo::serve(stream, Arc::clone(&counted), |_| {
                    Duration::ZERO
                }));
            }
        });
        as_client(NAME, format!("https://localhost:{port}"), &authority).await;
        assert_eq!(counts.http2.load(Ordering::SeqCst), over_http2);
        assert_eq!(counts.keyed.load(Ordering::SeqCst), 3);
        assert_eq!(counts.connections.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_authority_is_refused() {
    const NAME: &str = "tls::an_unknown_authority_is_refused";
    if is_again(NAME) {
        return refused().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let (port, heard) = serve(&folder.path().join("its.pem")).await;
    let other = folder.path().join("other.pem");
    serve(&other).await;
    as_client(NAME, format!("https://localhost:{port}"), &other).await;
    assert!(heard.lock().unwrap().requests.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_another_name_is_refused() {
    const NAME: &str = "tls::a_certificate_for_another_name_is_refused";
    if is_again(NAME) {
        return refused().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    let (port, heard) = serve(&authority).await;
    as_client(NAME, format!("https://127.0.0.1:{port}"), &authority).await;
    assert!(heard.lock().unwrap().requests.is_empty());
}
