//! Hints: what to do about an error, for a user of the program. The library's own
//! are for programmers.

use std::io;

use heygen::{Error, ErrorKind};

use super::CliError;
use crate::generated::TABLE;
use crate::table::{Body, Command, JobId, Leaf};

/// For a success whose body is not what the API describes.
pub(super) const UNREADABLE: &str = "check that the base URL is HeyGen's; if it is, try again, \
     then look for a newer version of this program";

const FORBIDDEN: &str = "the plan of the account or the permissions of the key do not allow this; \
     another login with the same account does not help";

/// Hints by the codes of the API, and by those made of the status.
static BY_CODE: &[(&[&str], &str)] = &[
    (
        &["avatar_not_found"],
        "`heygen avatar list` and `heygen avatar looks list` show the avatars and looks there are",
    ),
    (
        &["video_not_found"],
        "`heygen video list` shows the videos there are",
    ),
    (
        &["voice_not_found", "voice_not_usable"],
        "`heygen voice list` shows the voices that can be used",
    ),
    (
        &["insufficient_credit"],
        "`heygen user me get` shows the credit that is left; add more at https://app.heygen.com/settings?nav=API",
    ),
    (
        &["not_found", "resource_not_found"],
        "it does not exist: check the ids; sending the same call again does not help",
    ),
    (
        &["asset_not_available"],
        "the object does not have this file, or not yet: look at its status, then try again",
    ),
    (
        &["timeout"],
        "it took too long on the server: look at the object before you send the call again",
    ),
    (
        &[
            "forbidden",
            "resource_access_denied",
            "ai_vendor_access_restricted",
        ],
        FORBIDDEN,
    ),
    (
        &["payload_too_large"],
        "send less: a smaller file, or upload it by `heygen asset upload` and pass its id",
    ),
    (
        &["conflict"],
        "read the object's state first, then decide whether to send the call again",
    ),
    (
        &["unclassified_server_error"],
        "the fault is on the server's side: try again later, and quote the request id to HeyGen's support",
    ),
];

fn by_code(code: &str) -> Option<&'static str> {
    let known = BY_CODE.iter().find(|(codes, _)| codes.contains(&code));
    known.map(|(_, hint)| *hint)
}

/// The hint for an error, whatever the command.
pub(super) fn of_error(error: &Error, code: &str) -> Option<String> {
    let fixed = match error.kind() {
        _ if error.is_timeout() => "try again, or raise --timeout",
        ErrorKind::Decode if error.message().contains("larger than") => {
            "ask for less at once, for example by --limit"
        }
        ErrorKind::Decode => UNREADABLE,
        ErrorKind::InvalidInput if is_of_path(error) => {
            "pass the path after the origin, such as /v3/voices, its ids percent-encoded"
        }
        ErrorKind::File if error.io_kind() == Some(io::ErrorKind::AlreadyExists) => {
            "choose another path by --output-path, or replace the file by --force"
        }
        ErrorKind::Api if error.is_rate_limited() || error.is_quota_exceeded() => {
            return Some(later(error));
        }
        ErrorKind::Api if error.is_insufficient_credit() => by_code("insufficient_credit")?,
        ErrorKind::Api if error.status() == Some(403) && error.path().is_some() => {
            if error.is_scope_missing() {
                return error.hint().map(str::to_owned);
            }
            FORBIDDEN
        }
        ErrorKind::Api => match by_code(code) {
            Some(hint) => hint,
            None => error.hint()?,
        },
        _ => error.hint()?,
    };
    Some(fixed.to_owned())
}

/// Whether the path of a call by method and path cannot be sent.
fn is_of_path(error: &Error) -> bool {
    error.operation() == Some("request") && error.param() == Some("path")
}

/// The hint for a limit.
fn later(error: &Error) -> String {
    let wait = if error.is_quota_exceeded() {
        "wait until the quota is renewed, or use another plan"
    } else {
        "wait before the next call, or send fewer at once"
    };
    match error.attempts() {
        0 | 1 => wait.to_owned(),
        attempts => format!("it was sent {attempts} times already: {wait}"),
    }
}

/// A call of a command, for hints that name other commands and the arguments.
pub(crate) struct Call<'a> {
    /// None for calls by method and path.
    pub(crate) leaf: Option<&'static Leaf>,
    /// The arguments of the path, by the names that help has.
    pub(crate) arguments: Vec<(&'static str, &'a str)>,
    /// What to do where the key is refused, by where it is from.
    pub(crate) refused_key: Option<String>,
}

impl Call<'_> {
    /// The error of this call.
    pub(crate) fn explain(&self, error: Error) -> CliError {
        let hint = self.hint(&error);
        let failed = CliError::from(error);
        match hint {
            Some(hint) => failed.with_hint(hint),
            None => failed,
        }
    }

    fn hint(&self, error: &Error) -> Option<String> {
        if error.outcome_unknown() {
            return Some(self.check_first(error));
        }
        if error.kind() != ErrorKind::Api {
            return None;
        }
        if error.is_unauthorized() {
            return self.refused_key.clone();
        }
        let leaf = self.leaf?;
        if error.is_forbidden() {
            return of_scopes(error, leaf.command);
        }
        if error.is_not_found() && !self.arguments.is_empty() {
            return Some(self.not_found(error, leaf));
        }
        let is_invalid = matches!(error.status(), Some(400 | 422)) || error.param().is_some();
        let is_known = error.code().and_then(by_code).is_some();
        (is_invalid && !is_known).then(|| self.invalid(error, leaf))
    }

    /// For a write that may have been executed.
    fn check_first(&self, error: &Error) -> String {
        let is_safe = self
            .leaf
            .is_some_and(|leaf| leaf.command.operation.idempotent);
        if is_safe {
            return "it may have been executed; sending it again is safe".to_owned();
        }
        let mut hint = "it may have been executed, and would be a second time: check".to_owned();
        if let Some(reader) = self.leaf.and_then(|leaf| self.reader(leaf)) {
            hint = format!("{hint} by `{reader}`");
        }
        hint.push_str(" before you send it again");
        if let Some(key) = error.idempotency_key() {
            hint = format!("{hint}, or add --idempotency-key {key}: then it is executed once");
        }
        hint
    }

    /// The command that shows what a write has done.
    fn reader(&self, leaf: &Leaf) -> Option<String> {
        if let Some(job) = &leaf.command.job {
            // The job may be of another group: a template makes a video.
            let mut readers = TABLE.leaves.iter().filter(|reader| {
                let read = reader.command.job.as_ref();
                read.is_some_and(|read| {
                    std::ptr::eq(read.job, job.job) && matches!(read.id, JobId::Argument)
                })
            });
            return readers.find_map(|reader| sibling(reader.words, "list"));
        }
        if leaf.command.operation.method != "POST" && !self.arguments.is_empty() {
            let values = self.arguments.iter().map(|(_, value)| *value);
            let words = [sibling(leaf.words, "get")?];
            let words = words.iter().map(String::as_str).chain(values);
            return Some(words.collect::<Vec<_>>().join(" "));
        }
        sibling(leaf.words, "list")
    }

    fn not_found(&self, error: &Error, leaf: &Leaf) -> String {
        let named: Vec<String> = self
            .arguments
            .iter()
            .map(|(name, value)| format!("{name} `{value}`"))
            .collect();
        let mut hint = format!(
            "check the {}, and that the workspace of the key has it",
            named.join(" and the ")
        );
        let listed = error.code().and_then(by_code).map(str::to_owned);
        let listed = listed.filter(|_| error.code() != Some("not_found"));
        let siblings = || {
            Some(format!(
                "`{}` shows what there is",
                sibling(leaf.words, "list")?
            ))
        };
        if let Some(more) = listed.or_else(siblings) {
            hint = format!("{hint}; {more}");
        }
        // The operation itself may not exist any more.
        let is_retired = error.code().is_none() && leaf.command.operation.sunset.is_some();
        match error.hint().filter(|_| is_retired) {
            Some(own) => format!("{hint}; {own}"),
            None => hint,
        }
    }

    fn invalid(&self, error: &Error, leaf: &Leaf) -> String {
        let how = match leaf.command.body {
            Body::Json(_) => "--request-schema",
            Body::None | Body::Form => "--help",
        };
        let words = leaf.words.join(" ");
        let what = error.param().map_or("the arguments", |param| param);
        format!("check {what}: `heygen {words} {how}` shows what the command takes")
    }
}

fn of_scopes(error: &Error, command: &Command) -> Option<String> {
    let scopes = command.scopes.join(", ");
    if scopes.is_empty() {
        return None;
    }
    Some(if error.is_scope_missing() {
        format!("use an API key that has the scope {scopes}")
    } else {
        format!("{FORBIDDEN}. The key needs the scope {scopes}")
    })
}

/// The command of this name in the group of a command, or in one around it.
fn sibling(words: &[&str], name: &str) -> Option<String> {
    (1..words.len()).rev().find_map(|length| {
        let wanted = [&words[..length], &[name]].concat();
        let known = TABLE.leaves.iter().find(|leaf| leaf.words == wanted)?;
        Some(format!("heygen {}", known.words.join(" ")))
    })
}
