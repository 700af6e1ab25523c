//! Help texts.

use std::io::IsTerminal;

use clap::Command;

use super::tree::{self, For, Node};
use crate::table::{Body, Command as Described, Flag};

pub(crate) const ABOUT: &str = "The HeyGen API on the command line";

pub(crate) const AFTER_ROOT: &str = "\
The API key is read from HEYGEN_API_KEY, or stored by heygen auth login.
Also read: HEYGEN_BASE_URL, HEYGEN_OUTPUT, HEYGEN_MAX_RETRIES, HEYGEN_CONFIG_DIR, RUST_LOG.

Output: the body of the response as JSON on stdout; an error as one line of JSON on
stderr, {\"error\": ...}.

Exit codes: 0 done; 1 the API, the network or the job failed; 2 wrong usage; 3 the key is
missing or refused; 4 a deadline passed; 130 Ctrl-C.";

/// What `--version` prints. The program has the name of the vendor's.
pub(crate) const VERSION: &str = concat!(
    "heygen ",
    env!("CARGO_PKG_VERSION"),
    "\nAn independent command line for the HeyGen API, not the vendor's own program.\nLicense: ",
    env!("CARGO_PKG_LICENSE"),
    "\n"
);

/// The help of a command, or of a group with all commands below it.
pub(crate) fn render(words: &[&'static str]) -> String {
    let mut definition = tree::alone(words, For::Display);
    if let Node::Group = tree::node(words) {
        definition = with_list(definition, words).subcommand_required(true);
    } else if let Some(about) = definition.get_long_about().cloned() {
        definition = definition.about(about);
    }
    let help = definition.render_help();
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if colours {
        help.ansi().to_string()
    } else {
        help.to_string()
    }
}

/// The commands below a group as one list, those of groups in it by all their words;
/// below the root, the groups.
fn with_list(mut definition: Command, words: &[&'static str]) -> Command {
    let mut below = tree::below(words);
    if words.is_empty() {
        below.iter_mut().for_each(|rest| *rest = &rest[..1]);
        below.dedup();
    }
    for rest in below {
        let child = tree::definition(&[words, rest].concat(), For::Display);
        let line = Command::new(rest.join(" ")).hide(child.is_hide_set());
        definition =
            definition.subcommand(line.about(child.get_about().cloned().unwrap_or_default()));
    }
    definition
}

/// What a command does, at length.
pub(crate) fn long_about(command: &Described) -> String {
    let operation = command.operation;
    let mut text = command.about.to_owned();
    if !command.long_about.is_empty() {
        text += &format!("\n\n{}", command.long_about);
    }
    if operation.deprecated {
        let until = operation
            .sunset
            .map(|date| format!(", served until {date}"));
        let instead = operation
            .successor
            .map(|successor| format!("; use {successor}"));
        let (until, instead) = (until.unwrap_or_default(), instead.unwrap_or_default());
        text += &format!("\n\nDeprecated{until}{instead}");
    }
    text + &format!("\n\nAPI: {} {}", operation.method, operation.path)
}

/// What is after the options: the rest of the body, examples, scopes.
pub(crate) fn after(command: &Described) -> String {
    let mut text = String::new();
    if let Body::Json(json) = &command.body
        && !json.data_only.is_empty()
    {
        text += &format!("Only in --data: {}\n", json.data_only.join(", "));
        for (kind, needs) in json.tag.iter().flat_map(|tag| tag.kinds) {
            text += &format!("  {kind}: needs {}\n", needs.join(", "));
        }
        text += "\n";
    }
    if !command.examples.is_empty() {
        text += &format!("Examples:\n  {}\n\n", command.examples.join("\n  "));
    }
    if !command.scopes.is_empty() {
        text += &format!("Scopes of the key: {}\n", command.scopes.join(", "));
    }
    text
}

/// The help of an option: what it is, then what it takes.
pub(crate) fn of_flag(flag: &Flag) -> String {
    let default = flag.sent_default.or(flag.default);
    let notes = [
        flag.required.then(|| "required".to_owned()),
        default.map(|default| format!("default: {default}")),
        Some(flag.bounds.to_string()),
    ];
    let mut text = flag.help.to_owned();
    for note in notes.iter().flatten().filter(|note| !note.is_empty()) {
        text += &format!(" [{note}]");
    }
    text
}
