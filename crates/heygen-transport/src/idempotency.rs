//! The key by which a server knows a repeated request again. The client makes
//! one for each call of an operation that reads it and sends it with every
//! attempt, so that a call which creates something can be tried again and is
//! done, and billed, once.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, fail};
use crate::operation::Operation;

/// The header that carries it.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The status and code of an answer that says: the first request with this key
/// is still being worked on.
const IN_PROGRESS: (u16, &str) = (409, "request_in_progress");

/// The vendor takes no longer key, in characters.
const LONGEST: usize = 255;

/// Gives the request a key, if its operation reads one and the caller has set
/// none.
pub(crate) fn provide(operation: &Operation, headers: &mut HeaderMap) {
    if operation.idempotency_key && !headers.contains_key(&HEADER) {
        headers.insert(HEADER, make());
    }
}

/// The key that a request is sent with.
pub(crate) fn sent(headers: &HeaderMap) -> Option<Box<str>> {
    Some(headers.get(&HEADER)?.to_str().ok()?.into())
}

/// Checks a key of the caller's.
///
/// # Errors
/// `InvalidInput` if the vendor would not take it.
pub(crate) fn check(key: &str) -> Result<HeaderValue, Error> {
    let refuse = |why: String| {
        fail::input(format!("the idempotency key {why}"))
            .with_param(HEADER.as_str())
            .with_hint("use 1 to 255 letters, digits, '_', '-', ':' and '.', such as a UUID")
    };
    if key.is_empty() {
        return Err(refuse("is empty".to_owned()));
    }
    if key.len() > LONGEST {
        return Err(refuse(format!("is longer than {LONGEST} characters")));
    }
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"_-:.".contains(&byte);
    if !key.bytes().all(known) {
        return Err(refuse(
            "holds a character that HeyGen does not take".to_owned(),
        ));
    }
    HeaderValue::from_str(key)
        .map_err(|error| refuse("cannot be sent".to_owned()).with_source(error))
}

/// Whether an error says that the first request with this key is not done yet.
pub(crate) fn is_in_progress(status: u16, code: Option<&str>) -> bool {
    status == IN_PROGRESS.0 && code.is_some_and(|code| code.eq_ignore_ascii_case(IN_PROGRESS.1))
}

/// A key that nobody else has: 128 bits. It has to be unique, not secret, so
/// the keyed hash that the standard library seeds from the system will do.
fn make() -> HeaderValue {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let input = (
        MADE.fetch_add(1, Ordering::Relaxed),
        SystemTime::now(),
        std::process::id(),
    );
    let [high, low] = [RandomState::new(), RandomState::new()].map(|state| state.hash_one(input));
    HeaderValue::from_str(&format!("heygen-rust-{high:016x}{low:016x}"))
        .unwrap_or_else(|_| unreachable!("letters, digits and '-' are a header value"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use super::*;

    #[test]
    fn no_two_keys_are_alike() {
        let threads: Vec<_> = (0..4)
            .map(|_| thread::spawn(|| (0..10_000).map(|_| make()).collect::<Vec<_>>()))
            .collect();
        let mut seen = HashSet::new();
        for key in threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
        {
            assert_eq!(check(key.to_str().unwrap()).unwrap(), key);
            assert!(seen.insert(key));
        }
        assert_eq!(seen.len(), 40_000);
    }

    #[test]
    fn refuses_what_the_vendor_would() {
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
    fn one_answer_means_that_it_is_in_progress() {
        assert!(is_in_progress(409, Some("request_in_progress")));
        assert!(!is_in_progress(409, Some("conflict")));
        assert!(!is_in_progress(409, None));
        assert!(!is_in_progress(400, Some("request_in_progress")));
    }
}
