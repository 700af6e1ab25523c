//! The body of a request: `--data`, options over it, and parts of forms.

use std::path::PathBuf;

use clap::ArgMatches;
use heygen::Bytes;
use heygen::multipart::{Form, Part};
use serde_json::value::RawValue;

use super::data::Object;
use super::{Options, check};
use crate::error::{CliError, Exit};
use crate::table::{JsonBody, Leaf, Source};

/// The body to send.
pub(super) enum Content {
    None,
    Json(Bytes),
    Form(Form),
}

/// The object given by `--data`, with the options over it.
pub(super) fn json(
    leaf: &Leaf,
    json: &JsonBody,
    object: Option<Object>,
    options: &Options,
) -> Result<Content, CliError> {
    let encode = |error| CliError::system("the body cannot be written as JSON", &error);
    let is_given = object.is_some();
    let mut body = object.unwrap_or_default();
    let of_body = |source| source == Source::Body;
    for (flag, given) in options.iter().filter(|(flag, _)| of_body(flag.source)) {
        body.insert(flag.wire.to_owned(), given.json().map_err(encode)?);
    }
    for flag in leaf
        .command
        .flags
        .iter()
        .filter(|flag| of_body(flag.source))
    {
        if let Some(default) = flag.sent_default
            && !body.contains_key(flag.wire)
        {
            let default = RawValue::from_string(default.to_owned()).map_err(encode)?;
            body.insert(flag.wire.to_owned(), default);
        }
    }
    check::body_is_complete(leaf, json, &body)?;
    // Where the API requires a body and no property of it, an empty object is one.
    if body.is_empty() && !is_given && !json.required {
        return Ok(Content::None);
    }
    let bytes = serde_json::to_vec(&body).map_err(encode)?;
    Ok(Content::Json(bytes.into()))
}

/// The form of the options and the files, all of which can be read.
pub(super) fn form(
    leaf: &Leaf,
    matches: &ArgMatches,
    options: &Options,
) -> Result<Content, CliError> {
    let mut form = Form::new();
    for flag in leaf.command.flags {
        let paths = matches.try_get_many::<PathBuf>(flag.name).ok().flatten();
        for path in paths.into_iter().flatten() {
            form = form.part(flag.wire, Part::path(path));
        }
        let given = options.iter().find(|(known, _)| known.name == flag.name);
        if let (Source::Part, Some((_, given))) = (flag.source, given) {
            for text in given.texts() {
                form = form.part(flag.wire, Part::text(text));
            }
        }
    }
    match form.check() {
        Ok(()) => Ok(Content::Form(form)),
        Err((name, why)) => {
            let message = format!("the part {name} cannot be sent: {why}");
            Err(CliError::new(Exit::Failed, "error", message).with_hint("pass the path of a file"))
        }
    }
}
