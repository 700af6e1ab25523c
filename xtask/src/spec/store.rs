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
/// be, those moved before are put back and the folders made are taken away.
pub(super) fn write(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Error> {
    let mut made = Vec::new();
    let outcome = stage(files, &mut made).and_then(|staged| move_in(files, staged));
    if outcome.is_err() {
        for folder in made.iter().rev() {
            // Not empty means not ours alone: leave it.
            let _ = fs::remove_dir(folder);
        }
    }
    outcome
}

/// Writes every file beside its place.
fn stage(
    files: &[(PathBuf, Vec<u8>)],
    made: &mut Vec<PathBuf>,
) -> Result<Vec<NamedTempFile>, Error> {
    files
        .iter()
        .map(|(path, content)| {
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
            let mut staged = temporary(folder).map_err(|error| failed(path, &error))?;
            io::Write::write_all(&mut staged, content).map_err(|error| failed(path, &error))?;
            Ok(staged)
        })
        .collect()
}

fn move_in(files: &[(PathBuf, Vec<u8>)], staged: Vec<NamedTempFile>) -> Result<(), Error> {
    let mut before: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    for ((path, _), staged) in files.iter().zip(staged) {
        let held = fs::read(path).ok();
        if let Err(error) = staged.persist(path) {
            for (path, held) in before {
                // The error told is the first one; this is the best that can be done.
                let _ = match held {
                    Some(content) => fs::write(path, content),
                    None => fs::remove_file(path),
                };
            }
            return Err(failed(path, &error.error));
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
        move_in(&files, staged).unwrap_err();
        assert_eq!(fs::read(&first).unwrap(), b"before");
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
