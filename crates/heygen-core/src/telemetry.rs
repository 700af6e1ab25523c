//! Telemetry: a `tracing` span for each call, and in it one for each attempt
//! with the field names of OpenTelemetry's HTTP clients. Without a subscriber
//! no field is computed.

use http::{HeaderMap, StatusCode, Version};
use tracing::Span;
use tracing::field::Empty;
use url::{Position, Url};

use crate::error::Error;
use crate::headers::request_id;
use crate::operation::Operation;
use crate::redact::Redactor;

/// The span of a call.
pub(crate) fn call_span(operation: &'static Operation) -> Span {
    tracing::info_span!(
        "heygen_call",
        otel.kind = "internal",
        otel.status_code = Empty,
        heygen.operation_id = operation.id,
        heygen.attempts = Empty,
        "error.type" = Empty,
    )
}

/// Records the outcome of a call.
pub(crate) fn finish_call(span: &Span, attempts: u32, failed: Option<&Error>) {
    if span.is_disabled() {
        return;
    }
    span.record("heygen.attempts", attempts);
    if let Some(error) = failed {
        record_failure(span, error);
    }
}

/// The span of an attempt, counted from one.
pub(crate) fn attempt_span(
    operation: &'static Operation,
    url: &Url,
    number: u32,
    redactor: &Redactor,
) -> Span {
    let span = tracing::info_span!(
        "heygen_attempt",
        otel.name = Empty,
        otel.kind = "client",
        otel.status_code = Empty,
        heygen.operation_id = operation.id,
        heygen.attempt = number,
        heygen.request_id = Empty,
        http.request.method = operation.method,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        http.response.body.size = Empty,
        network.protocol.name = "http",
        network.protocol.version = Empty,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        url.full = Empty,
        url.template = operation.path,
        "error.type" = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    let name = format!("{} {}", operation.method, operation.path);
    span.record("otel.name", name);
    // An argument may be the key by mistake, the query of a file is a signature.
    let is_file = operation.is_file();
    let end = if is_file {
        Position::AfterPath
    } else {
        Position::AfterFragment
    };
    span.record("url.full", &*redactor.redact(&url[..end]));
    if number > 1 {
        span.record("http.request.resend_count", number - 1);
    }
    span
}

/// Records the HTTP version of the response.
pub(crate) fn record_version(span: &Span, version: Version) {
    if span.is_disabled() {
        return;
    }
    let version = match version {
        Version::HTTP_2 => "2",
        Version::HTTP_10 => "1.0",
        _ => "1.1",
    };
    span.record("network.protocol.version", version);
}

/// Records the outcome of an attempt: the head and size of a response, or the
/// error.
pub(crate) fn record_attempt(
    span: &Span,
    operation: &'static Operation,
    attempt: u32,
    outcome: Result<(StatusCode, &HeaderMap, usize), &Error>,
) {
    if span.is_disabled() && !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let (status, request_id, kind) = match outcome {
        Ok((status, headers, _)) => (Some(status.as_u16()), request_id(headers), "success"),
        Err(error) => (error.status(), error.request_id(), error.kind().as_str()),
    };
    span.record("http.response.status_code", status);
    span.record("heygen.request_id", request_id);
    match outcome {
        Ok((.., size)) if !operation.is_file() => {
            span.record("http.response.body.size", size);
        }
        Ok(_) => {}
        Err(error) => record_failure(span, error),
    }
    let _entered = span.enter();
    tracing::debug!(
        operation = operation.id,
        http.request.method = operation.method,
        url.template = operation.path,
        http.response.status_code = status,
        attempt,
        request_id,
        outcome = kind,
        "attempt finished"
    );
}

/// `error.type` as OpenTelemetry defines it: the status if it is the failure,
/// else the kind.
fn record_failure(span: &Span, error: &Error) {
    span.record("otel.status_code", "ERROR");
    match error.status().filter(|status| *status >= 400) {
        Some(status) => span.record("error.type", tracing::field::display(status)),
        None => span.record("error.type", error.kind().as_str()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn span_is_disabled_without_a_subscriber() {
        static GET: Operation = Operation::new("get", "GET", "/x");
        let redactor = Redactor::new("sk_secret".to_owned().into(), "[API key]");
        let url = Url::parse("http://localhost/x").unwrap();
        assert!(call_span(&GET).is_disabled());
        assert!(attempt_span(&GET, &url, 1, &redactor).is_disabled());
    }
}
