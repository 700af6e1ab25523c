//! What is no document, or a broken one, given to every command that reads
//! one: a result, or an error of a line or two that names the place. Never a
//! panic, an overflow or a hang.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fmt::Write as _, fs, path::Path, process::Output, time::Duration};

use assert_cmd::Command;

/// How deep what is nested is nested.
const DEEP: usize = 10_000;

const HEAD: &str = r#""openapi": "3.1.0", "info": {"title": "t", "version": "1"}"#;

/// What a command has to make of an input.
enum Wanted {
    /// It works.
    Result,
    /// An error with this in it.
    Error(&'static str),
}
use Wanted::{Error, Result};

fn with_schemas(schemas: &str) -> String {
    format!(
        r##"{{{HEAD}, "paths": {{"/a": {{"get": {{"responses": {{"200": {{"description": "a", "content": {{"application/json": {{"schema": {{"$ref": "#/components/schemas/A0"}}}}}}}}}}}}}}}}, "components": {{"schemas": {{{schemas}}}}}}}"##
    )
}

/// Schemas in a row, each made of the next by `link`; the last is `end`.
fn chain(length: usize, link: impl Fn(usize) -> String, end: &str) -> String {
    let mut schemas = String::new();
    for index in 0..length {
        write!(schemas, r#""A{index}": {}, "#, link(index + 1)).unwrap();
    }
    write!(schemas, r#""A{length}": {end}"#).unwrap();
    with_schemas(&schemas)
}

fn reference(index: usize) -> String {
    format!(r##"{{"$ref": "#/components/schemas/A{index}"}}"##)
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn inputs() -> Vec<(&'static str, Vec<u8>, Wanted)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let nested = |open: &str, close: &str| {
        format!(
            "{{{HEAD}, \"x-deep\": {}1{}}}",
            open.repeat(DEEP),
            close.repeat(DEEP)
        )
        .into_bytes()
    };
    let mut block = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nx-deep:\n".to_owned();
    for depth in 1..2_000 {
        writeln!(block, "{}a:", " ".repeat(depth)).unwrap();
    }
    let circle = |schema: &str| with_schemas(&format!(r#""A0": {schema}"#)).into_bytes();
    vec![
        ("empty.json", Vec::new(), Error("")),
        ("blank.yaml", text(" \n\n"), Error("")),
        ("binary.json", vec![0, 159, 146, 150, 255], Error("UTF-8")),
        (
            "utf16.json",
            vec![0xff, 0xfe, b'{', 0, b'}', 0],
            Error("UTF-"),
        ),
        (
            "page.html",
            text("<!doctype html><html><body>404</body></html>"),
            Error(""),
        ),
        ("list.json", text("[1, 2]"), Error("")),
        ("text.yaml", text("just some words"), Error("")),
        (
            "swagger.json",
            text(r#"{"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}}"#),
            Error("Swagger"),
        ),
        (
            "next.json",
            text(r#"{"openapi": "3.2.0", "info": {"title": "t", "version": "1"}, "paths": {}}"#),
            Error("3.2.0"),
        ),
        (
            "async.json",
            text(r#"{"asyncapi": "3.0.0", "info": {"title": "t", "version": "1"}}"#),
            Error("openapi"),
        ),
        (
            "number.yaml",
            text("openapi: 3.1\ninfo: {title: t, version: '1'}\npaths: {}\n"),
            Error("openapi"),
        ),
        (
            "cut.json",
            text(&format!("{{{HEAD}, \"paths\": {{")),
            Error("line 1"),
        ),
        (
            "twice.json",
            text(&format!(
                "{{{HEAD}, \"paths\": {{\"/a\": {{}}, \"/a\": {{}}}}}}"
            )),
            Error("\"/a\""),
        ),
        (
            "twice.yaml",
            text("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a: {}\n  /a: {}\n"),
            Error("\"/a\""),
        ),
        (
            "tabs.yaml",
            text("openapi: 3.1.0\ninfo:\n\ttitle: t\n"),
            Error("line"),
        ),
        (
            "two.yaml",
            text("openapi: 3.1.0\n---\nopenapi: 3.1.0\n"),
            Error(""),
        ),
        (
            "keys.yaml",
            text("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {[a, b]: {}}\n"),
            Error("key"),
        ),
        (
            "bomb.yaml",
            text(&{
                let mut bomb =
                    "openapi: 3.1.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
                for index in 1..12 {
                    let aliases = vec![format!("*a{}", index - 1); 10].join(", ");
                    writeln!(bomb, "a{index}: &a{index} [{aliases}]").unwrap();
                }
                bomb
            }),
            Error(""),
        ),
        (
            "anchors.yaml",
            text(
                "openapi: 3.1.0\ninfo: &i {title: t, version: '1'}\nx-again: {<<: *i, 1: one, true: yes}\npaths: {}\n",
            ),
            Result,
        ),
        ("deep-lists.json", nested("[", "]"), Error("recursion")),
        (
            "deep-objects.json",
            nested("{\"a\":", "}"),
            Error("recursion"),
        ),
        (
            "deep-flow.yaml",
            [
                b"openapi: 3.1.0\nx-deep: ".to_vec(),
                "[".repeat(DEEP).into_bytes(),
            ]
            .concat(),
            Error("recursion"),
        ),
        ("deep-block.yaml", block.into_bytes(), Error("recursion")),
        (
            "chain-of-references.json",
            chain(DEEP, reference, r#"{"type": "string"}"#).into_bytes(),
            Result,
        ),
        (
            "chain-of-properties.json",
            chain(
                200,
                |i| {
                    format!(
                        r#"{{"type": "object", "properties": {{"a": {}}}}}"#,
                        reference(i)
                    )
                },
                r#"{"type": "string"}"#,
            )
            .into_bytes(),
            Result,
        ),
        (
            "chain-of-members.json",
            chain(
                200,
                |i| format!(r#"{{"allOf": [{}]}}"#, reference(i)),
                r#"{"type": "string"}"#,
            )
            .into_bytes(),
            Result,
        ),
        ("circle-of-references.json", circle(&reference(0)), Result),
        (
            "circle-of-members.json",
            circle(&format!(
                r#"{{"type": "object", "allOf": [{}]}}"#,
                reference(0)
            )),
            Result,
        ),
        (
            "circle-of-variants.json",
            circle(&format!(
                r#"{{"oneOf": [{}, {{"type": "null"}}]}}"#,
                reference(0)
            )),
            Result,
        ),
        (
            "circle-of-items.json",
            circle(&format!(
                r#"{{"type": "array", "items": {}}}"#,
                reference(0)
            )),
            Result,
        ),
        (
            "to-nothing.json",
            circle(
                r##"{"properties": {"a": {"$ref": "#/components/schemas/No"}, "b": {"$ref": "other.yaml#/A"}, "c": {"$ref": "https://example.com/a.json"}}}"##,
            ),
            Result,
        ),
        (
            "path-items.json",
            text(&format!(
                r##"{{{HEAD}, "paths": {{"/a": {{"$ref": "#/paths/~1b"}}, "/b": {{"$ref": "#/paths/~1a"}}, "/c": {{"$ref": "c.yaml"}}}}}}"##
            )),
            Result,
        ),
    ]
}

fn run(words: &[&str], path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .arg(path)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .timeout(Duration::from_secs(240))
        .output()
        .unwrap()
}

#[test]
fn whatever_comes_in_is_read_or_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").display().to_string();
    let commands: [&[&str]; 4] = [
        &["spec", "lower"],
        &["spec", "lint"],
        &["spec", "prepare"],
        &["codegen", "--out", &out, "--document"],
    ];
    let mut wrong = String::new();
    for (name, content, wanted) in inputs() {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        for words in commands {
            let output = run(words, &path);
            let said = String::from_utf8_lossy(&output.stderr);
            let calm = output.status.code().is_some() && !said.contains("panicked at");
            // Findings are what lint is for, and go where its output goes.
            let lint = words[1] == "lint";
            let told = String::from_utf8_lossy(&output.stdout) + &*said;
            let fine = match wanted {
                Result => output.status.success() || lint,
                Error(part) => {
                    output.status.code() == Some(1)
                        && said.contains(name)
                        && (told.contains(part) || lint)
                        && said.lines().count() <= 3
                }
            };
            if !calm || !fine {
                let said: String = said.chars().take(300).collect();
                writeln!(wrong, "{words:?} {name}: {:?} {said}", output.status).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().to_owned(), folder.path().join("no-such.yaml")] {
        let output = run(&["spec", "lower"], &path);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&*path.display().to_string()), "{said}");
    }
}
