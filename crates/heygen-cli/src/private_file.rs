//! Files that hold secrets or settings: written as a whole, and
//! readable by their owner only where the system has permissions.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;

/// The contents of a file, wiped from memory when they are dropped. None where there is
/// no file.
pub(crate) fn read(path: &Path) -> io::Result<Option<Zeroizing<String>>> {
    let mut text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => Zeroizing::new(text?),
    };
    // Editors of Windows write a byte order mark.
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(Some(text))
}

/// Replaces a file in one step, so that a crash leaves the old one, and makes its
/// folder. The target of a link is replaced, not the link.
pub(crate) fn write(path: &Path, contents: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    make_folder(&folder)?;
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    file.write_all(contents.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
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
        assert_eq!(read(&path).unwrap().unwrap().as_str(), "two");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn missing_and_marked_files() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("f");
        assert!(read(&path).unwrap().is_none());
        fs::write(&path, "\u{feff}text").unwrap();
        assert_eq!(read(&path).unwrap().unwrap().as_str(), "text");
        assert!(read(home.path()).is_err());
    }
}
