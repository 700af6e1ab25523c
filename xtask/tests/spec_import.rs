//! `cargo xtask spec import`, whole: files in, `openapi/` as it should be.

mod common;

use std::{fs, path::Path};

use common::Checkout;

const README: &str = include_str!("../../crates/openapi-prep/tests/fixtures/pages/list-voices.md");
const CREATE: &str = include_str!("../../crates/openapi-prep/tests/fixtures/pages/create-video.md");
const GET: &str = include_str!("../../crates/openapi-prep/tests/fixtures/pages/get-video.md");

#[test]
fn a_page_into_nothing_gives_its_own_document() {
    let checkout = Checkout::new();
    checkout.put("in/list-voices.md", README);
    let out = checkout.ok(&["spec", "import", "in/list-voices.md", "--into", "v2"]);
    assert_eq!(
        out,
        "+ component securitySchemes/sec0\n+ GET /v2/voices\n\
         wrote openapi/v2/pages/list-voices.md, openapi/v2/heygen.json, openapi/v2/SOURCE.toml\n"
    );
    let document = README
        .rsplit("```json\n")
        .next()
        .unwrap()
        .trim_end_matches('`');
    assert_eq!(checkout.read("openapi/v2/heygen.json"), document);
    assert_eq!(checkout.read("openapi/v2/pages/list-voices.md"), README);
    let source = checkout.read("openapi/v2/SOURCE.toml");
    for wanted in [
        "[[page]]\nname = \"list-voices.md\"\nform = \"readme\"\ndate = 20",
        "\noperations = [\"GET /v2/voices\"]\n",
    ] {
        assert!(source.contains(wanted), "{source}");
    }
    let sha256 = source
        .split("sha256 = \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert_eq!(sha256.len(), 64);
}

#[test]
fn the_same_again_changes_nothing_not_even_the_date() {
    let checkout = Checkout::new();
    for (name, text) in [
        ("a.md", README),
        ("b.md", &README.replace("voices", "sounds")),
    ] {
        checkout.put(name, text);
    }
    checkout.ok(&["spec", "import", "a.md", "b.md", "--into", "v2"]);
    let source = checkout.read("openapi/v2/SOURCE.toml");
    let day = source
        .split("date = ")
        .nth(1)
        .unwrap()
        .split('\n')
        .next()
        .unwrap();
    checkout.put("openapi/v2/SOURCE.toml", source.replace(day, "2020-02-02"));
    let before = checkout.files("openapi");
    for words in [
        &["spec", "import", "a.md", "--into", "v2"][..],
        &["spec", "import", "b.md", "a.md", "a.md", "--into", "v2"],
        &["spec", "import", "a.md", "--into", "v2", "--replace"],
    ] {
        let out = checkout.ok(words);
        assert_eq!(
            out,
            "openapi/v2: nothing changed, all of it is held already\n"
        );
        assert_eq!(checkout.files("openapi"), before);
    }
}

#[test]
fn pages_and_documents_of_all_forms_are_merged() {
    let checkout = Checkout::new();
    checkout.put("create-video.md", CREATE);
    checkout.put("get-video.md", GET.replace('\n', "\r\n"));
    checkout.put(
        "users.yaml",
        "openapi: 3.1.0\npaths:\n  /v3/users/me:\n    get:\n      responses: {200: {description: ok}}\n",
    );
    checkout.put(
        "more.json",
        r#"{"openapi":"3.1.0","paths":{"/v3/voices":{"get":{},"post":{}}}}"#,
    );
    let out = checkout.ok(&[
        "spec",
        "import",
        "create-video.md",
        "get-video.md",
        "users.yaml",
        "more.json",
        "--into",
        "v3",
    ]);
    for wanted in [
        "+ tag Videos\n",
        "+ POST /v3/videos\n",
        "+ GET /v3/videos/{video_id}\n",
        "+ GET /v3/users/me\n",
    ] {
        assert!(out.contains(wanted), "{out}");
    }
    let document: serde_json::Value =
        serde_json::from_str(&checkout.read("openapi/v3/heygen.json")).unwrap();
    assert_eq!(document["paths"].as_object().unwrap().len(), 4);
    assert_eq!(
        document["paths"]["/v3/users/me"]["get"]["responses"]["200"]["description"],
        "ok"
    );
    let source = checkout.read("openapi/v3/SOURCE.toml");
    let forms: Vec<&str> = source
        .lines()
        .filter(|line| line.starts_with("form"))
        .collect();
    assert_eq!(
        forms,
        [
            "form = \"mintlify\"",
            "form = \"mintlify\"",
            "form = \"bare\"",
            "form = \"bare\""
        ]
    );
    assert!(
        source.contains("operations = [\n    \"GET /v3/voices\",\n    \"POST /v3/voices\",\n]"),
        "{source}"
    );
    let kept = fs::read(checkout.path("openapi/v3/pages/get-video.md")).unwrap();
    assert_eq!(
        kept,
        GET.replace('\n', "\r\n").as_bytes(),
        "pages are kept as they came"
    );
}

#[test]
fn what_differs_is_refused_with_both_sides_and_replaced_on_demand() {
    let checkout = Checkout::new();
    checkout.put("list-voices.md", README);
    checkout.ok(&["spec", "import", "list-voices.md", "--into", "v2"]);
    let before = checkout.files("openapi");
    checkout.put(
        "list-voices.md",
        README.replace("\"List Voices\"", "\"All voices\""),
    );
    checkout.put(
        "other.md",
        README.replace("\"List Voices\"", "\"All voices\""),
    );
    for file in ["list-voices.md", "other.md"] {
        let error = checkout.fails(&["spec", "import", file, "--into", "v2"]);
        let (first, rest) = error.split_once('\n').unwrap();
        assert_eq!(
            first,
            format!(
                "error: {file}: at /paths/~1v2~1voices/get: this definition differs from the one \
                 held (pass --replace to take the new definitions)"
            )
        );
        assert_eq!(
            rest,
            "  /paths/~1v2~1voices/get/summary\n    held: \"List Voices\"\n    new : \"All voices\"\n"
        );
        assert_eq!(checkout.files("openapi"), before);
    }
    let out = checkout.ok(&["spec", "import", "other.md", "--into", "v2", "--replace"]);
    assert_eq!(
        out,
        "~ GET /v2/voices\n  /paths/~1v2~1voices/get/summary\n    was: \"List Voices\"\n    \
         now: \"All voices\"\nnote: openapi/v2/pages/list-voices.md still describes GET /v2/voices \
         as it was; import its newer version too\n\
         wrote openapi/v2/pages/other.md, openapi/v2/heygen.json, openapi/v2/SOURCE.toml\n"
    );
    let error = checkout.fails(&["spec", "import", "list-voices.md", "--into", "v2"]);
    assert!(
        error.contains("pages/list-voices.md is held already and has other content"),
        "{error}"
    );
    let out = checkout.ok(&[
        "spec",
        "import",
        "list-voices.md",
        "--into",
        "v2",
        "--replace",
    ]);
    assert_eq!(
        out,
        "wrote openapi/v2/pages/list-voices.md, openapi/v2/SOURCE.toml\n"
    );
}

#[test]
fn prose_that_changed_needs_replace_too() {
    let checkout = Checkout::new();
    checkout.put("a.md", README);
    checkout.ok(&["spec", "import", "a.md", "--into", "v2"]);
    let document = checkout.read("openapi/v2/heygen.json");
    checkout.put(
        "a.md",
        README.replace("Gives the voices", "Lists the voices"),
    );
    let error = checkout.fails(&["spec", "import", "a.md", "--into", "v2"]);
    assert!(
        error.contains("though nothing is defined differently (pass --replace"),
        "{error}"
    );
    checkout.ok(&["spec", "import", "a.md", "--into", "v2", "--replace"]);
    assert_eq!(checkout.read("openapi/v2/heygen.json"), document);
    assert!(
        checkout
            .read("openapi/v2/pages/a.md")
            .contains("Lists the voices")
    );
}

#[test]
fn what_a_replaced_page_says_no_more_goes_and_is_told() {
    let checkout = Checkout::new();
    checkout.put("create-video.md", CREATE);
    checkout.put("get-video.md", GET);
    checkout.ok(&[
        "spec",
        "import",
        "create-video.md",
        "get-video.md",
        "--into",
        "v3",
    ]);
    let moved = CREATE
        .replace("/v3/videos", "/v3/films")
        .replace("ImageVideo", "PictureVideo");
    checkout.put("create-video.md", moved);
    let out = checkout.ok(&[
        "spec",
        "import",
        "create-video.md",
        "--into",
        "v3",
        "--replace",
    ]);
    for wanted in [
        "+ POST /v3/films\n",
        "+ component schemas/PictureVideo\n",
        "- POST /v3/videos\n",
        "- component schemas/ImageVideo\n",
    ] {
        assert!(out.contains(wanted), "{out}");
    }
    assert!(!out.contains("StandardAPIError"), "{out}");
    let document = checkout.read("openapi/v3/heygen.json");
    assert!(
        !document.contains("\"/v3/videos\":") && !document.contains("ImageVideo"),
        "{document}"
    );
    assert!(document.contains("\"/v3/videos/{video_id}\":"));
    assert!(
        !checkout
            .read("openapi/v3/SOURCE.toml")
            .contains("POST /v3/videos\"")
    );
}

#[test]
fn a_whole_document_supersedes_the_pages() {
    let checkout = Checkout::new();
    checkout.put("create-video.md", CREATE);
    checkout.put("get-video.md", GET);
    let pages = ["create-video.md", "get-video.md"];
    checkout.ok(&["spec", "import", pages[0], pages[1], "--into", "v3"]);
    let document = checkout.read("openapi/v3/heygen.json");
    let whole = document
        .replace("/v3/videos/{video_id}", "/v3/films/{film_id}")
        .replace("\"name\": \"Videos\"", "\"name\": \"Films\"");
    checkout.put("all.json", &whole);
    let out = checkout.ok(&["spec", "import", "all.json", "--into", "v3", "--whole"]);
    for wanted in [
        "+ GET /v3/films/{film_id}\n",
        "- GET /v3/videos/{video_id}\n",
        "- tag Videos\n",
        "removed openapi/v3/pages/create-video.md\n",
        "removed openapi/v3/pages/get-video.md\n",
    ] {
        assert!(out.contains(wanted), "{out}");
    }
    assert_eq!(checkout.read("openapi/v3/heygen.json"), whole);
    assert!(!checkout.read("openapi/v3/SOURCE.toml").contains(".md"));
    let out = checkout.ok(&["spec", "import", "all.json", "--into", "v3", "--whole"]);
    assert_eq!(
        out,
        "openapi/v3: nothing changed, all of it is held already\n"
    );
    let error = checkout.fails(&[
        "spec", "import", pages[0], pages[1], "--into", "v3", "--whole",
    ]);
    assert!(
        error.contains("2 files cannot each be the complete document"),
        "{error}"
    );
}

#[test]
fn a_document_that_is_gone_is_not_made_of_some_of_its_pages() {
    let checkout = Checkout::new();
    checkout.put("create-video.md", CREATE);
    checkout.put("get-video.md", GET);
    let all = ["spec", "import", "create-video.md", "get-video.md"];
    let all = [&all[..], &["--into", "v3"]].concat();
    checkout.ok(&all);
    let before = checkout.files("openapi");
    fs::remove_file(checkout.path("openapi/v3/heygen.json")).unwrap();
    let error = checkout.fails(&["spec", "import", "get-video.md", "--into", "v3"]);
    assert!(
        error.contains("heygen.json: the document is gone"),
        "{error}"
    );
    checkout.ok(&all);
    assert_eq!(checkout.files("openapi"), before);
}

#[test]
fn the_checkout_is_found_from_any_folder_inside_it() {
    let checkout = Checkout::new();
    checkout.put("crates/one/Cargo.toml", "[package]\nname = \"one\"\n");
    checkout.put("crates/one/src/a.md", README);
    let words = ["spec", "import", "a.md", "--into", "v2"];
    let ran = checkout.run_in("crates/one/src", &words);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(checkout.path("openapi/v2/heygen.json").exists());

    let outside = Checkout::new();
    outside.put("a.md", README);
    fs::remove_file(outside.path("Cargo.toml")).unwrap();
    let ran = outside.run(&words);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("run the command inside a checkout"),
        "{}",
        ran.err
    );
}

#[test]
fn the_documents_checked_in_are_what_their_sources_name() {
    let openapi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let mut seen = 0;
    for entry in fs::read_dir(&openapi).unwrap() {
        let folder = entry.unwrap().path();
        let file = |file: &str| fs::read_to_string(folder.join(file));
        let Ok(source) = file("SOURCE.toml") else {
            continue;
        };
        let document = file("heygen.json").unwrap();
        let checkout = Checkout::new();
        checkout.put("openapi/v0/SOURCE.toml", &source);
        checkout.put("openapi/v0/heygen.json", &document);
        for page in fs::read_dir(folder.join("pages")).into_iter().flatten() {
            let page = page.unwrap().path();
            let name = page.file_name().unwrap().to_str().unwrap();
            checkout.put(
                &format!("openapi/v0/pages/{name}"),
                fs::read(&page).unwrap(),
            );
            let out = checkout.ok(&["spec", "import", page.to_str().unwrap(), "--into", "v0"]);
            assert!(out.contains("nothing changed"), "{name}: {out}");
        }

        // Each operation is that of a page, or was written, and neither twice.
        let mut named: Vec<&str> = source
            .split('"')
            .filter(|text| text.contains(" /"))
            .collect();
        named.sort_unstable();
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let mut described = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let methods = item.as_object().unwrap().keys();
            described.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
        }
        described.sort_unstable();
        assert_eq!(named, described, "{}", folder.display());
        seen += 1;
    }
    assert!(seen > 0, "no document is checked in");
}
