//! The outcome of a call, compared with the expected one. Common rules apply to
//! every error: one line, which names the operation and not the API key.

use std::fmt;

use heygen::{Error, ErrorKind};
use heygen_tests::client::API_KEY;
use heygen_tests::document::{avatar_id, avatar_path, operation};

use crate::table::{Call, WRITE_PATH};

/// How much of a body an error keeps.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// What a row expects of its call: success by default.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) status: Option<u16>,
    pub(crate) attempts: u32,
    pub(crate) requests: Option<usize>,
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) field: Option<&'static str>,
    pub(crate) request_id: Option<&'static str>,
    pub(crate) body: Option<Vec<u8>>,
}

impl Default for Expected {
    fn default() -> Self {
        Self {
            kind: None,
            status: Some(200),
            attempts: 1,
            requests: None,
            code: None,
            message: String::new(),
            field: None,
            request_id: None,
            body: None,
        }
    }
}

/// The outcome of a call.
#[derive(Debug)]
pub(crate) struct Outcome {
    status: Option<u16>,
    attempts: u32,
    error: Option<Error>,
}

impl Outcome {
    /// The outcome of a result; `success` is its status and its attempts.
    pub(crate) fn new<T>(result: Result<T, Error>, success: fn(T) -> (u16, u32)) -> Self {
        match result.map(success) {
            Ok((status, attempts)) => Self {
                status: Some(status),
                attempts,
                error: None,
            },
            Err(error) => Self {
                status: error.status(),
                attempts: error.attempts(),
                error: Some(error),
            },
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.error.as_ref().map(Error::kind);
        let kind = kind.map_or("success", ErrorKind::as_str);
        let status = self.status.map_or("-".to_owned(), |s| s.to_string());
        write!(f, "{kind:<10} {status:>3}  {} sent", self.attempts)
    }
}

/// The faults that were found.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn equal<T: PartialEq + fmt::Debug>(&mut self, what: &str, actual: &T, expected: &T) {
        if actual != expected {
            self.0
                .push(format!("{what} {actual:?}, expected {expected:?}"));
        }
    }

    fn check(&mut self, what: &str, is_met: bool) {
        if !is_met {
            self.0.push(format!("expected {what}"));
        }
    }
}

impl Expected {
    /// The differences of an outcome from the expected one.
    pub(crate) fn compare(&self, call: Call, outcome: &Outcome) -> Vec<String> {
        let mut faults = Faults::default();
        let kind = outcome.error.as_ref().map(Error::kind);
        faults.equal("kind", &kind, &self.kind);
        faults.equal("status", &outcome.status, &self.status);
        faults.equal("attempts", &outcome.attempts, &self.attempts);
        if let Some(error) = &outcome.error {
            self.compare_error(error, &mut faults);
            check_rules(call, error, &mut faults);
            if !faults.0.is_empty() {
                faults.0.push(error.to_string());
            }
        }
        faults.0
    }

    fn compare_error(&self, error: &Error, faults: &mut Faults) {
        faults.equal("code", &error.code(), &self.code);
        let line = error.to_string().to_lowercase();
        let message = self.message.to_lowercase();
        faults.check(&format!("{message:?} in it"), line.contains(&message));
        faults.equal("field", &error.field(), &self.field);
        if self.request_id.is_some() {
            faults.equal("request id", &error.request_id(), &self.request_id);
            let has_request_id = error.headers().contains_key("x-request-id");
            faults.check("the headers of the response", has_request_id);
        }
        if let Some(body) = &self.body {
            let kept = &body[..body.len().min(MAX_ERROR_BODY)];
            faults.check("the body of the response", error.body() == kept);
        }
    }
}

/// Whether a call may be retried after this error, if that depends on it alone.
fn is_retryable(call: Call, error: &Error) -> Option<bool> {
    match error.kind() {
        ErrorKind::Api => Some(matches!(
            error.status(),
            Some(408 | 429 | 500 | 502 | 503 | 504)
        )),
        ErrorKind::Connect => Some(true),
        ErrorKind::Transport => Some(!matches!(call, Call::Write)),
        ErrorKind::Decode => Some(false),
        _ => None,
    }
}

/// The rules for every error.
fn check_rules(call: Call, error: &Error, faults: &mut Faults) {
    let line = error.to_string();
    let (id, prefix) = match call {
        Call::Read | Call::ReadTwice => {
            let (method, path) = (&operation().method, avatar_path(avatar_id()));
            (&*operation().id, format!("{method} {path} failed: "))
        }
        Call::Create => ("createVideo", "POST /v9/videos failed: ".to_owned()),
        Call::Write => ("request", format!("POST {WRITE_PATH} failed: ")),
    };
    faults.equal("operation", &error.operation(), &Some(id));
    faults.check(&format!("{prefix:?} first"), line.starts_with(&prefix));
    faults.check("one line", !line.contains('\n'));
    faults.check("a short line", line.len() < 2000);
    let printed = format!("{line}{error:?}");
    faults.check("no API key", !printed.contains(API_KEY));
    if let Some(retryable) = is_retryable(call, error) {
        faults.equal("is_retryable", &error.is_retryable(), &retryable);
    }
    if error.kind() == ErrorKind::Transport {
        faults.check("the cause in Debug", printed.contains("source: "));
    }
    if error.status().is_none() {
        let empty = error.body().is_empty() && error.headers().is_empty();
        faults.check("neither headers nor body", empty);
    }
}
