//! The body of a request: `--data`, options over it, and parts of forms.

use std::path::PathBuf;

use clap::ArgMatches;
use heygen::Bytes;
use heygen::multipart::{Form, Part};
use serde_json::value::RawValue;

use super::Options;
use super::data::Object;
use crate::error::{CliError, Exit};
use crate::table::{Leaf, Source};

/// The body to send.
pub(super) enum Content {
    None,
    Json(Bytes),
    Form(Form),
}

/// The object of `--data`, with the options over it.
pub(super) fn merge(leaf: &Leaf, mut body: Object, options: &Options) -> Result<Object, CliError> {
    for flag in leaf.command.flags {
        let given = options.iter().find(|(known, _)| known.wire == flag.wire);
        let value = match (flag.source, given, flag.sent_default) {
            (Source::Body, Some((_, given)), _) => given.json(),
            (Source::Body, None, Some(default)) if !body.contains_key(flag.wire) => {
                RawValue::from_string(default.to_owned())
            }
            _ => continue,
        };
        body.insert(
            flag.wire.to_owned(),
            value.map_err(|error| not_json(&error))?,
        );
    }
    Ok(body)
}

/// The bytes of an object.
pub(super) fn json(body: &Object) -> Result<Content, CliError> {
    let bytes = serde_json::to_vec(body).map_err(|error| not_json(&error))?;
    Ok(Content::Json(bytes.into()))
}

fn not_json(error: &serde_json::Error) -> CliError {
    CliError::system("the body cannot be written as JSON", error)
}

/// The form of the options and the files, all of which can be read.
pub(super) fn form(
    leaf: &Leaf,
    matches: &ArgMatches,
    options: &Options,
) -> Result<Content, CliError> {
    let mut form = Form::new();
    for flag in leaf
        .command
        .flags
        .iter()
        .filter(|flag| flag.source == Source::File)
    {
        let paths = matches.get_many::<PathBuf>(flag.name).into_iter().flatten();
        form = paths.fold(form, |form, path| form.part(flag.wire, Part::path(path)));
    }
    for (flag, given) in options
        .iter()
        .filter(|(flag, _)| flag.source == Source::Part)
    {
        let texts = given.texts().into_iter();
        form = texts.fold(form, |form, text| form.part(flag.wire, Part::text(text)));
    }
    let problem = form
        .check()
        .err()
        .map(|(name, why)| format!("the part {name} cannot be sent: {why}"));
    problem.map_or(Ok(Content::Form(form)), |message| {
        Err(CliError::new(Exit::Failed, "error", message).with_hint("pass the path of a file"))
    })
}
