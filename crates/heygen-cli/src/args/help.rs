//! Help texts.

use std::fmt::Write;
use std::io::IsTerminal;

use clap::Command;

use super::tree::{self, For, Node};
use crate::table::{Body, Flag, Leaf};

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
    let below: Vec<Vec<&'static str>> = if words.is_empty() {
        tree::next_words(words)
            .into_iter()
            .map(|word| vec![word])
            .collect()
    } else {
        tree::below(words).into_iter().map(<[_]>::to_vec).collect()
    };
    for rest in below {
        let child = tree::definition(&[words, &rest].concat(), For::Parsing);
        let mut line = Command::new(rest.join(" ")).hide(child.is_hide_set());
        if let Some(about) = child.get_about() {
            line = line.about(about.clone());
        }
        definition = definition.subcommand(line);
    }
    definition
}

/// What a command does, at length.
pub(crate) fn long_about(leaf: &Leaf) -> String {
    let command = leaf.command;
    let operation = command.operation;
    let mut text = command.about.to_owned();
    let mut paragraph = |words: &str| {
        if !words.is_empty() {
            text.push_str("\n\n");
            text.push_str(words);
        }
    };
    paragraph(command.long_about);
    if operation.deprecated {
        let mut words = "Deprecated".to_owned();
        if let Some(date) = operation.sunset {
            let _ = write!(words, ", served until {date}");
        }
        if let Some(successor) = operation.successor {
            let _ = write!(words, "; use {successor}");
        }
        paragraph(&words);
    }
    paragraph(&format!("API: {} {}", operation.method, operation.path));
    text
}

/// What is after the options: the rest of the body, examples, scopes.
pub(crate) fn after(leaf: &Leaf) -> String {
    let command = leaf.command;
    let mut text = String::new();
    if let Body::Json(json) = &command.body
        && !json.data_only.is_empty()
    {
        let _ = writeln!(text, "Only in --data: {}", json.data_only.join(", "));
        if let Some(tag) = &json.tag {
            for (kind, needs) in tag.kinds {
                let _ = writeln!(text, "  {} {kind}: needs {}", tag.name, needs.join(", "));
            }
        }
        text.push('\n');
    }
    if !command.examples.is_empty() {
        let _ = writeln!(text, "Examples:\n  {}\n", command.examples.join("\n  "));
    }
    if !command.scopes.is_empty() {
        let _ = writeln!(text, "Scopes of the key: {}", command.scopes.join(", "));
    }
    text
}

/// The help of an option: what it is, then what it takes.
pub(crate) fn of_flag(flag: &Flag) -> String {
    let mut text = flag.help.to_owned();
    let mut note = |words: &str| {
        let _ = write!(text, " [{words}]");
    };
    if flag.required {
        note("required");
    }
    if let Some(default) = flag.sent_default.or(flag.default) {
        note(&format!("default: {default}"));
    }
    let bounds = flag.bounds.to_string();
    if !bounds.is_empty() {
        note(&bounds);
    }
    text.trim_start().to_owned()
}
