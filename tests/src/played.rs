//! A server whose responses a function makes of the requests, for many requests
//! at once.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::ClientBuilder;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running server.
#[derive(Debug)]
pub struct PlayedServer {
    port: u16,
    lines: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl PlayedServer {
    /// Starts a server whose responses, a status and a body, are those of a
    /// function of the request's method and target, and of its number, from 1.
    pub async fn start(
        respond: impl Fn(&str, usize) -> (u16, Value) + Send + Sync + 'static,
    ) -> Self {
        Self::start_slow(Duration::ZERO, respond).await
    }

    /// Starts a server that waits before each response.
    pub async fn start_slow(
        delay: Duration,
        respond: impl Fn(&str, usize) -> (u16, Value) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let connections = Arc::<AtomicUsize>::default();
        let most = Arc::<AtomicUsize>::default();
        let (accepted, state) = (
            Arc::clone(&connections),
            Arc::new((Arc::clone(&lines), AtomicUsize::new(0), Arc::clone(&most))),
        );
        let respond = Arc::new(respond);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::SeqCst);
                let (state, respond) = (Arc::clone(&state), Arc::clone(&respond));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (state, respond) = (Arc::clone(&state), Arc::clone(&respond));
                    async move {
                        let (lines, in_flight, most) = &*state;
                        let now = in_flight.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        let target = request.uri().path_and_query().unwrap().as_str();
                        let line = format!("{} {target}", request.method());
                        let number = {
                            let mut lines = lines.lock().unwrap();
                            lines.push(line.clone());
                            lines.len()
                        };
                        if !delay.is_zero() {
                            tokio::time::sleep(delay).await;
                        }
                        let (status, body) = respond(&line, number);
                        let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
                        *response.status_mut() = status.try_into().unwrap();
                        let json = HeaderValue::from_static("application/json");
                        response.headers_mut().insert(CONTENT_TYPE, json);
                        in_flight.fetch_sub(1, Ordering::SeqCst);
                        Ok::<_, Infallible>(response)
                    }
                });
                let io = TokioIo::new(stream);
                tokio::spawn(http1::Builder::new().serve_connection(io, service));
            }
        });
        Self {
            port,
            lines,
            connections,
            most,
            task,
        }
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// How many requests were in flight at once, at most.
    pub fn most_in_flight(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    /// A builder of clients of this server, with default settings.
    pub fn builder(&self) -> ClientBuilder {
        crate::client::builder(format!("http://127.0.0.1:{}", self.port))
    }

    /// Method and target of the requests so far, in their order.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

impl Drop for PlayedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
