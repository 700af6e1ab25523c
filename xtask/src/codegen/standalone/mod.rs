//! `cargo xtask codegen --document`: generates a stand-alone crate from any
//! document, with its own workspace, runtime and README. It depends on nothing
//! of this workspace, and neither does the command: it works outside a checkout.

mod client;
mod example;
mod listing;
mod manifest;
mod readme;
mod runtime;
mod security;
mod servers;
mod setters;

use std::{fs, io::ErrorKind, path::Path};

use openapi_prep::{Error, Prepared, Report, count, overlay, prepare};
use quote::quote;
use serde_json::json;

use super::{
    files::{self, Tree, io},
    generate, operations, post,
    prepare::{LEDGER, names},
    rescue, split,
};
use crate::{
    output::say,
    read::{self, Limit},
};

/// Writes the crate. Names in its ledger are kept.
pub(super) fn run(
    from: &Path,
    corrections: Option<&Path>,
    limit: Limit,
    out: &Path,
) -> Result<(), Error> {
    let name = from.display().to_string();
    let generator = generate::version();
    let mut report = Report::new();
    let given = read::document(from, limit)?;
    check_folder(out)?;
    let mut corrected = given.clone();
    if let Some(path) = corrections {
        (corrected, report) = overlay(corrected, &read::document(path, limit)?, true)
            .map_err(|e| e.in_file(path.display()))?;
    }
    let mut names = names(&out.join(LEDGER))?;
    let mut prepared = prepare(corrected, &mut names).map_err(|e| e.in_file(&name))?;
    let code =
        rescue::generate(&mut prepared, &generate::standalone).map_err(|e| e.in_file(&name))?;
    report.append(std::mem::take(&mut prepared.report));
    for finding in &prepared.findings {
        report.add(
            ("lint", "finding"),
            None,
            &finding.pointer,
            finding.to_string(),
        );
    }

    let api = &prepared.api;
    let mut tree = Tree::new(out);
    let stamp = files::stamp(&name, &generator);
    let package = manifest::package_name(&api.title, out);
    for (file, code) in crate_files(code, &prepared).map_err(|e| e.in_file(&name))? {
        tree.put(file, files::print(&stamp, code)?);
    }
    runtime::put(&mut tree, &stamp);
    let example = example::of(api, &package);
    if let Some(example) = &example {
        tree.put("examples/call.rs".into(), format!("{stamp}{example}"));
    }
    let listing = listing::of(given.as_value(), api, &report);
    let readme = readme::text(&readme::Facts {
        document: &name,
        generator: &generator,
        package: &package,
        api,
        listing: &listing,
        example: example.as_deref(),
        report: &report,
    });
    tree.put("README.md".into(), readme);
    tree.put("Cargo.toml".into(), manifest::text(&package, &generator));
    for (file, value) in [
        ("lowered.json", prepared.document.as_value()),
        (LEDGER, &names.to_json()),
        ("operations.json", &listing),
        ("report.json", &json!(report)),
    ] {
        tree.put(file.into(), files::json(value)?);
    }
    for folder in ["src", "examples"] {
        tree.prune(folder, files::is_generated_rust)?;
    }
    tree.write()?;

    let lost = count(report.losses().count(), "loss");
    say(&format!(
        "wrote {}: {lost}, see README.md and report.json\n",
        out.display()
    ))
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

/// The generated sources of the crate, by kind of item.
fn crate_files(code: syn::File, prepared: &Prepared) -> Result<Vec<(String, syn::File)>, Error> {
    let api = &prepared.api;
    let facts = post::facts::Facts::read(prepared);
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
    let conversions = post::optional_bodies::leave_out(
        &api.operations,
        &mut parts.builders,
        &parts.type_builders,
    )?;
    types.extend(conversions);
    let about = split::about(api);
    let mut client = client::shape(parts.client)?;
    client::document_errors(&mut client, api);
    let root = quote! {
        #![doc = #about]
        #![doc = ""]
        #![doc = " The README says how to send a key and what was lost of the document."]
        #![allow(clippy::all, clippy::pedantic, missing_docs, unused_imports, irrefutable_let_patterns)]
        #![allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]
        // Names of the document in other scripts, such as µm.
        #![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]

        pub mod builder;
        mod client;
        #[allow(dead_code, unused_imports, unused_macros)]
        mod de;
        pub mod parameter;
        #[allow(dead_code)]
        pub mod multipart;
        #[doc = " What the document says about each operation beside its types."]
        pub mod operations;
        #[allow(dead_code)]
        mod runtime;
        pub mod types;

        // The name by which generated code refers to the types of parameters.
        extern crate self as openapi_params;
        pub use parameter::{CommaSeparated, Json, PipeSeparated, SpaceSeparated};
    };
    let mut root: syn::File = syn::parse2(root)
        .map_err(|e| Error::new(format!("the crate's root is not valid Rust: {e}")))?;
    root.items.append(&mut client);
    let table = operations::table(&api.operations, &quote!(crate::runtime::Operation), &|o| {
        setters::of(api, o)
    })?;
    let mut files = vec![
        ("src/lib.rs".to_owned(), root),
        ("src/types.rs".to_owned(), files::of_items(types)),
        ("src/builder.rs".to_owned(), files::of_items(parts.builders)),
        ("src/client.rs".to_owned(), client::glue(api)?),
        ("src/operations.rs".to_owned(), table),
    ];
    if !parts.type_builders.is_empty() {
        files.push((
            "src/types/builder.rs".to_owned(),
            files::of_items(post::forms::without_builders(parts.type_builders, &facts)),
        ));
    }
    for (_, file) in &mut files {
        post::docs::tidy(file);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, api::Api, prepare};
    use serde_json::{Value, json};

    /// The typed view of a document with these parts.
    pub(super) fn api(parts: &Value) -> Api {
        let mut document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}});
        for (key, part) in parts.as_object().into_iter().flatten() {
            document[key] = part.clone();
        }
        let document = Document::from_value(document).unwrap();
        prepare(document, &mut Names::new()).unwrap().api
    }
}
