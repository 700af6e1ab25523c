//! `cargo xtask codegen --document`: any document, to a crate that stands
//! alone: its own workspace, progenitor's own hooks, nothing of ours but the
//! way answers are read.

use std::path::Path;

use openapi_prep::{Error, Names, Report, overlay, prepare};
use quote::quote;
use serde_json::Value;

use super::{
    files::{self, Tree},
    guard, post, report, rescue, split,
};
use crate::{
    output::say,
    read::{self, Limit},
};

/// How answers are read: the same file that our own crates use.
const DECODE: &str = include_str!("../../../crates/heygen-api-gen/src/decode.rs");

/// What the crate needs besides, with the versions its code was made for.
const DEPENDENCIES: &str = r#"
[dependencies]
bytes = "1"
futures-core = "0.3"
progenitor-client = "PROGENITOR"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream"] }
schemars = { version = "1", optional = true }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde_path_to_error = "0.1"

[features]
schemars = ["dep:schemars"]
"#;

/// Writes the crate.
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
    let mut names = Names::new();
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
    tree.put("src/decode.rs".into(), DECODE.to_owned());
    tree.put("Cargo.toml".into(), manifest(&lowered, out, generator));
    let told = report::told(&report, &prepared.findings, &losses)?;
    tree.put("lowered.json".into(), files::json(&lowered)?);
    tree.put("names.json".into(), files::json(&names.to_json())?);
    tree.put("report.json".into(), files::json(&told)?);
    tree.write()?;

    let lost = report.losses().count() + losses.len();
    say(&format!(
        "wrote {}: {lost} losses, see report.json\n",
        out.display()
    ))?;
    for loss in &losses {
        say(&format!("{}: {}\n", loss.pointer, loss.note))?;
    }
    Ok(())
}

/// The crate's sources, by kind.
fn crate_files(code: syn::File, lowered: &Value) -> Result<Vec<(String, syn::File)>, Error> {
    let facts = post::facts::Facts::read(lowered).for_everyone();
    let parts = split::Parts::of(code);
    let types = post::types::shape(parts.types, !parts.type_builders.is_empty(), &facts)?;
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
        mod decode;
        pub mod types;

        #(#client)*
    };
    let root = syn::parse2(root)
        .map_err(|e| Error::new(format!("the crate's root is no valid Rust: {e}")))?;
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
         [lib]\n# Prose from other people's documents is no place for doctests.\ndoctest = false\n{}\n\
         [workspace]\n",
        DEPENDENCIES.replace("PROGENITOR", version)
    )
}
