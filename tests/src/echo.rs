//! A server that responds to each request with the avatar of the requested id,
//! over HTTP/1.1 or HTTP/2, and counts: for many calls at once.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::client::API_KEY;
use crate::document::avatar_body;

/// How long the server waits before its response, by the number of the request.
pub type Delay = fn(usize) -> Duration;

/// No delay.
pub fn no_delay(_: usize) -> Duration {
    Duration::ZERO
}

/// What the server has counted.
#[derive(Debug, Default)]
pub struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
    responses: AtomicUsize,
    http2: AtomicUsize,
    authenticated: AtomicUsize,
}

impl Counts {
    /// Connections that were accepted, after the handshake of TLS.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Requests that have arrived.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Responses that were begun.
    pub fn responses(&self) -> usize {
        self.responses.load(Ordering::SeqCst)
    }

    /// Requests over HTTP/2.
    pub fn http2(&self) -> usize {
        self.http2.load(Ordering::SeqCst)
    }

    /// Requests with the API key.
    pub fn authenticated(&self) -> usize {
        self.authenticated.load(Ordering::SeqCst)
    }
}

/// A running server on plain HTTP.
#[derive(Debug)]
pub struct EchoServer {
    port: u16,
    counts: Arc<Counts>,
    task: JoinHandle<()>,
}

impl EchoServer {
    /// Starts a server that delays its responses.
    pub async fn start(delay: Delay) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::<Counts>::default();
        let shared = Arc::clone(&counts);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                tokio::spawn(serve(stream, Arc::clone(&shared), delay));
            }
        });
        Self { port, counts, task }
    }

    /// The base URL of the server.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the server has counted.
    pub fn counts(&self) -> &Arc<Counts> {
        &self.counts
    }
}

impl Drop for EchoServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves one connection, in the HTTP version of its client.
pub(crate) async fn serve<S>(stream: S, counts: Arc<Counts>, delay: Delay)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    counts.connections.fetch_add(1, Ordering::SeqCst);
    let service = service_fn(move |request| respond(request, Arc::clone(&counts), delay));
    let server = auto::Builder::new(TokioExecutor::new());
    // An error is a client that closed the connection.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(
    request: Request<Incoming>,
    counts: Arc<Counts>,
    delay: Delay,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let number = counts.requests.fetch_add(1, Ordering::SeqCst);
    if request.version() == Version::HTTP_2 {
        counts.http2.fetch_add(1, Ordering::SeqCst);
    }
    let api_key = request.headers().get("x-api-key");
    if api_key.is_some_and(|api_key| api_key == API_KEY) {
        counts.authenticated.fetch_add(1, Ordering::SeqCst);
    }
    let delay = delay(number);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let id = request.uri().path().split('/').nth(3).unwrap_or_default();
    let response = Response::new(Full::new(Bytes::from(avatar_body(id))));
    counts.responses.fetch_add(1, Ordering::SeqCst);
    Ok(response)
}
