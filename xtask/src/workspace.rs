//! Where the checkout is: found at run time, so that a built xtask works in
//! any of them.

use std::{
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use openapi_prep::Error;
use toml_edit::{DocumentMut, TomlError};

/// The workspace root: the nearest folder from the current one upwards whose
/// `Cargo.toml` has a `[workspace]` table.
pub(crate) fn root() -> Result<PathBuf, Error> {
    let here = env::current_dir()
        .map_err(|error| Error::new(format!("the current directory is unknown: {error}")))?;
    for folder in here.ancestors() {
        if is_root(folder)? {
            return Ok(folder.to_owned());
        }
    }
    Err(Error::new(
        "no workspace here: neither this folder nor one around it has a Cargo.toml with a \
         [workspace] table",
    )
    .in_file(here.display())
    .remedy("run the command inside a checkout"))
}

fn is_root(folder: &Path) -> Result<bool, Error> {
    let manifest = folder.join("Cargo.toml");
    let text = match fs::read_to_string(&manifest) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => {
            return Err(Error::new(format!("cannot be read: {error}"))
                .in_file(manifest.display())
                .remedy("it may be the workspace's own; make it readable"));
        }
    };
    let manifest: DocumentMut = text.parse().map_err(|error| {
        no_toml(&error)
            .in_file(manifest.display())
            .remedy("correct the file there")
    })?;
    Ok(manifest.get("workspace").is_some())
}

/// What is wrong with a text that should be TOML, and where, on one line.
pub(crate) fn no_toml(error: &TomlError) -> Error {
    let shown = error.to_string();
    let place = shown.lines().next().unwrap_or_default();
    Error::new(format!(
        "is no TOML: {place}: {}",
        error.message().replace('\n', ", ")
    ))
}
