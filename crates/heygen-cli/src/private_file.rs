//! Files that hold secrets or settings: written as a whole, and
//! readable by their owner only where the system has permissions.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::error::{CliError, Exit};

/// The contents of a file. None where there is no file.
pub(crate) fn read(path: &Path) -> Result<Option<String>, CliError> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(path, error)),
        // Editors of Windows write a byte order mark.
        Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_owned())),
    }
}

/// Replaces a file in one step, so that a crash leaves the old one, and makes its
/// folder. The target of a link is replaced, not the link.
pub(crate) fn write(path: &Path, contents: &str) -> Result<(), CliError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    replace(&target, contents).map_err(|error| unusable(path, error))
}

fn replace(path: &Path, contents: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(contents.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The error of a file that is left as it is.
pub(crate) fn unusable(path: &Path, why: impl Display) -> CliError {
    let message = format!("the file {} cannot be used: {why}", path.display());
    CliError::new(Exit::Failed, "error", message).with_hint("mend the file, or delete it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn written_file_is_private_and_follows_links() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/credentials");
        write(&path, "one").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let link = home.path().join("link");
        symlink(&path, &link).unwrap();
        write(&link, "two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&path).unwrap().unwrap(), "two");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn missing_and_marked_files() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("f");
        assert!(read(&path).unwrap().is_none());
        fs::write(&path, "\u{feff}text").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), "text");
        assert_eq!(read(home.path()).unwrap_err().exit, Exit::Failed);
    }
}
