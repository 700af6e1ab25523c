//! One connection: reads requests and sends responses, truncated or delayed by
//! the injected fault.
//!
//! hyper discards its write buffer when a body fails, so the connection is
//! closed below it: the body requests it after its last byte, and the socket
//! fails once everything before has been written.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::envelope::Generation;
use crate::fault::Delivery;
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::shared::Shared;

/// The largest request body that is read, in bytes.
const MAX_BODY: usize = 64 * 1024 * 1024;

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
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            let message = "The request body is larger than this mock reads.";
            let mocked = Generation::of(parts.uri.path()).failure(413, message, None);
            return Ok(reply(mocked, Delivery::Whole, cut));
        }
        Err(_) => return Err(Dropped),
    };
    let recorded = RecordedRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body,
    };
    let (mocked, fault) = shared.respond(recorded);
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }
    if fault.delivery == Delivery::Close {
        return Err(Dropped);
    }
    // The response to HEAD has no body either, but hyper never polls it.
    let bodiless = matches!(mocked.status, 204 | 304);
    let delivery = if bodiless {
        Delivery::Whole
    } else {
        fault.delivery
    };
    Ok(reply(mocked, delivery, cut))
}

fn reply(
    mut mocked: MockResponse,
    delivery: Delivery,
    cut: Arc<AtomicBool>,
) -> Response<ReplyBody> {
    let body = match delivery {
        Delivery::CutAfter(bytes) => {
            let data = shorten(&mut mocked, bytes);
            ReplyBody::new(data, End::Cut(cut))
        }
        Delivery::StallAfter(bytes) => {
            let data = shorten(&mut mocked, bytes);
            ReplyBody::new(data, End::Never)
        }
        Delivery::Whole | Delivery::Close => ReplyBody::new(mocked.body, End::Whole),
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(mocked.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = mocked.headers;
    response
}

/// Sets the `content-length` of the whole body and returns the part to send, at
/// least one byte less.
fn shorten(mocked: &mut MockResponse, bytes: usize) -> Bytes {
    let promised = mocked.body.len().max(1);
    mocked
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(promised));
    let sent = bytes.min(promised - 1).min(mocked.body.len());
    mocked.body.slice(..sent)
}

/// The body of a response and how the response ends.
struct ReplyBody {
    data: Option<Bytes>,
    end: End,
}

enum End {
    /// With a complete body.
    Whole,
    /// By closing the connection.
    Cut(Arc<AtomicBool>),
    /// Never: the connection stays open.
    Never,
}

impl ReplyBody {
    fn new(data: Bytes, end: End) -> Self {
        Self {
            data: (!data.is_empty()).then_some(data),
            end,
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if let Some(data) = this.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match &this.end {
            End::Whole => Poll::Ready(None),
            End::Never => Poll::Pending,
            End::Cut(cut) => {
                // hyper flushes when a body is pending.
                cut.store(true, Ordering::Release);
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && matches!(self.end, End::Whole)
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Whole => SizeHint::with_exact(self.data.as_ref().map_or(0, Bytes::len) as u64),
            End::Cut(_) | End::Never => SizeHint::new(),
        }
    }
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
