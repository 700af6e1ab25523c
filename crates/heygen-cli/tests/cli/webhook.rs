//! `webhook verify`: whether a delivery is from who knows the secret.

use serde_json::Value;

use crate::support::{Run, heygen};

const SECRET: &str = "whsec_test";
const BODY: &str = r#"{"event_type":"avatar_video.success","event_data":{"video_id":"vid_1","url":"https://x/v.mp4","callback_id":"cb"}}"#;
/// HMAC-SHA256 of the body with the secret as its key.
const SIGNATURE: &str = "11f0f99f1a8e19ef8b3f07529366ccfff3c3297439dc3a36310bc7652264dcd1";

/// Verifies this body on stdin.
fn verify(body: &str, signature: &str, more: &[&str]) -> Run {
    let arguments = ["webhook", "verify", "--signature", signature, "-d", "-"];
    let mut command = heygen(&[&arguments, more].concat());
    Run::with_stdin(
        command.env("HEYGEN_WEBHOOK_SECRET", SECRET),
        body.as_bytes(),
    )
}

#[test]
fn signed_delivery_is_printed_without_a_key() {
    let event = verify(BODY, SIGNATURE, &[]).json();
    assert_eq!(event["event_type"], "avatar_video.success", "{event}");
    assert!(event.to_string().contains("vid_1"), "{event}");
    let human = verify(BODY, SIGNATURE, &["--human"]);
    human.assert_success();
    assert!(
        serde_json::from_str::<Value>(&human.stdout).is_err(),
        "{}",
        human.stdout
    );
}

#[test]
fn other_bodies_and_signatures_are_refused() {
    let other = SIGNATURE.replace('a', "b");
    for (body, signature) in [
        (&*BODY.replace("vid_1", "vid_2"), SIGNATURE),
        (BODY, &*other),
        (BODY, ""),
        (BODY, "sha256"),
        ("", SIGNATURE),
    ] {
        let run = verify(body, signature, &[]);
        assert_ne!(run.code, 0, "{body} {signature}");
        run.error();
        assert!(!run.stderr.contains(SECRET), "{}", run.stderr);
    }
    // A line break that an editor has added is found.
    let run = verify(&format!("{BODY}\n"), SIGNATURE, &[]);
    assert_eq!(run.failure(), (1, "signature_invalid".into()));
    // An old timestamp.
    let old = verify(BODY, SIGNATURE, &["--timestamp", "1700000000"]);
    assert_eq!(old.failure(), (1, "signature_invalid".into()));
}

#[test]
fn secret_is_of_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("body.json"), BODY).unwrap();
    let verify = [
        "webhook",
        "verify",
        "--signature",
        SIGNATURE,
        "-d",
        "@body.json",
    ];
    let mut command = heygen(&verify);
    let run = Run::of(command.current_dir(&folder));
    assert_eq!(run.failure(), (2, "usage_error".into()));
    assert!(
        run.error()["hint"]
            .as_str()
            .unwrap()
            .contains("HEYGEN_WEBHOOK_SECRET")
    );
    // As a file of a secret store has it, with a line break.
    command.env("HEYGEN_WEBHOOK_SECRET", format!("{SECRET}\n"));
    Run::of(&mut command).json();
}
