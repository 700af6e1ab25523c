//! Whatever a file holds, each command ends: with a result, or with an error
//! of one line that names the file and the place. No panic, no stack overflow,
//! no hang.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../common/mod.rs"]
mod common;
mod references;

use std::{fmt::Write as _, time::Duration};

use common::Checkout;
use serde_json::{Value, json};

/// Long enough for a busy machine: only what never ends fails by it.
const DEADLINE: Duration = Duration::from_secs(300);

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\n";

/// Runs every command on a file. Gives the error of `spec prepare`, if it is one;
/// the others agree with it whether there is one.
fn run(checkout: &Checkout, file: &str) -> Option<String> {
    let prepared = one(checkout, file, &["spec", "prepare", file, "-o", "o.json"]);
    let lint = one(checkout, file, &["spec", "lint", file]);
    let others: [&[&str]; 3] = [
        &["spec", "diff", file, file],
        &["spec", "diff", file, "good.yaml"],
        &["codegen", "--document", file, "--out", "crate"],
    ];
    for words in others {
        let error = one(checkout, file, words);
        assert_eq!(error.is_some(), prepared.is_some(), "{words:?}: {error:?}");
    }
    assert!(
        prepared.is_none() || lint.is_some(),
        "{file} passes as fine"
    );
    prepared
}

/// Runs one command on a file; gives its error, if it is one.
fn one(checkout: &Checkout, file: &str, words: &[&str]) -> Option<String> {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .current_dir(checkout.path(""))
        .timeout(DEADLINE)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let code = output.status.code();
    assert!(!said.contains("panicked"), "{words:?}: {said}");
    if code == Some(0) {
        return None;
    }
    assert_eq!(code, Some(1), "{words:?}: {:?} {said}", output.status);
    let errors: Vec<&str> = said.lines().filter(|l| l.starts_with("error: ")).collect();
    // Both files of a comparison may be at fault.
    assert!((1..=2).contains(&errors.len()), "{words:?}: {said}");
    let error = errors[0];
    // `spec diff` reads the document of a folder.
    let named =
        [file.to_owned(), format!("{file}/heygen.json")].map(|name| format!("error: {name}: "));
    assert!(named.iter().any(|name| error.starts_with(name)), "{error}");
    assert!(error.len() < 400, "{error}");
    assert_eq!(said.lines().last(), errors.last().copied(), "{said}");
    Some(error.to_owned())
}

fn checkout() -> Checkout {
    let checkout = Checkout::new();
    checkout.put("good.yaml", format!("{HEAD}paths: {{}}\n"));
    checkout
}

/// Files that are refused, each with what the error says.
fn refused(cases: &[(&str, &[u8], &str)]) {
    let checkout = checkout();
    for (name, content, wanted) in cases {
        checkout.put(name, content);
        let error = run(&checkout, name).unwrap_or_else(|| panic!("{name} is taken"));
        assert!(error.contains(wanted), "{name}: {error}");
    }
}

/// Documents that are taken.
fn taken(cases: impl IntoIterator<Item = (String, Value)>) {
    let checkout = checkout();
    for (name, document) in cases {
        let name = format!("{name}.json");
        checkout.put(&name, document.to_string());
        let error = run(&checkout, &name);
        assert_eq!(error, None);
    }
}

/// A document with these components, and an operation that answers with the
/// schema `S0`.
fn document(components: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {
            "description": "d",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}},
        }}}}},
        "components": components,
    })
}

fn schemas(schemas: &Value) -> Value {
    document(&json!({ "schemas": schemas }))
}

fn reference(name: impl std::fmt::Display) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn what_is_no_document_is_named() {
    let utf16: Vec<u8> = "{\"openapi\": \"3.1.0\"}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [b"\xff\xfe".as_slice(), &utf16].concat();
    refused(&[
        ("empty.json", b"", "holds no document"),
        ("blank.yaml", b" \n\n", "holds no document"),
        ("comment.yaml", b"# nothing\n", "holds no document"),
        ("text.json", b"\"openapi\"", "holds no document"),
        ("binary", b"\x7fELF\0\x01\xfe\xff", "not text in UTF-8"),
        ("zeros", &[0; 100], "not readable as YAML"),
        ("utf16.json", &utf16, "is text in UTF-16"),
        ("utf16-mark.json", &marked, "is text in UTF-16"),
        ("latin1.yaml", b"openapi: \xe9\n", "not text in UTF-8"),
        (
            "page.html",
            b"<!DOCTYPE html>\n<html><body><p>a: b</p></body></html>\n",
            "holds markup",
        ),
        ("list.json", b"[{}]", "holds no OpenAPI document"),
        (
            "swagger.json",
            b"{\"swagger\": \"2.0\", \"paths\": {}}",
            "at /swagger: a Swagger document",
        ),
        (
            "new.yaml",
            b"openapi: 3.2.0\npaths: {}\n",
            "at /openapi: OpenAPI 3.2.0 cannot be read",
        ),
        (
            "events.yaml",
            b"asyncapi: 3.0.0\nchannels: {}\n",
            "there is no key `openapi`",
        ),
        (
            "number.yaml",
            b"openapi: 3.1\npaths: {}\n",
            "at /openapi: the version of OpenAPI is no text",
        ),
        (
            "cut.json",
            b"{\"openapi\": \"3.1.0\", ",
            "EOF while parsing",
        ),
        ("cut.yaml", b"openapi: 3.1.0\npaths: {a: [", "line 3"),
        (
            "huge.json",
            b"{\"openapi\": \"3.1.0\", \"x\": 1e999}",
            "number out of range",
        ),
    ]);
    let checkout = checkout();
    for (name, wanted) in [("gone.yaml", "cannot be read"), (".", "cannot be read")] {
        let error = run(&checkout, name).unwrap();
        assert!(error.contains(wanted), "{error}");
    }
}

#[test]
fn keys_that_stand_twice_are_named_with_their_place() {
    let long = format!("{{\"{0}\": 1, \"{0}\": 2}}", "k".repeat(100_000));
    refused(&[
        (
            "twice.json",
            b"{\"openapi\": \"3.1.0\", \"paths\": {\"/a\": {},\n\"/a\": {}}}",
            "\"/a\" stands twice in one object at line 2 column",
        ),
        (
            "twice.yaml",
            b"openapi: 3.1.0\npaths:\n  /a: {}\n  /a: {}\n",
            "\"/a\" stands twice in one object at line 3 column 3",
        ),
        (
            "numbers.yaml",
            b"openapi: 3.1.0\nx: {200: a, '200': b}\n",
            "\"200\" stands twice",
        ),
        ("long.json", long.as_bytes(), "stands twice"),
    ]);
}

#[test]
fn yaml_is_read_as_far_as_json_goes() {
    refused(&[
        ("tab.yaml", b"openapi: 3.1.0\npaths:\n\t/a: {}\n", "line 3"),
        (
            "object-key.yaml",
            b"openapi: 3.1.0\npaths:\n  ? {a: 1}\n  : {}\n",
            "a key must be a scalar",
        ),
        (
            "merge.yaml",
            b"openapi: 3.1.0\npaths: {<<: 3}\n",
            "merge key << takes an object",
        ),
        (
            "unknown.yaml",
            b"openapi: 3.1.0\npaths: *gone\n",
            "unknown anchor",
        ),
        (
            "itself.yaml",
            b"openapi: 3.1.0\npaths: &a {x: *a}\n",
            "not readable as YAML",
        ),
        (
            "stream.yaml",
            b"---\nopenapi: 3.1.0\n---\nopenapi: 3.1.0\n",
            "more than one document",
        ),
        (
            "tag.yaml",
            b"openapi: 3.1.0\nx: !odd 1\n",
            "the YAML tag !odd",
        ),
        ("nan.yaml", b"openapi: 3.1.0\nx: .nan\n", "JSON cannot hold"),
    ]);
    let checkout = checkout();
    let tabs = "openapi:\t3.1.0\ninfo:\t{title: t,\tversion: \"1\"}\npaths: {}\n";
    let keys = format!("{HEAD}paths: {{}}\nx-a: {{1: a, true: b, null: c, 1.5: d}}\n");
    let anchors = format!(
        "{HEAD}paths: {{}}\nx-a: &a {{type: string}}\n\
         components: {{schemas: {{S: *a, T: {{<<: *a, description: d}}}}}}\n"
    );
    for (name, text) in [
        ("tabs.yaml", tabs),
        ("keys.yaml", &keys),
        ("anchors.yaml", &anchors),
    ] {
        checkout.put(name, text);
        assert_eq!(run(&checkout, name), None);
    }
}

#[test]
fn aliases_that_repeat_without_measure_are_refused() {
    let mut bomb = format!("{HEAD}a0: &a0 x\n");
    for n in 1..10 {
        let again = format!("*a{}, ", n - 1).repeat(10);
        writeln!(bomb, "a{n}: &a{n} [{again}]").unwrap();
    }
    let wide = format!(
        "{HEAD}a: &a [{}]\nb: [{}]\n",
        "x, ".repeat(5_000),
        "*a, ".repeat(5_000)
    );
    let checkout = checkout();
    for (name, text, wanted) in [
        ("bomb.yaml", bomb, "not readable as YAML"),
        ("wide.yaml", wide, "the aliases repeat so much"),
    ] {
        checkout.put(name, text);
        let error = one(&checkout, name, &["spec", "prepare", name]).unwrap();
        assert!(error.contains(wanted), "{error}");
    }
}

#[test]
fn nesting_ten_thousand_deep_is_refused() {
    const DEEP: usize = 10_000;
    let json = |open: &str, close: &str| {
        let inside = open.repeat(DEEP) + "1" + &close.repeat(DEEP);
        format!("{{\"openapi\": \"3.1.0\", \"x\": {inside}}}")
    };
    let flow = |open: &str, close: &str| {
        format!("{HEAD}x: {}1{}\n", open.repeat(DEEP), close.repeat(DEEP))
    };
    let mut block = format!("{HEAD}x:\n");
    // More would be too large: it takes the square of its depth in spaces.
    for depth in 1..DEEP / 2 {
        writeln!(block, "{}a:", " ".repeat(depth)).unwrap();
    }
    let list = format!("{HEAD}x:\n  {}b\n", "- ".repeat(DEEP));
    let mut aliases = format!("{HEAD}x0: &x0 a\n");
    for n in 1..DEEP {
        writeln!(aliases, "x{n}: &x{n} [*x{}]", n - 1).unwrap();
    }
    let never_closed = "[".repeat(1_000_000);
    refused(&[
        ("lists.json", json("[", "]").as_bytes(), "recursion limit"),
        (
            "objects.json",
            json("{\"a\":", "}").as_bytes(),
            "recursion limit",
        ),
        ("lists.yaml", flow("[", "]").as_bytes(), "recursion limit"),
        (
            "objects.yaml",
            flow("{a: ", "}").as_bytes(),
            "recursion limit",
        ),
        ("block.yaml", block.as_bytes(), "recursion limit"),
        ("block-list.yaml", list.as_bytes(), "recursion limit"),
        ("aliases.yaml", aliases.as_bytes(), "not readable as YAML"),
        ("open.json", never_closed.as_bytes(), "recursion limit"),
    ]);
}

#[test]
fn parts_of_another_kind_than_they_should_be_are_no_reason_to_stop() {
    let odd = [
        json!(null),
        json!([]),
        json!("x"),
        json!(1),
        json!([1]),
        json!({"A": 1}),
    ];
    let mut cases = Vec::new();
    for (number, odd) in odd.iter().enumerate() {
        for place in [
            "/paths",
            "/info",
            "/components",
            "/components/schemas",
            "/paths/~1a",
            "/paths/~1a/get",
        ] {
            let mut document = schemas(&json!({"S0": {}}));
            *document.pointer_mut(place).unwrap() = odd.clone();
            cases.push((
                format!("odd{}-{number}", place.replace(['/', '~'], "-")),
                document,
            ));
        }
    }
    taken(cases);
}

#[test]
fn large_files_are_refused_by_size_unless_asked_for() {
    let checkout = checkout();
    let text = format!("{HEAD}paths: {{}}\nx-a: {}\n", "x".repeat(2_000));
    checkout.put("large.yaml", &text);
    let size = format!("holds {} bytes, more than the 1000", text.len());
    for words in [
        &["spec", "prepare", "large.yaml", "-o", "o.json"][..],
        &["spec", "lint", "large.yaml"],
        &["spec", "prepare", "large.yaml", "-o", "o.json"],
        &["spec", "diff", "large.yaml", "large.yaml"],
        &["codegen", "--document", "large.yaml", "--out", "crate"],
    ] {
        let bounded = [words, &["--max-bytes", "1000"]].concat();
        let error = one(&checkout, "large.yaml", &bounded).unwrap();
        assert!(
            error.contains(&size) && error.contains("--any-size"),
            "{error}"
        );
        let any = [words, &["--any-size"]].concat();
        let error = one(&checkout, "large.yaml", &any);
        assert!(error.is_none_or(|error| error.contains("finding")));
    }
    // Not a byte of it is read: there are more than any machine holds.
    let file = std::fs::File::create(checkout.path("sparse.json")).unwrap();
    file.set_len(1 << 40).unwrap();
    let error = run(&checkout, "sparse.json").unwrap();
    assert!(
        error.contains("holds 1099511627776 bytes, more than the 20971520"),
        "{error}"
    );
}

#[test]
fn counts_on_the_terminal_have_singular_and_plural() {
    let checkout = Checkout::new();
    let body = "{type: object, properties: {a: {$ref: '#/none'}, b: {$ref: '#/no'}}}";
    let document = format!(
        "{HEAD}paths: {{/a: {{get: {{responses: {{\"200\": {{description: a, content: \
         {{application/json: {{schema: {body}}}}}}}}}}}}}}}\n"
    );
    checkout.put("one.yaml", document.replace("'#/no'", "'#/info'"));
    let ran = checkout.run(&["spec", "lint", "one.yaml"]);
    assert_eq!(ran.err, "error: one.yaml: 1 finding\n", "{}", ran.out);
    checkout.put("two.yaml", document);
    let ran = checkout.run(&["spec", "lint", "two.yaml"]);
    assert_eq!(ran.err, "error: two.yaml: 2 findings\n", "{}", ran.out);
}
