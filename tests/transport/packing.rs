//! Bodies as they travel packed: made here, for the servers of tests.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// The header of a gzip file without a name or time.
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes.as_ref()).unwrap();
    packer.finish().unwrap()
}

pub(crate) fn brotli(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
    packer.write_all(bytes.as_ref()).unwrap();
    packer.into_inner()
}

/// A body that gzip unpacks to this many mebibytes of spaces. One mebibyte is
/// packed and repeated: after a flush the pieces stand one after another.
pub(crate) fn gzip_bomb(mebibytes: usize) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
    packer.write_all(&vec![b' '; 1 << 20]).unwrap();
    packer.flush().unwrap();
    let piece = packer.get_ref().clone();
    let mut bomb = GZIP_HEAD.to_vec();
    for _ in 0..mebibytes {
        bomb.extend_from_slice(&piece);
    }
    bomb
}
