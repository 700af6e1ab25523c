//! What `cargo xtask spec import` refuses, in which words, with `openapi/` left
//! as it was.

mod common;

use common::Checkout;

const README: &str = include_str!("../../crates/openapi-prep/tests/fixtures/pages/list-voices.md");

#[test]
fn one_bad_file_leaves_everything_as_it_was() {
    let checkout = Checkout::new();
    checkout.put("good.md", README);
    checkout.put(
        "swagger.json",
        r#"{"swagger": "2.0", "paths": {"/a": {"get": {}}}}"#,
    );
    checkout.put("prose.md", "# Nothing here\n");
    checkout.put("empty.yaml", "openapi: 3.1.0\npaths: {}\n");
    checkout.put("bytes.md", b"\x80\xbf\x80");
    let error = checkout.fails(&[
        "spec",
        "import",
        "good.md",
        "swagger.json",
        "prose.md",
        "empty.yaml",
        "bytes.md",
        "gone.md",
        "--into",
        "v2",
    ]);
    let lines: Vec<&str> = error.lines().collect();
    for (line, wanted) in lines.iter().zip([
        "error: swagger.json: at /swagger: a Swagger document",
        "error: prose.md: holds no OpenAPI document",
        "error: empty.yaml: at /paths: the document holds no operation",
        "error: bytes.md: is not text in UTF-8",
        "error: gone.md: cannot be read",
    ]) {
        assert!(line.starts_with(wanted), "{line}");
        assert!(line.ends_with(')'), "says what to do: {line}");
    }
    assert_eq!(lines.len(), 5, "{error}");
    assert!(!checkout.path("openapi").exists());

    checkout.put("in/good.md", README.replace("voices", "sounds"));
    let error = checkout.fails(&["spec", "import", "good.md", "in/good.md", "--into", "v2"]);
    assert!(
        error.contains("in/good.md: has the name of good.md and other content"),
        "{error}"
    );
    assert!(!checkout.path("openapi").exists());
}

#[test]
fn a_folder_that_is_damaged_is_named() {
    for (name, content, wanted) in [
        (
            "openapi/v2/heygen.json",
            "{",
            "heygen.json: not readable as JSON",
        ),
        (
            "openapi/v2/heygen.json",
            "[]",
            "heygen.json: holds no JSON object",
        ),
        (
            "openapi/v2/SOURCE.toml",
            "page = 1",
            "SOURCE.toml: invalid type: integer `1`, expected a sequence",
        ),
        ("openapi/v2", "a file", "openapi/v2"),
        ("openapi/v2/pages", "a file", "pages: cannot be read"),
    ] {
        let checkout = Checkout::new();
        checkout.put("a.md", README);
        checkout.put(name, content);
        let before = checkout.files("openapi");
        let error = checkout.fails(&["spec", "import", "a.md", "--into", "v2"]);
        assert!(error.contains(wanted), "{error}");
        assert_eq!(checkout.files("openapi"), before);
    }
}

#[test]
fn pages_of_one_call_that_disagree_are_refused_or_the_last_is_taken() {
    let checkout = Checkout::new();
    checkout.put("a.md", README);
    checkout.put("b.md", README.replace("\"List Voices\"", "\"All voices\""));
    let words = ["spec", "import", "a.md", "b.md", "--into", "v2"];
    let error = checkout.fails(&words);
    assert!(
        error.starts_with("error: b.md: at /paths/~1v2~1voices/get: "),
        "{error}"
    );
    assert!(!checkout.path("openapi").exists());
    let out = checkout.ok(&[&words[..], &["--replace"]].concat());
    assert!(
        out.contains("note: openapi/v2/pages/a.md still describes GET /v2/voices as it was"),
        "{out}"
    );
    assert!(
        checkout
            .read("openapi/v2/heygen.json")
            .contains("All voices")
    );
}

#[test]
fn whatever_is_wrong_is_told_on_one_line() {
    let checkout = Checkout::new();
    checkout.put("a\nb.md", README);
    let error = checkout.fails(&["spec", "import", "a\nb.md", "--into", "v2"]);
    assert!(
        error.starts_with("error: a?b.md: has no plain file name"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1, "{error}");
    checkout.put("Cargo.toml", "[workspace]\nmembers = [\n");
    let error = checkout.fails(&["spec", "import", "a.md", "--into", "v2"]);
    assert!(
        error.contains("Cargo.toml: is no TOML: TOML parse error at line 2, column 12: "),
        "{error}"
    );
    assert!(error.ends_with(")\n"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn usage_is_told_with_exit_code_2() {
    let checkout = Checkout::new();
    checkout.put("a.md", README);
    for name in [
        "", "V2", "2v", "a-b", "a/b", "..", "type", "_", "_v", "é", "gen", "hooks", "default",
    ] {
        let ran = checkout.run(&["spec", "import", "a.md", "--into", name]);
        assert_eq!(ran.code, Some(2), "{name}: {}", ran.err);
        assert!(
            ran.err.contains("lower-case letters"),
            "{name}: {}",
            ran.err
        );
    }
    for words in [
        &["spec", "import", "a.md"][..],
        &["spec", "import", "--into", "v2"],
        &["spec"],
        &[],
    ] {
        assert_eq!(checkout.run(words).code, Some(2), "{words:?}");
    }
    for (words, wanted) in [
        (
            &["spec", "import", "--help"][..],
            "Examples:\n  cargo xtask spec import get-avatar-details.md --into v2",
        ),
        (
            &["spec", "overlay", "--help"],
            "Examples:\n  cargo xtask spec overlay",
        ),
        (&["--help"], "Usage: cargo xtask"),
    ] {
        let out = checkout.ok(words);
        assert!(out.contains(wanted), "{out}");
    }
    assert!(!checkout.path("openapi").exists());
}
