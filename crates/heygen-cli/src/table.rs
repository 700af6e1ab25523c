//! The types of the table of commands. `cargo xtask codegen` writes the table
//! itself, in `generated/`, from the documents; nothing here knows an operation.

use std::ops::{Bound, RangeBounds as _};

use heygen::raw::Operation;
use heygen::raw::heygen_core::{FileLink, FileOwner};
use heygen::wait::Job;

/// A group of commands, such as `video batches`: its words, a line of help, and whether
/// the list of groups leaves it out, as all its commands are hidden.
pub(crate) type Group = (&'static [&'static str], &'static str, bool);

/// The words that lead to a command. A command may have several.
pub(crate) struct Leaf {
    /// All words after `heygen`, for example `["video", "batches", "create"]`.
    pub(crate) words: &'static [&'static str],
    pub(crate) command: &'static Command,
    /// The words to use instead, for a notice on stderr. Help leaves such words out.
    pub(crate) renamed_to: Option<&'static str>,
}

impl Leaf {
    /// The command line without arguments: `heygen video batches create`.
    pub(crate) fn command_line(&self) -> String {
        format!("heygen {}", self.words.join(" "))
    }
}

/// A command: an operation, with what the command line asks for.
pub(crate) struct Command {
    /// Method, path, timeout class, idempotency key, pages, deprecation.
    pub(crate) operation: &'static Operation,
    /// A line of help, without a full stop.
    pub(crate) about: &'static str,
    /// Paragraphs of help; empty if there is nothing to add.
    pub(crate) long_about: &'static str,
    /// The parameters of the path, in their order there: the name on the wire, and
    /// the help. All are required.
    pub(crate) arguments: &'static [(&'static str, &'static str)],
    /// The options: parameters of the query, then properties of the body by name,
    /// or the parts of a form.
    pub(crate) flags: &'static [Flag],
    pub(crate) body: Body,
    /// What a response has to hold to be one; none where it is not JSON.
    pub(crate) container: Option<Container>,
    /// The job that this command reads, or starts if there is a path of its id: a dotted
    /// one under `data` of the response, which ends with `[]` where it starts several.
    pub(crate) job: Option<(&'static Job, Option<&'static str>)>,
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

/// An option of a command.
pub(crate) struct Flag {
    /// Without dashes, in kebab case.
    pub(crate) name: &'static str,
    /// The name on the wire.
    pub(crate) wire: &'static str,
    /// Whether it is a parameter of the query, else a property of the body, or a part
    /// of a form.
    pub(crate) in_query: bool,
    pub(crate) ty: FlagType,
    /// Whether the API requires it. A required property of the body may also be in
    /// the body given by `--data`.
    pub(crate) required: bool,
    /// What the API takes where it is left out.
    pub(crate) default: Option<&'static str>,
    /// Whether the default is sent, not only shown.
    pub(crate) sends_default: bool,
    /// The values that it takes, if these are listed; of a list, those of its items.
    pub(crate) values: &'static [&'static str],
    /// The smallest and the largest number that it takes.
    pub(crate) bounds: (Bound<f64>, Bound<f64>),
    pub(crate) help: &'static str,
}

impl Flag {
    /// Whether a value, or an item of a list, is allowed.
    pub(crate) fn allows(&self, text: &str) -> bool {
        let fits = |number: f64| self.bounds.contains(&number);
        match self.values {
            [] => text.parse().map_or(true, fits),
            values => values.contains(&text),
        }
    }

    /// The bounds in words, such as `at least 1 and below 2`; empty without any.
    pub(crate) fn bounds(&self) -> String {
        let words = |bound, included, excluded| match bound {
            Bound::Included(number) => Some(format!("{included} {number}")),
            Bound::Excluded(number) => Some(format!("{excluded} {number}")),
            Bound::Unbounded => None,
        };
        let low = words(self.bounds.0, "at least", "above");
        let high = words(self.bounds.1, "at most", "below");
        let bounds: Vec<_> = [low, high].into_iter().flatten().collect();
        bounds.join(" and ")
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FlagType {
    String,
    Integer,
    Number,
    Boolean,
    /// A list of strings: commas and repetition.
    Strings,
    /// The path of a file, which is sent as a part of a form.
    File,
}

/// The body of the request.
pub(crate) enum Body {
    None,
    /// A form of several parts, all of which are flags.
    Form,
    /// An object, an empty one where nothing is given.
    Json {
        /// Properties that every body must have, whether or not they have a flag.
        needs: &'static [&'static str],
        /// For a body of several kinds: the property that says which, else empty.
        tag: &'static str,
        /// The values of the tag, each with the properties that such a body must have.
        kinds: &'static [(&'static str, &'static [&'static str])],
        /// Properties that no flag sets, for the help of `--data`.
        data_only: &'static [&'static str],
    },
}

/// What the body of a response must hold.
pub(crate) struct Container {
    /// Property names from the root, for example `["data"]` or
    /// `["data", "languages"]`.
    pub(crate) path: &'static [&'static str],
    /// Whether it is a list, else an object.
    pub(crate) is_list: bool,
}

/// A column of a table for people: its title, and the property of an item.
pub(crate) type Column = (&'static str, &'static str);

/// A command that stores a file of an object.
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
pub(crate) struct FileChoice {
    /// The value of `--asset`.
    pub(crate) name: &'static str,
    pub(crate) link: FileLink,
    /// The extension of its default name, without the dot.
    pub(crate) extension: &'static str,
    /// Whether the object has a list of them, of which `--index` selects one.
    pub(crate) several: bool,
}
