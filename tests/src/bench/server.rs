//! A raw hyper server that sends one response, over and over.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Response, header};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::document::operation;

/// The vendor's own example of a response.
pub fn avatar() -> String {
    operation().example.to_string()
}

/// Starts the server on the present runtime, and returns its port.
pub async fn start(body: impl Into<Bytes>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("a bound socket").port();
    let body = body.into();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).expect("a socket");
            let body = body.clone();
            let service = service_fn(move |_| {
                let mut response = Response::new(Full::new(body.clone()));
                let json = header::HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, json);
                async { Ok::<_, Infallible>(response) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    port
}

/// Starts the server on a thread and a runtime of its own.
pub fn start_apart(body: impl Into<Bytes>) -> u16 {
    let body = body.into();
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            send.send(start(body).await).expect("a receiver");
            std::future::pending::<()>().await;
        });
    });
    receive.recv().expect("a server")
}
