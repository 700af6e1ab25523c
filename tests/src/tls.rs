//! TLS: a certificate authority generated for one test, and an echo server over
//! TLS that records the ALPN protocols of its clients.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::Acceptor;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use crate::echo::{self, Counts, no_delay};

/// A certificate authority.
#[derive(Debug)]
pub struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// An authority without any client that trusts it.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self {
            certificate: params.self_signed(&key).unwrap(),
            issuer: Issuer::new(params, key),
        }
    }

    /// Its certificate, for a file that a client trusts.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// The configuration of a server with a certificate for this host name.
    pub fn server_config(&self, host: &str, alpn: &[&str]) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = protocols(alpn);
        config
    }

    /// The configuration of a client that trusts this authority only.
    pub fn client_config(&self, alpn: &[&str]) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols(alpn);
        config
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn protocols(alpn: &[&str]) -> Vec<Vec<u8>> {
    alpn.iter().map(|name| name.as_bytes().to_vec()).collect()
}

/// A running echo server over TLS.
#[derive(Debug)]
pub struct TlsServer {
    port: u16,
    counts: Arc<Counts>,
    offered_alpn: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl TlsServer {
    /// Starts a server with this configuration.
    pub async fn start(config: ServerConfig) -> Self {
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::<Counts>::default();
        let offered_alpn = Arc::<Mutex<Vec<String>>>::default();
        let (counted, recorded) = (Arc::clone(&counts), Arc::clone(&offered_alpn));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (config, counted) = (Arc::clone(&config), Arc::clone(&counted));
                let recorded = Arc::clone(&recorded);
                tokio::spawn(async move {
                    // The client may reject the handshake.
                    if let Ok(stream) = accept(stream, config, &recorded).await {
                        echo::serve(stream, counted, no_delay).await;
                    }
                });
            }
        });
        Self {
            port,
            counts,
            offered_alpn,
            task,
        }
    }

    /// The port of the server.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What the server has counted.
    pub fn counts(&self) -> &Arc<Counts> {
        &self.counts
    }

    /// The ALPN protocols that the last client offered.
    pub fn offered_alpn(&self) -> Vec<String> {
        self.offered_alpn.lock().unwrap().clone()
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    offered_alpn: &Mutex<Vec<String>>,
) -> std::io::Result<TlsStream<TcpStream>> {
    stream.set_nodelay(true)?;
    let handshake = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let offered = handshake.client_hello().alpn().into_iter().flatten();
    let offered = offered.map(|name| String::from_utf8_lossy(name).into_owned());
    *offered_alpn.lock().unwrap() = offered.collect();
    handshake.into_stream(config).await
}
