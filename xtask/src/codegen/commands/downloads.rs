//! The commands that store the files of objects: one for each object with files.

use heck::ToPascalCase as _;
use openapi_prep::Error;

use super::{Command, Input, ids, names::kebab};
use crate::codegen::file_hints::{LinkedFile, downloads};

/// A command that stores a file of an object.
pub(super) struct Download {
    pub(super) module: String,
    /// Method, path and id of the operation that reads the object.
    pub(super) read: [String; 3],
    /// An id of the document's examples.
    pub(super) id: String,
    pub(super) words: Vec<String>,
    pub(super) about: String,
    /// The noun of the object.
    pub(super) of: String,
    /// The argument, which is the id.
    pub(super) argument: String,
    /// The enum of the files, which has the owner.
    pub(super) owner: String,
    pub(super) files: Vec<Choice>,
}

/// A file of an object.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) link: LinkedFile,
    /// Of its default name; empty where the type is not known.
    pub(super) extension: &'static str,
}

/// The command that stores the files of what a command reads, if that has some.
pub(super) fn of(input: &Input<'_>, read: &Command<'_>) -> Result<Option<Download>, Error> {
    let Some(found) = downloads(input.api, read.operation)? else {
        return Ok(None);
    };
    let mut words = read.named.words.clone();
    words.pop();
    words.push("download".to_owned());
    let files = found.files.into_iter().map(|link| Choice {
        name: kebab(&link.name),
        extension: extension(&link),
        link,
    });
    let arguments = read.arguments.iter();
    let mut ids =
        arguments.map(|argument| ids::of_path(input.api, read.operation, argument.parameter));
    let id = ids.next();
    Ok(Some(Download {
        module: input.module.to_owned(),
        read: [
            read.operation.method.clone(),
            read.operation.path.clone(),
            read.operation.id.clone(),
        ],
        id: id.unwrap_or_default(),
        words,
        about: format!("Store a file of {} {}", article(&found.noun), found.noun),
        of: found.noun,
        argument: kebab(&found.id),
        owner: format!("{}File", found.model.to_pascal_case()),
        files: files.collect(),
    }))
}

fn extension(link: &LinkedFile) -> &'static str {
    match (link.name.as_str(), link.media.as_deref()) {
        ("gif", _) => "gif",
        ("vtt", _) => "vtt",
        (_, Some("video")) => "mp4",
        (_, Some("image")) => "jpg",
        (_, Some("audio")) => "mp3",
        (_, Some("text")) => "srt",
        _ => "",
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}
