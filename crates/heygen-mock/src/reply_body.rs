//! The body of a response: sent whole, at some speed, or only in part.
//!
//! hyper discards its write buffer when a body fails, so the connection is
//! closed below it: the body requests it after its last byte, and the socket
//! fails once everything before has been written.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use crate::files::Reader;

/// Pieces that a slow body sends in a second.
const PIECES: u64 = 50;

/// The bytes of a body, and how it ends.
pub(crate) struct ReplyBody {
    source: Source,
    end: End,
    pace: Option<Pace>,
}

/// Where the bytes are from.
pub(crate) enum Source {
    Bytes(Bytes),
    File(Reader),
}

/// How a body ends.
pub(crate) enum End {
    /// With its last byte.
    Whole,
    /// By closing the connection.
    Cut(Arc<AtomicBool>),
    /// Never: the connection stays open.
    Never,
}

/// The speed of a slow body.
struct Pace {
    piece: usize,
    /// How long a piece takes.
    interval: Duration,
    pause: Pin<Box<Sleep>>,
}

impl Source {
    pub(crate) fn left(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(file) => file.left(),
        }
    }

    /// Ends after this many bytes.
    pub(crate) fn truncate(&mut self, bytes: u64) {
        match self {
            Self::Bytes(all) => all.truncate(usize::try_from(bytes).unwrap_or(usize::MAX)),
            Self::File(file) => file.truncate(bytes),
        }
    }

    fn chunk(&mut self, max: usize) -> Option<Bytes> {
        match self {
            Self::Bytes(bytes) if bytes.is_empty() => None,
            Self::Bytes(bytes) => Some(bytes.split_to(bytes.len().min(max))),
            Self::File(file) => file.chunk(max),
        }
    }
}

impl ReplyBody {
    pub(crate) fn new(source: Source, end: End, bytes_per_second: Option<u64>) -> Self {
        let pace = bytes_per_second.map(Pace::new);
        Self { source, end, pace }
    }
}

impl Pace {
    fn new(bytes_per_second: u64) -> Self {
        let speed = bytes_per_second.max(1);
        let piece = (speed / PIECES).max(1);
        Self {
            piece: usize::try_from(piece).unwrap_or(usize::MAX),
            interval: Duration::from_nanos(piece.saturating_mul(1_000_000_000) / speed),
            pause: Box::pin(tokio::time::sleep(Duration::ZERO)),
        }
    }

    /// Waits until the next piece may be sent.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        ready!(self.pause.as_mut().poll(cx));
        self.pause = Box::pin(tokio::time::sleep(self.interval));
        Poll::Ready(self.piece)
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.source.left() > 0 {
            let max = match &mut this.pace {
                Some(pace) => ready!(pace.poll(cx)),
                None => usize::MAX,
            };
            if let Some(data) = this.source.chunk(max) {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
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
        self.source.left() == 0 && matches!(self.end, End::Whole)
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Whole => SizeHint::with_exact(self.source.left()),
            End::Cut(_) | End::Never => SizeHint::new(),
        }
    }
}
