//! The example of openapi-prep's README, word for word: a crate whose build
//! script prepares a document of OpenAPI 3.1 and hands it to progenitor.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path, process::Command};

const README: &str = include_str!("../../crates/openapi-prep/README.md");

/// What progenitor refuses: 3.1, null in a list of types, a path parameter that
/// is not required and has braces in its name; and what 3.0 cannot say.
const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Weather, version: "1"}
paths:
  /now/{place}:
    parameters:
      - {name: "{place}", in: path, schema: {type: string}}
    get:
      operationId: weatherNow
      responses:
        "200":
          description: The weather.
          content:
            application/json:
              schema:
                type: object
                required: [wind]
                properties:
                  wind: {type: [number, "null"]}
                  sky: {$ref: "#/components/schemas/Sky", description: What is seen.}
components:
  schemas:
    Sky:
      type: object
      properties: {colour: {const: blue}}
      patternProperties: {"^x": {type: string}}
"##;

const PROGRAM: &str = r##"
use example::{Client, types::WeatherNowResponse};

fn main() {
    let client = Client::new("http://127.0.0.1:9");
    drop(client.weather_now("Oslo"));
    let text = r#"{"wind": null, "sky": {"colour": "blue", "new": 1}}"#;
    let read: WeatherNowResponse = serde_json::from_str(text).unwrap();
    println!("{:?} {:?}", read.wind, read.sky.unwrap().colour);
}
"##;

/// The block of code that follows a text of the README.
fn block_after(text: &str) -> &'static str {
    let (_, rest) = README.split_once(text).unwrap();
    let (_, rest) = rest.split_once("```").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("```").unwrap().0
}

fn put(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if fs::read_to_string(path).ok().as_deref() != Some(content) {
        fs::write(path, content).unwrap();
    }
}

#[test]
fn the_readme_s_build_script_makes_a_client_of_a_31_document() {
    // Stays between runs, and shares what the other generated crates need.
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = temporary.join("build-script");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = format!(
        "[package]\nname = \"example\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         {}\n[patch.crates-io]\nopenapi-prep = {{ path = {:?} }}\n",
        block_after("## In a build script"),
        root.join("crates/openapi-prep").canonicalize().unwrap(),
    );
    put(&folder.join("Cargo.toml"), &manifest);
    put(&folder.join("build.rs"), block_after("`build.rs`"));
    put(&folder.join("src/lib.rs"), block_after("`src/lib.rs`"));
    put(&folder.join("src/main.rs"), PROGRAM);
    put(&folder.join("api.yaml"), DOCUMENT);
    // The versions that this workspace has, so that nothing else is loaded.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env(
            "CARGO_TARGET_DIR",
            temporary.join("documents-to-crates/target"),
        )
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TERM_COLOR", "never")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "None Some(\"blue\")\n"
    );
    let loss = "api.yaml, /components/schemas/Sky/patternProperties: `patternProperties` dropped: 1 pattern";
    assert!(said.contains(loss), "the build tells of losses: {said}");
}
