//! `--human`: tables, aligned objects, and values as people read them.

use heygen_mock::Fault;

use crate::support::Server;

/// What `--human` prints of this body.
fn printed(arguments: &[&str], body: &str) -> String {
    let server = Server::start();
    server.fail_next(1, Fault::status(200).body(body.to_owned()));
    let run = server.run(&[arguments, &["--human"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    run.stdout
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).collect()
}

#[test]
fn list_is_a_table_of_chosen_columns() {
    // 3, 7.30
    let body = r#"{"data":[
        {"id":"vid_1","title":"Hello","status":"completed","created_at":1774712936,"folder_id":"f"},
        {"id":"vid_22","title":"A\nB","status":"failed","created_at":1774712936,"folder_id":null}],
        "has_more":true,"next_token":"tok"}"#;
    let text = printed(&["video", "list"], body);
    let lines = lines(&text);
    assert_eq!(lines[0], "ID      Title  Status     Created");
    assert_eq!(lines[1], "vid_1   Hello  completed  2026-03-28 15:48");
    assert!(lines[2].starts_with("vid_22  A B    failed"), "{text}");
    assert!(text.contains("4 of 5 columns"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn empty_list_says_so() {
    // 3
    let body = r#"{"data":[],"has_more":false,"next_token":null}"#;
    assert_eq!(printed(&["video", "list"], body), "No results.\n");
}

#[test]
fn object_is_sorted_aligned_and_readable() {
    // 3
    let body = r#"{"data":{"video_url":"https://x/v.mp4","id":"vid_1","duration":125.0,
        "created_at":1774712936,"title":null,"tags":["a","b"],"nested":{"fps":25,"api_id":"x"}}}"#;
    let text = printed(&["video", "get", "vid_1"], body);
    for (label, value) in [
        ("Created At:", "2026-03-28 15:48"),
        ("Duration:", "2m 5s"),
        ("ID:", "vid_1"),
        ("Tags:", "a, b"),
        ("Title:", "(none)"),
        ("Video URL:", "https://x/v.mp4"),
    ] {
        let line = text.lines().find(|line| line.starts_with(label));
        let line = line.unwrap_or_else(|| panic!("{label} is missing: {text}"));
        assert_eq!(line[label.len()..].trim(), value, "{text}");
    }
    assert!(
        text.contains("\n  API ID:  x\n") && text.contains("\n  FPS:     25\n"),
        "{text}"
    );
    let labels: Vec<&str> = text.lines().filter(|line| !line.starts_with(' ')).collect();
    let mut sorted = labels.clone();
    sorted.sort_unstable();
    assert_eq!(labels, sorted);
    // Values of one level stand in one column.
    let columns: Vec<_> = labels
        .iter()
        .filter_map(|line| {
            let (label, value) = line.split_once(':')?;
            let value = value.trim_start();
            (!value.is_empty()).then(|| (line.len() - value.len(), label))
        })
        .collect();
    assert!(columns.iter().all(|(at, _)| *at == columns[0].0), "{text}");
}

#[test]
fn durations_and_dates_have_their_limits() {
    // 3: only integers of a range are dates, and only keys with `duration` are times.
    let body = r#"{"data":{"id":"a","duration":18,"duration_long":3723,"early":1500000000,
        "late":2200000000,"when":1500000001,"size":1774712936.5}}"#;
    let text = printed(&["video", "get", "a"], body);
    for part in [
        "18s",
        "1h 2m 3s",
        "1500000000",
        "2200000000",
        "2017-07-14 02:40",
        "1774712936.5",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn odd_values_are_printed() {
    // 7.30
    let body =
        r#"{"data":{"id":"a","mixed":[null,"a"],"objects":[{}, {"b":1}],"none":{},"empty":[]}}"#;
    let text = printed(&["video", "get", "a"], body);
    assert!(text.contains(r#"[null,"a"]"#), "{text}");
    assert!(text.contains("- (none)"), "{text}");
    assert_eq!(text.matches("(none)").count(), 3, "{text}");
}

#[test]
fn statuses_have_their_columns() {
    let body = r#"{"data":[{"video_id":"v","status":"completed","batch_id":"b"}]}"#;
    let text = printed(&["video", "statuses", "list", "--video-ids", "v"], body);
    assert_eq!(
        lines(&text)[..2],
        ["Video ID  Status     Batch ID", "v         completed  b"]
    );
    let body = r#"{"data":[{"type":"landscape","voice_id":"v1","name":"Ann","language":"English","gender":"female"}]}"#;
    let text = printed(&["voice", "list"], body);
    assert_eq!(
        lines(&text)[0]
            .split("  ")
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>(),
        ["ID", "Name", "Language", "Gender"]
    );
}

#[test]
fn list_without_chosen_columns_has_those_of_its_first_row() {
    let server = Server::start();
    let run = server.run(&["video-translate", "languages", "list", "--human"]);
    run.assert_success();
    assert!(
        !run.stdout.starts_with('{') && run.stdout.lines().count() > 1,
        "{}",
        run.stdout
    );
    let run = server.run(&["video-agent", "styles", "list", "--human"]);
    run.assert_success();
    assert!(run.stdout.lines().count() > 1, "{}", run.stdout);
}

#[test]
fn every_list_of_the_mock_fits_the_format() {
    let server = Server::start();
    for words in [
        "asset list --username ann",
        "asset direct-uploads --help",
        "avatar list",
        "avatar looks list",
        "ai-clipping list",
        "lipsync list",
        "template list",
        "video-translate list",
        "webhook endpoints list",
        "webhook event-types list",
        "webhook events list",
        "brand kits list",
        "brand glossaries list",
        "user me get",
        "audio sounds list --query rain",
    ] {
        let mut arguments: Vec<&str> = words.split(' ').collect();
        arguments.push("--human");
        let run = server.run(&arguments);
        run.assert_success();
        assert!(
            !run.stdout.trim().is_empty() && !run.stdout.starts_with('{'),
            "{words}: {}",
            run.stdout
        );
    }
}
