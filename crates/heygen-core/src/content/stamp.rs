//! What a file was like when it was read, by which a later read recognises that
//! it has changed.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

/// Length and time of the last change of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) length: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    inode: (u64, u64, i64, i64),
}

impl Stamp {
    pub(crate) fn of(about: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            length: about.len(),
            modified: about.modified().ok(),
            // The change time cannot be set back.
            #[cfg(unix)]
            inode: (about.dev(), about.ino(), about.ctime(), about.ctime_nsec()),
        }
    }

    /// Whether the file at a path is still the same.
    pub(crate) fn is_of(self, path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|about| Self::of(&about) == self)
    }
}
