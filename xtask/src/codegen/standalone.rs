//! `cargo xtask codegen --document`: generates a stand-alone crate from any
//! document, with its own workspace and progenitor's default hooks. Of this
//! workspace it has only the deserialisers of responses and types of parameters.

use std::{fs, io::ErrorKind, path::Path};

use openapi_prep::{Document, Error, Names, Report, count, overlay, prepare};
use quote::quote;
use serde_json::Value;

use super::{
    files::{self, Tree, io},
    guard, post, report, rescue, split,
};
use crate::{
    output::say,
    read::{self, Limit},
};

macro_rules! de {
    ($file:literal) => {
        (
            $file,
            include_str!(concat!("../../../crates/heygen-core/src/de/", $file)),
        )
    };
}

/// Deserialisers of models: files of the core, copied into the crate.
const DE: &[(&str, &str)] = &[
    de!("mod.rs"),
    de!("object.rs"),
    de!("open_enum.rs"),
    de!("position.rs"),
    de!("union.rs"),
];

/// Types of parameters that are sent as one string: a file of the core, too.
const PARAMETER: &str = include_str!("../../../crates/heygen-core/src/parameter.rs");

/// Dependencies of the crate, in the versions that its code was generated for.
const DEPENDENCIES: &str = r#"
[dependencies]
bytes = "1"
futures-core = "0.3"
memchr = "2"
progenitor-client = "PROGENITOR"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream"] }
schemars = { version = "1", optional = true }
serde = { version = "1", features = ["derive"] }
serde_json = "1"

[features]
schemars = ["dep:schemars"]
"#;

/// The ledger of names, in the folder of the crate.
const LEDGER: &str = "names.json";

/// Writes the crate. Names in its ledger are kept.
pub(super) fn run(
    from: &Path,
    corrections: Option<&Path>,
    limit: Limit,
    out: &Path,
    generator: &str,
) -> Result<(), Error> {
    let name = from.display().to_string();
    let mut report = Report::new();
    let mut corrected = read::document(from, limit)?;
    if let Some(path) = corrections {
        (corrected, report) = overlay(corrected, &read::document(path, limit)?, true)
            .map_err(|e| e.in_file(path.display()))?;
    }
    let mut names = ledger(&out.join(LEDGER))?;
    let prepared = prepare(corrected, &mut names).map_err(|e| e.in_file(&name))?;
    report.append(prepared.report);
    let (code, lowered, losses) =
        rescue::generate(prepared.document.into_value(), &guard::generate)
            .map_err(|e| e.in_file(&name))?;

    let mut tree = Tree::new(out);
    let stamp = files::stamp(&name, generator);
    for (file, code) in crate_files(code, &lowered).map_err(|e| e.in_file(&name))? {
        tree.put(file, files::print(&stamp, &code)?);
    }
    let of_core = DE
        .iter()
        .map(|(file, text)| (format!("src/de/{file}"), *text));
    for (file, text) in of_core.chain([("src/parameter.rs".to_owned(), PARAMETER)]) {
        // Without their tests, which stay in the core.
        let code = text.split("\n#[cfg(test)]").next().unwrap_or(text);
        tree.put(file, code.trim_end().to_owned() + "\n");
    }
    tree.put("Cargo.toml".into(), manifest(&lowered, out, generator));
    let lost = count(report.losses().count() + losses.len(), "loss");
    let report = report::told(&report, &prepared.findings, &losses)?;
    tree.put("lowered.json".into(), files::json(&lowered)?);
    tree.put(LEDGER.into(), files::json(&names.to_json())?);
    tree.put("report.json".into(), files::json(&report)?);
    tree.write()?;

    say(&format!(
        "wrote {}: {lost}, see report.json\n",
        out.display()
    ))?;
    for loss in &losses {
        say(&format!("{}: {}\n", loss.pointer, loss.note))?;
    }
    Ok(())
}

/// The names that an earlier run has assigned, which are kept.
fn ledger(path: &Path) -> Result<Names, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Document::parse(&text)
            .and_then(|ledger| Names::from_json(ledger.as_value()))
            .map_err(|e| e.in_file(path.display())),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Names::new()),
        Err(e) => Err(io(path, "read the file", &e)),
    }
}

/// The sources of the crate, by kind of item.
fn crate_files(code: syn::File, lowered: &Value) -> Result<Vec<(String, syn::File)>, Error> {
    let facts = post::facts::Facts::read(lowered);
    let mut parts = split::Parts::of(code);
    post::explicit_null::in_builders(&mut parts.type_builders, &parts.types, &facts)?;
    let mut types = post::types::shape(parts.types, &facts, &quote!(crate))?;
    if !parts.type_builders.is_empty() {
        types.insert(
            0,
            syn::parse_quote!(
                pub mod builder;
            ),
        );
    }
    let about = format!(
        " {}, version {}, as its OpenAPI document describes it.",
        facts.title, facts.version
    );
    let client = parts.client;
    let root = quote! {
        #![doc = #about]
        #![allow(clippy::all, clippy::pedantic, missing_docs, unused_imports, irrefutable_let_patterns)]
        #![allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]

        pub mod builder;
        #[allow(dead_code, unused_imports, unused_macros)]
        mod de;
        pub mod parameter;
        pub mod types;

        // The name by which generated code refers to the types of parameters.
        extern crate self as openapi_params;
        pub use parameter::{CommaSeparated, Json, PipeSeparated, SpaceSeparated};

        #(#client)*
    };
    let root = syn::parse2(root)
        .map_err(|e| Error::new(format!("the crate's root is not valid Rust: {e}")))?;
    let mut files = vec![
        ("src/lib.rs".to_owned(), root),
        ("src/types.rs".to_owned(), split::file(types)),
        ("src/builder.rs".to_owned(), split::file(parts.builders)),
    ];
    if !parts.type_builders.is_empty() {
        files.push((
            "src/types/builder.rs".to_owned(),
            split::file(parts.type_builders),
        ));
    }
    for (_, file) in &mut files {
        post::docs::tidy(file);
    }
    Ok(files)
}

fn manifest(lowered: &Value, out: &Path, generator: &str) -> String {
    let folder = out
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let plain = |text: &str| {
        let text: String = text
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        text.split('-')
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join("-")
    };
    let title = plain(lowered["info"]["title"].as_str().unwrap_or_default());
    let mut name = if title.is_empty() {
        plain(&folder)
    } else {
        title
    };
    if !name.starts_with(|c: char| c.is_ascii_alphabetic())
        || name == "std"
        || name == "core"
        || name == "test"
    {
        name = format!("api-{name}");
    }
    let name = name
        .trim_end_matches('-')
        .chars()
        .take(60)
        .collect::<String>();
    let version = generator.rsplit(' ').next().unwrap_or_default();
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.88\"\n\n\
         [lib]\n# Examples in foreign descriptions are not doctests.\ndoctest = false\n{}\n\
         [workspace]\n",
        DEPENDENCIES.replace("PROGENITOR", version)
    )
}
