//! Streams of bytes as content: read once, never more than their length.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

type BoxError = Box<dyn StdError + Send + Sync>;

/// A stream of chunks, whose error is a message.
pub(crate) type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, String>> + Send>>;

/// Chunks of any stream of bytes.
pub(crate) fn chunks<S, B, E>(stream: S) -> ByteStream
where
    S: Stream<Item = Result<B, E>> + Send + 'static,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    Box::pin(Chunks(Box::pin(stream)))
}

struct Chunks<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Chunks<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, String>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context).map(|item| {
            item.map(|chunk| match chunk {
                Ok(chunk) => Ok(chunk.into()),
                Err(error) => Err(format!("the stream failed: {}", error.into())),
            })
        })
    }
}

/// A stream of a known length, shared by copies of its content: the first body
/// takes it.
#[derive(Clone)]
pub(crate) struct StreamContent {
    length: u64,
    source: Arc<Mutex<Option<Source>>>,
}

impl StreamContent {
    pub(crate) fn new(length: u64, stream: ByteStream) -> Self {
        let source = Source {
            read: VecDeque::new(),
            stream,
        };
        Self {
            length,
            source: Arc::new(Mutex::new(Some(source))),
        }
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Takes the stream, unless it was taken.
    pub(super) fn take(&self) -> Option<Source> {
        self.lock().take()
    }

    /// The first bytes, up to this many, which stay part of the stream.
    pub(crate) async fn peek(&self, most: usize) -> Result<Vec<u8>, String> {
        let mut source = self.take().ok_or(SENT_BEFORE)?;
        let mut first = Vec::new();
        while first.len() < most {
            match poll_fn(|context| source.stream.as_mut().poll_next(context)).await {
                Some(chunk) => {
                    let chunk = chunk?;
                    first.extend_from_slice(&chunk[..chunk.len().min(most - first.len())]);
                    source.read.push_back(chunk);
                }
                None => break,
            }
        }
        *self.lock() = Some(source);
        Ok(first)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Source>> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) const SENT_BEFORE: &str = "the stream was sent before";

/// A stream and the chunks of it that were read before it is sent.
pub(super) struct Source {
    read: VecDeque<Bytes>,
    stream: ByteStream,
}

impl Source {
    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, String>>> {
        match self.read.pop_front() {
            Some(chunk) => Poll::Ready(Some(Ok(chunk))),
            None => self.stream.as_mut().poll_next(context),
        }
    }
}
