//! SHA-256 checksums: of bytes and files in a pass of their own, of streams while
//! they are sent.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::content::{Content, Observe};

/// Bytes of a file that are read at once.
const CHUNK_SIZE: usize = 256 * 1024;

/// The checksum of a content that can be read twice, in hexadecimal. Whether a
/// file has changed meanwhile is checked where it is sent.
///
/// Runs on a thread for blocking work; dropping the future ends it.
pub(super) async fn of_content(content: &Content) -> io::Result<Option<String>> {
    let cancel = Cancel(Arc::new(AtomicBool::new(false)));
    let cancelled = Arc::clone(&cancel.0);
    let task = match content.clone() {
        Content::Bytes(bytes) => tokio::task::spawn_blocking(move || of_bytes(&bytes, &cancelled)),
        Content::Path(path, _) => tokio::task::spawn_blocking(move || of_path(&path, &cancelled)),
        Content::Stream(_) => return Ok(None),
    };
    task.await.map_err(io::Error::other)?.map(Some)
}

/// Ends the work when it is dropped.
struct Cancel(Arc<AtomicBool>);

impl Drop for Cancel {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The checksum of a short text, in hexadecimal.
pub(super) fn of_text(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn of_bytes(bytes: &Bytes, cancelled: &AtomicBool) -> io::Result<String> {
    let mut hasher = Sha256::new();
    for chunk in bytes.chunks(CHUNK_SIZE) {
        check(cancelled)?;
        hasher.update(chunk);
    }
    Ok(hex(&hasher.finalize()))
}

fn of_path(path: &Path, cancelled: &AtomicBool) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut chunk = vec![0; CHUNK_SIZE];
    let mut hasher = Sha256::new();
    loop {
        check(cancelled)?;
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => hasher.update(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(hex(&hasher.finalize()))
}

fn check(cancelled: &AtomicBool) -> io::Result<()> {
    if cancelled.load(Ordering::Relaxed) {
        return Err(io::ErrorKind::Interrupted.into());
    }
    Ok(())
}

/// The checksum of a stream while it is sent.
#[derive(Default)]
pub(super) struct Hasher(Mutex<Sha256>);

impl Hasher {
    /// The checksum of what was sent.
    pub(super) fn finish(&self) -> String {
        let hasher = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hex(&hasher.clone().finalize())
    }
}

impl Observe for Hasher {
    fn on_start(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Sha256::new();
    }

    fn on_chunk(&self, chunk: &[u8]) {
        let mut hasher = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hasher.update(chunk);
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    let digits = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[tokio::test]
    async fn checksum_is_that_of_the_content() {
        let bytes = Content::Bytes(Bytes::from_static(b"abc"));
        assert_eq!(of_content(&bytes).await.unwrap().unwrap(), ABC);
        let hasher = Hasher::default();
        for chunk in [&b"x"[..], b"a", b"bc"] {
            if chunk == b"a" {
                hasher.on_start();
            }
            hasher.on_chunk(chunk);
        }
        assert_eq!(hasher.finish(), ABC);
    }

    #[test]
    fn cancelled_pass_ends() {
        let cancelled = AtomicBool::new(true);
        assert!(of_bytes(&Bytes::from_static(b"abc"), &cancelled).is_err());
    }
}
