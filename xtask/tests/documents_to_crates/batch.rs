//! The documents, the crates that are made of them, and one program over all
//! of those crates.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::Value;

use super::{crates, examples::Example};

/// A folder of other documents to hold to the same promises, for whoever
/// wants to know how theirs fare.
const OTHERS: &str = "TEST_DOCUMENTS";

/// Whether other documents than ours are looked at.
pub(crate) fn are_others() -> bool {
    env::var_os(OTHERS).is_some()
}

fn folder() -> PathBuf {
    match env::var_os(OTHERS) {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents"),
    }
}

/// Reads text as a JSON value.
fn parse(text: &str) -> Result<Value, openapi_prep::Error> {
    openapi_prep::Document::parse(text).map(openapi_prep::Document::into_value)
}

/// The documents, by the names of their files.
pub(crate) fn documents() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: Vec<_> = fs::read_dir(folder())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    })
}

/// Where a document is.
pub(crate) fn document_path(name: &str) -> PathBuf {
    folder().join(name)
}

/// The name a document's crate goes by.
fn alias(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    stem.chars().map(plain).collect()
}

/// A document, read once.
pub(crate) fn document(name: &str) -> Value {
    static READ: OnceLock<BTreeMap<&str, Value>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        documents()
            .iter()
            .map(|name| {
                let text = fs::read_to_string(document_path(name)).unwrap();
                (name.as_str(), parse(&text).unwrap())
            })
            .collect()
    });
    read[name].clone()
}

/// The crates made of all documents.
pub(crate) struct Batch {
    folder: PathBuf,
    crates: BTreeMap<&'static str, Crate>,
}

/// What was made of one document.
pub(crate) struct Crate {
    folder: PathBuf,
}

impl Crate {
    fn read(&self, name: &str) -> String {
        let path = self.folder.join(name);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// The document as the generator read it.
    pub(crate) fn lowered(&self) -> Value {
        self.json("lowered.json")
    }

    /// A document without the properties that the report says were left out.
    pub(crate) fn without_losses(&self, mut document: Value) -> Value {
        let report = self.json("report.json");
        for entry in report.as_array().unwrap() {
            let pointer = entry["pointer"].as_str().unwrap();
            if entry["rule"] == "wire-names"
                && let Some((holder, name)) = pointer.rsplit_once('/')
                && holder.ends_with("/properties")
                && let Some(Value::Object(properties)) = document.pointer_mut(holder)
            {
                properties.remove(&name.replace("~1", "/").replace("~0", "~"));
            }
        }
        document
    }

    /// The name that each place got.
    pub(crate) fn names(&self) -> Value {
        self.json("names.json")
    }

    /// The generated types.
    pub(crate) fn types(&self) -> syn::File {
        syn::parse_file(&self.read("src/types.rs")).unwrap()
    }

    fn package(&self) -> String {
        let manifest = self.read("Cargo.toml");
        let name = manifest.lines().find_map(|l| l.strip_prefix("name = \""));
        name.unwrap().trim_end_matches('"').to_owned()
    }
}

impl Batch {
    /// Runs `cargo xtask codegen --document` for every document, once for all
    /// tests.
    pub(crate) fn generated() -> &'static Self {
        static BATCH: OnceLock<Batch> = OnceLock::new();
        BATCH.get_or_init(|| {
            let name = if are_others() { "others" } else { "documents" };
            let folder = crates::temporary().join(format!("{name}-to-crates"));
            let crates = documents()
                .iter()
                .map(|name| {
                    let folder = folder.join(alias(name));
                    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
                        .args(["codegen", "--document"])
                        .arg(document_path(name))
                        .arg("--out")
                        .arg(&folder)
                        .current_dir(env!("CARGO_MANIFEST_DIR"))
                        .output()
                        .unwrap();
                    let said = String::from_utf8_lossy(&output.stderr).into_owned();
                    assert!(output.status.success(), "{name}: {said}");
                    (name.as_str(), Crate { folder })
                })
                .collect();
            Self { folder, crates }
        })
    }

    /// The crates by the names of their documents.
    pub(crate) fn crates(&self) -> impl Iterator<Item = (&'static str, &Crate)> {
        self.crates.iter().map(|(name, made)| (*name, made))
    }

    /// Compiles the crates of these documents into one program that decodes
    /// and encodes each example as its type; gives what came of each.
    pub(crate) fn decode_and_encode(
        &self,
        names: &[&str],
        examples: &[(&str, Example)],
    ) -> Vec<Result<Value, String>> {
        // A program for each set of documents, so that none replaces another.
        let program_name = format!("roundtrip-{}", names.len());
        let mut manifest = format!(
            "[package]\nname = \"{program_name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nserde = \"1\"\nserde_json = \"1\"\n",
        );
        for name in names {
            let (alias, made) = (alias(name), &self.crates[name]);
            writeln!(
                manifest,
                "{alias} = {{ path = \"../{alias}\", package = \"{}\", default-features = false }}",
                made.package()
            )
            .unwrap();
        }
        let mut program = String::from(
            "//! Decodes and encodes values, each as its type.\n\n\
             use serde_json::Value;\n\n\
             fn again<T: serde::Serialize + serde::de::DeserializeOwned>(value: Value) -> Result<String, String> {\n\
             \x20   let value: T = serde_json::from_str(&value.to_string()).map_err(|e| e.to_string())?;\n\
             \x20   serde_json::to_string(&value).map_err(|e| e.to_string())\n}\n\n\
             const TYPES: &[fn(Value) -> Result<String, String>] = &[\n",
        );
        for (name, example) in examples {
            let alias = alias(name);
            let rust = example
                .rust_type
                .replace("types::", &format!("{alias}::types::"));
            writeln!(program, "    again::<{rust}>,").unwrap();
        }
        program.push_str(
            "];\n\nfn main() {\n    let values: Vec<Value> = serde_json::from_reader(std::io::stdin()).unwrap();\n\
             \x20   let done: Vec<Result<String, String>> = TYPES.iter().zip(values).map(|(again, value)| again(value)).collect();\n\
             \x20   serde_json::to_writer(std::io::stdout(), &done).unwrap();\n}\n",
        );
        let folder = self.folder.join(&program_name);
        crates::put(&folder.join("Cargo.toml"), &manifest);
        crates::put(&folder.join("src/main.rs"), &program);
        crates::cargo(&folder, &["build"], &[]);

        let values: Vec<_> = examples.iter().map(|(_, example)| &example.value).collect();
        let output = assert_cmd::Command::new(crates::target().join("debug").join(program_name))
            .write_stdin(serde_json::to_string(&values).unwrap())
            .output()
            .unwrap();
        assert!(output.status.success());
        let texts: Vec<Result<String, String>> = serde_json::from_slice(&output.stdout).unwrap();
        // Ours refuses an object that says the same twice.
        let parse = |text: String| {
            let inside = format!("[{text}]");
            let read = parse(&inside).map_err(|e| e.to_string())?;
            Ok(read[0].clone())
        };
        texts.into_iter().map(|text| text.and_then(parse)).collect()
    }

    /// Documents one crate; every warning is an error.
    pub(crate) fn document(&self, name: &str) {
        crates::cargo(
            &self.crates[name].folder,
            &["doc", "--no-deps", "--no-default-features"],
            &[("RUSTDOCFLAGS", "-D warnings")],
        );
    }
}
