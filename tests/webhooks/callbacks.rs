//! Deliveries of a `callback_url`, which are not signed.

use heygen::webhook::{Error, Verifier};

use super::{SECRET, headers};

const BODY: &[u8] =
    br#"{"event_type":"ai_clipping.success","event_data":{"callback_id":"order-1042"}}"#;

#[test]
fn token_of_the_callback_id_is_accepted() {
    let verifier = Verifier::new("whsec_new").also(SECRET);
    for secret in [SECRET, "whsec_new"] {
        let token = Verifier::new(secret).callback_token("order-1042").unwrap();
        let event = verifier.verify_callback(&token, BODY).unwrap();
        assert_eq!(event.callback_id(), Some("order-1042"));
    }
}

#[test]
fn other_tokens_are_refused() {
    let verifier = Verifier::new(SECRET);
    let of_other_job = verifier.callback_token("order-1043").unwrap();
    let of_other_secret = Verifier::new("other").callback_token("order-1042").unwrap();
    for token in [of_other_job, of_other_secret] {
        let refused = verifier.verify_callback(&token, BODY);
        assert_eq!(refused, Err(Error::SignatureMismatch));
    }
    let refused = verifier.verify_callback("order-1042", BODY);
    assert_eq!(refused, Err(Error::MalformedSignature));
}

#[test]
fn body_without_a_callback_id_is_refused() {
    let verifier = Verifier::new(SECRET);
    let token = verifier.callback_token("").unwrap();
    for (body, error) in [
        (
            r#"{"event_type":"ai_clipping.success"}"#,
            Error::MissingCallbackId,
        ),
        (
            r#"{"event_type":"a","event_data":{"callback_id":""}}"#,
            Error::MissingCallbackId,
        ),
        (
            r#"{"event_type":"a","callback_id":null}"#,
            Error::MissingCallbackId,
        ),
        (
            "{}",
            Error::NotAnEvent {
                is: "an object without an `event_type`",
            },
        ),
    ] {
        let refused = verifier.verify_callback(&token, body.as_bytes());
        assert_eq!(refused, Err(error), "{body}");
    }
}

#[test]
fn token_is_not_a_signature_of_a_body_that_was_chosen_as_id() {
    let verifier = Verifier::new(SECRET);
    let body = r#"{"event_type":"avatar_video.success","event_data":{}}"#;
    let token = verifier.callback_token(body).unwrap();
    let refused = verifier.verify(&headers(&[("heygen-signature", &token)]), body.as_bytes());
    assert_eq!(refused, Err(Error::SignatureMismatch));
}
