//! `cargo xtask codegen`, run as a maintainer runs it, in copies of this
//! checkout.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// This checkout's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A checkout with what code generation reads and writes, and no more.
struct Checkout(TempDir);

impl Checkout {
    fn new() -> Self {
        let checkout = Self(TempDir::new().unwrap());
        for path in [
            "Cargo.toml",
            "openapi",
            "crates/heygen-api-gen",
            "crates/heygen/Cargo.toml",
            "crates/heygen/src/versions.rs",
            "crates/heygen/tests",
            "crates/heygen-mock/src/generated",
            "crates/heygen-cli/src/generated",
            "crates/heygen-cli/tests/generated",
            "docs",
        ] {
            copy(&root().join(path), &checkout.path(path));
        }
        checkout
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Changes a file, and says so if there was nothing to change.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} holds no {from:?}");
        self.write(name, &text.replace(from, to));
    }

    fn xtask(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// Runs what has to work; gives what it printed.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.xtask(arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {out}{err}");
        out
    }

    /// Runs what has to fail; gives what it printed, and what it complained of.
    fn fails(&self, arguments: &[&str]) -> (String, String) {
        let output = self.xtask(arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {out}{err}");
        (out, err)
    }

    /// Every file of the checkout with its content.
    fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut open = vec![self.0.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    files.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const CLIENT: &str = "crates/heygen-api-gen/src/v2/client/mod.rs";

#[test]
fn what_is_checked_in_is_what_the_documents_give() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--check"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
}

#[test]
fn a_second_run_changes_nothing() {
    let checkout = Checkout::new();
    let before = checkout.snapshot();
    assert_eq!(checkout.ok(&["codegen"]), "Nothing to change.\n");
    assert!(checkout.snapshot() == before);
    // Nor does it matter where in the checkout one stands.
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--check"])
        .current_dir(checkout.path("crates/heygen-api-gen/src"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_file_changed_by_hand_is_shown_and_put_right() {
    let checkout = Checkout::new();
    let good = checkout.read(CLIENT);
    checkout.edit(CLIENT, "pub fn new(", "pub fn made_by_hand(");
    let before = checkout.snapshot();
    let (diff, complaint) = checkout.fails(&["codegen", "--check"]);
    assert!(
        diff.contains(&format!("--- a/{CLIENT}\n+++ b/{CLIENT}\n")),
        "{diff}"
    );
    assert!(
        diff.contains("\n-    pub fn made_by_hand(") && diff.contains("\n+    pub fn new("),
        "{diff}"
    );
    assert!(complaint.contains("cargo xtask codegen"), "{complaint}");
    assert!(checkout.snapshot() == before, "--check writes nothing");
    assert_eq!(checkout.ok(&["codegen"]), format!("{CLIENT}\n"));
    assert_eq!(checkout.read(CLIENT), good);
}

#[test]
fn drift_of_every_input_is_found() {
    // A file, a text in it, and another one; lines without a gap are one run. Nothing is
    // made of the files of the last one, so it can find all of them.
    let runs = r#"openapi/v2/heygen.json|Unique identifier of the avatar."|Its id."

openapi/v2/overlay.yaml|x-schema-name: AvatarDetails|x-schema-name: AvatarSheet

openapi/v2/names.json|"AvatarDetails"|"AvatarSheet"

openapi/v2/lowered.json|"3.0.3"|"3.0.2"
crates/heygen-mock/src/generated/v2/avatar.rs|avatar_not_found|gone
crates/heygen-cli/src/generated/v2/avatar.rs|avatar_id|id
crates/heygen-cli/tests/generated/commands.rs|video_id|id
docs/command-line.md|heygen video get|heygen video
docs/migrating-from-v2.md|2026-10-31|never
crates/heygen-api-gen/Cargo.toml|default = ["v2", "v3"]|default = []"#;
    for run in runs.split("\n\n") {
        let checkout = Checkout::new();
        let edits = run.lines().map(|line| line.split('|').collect::<Vec<_>>());
        let edits: Vec<_> = edits.collect();
        for edit in &edits {
            checkout.edit(edit[0], edit[1], edit[2]);
        }
        let (diff, _) = checkout.fails(&["codegen", "--check"]);
        assert!(!diff.is_empty(), "{run}");
        for edit in edits.iter().filter(|_| edits.len() > 1) {
            assert!(diff.contains(&format!("--- a/{}", edit[0])), "{edit:?}");
        }
        checkout.ok(&["codegen"]);
        checkout.ok(&["codegen", "--check"]);
    }
    // Files of another version of the generator, whose own is that of the lock
    // file that the program was built with.
    let checkout = Checkout::new();
    checkout.edit(CLIENT, "with progenitor ", "with progenitor 9");
    let (diff, _) = checkout.fails(&["codegen", "--check"]);
    assert!(
        diff.contains(
            "-// @generated by `cargo xtask codegen` from openapi/v2/lowered.json with progenitor 9"
        ),
        "{diff}"
    );
}

#[test]
fn a_missing_and_a_left_over_file_are_found() {
    let checkout = Checkout::new();
    fs::remove_file(checkout.path(CLIENT)).unwrap();
    let left_over = "crates/heygen-api-gen/src/v1/client/mod.rs";
    checkout.write(
        left_over,
        "// @generated by `cargo xtask codegen` from nothing\n",
    );
    let (diff, _) = checkout.fails(&["codegen", "--check"]);
    assert!(
        diff.contains(&format!("--- /dev/null\n+++ b/{CLIENT}\n")),
        "{diff}"
    );
    assert!(
        diff.contains(&format!("--- a/{left_over}\n+++ /dev/null\n")),
        "{diff}"
    );
    checkout.ok(&["codegen"]);
    assert!(!checkout.path("crates/heygen-api-gen/src/v1").exists());
    checkout.ok(&["codegen", "--check"]);
}

#[test]
fn the_made_up_pages_give_the_checked_in_document() {
    let fixture = root().join("tests/fixture-api/openapi/v9");
    let checkout = Checkout::new();
    copy(&fixture.join("pages"), &checkout.path("in"));
    let pages = [
        "create-video",
        "get-video",
        "upload-asset",
        "delete-video",
        "create-folder",
        "list-voices",
    ]
    .map(|page| format!("in/{page}.md"));
    let mut arguments = vec!["spec", "import", "--into", "v9"];
    arguments.extend(pages.iter().map(String::as_str));
    checkout.ok(&arguments);
    assert!(
        checkout.read("openapi/v9/heygen.json")
            == fs::read_to_string(fixture.join("heygen.json")).unwrap()
    );
}

const NEW_PAGE: &str = r#"# List voices

# OpenAPI definition

```json
{
  "openapi": "3.1.0",
  "info": {"title": "heygen-api", "version": "4.0.8"},
  "servers": [{"url": "https://api.heygen.com"}],
  "components": {"securitySchemes": {"sec0": {"type": "apiKey", "name": "x-api-key", "in": "header", "x-default": "<your-api-key>"}}},
  "security": [{"sec0": []}],
  "paths": {"/v2/widgets/{widget_id}/parts": {"get": {
    "summary": "List the parts",
    "description": "",
    "operationId": "list-widget-parts",
    "parameters": [{"name": "{widget_id}", "in": "path", "schema": {"type": "string"}, "required": true},
                   {"name": "full", "in": "query", "schema": {"type": "boolean", "default": "false"}}],
    "responses": {"200": {"description": "200", "content": {"application/json": {
      "examples": {"Result": {"value": "{}"}},
      "schema": {"type": "object", "properties": {
        "error": {"type": "string"},
        "data": {"type": "object", "properties": {
          "parts": {"type": "array", "items": {"type": "object", "properties": {
            "id": {"type": "string"}, "kind": {"type": "string", "enum": ["wheel", "axle"]}}}}}}}}}}}},
    "deprecated": false
  }}}
}
```
"#;

#[test]
fn a_new_page_becomes_a_new_method() {
    let checkout = Checkout::new();
    let before = checkout.read("openapi/v2/names.json");
    checkout.write("list-widget-parts.md", NEW_PAGE);
    checkout.ok(&["spec", "import", "list-widget-parts.md", "--into", "v2"]);
    checkout.ok(&["codegen"]);
    let client = checkout.read("crates/heygen-api-gen/src/v2/client/widgets.rs");
    assert!(client.contains("pub async fn list_widget_parts"));
    for parameter in ["widget_id: &'a str,", "full: Option<bool>,"] {
        assert!(client.contains(parameter), "{parameter}: {client}");
    }
    let resource = checkout.read("crates/heygen-api-gen/src/v2/resources/widgets.rs");
    let coverage = checkout.read("crates/heygen-api-gen/src/v2/coverage.rs");
    assert!(
        resource.contains("pub struct GetWidgetParts")
            && coverage.contains("widgets().parts().get")
    );
    let types = checkout.read("crates/heygen-api-gen/src/v2/types/widgets.rs");
    for name in [
        "struct ListWidgetPartsResponse",
        "struct ListWidgetPartsDataPart ",
        "enum PartKind ",
    ] {
        assert!(types.contains(name), "{name}: {types}");
    }
    let table = checkout.read("crates/heygen-cli/src/generated/mod.rs");
    let command = r#""heygen v2 other parts get widget_id""#;
    assert!(table.contains("v2::other::LIST_WIDGET_PARTS"), "{table}");
    assert!(
        checkout
            .read("crates/heygen-cli/src/generated/v2/other.rs")
            .contains(command)
    );
    // What had a name keeps it.
    let names = checkout.read("openapi/v2/names.json");
    for line in before.lines().filter(|line| line.contains(':')) {
        assert!(
            names.contains(line.trim_end_matches(',')),
            "{line}: {names}"
        );
    }
    checkout.ok(&["codegen", "--check"]);
}

#[test]
fn a_new_folder_becomes_a_new_module_and_goes_with_it() {
    let checkout = Checkout::new();
    let before = checkout.snapshot();
    checkout.write("p.md", NEW_PAGE);
    checkout.ok(&["spec", "import", "p.md", "--into", "beta"]);
    fs::remove_file(checkout.path("p.md")).unwrap();
    checkout.ok(&["codegen"]);
    assert!(
        checkout
            .read("crates/heygen-api-gen/src/modules.rs")
            .contains("pub mod beta;")
    );
    assert!(
        checkout
            .read("crates/heygen-api-gen/src/beta/client/widgets.rs")
            .contains("list_widget_parts")
    );
    let manifest = checkout.read("crates/heygen-api-gen/Cargo.toml");
    assert!(
        manifest.contains("default = [\"beta\", \"v2\", \"v3\"]")
            && manifest.contains("\nbeta = []"),
        "{manifest}"
    );
    assert!(
        checkout
            .read("crates/heygen-mock/src/generated/mod.rs")
            .contains("beta::TABLE")
    );
    let facade = checkout.read("crates/heygen/Cargo.toml");
    assert!(
        facade.contains("\"v2\"") && facade.contains("beta = [\"heygen-api-gen/beta\"]"),
        "{facade}"
    );
    let versions = checkout.read("crates/heygen/src/versions.rs");
    assert!(
        versions.contains("pub fn beta(&self) -> beta::Beta<'_>"),
        "{versions}"
    );

    fs::remove_dir_all(checkout.path("openapi/beta")).unwrap();
    checkout.ok(&["codegen"]);
    assert!(checkout.snapshot() == before);
}

#[test]
fn what_is_wrong_is_named_and_nothing_is_written() {
    for (file, content, said) in [
        (
            "openapi/v2/heygen.json",
            "{\"openapi\": ",
            &["openapi/v2/heygen.json", "not readable as JSON"][..],
        ),
        (
            "openapi/v2/heygen.json",
            "{\"openapi\": \"3.1.0\", \"openapi\": \"3.1.0\"}",
            &["heygen.json", "\"openapi\"", "twice"],
        ),
        (
            "openapi/v2/heygen.json",
            "{\"swagger\": \"2.0\"}",
            &["openapi/v2/"],
        ),
        (
            "openapi/v2/overlay.yaml",
            "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.paths['/no/such']\n    update: {a: 1}\n",
            &["openapi/v2/overlay.yaml", "/no/such"],
        ),
        (
            "openapi/v2/names.json",
            "{\"a\": \"no type name\"}",
            &["openapi/v2/names.json", "/a"],
        ),
        (
            "openapi/v2/names.json",
            "{\"methods\": {\"GET /v2/avatar/{avatar_id}/details\": 1}}",
            &["openapi/v2/names.json", "/methods"],
        ),
        (
            "openapi/Not A Module/heygen.json",
            "{}",
            &["openapi/Not A Module", "rename it"],
        ),
        (
            "openapi/empty/pages/x.md",
            "",
            &["openapi/empty/heygen.json", "import"],
        ),
    ] {
        let checkout = Checkout::new();
        checkout.write(file, content);
        let before = checkout.snapshot();
        let (_, complaint) = checkout.fails(&["codegen"]);
        for word in said {
            assert!(complaint.contains(word), "{file}: {complaint}");
        }
        assert!(!complaint.contains("panicked"), "{complaint}");
        assert!(checkout.snapshot() == before, "{file}");
    }
}

#[test]
fn what_other_programs_leave_about_is_no_harm() {
    let checkout = Checkout::new();
    checkout.write("openapi/.idea/x", "");
    checkout.write("openapi/v2/notes.txt", "mine");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../..", checkout.path("crates/heygen-api-gen/src/round")).unwrap();
    checkout.ok(&["codegen", "--check"]);
    // A generated file that is no text any more is made anew.
    let client = checkout.read(CLIENT);
    fs::write(checkout.path(CLIENT), b"\xff\xfe").unwrap();
    checkout.fails(&["codegen", "--check"]);
    assert_eq!(checkout.ok(&["codegen"]), format!("{CLIENT}\n"));
    assert_eq!(checkout.read(CLIENT), client);
    checkout.write("crates/heygen-api-gen/Cargo.toml", "[[[");
    let (_, error) = checkout.fails(&["codegen"]);
    assert!(error.contains("Cargo.toml: is no TOML: "), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn names_of_operations_are_kept_and_clashes_are_refused() {
    let checkout = Checkout::new();
    let hints = "      x-resource: [avatars]\n      x-method: details\n";
    let resource = "crates/heygen-api-gen/src/v2/resources/avatars.rs";
    let before = checkout.read(resource);
    checkout.edit("openapi/v2/overlay.yaml", hints, "");
    checkout.ok(&["codegen"]);
    assert_eq!(checkout.read(resource), before);
    checkout.edit(
        "openapi/v2/overlay.yaml",
        "      x-example: true\n",
        "      x-method: clone\n",
    );
    let before = checkout.snapshot();
    let (_, complaint) = checkout.fails(&["codegen"]);
    for word in [
        "openapi/v2/heygen.json: at /paths/~1v2~1avatar~1{avatar_id}~1details/get: ",
        "`clone`",
        "`x-method`",
    ] {
        assert!(complaint.contains(word), "{complaint}");
    }
    assert!(checkout.snapshot() == before);
}
