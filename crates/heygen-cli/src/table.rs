//! The types of the table of commands. `cargo xtask codegen` writes the table
//! itself, in `generated/`, from the documents; nothing here knows an operation.

use std::fmt;

use heygen::raw::Operation;
use heygen::raw::heygen_core::{FileLink, FileOwner};
use heygen::wait::Job;

/// All commands that are made from documents.
#[derive(Debug)]
pub(crate) struct Table {
    /// The groups, also those within groups, sorted by their words.
    pub(crate) groups: &'static [Group],
    /// The commands, sorted by their words.
    pub(crate) leaves: &'static [Leaf],
    /// The commands that store the files of objects, sorted by their words.
    pub(crate) downloads: &'static [DownloadCommand],
}

/// A group of commands: `video`, `video batches`, `v2 avatar`.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) words: &'static [&'static str],
    /// A line of help.
    pub(crate) about: &'static str,
    /// Whether the list of groups leaves it out, as all its commands are hidden.
    pub(crate) hidden: bool,
}

/// The words that lead to a command. A command may have several.
#[derive(Debug)]
pub(crate) struct Leaf {
    /// All words after `heygen`, for example `["video", "batches", "create"]`.
    pub(crate) words: &'static [&'static str],
    pub(crate) command: &'static Command,
    /// Whether help leaves it out.
    pub(crate) hidden: bool,
    /// The words to use instead, for a notice on stderr.
    pub(crate) renamed_to: Option<&'static str>,
}

impl Leaf {
    /// The command line without arguments: `heygen video batches create`.
    pub(crate) fn command_line(&self) -> String {
        format!("heygen {}", self.words.join(" "))
    }
}

/// A command: an operation, with what the command line asks for.
#[derive(Debug)]
pub(crate) struct Command {
    /// Method, path, timeout class, idempotency key, pages, deprecation.
    pub(crate) operation: &'static Operation,
    /// A line of help, without a full stop.
    pub(crate) about: &'static str,
    /// Paragraphs of help; empty if there is nothing to add.
    pub(crate) long_about: &'static str,
    /// The parameters of the path, in their order there. All are required.
    pub(crate) arguments: &'static [Argument],
    /// The options: parameters of the query, then properties of the body by name,
    /// or the parts of a form.
    pub(crate) flags: &'static [Flag],
    pub(crate) body: Body,
    /// What a response has to hold to be one; none where it is not JSON.
    pub(crate) container: Option<Container>,
    /// The job that this command starts or reads, so that it takes `--wait`.
    pub(crate) job: Option<JobOf>,
    /// The columns of `--human`, where the response is a list of objects.
    pub(crate) columns: &'static [Column],
    /// Whole command lines, beginning with `heygen`.
    pub(crate) examples: &'static [&'static str],
    /// Scopes that the API key has to have.
    pub(crate) scopes: &'static [&'static str],
    /// The JSON schema of the body, in one line, references inlined.
    pub(crate) request_schema: Option<&'static str>,
    /// The JSON schema of the response's body.
    pub(crate) response_schema: Option<&'static str>,
}

/// A parameter of the path.
#[derive(Debug)]
pub(crate) struct Argument {
    /// In kebab case, for example `video-id`.
    pub(crate) name: &'static str,
    /// As the path template has it, for example `video_id`.
    pub(crate) wire: &'static str,
    pub(crate) help: &'static str,
}

/// An option of a command.
#[derive(Debug)]
pub(crate) struct Flag {
    /// Without dashes, in kebab case.
    pub(crate) name: &'static str,
    /// The name on the wire.
    pub(crate) wire: &'static str,
    pub(crate) source: Source,
    pub(crate) ty: FlagType,
    /// Whether the API requires it. A required property of the body may also be in
    /// the body given by `--data`.
    pub(crate) required: bool,
    /// What the API takes where it is left out; shown, not sent.
    pub(crate) default: Option<&'static str>,
    /// Sent where it is left out, as JSON text for a body, as plain text for a query.
    pub(crate) sent_default: Option<&'static str>,
    /// The values that it takes, if these are listed; of a list, those of its items.
    pub(crate) values: &'static [&'static str],
    pub(crate) bounds: Bounds,
    pub(crate) help: &'static str,
}

/// Where the value of an option goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Query,
    /// A property of the body.
    Body,
    /// A file, part of a form.
    File,
    /// A part of a form that is no file.
    Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlagType {
    String,
    Integer,
    Number,
    Boolean,
    /// A list of strings: commas and repetition.
    Strings,
}

/// What numbers are allowed. Exclusive bounds are those of OpenAPI.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) minimum: Option<f64>,
    pub(crate) exclusive_minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) exclusive_maximum: Option<f64>,
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (words, bound) in [
            ("at least", self.minimum),
            ("above", self.exclusive_minimum),
            ("at most", self.maximum),
            ("below", self.exclusive_maximum),
        ] {
            if let Some(bound) = bound {
                write!(f, "{separator}{words} {bound}")?;
                separator = " and ";
            }
        }
        Ok(())
    }
}

/// The body of the request.
#[derive(Debug)]
pub(crate) enum Body {
    None,
    Json(JsonBody),
    /// A form of several parts, all of which are flags.
    Form,
}

/// A body of JSON.
#[derive(Debug)]
pub(crate) struct JsonBody {
    /// Whether the API requires a body at all.
    pub(crate) required: bool,
    /// Properties that every body must have, whether or not they have a flag.
    pub(crate) needs: &'static [&'static str],
    /// For a body of several kinds: the property that says which.
    pub(crate) tag: Option<Tag>,
    /// Properties that no flag sets, for the help of `--data`.
    pub(crate) data_only: &'static [&'static str],
}

/// The property that says which of several kinds a body is.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: &'static str,
    /// Its values, each with the properties that such a body must have.
    pub(crate) kinds: &'static [(&'static str, &'static [&'static str])],
}

/// What the body of a response must hold.
#[derive(Debug)]
pub(crate) struct Container {
    /// Property names from the root, for example `["data"]` or
    /// `["data", "languages"]`.
    pub(crate) path: &'static [&'static str],
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    /// Any value but null.
    #[allow(dead_code, reason = "no document has one today")]
    Any,
}

/// The job of a command, and where its id is.
#[derive(Debug)]
pub(crate) struct JobOf {
    pub(crate) job: &'static Job,
    pub(crate) id: JobId,
}

#[derive(Debug)]
pub(crate) enum JobId {
    /// The one argument: the command reads the job.
    Argument,
    /// A dotted path under `data` of the response: the command starts the job. It
    /// ends with `[]` where it starts several.
    Response(&'static str),
}

/// A column of a table for people.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// The property of an item.
    pub(crate) field: &'static str,
}

/// A command that stores a file of an object.
#[derive(Debug)]
pub(crate) struct DownloadCommand {
    /// For example `["video", "download"]`.
    pub(crate) words: &'static [&'static str],
    pub(crate) about: &'static str,
    /// The name of the argument, for example `video-id`.
    pub(crate) argument: &'static str,
    pub(crate) owner: &'static FileOwner,
    /// The files, the default first.
    pub(crate) files: &'static [FileChoice],
}

/// A file of an object.
#[derive(Debug)]
pub(crate) struct FileChoice {
    /// The value of `--asset`.
    pub(crate) name: &'static str,
    pub(crate) link: FileLink,
    /// The extension of its default name, without the dot.
    pub(crate) extension: &'static str,
    /// Whether the object has a list of them, of which `--index` selects one.
    pub(crate) several: bool,
}
