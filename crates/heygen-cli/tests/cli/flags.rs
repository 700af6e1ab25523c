//! Options: how they are written, what their values may be, and what is sent of them.

use serde_json::{Value, json};

use crate::support::{Run, Server, hint, message};

/// The queries that these command lines send.
fn queries(command_lines: &[&[&str]]) -> Vec<String> {
    let server = Server::start();
    for arguments in command_lines {
        server.run(arguments).json();
    }
    server.queries()
}

/// The body that a command line sends.
fn body(arguments: &[&str]) -> Value {
    let server = Server::start();
    let run = server.run(arguments);
    assert_eq!(run.code, 0, "{run:?}");
    server.bodies().remove(0)
}

#[test]
fn options_precede_or_follow_the_words() {
    // 2: options and arguments interleave
    let server = Server::start();
    let url = server.url();
    let command_lines: &[&[&str]] = &[
        &["--base-url", &url, "--timeout", "30", "video", "get", "a"],
        &["video", "--base-url", &url, "get", "--timeout=30", "a"],
        &["video", "get", "a", "--timeout=30s", "--base-url", &url],
        &["video", "get", "--max-retries", "1", "a"],
        &["video", "get", "--", "a"],
    ];
    let data: Vec<_> = command_lines
        .iter()
        .map(|line| server.run(line).data()["id"].clone())
        .collect();
    assert_eq!(data, vec![json!("a"); command_lines.len()]);
}

#[test]
fn values_stand_after_a_space_or_an_equals_sign() {
    // 2: the last of several wins
    let sent = queries(&[
        &["video", "list", "--limit", "3"],
        &["video", "list", "--limit=3"],
        &["video", "list", "--limit", "9", "--limit=3"],
        &["video", "--limit", "3", "list"],
        &["--limit", "3", "video", "list"],
    ]);
    assert_eq!(sent, ["limit=3"; 5]);
}

#[test]
fn omitted_options_send_nothing_and_defaults_are_sent_when_given() {
    // 2
    let sent = queries(&[
        &["video", "list"],
        &["video", "list", "--limit", "10"],
        &["video", "list", "--title", ""],
    ]);
    assert_eq!(sent, ["", "limit=10", "title="]);
    let speech = [
        "voice",
        "speech",
        "create",
        "--text",
        "Hi",
        "--voice-id",
        "v",
    ];
    assert_eq!(body(&speech), json!({"text": "Hi", "voice_id": "v"}));
    let given = [&speech[..], &["--speed", "1", "--input-type", "text"]].concat();
    let expected = json!({"text": "Hi", "voice_id": "v", "speed": 1.0, "input_type": "text"});
    let mut sent = body(&given);
    sent["speed"] = json!(sent["speed"].as_f64().unwrap());
    assert_eq!(sent, expected);
}

#[test]
fn hexadecimal_integers_and_underscores() {
    // 2 [i]
    let sent = queries(&[
        &["video", "list", "--limit", "0x1f"],
        &["video", "list", "--limit", "1_0"],
        &["video", "list", "--limit", "+5"],
    ]);
    assert_eq!(sent, ["limit=31", "limit=10", "limit=5"]);
}

#[test]
fn bounds_are_checked_as_they_are() {
    let server = Server::start();
    let speech = [
        "voice",
        "speech",
        "create",
        "--text",
        "Hi",
        "--voice-id",
        "v",
        "--speed",
    ];
    let sounds = ["audio", "sounds", "list", "--query", "rain", "--min-score"];
    for (words, refused) in [
        // 7.1
        (
            &["video", "list", "--limit"][..],
            &["999", "0", "-5", "1.5", "1e2", "NaN", "101"][..],
        ),
        // 7.16
        (&sounds, &["-0.5", "2", "1.0001", "NaN", "inf", "x"]),
        // 8: the vendor's takes 0.2 here, as it compares whole numbers.
        (&speech, &["0.2", "0.49", "2.01"]),
        (&["voice", "create", "--prompt", "x", "--seed"], &["-1"]),
    ] {
        for value in refused {
            let run = server.run(&[words, &[value]].concat());
            assert_eq!(
                run.failure(),
                (2, "usage_error".into()),
                "{words:?} {value}"
            );
            let option = words.last().unwrap();
            assert!(message(&run.error()).contains(option), "{}", run.stderr);
        }
    }
    server.assert_unused();
    for (words, taken) in [
        (&["video", "list", "--limit"][..], &["1", "100"][..]),
        (&sounds, &["0", "0.7", "1", ".5", "1.0"]),
        (&speech, &["0.5", "2"]),
        (&["voice", "create", "--prompt", "x", "--seed"], &["0"]),
    ] {
        for value in taken {
            server.run(&[words, &[value]].concat()).json();
        }
    }
}

#[test]
fn values_of_enums_are_checked_and_listed() {
    let server = Server::start();
    for (arguments, option, choice) in [
        (
            &["avatar", "list", "--ownership", "mine"][..],
            "--ownership",
            "private",
        ),
        (
            &["avatar", "list", "--ownership", "PUBLIC"],
            "--ownership",
            "public",
        ),
        (
            &["avatar", "list", "--ownership", ""],
            "--ownership",
            "public",
        ),
        (
            &["video-agent", "create", "--prompt", "x", "--mode", "talk"],
            "--mode",
            "chat",
        ),
        // 7.15
        (
            &[
                "webhook",
                "endpoints",
                "create",
                "--url",
                "https://x",
                "--events",
                "avatar_video.success,bad",
            ],
            "--events",
            "avatar_video.success",
        ),
    ] {
        let run = server.run(arguments);
        assert_eq!(run.failure(), (2, "usage_error".into()), "{arguments:?}");
        let error = run.error();
        assert!(message(&error).contains(option), "{error}");
        let whole = format!("{} {}", message(&error), hint(&error));
        assert!(whole.contains(choice), "{error}");
    }
    let run = server.run(&[
        "webhook",
        "endpoints",
        "create",
        "--url",
        "https://x",
        "--events",
        "a,avatar_video.success",
    ]);
    assert!(message(&run.error()).contains('a'), "{}", run.stderr);
    server.assert_unused();
}

#[test]
fn required_options_are_named() {
    let server = Server::start();
    for (arguments, named) in [
        (&["audio", "sounds", "list"][..], "--query"),
        (&["asset", "search", "--query", "x"], "--type"),
        (&["voice", "create"], "prompt"),
        (&["webhook", "endpoints", "create"], "url"),
        (&["asset", "create"], "--file"),
        // 7.12: -d never replaces an option of the query.
    ] {
        let run = server.run(arguments);
        assert_eq!(run.failure(), (2, "usage_error".into()), "{arguments:?}");
        assert!(message(&run.error()).contains(named), "{}", run.stderr);
    }
    server.assert_unused();
}

#[test]
fn booleans_are_set_by_name_or_equals_sign() {
    // 2: `1 t true`, `0 f false`, never `--b false`
    let create = ["video-agent", "create", "--prompt", "x"];
    for (option, value) in [
        ("--incognito-mode", true),
        ("--incognito-mode=true", true),
        ("--incognito-mode=1", true),
        ("--incognito-mode=t", true),
        ("--incognito-mode=T", true),
        ("--incognito-mode=false", false),
        ("--incognito-mode=0", false),
        ("--incognito-mode=F", false),
    ] {
        let sent = body(&[&create[..], &[option]].concat());
        assert_eq!(sent["incognito_mode"], value, "{option}");
    }
    assert_eq!(body(&create), json!({"prompt": "x"}));
    let server = Server::start();
    for wrong in [
        &["--incognito-mode", "false"][..],
        &["--incognito-mode=yes"],
        &["--incognito-mode="],
    ] {
        let run = server.run(&[&create[..], wrong].concat());
        assert_eq!(run.failure(), (2, "usage_error".into()), "{wrong:?}");
    }
    server.assert_unused();
}

#[test]
fn values_may_begin_with_a_dash() {
    // 2: the next word is the value, whatever it looks like
    let server = Server::start();
    for text in ["-1", "-", "--", "-d", "-x y", "--help", "--limit"] {
        server.reset();
        server
            .run(&["video-agent", "create", "--prompt", text])
            .json();
        assert_eq!(server.bodies()[0], json!({"prompt": text}), "{text}");
    }
    let sent = queries(&[
        &["video", "list", "--title", "-5"],
        &["video", "list", "--title=--x"],
    ]);
    assert_eq!(sent, ["title=-5", "title=--x"]);
}

#[test]
fn lists_are_commas_and_repetition() {
    // 7.15, 2
    let events = ["avatar_video.success", "avatar_video.fail"];
    let create = [
        "webhook",
        "endpoints",
        "create",
        "--url",
        "https://example.com/h",
    ];
    let joined = events.join(",");
    for given in [
        &["--events", &*joined][..],
        &["--events", events[0], "--events", events[1]],
        &[
            "--events=avatar_video.success",
            "--events=avatar_video.fail",
        ],
    ] {
        let sent = body(&[&create[..], given].concat());
        assert_eq!(sent["events"], json!(events), "{given:?}");
    }
    let languages = [
        "video-translate",
        "create",
        "-d",
        r#"{"video":{"type":"url","url":"https://x/v.mp4"}}"#,
    ];
    let of = |value: &str| {
        body(&[&languages[..], &["--output-languages", value]].concat())["output_languages"].clone()
    };
    // 2: the values are a line of CSV.
    assert_eq!(
        of("French,\"Chinese (Taiwan, Mandarin)\""),
        json!(["French", "Chinese (Taiwan, Mandarin)"])
    );
    // The API refuses an empty list; it is sent nonetheless.
    let server = Server::start();
    server.run(&[&languages[..], &["--output-languages", ""]].concat());
    assert_eq!(server.bodies()[0]["output_languages"], json!([]));
}

#[test]
fn comma_lists_of_ids_are_one_value() {
    // 2
    let sent = queries(&[&["video", "statuses", "list", "--video-ids", "a,b"]]);
    assert!(
        ["video_ids=a,b", "video_ids=a%2Cb"].contains(&&*sent[0]),
        "{sent:?}"
    );
}

#[test]
fn durations_are_go_s_or_plain_seconds() {
    let server = Server::start();
    for time in ["90s", "1h30m", "1.5m", "500ms", "30", "2.5", "1m30s"] {
        server
            .run(&[
                "video",
                "list",
                "--timeout",
                time,
                "--request-timeout",
                time,
            ])
            .json();
    }
    let zero = server.run(&["video", "list", "--request-timeout", "0s"]);
    assert_eq!(zero.failure(), (2, "usage_error".into()));
}

#[test]
fn names_on_the_wire_differ_from_those_of_options() {
    // 1: the only irregular one
    let sum = "a".repeat(64);
    let sent = body(&[
        "asset",
        "direct-uploads",
        "create",
        "--checksum-sha-256",
        &sum,
        "--content-type",
        "video/mp4",
        "--filename",
        "a.mp4",
        "--size-bytes",
        "5",
    ]);
    let expected = json!({"checksum_sha256": sum, "content_type": "video/mp4", "filename": "a.mp4", "size_bytes": 5});
    assert_eq!(sent, expected);
}

#[test]
fn forms_send_their_file() {
    // 5
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("poster.png");
    std::fs::write(&file, b"\x89PNG\r\n\x1a\n0123").unwrap();
    server
        .run(&["asset", "create", "--file", file.to_str().unwrap()])
        .json();
    let request = server.requests().remove(0);
    let sent = String::from_utf8_lossy(request.body()).into_owned();
    assert!(
        sent.contains("name=\"file\"") && sent.contains("poster.png"),
        "{sent}"
    );
    assert!(sent.contains("0123"), "{sent}");

    server.reset();
    let gone = folder.path().join("gone.png");
    let run = server.run(&["asset", "create", "--file", gone.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(message(&run.error()).contains("gone.png"), "{}", run.stderr);
    server.assert_unused();
}

#[test]
fn idempotency_key_is_sent_as_given() {
    let server = Server::start();
    let create = [
        "video-agent",
        "create",
        "--prompt",
        "x",
        "--idempotency-key",
        "key-1",
    ];
    server.run(&create).json();
    assert_eq!(
        server.requests()[0].header("idempotency-key"),
        Some("key-1")
    );
    server.reset();
    let run = Run::of(&mut server.command(&[
        "video-agent",
        "create",
        "--prompt",
        "x",
        "--idempotency-key",
        "",
    ]));
    assert_eq!(run.code, 2, "{run:?}");
    server.assert_unused();
}
