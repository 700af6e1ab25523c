//! Hints: what to do about an error, for a user of the program. The library's own
//! are for programmers.

use heygen::{Error, ErrorKind};

use super::CliError;
use crate::generated::LEAVES;
use crate::table::Leaf;

/// A code, or several, and what to do. A code that is not here has the library's hint.
const BY_CODE: &str = "\
avatar_not_found: `heygen avatar list` and `heygen avatar looks list` show what there is
video_not_found: `heygen video list` shows what there is
voice_not_found voice_not_usable: `heygen voice list` shows the voices that can be used
insufficient_credit: `heygen user me get` shows the credit that is left; add more at https://app.heygen.com/settings?nav=API
not_found resource_not_found: check the ids; sending the same call again does not help
rate_limit_exceeded: the retries of --max-retries did not help: wait before the next call, or send fewer at once
quota_exceeded: retries do not help: wait until the quota is renewed, or use another plan
asset_not_available: the object does not have this file, or not yet: look at its status, then try again
timeout: try again, or raise --timeout; if the time ran out on the server, look at the object first
forbidden resource_access_denied ai_vendor_access_restricted: the plan of the account or the permissions of the key do not allow this; another login with the same account does not help
payload_too_large: send less: a smaller file, or upload it by `heygen asset upload` and pass its id
conflict: read the object's state first, then decide whether to send the call again
unclassified_server_error: the fault is on the server's side: try again later, and quote the request id to HeyGen's support
file_exists: choose another path by --output-path, or replace the file by --force
cli_response_parse_error: check that the base URL is HeyGen's; if it is, try again, then look for a newer version of this program";

fn by_code(code: &str) -> Option<&'static str> {
    let mut known = BY_CODE.lines().filter_map(|line| line.split_once(": "));
    known.find_map(|(codes, hint)| codes.split(' ').any(|known| known == code).then_some(hint))
}

/// The hint for an error, whatever the command.
pub(super) fn of_error(error: &Error, code: &str) -> Option<String> {
    let is_api = error.kind() == ErrorKind::Api;
    let hint = match code {
        _ if error.param() == Some("path") && error.operation() == Some("request") => {
            Some("pass a path such as /v3/voices, and its query by --query NAME=VALUE")
        }
        // The server of a file does not know the key.
        _ if is_api && (error.path().is_none() || error.is_scope_missing()) => None,
        _ if error.is_insufficient_credit() => by_code("insufficient_credit"),
        _ if error.is_quota_exceeded() => by_code("quota_exceeded"),
        _ if is_api && error.status() == Some(403) => by_code("forbidden"),
        _ if is_api && error.status() == Some(413) => by_code("payload_too_large"),
        _ => by_code(code),
    };
    hint.or_else(|| error.hint()).map(str::to_owned)
}

/// A call of a command, for hints that name other commands and the ids.
#[derive(Default)]
pub(crate) struct Call<'a> {
    /// None for calls by method and path, and those of commands by hand.
    pub(crate) leaf: Option<&'static Leaf>,
    /// The arguments of the path.
    pub(crate) ids: Vec<&'a str>,
    /// What to do where the credential is refused, by where it is from.
    pub(crate) refused: Option<String>,
    /// Whether it can change anything.
    pub(crate) is_write: bool,
    /// The idempotency key by which it may be sent again.
    pub(crate) key: Option<String>,
    /// The command that takes a wait up again, where it is not the one that reads the job.
    pub(crate) resume: Option<String>,
}

impl Call<'_> {
    /// A call of a command that is written by hand.
    pub(crate) fn by_hand(refused: Option<String>) -> Self {
        Self {
            refused,
            ..Self::default()
        }
    }

    /// The first argument of the path: the id of what the command reads.
    pub(crate) fn id(&self) -> &str {
        self.ids.first().copied().unwrap_or_default()
    }

    /// The error of this call.
    pub(crate) fn explain(&self, error: Error) -> CliError {
        let hint = self.hint(&error);
        let mut failed = CliError::from(error);
        failed.body.hint = hint.or(failed.body.hint);
        failed
    }

    /// The error of this call where it was stopped before its response came.
    pub(crate) fn explain_stop(&self, mut stopped: CliError) -> CliError {
        let check = || self.check_first(self.key.as_deref());
        stopped.body.hint = self.is_write.then(check);
        stopped
    }

    fn hint(&self, error: &Error) -> Option<String> {
        // Neither sent to the API, nor by another server.
        error.path()?;
        if error.outcome_unknown() {
            return Some(self.check_first(error.idempotency_key()));
        }
        if error.kind() != ErrorKind::Api {
            return None;
        }
        if error.is_unauthorized() {
            return self.refused.clone();
        }
        let leaf = self.leaf?;
        let scopes = leaf.command.scopes.join(", ");
        if error.is_forbidden() && !scopes.is_empty() {
            let hint = of_error(error, "forbidden").unwrap_or_default();
            return Some(format!("{hint}; the key needs the scope {scopes}"));
        }
        let known = error.code().and_then(by_code);
        if error.is_not_found() && !self.ids.is_empty() {
            let ids = self.ids.join("` and `");
            let hint = format!("check `{ids}`, and the workspace of the key");
            let sunset = leaf.command.operation.sunset;
            return Some(match (known, sunset, list_beside(leaf)) {
                (Some(known), ..) => format!("{hint}; {known}"),
                (_, Some(day), _) => {
                    format!("{hint}; the end of this operation was announced for {day}")
                }
                (_, _, Some(list)) => format!("{hint}; `{list}` shows what there is"),
                _ => hint,
            });
        }
        let is_invalid = error.param().is_some() || matches!(error.status(), Some(400 | 422));
        if !is_invalid || error.status() == Some(413) || known.is_some() {
            return None;
        }
        let schema = leaf.command.request_schema;
        let how = schema.map_or("--help", |_| "--request-schema");
        let (what, line) = (error.param().unwrap_or("the input"), leaf.command_line());
        Some(format!("check {what}: see `{line} {how}`"))
    }

    /// For a write that may have been executed.
    fn check_first(&self, key: Option<&str>) -> String {
        let list = self.leaf.and_then(|leaf| {
            // A job may be of another group: a template makes a video.
            let read = leaf.command.job.map(|(job, _)| job.read().path);
            let mut leaves = LEAVES.iter();
            let reader = leaves.find(|other| Some(other.command.operation.path) == read);
            list_beside(reader.unwrap_or(leaf))
        });
        let list = list.map_or(String::new(), |list| format!(" by `{list}`"));
        let key = key.map_or(String::new(), |key| {
            format!(", or add --idempotency-key {key}, by which it is executed once")
        });
        format!("it may have been executed: check{list} before you send it again{key}")
    }
}

/// The command that lists what a command is about, in its group or in one around it.
fn list_beside(leaf: &Leaf) -> Option<String> {
    (1..leaf.words.len()).rev().find_map(|length| {
        let wanted = [&leaf.words[..length], &["list"]].concat();
        let known = LEAVES.iter().find(|leaf| leaf.words == wanted);
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
        let leaf = LEAVES.iter().find(|leaf| leaf.words == words).unwrap();
        let command = leaf.command;
        let arguments = command.arguments.iter();
        let call = Call {
            leaf: Some(leaf),
            ids: vec!["v1"; command.arguments.len()],
            ..Call::by_hand(Some("from the file".to_owned()))
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
video get|404||1|not_found|check `v1`
video get|404|video_not_found|1||`heygen video list` shows
avatar details|404|<html>|1|not_found|was announced for
video get|409|conflict|1||state first
video get|413||1|payload_too_large|heygen asset upload
video get|405|<html>|1|unclassified_client_error|arguments of the call
video get|429||1|rate_limit_exceeded|send fewer
video get|429|quota_exceeded|1||renewed
video get|502|<html>|1|unclassified_server_error|the server's side
video list|503||1|unclassified_server_error|the server's side
video get|500|odd|1||the server's side
video create|500||1|unclassified_server_error|heygen video list` before you send it again, or add --idempotency-key k-1
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
            (CREATE, "before you send it again"),
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
