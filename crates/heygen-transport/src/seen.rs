//! What a program can see of its calls: a span for each call, and in it one for
//! each attempt with the names that OpenTelemetry gives to HTTP clients. Where
//! nobody listens, nothing of it is worked out.

use http::{HeaderMap, StatusCode, Version};
use tracing::Span;
use tracing::field::Empty;
use url::Url;

use crate::error::Error;
use crate::key::ApiKey;
use crate::operation::Operation;

/// The span of a call.
pub(crate) fn call(operation: &'static Operation) -> Span {
    tracing::info_span!(
        "heygen_call",
        otel.kind = "internal",
        otel.status_code = Empty,
        heygen.operation_id = operation.id,
        heygen.attempts = Empty,
        "error.type" = Empty,
    )
}

/// Tells the span of a call how it ended.
pub(crate) fn call_ended(span: &Span, attempts: u32, failed: Option<&Error>) {
    if span.is_disabled() {
        return;
    }
    span.record("heygen.attempts", attempts);
    if let Some(error) = failed {
        failure(span, error);
    }
}

/// The span of an attempt, counted from one.
pub(crate) fn attempt(operation: &'static Operation, url: &Url, number: u32, key: &ApiKey) -> Span {
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
    span.record(
        "otel.name",
        tracing::field::display(format_args!("{} {}", operation.method, operation.path)),
    );
    // An argument may be the key by mistake.
    span.record("url.full", &*key.redact(url.as_str()));
    if number > 1 {
        span.record("http.request.resend_count", number - 1);
    }
    span
}

/// Tells the span of an attempt in which version of HTTP the answer came.
pub(crate) fn spoken(span: &Span, version: Version) {
    if span.is_disabled() {
        return;
    }
    let version = match version {
        Version::HTTP_10 => "1.0",
        Version::HTTP_11 => "1.1",
        Version::HTTP_2 => "2",
        _ => return,
    };
    span.record("network.protocol.version", version);
}

/// Tells the span of an attempt, and whoever listens to events, that it was
/// answered, with a body of this size where that is known.
pub(crate) fn answered(
    span: &Span,
    operation: &'static Operation,
    number: u32,
    (status, headers): (StatusCode, &HeaderMap),
    size: Option<usize>,
) {
    if span.is_disabled() && !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let (status, request_id) = (status.as_u16(), crate::answer::request_id(headers));
    if !span.is_disabled() {
        span.record("http.response.status_code", status);
        span.record("heygen.request_id", request_id);
        span.record("http.response.body.size", size);
    }
    span.in_scope(|| event(operation, number, Some(status), request_id, "answered"));
}

/// Tells the same that it failed.
pub(crate) fn failed(span: &Span, operation: &'static Operation, number: u32, error: &Error) {
    let (status, request_id) = (error.status(), error.request_id());
    if !span.is_disabled() {
        span.record("http.response.status_code", status);
        span.record("heygen.request_id", request_id);
        failure(span, error);
    }
    span.in_scope(|| event(operation, number, status, request_id, error.kind().as_str()));
}

fn event(
    operation: &'static Operation,
    attempt: u32,
    status: Option<u16>,
    request_id: Option<&str>,
    outcome: &'static str,
) {
    tracing::debug!(
        operation = operation.id,
        http.request.method = operation.method,
        url.template = operation.path,
        http.response.status_code = status,
        attempt,
        request_id,
        outcome,
        "attempt done"
    );
}

/// OpenTelemetry wants the status where it is the failure, else its kind.
fn failure(span: &Span, error: &Error) {
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
    fn where_nobody_listens_there_is_no_span() {
        static GET: Operation = Operation {
            id: "get",
            name: "get",
            method: "GET",
            path: "/x",
            idempotent: true,
            idempotency_key: false,
            pagination: None,
            deprecated: false,
            sunset: None,
        };
        let key = ApiKey::new("sk_secret".to_owned().into()).unwrap();
        let url = Url::parse("http://localhost/x").unwrap();
        assert!(call(&GET).is_disabled());
        assert!(attempt(&GET, &url, 1, &key).is_disabled());
    }
}
