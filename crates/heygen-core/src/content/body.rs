//! The body that sends a content, alone or in the frame of a form.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::stream::{SENT_BEFORE, Source};
use super::{Content, Observer, Stamp};
use crate::multipart::PartError;
use crate::multipart::body::{CHUNK_SIZE, OpenFile};

/// What is left to be sent.
pub(crate) struct ContentBody {
    head: Bytes,
    open: Open,
    tail: Bytes,
    observer: Option<Observer>,
}

impl ContentBody {
    pub(crate) fn new(content: &Content, observer: Option<Observer>) -> Self {
        if let Some(observer) = &observer {
            observer.on_start();
        }
        Self {
            head: Bytes::new(),
            open: Open::new(content),
            tail: Bytes::new(),
            observer,
        }
    }

    /// The same body between two texts.
    pub(crate) fn framed(mut self, head: String, tail: String) -> Self {
        (self.head, self.tail) = (head.into(), tail.into());
        self
    }
}

impl Body for ContentBody {
    type Data = Bytes;
    type Error = PartError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, PartError>>> {
        if !self.head.is_empty() {
            let head = std::mem::take(&mut self.head);
            return Poll::Ready(Some(Ok(Frame::data(head))));
        }
        let chunk = match ready!(self.open.poll_chunk(context)) {
            Ok(chunk) => chunk,
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        if chunk.is_empty() {
            let tail = std::mem::take(&mut self.tail);
            return Poll::Ready((!tail.is_empty()).then(|| Ok(Frame::data(tail))));
        }
        if let Some(observer) = &self.observer {
            observer.on_chunk(&chunk);
        }
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn size_hint(&self) -> SizeHint {
        let frame = (self.head.len() + self.tail.len()) as u64;
        SizeHint::with_exact(self.open.left() + frame)
    }
}

/// The rest of a content.
enum Open {
    Bytes(Bytes),
    /// A file, and what it has to be like once all of it was read.
    File(OpenFile, Option<(PathBuf, Stamp)>),
    Stream(OpenStream),
    Failed(String),
}

impl Open {
    fn new(content: &Content) -> Self {
        match content {
            Content::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Content::Path(path, stamp) => {
                let length = stamp.map(|stamp| stamp.length);
                let expected = stamp.map(|stamp| (path.clone(), stamp));
                Self::File(OpenFile::new(path.clone(), length), expected)
            }
            Content::Stream(stream) => match stream.take() {
                Some(source) => Self::Stream(OpenStream::new(source, stream.length())),
                None => Self::Failed(SENT_BEFORE.to_owned()),
            },
        }
    }

    /// How much is left to be sent.
    fn left(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(file, _) => file.left.unwrap_or_default(),
            Self::Stream(stream) => stream.left,
            Self::Failed(_) => 0,
        }
    }

    /// The next bytes; none at the end.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, PartError>> {
        match self {
            Self::Bytes(bytes) => Poll::Ready(Ok(bytes.split_to(bytes.len().min(CHUNK_SIZE)))),
            Self::Stream(stream) => stream.poll_chunk(context).map_err(PartError),
            Self::Failed(why) => Poll::Ready(Err(PartError(why.clone()))),
            Self::File(file, expected) => {
                let chunk = ready!(file.poll_chunk(context))?;
                // Before the last bytes are passed on, so that no store has a
                // whole file that never was one.
                if file.left == Some(0)
                    && let Some((path, stamp)) = expected.take()
                    && !stamp.is_of(&path)
                {
                    let path = path.display();
                    let why = format!("cannot read {path}: it has changed since the upload began");
                    return Poll::Ready(Err(PartError(why)));
                }
                Poll::Ready(Ok(chunk))
            }
        }
    }
}

/// A stream that is being sent, the last chunk only once the stream has ended:
/// one that is longer than was announced is sent by half at most.
struct OpenStream {
    /// In a mutex, as bodies are shared between threads.
    source: Mutex<Source>,
    /// A chunk that was read, and is not sent as a whole.
    chunk: Bytes,
    /// The rest of the length that was announced.
    left: u64,
    length: u64,
    is_ended: bool,
}

impl OpenStream {
    fn new(source: Source, length: u64) -> Self {
        Self {
            source: Mutex::new(source),
            chunk: Bytes::new(),
            left: length,
            length,
            is_ended: false,
        }
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, String>> {
        let source = self
            .source
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        while self.chunk.is_empty() && !self.is_ended {
            match ready!(source.poll_next(context)) {
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(why)) => return Poll::Ready(Err(why)),
                None => self.is_ended = true,
            }
        }
        let length = self.length;
        if self.chunk.is_empty() && self.left > 0 {
            let sent = length - self.left;
            let why = format!("the stream ended after {sent} of {length} bytes");
            return Poll::Ready(Err(why));
        }
        let longer = || Err(format!("the stream has more than {length} bytes"));
        if self.chunk.len() as u64 > self.left {
            return Poll::Ready(longer());
        }
        while self.chunk.len() as u64 == self.left && !self.is_ended {
            match ready!(source.poll_next(context)) {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(_)) => return Poll::Ready(longer()),
                Some(Err(why)) => return Poll::Ready(Err(why)),
                None => self.is_ended = true,
            }
        }
        let chunk = self.chunk.split_to(self.chunk.len().min(CHUNK_SIZE));
        self.left -= chunk.len() as u64;
        Poll::Ready(Ok(chunk))
    }
}
