//! Failures of files: of the local file system, and of objects without the file.

use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use super::kind::ErrorKind;
use crate::text::OneLine;

/// What is known of the failure of a file.
#[derive(Clone, Debug)]
pub(super) struct FileFailure {
    local: Option<(PathBuf, io::ErrorKind)>,
}

impl Error {
    /// The local file that cannot be read or written. Only for
    /// [`ErrorKind::File`].
    pub fn file_path(&self) -> Option<&Path> {
        let local = self.0.file.as_ref()?.local.as_ref();
        local.map(|(path, _)| path.as_path())
    }

    /// Why the local file cannot be read or written, such as `AlreadyExists`,
    /// `PermissionDenied`, `StorageFull`, or `ResourceBusy` while another download
    /// writes it. Only for [`ErrorKind::File`].
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        let local = self.0.file.as_ref()?.local.as_ref();
        local.map(|(_, kind)| *kind)
    }

    /// Whether the object does not have the file, or not yet: its link is null.
    pub fn is_file_missing(&self) -> bool {
        let file = self.0.file.as_ref();
        file.is_some_and(|file| file.local.is_none())
    }

    fn of_file(message: String, local: Option<(PathBuf, io::ErrorKind)>) -> Self {
        let mut error = Self::new(ErrorKind::File, message);
        error.0.file = Some(FileFailure { local });
        error
    }
}

/// An object does not have a file.
pub(crate) fn missing(message: String, hint: String) -> Error {
    Error::of_file(message, None).with_hint(hint)
}

/// A local file cannot be read, written or renamed.
pub(crate) fn local(doing: &str, path: &Path, error: io::Error) -> Error {
    let kind = error.kind();
    let message = format!("cannot {doing} {}: {error}", shown(path));
    let hint = match kind {
        io::ErrorKind::NotFound => "make the folder of the file first",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, then start the download again: it resumes where it can"
        }
        _ => "check the path and its permissions",
    };
    Error::of_file(message, Some((path.to_owned(), kind)))
        .with_source(error)
        .with_hint(hint)
}

/// The target of a download exists.
pub(crate) fn exists(path: &Path) -> Error {
    let local = (path.to_owned(), io::ErrorKind::AlreadyExists);
    Error::of_file(format!("{} exists", shown(path)), Some(local))
        .with_hint("choose another path, or replace the file by .overwrite(true)")
}

/// Another download writes to the file.
pub(crate) fn busy(path: &Path) -> Error {
    let local = (path.to_owned(), io::ErrorKind::ResourceBusy);
    Error::of_file(
        format!("another download is writing {}", shown(path)),
        Some(local),
    )
    .with_hint("wait for it, or choose another path")
}

fn shown(path: &Path) -> String {
    format!("'{}'", OneLine(&path.to_string_lossy(), 300))
}
