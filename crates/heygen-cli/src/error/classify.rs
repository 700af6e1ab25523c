//! Errors of the library as those of the program: exit code, code, message.

use std::io;
use std::time::Duration;

use heygen::{Error, ErrorKind};

use super::{BY_PATH, CliError, ErrorBody, Exit, PARSE_ERROR, hints};

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        let code = code(&error);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let mut failed = Self::new(exit(&error), &code, without_signatures(error.message()));
        *failed.body = ErrorBody {
            hint: hints::of_error(&error, &code),
            param: owned(error.param()),
            doc_url: owned(error.doc_url()),
            request_id: owned(error.request_id()),
            status: error.status(),
            attempts: Some(error.attempts()).filter(|attempts| *attempts > 0),
            retry_after: error.retry_after().map(whole_seconds),
            operation: owned(error.operation().filter(|id| *id != BY_PATH)),
            job_id: owned(error.job_id()),
            job_state: owned(error.job_state()),
            ..*failed.body
        };
        failed
    }
}

/// Rounded up, so that the wait is long enough.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// Whether the error is that of a file's server, which knows neither key nor codes
/// of the API.
fn is_transfer(error: &Error) -> bool {
    matches!(error.operation(), Some("download" | "upload")) && error.path().is_none()
}

fn exit(error: &Error) -> Exit {
    let is_refused = error.is_unauthorized() || error.is_forbidden();
    match error.kind() {
        _ if error.is_timeout() => Exit::Timeout,
        ErrorKind::Api | ErrorKind::Config if is_refused && !is_transfer(error) => Exit::Key,
        ErrorKind::Config => Exit::Usage,
        // Else a file could not be read while it was sent.
        ErrorKind::InvalidInput if error.attempts() == 0 => Exit::Usage,
        _ => Exit::Failed,
    }
}

/// The API's own code; without one, that of the status, or of the kind of error.
fn code(error: &Error) -> String {
    let code = match error.kind() {
        _ if error.is_timeout() => "timeout",
        ErrorKind::Config if error.is_unauthorized() => "auth_error",
        ErrorKind::InvalidInput if error.attempts() > 0 => "cli_file_io_error",
        ErrorKind::Config | ErrorKind::InvalidInput => "usage_error",
        ErrorKind::Transport if error.operation() == Some("download") => "cli_download_interrupted",
        ErrorKind::Connect | ErrorKind::Transport => "network_error",
        ErrorKind::Decode if is_transfer(error) => "cli_download_failed",
        ErrorKind::Decode => PARSE_ERROR,
        ErrorKind::File if error.is_file_missing() => "asset_not_available",
        ErrorKind::File if error.io_kind() == Some(io::ErrorKind::AlreadyExists) => "file_exists",
        ErrorKind::File => "cli_file_io_error",
        ErrorKind::Api if error.operation() == Some("download") => match error.status() {
            Some(401 | 403 | 404 | 410) => "cli_download_url_expired",
            _ => "cli_download_failed",
        },
        ErrorKind::Api => match error.code().filter(|code| *code != "error") {
            Some(own) => own,
            None => of_status(error.status().unwrap_or_default()),
        },
        // A job that has failed; the reason is in the message.
        _ => "error",
    };
    code.to_owned()
}

/// The code of a response without one of the API's.
fn of_status(status: u16) -> &'static str {
    match status {
        400 => "validation_error",
        401 => "unauthorized",
        402 => "insufficient_credit",
        403 => "forbidden",
        404 => "not_found",
        409 => "conflict",
        413 => "payload_too_large",
        429 => "rate_limit_exceeded",
        500..=599 => "unclassified_server_error",
        _ if status >= 400 => "unclassified_client_error",
        // An error in the envelope of a success, or a redirect that is not followed.
        _ => "error",
    }
}

/// Words in the query of a signed address.
const SIGNED: [&str; 5] = ["signature", "sig=", "token=", "credential=", "key-pair-id="];

/// The text without the queries of signed addresses: whoever has them has the file.
fn without_signatures(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let is_outside = |letter: char| letter.is_whitespace() || "\"'<>`".contains(letter);
        let end = rest[at..]
            .find(is_outside)
            .map_or(rest.len(), |end| at + end);
        match rest[at..end].split_once('?') {
            Some((address, query)) if is_signed(query) => {
                out.extend([&rest[..at], address, "?[redacted]"]);
            }
            _ => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out + rest
}

fn is_signed(query: &str) -> bool {
    let query = query.to_ascii_lowercase();
    SIGNED.iter().any(|word| query.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_rounded_up() {
        for (millis, seconds) in [(0, 0), (1, 1), (1000, 1), (1001, 2)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds);
        }
    }

    #[test]
    fn signed_addresses_are_redacted() {
        for (text, redacted) in [
            ("why? no", "why? no"),
            (
                "why? see https://heygen.com/a?nav=API.",
                "why? see https://heygen.com/a?nav=API.",
            ),
            (
                "get 'https://f.example/v.mp4?Expires=1&Signature=abc' and https://f.example/w?X-Amz-Signature=d",
                "get 'https://f.example/v.mp4?[redacted]' and https://f.example/w?[redacted]",
            ),
            ("://?sig=\u{fc}", "://?[redacted]"),
        ] {
            assert_eq!(without_signatures(text), redacted);
        }
    }

    #[test]
    fn status_has_a_code() {
        for (status, code) in [
            (400, "validation_error"),
            (405, "unclassified_client_error"),
            (429, "rate_limit_exceeded"),
            (503, "unclassified_server_error"),
            (200, "error"),
            (302, "error"),
        ] {
            assert_eq!(of_status(status), code);
        }
    }
}
