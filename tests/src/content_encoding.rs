//! Compressed response bodies: gzip, brotli, and a decompression bomb.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// The header of a gzip file without a name or time.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// These bytes, compressed with gzip.
pub fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// These bytes, compressed with brotli.
pub fn brotli(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.into_inner()
}

/// A gzip body that decompresses to this many mebibytes of spaces. One
/// mebibyte is compressed and repeated: a flush makes the blocks independent.
pub fn gzip_bomb(mebibytes: usize) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    encoder.flush().unwrap();
    let block = encoder.get_ref().clone();
    let mut bomb = GZIP_HEADER.to_vec();
    for _ in 0..mebibytes {
        bomb.extend_from_slice(&block);
    }
    bomb
}
