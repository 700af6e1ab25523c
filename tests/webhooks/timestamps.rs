//! How old a delivery may be.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use heygen::webhook::{Error, Verifier, sign};

use super::{BODY, SECRET, SIGNATURE, headers};

const SENT: u64 = 1_790_604_800;

/// The verdict this many seconds after a delivery was sent.
fn after(verifier: &Verifier, seconds: i64) -> Result<(), Error> {
    let sent = SENT.to_string();
    let headers = headers(&[("heygen-signature", SIGNATURE), ("heygen-timestamp", &sent)]);
    let now = UNIX_EPOCH + Duration::from_secs(SENT.saturating_add_signed(seconds));
    verifier.verify_at(&headers, BODY, now).map(drop)
}

#[test]
fn timestamp_may_be_five_minutes_from_now() {
    let verifier = Verifier::new(SECRET);
    for seconds in [-300, -1, 0, 1, 300] {
        assert_eq!(after(&verifier, seconds), Ok(()), "{seconds}");
    }
    let (age, ahead) = (Duration::from_secs(301), Duration::from_secs(301));
    assert_eq!(after(&verifier, 301), Err(Error::TooOld { age }));
    assert_eq!(after(&verifier, -301), Err(Error::InFuture { ahead }));
}

#[test]
fn tolerance_can_be_set() {
    let strict = Verifier::new(SECRET).tolerance(Duration::from_secs(10));
    assert_eq!(after(&strict, 10), Ok(()));
    assert!(matches!(after(&strict, 11), Err(Error::TooOld { .. })));
    let lax = Verifier::new(SECRET).tolerance(Duration::MAX);
    assert_eq!(after(&lax, 1_000_000), Ok(()));
}

#[test]
fn verify_checks_against_the_clock() {
    let verifier = Verifier::new(SECRET);
    let mut headers = sign(SECRET, BODY);
    assert!(verifier.verify(&headers, BODY).is_ok());
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    headers.insert("heygen-timestamp", (since.as_secs() - 400).into());
    let refused = verifier.verify(&headers, BODY).unwrap_err();
    assert!(
        refused.to_string().starts_with("the delivery was sent 40"),
        "{refused}"
    );
}

#[test]
fn delivery_without_a_timestamp_is_accepted() {
    let headers = headers(&[("signature", SIGNATURE)]);
    assert!(Verifier::new(SECRET).verify(&headers, BODY).is_ok());
}

#[test]
fn timestamp_that_is_not_seconds_is_malformed() {
    let huge = u64::MAX.to_string();
    for other in [
        "",
        "now",
        "+5",
        "-5",
        "1.5",
        "2026-09-21T13:40:12Z",
        " 5",
        &huge,
        "\u{e9}",
    ] {
        let headers = headers(&[("signature", SIGNATURE), ("heygen-timestamp", other)]);
        let refused = Verifier::new(SECRET).verify(&headers, BODY);
        assert_eq!(refused, Err(Error::MalformedTimestamp), "{other:?}");
    }
}

#[test]
fn signature_is_checked_before_the_timestamp() {
    let zeros = "0".repeat(64);
    let headers = headers(&[("signature", &zeros), ("heygen-timestamp", "5")]);
    let refused = Verifier::new(SECRET).verify(&headers, BODY);
    assert_eq!(refused, Err(Error::SignatureMismatch));
}
