//! Idempotency keys: the client generates one for each call of an operation
//! that reads it and sends it with every attempt, so that a call which creates
//! something can be retried and is executed, and billed, once.

use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::error::{Error, build};
use crate::operation::{IdempotencyKey, Operation, Repeatability};

/// The header of the key.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The vendor accepts no longer key, in characters.
pub(crate) const MAX_LENGTH: usize = 255;

/// Adds a key to the request, if its operation reads one and the caller has
/// set none.
pub(crate) fn add_key(operation: &Operation, headers: &mut HeaderMap) {
    if operation.idempotency_key == IdempotencyKey::Generated && !headers.contains_key(&HEADER) {
        headers.insert(HEADER, generate());
    }
}

/// The key that a request is sent with, if its operation reads one.
pub(crate) fn key_of<'a>(operation: &Operation, headers: &'a HeaderMap) -> Option<&'a str> {
    if operation.idempotency_key == IdempotencyKey::Ignored {
        return None;
    }
    headers.get(&HEADER)?.to_str().ok()
}

/// Whether a request with these headers can be sent twice.
pub(crate) fn repeatability(operation: &Operation, headers: &HeaderMap) -> Repeatability {
    let reads_key = operation.idempotency_key != IdempotencyKey::Ignored;
    if reads_key && headers.contains_key(HEADER) {
        Repeatability::Keyed
    } else if operation.idempotent {
        Repeatability::Idempotent
    } else {
        Repeatability::Never
    }
}

/// Checks a key set by the caller.
///
/// # Errors
/// `InvalidInput` if the vendor would not accept it.
pub(crate) fn check(key: &str) -> Result<HeaderValue, Error> {
    let accepted = |byte: u8| byte.is_ascii_alphanumeric() || b"_-:.".contains(&byte);
    let why = if key.is_empty() {
        "is empty"
    } else if key.len() > MAX_LENGTH {
        "is longer than 255 characters"
    } else if !key.bytes().all(accepted) {
        "has a character that HeyGen does not accept"
    } else if let Ok(value) = HeaderValue::from_str(key) {
        return Ok(value);
    } else {
        "cannot be sent"
    };
    Err(build::input(format!("the idempotency key {why}"))
        .with_param(HEADER.as_str())
        .with_hint("use 1 to 255 letters, digits, '_', '-', ':' and '.', such as a UUID"))
}

fn generate() -> HeaderValue {
    HeaderValue::from_str(&random_idempotency_key())
        .unwrap_or_else(|_| unreachable!("a UUID is a header value"))
}

/// A random idempotency key, as the client generates one. For a caller that has to know
/// the key of a call that it may stop: a call that is dropped returns no error to read it
/// from.
#[must_use]
pub fn random_idempotency_key() -> String {
    Uuid::new_v4().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_keys_are_accepted_and_differ() {
        let (one, other) = (generate(), generate());
        assert_ne!(one, other);
        assert_eq!(check(one.to_str().unwrap()).unwrap(), one);
    }

    #[test]
    fn invalid_keys_are_refused() {
        for key in ["a", "A-b_c:d.9", &"x".repeat(255)] {
            assert_eq!(check(key).unwrap(), key);
        }
        for key in ["", &"x".repeat(256), "a b", "a/b", "a\n", "\u{e9}"] {
            let error = check(key).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{key:?}");
            assert_eq!(error.param(), Some("idempotency-key"));
        }
    }

    #[test]
    fn key_enables_retries_only_if_the_operation_reads_it() {
        let unread = Operation::new("create", "POST", "/x");
        let create = unread.reads_idempotency_key();
        let get = Operation::new("get", "GET", "/x");
        let mut caller_only = unread;
        caller_only.idempotency_key = IdempotencyKey::CallerOnly;
        let none = HeaderMap::new();
        let key = HeaderMap::from_iter([(HEADER, "a".parse().unwrap())]);
        for (operation, headers, expected) in [
            (create, &key, Repeatability::Keyed),
            (create, &none, Repeatability::Never),
            (caller_only, &key, Repeatability::Keyed),
            (caller_only, &none, Repeatability::Never),
            (unread, &key, Repeatability::Never),
            (get, &none, Repeatability::Idempotent),
        ] {
            assert_eq!(repeatability(&operation, headers), expected);
            let mut sent = headers.clone();
            add_key(&operation, &mut sent);
            let added = operation == create && headers.is_empty();
            assert_eq!(sent.len(), headers.len() + usize::from(added));
        }
    }
}
