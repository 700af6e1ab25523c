//! `cargo xtask codegen`: every document under `openapi/` to Rust.
//!
//! All that is written is worked out in memory first, from what is checked in
//! and nothing else, so that `--check` can hold it against the tree and a
//! failure leaves the tree as it was.

mod by_resource;
mod commands;
mod facade;
mod features;
mod file_hints;
mod files;
mod generate;
mod jobs;
mod losses;
mod migration;
mod mock;
mod modules;
mod operations;
mod page;
mod post;
mod prepare;
mod rescue;
mod resolve;
mod resource_path;
mod resources;
mod split;
mod standalone;
mod types_by_resource;
mod upload_hint;
mod validate;
mod webhooks;

use std::path::{Path, PathBuf};

use openapi_prep::Error;

use crate::{output::say, read::Limit, workspace};
use files::Tree;
pub(crate) use modules::module_name;
pub(crate) use prepare::{LEDGER, core_options, names};

/// A folder of documents and the crate that is made of it, both from the
/// workspace root.
#[derive(Debug, Clone, Copy)]
struct Target {
    openapi: &'static str,
    package: &'static str,
}

/// The vendor's documents.
const API: Target = Target {
    openapi: "openapi",
    package: "crates/heygen-api-gen",
};

/// Documents made up for tests of what is generated.
const FIXTURE: Target = Target {
    openapi: "tests/fixture-api/openapi",
    package: "tests/fixture-api",
};

/// The options of `codegen`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Runs, for every directory of documents: overlay, prepare, progenitor, and the passes
over its code. Writes what is checked in beside the document, and the generated crate. Works offline
and from what is checked in alone; a second run changes nothing.

Examples:
  cargo xtask codegen
  cargo xtask codegen --check
  cargo xtask codegen --document api.yaml --out ../api-bindings")]
pub(crate) struct Args {
    /// Write nothing; print what would change as a unified diff and fail if
    /// anything would.
    #[arg(long, conflicts_with = "document")]
    check: bool,
    /// Generate a crate that stands alone from this document instead.
    #[arg(long, value_name = "DOC", requires = "out")]
    document: Option<PathBuf>,
    /// Where to write that crate; made with its parents.
    #[arg(long, value_name = "DIR", requires = "document")]
    out: Option<PathBuf>,
    /// Corrections of that document.
    #[arg(long, value_name = "FILE", requires = "document")]
    overlay: Option<PathBuf>,
    #[command(flatten)]
    limit: Limit,
}

/// Runs the whole pipeline for every directory under `openapi/`.
pub(crate) fn run(args: &Args) -> Result<(), Error> {
    if let (Some(document), Some(out)) = (&args.document, &args.out) {
        return standalone::run(document, args.overlay.as_deref(), args.limit, out);
    }
    let root = workspace::root()?;
    let (tree, losses) = tree(&root)?;
    for loss in losses {
        eprintln!("{loss}");
    }
    if !args.check {
        let touched = tree.write()?;
        return match touched.as_slice() {
            [] => say("Nothing to change.\n"),
            touched => touched
                .iter()
                .try_for_each(|file| say(&format!("{file}\n"))),
        };
    }
    let difference = tree.difference()?;
    if difference.is_empty() {
        return Ok(());
    }
    say(&difference)?;
    Err(
        Error::new("what is checked in is not what the documents give")
            .remedy("run `cargo xtask codegen` and look at the change"),
    )
}

/// Works out every generated file, and what is lost on the way.
fn tree(root: &Path) -> Result<(Tree, Vec<String>), Error> {
    let generator = generate::version();
    let mut tree = Tree::new(root);
    let mut losses = Vec::new();
    let generated = target(root, API, &generator, &mut tree, &mut losses)?;
    let (mut names, mut ledgers) = (Vec::new(), Vec::new());
    let (mut inputs, mut versions) = (Vec::new(), Vec::new());
    for module in generated {
        inputs.push(module.input);
        versions.push(module.version);
        names.push(module.commands);
        ledgers.push(module.ledger);
    }
    if root.join(facade::PACKAGE).is_dir() {
        put_facade(root, &versions, &generator, &mut tree)?;
    }
    let stamp = files::stamp(API.openapi, &generator);
    let own = quote::quote!(crate::table);
    mock::put(&inputs, mock::FOLDER, &own, &stamp, &mut tree)?;
    tree.prune(mock::FOLDER, files::is_generated_rust)?;
    if root.join(commands::PACKAGE).is_dir() {
        let documents = inputs.iter().zip(&names);
        let documents = documents.map(|(input, names)| commands::Input {
            module: &input.module,
            corrected: &input.corrected,
            api: &input.api,
            names,
        });
        commands::put(&documents.collect::<Vec<_>>(), &stamp, &mut tree)?;
        let migrated = inputs.iter().zip(&ledgers);
        let migrated = migrated.map(|(input, names)| migration::Version {
            module: &input.module,
            corrected: input.corrected.as_value(),
            api: &input.api,
            names,
        });
        migration::put(&migrated.collect::<Vec<_>>(), &mut tree)?;
    }
    if root.join(FIXTURE.openapi).is_dir() {
        let fixtures = target(root, FIXTURE, &generator, &mut tree, &mut losses)?;
        let fixtures = fixtures.into_iter().map(|it| (it.input, it.version));
        let (inputs, fixtures): (Vec<_>, Vec<_>) = fixtures.unzip();
        let types = quote::quote!(heygen_mock::table);
        mock::put(&inputs, mock::FIXTURES, &types, &stamp, &mut tree)?;
        let all = versions.iter().chain(&fixtures);
        let modules: Vec<&str> = all.map(facade::Version::module).collect();
        resources::contract::put_list(&modules, &stamp, &mut tree)?;
    }
    Ok((tree, losses))
}

/// Puts the versions into the crate that users depend on, and their features.
fn put_facade(
    root: &Path,
    versions: &[facade::Version],
    generator: &str,
    tree: &mut Tree,
) -> Result<(), Error> {
    let package = facade::PACKAGE;
    let stamp = files::stamp(API.openapi, generator);
    let mut file = facade::file(versions)?;
    post::docs::tidy(&mut file);
    tree.put(
        format!("{package}/src/versions.rs"),
        files::print(&stamp, file)?,
    );
    for version in versions {
        if let Some(examples) = version.examples() {
            tree.put(
                format!("{package}/tests/{}_examples.rs", version.module()),
                files::print(&stamp, examples.clone())?,
            );
        }
    }
    tree.prune(&format!("{package}/tests"), files::is_generated_rust)?;
    let modules: Vec<&str> = versions.iter().map(facade::Version::module).collect();
    tree.put(
        format!("{package}/Cargo.toml"),
        features::update(root, package, &modules, Some(API.package))?,
    );
    Ok(())
}

/// A module of a generated crate, for what else is made of its document.
struct Generated {
    /// What the mock's table is made of.
    input: mock::Input,
    /// The names of its operations.
    ledger: resources::Ledger,
    /// What the facade says of it.
    version: facade::Version,
    /// The words of its commands; none of documents made up for tests.
    commands: commands::names::Names,
}

/// Generates one crate; gives its modules.
fn target(
    root: &Path,
    target: Target,
    generator: &str,
    tree: &mut Tree,
    lost: &mut Vec<String>,
) -> Result<Vec<Generated>, Error> {
    let Target { openapi, package } = target;
    let mut generated = Vec::new();
    for directory in prepare::directories(root, openapi)? {
        let folder = format!("{openapi}/{directory}");
        let module = modules::module_name(&directory).map_err(|e| e.in_file(&folder))?;
        let from = format!("{folder}/lowered.json");
        let mut inputs = prepare::prepare(root, &folder)?;
        let code = rescue::generate(&mut inputs.prepared, &|document| {
            generate::for_core(document, &module)
        })
        .map_err(|e| e.in_file(&from))?;
        lost.extend(inputs.accepted_losses(&folder)?);
        let jobs = jobs::read(&inputs.prepared.api)
            .map_err(|e| e.in_file(format!("{folder}/corrected.json")))?;
        let resources =
            resources::generate(&inputs.prepared, &module, &jobs, &mut inputs.operations)
                .map_err(|e| e.in_file(format!("{folder}/heygen.json")))?;
        let public = openapi == API.openapi;
        let commands = if public {
            let (api, ledger) = (&inputs.prepared.api, &mut inputs.operations);
            commands::names::assign(&inputs.corrected, api, ledger)
                .map_err(|e| e.in_file(format!("{folder}/corrected.json")))?
        } else {
            commands::names::Names::default()
        };
        inputs.put(&folder, tree)?;
        let stamp = files::stamp(&from, generator);
        if root.join(FIXTURE.openapi).is_dir() {
            let ledger = &inputs.operations;
            resources::contract::put(
                &inputs.prepared,
                &module,
                &jobs,
                ledger,
                public,
                &stamp,
                tree,
            )?;
        }
        let bindings =
            split::split(code, &inputs.prepared, &module).map_err(|e| e.in_file(&from))?;
        for (file, code) in bindings.into_iter().chain(resources.files) {
            tree.put(
                format!("{package}/src/{module}/{file}"),
                files::print(&stamp, code)?,
            );
        }
        let api = &inputs.prepared.api;
        let version = facade::Version::of(&module, api, resources.examples);
        let input = mock::Input {
            corrected: inputs.corrected,
            api: inputs.prepared.api,
            module,
        };
        generated.push(Generated {
            ledger: inputs.operations,
            input,
            version,
            commands,
        });
    }
    let modules: Vec<&str> = generated
        .iter()
        .map(|generated| generated.version.module())
        .collect();
    let stamp = files::stamp(openapi, generator);
    tree.put(
        format!("{package}/src/modules.rs"),
        files::print(&stamp, modules::list(&modules)?)?,
    );
    tree.put(
        format!("{package}/Cargo.toml"),
        features::update(root, package, &modules, None)?,
    );
    tree.prune(&format!("{package}/src"), files::is_generated_rust)?;
    Ok(generated)
}
