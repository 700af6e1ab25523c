//! Help texts.

use clap::Command;

use super::tree::{self, For, Node};
use crate::globals;
use crate::table::{Body, Command as Described, Flag};

pub(super) const ABOUT: &str = "The HeyGen API on the command line";

pub(super) const AFTER_ROOT: &str = "\
The API key is read from HEYGEN_API_KEY, or stored by heygen auth login.
Also read: HEYGEN_BASE_URL, HEYGEN_OUTPUT, HEYGEN_MAX_RETRIES, HEYGEN_CONFIG_DIR, RUST_LOG.

Output: the body of the response as JSON on stdout; an error as one line of JSON on
stderr, {\"error\": ...}.

Exit codes: 0 done; 1 the API, the network or the job failed; 2 wrong usage; 3 the key is
missing or refused; 4 a deadline passed; 130 Ctrl-C.";

/// What `--version` prints. The program has the name of the vendor's.
pub(super) const VERSION: &str = concat!(
    "heygen ",
    env!("CARGO_PKG_VERSION"),
    "\nAn independent command line for the HeyGen API, not the vendor's own program.\nLicense: ",
    env!("CARGO_PKG_LICENSE"),
    "\n"
);

/// The help of a command, or of a group with all commands below it.
pub(super) fn render(words: &[&str]) -> String {
    let line = tree::line(words);
    let mut definition = globals::add(tree::definition(words, For::Display));
    definition = definition.name(line.clone()).bin_name(line);
    if let Some(about) = definition.get_long_about().cloned() {
        definition = definition.about(about);
    }
    if let Node::Group = tree::node(words) {
        definition = with_list(definition, words).subcommand_required(true);
    }
    // Not wrapped, so that examples can be copied.
    let after = definition.get_after_help().cloned().unwrap_or_default();
    let help = definition.after_help(None).render_help();
    format!("{}\n{after}\n", help.ansi())
}

/// The commands below a group as one list, those of groups in it by all their words;
/// below the root, the groups.
fn with_list(mut definition: Command, words: &[&str]) -> Command {
    let mut below = tree::below(words);
    if words.is_empty() {
        below.dedup_by_key(|rest| rest[0]);
        below = below.into_iter().map(|rest| &rest[..1]).collect();
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
pub(super) fn long_about(command: &Described) -> String {
    let operation = command.operation;
    let mut paragraphs = vec![command.about.to_owned(), command.long_about.to_owned()];
    if operation.deprecated {
        let until = operation
            .sunset
            .map(|date| format!(", served until {date}"));
        let instead = operation.successor.map(|other| format!("; use {other}"));
        paragraphs.push(
            ["Deprecated".to_owned()]
                .into_iter()
                .chain(until)
                .chain(instead)
                .collect(),
        );
    }
    paragraphs.push(format!("API: {} {}", operation.method, operation.path));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

/// The properties of the body that no option sets, examples, and what the key has to
/// allow.
pub(super) fn after(command: &Described) -> String {
    let mut lines = Vec::new();
    if let Body::Json {
        kinds, data_only, ..
    } = command.body
        && !data_only.is_empty()
    {
        lines.push(format!("Only in --data: {}", data_only.join(", ")));
        let kinds = kinds.iter();
        lines.extend(kinds.map(|(kind, needs)| format!("  {kind}: needs {}", needs.join(", "))));
    }
    if !command.examples.is_empty() {
        lines.push("Examples:".to_owned());
        lines.extend(command.examples.iter().map(|line| format!("  {line}")));
    }
    if !command.scopes.is_empty() {
        lines.push(format!("Scopes of the key: {}", command.scopes.join(", ")));
    }
    lines.join("\n")
}

/// The help of an option: what it is, then what it takes.
pub(super) fn of_flag(flag: &Flag) -> String {
    let required = flag.required.then(|| "required".to_owned());
    let default = flag.default.map(|default| format!("default: {default}"));
    let bounds = Some(flag.bounds()).filter(|bounds| !bounds.is_empty());
    let notes = required.into_iter().chain(default).chain(bounds);
    notes.fold(flag.help.to_owned(), |help, note| {
        help + &format!(" [{note}]")
    })
}
