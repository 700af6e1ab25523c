//! Content of a file that is uploaded: bytes, the file at a path, or a stream.
//! One body sends it, in chunks that an observer sees.

pub(crate) mod body;
mod stamp;
mod stream;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

pub(crate) use self::stamp::Stamp;
pub(crate) use self::stream::{StreamContent, chunks};

/// The content of a file.
#[derive(Clone)]
pub(crate) enum Content {
    Bytes(Bytes),
    /// The file at a path, and what it was like when it was read before.
    Path(PathBuf, Option<Stamp>),
    /// A stream, which can be sent once.
    Stream(StreamContent),
}

impl Content {
    /// Whether the content can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        !matches!(self, Self::Stream(_))
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Content");
        match self {
            Self::Bytes(bytes) => out.field("length", &bytes.len()),
            Self::Path(path, _) => out.field("path", path),
            Self::Stream(stream) => out.field("length", &stream.length()),
        };
        out.finish()
    }
}

/// Observer of the content that is sent, not of what frames it.
pub(crate) trait Observe: Send + Sync {
    /// The content is sent from its beginning.
    fn on_start(&self);

    /// These bytes are sent next.
    fn on_chunk(&self, chunk: &[u8]);
}

/// A shared observer.
pub(crate) type Observer = Arc<dyn Observe>;

impl Observe for Vec<Observer> {
    fn on_start(&self) {
        for observer in self {
            observer.on_start();
        }
    }

    fn on_chunk(&self, chunk: &[u8]) {
        for observer in self {
            observer.on_chunk(chunk);
        }
    }
}
