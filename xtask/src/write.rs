//! Writing several files so that all are written or none.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use openapi_prep::Error;
use tempfile::NamedTempFile;

/// Writes all files, making folders as needed.
///
/// Each is written beside its place first and then moved there; if one cannot
/// be, those moved before are put back and the folders made are taken away. A
/// link is followed, and what is no plain file, such as `/dev/stdout`, is
/// written to and not replaced.
pub(crate) fn write(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Error> {
    let mut made = Vec::new();
    let outcome = stage(files, &mut made).and_then(move_in);
    if outcome.is_err() {
        for folder in made.iter().rev() {
            // Not empty means not ours alone: leave it.
            let _ = fs::remove_dir(folder);
        }
    }
    outcome
}

/// A file to be, and its content: in a file beside it, or in memory where no
/// file can be moved to its place.
struct Staged<'a> {
    path: PathBuf,
    content: Result<NamedTempFile, &'a [u8]>,
}

/// Writes every file beside its place.
fn stage<'a>(
    files: &'a [(PathBuf, Vec<u8>)],
    made: &mut Vec<PathBuf>,
) -> Result<Vec<Staged<'a>>, Error> {
    files
        .iter()
        .map(|(path, content)| {
            // What is not there yet has no other name.
            let path = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
            let path = path.as_path();
            let folder = match path.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent,
                _ => Path::new("."),
            };
            make_folder(folder, made).map_err(|error| failed(folder, &error))?;
            if path.is_dir() {
                return Err(Error::new("is a folder, not a file")
                    .in_file(path.display())
                    .remedy("give the name of a file"));
            }
            let content = if path.exists() && !path.is_file() {
                Err(content.as_slice())
            } else {
                let mut staged = temporary(folder).map_err(|error| failed(path, &error))?;
                io::Write::write_all(&mut staged, content).map_err(|error| failed(path, &error))?;
                Ok(staged)
            };
            Ok(Staged {
                path: path.to_owned(),
                content,
            })
        })
        .collect()
}

fn move_in(staged: Vec<Staged<'_>>) -> Result<(), Error> {
    let mut before: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for Staged { path, content } in staged {
        let content = match content {
            Ok(content) => content,
            Err(content) => {
                fs::write(&path, content).map_err(|error| failed(&path, &error))?;
                continue;
            }
        };
        let held = fs::read(&path).ok();
        if let Err(error) = content.persist(&path) {
            for (path, held) in before {
                // The first error is returned; this is the best that can be done.
                let _ = match held {
                    Some(content) => fs::write(path, content),
                    None => fs::remove_file(path),
                };
            }
            return Err(failed(&path, &error.error));
        }
        before.push((path, held));
    }
    Ok(())
}

/// A file of its own, with the rights that any new file has.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The process's mask takes away from these what it takes from any file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".xtask-").tempfile_in(folder)
}

/// Makes a folder and those around it; notes which were not there.
fn make_folder(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .collect();
    for folder in missing.into_iter().rev() {
        fs::create_dir(folder)?;
        made.push(folder.to_owned());
    }
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::new(format!("cannot be written: {error}"))
        .in_file(path.display())
        .remedy("check that the folder exists and may be written to; nothing was changed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_written_or_none() {
        let place = tempfile::tempdir().unwrap();
        let old = place.path().join("old.txt");
        fs::write(&old, "before").unwrap();
        let blocked = place.path().join("file");
        fs::write(&blocked, "").unwrap();
        let files = [
            (old.clone(), b"after".to_vec()),
            (place.path().join("new/deep/a.txt"), b"a".to_vec()),
            (blocked.join("b.txt"), b"b".to_vec()),
        ];
        let error = write(&files).unwrap_err().to_string();
        assert!(error.contains("cannot be written"), "{error}");
        assert_eq!(fs::read(&old).unwrap(), b"before");
        assert!(!place.path().join("new").exists());
        let left: Vec<_> = fs::read_dir(place.path()).unwrap().collect();
        assert_eq!(left.len(), 2, "{left:?}");

        write(&files[..2]).unwrap();
        assert_eq!(fs::read(&old).unwrap(), b"after");
        assert_eq!(fs::read(&files[1].0).unwrap(), b"a");
    }

    #[test]
    fn a_move_that_fails_puts_back_those_before_it() {
        let place = tempfile::tempdir().unwrap();
        let first = place.path().join("first");
        let second = place.path().join("second");
        fs::write(&first, "before").unwrap();
        let files = [
            (first.clone(), b"after".to_vec()),
            (second.clone(), b"x".to_vec()),
        ];
        let staged = stage(&files, &mut Vec::new()).unwrap();
        // A folder where the file should go, made after the check for one.
        fs::create_dir_all(second.join("inside")).unwrap();
        move_in(staged).map_err(drop).unwrap_err();
        assert_eq!(fs::read(&first).unwrap(), b"before");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_what_is_no_file_is_not_replaced() {
        let place = tempfile::tempdir().unwrap();
        let (file, link) = (place.path().join("file"), place.path().join("link"));
        fs::write(&file, "before").unwrap();
        std::os::unix::fs::symlink("file", &link).unwrap();
        let nothing = PathBuf::from("/dev/null");
        write(&[
            (link.clone(), b"after".to_vec()),
            (nothing.clone(), b"x".to_vec()),
        ])
        .unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"after");
        assert!(link.is_symlink() && !nothing.is_file());
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_what_is_written() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let usual = place.path().join("usual");
        fs::write(&usual, "").unwrap();
        let ours = place.path().join("ours");
        write(&[(ours.clone(), Vec::new())]).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&usual));
    }
}
