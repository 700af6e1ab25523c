//! `cargo xtask spec overlay`, whole: documents in and out in both languages.

mod common;

use common::Checkout;
use serde_json::{Value, json};

/// Reads text as a JSON value.
fn parse(text: &str) -> Result<Value, openapi_prep::Error> {
    openapi_prep::Document::parse(text).map(openapi_prep::Document::into_value)
}

const DOCUMENT: &str = "openapi: 3.1.0\ninfo:\n  title: t\n  description: gone soon\npaths:\n  /a:\n    get:\n      responses:\n        \"200\":\n          description: \"yes\"\n";
const OVERLAY: &str = "overlay: 1.0.0\ninfo:\n  title: t\n  version: 1.0.0\nactions:\n  - target: $.info.description\n    description: It says nothing.\n    remove: true\n  - target: $.nowhere\n    update: {}\n";
const WANTED: &str = "{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\n    \"title\": \"t\"\n  },\n  \"paths\": {\n    \"/a\": {\n      \"get\": {\n        \"responses\": {\n          \"200\": {\n            \"description\": \"yes\"\n          }\n        }\n      }\n    }\n  }\n}\n";

fn checkout() -> Checkout {
    let checkout = Checkout::new();
    checkout.put("doc.yaml", DOCUMENT);
    checkout.put("fix.yaml", OVERLAY);
    checkout
}

#[test]
fn without_out_json_goes_to_standard_output() {
    let checkout = checkout();
    let ran = checkout.run(&["spec", "overlay", "doc.yaml", "fix.yaml"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), WANTED));
    assert_eq!(
        ran.err,
        "remove /info/description: It says nothing.\n\
         update: actions[1] selects nothing: update of $.nowhere\n"
    );
    assert_eq!(checkout.read("doc.yaml"), DOCUMENT);
}

#[test]
fn the_name_of_the_file_says_its_language() {
    let checkout = checkout();
    checkout.put(
        "doc.json",
        serde_json::to_string(&parse(DOCUMENT).unwrap()).unwrap(),
    );
    for document in ["doc.yaml", "doc.json"] {
        for (out, yaml) in [
            ("new/deep/a.json", false),
            ("b.yaml", true),
            ("c.yml", true),
            ("C.YAML", true),
            ("d", false),
            ("new/yaml", false),
            ("e.txt", false),
        ] {
            let printed = checkout.ok(&["spec", "overlay", document, "fix.yaml", "-o", out]);
            assert_eq!(printed, "");
            let text = checkout.read(out);
            if yaml {
                assert!(text.starts_with("openapi: 3.1.0\n"), "{out}: {text}");
                assert_eq!(parse(&text).unwrap(), parse(WANTED).unwrap());
            } else {
                assert_eq!(text, WANTED, "{out}");
            }
        }
    }
    checkout.ok(&[
        "spec", "overlay", "doc.yaml", "fix.yaml", "--out", "doc.yaml",
    ]);
    assert!(!checkout.read("doc.yaml").contains("gone soon"));
}

#[test]
fn strict_refuses_an_action_that_selects_nothing() {
    let checkout = checkout();
    let error = checkout.fails(&[
        "spec",
        "overlay",
        "doc.yaml",
        "fix.yaml",
        "--strict",
        "-o",
        "out/a.json",
    ]);
    assert!(
        error.starts_with(
            "error: fix.yaml: at /actions/1: actions[1] (target $.nowhere) selects nothing ("
        ),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
    assert!(!checkout.path("out").exists());
}

#[test]
fn a_document_of_another_kind_is_taken_too() {
    let checkout = checkout();
    checkout.put("arazzo.yaml", "arazzo: 1.0.1\nsteps: [{id: a}, {id: b}]\n");
    checkout.put(
        "fix.json",
        json!({"overlay": "1.1.0", "info": {"title": "t", "version": "1"}, "actions": [
            {"target": "$.steps[?@.id == 'a'].id", "update": "first"},
        ]})
        .to_string(),
    );
    let out = checkout.ok(&["spec", "overlay", "arazzo.yaml", "fix.json"]);
    assert_eq!(
        parse(&out).unwrap()["steps"],
        json!([{"id": "first"}, {"id": "b"}])
    );
}

#[test]
fn what_cannot_be_read_or_written_is_named() {
    let checkout = checkout();
    checkout.put("bytes", b"\xff");
    checkout.put("text.md", "only words\n");
    checkout.put("broken.json", "{\"a\": ");
    checkout.put("twice.yaml", "a: 1\na: 2\n");
    checkout.put("folder/x", "");
    let before = checkout.files(".");
    for (words, wanted) in [
        (
            ["gone.yaml", "fix.yaml", "-o", "o"],
            "gone.yaml: cannot be read",
        ),
        (
            ["doc.yaml", "gone.yaml", "-o", "o"],
            "gone.yaml: cannot be read",
        ),
        (
            ["bytes", "fix.yaml", "-o", "o"],
            "bytes: is not text in UTF-8",
        ),
        (
            ["text.md", "fix.yaml", "-o", "o"],
            "text.md: holds no document",
        ),
        (
            ["broken.json", "fix.yaml", "-o", "o"],
            "broken.json: not readable as JSON",
        ),
        (
            ["doc.yaml", "twice.yaml", "-o", "o"],
            "twice.yaml: not readable as YAML",
        ),
        (
            ["doc.yaml", "doc.yaml", "-o", "o"],
            "doc.yaml: at the root: this is no overlay",
        ),
        (
            ["doc.yaml", "fix.yaml", "-o", "folder"],
            "folder: is a folder",
        ),
        (
            ["doc.yaml", "fix.yaml", "-o", "fix.yaml/a.json"],
            "cannot be written",
        ),
    ] {
        let ran = checkout.run(&[&["spec", "overlay"][..], &words].concat());
        assert_eq!(ran.code, Some(1), "{words:?}");
        let error = ran.err.lines().last().unwrap();
        assert!(
            error.starts_with("error: ") && error.contains(wanted),
            "{error}"
        );
        assert!(error.ends_with(')'), "says what to do: {error}");
        assert_eq!(checkout.files("."), before);
    }
}
