//! Hints: what to do about an error, for a user of the program. The library's own
//! are for programmers.

use std::io;

use clap::ArgMatches;
use heygen::{Error, ErrorKind};

use super::CliError;
use crate::generated::TABLE;
use crate::ids;
use crate::table::{Body, JobId, Leaf};

/// For a success whose body is not what the API describes.
pub(super) const UNREADABLE: &str = "check that the base URL is HeyGen's; if it is, try again, \
     then look for a newer version of this program";

/// Hints by the codes of the API, and by those made of the status: a code, or several,
/// and what to do.
const BY_CODE: &str = "\
avatar_not_found: `heygen avatar list` and `heygen avatar looks list` show what there is
video_not_found: `heygen video list` shows what there is
voice_not_found voice_not_usable: `heygen voice list` shows the voices that can be used
insufficient_credit: `heygen user me get` shows the credit that is left; add more at https://app.heygen.com/settings?nav=API
not_found resource_not_found: it does not exist: check the ids; sending the same call again does not help
asset_not_available: the object does not have this file, or not yet: look at its status, then try again
timeout: it took too long on the server: look at the object before you send the call again
forbidden resource_access_denied ai_vendor_access_restricted: the plan of the account or the permissions of the key do not allow this; another login with the same account does not help
payload_too_large: send less: a smaller file, or upload it by `heygen asset upload` and pass its id
conflict: read the object's state first, then decide whether to send the call again
unclassified_server_error: the fault is on the server's side: try again later, and quote the request id to HeyGen's support";

fn by_code(code: &str) -> Option<&'static str> {
    let mut known = BY_CODE.lines().filter_map(|line| line.split_once(": "));
    known.find_map(|(codes, hint)| codes.split(' ').any(|known| known == code).then_some(hint))
}

/// The hint for an error, whatever the command.
pub(super) fn of_error(error: &Error, code: &str) -> Option<String> {
    let fixed = match error.kind() {
        _ if error.is_timeout() => Some("try again, or raise --timeout"),
        ErrorKind::Decode if error.message().contains("larger than") => {
            Some("ask for less at once, for example by --limit")
        }
        ErrorKind::Decode => Some(UNREADABLE),
        ErrorKind::InvalidInput if error.operation() == Some(super::BY_PATH) => {
            Some("pass a path such as /v3/voices, its ids percent-encoded, and GET or POST")
        }
        ErrorKind::File if error.io_kind() == Some(io::ErrorKind::AlreadyExists) => {
            Some("choose another path by --output-path, or replace the file by --force")
        }
        ErrorKind::Api if error.is_insufficient_credit() => by_code("insufficient_credit"),
        ErrorKind::Api if error.is_scope_missing() || error.path().is_none() => None,
        ErrorKind::Api if error.status() == Some(403) => by_code("forbidden"),
        ErrorKind::Api => by_code(code),
        _ => None,
    };
    let hint = fixed.or_else(|| error.hint())?;
    let is_limit = error.is_rate_limited() || error.is_quota_exceeded();
    Some(match error.attempts() {
        attempts @ 2.. if is_limit => format!("it was sent {attempts} times already: {hint}"),
        _ => hint.to_owned(),
    })
}

/// A call of a command, for hints that name other commands and the arguments.
pub(crate) struct Call<'a> {
    /// None for calls by method and path.
    leaf: Option<&'static Leaf>,
    /// The arguments of the path, by the names that help has.
    pub(crate) arguments: Vec<(&'static str, &'a str)>,
    /// What to do where the credential is refused, by where it is from.
    refused: Option<String>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        leaf: Option<&'static Leaf>,
        matches: &'a ArgMatches,
        refused: Option<String>,
    ) -> Self {
        let arguments = leaf.map_or(&[][..], |leaf| leaf.command.arguments).iter();
        let given = arguments.filter_map(|a| Some((a.0, ids::text(matches, a.0)?)));
        Self {
            leaf,
            arguments: given.collect(),
            refused,
        }
    }

    /// A call of a command that is written by hand.
    pub(crate) fn by_hand(refused: Option<String>) -> Self {
        Self {
            leaf: None,
            arguments: Vec::new(),
            refused,
        }
    }

    /// The first argument of the path: the id of what the command reads.
    pub(crate) fn id(&self) -> &str {
        self.arguments.first().map_or("", |(_, id)| id)
    }

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
        // Neither sent to the API, nor by another server.
        error.path()?;
        if error.outcome_unknown() {
            return Some(self.check_first(error));
        }
        if error.kind() != ErrorKind::Api {
            return None;
        }
        if error.is_unauthorized() {
            return self.refused.clone();
        }
        let leaf = self.leaf?;
        if error.is_forbidden() {
            let scopes = leaf.command.scopes.join(", ");
            let plan = by_code("forbidden").filter(|_| !error.is_scope_missing());
            let plan = plan.map_or(String::new(), |plan| format!("{plan}; "));
            return (!scopes.is_empty()).then(|| format!("{plan}the key needs the scope {scopes}"));
        }
        if error.is_not_found() && !self.arguments.is_empty() {
            return Some(self.not_found(error, leaf));
        }
        let is_invalid = error.param().is_some() || matches!(error.status(), Some(400 | 422));
        if !is_invalid || error.code().and_then(by_code).is_some() {
            return None;
        }
        let how = match leaf.command.body {
            Body::Json { .. } => "--request-schema",
            Body::None | Body::Form => "--help",
        };
        let (what, line) = (error.param().unwrap_or("the input"), leaf.command_line());
        Some(format!("check {what}: see `{line} {how}`"))
    }

    /// For a write that may have been executed.
    fn check_first(&self, error: &Error) -> String {
        let leaf = self.leaf;
        if leaf.is_some_and(|leaf| leaf.command.operation.idempotent) {
            return "it may have been executed; sending it again is safe".to_owned();
        }
        let reader = leaf.and_then(|leaf| self.reader(leaf));
        let reader = reader.map_or(String::new(), |reader| format!(" by `{reader}`"));
        let key = error.idempotency_key();
        let key = key.map_or(String::new(), |key| {
            format!(", or send it with --idempotency-key {key}, by which it is executed once")
        });
        format!("it may have been executed: to avoid duplicates, check{reader} first{key}")
    }

    /// The command that shows what a write has done.
    fn reader(&self, leaf: &Leaf) -> Option<String> {
        if leaf.command.operation.method != "POST" && !self.arguments.is_empty() {
            let ids = self.arguments.iter().map(|(_, id)| format!(" {id}"));
            return Some(sibling(leaf.words, "get")? + &ids.collect::<String>());
        }
        let Some(job) = leaf.command.job.as_ref().map(|started| started.job) else {
            return sibling(leaf.words, "list");
        };
        // The job may be of another group: a template makes a video.
        let mut all = TABLE.leaves.iter();
        all.find_map(|reader| {
            let read = reader.command.job.as_ref()?;
            let reads = std::ptr::eq(read.job, job) && matches!(read.id, JobId::Argument);
            reads.then(|| sibling(reader.words, "list"))?
        })
    }

    fn not_found(&self, error: &Error, leaf: &Leaf) -> String {
        let arguments = self.arguments.iter();
        let named: Vec<_> = arguments
            .map(|(name, id)| format!("{name} `{id}`"))
            .collect();
        let named = named.join(" and the ");
        let mut hint = format!("check the {named}, and that the workspace of the key has it");
        let code = error.code().filter(|code| *code != "not_found");
        if let Some(listed) = code.and_then(by_code) {
            hint = format!("{hint}; {listed}");
        } else if let Some(list) = sibling(leaf.words, "list") {
            hint = format!("{hint}; `{list}` shows what there is");
        }
        // The operation itself may not exist any more.
        let is_retired = error.code().is_none() && leaf.command.operation.sunset.is_some();
        match error.hint().filter(|_| is_retired) {
            Some(retired) => format!("{hint}; {retired}"),
            None => hint,
        }
    }
}

/// The command of this name in the group of a command, or in one around it.
fn sibling(words: &[&str], name: &str) -> Option<String> {
    (1..words.len()).rev().find_map(|length| {
        let wanted = [&words[..length], &[name]].concat();
        let known = TABLE.leaves.iter().find(|leaf| leaf.words == wanted);
        known.map(Leaf::command_line)
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::time::Duration;

    use super::super::Exit;
    use super::*;

    /// The error of a command whose server sends this response, or none.
    async fn failed(words: &[&str], response: Option<(u16, &str)>) -> CliError {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let response = response.map(|(status, body)| {
            let length = body.len();
            format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\nx-request-id: r1\r\n\r\n{body}")
        });
        let server = std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(&connection).lines();
            while !lines.next().unwrap().unwrap().is_empty() {}
            match response {
                Some(response) => connection.write_all(response.as_bytes()).unwrap(),
                None => std::thread::sleep(Duration::from_millis(300)),
            }
        });
        let leaf = TABLE
            .leaves
            .iter()
            .find(|leaf| leaf.words == words)
            .unwrap();
        let command = leaf.command;
        let arguments = command.arguments.iter();
        let call = Call {
            leaf: Some(leaf),
            arguments: arguments.clone().map(|a| (a.0, "v1")).collect(),
            refused: Some("from the file".to_owned()),
        };
        let client = heygen::Client::builder().api_key("k").base_url(url);
        let client = client.max_retries(0).build().unwrap();
        let arguments: Vec<_> = arguments.map(|a| (a.0, "v1")).collect();
        let core = heygen::raw::core(&client);
        let request = core.operation(command.operation, &arguments, &[]);
        let request = request.timeout(Duration::from_millis(200));
        let error = call.explain(request.idempotency_key("k-1").await.unwrap_err());
        server.join().unwrap();
        error
    }

    const GET: &[&str] = &["video", "get"];
    const LIST: &[&str] = &["video", "list"];
    const CREATE: &[&str] = &["video", "create"];

    /// Command, status, body or code; exit code, code (that of the body if empty), hint.
    const CASES: &str = "\
video get|400||1|validation_error|`heygen video get --help`
video create|400|invalid_parameter|1||--request-schema
video create|400|voice_not_found|1||heygen voice list
video get|401||3|unauthorized|from the file
video get|402|error|1|insufficient_credit|heygen user me get
video get|403|<html>|3|forbidden|another login
video get|403|insufficient_api_key_scope|3||the scope
video get|404||1|not_found|video_id `v1`, and that
video get|404|video_not_found|1||`heygen video list` shows
video get|409|conflict|1||state first
video get|413||1|payload_too_large|heygen asset upload
video get|405|<html>|1|unclassified_client_error|arguments of the call
video get|429||1|rate_limit_exceeded|send fewer
video get|429|quota_exceeded|1||renewed
video get|502|<html>|1|unclassified_server_error|the server's side
video list|503||1|unclassified_server_error|the server's side
video get|500|odd|1||the server's side
video create|500||1|unclassified_server_error|heygen video list` first, or send it with --idempotency-key k-1
video get|200|video_not_found|1||heygen video list
video get|200|{\"error\":\"m\"}|1|error|";

    #[tokio::test]
    async fn error_has_exit_code_code_and_hint() {
        for case in CASES.lines() {
            let [words, status, body, exit, code, hint] =
                case.split('|').collect::<Vec<_>>().try_into().unwrap();
            let words: Vec<_> = words.split(' ').collect();
            let coded = format!(r#"{{"error":{{"code":"{body}","message":"m"}}}}"#);
            let is_code = body.starts_with(|first: char| first.is_ascii_lowercase());
            let sent = if is_code { &coded } else { body };
            let error = failed(&words, Some((status.parse().unwrap(), sent))).await;
            let code = if code.is_empty() { body } else { code };
            assert_eq!((error.exit as u8).to_string(), exit, "{case}");
            assert_eq!(error.body.code, code, "{case}");
            assert_eq!(error.body.status.unwrap().to_string(), status);
            let found = error.body.hint.unwrap_or_default();
            assert!(found.contains(hint), "{case}: {found}");
            assert!(!error.body.message.is_empty(), "{case}");
            assert_eq!(error.body.request_id.as_deref(), Some("r1"));
        }
    }

    #[tokio::test]
    async fn timeout_of_a_write_warns_of_duplicates() {
        for (words, hint) in [
            (GET, "--timeout"),
            (LIST, "--timeout"),
            (CREATE, "avoid duplicates"),
        ] {
            let error = failed(words, None).await;
            assert_eq!((error.exit, error.body.status), (Exit::Timeout, None));
            assert_eq!(error.body.code, "timeout");
            let found = error.body.hint.unwrap_or_default();
            assert!(found.contains(hint), "{found}");
            assert!(
                error.body.message.contains("0.2 s"),
                "{}",
                error.body.message
            );
        }
    }
}
