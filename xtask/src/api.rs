//! `cargo xtask api`: the public items of a crate, a line each, from the JSON of
//! rustdoc. Two lists are compared with `diff`: a line that is gone or has changed
//! breaks users, a new one does not.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use openapi_prep::Error;
use serde_json::Value;

/// Which crate.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The package, for example heygen. Its own items are listed, not those of other
    /// crates that it re-exports.
    package: String,
}

pub(crate) fn run(args: &Args) -> Result<(), Error> {
    let document = document(&args.package)?;
    let name = args.package.replace('-', "_");
    let mut list = List {
        index: &document["index"],
        lines: BTreeSet::new(),
        open: Vec::new(),
    };
    list.item(&document["root"], &name);
    let lines: Vec<String> = list.lines.into_iter().collect();
    crate::output::say(&(lines.join("\n") + "\n"))
}

/// The JSON of rustdoc. It is not stable, so a wrapper of rustdoc, and only of it, lifts
/// the ban: in the environment of cargo the switch would compile everything again.
fn document(package: &str) -> Result<Value, Error> {
    let root = crate::workspace::root()?;
    let wrapper = root.join(".ci/rustdoc-json");
    let status = Command::new("cargo")
        .current_dir(&root)
        .env("RUSTDOC", wrapper)
        .args(["rustdoc", "--quiet", "--locked", "--lib", "--all-features"])
        .args(["--package", package, "--"])
        .args([
            "-Zunstable-options",
            "--output-format",
            "json",
            "--cap-lints",
            "allow",
        ])
        .status()
        .map_err(|error| Error::new(format!("cargo cannot be started: {error}")))?;
    if !status.success() {
        return Err(Error::new(format!("rustdoc failed for {package}")));
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), Into::into);
    let file = format!("doc/{}.json", package.replace('-', "_"));
    let path: &Path = &target.join(file);
    let refuse =
        |error: &dyn std::fmt::Display| Error::new(error.to_string()).in_file(path.display());
    let text = std::fs::read(path).map_err(|error| refuse(&error))?;
    serde_json::from_slice(&text).map_err(|error| refuse(&error))
}

struct List<'a> {
    index: &'a Value,
    lines: BTreeSet<String>,
    /// The modules around the item: they may re-export each other.
    open: Vec<String>,
}

impl List<'_> {
    /// Lists an item under its path, and what is in it.
    fn item(&mut self, id: &Value, path: &str) {
        let index = self.index;
        let key = id.to_string();
        let Some((kind, inner)) = index[&key]["inner"]
            .as_object()
            .and_then(|all| all.iter().next())
        else {
            return;
        };
        if self.open.contains(&key) {
            return;
        }
        self.open.push(key.clone());
        let attributes = self.index[&key]["attrs"].to_string();
        let mark = if attributes.contains("non_exhaustive") {
            "non_exhaustive "
        } else {
            ""
        };
        let shown = match kind.as_str() {
            "struct" | "enum" | "trait" | "union" => inner["generics"].clone(),
            "module" => Value::Null,
            _ => inner.clone(),
        };
        self.lines
            .insert(format!("{path}: {mark}{kind} {}", signature(shown)));
        let fields = [&inner["kind"]["plain"]["fields"], &inner["kind"]["tuple"]];
        let variant = &inner["kind"]["struct"]["fields"];
        let lists = [&inner["items"], &inner["variants"], variant];
        for child in lists
            .into_iter()
            .chain(fields)
            .filter_map(Value::as_array)
            .flatten()
        {
            self.child(child, path);
        }
        for child in inner["impls"].as_array().into_iter().flatten() {
            self.implementation(child, path);
        }
        self.open.pop();
    }

    /// Lists what is public, or is as public as what it is in.
    fn child(&mut self, id: &Value, path: &str) {
        let item = &self.index[id.to_string()];
        if !matches!(item["visibility"].as_str(), Some("public" | "default")) {
            return;
        }
        let used = &item["inner"]["use"];
        let Some(source) = used["source"].as_str() else {
            let name = item["name"].as_str().unwrap_or_default();
            return self.item(id, &format!("{path}::{name}"));
        };
        let name = used["name"].as_str().unwrap_or_default();
        let is_here = !self.index[used["id"].to_string()].is_null();
        match (is_here, used["is_glob"] == true) {
            (true, false) => self.item(&used["id"], &format!("{path}::{name}")),
            (true, true) => self.item(&used["id"], path),
            (false, _) => {
                self.lines.insert(format!("{path}::{name}: use {source}"));
            }
        }
    }

    /// Lists the methods of a type, and the traits that it has.
    fn implementation(&mut self, id: &Value, path: &str) {
        let item = &self.index[id.to_string()]["inner"]["impl"];
        // Those are given by the compiler or by other crates for every type.
        if item.is_null() || !item["blanket_impl"].is_null() {
            return;
        }
        if item["trait"].is_null() {
            for method in item["items"].as_array().into_iter().flatten() {
                self.child(method, path);
            }
            return;
        }
        let shown = [&item["trait"], &item["generics"], &item["is_negative"]];
        let shown: Vec<Value> = shown.into_iter().cloned().collect();
        self.lines
            .insert(format!("{path}: impl {}", signature(shown.into())));
    }
}

/// The JSON of an item without what differs from run to run, or is not its signature.
fn signature(mut value: Value) -> String {
    strip(&mut value);
    value.to_string()
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in [
                "id",
                "items",
                "impls",
                "implementations",
                "fields",
                "has_body",
            ] {
                fields.shift_remove(name);
            }
            fields.retain(|_, value| {
                let empty = value.as_array().is_some_and(Vec::is_empty);
                !empty && !value.is_null() && *value != Value::Bool(false)
            });
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
