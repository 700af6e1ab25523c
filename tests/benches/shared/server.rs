//! A raw hyper server that gives one answer, over and over.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Response, header};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// The vendor's own example of an answer.
pub(crate) const AVATAR: &str = r#"{"error":null,"data":{"type":"avatar","id":"Abigail_standing_office_front","name":"Abigail Office Front","gender":"female","preview_image_url":"https://files2.heygen.ai/avatar/v3/463208b6cad140d2b263535826838e3a_39240/preview_target.webp","preview_video_url":"https://files2.heygen.ai/avatar/v3/463208b6cad140d2b263535826838e3a_39240/preview_video_target.mp4","premium":false,"is_public":true,"default_voice_id":"16a09e4706f74997ba4ed05ea11470f6","tags":["NEW","AVATAR_IV"]}}"#;

/// Starts the server on the runtime that asks, and gives its port.
pub(crate) async fn start(body: impl Into<Bytes>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("it is bound").port();
    let body = body.into();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).expect("it is a socket");
            let body = body.clone();
            let answer = service_fn(move |_| {
                let mut response = Response::new(Full::new(body.clone()));
                let json = header::HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, json);
                async { Ok::<_, Infallible>(response) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    port
}

/// Starts the server on a thread and a runtime of its own.
pub(crate) fn start_apart(body: impl Into<Bytes>) -> u16 {
    let body = body.into();
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            send.send(start(body).await).expect("somebody waits");
            std::future::pending::<()>().await;
        });
    });
    receive.recv().expect("the server starts")
}
