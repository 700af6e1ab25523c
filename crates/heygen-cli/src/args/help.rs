//! Help texts.

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
    let mut definition = tree::alone(words, For::Display).mut_args(|arg| {
        let help = arg.get_long_help().or(arg.get_help()).cloned();
        arg.help(help.unwrap_or_default())
    });
    if let Some(about) = definition.get_long_about().cloned() {
        definition = definition.about(about);
    }
    // Examples are not wrapped, so that they can be copied.
    let mut after = String::new();
    match tree::node(words) {
        Node::Group => definition = with_list(definition, words).subcommand_required(true),
        Node::Table(leaf) => after = format!("\n{}", examples(leaf.command)),
        Node::Download(_) | Node::ByHand(_) => {}
    }
    definition.render_help().ansi().to_string() + &after
}

/// The commands below a group as one list, those of groups in it by all their words;
/// below the root, the groups.
fn with_list(mut definition: Command, words: &[&'static str]) -> Command {
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
pub(crate) fn long_about(command: &Described) -> String {
    let operation = command.operation;
    let mut paragraphs = vec![command.about.to_owned(), command.long_about.to_owned()];
    if operation.deprecated {
        let until = operation
            .sunset
            .map(|date| format!(", served until {date}"));
        let instead = operation.successor.map(|other| format!("; use {other}"));
        let parts = [Some("Deprecated".to_owned()), until, instead];
        paragraphs.push(parts.into_iter().flatten().collect());
    }
    paragraphs.push(format!("API: {} {}", operation.method, operation.path));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

/// The properties of the body that no option sets.
pub(crate) fn only_in_data(command: &Described) -> String {
    match &command.body {
        Body::Json(json) if !json.data_only.is_empty() => {
            let kinds = json.tag.iter().flat_map(|tag| tag.kinds);
            let kinds =
                kinds.map(|(kind, needs)| format!("\n  {kind}: needs {}", needs.join(", ")));
            let names = json.data_only.join(", ");
            format!("Only in --data: {names}{}", kinds.collect::<String>())
        }
        _ => String::new(),
    }
}

/// Whole command lines, and what the key has to allow.
pub(crate) fn examples(command: &Described) -> String {
    let examples = command.examples.iter().map(|line| format!("  {line}\n"));
    let (examples, scopes) = (examples.collect::<String>(), command.scopes.join(", "));
    let examples = (!examples.is_empty()).then(|| format!("Examples:\n{examples}\n"));
    let scopes = (!scopes.is_empty()).then(|| format!("Scopes of the key: {scopes}\n"));
    [examples, scopes].into_iter().flatten().collect()
}

/// The help of an option: what it is, then what it takes.
pub(crate) fn of_flag(flag: &Flag) -> String {
    let default = flag.sent_default.or(flag.default);
    let bounds = flag.bounds.to_string();
    let notes = [
        Some(flag.help.to_owned()),
        flag.required.then(|| " [required]".to_owned()),
        default.map(|default| format!(" [default: {default}]")),
        (!bounds.is_empty()).then(|| format!(" [{bounds}]")),
    ];
    notes.into_iter().flatten().collect()
}
