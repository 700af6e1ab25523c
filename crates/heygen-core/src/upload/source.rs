//! The file of an upload, as a program gives it.

use std::error::Error as StdError;
use std::path::PathBuf;

use bytes::Bytes;
use futures_core::Stream;

use crate::content::{Content, StreamContent, chunks};

/// A file to upload: at a path, from memory, or from a stream.
///
/// ```no_run
/// use heygen_core::Upload;
///
/// let from_path = Upload::path("lecture.mp4");
/// let from_memory = Upload::bytes("logo.png", vec![0x89, b'P', b'N', b'G']);
/// # let _ = (from_path, from_memory);
/// ```
///
/// A path is read while it is sent, in chunks of 64 KiB, so that a file of any
/// size takes the same memory.
#[derive(Clone, Debug)]
pub struct Upload {
    pub(super) name: String,
    pub(super) content: Content,
}

impl Upload {
    /// The file at a path, by the name of the file there.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or(path.as_os_str());
        Self {
            name: name.to_string_lossy().into_owned(),
            content: Content::Path(path, None),
        }
    }

    /// A file of this name and these bytes.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            content: Content::Bytes(bytes.into()),
        }
    }

    /// A file of this name, whose bytes a stream returns: exactly `length` of
    /// them. A stream can be sent once, so an upload of one is not retried
    /// after its first byte.
    ///
    /// A stream that fails, or that is shorter or longer than its length, is
    /// `InvalidInput` of the upload, and no file comes of it.
    pub fn stream<S, B, E>(name: impl Into<String>, length: u64, stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let stream = StreamContent::new(length, chunks(stream));
        Self {
            name: name.into(),
            content: Content::Stream(stream),
        }
    }

    /// Sets the name of the file in the account, and the extension by which its
    /// type is recognised where the bytes do not show it.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}
