//! A server on a real HTTP library, for what takes many calls or HTTP/2: it
//! answers each request with an avatar of the id that was asked for.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use heygen::{Client, ClientBuilder};
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::server::KEY;

/// How long a request is thought about, by its number.
pub(crate) type Delay = fn(usize) -> Duration;

/// What a server has seen.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) connections: AtomicUsize,
    pub(crate) requests: AtomicUsize,
    /// How many of the requests came over HTTP/2.
    pub(crate) http2: AtomicUsize,
    /// How many of them carried the key.
    pub(crate) keyed: AtomicUsize,
}

/// A running server.
pub(crate) struct Echo {
    port: u16,
    counts: Arc<Counts>,
    task: JoinHandle<()>,
}

impl Echo {
    pub(crate) async fn start(delay: Delay) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::<Counts>::default();
        let counted = Arc::clone(&counts);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                tokio::spawn(serve(stream, Arc::clone(&counted), delay));
            }
        });
        Self { port, counts, task }
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        let url = format!("http://127.0.0.1:{}", self.port);
        Client::builder().api_key(KEY).base_url(url).max_retries(0)
    }

    pub(crate) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    pub(crate) fn over_http2(&self) -> usize {
        self.counts.http2.load(Ordering::SeqCst)
    }

    pub(crate) fn keyed(&self) -> usize {
        self.counts.keyed.load(Ordering::SeqCst)
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves one connection, in whichever version its client speaks.
pub(crate) async fn serve<S>(stream: S, counts: Arc<Counts>, delay: Delay)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    counts.connections.fetch_add(1, Ordering::SeqCst);
    let service = service_fn(move |request| answer(request, Arc::clone(&counts), delay));
    let server = auto::Builder::new(TokioExecutor::new());
    // An error is a client that went away.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    request: Request<Incoming>,
    counts: Arc<Counts>,
    delay: Delay,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let number = counts.requests.fetch_add(1, Ordering::SeqCst);
    if request.version() == Version::HTTP_2 {
        counts.http2.fetch_add(1, Ordering::SeqCst);
    }
    if request
        .headers()
        .get("x-api-key")
        .is_some_and(|key| key == KEY)
    {
        counts.keyed.fetch_add(1, Ordering::SeqCst);
    }
    let delay = delay(number);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let id = request.uri().path().split('/').nth(3).unwrap_or_default();
    let body = format!(r#"{{"error":null,"data":{{"id":"{id}","name":"Anna"}}}}"#);
    Ok(Response::new(Full::new(Bytes::from(body))))
}
