//! Classification of API errors. The vendor's generations express the same
//! failure by status, string code, numeric code, or only by the message under a
//! vague code, so all of these are matched.

use super::Error;
use super::kind::{Cause, ErrorKind};

// Strings are codes of v2 and v3, numbers of v1, for failures that the status
// alone does not identify. Separated by spaces.
const UNAUTHORIZED: &str = "unauthorized authentication_failed 40009 40102 400112 401056 401057";
const FORBIDDEN: &str =
    "forbidden resource_access_denied phone_verification_required 400562 400573 400599 400631";
const NOT_FOUND: &str = "not_found 40104 400116 400131 400144 400174 400561 400569";
const RATE_LIMITED: &str = "rate_limit_exceeded 400123";
const CREDIT: &str = "insufficient_credit movio_payment_insufficient_credit 900001";
const QUOTA: &str = "quota_exceeded trial_video_limit_exceeded resource_limit_exceeded \
                     resource_limit_reached 400664";
const SCOPE_MISSING: &str = "insufficient_api_key_scope";
const CONFLICT: &str = "conflict";
const UNAVAILABLE: &str = "service_unavailable";
const GATEWAY_TIMEOUT: &str = "gateway_timeout";

/// Words in the message of a 429 that report an exceeded quota under another
/// code.
const QUOTA_WORDS: &[&str] = &[" daily ", " per day ", " monthly ", " per month "];

/// The code that v2 sends for "forbidden" and other failures.
const VAGUE_CODE: &str = "internal_error";

impl Error {
    /// The hint: what to do next. None for some failures.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref().or_else(|| default_hint(self))
    }

    /// Whether the object does not exist: status 404, or a code of that meaning
    /// under another status.
    pub fn is_not_found(&self) -> bool {
        has_status(self, 404)
            || has_code(self, NOT_FOUND)
            || api_code(self).is_some_and(|code| ends_with(code, "_not_found"))
            || vague_message(self).is_some_and(|message| ends_with(message, "not found"))
    }

    /// Whether the API key is missing, malformed or was refused.
    pub fn is_unauthorized(&self) -> bool {
        self.0.about_key || has_status(self, 401) || has_code(self, UNAUTHORIZED)
    }

    /// Whether the key is valid but not permitted to do this.
    pub fn is_forbidden(&self) -> bool {
        has_status(self, 403)
            || has_code(self, FORBIDDEN)
            || self.is_scope_missing()
            || vague_message(self).is_some_and(|message| message.eq_ignore_ascii_case("forbidden"))
    }

    /// Whether the API key lacks a scope that the operation needs; the hint
    /// names it where the API did. Also [`is_forbidden`](Self::is_forbidden).
    pub fn is_scope_missing(&self) -> bool {
        has_code(self, SCOPE_MISSING)
    }

    /// Whether the rate limit is exceeded: waiting helps. An exceeded quota is
    /// [`is_quota_exceeded`](Self::is_quota_exceeded) instead.
    pub fn is_rate_limited(&self) -> bool {
        (has_status(self, 429) || has_code(self, RATE_LIMITED)) && !self.is_quota_exceeded()
    }

    /// Whether a quota of the plan is exceeded, such as videos of a trial or
    /// requests of a day. Such a call is not retried.
    pub fn is_quota_exceeded(&self) -> bool {
        has_code(self, QUOTA) || has_status(self, 429) && has_quota_words(self)
    }

    /// Whether the account's credit is insufficient.
    pub fn is_insufficient_credit(&self) -> bool {
        has_status(self, 402) && !has_code(self, QUOTA) || has_code(self, CREDIT)
    }

    /// Whether the call contradicts the state of the object, which is not ready,
    /// was changed meanwhile, or exists: status 409. A request that is still in
    /// progress is
    /// [`is_request_in_progress`](Self::is_request_in_progress) instead.
    pub fn is_conflict(&self) -> bool {
        (has_status(self, 409) || has_code(self, CONFLICT)) && !self.is_request_in_progress()
    }

    /// Whether an earlier request with the same idempotency key is still being
    /// processed. The client waits for it as long as the call has time.
    pub fn is_request_in_progress(&self) -> bool {
        self.0.cause == Cause::InProgress
    }

    /// Whether the object or the endpoint was removed permanently: status 410.
    pub fn is_gone(&self) -> bool {
        has_status(self, 410)
    }

    /// Whether the request is well formed but its content is not valid:
    /// status 422.
    pub fn is_unprocessable(&self) -> bool {
        has_status(self, 422)
    }

    /// Whether the service is temporarily unavailable: status 503.
    pub fn is_unavailable(&self) -> bool {
        has_status(self, 503) || has_code(self, UNAVAILABLE)
    }

    /// Whether a timeout expired on the server's side, in a gateway or while it
    /// downloaded an input: status 504. Those of the client are
    /// [`is_timeout`](Self::is_timeout).
    pub fn is_gateway_timeout(&self) -> bool {
        has_status(self, 504) || has_code(self, GATEWAY_TIMEOUT)
    }

    /// Whether a timeout of the client expired: of the whole call, of an attempt, of a body
    /// in transit, or of connecting.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout || self.0.timed_out
    }

    /// The hint for a missing scope, with its name if the message has it.
    pub(super) fn scope_hint(&self) -> Option<String> {
        if !self.is_scope_missing() {
            return None;
        }
        Some(match required_scope(self.message()) {
            Some(scope) => format!("use an API key that has the scope {scope}"),
            None => "use an API key that has the scope of this operation".to_owned(),
        })
    }

    /// The hint for a 404 of an operation with an announced sunset: the
    /// operation itself may have been removed. A code of the API's own shows
    /// that it is still served.
    pub(super) fn retirement_hint(&self) -> Option<String> {
        let operation = self.0.context.as_ref()?.operation;
        let sunset = operation.sunset?;
        let absent = [404, 405, 410]
            .iter()
            .any(|status| has_status(self, *status));
        if !absent || api_code(self).is_some() {
            return None;
        }
        let hint = self.hint().unwrap_or_default();
        let mut text = format!(
            "{hint}; HeyGen announced the end of this operation for {sunset}, so it may be gone"
        );
        if let Some(successor) = operation.successor {
            text = format!("{text}: use {successor}");
        }
        Some(text)
    }
}

/// The hint for a response, by its classification.
fn default_hint(error: &Error) -> Option<&'static str> {
    match error.kind() {
        ErrorKind::Api => {}
        ErrorKind::Decode => {
            return Some(
                "check that the base URL is HeyGen's; if it is, report the body, which the error keeps",
            );
        }
        _ => return None,
    }
    if error
        .0
        .context
        .as_ref()
        .is_some_and(|call| call.operation.is_file())
    {
        return file_hint(error.status()?);
    }
    Some(if error.is_unauthorized() {
        "check the API key: it may be wrong, expired, or of another account"
    } else if error.is_insufficient_credit() {
        "add credit to the API wallet of the account"
    } else if error.is_quota_exceeded() {
        "wait until the quota is renewed, or use another plan"
    } else if error.is_forbidden() {
        "check that the account's plan and the key's workspace permit this"
    } else if error.is_rate_limited() {
        "wait before the next call, or send fewer at once"
    } else if error.is_not_found() {
        "check the id, and that it belongs to the workspace of this key"
    } else {
        match error.status()? {
            304 => return None,
            409 => "read the object's state, then decide whether to call again",
            410 => "this endpoint or object is gone for good; use its successor",
            300..=399 => "set the base URL to the address that responds without a redirect",
            400..=499 => "check the arguments of the call",
            500..=599 => "try again later; the fault is on the server's side",
            _ => return None,
        }
    })
}

/// The hint for a response of a file server, where the API key has no meaning.
fn file_hint(status: u16) -> Option<&'static str> {
    Some(match status {
        300..=399 => {
            "get the file's address from the API again; it redirects where files are not fetched from or stored"
        }
        401 | 403 | 404 | 410 => {
            "get the file's address from the API again; the address may have expired"
        }
        400..=499 => "check that the file and its headers are those the address was issued for",
        500..=599 => "try again later; the fault is on the side of the file's server",
        _ => return None,
    })
}

fn has_status(error: &Error, status: u16) -> bool {
    error.kind() == ErrorKind::Api && error.status() == Some(status)
}

fn api_code(error: &Error) -> Option<&str> {
    error.code().filter(|_| error.kind() == ErrorKind::Api)
}

fn has_code(error: &Error, codes: &str) -> bool {
    let is = |code: &str| {
        codes
            .split_whitespace()
            .any(|known| known.eq_ignore_ascii_case(code))
    };
    api_code(error).is_some_and(is)
}

fn has_quota_words(error: &Error) -> bool {
    let message = error.message().to_ascii_lowercase();
    let words = message.split(|letter: char| !letter.is_alphanumeric());
    let words = format!(" {} ", words.collect::<Vec<_>>().join(" "));
    QUOTA_WORDS.iter().any(|word| words.contains(word))
}

/// The scope in a message such as "... Required scope: account:read.".
fn required_scope(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("equired scope")?;
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    let scope = rest.trim_start_matches([':', ' ']);
    let end = scope
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || "_:.-".contains(letter)))
        .unwrap_or(scope.len());
    let scope = scope[..end].trim_end_matches(['.', ':']);
    (!scope.is_empty()).then_some(scope)
}

/// The message, if the code is the vague one.
fn vague_message(error: &Error) -> Option<&str> {
    api_code(error)
        .filter(|code| code.eq_ignore_ascii_case(VAGUE_CODE))
        .map(|_| error.message().trim().trim_end_matches('.'))
}

fn ends_with(text: &str, end: &str) -> bool {
    text.len()
        .checked_sub(end.len())
        .and_then(|start| text.get(start..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::super::{build, parse};
    use super::*;
    use crate::operation::{CallContext, Operation};
    use crate::redact::Redactor;

    fn api(status: u16, body: &'static str) -> Error {
        let status = StatusCode::from_u16(status).unwrap();
        let body = Bytes::from_static(body.as_bytes());
        let redactor = Redactor::new("sk_secret".to_owned().into(), "[API key]");
        let parsed = parse::error_body(status, &body, &redactor);
        build::api(status, HeaderMap::new(), &body, parsed)
    }

    type Is = fn(&Error) -> bool;

    const ALL: [(&str, Is); 13] = [
        ("not found", Error::is_not_found),
        ("unauthorized", Error::is_unauthorized),
        ("forbidden", Error::is_forbidden),
        ("rate limited", Error::is_rate_limited),
        ("credit", Error::is_insufficient_credit),
        ("quota", Error::is_quota_exceeded),
        ("conflict", Error::is_conflict),
        ("gone", Error::is_gone),
        ("unprocessable", Error::is_unprocessable),
        ("scope", Error::is_scope_missing),
        ("in progress", Error::is_request_in_progress),
        ("unavailable", Error::is_unavailable),
        ("gateway timeout", Error::is_gateway_timeout),
    ];

    #[test]
    fn status_code_number_and_message_are_classified() {
        for (status, body, meaning) in [
            (404, "", "not found"),
            (
                400,
                r#"{"error":{"code":"avatar_not_found","message":"x"}}"#,
                "not found",
            ),
            (
                400,
                r#"{"error":{"code":"AVATAR_NOT_FOUND","message":"x"}}"#,
                "not found",
            ),
            (
                500,
                r#"{"data":null,"error":{"code":"internal_error","message":"Avatar looks not found."}}"#,
                "not found",
            ),
            (
                400,
                r#"{"code":400131,"message":"Webhook endpoint not found"}"#,
                "not found",
            ),
            (401, "", "unauthorized"),
            (
                400,
                r#"{"code":400112,"message":"Unauthorized"}"#,
                "unauthorized",
            ),
            (403, "", "forbidden"),
            (
                200,
                r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#,
                "forbidden",
            ),
            (400, r#"{"code":400562,"message":"forbidden"}"#, "forbidden"),
            (429, "", "rate limited"),
            (
                400,
                r#"{"error":{"code":"rate_limit_exceeded","message":"x"}}"#,
                "rate limited",
            ),
            (402, "", "credit"),
            (409, "", "conflict"),
            (
                409,
                r#"{"error":{"code":"request_in_progress","message":"x"}}"#,
                "in progress",
            ),
            (410, "", "gone"),
            (422, "", "unprocessable"),
            (503, "", "unavailable"),
            (504, "", "gateway timeout"),
            (
                429,
                r#"{"error":{"code":"trial_video_limit_exceeded","message":"x"}}"#,
                "quota",
            ),
            (400, r#"{"code":400664,"message":"x"}"#, "quota"),
            (402, r#"{"error":{"code":"quota_exceeded"}}"#, "quota"),
            (
                429,
                r#"{"error":{"code":"rate_limit_exceeded","message":"Daily limit reached"}}"#,
                "quota",
            ),
            (
                400,
                r#"{"error":{"code":"insufficient_api_key_scope","message":"x"}}"#,
                "scope",
            ),
            (
                400,
                r#"{"error":{"code":"insufficient_credit","message":"x"}}"#,
                "credit",
            ),
            (
                400,
                r#"{"error":{"code":"internal_error","message":"not found was not"}}"#,
                "none",
            ),
            (
                500,
                r#"{"error":{"code":"oops","message":"forbidden"}}"#,
                "none",
            ),
        ] {
            let error = api(status, body);
            for (name, is) in ALL {
                let expected = name == meaning || (name, meaning) == ("forbidden", "scope");
                assert_eq!(is(&error), expected, "{status} {body}: {name}");
            }
        }
    }

    #[test]
    fn decode_error_is_not_classified() {
        let error = build::decode("x").with_head(StatusCode::NOT_FOUND, HeaderMap::new());
        assert!(!error.is_not_found());
    }

    #[test]
    fn every_error_status_has_a_hint() {
        for status in [
            301, 400, 401, 402, 403, 404, 405, 409, 410, 422, 429, 500, 503, 599,
        ] {
            assert!(api(status, "").hint().is_some(), "{status}");
        }
    }

    #[test]
    fn missing_scope_is_named_in_the_hint() {
        for (message, hint) in [
            (
                "This key may not. Required scope: account:read.",
                "use an API key that has the scope account:read",
            ),
            (
                "required scopes: brand:read, x",
                "use an API key that has the scope brand:read",
            ),
            ("no", "use an API key that has the scope of this operation"),
        ] {
            let body = format!(
                r#"{{"error":{{"code":"insufficient_api_key_scope","message":"{message}"}}}}"#
            );
            let error = api(403, body.leak());
            assert!(error.is_scope_missing() && error.is_forbidden());
            assert_eq!(error.hint(), Some(hint));
        }
    }

    #[test]
    fn quota_is_not_retried() {
        static GET: Operation = Operation::new("get", "GET", "/x");
        let call = CallContext::unsent(&GET).into();
        let busy = api(429, "").with_context(&call);
        assert!(busy.is_retryable());
        let body = r#"{"error":{"code":"trial_video_limit_exceeded","message":"x"}}"#;
        assert!(!api(429, body).with_context(&call).is_retryable());
    }
}
