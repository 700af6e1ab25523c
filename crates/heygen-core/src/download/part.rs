//! The `.part` file that a download is written to, beside its target, until it
//! is complete and renamed. One download at a time has it, by a lock of the
//! operating system. What identifies its content is in a file beside it, if the
//! download can be resumed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::range::Content;
use crate::error::{Error, build};

/// How often a lock is tried: that of a download which was dropped is released
/// when its last write has ended.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// The paths of a download. All methods block.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    pub(super) target: PathBuf,
    pub(super) part: PathBuf,
    content: PathBuf,
    overwrite: bool,
}

/// A `.part` file that is open and locked, and what is known of its content.
pub(super) struct Part {
    pub(super) file: File,
    pub(super) leftover: Option<(u64, Content)>,
}

impl Paths {
    /// The paths beside a target, which is not there or may be overwritten.
    pub(super) fn of(target: PathBuf, overwrite: bool) -> Result<Self, Error> {
        let Some(name) = target.file_name() else {
            return Err(build::input("the path of the download names no file").with_param("path"));
        };
        let beside = |suffix: &str| {
            let mut name = name.to_owned();
            name.push(suffix);
            target.with_file_name(name)
        };
        let paths = Self {
            part: beside(".part"),
            content: beside(".part.json"),
            overwrite,
            target,
        };
        paths.check_target()?;
        Ok(paths)
    }

    fn check_target(&self) -> Result<(), Error> {
        match fs::symlink_metadata(&self.target) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(build::file("read", &self.target, error)),
            Ok(_) if !self.overwrite => Err(build::file_exists(&self.target)),
            // A folder or a device would be replaced, or written to.
            Ok(_) if self.target.metadata().is_ok_and(|it| !it.is_file()) => {
                let error = io::Error::new(ErrorKind::AlreadyExists, "it is not a regular file");
                Err(build::file("replace", &self.target, error))
            }
            Ok(_) => Ok(()),
        }
    }

    /// Opens the file and locks it.
    pub(super) fn open(&self) -> Result<Part, Error> {
        let file = self.lock().map_err(|error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::ResourceBusy => build::file_busy(&self.part),
            _ => build::file("write", &self.part, error),
        })?;
        let leftover = self.leftover(&file);
        Ok(Part { file, leftover })
    }

    fn lock(&self) -> io::Result<File> {
        let mut tries = 0;
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let locked = lock::open(&mut options, &self.part);
            match locked {
                // Else a download has just renamed the file that was opened.
                Ok(file) if lock::is_at(&file, &self.part) => return Ok(file),
                Err(error) if !is_locked(&error) || tries == LOCK_TRIES => return Err(error),
                _ if tries == LOCK_TRIES => return Err(ErrorKind::ResourceBusy.into()),
                _ => {
                    tries += 1;
                    std::thread::sleep(LOCK_PAUSE);
                }
            }
        }
    }

    /// What an earlier download has left, and what that is of.
    fn leftover(&self, mut file: &File) -> Option<(u64, Content)> {
        let content: Content = serde_json::from_slice(&fs::read(&self.content).ok()?).ok()?;
        let length = file.seek(SeekFrom::End(0)).ok()?;
        (length > 0 && length <= content.length).then_some((length, content))
    }

    /// Empties the file for a content that starts. In this order, bytes are never
    /// beside the description of another content.
    pub(super) fn start(&self, mut file: &File, content: Option<&Content>) -> Result<(), Error> {
        remove(&self.content).map_err(|error| build::file("remove", &self.content, error))?;
        let emptied = file.set_len(0).and_then(|()| file.rewind());
        emptied.map_err(|error| build::file("write", &self.part, error))?;
        if let Some(content) = content {
            let written = serde_json::to_vec(content)
                .map_err(io::Error::from)
                .and_then(|json| fs::write(&self.content, json));
            written.map_err(|error| build::file("write", &self.content, error))?;
        }
        Ok(())
    }

    /// Stores the complete file and renames it to the target, which is not
    /// overwritten unless that was asked for. Where that fails, it is left to be
    /// resumed if it can be, else removed.
    pub(super) fn finish(&self, file: &File, keep: bool) -> Result<(), Error> {
        let renamed = self.rename(file);
        if renamed.is_err() && !keep {
            self.remove();
        }
        renamed
    }

    fn rename(&self, file: &File) -> Result<(), Error> {
        let failed = |error| build::file("write", &self.part, error);
        file.sync_all().map_err(failed)?;
        if self.overwrite {
            self.check_target()?;
            // Before the part file is free for another download.
            let _ = remove(&self.content);
            fs::rename(&self.part, &self.target)
                .map_err(|error| build::file("write", &self.target, error))?;
        } else {
            self.rename_new()?;
        }
        sync_folder(&self.target);
        Ok(())
    }

    /// Renames the file to a target that must not be there. A link is made in one
    /// step, which a check before a rename would not be.
    fn rename_new(&self) -> Result<(), Error> {
        match fs::hard_link(&self.part, &self.target) {
            Ok(()) => {
                self.remove();
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(build::file_exists(&self.target))
            }
            // The file system has no links.
            Err(_) => {
                self.check_target()?;
                let _ = remove(&self.content);
                fs::rename(&self.part, &self.target)
                    .map_err(|error| build::file("write", &self.target, error))
            }
        }
    }

    /// Removes what cannot be resumed.
    pub(super) fn remove(&self) {
        let _ = remove(&self.content);
        let _ = remove(&self.part);
    }
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Stores the entry of a file in its folder, where the platform can.
fn sync_folder(path: &Path) {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
        let _ = folder.sync_all();
    }
}

fn is_locked(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::ResourceBusy
    )
}

#[cfg(unix)]
mod lock {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;

    pub(super) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
        let file = options.open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Err(error @ Errno::WOULDBLOCK) => Err(error.into()),
            // Some network file systems have no locks.
            _ => Ok(file),
        }
    }

    /// Whether the file is the one at this path.
    pub(super) fn is_at(file: &File, path: &Path) -> bool {
        let id = |it: std::fs::Metadata| (it.dev(), it.ino());
        let (open, there) = (file.metadata().map(id), path.symlink_metadata().map(id));
        matches!((open, there), (Ok(open), Ok(there)) if open == there)
    }
}

#[cfg(windows)]
mod lock {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::windows::fs::OpenOptionsExt as _;
    use std::path::Path;

    /// Others may rename the file, and neither read nor write it.
    const FILE_SHARE_DELETE: u32 = 4;
    const ERROR_SHARING_VIOLATION: i32 = 32;

    pub(super) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
        let opened = options.share_mode(FILE_SHARE_DELETE).open(path);
        opened.map_err(|error| match error.raw_os_error() {
            Some(ERROR_SHARING_VIOLATION) => io::ErrorKind::ResourceBusy.into(),
            _ => error,
        })
    }

    /// A file that was opened cannot have been another's.
    pub(super) fn is_at(_: &File, _: &Path) -> bool {
        true
    }
}

#[cfg(not(any(unix, windows)))]
mod lock {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(super) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
        options.open(path)
    }

    pub(super) fn is_at(_: &File, _: &Path) -> bool {
        true
    }
}
