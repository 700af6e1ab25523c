//! `--data`: JSON from the command line, a file or stdin.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};

use clap::{Arg, ArgMatches, ValueHint, value_parser};
use heygen::Bytes;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{CliError, Exit};
use crate::globals;
use crate::ids::DATA;

/// An object of JSON. Its values are kept byte for byte; of equal names the last wins.
pub(super) type Object = IndexMap<String, Box<RawValue>>;

const HINT: &str = "pass JSON such as '{\"title\": \"Hello\"}', a file, @FILE, or - for stdin";

/// The option, for the definition of a command.
pub(crate) fn option() -> Arg {
    let help = "The body as JSON: inline, from a file (FILE or @FILE), or from stdin (-)";
    let option = globals::option(DATA, "JSON|FILE|-", help).short('d');
    let option = option.value_parser(value_parser!(OsString));
    option.value_hint(ValueHint::FilePath)
}

/// The JSON that was given, whatever its type; none if the option is absent, or there is nothing.
pub(crate) fn data(matches: &ArgMatches) -> Result<Option<Bytes>, CliError> {
    let given: Option<&OsString> = matches.try_get_one(DATA).ok().flatten();
    let Some(given) = given.filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    let bytes = match given.to_str() {
        Some(text) if text.trim_start().starts_with(['{', '[']) => text.as_bytes().to_vec(),
        _ => read(given)?,
    };
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    parsed::<&RawValue>(&bytes, "valid JSON")?;
    Ok(Some(bytes.into()))
}

/// The same, of an object; an empty one where there is nothing.
pub(super) fn object(matches: &ArgMatches) -> Result<Object, CliError> {
    let data = data(matches)?;
    data.map_or(Ok(Object::new()), |data| parsed(&data, "a JSON object"))
}

fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8], what: &str) -> Result<T, CliError> {
    serde_json::from_slice(bytes)
        .map_err(|error| CliError::usage(format!("--data is not {what}: {error}"), HINT))
}

fn read(given: &OsStr) -> Result<Vec<u8>, CliError> {
    let path = given.to_str().and_then(|text| text.strip_prefix('@'));
    let path = path.map_or(given, OsStr::new);
    let mut bytes = Vec::new();
    let read = match path.to_str() {
        Some("") => return Err(CliError::usage("--data has no path after @", HINT)),
        Some("-") => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        _ => fs::read(path),
    };
    let mut bytes = read.map_err(|error| {
        let message = format!("--data cannot be read from {}: {error}", path.display());
        CliError::new(Exit::Failed, "error", message).with_hint(HINT)
    })?;
    // Editors and shells of Windows begin files with a mark.
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..3);
    }
    Ok(bytes)
}
