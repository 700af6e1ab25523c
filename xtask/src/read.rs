//! Reading what the user named: within bounds, and with its name in whatever
//! is wrong with it.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use openapi_prep::{Document, Error, MAX_BYTES};

/// How large a document may be.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Limit {
    /// Refuse documents of more than this many bytes.
    #[arg(long, value_name = "N", default_value_t = MAX_BYTES)]
    max_bytes: usize,

    /// Read documents of any size; memory may take fifty times theirs.
    #[arg(long, conflicts_with = "max_bytes")]
    any_size: bool,
}

impl Limit {
    fn bytes(self) -> usize {
        if self.any_size {
            usize::MAX
        } else {
            self.max_bytes
        }
    }
}

/// Reads a document the user named. What is too large is not read at all.
pub(crate) fn document(path: &Path, limit: Limit) -> Result<Document, Error> {
    let most = limit.bytes();
    let too_large = |size: u64| {
        Error::new(format!(
            "holds {size} bytes, more than the {most} that are read"
        ))
        .in_file(path.display())
        .remedy("pass --max-bytes with a larger number, or --any-size")
    };
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let about = file.metadata().map_err(|error| unreadable(path, &error))?;
    if about.is_file() && usize::try_from(about.len()).is_ok_and(|size| size > most) {
        return Err(too_large(about.len()));
    }
    // What is no plain file tells no size.
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(bound)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() > most {
        return Err(too_large(bound));
    }
    Document::parse_within(text(&bytes, path)?, most).map_err(|error| error.in_file(path.display()))
}

/// Reads a file the user named.
pub(crate) fn file(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(format!("cannot be read: {error}"))
        .in_file(path.display())
        .remedy("check the path")
}

/// The text of a file.
pub(crate) fn text<'a>(bytes: &'a [u8], path: &Path) -> Result<&'a str, Error> {
    let refuse = |message: String| {
        Error::new(message)
            .in_file(path.display())
            .remedy("give a page or document saved as UTF-8")
    };
    // A mark, or a first character of the plain ones.
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=255, ..] | [1..=255, 0, ..] = bytes {
        return Err(refuse("is text in UTF-16".to_owned()));
    }
    str::from_utf8(bytes).map_err(|error| refuse(format!("is not text in UTF-8: {error}")))
}
