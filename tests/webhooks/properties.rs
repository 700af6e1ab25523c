//! Any headers and any body: nothing panics, and only what was signed is accepted.

use heygen::HeaderMap;
use heygen::webhook::{Event, Verifier, sign};
use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use super::SECRET;

const NAMES: [&str; 4] = [
    "heygen-signature",
    "signature",
    "heygen-timestamp",
    "heygen-event-id",
];

/// A value as a header may have it: often close to a valid one.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[0-9a-f]{64}".prop_map(String::into_bytes),
        "[0-9a-fA-F]{60,70}".prop_map(String::into_bytes),
        "[0-9]{1,21}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..80),
    ]
}

fn any_headers() -> impl Strategy<Value = HeaderMap> {
    prop::collection::vec((prop::sample::select(&NAMES), value()), 0..6).prop_map(|entries| {
        let mut headers = HeaderMap::new();
        for (name, value) in entries {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        headers
    })
}

/// Bytes, and JSON that is nearly an event.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let data = prop_oneof![
        Just("null".to_owned()),
        Just(r#"{"video_id":"v","url":null}"#.to_owned()),
        "\\{\"[a-z_]{1,9}\":(1|\"a\"|\\[\\])\\}",
        "[\\[\\]{}\",:0-9a-z]{0,20}",
    ];
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        ("[a-z_.]{0,30}", data)
            .prop_map(
                |(name, data)| format!(r#"{{"event_type":"{name}","event_data":{data}}}"#).into()
            ),
    ]
}

proptest! {
    // Cases that failed belong into a test of their own, not into a file.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unsigned_headers_are_never_accepted(headers in any_headers(), body in body(), token in value()) {
        let verifier = Verifier::new(SECRET);
        prop_assert!(verifier.verify(&headers, &body).is_err());
        prop_assert!(verifier.verify_callback(&String::from_utf8_lossy(&token), &body).is_err());
    }

    #[test]
    fn signed_event_is_accepted_and_no_change_of_it(
        name in "[a-z_.]{1,30}", at in any::<prop::sample::Index>(), bit in 0u32..8,
    ) {
        let mut body = format!(r#"{{"event_type":"{name}","event_data":{{"a":[1]}}}}"#).into_bytes();
        let (verifier, mut headers) = (Verifier::new(SECRET), sign(SECRET, &body));
        let event = verifier.verify(&headers, &body).unwrap();
        prop_assert_eq!(event.event_type().as_str(), name);
        let at = at.index(body.len() + 64);
        match at.checked_sub(body.len()) {
            None => body[at] ^= 1u8 << bit,
            Some(at) => {
                let mut signature = headers["heygen-signature"].as_bytes().to_vec();
                signature[at] ^= 1u8 << bit;
                // What is not a header value is refused by the server.
                let Ok(value) = HeaderValue::from_bytes(&signature) else { return Ok(()) };
                headers.insert("heygen-signature", value);
            }
        }
        prop_assert!(verifier.verify(&headers, &body).is_err());
    }

    #[test]
    fn any_signed_body_is_an_event_or_refused(headers in any_headers(), body in body()) {
        let verifier = Verifier::new(SECRET);
        let signed = verifier.verify(&sign(SECRET, &body), &body);
        let parsed = Event::from_unverified(&HeaderMap::new(), &body);
        prop_assert_eq!(signed, parsed);
        let _ = Event::from_unverified(&headers, &body);
    }
}
