//! `cargo xtask codegen --document`: generates a stand-alone crate from any
//! document, with its own workspace, runtime and README. It depends on nothing
//! of this workspace, and neither does the command: it works outside a checkout.

mod client;
mod document;
mod example;
mod listing;
mod manifest;
mod operations;
mod readme;
mod runtime;

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
    let given = read::document(from, limit)?;
    check_folder(out)?;
    let mut corrected = given.clone();
    if let Some(path) = corrections {
        (corrected, report) = overlay(corrected, &read::document(path, limit)?, true)
            .map_err(|e| e.in_file(path.display()))?;
    }
    let mut names = ledger(&out.join(LEDGER))?;
    let prepared = prepare(corrected, &mut names).map_err(|e| e.in_file(&name))?;
    report.append(prepared.report);
    let origins = listing::origins(prepared.document.as_value(), &prepared.api);
    let (code, lowered, mut losses) =
        rescue::generate(prepared.document.into_value(), &guard::generate)
            .map_err(|e| e.in_file(&name))?;
    for loss in &mut losses {
        loss.pointer = listing::origin(&loss.pointer, &origins);
    }

    let mut tree = Tree::new(out);
    let stamp = files::stamp(&name, generator);
    let package = manifest::package_name(&lowered, out);
    let described = post::wire_names::with_wire_paths(&lowered);
    let example = example::of(&described, &code, &package);
    for (file, code) in crate_files(code, &described).map_err(|e| e.in_file(&name))? {
        tree.put(file, files::print(&stamp, &code)?);
    }
    runtime::put(&mut tree, &stamp);
    if let Some(example) = &example {
        tree.put("examples/call.rs".into(), format!("{stamp}{example}"));
    }
    let listing = listing::of(
        given.as_value(),
        &described,
        &prepared.api,
        &report,
        &losses,
    );
    let readme = readme::text(&readme::Facts {
        document: &name,
        generator,
        package: &package,
        lowered: &described,
        listing: &listing,
        example: example.as_deref(),
        report: &report,
        rescued: &losses,
    });
    tree.put("README.md".into(), readme);
    tree.put("Cargo.toml".into(), manifest::text(&package, generator));
    let lost = count(report.losses().count() + losses.len(), "loss");
    let report = report::told(&report, &prepared.findings, &losses)?;
    for (file, value) in [
        ("lowered.json", &lowered),
        (LEDGER, &names.to_json()),
        ("operations.json", &listing),
        ("report.json", &report),
    ] {
        tree.put(file.into(), files::json(value)?);
    }
    for folder in ["src", "examples"] {
        tree.prune(folder)?;
    }
    tree.write()?;

    say(&format!(
        "wrote {}: {lost}, see README.md and report.json\n",
        out.display()
    ))?;
    for loss in &losses {
        say(&format!("{}: {}\n", loss.pointer, loss.note))?;
    }
    Ok(())
}

/// The crate may replace an earlier one, and nothing else. Its ledger of names
/// alone is enough to be one.
fn check_folder(out: &Path) -> Result<(), Error> {
    let mut entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(io(out, "list the folder", &e)),
    };
    let is_ours = out.join(LEDGER).is_file();
    if is_ours || entries.next().is_none() {
        return Ok(());
    }
    Err(
        Error::new("the folder holds files that are not a generated crate")
            .in_file(out.display())
            .remedy(
                "give the name of a new or empty folder, or of a crate that was generated before",
            ),
    )
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

/// The generated sources of the crate, by kind of item.
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
    types.extend(post::forms::bodies(&facts));
    let (methods, conversions) =
        post::optional_bodies::items(&facts, &parts.builders, &parts.type_builders)?;
    parts.builders.extend(methods);
    types.extend(conversions);
    let about = format!(
        " {}, version {}, as its OpenAPI document describes it.",
        facts.title, facts.version
    );
    let mut client = client::shape(parts.client)?;
    client::document_errors(&mut client, &types, lowered);
    let root = quote! {
        #![doc = #about]
        #![doc = ""]
        #![doc = " The README says how to send a key and what was lost of the document."]
        #![allow(clippy::all, clippy::pedantic, missing_docs, unused_imports, irrefutable_let_patterns)]
        #![allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]

        pub mod builder;
        mod client;
        #[allow(dead_code, unused_imports, unused_macros)]
        mod de;
        pub mod parameter;
        #[allow(dead_code)]
        pub mod multipart;
        pub mod operations;
        #[allow(dead_code)]
        mod runtime;
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
        ("src/client.rs".to_owned(), client::glue(lowered)?),
        ("src/operations.rs".to_owned(), operations::table(lowered)?),
    ];
    if !parts.type_builders.is_empty() {
        files.push((
            "src/types/builder.rs".to_owned(),
            split::file(post::forms::without_builders(parts.type_builders, &facts)),
        ));
    }
    for (_, file) in &mut files {
        post::docs::tidy(file);
    }
    Ok(files)
}
