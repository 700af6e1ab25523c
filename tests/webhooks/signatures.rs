//! Which signatures are accepted.

use heygen::HeaderMap;
use heygen::webhook::{Error, Verifier, sign};

use super::{BODY, SECRET, SIGNATURE, headers};

fn verdict(entries: &[(&'static str, &str)]) -> Result<(), Error> {
    let verifier = Verifier::new(SECRET);
    verifier.verify(&headers(entries), BODY).map(drop)
}

#[test]
fn hmac_of_the_raw_body_with_the_whole_secret_is_accepted() {
    for header in ["heygen-signature", "signature"] {
        assert_eq!(verdict(&[(header, SIGNATURE)]), Ok(()), "{header}");
    }
    assert_eq!(sign(SECRET, BODY)["heygen-signature"], SIGNATURE);
}

#[test]
fn body_that_was_written_again_is_a_mismatch() {
    let parsed: serde_json::Value = serde_json::from_slice(BODY).unwrap();
    let again = serde_json::to_vec_pretty(&parsed).unwrap();
    let refused = Verifier::new(SECRET).verify(&sign(SECRET, BODY), &again);
    assert_eq!(refused, Err(Error::SignatureMismatch));
}

#[test]
fn delivery_without_a_signature_is_refused() {
    assert_eq!(verdict(&[]), Err(Error::MissingSignature));
    // The name that old guides invent.
    let invented = verdict(&[("x-heygen-signature", SIGNATURE)]);
    assert_eq!(invented, Err(Error::MissingSignature));
}

#[test]
fn signature_in_another_form_is_malformed() {
    let upper = SIGNATURE.to_uppercase();
    let prefixed = format!("sha256={SIGNATURE}");
    let padded = format!(" {SIGNATURE} ");
    let longer = format!("{SIGNATURE}0");
    for other in [
        "",
        &upper,
        &prefixed,
        &padded,
        &longer,
        &SIGNATURE[1..],
        "\u{e9}",
    ] {
        let refused = verdict(&[("heygen-signature", other)]);
        assert_eq!(refused, Err(Error::MalformedSignature), "{other:?}");
    }
}

#[test]
fn signature_of_another_secret_is_a_mismatch() {
    for other in ["whsec_other", "k7x9m2", "whsec_k7x9m", ""] {
        let refused = Verifier::new(SECRET).verify(&sign(other, BODY), BODY);
        assert_eq!(refused, Err(Error::SignatureMismatch), "{other}");
    }
}

#[test]
fn of_several_signatures_one_has_to_match() {
    let zeros = "0".repeat(64);
    let several = |first, second| verdict(&[("signature", first), ("signature", second)]);
    // As of a proxy that signs messages, too.
    assert_eq!(several("proxy=:c2ln:", SIGNATURE), Ok(()));
    assert_eq!(several(SIGNATURE, &zeros), Ok(()));
    assert_eq!(
        several(&zeros, "proxy=:c2ln:"),
        Err(Error::SignatureMismatch)
    );
}

#[test]
fn older_header_does_not_stand_in_for_a_wrong_one() {
    let zeros = "0".repeat(64);
    let refused = verdict(&[("heygen-signature", &zeros), ("signature", SIGNATURE)]);
    assert_eq!(refused, Err(Error::SignatureMismatch));
}

#[test]
fn former_secret_is_accepted_while_it_is_replaced() {
    let verifier = Verifier::new("whsec_new").also("whsec_former");
    for (secret, accepted) in [("whsec_new", true), ("whsec_former", true), (SECRET, false)] {
        let verdict = verifier.verify(&sign(secret, BODY), BODY);
        assert_eq!(verdict.is_ok(), accepted, "{secret}");
    }
}

#[test]
fn blanks_around_the_secret_are_left_out() {
    let verifier = Verifier::new(format!(" {SECRET}\r\n"));
    assert!(verifier.verify(&sign(SECRET, BODY), BODY).is_ok());
}

#[test]
fn empty_secret_accepts_nothing() {
    for empty in ["", "\n"] {
        let verifier = Verifier::new(empty);
        for headers in [sign("", BODY), sign(empty, BODY), HeaderMap::new()] {
            let refused = verifier.verify(&headers, BODY);
            assert_eq!(refused, Err(Error::MissingSecret), "{empty:?}");
        }
        // Nor does it weaken another one.
        let refused = Verifier::new(SECRET)
            .also(empty)
            .verify(&sign("", BODY), BODY);
        assert_eq!(refused, Err(Error::SignatureMismatch));
        assert_eq!(verifier.callback_token("a"), Err(Error::MissingSecret));
        let refused = verifier.verify_callback(SIGNATURE, BODY);
        assert_eq!(refused, Err(Error::MissingSecret));
    }
}

#[test]
fn refusals_name_the_check_and_no_secret() {
    let body = br#"["whsec_k7x9m2 vid_1 https://files.example.com/a.mp4?Signature=s"]"#;
    let verifier = Verifier::new(SECRET);
    let signed = verifier.verify(&sign(SECRET, body), body);
    let texts = [
        (signed.unwrap_err(), "not an event but JSON of another type"),
        (verdict(&[]).unwrap_err(), "no signature"),
        (
            verdict(&[("signature", "whsec")]).unwrap_err(),
            "64 hexadecimal digits",
        ),
        (
            verdict(&[("signature", &"1".repeat(64))]).unwrap_err(),
            "does not match",
        ),
        (
            Verifier::new("").verify(&headers(&[]), body).unwrap_err(),
            "secret is empty",
        ),
    ];
    for (error, wanted) in texts {
        let text = format!("{error} {error:?} {verifier:?}");
        assert!(text.contains(wanted), "{text}");
        for secret in ["whsec", "vid_1", "Signature=s", &SIGNATURE[..8], "1111"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
