//! What an error of the API means. The vendor's generations disagree on how
//! they say it: status, text code, number, or only words under a code that
//! means nothing, so all of these are asked.

use super::{Error, ErrorKind};
use crate::operation::Operation;

/// Numbers of the oldest endpoints, where the status alone may not tell.
const UNAUTHORIZED: &[&str] = &[
    "unauthorized",
    "authentication_failed",
    "40009",
    "40102",
    "400112",
    "401056",
    "401057",
];
const FORBIDDEN: &[&str] = &[
    "forbidden",
    "resource_access_denied",
    "phone_verification_required",
    "400562",
    "400573",
    "400599",
    "400631",
];
const NOT_FOUND: &[&str] = &[
    "not_found",
    "40104",
    "400116",
    "400131",
    "400144",
    "400174",
    "400561",
    "400569",
];
const RATE_LIMITED: &[&str] = &["rate_limit_exceeded", "400123"];
const CREDIT: &[&str] = &[
    "insufficient_credit",
    "movio_payment_insufficient_credit",
    "900001",
];

/// The code under which the second generation hides "forbidden" and the like.
const VAGUE: &str = "internal_error";

pub(super) fn is_not_found(error: &Error) -> bool {
    has_status(error, 404)
        || has_code(error, NOT_FOUND)
        || api_code(error).is_some_and(|code| ends_with(code, "_not_found"))
        || vague_message(error).is_some_and(|message| ends_with(message, "not found"))
}

pub(super) fn is_unauthorized(error: &Error) -> bool {
    has_status(error, 401) || has_code(error, UNAUTHORIZED)
}

pub(super) fn is_forbidden(error: &Error) -> bool {
    has_status(error, 403)
        || has_code(error, FORBIDDEN)
        || vague_message(error).is_some_and(|message| message.eq_ignore_ascii_case("forbidden"))
}

pub(super) fn is_rate_limited(error: &Error) -> bool {
    has_status(error, 429) || has_code(error, RATE_LIMITED)
}

pub(super) fn is_insufficient_credit(error: &Error) -> bool {
    has_status(error, 402) || has_code(error, CREDIT)
}

/// What to do about an answer of the server.
pub(super) fn hint(error: &Error) -> Option<&'static str> {
    match error.kind() {
        ErrorKind::Api => {}
        ErrorKind::Decode => {
            return Some(
                "check that the base URL is HeyGen's; if it is, report the body, which the error keeps",
            );
        }
        _ => return None,
    }
    Some(if is_unauthorized(error) {
        "check the API key: it may be wrong, expired, or of another account"
    } else if is_insufficient_credit(error) {
        "add credit to the API wallet of the account"
    } else if is_forbidden(error) {
        "check that the account's plan and the key's workspace permit this"
    } else if is_rate_limited(error) {
        "wait before the next call, or send fewer at once"
    } else if is_not_found(error) {
        "check the id, and that it belongs to the workspace of this key"
    } else {
        match error.status()? {
            410 => "this endpoint has been retired; use its successor",
            300..=399 => "set the base URL to the address that answers without a redirect",
            400..=499 => "check the arguments of the call",
            500..=599 => "try again later; the fault is on the server's side",
            _ => return None,
        }
    })
}

/// What else to think of when an operation whose end was announced is not
/// found: the operation itself may be gone. A code of the API's own says that
/// something still answers there.
pub(super) fn hint_of_end(error: &Error, operation: &Operation) -> Option<String> {
    let end = operation.sunset?;
    let gone = [404, 405, 410]
        .iter()
        .any(|status| has_status(error, *status));
    (gone && api_code(error).is_none()).then(|| {
        format!(
            "{}; HeyGen announced that this operation ends after {end}, so it may be gone",
            hint(error).unwrap_or_default()
        )
    })
}

fn has_status(error: &Error, status: u16) -> bool {
    error.kind() == ErrorKind::Api && error.status() == Some(status)
}

fn api_code(error: &Error) -> Option<&str> {
    error.code().filter(|_| error.kind() == ErrorKind::Api)
}

fn has_code(error: &Error, codes: &[&str]) -> bool {
    api_code(error).is_some_and(|code| codes.iter().any(|known| known.eq_ignore_ascii_case(code)))
}

/// The message, where the code means nothing.
fn vague_message(error: &Error) -> Option<&str> {
    api_code(error)
        .filter(|code| code.eq_ignore_ascii_case(VAGUE))
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

    use super::super::{fail, read};
    use super::*;
    use crate::key::ApiKey;

    fn api(status: u16, body: &'static str) -> Error {
        let status = StatusCode::from_u16(status).unwrap();
        let body = Bytes::from_static(body.as_bytes());
        let key = ApiKey::new("sk_secret".to_owned().into()).unwrap();
        let said = read::body(status, &body, &key);
        fail::api(status, HeaderMap::new(), &body, said)
    }

    #[test]
    fn asks_status_code_number_and_words() {
        type Is = fn(&Error) -> bool;
        let all: [(&str, Is); 5] = [
            ("not found", is_not_found),
            ("unauthorized", is_unauthorized),
            ("forbidden", is_forbidden),
            ("rate limited", is_rate_limited),
            ("credit", is_insufficient_credit),
        ];
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
            for (name, is) in all {
                assert_eq!(is(&error), name == meaning, "{status} {body}: {name}");
            }
        }
    }

    #[test]
    fn another_kind_has_no_meaning_for_the_api() {
        let error = fail::decode("x").with_head(StatusCode::NOT_FOUND, HeaderMap::new());
        assert!(!is_not_found(&error));
    }

    #[test]
    fn every_error_status_has_a_hint() {
        for status in [
            301, 400, 401, 402, 403, 404, 405, 409, 410, 422, 429, 500, 503, 599,
        ] {
            assert!(api(status, "").hint().is_some(), "{status}");
        }
    }
}
