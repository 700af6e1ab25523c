//! Request bodies: kept up to a limit, or hashed while they are read.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use sha2::{Digest as _, Sha256};

use crate::hash::hex;

/// The largest request body that is kept, in bytes: the largest file that the
/// API takes in a form, and the form around it.
const MAX_BODY: usize = 33_000_000;

/// Length and SHA-256 of a body that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) length: u64,
    pub(crate) sha256: String,
    /// The first bytes, which say of what type it is.
    pub(crate) start: Vec<u8>,
}

impl Stored {
    /// Of bytes that are in memory.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut hashing = Hashing::default();
        hashing.update(bytes);
        hashing.finish()
    }
}

/// How many of the first bytes are kept.
const START: usize = 64;

#[derive(Default)]
struct Hashing {
    hash: Sha256,
    length: u64,
    start: Vec<u8>,
}

impl Hashing {
    fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        let missing = START - self.start.len();
        self.start
            .extend_from_slice(&bytes[..bytes.len().min(missing)]);
    }

    fn finish(self) -> Stored {
        Stored {
            length: self.length,
            sha256: hex(&self.hash.finalize()),
            start: self.start,
        }
    }
}

/// Reads a body of any length, without keeping it.
pub(crate) async fn digest(mut body: Incoming) -> Result<Stored, hyper::Error> {
    let mut hashing = Hashing::default();
    while let Some(frame) = body.frame().await {
        if let Some(data) = frame?.data_ref() {
            hashing.update(data);
        }
    }
    Ok(hashing.finish())
}

/// Reads a body and drops it.
pub(crate) async fn discard(mut body: Incoming) -> Result<(), hyper::Error> {
    while let Some(frame) = body.frame().await {
        frame?;
    }
    Ok(())
}

/// Reads a body; `None` if it is above the limit. It is read to its end all the
/// same: a client that is still sending would miss the response.
pub(crate) async fn collect(mut body: Incoming) -> Result<Option<Bytes>, hyper::Error> {
    let mut all = Some(BytesMut::new());
    while let Some(frame) = body.frame().await {
        let frame = frame?;
        if let (Some(kept), Some(data)) = (&mut all, frame.data_ref()) {
            if kept.len() + data.len() > MAX_BODY {
                all = None;
            } else {
                kept.extend_from_slice(data);
            }
        }
    }
    Ok(all.map(BytesMut::freeze))
}
