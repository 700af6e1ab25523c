//! `--request-schema` and `--response-schema`.

use crate::support::{Run, Server, heygen};

#[test]
fn schemas_are_one_line_without_key_or_arguments() {
    // 7.11
    for (arguments, part) in [
        (&["video", "get", "--response-schema"][..], "video_url"),
        (&["video", "list", "--response-schema"], "next_token"),
        (&["video-agent", "create", "--request-schema"], "prompt"),
        (&["video", "create", "--request-schema"], "avatar_id"),
        (
            &["webhook", "endpoints", "update", "--request-schema"],
            "events",
        ),
        (
            &["--human", "video", "get", "--response-schema"],
            "video_url",
        ),
    ] {
        let run = Run::of(&mut heygen(arguments));
        assert!(run.json().is_object());
        assert_eq!(run.stderr, "");
        assert!(run.stdout.contains(part), "{arguments:?}");
        assert!(!run.stdout.contains("$ref"), "{arguments:?}");
    }
}

#[test]
fn request_schema_wins_over_the_response_schema() {
    // 2
    let both = [
        "video-agent",
        "create",
        "--response-schema",
        "--request-schema",
    ];
    let request = Run::of(&mut heygen(&["video-agent", "create", "--request-schema"]));
    assert_eq!(Run::of(&mut heygen(&both)).json(), request.json());
}

#[test]
fn nullable_fields_are_marked() {
    // 2
    let schema = Run::of(&mut heygen(&["video", "get", "--response-schema"])).json();
    let field = &schema["properties"]["data"]["properties"]["video_url"];
    assert!(field["nullable"] == true, "{field}");
}

#[test]
fn reads_have_no_request_schema() {
    // 7.11
    let server = Server::start();
    let run = server.run(&["video", "list", "--request-schema"]);
    assert_eq!(run.failure(), (2, "usage_error".into()));
    server.assert_unused();
}

#[test]
fn schemas_are_sent_nowhere() {
    let server = Server::start();
    server
        .run(&["video", "get", "a", "--response-schema"])
        .json();
    server
        .run(&["video", "delete", "a", "--response-schema"])
        .json();
    server.assert_unused();
}
