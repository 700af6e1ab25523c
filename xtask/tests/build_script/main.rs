//! The example of openapi-prep's README, word for word: a crate whose build
//! script prepares a document of OpenAPI 3.1 and hands it to progenitor.
//!
//! By default the script runs as a part of this test, whose dependencies are
//! compiled anyway. As a crate of its own, with the build dependencies of the
//! README, it takes `cargo test -p xtask --test build_script -- --ignored`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// The script, which has a `main` of its own.
mod build {
    include!("build.rs");

    pub(super) fn run() {
        main().unwrap();
    }
}
#[path = "../common/crates.rs"]
mod crates;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crates::put;

const README: &str = include_str!("../../../crates/openapi-prep/README.md");

/// What progenitor refuses: 3.1, null in a list of types, a path parameter that
/// is not required and has braces in its name; names that clash in Rust; and what
/// 3.0 cannot say.
const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Weather, version: "1"}
paths:
  /now/{place}:
    parameters:
      - {name: "{place}", in: path, schema: {type: string}}
    get:
      operationId: weatherNow
      parameters:
        - {name: new, in: query, schema: {type: string}}
        - {name: Client, in: header, schema: {type: string}}
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
      properties: {colour: {const: blue}, Colour: {type: string}}
      patternProperties: {"^x": {type: string}}
"##;

const PROGRAM: &str = r##"
use example::{Client, Key, types::WeatherNowResponse};

fn main() {
    let client = Client::new("http://127.0.0.1:9", Key("secret".into()));
    assert!(!format!("{client:?}").contains("secret"));
    drop(client.weather_now("Oslo", None, None));
    let text = r#"{"wind": null, "sky": {"colour": "blue", "Colour": "red", "new": 1}}"#;
    let read: WeatherNowResponse = serde_json::from_str(text).unwrap();
    let sky = read.sky.unwrap();
    println!("{:?} {:?} {:?}", read.wind, sky.colour, sky.colour_2);
}
"##;

/// The block of code that follows a text of the README.
fn block_after(text: &str) -> &'static str {
    let (_, rest) = README.split_once(text).unwrap();
    let (_, rest) = rest.split_once("```").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("```").unwrap().0
}

/// Set where the test runs itself for the build script.
const CHILD: &str = "README_BUILD_SCRIPT";

/// The crate of the README, in a folder of this name.
fn example(name: &str, manifest: &str) -> PathBuf {
    let folder = crates::temporary().join(name);
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n{manifest}"
    );
    put(&folder.join("Cargo.toml"), &manifest);
    put(&folder.join("src/lib.rs"), block_after("`src/lib.rs`"));
    let program = PROGRAM.replace("example::", &format!("{}::", name.replace('-', "_")));
    put(&folder.join("src/main.rs"), &program);
    put(&folder.join("api.yaml"), DOCUMENT);
    folder
}

/// The program decodes a response; the script printed what was lost.
fn check(ran: &Output, script: &str) {
    let printed = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{printed}");
    assert_eq!(
        String::from_utf8_lossy(&ran.stdout),
        "None Some(\"blue\") Some(\"red\")\n"
    );
    let loss = "api.yaml, /components/schemas/Sky/patternProperties: `patternProperties` dropped: 1 pattern";
    assert!(script.contains(loss), "{script}");
}

#[test]
fn the_readme_s_build_script_generates_a_client_of_a_31_document() {
    if env::var_os(CHILD).is_some() {
        return build::run();
    }
    assert_eq!(include_str!("build.rs"), block_after("`build.rs`"));
    let dependencies = block_after("## In a build script");
    let (dependencies, _) = dependencies.split_once("[build-dependencies]").unwrap();
    let folder = example("readme", dependencies);
    let out = folder.join("out");
    fs::create_dir_all(&out).unwrap();
    let script = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("the_readme_s_build_script_generates_a_client_of_a_31_document")
        .env(CHILD, "1")
        .env("OUT_DIR", &out)
        .current_dir(&folder)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&script.stdout);
    assert!(script.status.success(), "{printed}");
    let code = fs::read_to_string(out.join("api.rs")).unwrap();
    for sent in [
        "QueryParam :: new (\"new\" , & new_param)",
        "header_map . append (\"Client\" ,",
    ] {
        assert!(code.contains(sent), "{sent}");
    }
    let mut cargo = crates::command(&folder, &["run"]);
    check(&cargo.env("OUT_DIR", &out).output().unwrap(), &printed);
}

#[test]
#[ignore = "compiles progenitor once more, for a build script; takes 60 s"]
fn the_readme_s_build_script_works_with_its_build_dependencies() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = format!(
        "{}\n[patch.crates-io]\nopenapi-prep = {{ path = {:?} }}\n",
        block_after("## In a build script"),
        root.join("crates/openapi-prep").canonicalize().unwrap(),
    );
    let folder = example("readme-with-script", &manifest);
    put(&folder.join("build.rs"), block_after("`build.rs`"));
    let ran = crates::command(&folder, &["run"]).output().unwrap();
    check(&ran, &String::from_utf8_lossy(&ran.stderr));
}
