//! Builders of errors: one function for each failure, with its message, its
//! hint and whether it may be retried.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::Error;
pub(crate) use super::file::{
    busy as file_busy, exists as file_exists, local as file, missing as missing_file,
};
use super::kind::{Cause, ErrorKind};
use super::parse::ErrorBody;
use crate::deadline::Expired;
use crate::multipart::PartError;

const MIB: usize = 1024 * 1024;

/// The code by which the API reports that the first request with an idempotency
/// key is still being processed.
const REQUEST_IN_PROGRESS: &str = "request_in_progress";

/// A setting that cannot be used.
pub(crate) fn config(message: impl Into<String>, hint: &'static str) -> Error {
    Error::new(ErrorKind::Config, message).with_hint(hint)
}

/// An API key or token that is missing or cannot be sent.
pub(crate) fn credential(message: impl Into<String>, hint: &'static str) -> Error {
    let mut error = config(message, hint);
    error.0.about_key = true;
    error
}

/// An argument that cannot be sent.
pub(crate) fn input(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

/// A deadline passed.
pub(crate) fn timeout(expired: Expired) -> Error {
    let (message, hint) = match expired {
        Expired::Call(limit) => (
            format!("no complete response within {}", seconds(limit)),
            "raise the timeout of this call or of the client, or try again later",
        ),
        Expired::Attempt(limit) => (
            format!(
                "no complete response to this attempt within {}",
                seconds(limit)
            ),
            "raise the attempt timeout, or try again later",
        ),
        Expired::Idle(limit) => (
            format!("the transfer made no progress for {}", seconds(limit)),
            "try again later, or raise the idle timeout of the client",
        ),
    };
    Error::new(ErrorKind::Timeout, message)
        .with_hint(hint)
        .with_cause(Cause::Lost)
}

/// The deadline passed while the call was queued by the concurrency limit.
pub(crate) fn queue_timeout(expired: Expired) -> Error {
    let (Expired::Call(limit) | Expired::Attempt(limit) | Expired::Idle(limit)) = expired;
    let message = format!(
        "the call spent its {} in the queue behind other calls of this client",
        seconds(limit)
    );
    Error::new(ErrorKind::Timeout, message)
        .with_hint("raise max_in_flight of the client or the timeout, or make fewer calls at once")
        .with_cause(Cause::NotSent)
}

/// The response is larger than the client's limit.
pub(crate) fn too_large(limit: usize) -> Error {
    let limit = match limit / MIB {
        mib if mib * MIB == limit => format!("{mib} MiB"),
        _ => format!("{limit} bytes"),
    };
    decode(format!("the response is larger than {limit}"))
        .with_hint("ask for less at once, or raise max_body_bytes of the client")
}

/// The body of a response could not be read to its end.
pub(crate) fn body_error(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let cause = root_cause(&error);
    if error.is_timeout() {
        return library_timeout(error, &cause);
    }
    if is_malformed_encoding(&error) {
        return decode(format!("the response cannot be decompressed: {cause}"))
            .with_source(error)
            .with_hint("try again later; the server or a proxy compressed it wrongly");
    }
    cut(
        "the connection broke before the response was complete",
        error,
    )
}

/// The request could not be built or sent, or got no response.
pub(crate) fn send_error(error: reqwest::Error) -> Error {
    let url = error.url();
    let server = url.map_or_else(String::new, |url| {
        let port = url.port_or_known_default().unwrap_or_default();
        format!(" to {}:{port}", url.host_str().unwrap_or_default())
    });
    let error = error.without_url();
    let cause = root_cause(&error);
    if error.is_builder() {
        return input(format!("the request cannot be built: {cause}")).with_source(error);
    }
    if let Some(part) = in_chain::<PartError>(&error) {
        return input(format!("the body cannot be sent: {part}")).with_source(error);
    }
    if error.is_connect() {
        let timed_out = error.is_timeout();
        let why = if timed_out { "timed out" } else { &cause };
        let message = format!("no connection{server}: {why}");
        let mut failed = Error::new(ErrorKind::Connect, message);
        failed.0.timed_out = timed_out;
        return failed
            .with_source(error)
            .with_hint("check the network, the proxy settings and the base URL")
            .with_cause(Cause::NotSent);
    }
    if error.is_timeout() {
        return library_timeout(error, &cause);
    }
    cut(
        &format!("the connection{server} broke before a response arrived"),
        error,
    )
}

/// The network or a proxy closed the connection.
fn cut(what: &str, error: reqwest::Error) -> Error {
    let message = format!("{what}: {}", root_cause(&error));
    Error::new(ErrorKind::Transport, message)
        .with_source(error)
        .with_hint("try again; the network or a proxy cut the connection")
        .with_cause(Cause::Lost)
}

/// A timeout of the HTTP library's own, set by its settings.
fn library_timeout(error: reqwest::Error, cause: &str) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!("the connection timed out: {cause}"),
    )
    .with_source(error)
    .with_hint("try again later, or raise the idle timeout of the client or the timeout of the HTTP library")
    .with_cause(Cause::Lost)
}

/// The server responded with an error, whose body has been parsed.
pub(crate) fn api(
    status: StatusCode,
    headers: HeaderMap,
    body: &Bytes,
    parsed: ErrorBody,
) -> Error {
    let number = status.as_u16();
    let in_progress = number == 409
        && parsed
            .code
            .as_deref()
            .is_some_and(|code| code.eq_ignore_ascii_case(REQUEST_IN_PROGRESS));
    let cause = if in_progress {
        Cause::InProgress
    } else {
        Cause::Status(number)
    };
    let mut error = Error::new(ErrorKind::Api, parsed.message)
        .with_head(status, headers)
        .with_body(body)
        .with_cause(cause);
    error.0.code = parsed.code;
    error.0.param = parsed.param;
    error.0.doc_url = parsed.doc_url;
    // A quota is not renewed within the backoff of a call, nor is a key changed.
    if error.is_quota_exceeded() || error.is_scope_missing() {
        error.0.cause = Cause::Permanent;
    }
    if let Some(hint) = error.scope_hint() {
        error = error.with_hint(hint);
    }
    error
}

/// The server responded with success, but the body does not match the API's
/// description.
pub(crate) fn decode(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, message)
}

/// The server responded with success, but not with the file.
pub(crate) fn not_the_file(message: impl Into<String>) -> Error {
    decode(message).with_hint(
        "get the file's address from the API again; the error keeps the beginning of what was sent",
    )
}

/// A transfer ended before the length that was declared.
pub(crate) fn short_file() -> Error {
    Error::new(
        ErrorKind::Transport,
        "the transfer ended before the file was complete",
    )
    .with_hint("try again; the network or a proxy cut the connection")
    .with_cause(Cause::Lost)
}

/// A bug of this library.
pub(crate) fn internal(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message)
        .with_hint("this is a fault of the client library; report it with this message")
}

/// Whether a body cannot be decompressed, as opposed to one that was truncated:
/// on the wire, when the connection's error is in the chain, or by a proxy,
/// which sets a correct length for the rest.
fn is_malformed_encoding(error: &reqwest::Error) -> bool {
    let Some(mut inner) = error.source() else {
        return false;
    };
    loop {
        if inner.is::<hyper::Error>() {
            return false;
        }
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return io.kind() != io::ErrorKind::UnexpectedEof;
        }
        match inner.source() {
            Some(source) => inner = source,
            None => return true,
        }
    }
}

/// The first error of a type in a chain of causes.
fn in_chain<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|e| e.downcast_ref())
}

/// The innermost cause, the most specific one: "connection refused" instead of
/// "error sending request".
fn root_cause(error: &(dyn StdError + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

pub(super) fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
