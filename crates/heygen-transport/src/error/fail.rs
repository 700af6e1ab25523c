//! How each kind of error comes about: one function for each thing that can
//! happen, so that its words and its consequences stand in one place.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::read::Reading;
use super::{Error, ErrorKind};
use crate::idempotency;
use crate::retry::Cause;

const MIB: usize = 1024 * 1024;

/// A setting that cannot be used.
pub(crate) fn config(message: impl Into<String>, hint: &'static str) -> Error {
    Error::new(ErrorKind::Config, message).with_hint(hint)
}

/// A key that is missing or cannot be sent.
pub(crate) fn key(message: impl Into<String>, hint: &'static str) -> Error {
    let mut error = config(message, hint);
    error.0.about_key = true;
    error
}

/// An argument that cannot be sent.
pub(crate) fn input(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

/// The time for the whole call is over.
pub(crate) fn out_of_time(total: Duration) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!("the call was not done within {}", seconds(total)),
    )
    .with_hint("raise the timeout of this call or of the client, or try again later")
    .caused_by(Cause::Lost)
}

/// The time for the whole call is over before it could begin.
pub(crate) fn no_turn(total: Duration) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!(
            "the call waited {} for its turn behind others of this client",
            seconds(total)
        ),
    )
    .with_hint("raise max_in_flight of the client or the timeout, or make fewer calls at once")
    .caused_by(Cause::Unsent)
}

/// No byte came for too long.
pub(crate) fn idle(limit: Duration) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!("no byte came from the server for {}", seconds(limit)),
    )
    .with_hint("try again later, or raise the idle timeout of the client")
    .caused_by(Cause::Lost)
}

/// The answer is larger than we are ready to hold.
pub(crate) fn too_large(limit: usize) -> Error {
    let limit = if limit.is_multiple_of(MIB) {
        format!("{} MiB", limit / MIB)
    } else {
        format!("{limit} bytes")
    };
    Error::new(
        ErrorKind::Decode,
        format!("the answer is larger than {limit}"),
    )
    .with_hint("ask for less at once, or raise max_body_bytes of the client")
}

/// The body of the answer could not be read to its end.
pub(crate) fn broken(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let cause = root(&error);
    if is_packed_wrongly(&error) {
        return decode(format!("the answer cannot be unpacked: {cause}"))
            .with_source(error)
            .with_hint("try again later; the server or a proxy packed the answer wrongly");
    }
    Error::new(
        ErrorKind::Transport,
        format!("the connection broke before the answer was whole: {cause}"),
    )
    .with_source(error)
    .with_hint("try again; the network or a proxy cut the connection")
    .caused_by(Cause::Lost)
}

/// The request could not be made, sent, or answered.
pub(crate) fn from_reqwest(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let cause = root(&error);
    if error.is_builder() {
        return input(format!("the request cannot be made: {cause}")).with_source(error);
    }
    if error.is_connect() {
        let timed_out = error.is_timeout();
        let mut failed = if timed_out {
            Error::new(ErrorKind::Connect, "no connection to the server in time")
        } else {
            Error::new(
                ErrorKind::Connect,
                format!("no connection to the server: {cause}"),
            )
        };
        failed.0.timed_out = timed_out;
        return failed
            .with_source(error)
            .with_hint("check the network, the proxy settings and the base URL")
            .caused_by(Cause::Unsent);
    }
    if error.is_timeout() {
        return Error::new(
            ErrorKind::Timeout,
            format!("the connection timed out: {cause}"),
        )
        .with_source(error)
        .with_hint("try again later, or raise the timeout")
        .caused_by(Cause::Lost);
    }
    Error::new(
        ErrorKind::Transport,
        format!("the connection broke before an answer came: {cause}"),
    )
    .with_source(error)
    .with_hint("try again; the network or a proxy cut the connection")
    .caused_by(Cause::Lost)
}

/// The server answered with an error, whose body has been read.
pub(crate) fn api(status: StatusCode, headers: HeaderMap, body: &Bytes, said: Reading) -> Error {
    let number = status.as_u16();
    let cause = if idempotency::is_in_progress(number, said.code.as_deref()) {
        Cause::InProgress
    } else {
        Cause::Answered(number)
    };
    let mut error = Error::new(ErrorKind::Api, said.message)
        .with_head(status, headers)
        .with_body(body)
        .caused_by(cause);
    error.0.code = said.code;
    error.0.param = said.param;
    error.0.doc_url = said.doc_url;
    error
}

/// The server answered with success, but not with what the API describes.
pub(crate) fn decode(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, message)
}

/// A fault of ours between the layers, which no caller can mend.
pub(crate) fn internal(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message)
        .with_hint("this is a fault of the client library; report it with this message")
}

/// Whether a body came as it was sent and cannot be unpacked, as opposed to
/// one that was cut: only the unpacking fails with a plain I/O error.
fn is_packed_wrongly(error: &reqwest::Error) -> bool {
    let io = error.source().and_then(|source| source.downcast_ref());
    io.is_some_and(|io: &io::Error| io.kind() != io::ErrorKind::UnexpectedEof)
}

/// The innermost cause, which says most: "connection refused", not "error
/// sending request".
fn root(error: &(dyn StdError + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
