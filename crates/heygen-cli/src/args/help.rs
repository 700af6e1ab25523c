//! Help texts.

use crate::table::{Body, Command as Described, Flag};

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
    "\nAn independent command line for the HeyGen API, not the vendor's own program.\n"
);

/// The beginning of a command line: `heygen video list`.
pub(super) fn line(words: &[&str]) -> String {
    [&["heygen"], words].concat().join(" ")
}

/// What a command does, at length, and the properties of the body that no option sets.
pub(super) fn long_about(command: &Described) -> String {
    let operation = command.operation;
    let mut text = vec![command.about.to_owned(), command.long_about.to_owned()];
    if operation.deprecated {
        let until = operation.sunset.unwrap_or("further notice");
        let successor = operation.successor.unwrap_or("no other operation");
        text.push(format!(
            "Deprecated, served until {until}; its successor is {successor}"
        ));
    }
    if let Body::Json {
        kinds, data_only, ..
    } = command.body
        && !data_only.is_empty()
    {
        text.push(format!("Only in --data: {}", data_only.join(", ")));
        for (kind, needs) in kinds {
            text.push(format!("With {kind} it needs {}", needs.join(", ")));
        }
    }
    text.push(format!("API: {} {}", operation.method, operation.path));
    text.retain(|paragraph| !paragraph.is_empty());
    text.join("\n\n")
}

/// Examples, and what the key has to allow.
pub(super) fn after(command: &Described) -> String {
    let mut text = Vec::new();
    if !command.examples.is_empty() {
        text.push(format!("Examples:\n  {}", command.examples.join("\n  ")));
    }
    if !command.scopes.is_empty() {
        text.push(format!("Scopes of the key: {}", command.scopes.join(", ")));
    }
    text.join("\n\n")
}

/// The help of an option: what it is, then what it takes.
pub(super) fn of_flag(flag: &Flag) -> String {
    let mut notes = vec![flag.help.to_owned()];
    if flag.required {
        notes.push("[required]".to_owned());
    }
    if let Some(default) = flag.default {
        notes.push(format!("[default: {default}]"));
    }
    let bounds = flag.bounds();
    if !bounds.is_empty() {
        notes.push(format!("[{bounds}]"));
    }
    notes.join(" ")
}
