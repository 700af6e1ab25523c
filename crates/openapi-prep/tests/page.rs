//! Files as vendors publish them, whole: what is taken out of them, what is
//! refused and in which words, and that no bytes make the reader panic.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use openapi_prep::{
    Document, Format,
    page::{extract, operations},
};
use serde_json::json;

const README: &str = include_str!("fixtures/pages/list-voices.md");
const MINTLIFY: &str = include_str!("fixtures/pages/create-video.md");
const SHORT_FENCE: &str = include_str!("fixtures/pages/get-video.md");

fn refusal(text: &str) -> String {
    extract(text).unwrap_err().to_string()
}

fn names(text: &str) -> Vec<String> {
    operations(&extract(text).unwrap().document)
}

#[test]
fn a_readme_page_gives_its_document_and_not_its_examples() {
    let page = extract(README).unwrap();
    assert_eq!(page.form, "readme");
    assert_eq!(page.document["info"]["title"], "example-api");
    assert_eq!(page.document["x-readme-fauxas"], true);
    assert_eq!(names(README), ["GET /v2/voices"]);
    let text = README
        .split("```json\n")
        .nth(2)
        .unwrap()
        .trim_end_matches('`');
    let printed = Document::from_value(page.document).and_then(|d| d.print(Format::Json));
    assert_eq!(printed.unwrap(), text, "keys keep their order");
}

#[test]
fn a_mintlify_page_gives_its_document() {
    let page = extract(MINTLIFY).unwrap();
    assert_eq!(page.form, "mintlify");
    let operation = &page.document["paths"]["/v3/videos"]["post"];
    assert_eq!(
        operation["description"],
        "Makes a video. The body tells by `type` what is seen: **avatar** or **image**."
    );
    assert_eq!(
        page.document["components"]["schemas"]["VoiceSettings"]["properties"]["speed"]["type"],
        json!(["number", "null"])
    );
    assert_eq!(extract(SHORT_FENCE).unwrap().form, "mintlify");
    assert_eq!(names(SHORT_FENCE), ["GET /v3/videos/{video_id}"]);
}

#[test]
fn a_bare_document_is_taken_in_json_and_yaml() {
    let yaml = "# ours\nopenapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    \
                parameters: []\n    get: {}\n    x-note: 1\n  x-paths: {get: {}}\n";
    assert_eq!(names(yaml), ["GET /a"]);
    let json = r#"{"openapi":"3.1.1","paths":{"/a":{"get":{},"head":{}}}}"#;
    assert_eq!(names(json), ["GET /a", "HEAD /a"]);
    assert_eq!(extract(yaml).unwrap().form, "bare");
    assert_eq!(extract(json).unwrap().form, "bare");
    // Column one of a description may look like the fence of a page.
    let fenced =
        "openapi: 3.1.0\ninfo:\n  description: |\n   ```json\n   {}\npaths:\n  /a: {get: {}}\n";
    assert_eq!(names(fenced), ["GET /a"]);
}

#[test]
fn marks_of_other_systems_change_nothing() {
    for text in [README, MINTLIFY] {
        let plain = extract(text).unwrap();
        assert_eq!(extract(&text.replace('\n', "\r\n")).unwrap(), plain);
        assert_eq!(extract(&format!("\u{feff}{text}")).unwrap(), plain);
        assert_eq!(extract(&format!("{text}\n\n")).unwrap(), plain);
    }
}

#[test]
fn front_matter_does_not_make_a_page_a_document() {
    let page = format!("---\ntitle: Create\nopenapi: post /v3/videos\n---\n\n{MINTLIFY}");
    assert_eq!(extract(&page).unwrap().form, "mintlify");
    let error = refusal("---\ntitle: Create\nopenapi: post /v3/videos\n---\n");
    assert!(error.contains("holds no OpenAPI document"), "{error}");
}

#[test]
fn examples_beside_the_document_are_no_second_one() {
    let plain = extract(README).unwrap();
    for more in ["{\"error\": null}", "[1]"] {
        let text = format!(
            "{}\n\n## Answers\n\n```json\n{more}\n```\n",
            README.trim_end()
        );
        assert_eq!(extract(&text).unwrap(), plain);
        let damaged = text.replace(more, "{\"error\": ");
        assert_eq!(extract(&damaged).unwrap(), plain);
        let error = refusal(&text.replace(more, "{\"openapi\": "));
        assert!(error.contains("holds several documents"), "{error}");
    }
    let shown = format!("~~~md\n{README}\n~~~\n\n{README}");
    assert_eq!(extract(&shown).unwrap(), plain);
}

#[test]
fn a_version_at_the_top_of_a_page_does_not_make_it_a_document() {
    let text = format!("---\nopenapi: 3.1.0\n---\n{MINTLIFY}");
    assert_eq!(extract(&text).unwrap(), extract(MINTLIFY).unwrap());
    let error = refusal(&format!("openapi: 3.1.0\n- x\n{MINTLIFY}"));
    assert!(error.contains("not readable as YAML"), "{error}");
}

#[test]
fn what_is_no_document_is_refused_by_name() {
    let second = README.split("# OpenAPI definition").nth(1).unwrap();
    let cases: &[(String, &str)] = &[
        (String::new(), "holds no OpenAPI document"),
        (
            "# A page\n\nwith prose only\n".into(),
            "holds no OpenAPI document",
        ),
        ("just: yaml\n".into(), "holds no OpenAPI document"),
        ("[1, 2]".into(), "holds no OpenAPI document"),
        ("{\"openapi\": \"3.1.0\", ".into(), "not readable as JSON"),
        (
            "openapi: 3.1.0\n  paths: {\n".into(),
            "not readable as YAML",
        ),
        (
            format!("{README}\n{second}"),
            "holds several documents, in the code fences at lines 17 and ",
        ),
        (format!("{README}\n\n{MINTLIFY}"), "holds several documents"),
        (
            README.trim_end_matches('`').to_owned(),
            "opens at line 17 is never closed",
        ),
        (
            "# A\n```json\n{}\n".into(),
            "opens at line 2 is never closed",
        ),
        (
            README.replace("\"3.1.0\",", "\"3.1.0\""),
            "fence that opens at line 17: not readable as JSON",
        ),
        (
            README.replace("\"title\"", "\"version\""),
            "\"version\" stands twice",
        ),
        (
            "swagger: '2.0'\npaths: {}\n".into(),
            "at /swagger: a Swagger document, which",
        ),
        ("{\"swagger\": \"2.0\"}".into(), "a Swagger document"),
        (
            "openapi: 3.2.0\npaths: {/a: {get: {}}}\n".into(),
            "at /openapi: OpenAPI 3.2.0 cannot be read",
        ),
        ("openapi: 4.0.0\n".into(), "OpenAPI 4.0.0 cannot be read"),
        ("openapi: 3.1\n".into(), "the version of OpenAPI is no text"),
        ("openapi: 3.1.0\n".into(), "holds no operation"),
        (
            "openapi: 3.1.0\npaths: {/a: {parameters: []}}\n".into(),
            "at /paths: the document holds no operation",
        ),
    ];
    for (text, wanted) in cases {
        let error = refusal(text);
        assert!(error.contains(wanted), "{text:.200}\n{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.ends_with(')'), "says what to do: {error}");
    }
}

#[test]
fn no_damage_to_a_file_makes_the_reader_panic() {
    let mut random = fastrand::Rng::with_seed(7);
    let bare = "openapi: 3.1.0\npaths:\n  /a:\n    get: &a {x: [1, 2]}\n    put: *a\n";
    let mut taken = 0;
    for text in [README, MINTLIFY, SHORT_FENCE, bare] {
        for _ in 0..400 {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..random.usize(1..6) {
                let place = random.usize(0..bytes.len());
                match random.u8(0..5) {
                    0 => bytes[place] = random.u8(..),
                    1 => bytes.truncate(place.max(1)),
                    2 => bytes.insert(place, *random.choice(b"`#{}[]:\n\r\"'*&!|>-% \t").unwrap()),
                    3 => drop(bytes.remove(place)),
                    _ => {
                        let end = random.usize(place..=bytes.len());
                        let part = bytes[place..end].to_vec();
                        bytes.splice(place..place, part);
                    }
                }
                if bytes.is_empty() {
                    bytes.push(b' ');
                }
            }
            taken += usize::from(extract(&String::from_utf8_lossy(&bytes)).is_ok());
        }
    }
    assert!(
        taken > 100,
        "damage to prose is no damage to the document: {taken}"
    );
}

#[test]
fn no_depth_of_nesting_makes_the_reader_overflow() {
    for piece in ["[", "{", "{a: ", "[{", "- ", "{\"a\":", "? "] {
        for head in ["", "openapi: 3.1.0\nx: "] {
            let text = format!("{head}{}", piece.repeat(2_000));
            assert!(extract(&text).is_err(), "{piece}");
        }
    }
}
