//! Errors of the library as those of the program: exit code, code, message.

use std::io;

use heygen::{Error, ErrorKind};

use super::{CliError, ErrorBody, Exit, PARSE_ERROR, hints};

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        let (exit, code) = exit_and_code(&error);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let mut failed = Self::new(exit, code, error.message());
        *failed.body = ErrorBody {
            hint: hints::of_error(&error, code),
            param: owned(error.param()),
            doc_url: owned(error.doc_url()),
            request_id: owned(error.request_id()),
            status: error.status(),
            attempts: Some(error.attempts()).filter(|attempts| *attempts > 0),
            // Rounded up, so that the wait is long enough.
            retry_after: error
                .retry_after()
                .map(|time| time.as_secs() + u64::from(time.subsec_nanos() > 0)),
            // Calls by method and path have no `operationId`.
            operation: owned(error.operation().filter(|id| *id != "request")),
            job_id: owned(error.job_id()),
            job_state: owned(error.job_state()),
            ..*failed.body
        };
        failed
    }
}

/// The exit code, and the API's own code, else that of the status, or of the kind of
/// error.
fn exit_and_code(error: &Error) -> (Exit, &str) {
    // A file's server knows neither the key nor codes of the API.
    let is_file = error.path().is_none();
    let is_download = is_file && error.operation() == Some("download");
    let is_key = error.is_unauthorized() || error.is_forbidden();
    let code = match error.kind() {
        _ if error.is_timeout() => return (Exit::Timeout, "timeout"),
        ErrorKind::Config if is_key => return (Exit::Key, "auth_error"),
        ErrorKind::Config => return (Exit::Usage, "usage_error"),
        ErrorKind::InvalidInput if error.attempts() == 0 => return (Exit::Usage, "usage_error"),
        ErrorKind::Transport if is_download => "cli_download_interrupted",
        ErrorKind::Connect | ErrorKind::Transport => "network_error",
        ErrorKind::Decode if is_file => "cli_download_failed",
        ErrorKind::Decode => PARSE_ERROR,
        ErrorKind::File if error.is_file_missing() => "asset_not_available",
        ErrorKind::File if error.io_kind() == Some(io::ErrorKind::AlreadyExists) => "file_exists",
        // What is uploaded is read while it is sent.
        ErrorKind::File | ErrorKind::InvalidInput => "cli_file_io_error",
        ErrorKind::Api if is_download => match error.status() {
            Some(401 | 403 | 404 | 410) => "cli_download_url_expired",
            _ => "cli_download_failed",
        },
        ErrorKind::Api => {
            let own = error.code().filter(|code| *code != "error");
            let code = own.unwrap_or_else(|| of_status(error.status().unwrap_or_default()));
            let is_key = is_key && !is_file;
            return (if is_key { Exit::Key } else { Exit::Failed }, code);
        }
        // A job that has failed; the reason is in the message.
        _ => "error",
    };
    (Exit::Failed, code)
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

#[cfg(test)]
mod tests {
    use super::*;

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
