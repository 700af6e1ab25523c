//! One connection: reads requests and sends responses, truncated or delayed by
//! the injected fault.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::envelope::Generation;
use crate::fault::{Delivery, Fault};
use crate::object_store::{FILES, SLOTS};
use crate::outgoing::Outgoing;
use crate::receive;
use crate::reply_body::{End, ReplyBody, Source};
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::shared::Shared;

/// Serves a connection until either side closes it. When `stop` changes, the
/// response in progress is finished and no other is started.
pub(crate) async fn serve(stream: TcpStream, shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let cut = Arc::new(AtomicBool::new(false));
    let socket = Socket {
        inner: TokioIo::new(stream),
        cut: Arc::clone(&cut),
    };
    let service = service_fn(move |request| {
        let (shared, cut) = (Arc::clone(&shared), Arc::clone(&cut));
        async move { respond(&shared, cut, request).await }
    });
    let connection = http1::Builder::new().serve_connection(socket, service);
    tokio::pin!(connection);
    // Connection errors are the client's to observe.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// The request ends without a response.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed without a response")
    }
}

impl std::error::Error for Dropped {}

async fn respond(
    shared: &Shared,
    cut: Arc<AtomicBool>,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Dropped> {
    let (parts, body) = request.into_parts();
    let mut recorded = RecordedRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body: Bytes::new(),
    };
    let fault = shared.next_fault(&recorded);
    let response = if recorded.path.starts_with(SLOTS) {
        let stored = receive::digest(body).await.map_err(|_| Dropped)?;
        let response = shared.store_upload(&recorded, stored, &fault);
        shared.record(recorded);
        response.into()
    } else if recorded.path.starts_with(FILES) {
        receive::discard(body).await.map_err(|_| Dropped)?;
        let response = shared.open_file(&recorded, &fault);
        shared.record(recorded);
        response
    } else {
        let received = receive::collect(body).await.map_err(|_| Dropped)?;
        let response = match received {
            Some(body) => {
                recorded.body = body;
                shared.respond(&recorded, &fault)
            }
            None => too_large(&recorded.path),
        };
        shared.record(recorded);
        response.into()
    };
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }
    if fault.delivery == Delivery::Close {
        return Err(Dropped);
    }
    Ok(reply(response, &fault, cut))
}

fn too_large(path: &str) -> MockResponse {
    let message = "The request body is larger than the API accepts.";
    Generation::of(path).failure(413, message, None)
}

fn reply(outgoing: Outgoing, fault: &Fault, cut: Arc<AtomicBool>) -> Response<ReplyBody> {
    let Outgoing {
        head: mut mocked,
        mut body,
    } = outgoing;
    // The response to HEAD has no body either, but hyper never polls it.
    let bodiless = matches!(mocked.status, 204 | 304);
    let end = match fault.delivery {
        _ if bodiless => End::Whole,
        Delivery::CutAfter(bytes) => {
            shorten(&mut mocked, &mut body, bytes);
            End::Cut(cut)
        }
        Delivery::StallAfter(bytes) => {
            shorten(&mut mocked, &mut body, bytes);
            End::Never
        }
        Delivery::Whole | Delivery::Close => End::Whole,
    };
    let mut response = Response::new(ReplyBody::new(body, end, fault.bytes_per_second));
    *response.status_mut() =
        StatusCode::from_u16(mocked.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = mocked.headers;
    response
}

/// Sets the `content-length` of the whole body and shortens it, by at least one
/// byte.
fn shorten(mocked: &mut MockResponse, body: &mut Source, bytes: usize) {
    let promised = body.left().max(1);
    mocked
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(promised));
    body.truncate((bytes as u64).min(promised - 1));
}

/// The socket, which fails the connection at the first flush after a cut.
struct Socket {
    inner: TokioIo<TcpStream>,
    cut: Arc<AtomicBool>,
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.cut.load(Ordering::Acquire) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
