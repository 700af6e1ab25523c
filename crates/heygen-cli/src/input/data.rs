//! `--data`: JSON from the command line, a file or stdin.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};

use clap::{Arg, ArgMatches, ValueHint, value_parser};
use heygen::Bytes;
use indexmap::IndexMap;
use serde_json::value::RawValue;

use crate::error::{CliError, Exit};
use crate::ids::DATA;

/// An object of JSON. Its values are kept byte for byte; of equal names the last wins.
pub(super) type Object = IndexMap<String, Box<RawValue>>;

/// What is read of a file or stdin at most.
const MAX_LENGTH: u64 = 64 << 20;

const HINT: &str = "pass JSON that begins with {, the name of a file, @FILE, or - for stdin";

/// The option, for the definition of a command.
pub(crate) fn option() -> Arg {
    Arg::new(DATA)
        .short('d')
        .long(DATA)
        .value_name("JSON|FILE|-")
        .value_hint(ValueHint::FilePath)
        .value_parser(value_parser!(OsString))
        .help("The body as JSON: inline, from a file (FILE or @FILE), or from stdin (-)")
}

/// The JSON that was given, whatever its type; none if the option is absent, or there is nothing.
pub(crate) fn data(matches: &ArgMatches) -> Result<Option<Bytes>, CliError> {
    let given: Option<&OsString> = matches.try_get_one(DATA).ok().flatten();
    let Some(given) = given.filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    let inline = given
        .to_str()
        .filter(|text| text.trim_start().starts_with(['{', '[']));
    let bytes = match inline {
        Some(text) => Bytes::copy_from_slice(text.as_bytes()),
        None => read(given)?,
    };
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let at = error.valid_up_to();
        usage(format!("--data is not UTF-8: the byte at position {at}"))
    })?;
    serde_json::from_str::<&RawValue>(text)
        .map_err(|error| usage(format!("--data is not valid JSON: {error}")))?;
    Ok(Some(bytes))
}

/// The same, of an object.
pub(super) fn object(matches: &ArgMatches) -> Result<Option<Object>, CliError> {
    let Some(data) = data(matches)? else {
        return Ok(None);
    };
    if !data.trim_ascii_start().starts_with(b"{") {
        return Err(usage("--data is not a JSON object"));
    }
    serde_json::from_slice(&data)
        .map(Some)
        .map_err(|error| usage(format!("--data is not valid JSON: {error}")))
}

fn usage(message: impl Into<String>) -> CliError {
    CliError::usage(
        message,
        "pass one JSON object, such as '{\"title\": \"Hello\"}'",
    )
}

fn read(given: &OsStr) -> Result<Bytes, CliError> {
    let path = match given.to_str().and_then(|text| text.strip_prefix('@')) {
        Some(path) => OsStr::new(path),
        None => given,
    };
    let mut bytes = Vec::new();
    let result = if path == "-" {
        io::stdin()
            .lock()
            .take(MAX_LENGTH + 1)
            .read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MAX_LENGTH + 1).read_to_end(&mut bytes))
    };
    let why = match result {
        Ok(length) if length as u64 > MAX_LENGTH => format!("longer than {} MiB", MAX_LENGTH >> 20),
        Ok(_) => {
            let text = bytes
                .strip_prefix("\u{feff}".as_bytes())
                .map(<[u8]>::to_vec);
            return Ok(text.unwrap_or(bytes).into());
        }
        Err(error) => error.to_string(),
    };
    // JSON that a shell took apart may be long.
    let name: String = path.to_string_lossy().chars().take(100).collect();
    let message = format!("--data cannot be read from {name}: {why}");
    Err(CliError::new(Exit::Failed, "error", message).with_hint(HINT))
}
