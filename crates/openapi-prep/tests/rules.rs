//! Each rule of `repair`, `normalise` and `lower`, before and after.
//!
//! A folder under `rules/<stage>/` holds a document as a vendor may write it
//! (`before.yaml`), what the stage makes of it (`after.yaml`) and what it tells
//! (`report.yaml`). It is named after the rule, or after what a document holds.
//! `OPENAPI_PREP_BLESS=1 cargo test -p openapi-prep --test rules` writes the
//! last two anew; read them before you keep them. On a server nobody reads, so
//! there it is an error.

#[path = "rules/features.rs"]
mod features;
#[path = "rules/yaml.rs"]
mod yaml;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use openapi_prep::{Document, Effect, Error, Names, PrepareOptions, Report};
use serde_json::{Value, json};

type Done = Result<(Document, Report), Error>;
type Stage = fn(Value, PrepareOptions) -> (Value, Report);

/// The stages, by the names of their folders.
const STAGES: [(&str, Stage); 3] = [
    ("repair", |before, _| run(before, openapi_prep::repair)),
    ("normalise", |before, options| {
        run(before, |document| {
            after_repair(document, |d| {
                openapi_prep::normalise(d, &mut Names::new(), options)
            })
        })
    }),
    ("lower", |before, _| {
        run(before, |document| {
            after_repair(document, openapi_prep::lower)
        })
    }),
];

/// The rules that no folder shows: those that tell nothing, as they work for the
/// generator alone, and those that run an earlier one again.
const NOT_SHOWN: [&str; 5] = [
    "body-marks",
    "enums-of-members",
    "mark-responses",
    "names",
    "nullable-components-again",
];

/// A stage after the repairs that all others rely on, with both reports.
fn after_repair(document: Document, stage: impl FnOnce(Document) -> Done) -> Done {
    let (document, mut report) = openapi_prep::repair(document)?;
    let (document, more) = stage(document)?;
    report.append(more);
    Ok((document, report))
}

/// The options of a folder: those that its `options.yaml` lists.
fn options(folder: &Path) -> PrepareOptions {
    let path = folder.join("options.yaml");
    let listed = if path.exists() {
        read(&path)
    } else {
        json!([])
    };
    let listed = listed.as_array().expect("a list");
    listed
        .iter()
        .fold(PrepareOptions::new(), |options, name| match name.as_str() {
            Some("runtime_sends_idempotency_keys") => options.runtime_sends_idempotency_keys(),
            Some("runtime_sends_credentials") => options.runtime_sends_credentials(),
            Some("runtime_reads_errors") => options.runtime_reads_errors(),
            Some("runtime_reads_webhooks") => options.runtime_reads_webhooks(),
            Some("null_in_updates_only") => options.null_in_updates_only(),
            _ => panic!("{}: no option {name}", path.display()),
        })
}

/// A stage over plain values.
fn run(before: Value, stage: impl FnOnce(Document) -> Done) -> (Value, Report) {
    let done = Document::from_value(before).and_then(stage);
    let (after, report) = done.expect("a document");
    (after.into_value(), report)
}

fn parse(text: &str) -> Result<Value, Error> {
    Document::parse(text).map(Document::into_value)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

/// The folders of a stage, by name.
fn folders(stage: &str) -> BTreeMap<String, PathBuf> {
    let folder = root().join(stage);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries
        .map(|entry| entry.expect("an entry of a folder").path())
        .filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), path)))
        .collect()
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The entries of a report as a set, without their wording: a file that lists
/// them changes only where what is done changes.
fn listed(report: &Report) -> Value {
    let entry = |entry: &openapi_prep::Entry| {
        let effect = match entry.effect {
            Effect::Lost => "lost",
            _ => "changed",
        };
        let mut listed = json!({effect: entry.rule, "at": entry.pointer});
        if let Some(subject) = entry.subject {
            listed["subject"] = serde_json::to_value(subject).expect("a word");
        }
        (
            entry.pointer.clone(),
            entry.rule,
            listed.to_string(),
            listed,
        )
    };
    let mut entries: Vec<_> = report.entries().iter().map(entry).collect();
    entries.sort_by(|a, b| (&a.0, a.1, &a.2).cmp(&(&b.0, b.1, &b.2)));
    entries.dedup_by(|a, b| a.2 == b.2);
    entries.into_iter().map(|(.., listed)| listed).collect()
}

/// What is wrong with one file: nothing, or how it differs line by line.
fn held(path: &Path, head: &str, now: &Value, bless: bool) -> Option<String> {
    if bless {
        let text = format!("{head}{}", yaml::print(now));
        assert_eq!(parse(&text).as_ref(), Ok(now), "{text}");
        if !path.exists() || read(path) != *now {
            fs::write(path, text).expect("written");
        }
        return None;
    }
    let kept = if path.exists() {
        read(path)
    } else {
        Value::Null
    };
    (kept != *now).then(|| {
        let difference = yaml::difference(&yaml::print(&kept), &yaml::print(now));
        format!("{}:\n{difference}", path.display())
    })
}

#[test]
fn each_rule_does_what_its_files_say() {
    let bless = env::var_os("OPENAPI_PREP_BLESS").is_some();
    assert!(
        !bless || env::var_os("CI").is_none(),
        "nobody reads here what would be blessed"
    );
    let mut wrong = Vec::new();
    for (stage, run) in STAGES {
        for (name, folder) in folders(stage) {
            let before = read(&folder.join("before.yaml"));
            let (after, report) = run(before.clone(), options(&folder));
            let acts = after != before || !report.entries().is_empty();
            assert!(acts, "{stage}/{name}: nothing is done");
            let head = "# What is made of `before.yaml`.\n";
            wrong.extend(held(&folder.join("after.yaml"), head, &after, bless));
            let head = "# What is reported of it.\n";
            let reported = listed(&report);
            wrong.extend(held(&folder.join("report.yaml"), head, &reported, bless));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nOPENAPI_PREP_BLESS=1 writes what is made now; read it before you keep it",
        wrong.join("\n")
    );
}

/// The rules of a stage, from its source: the names in its table `RULES`.
fn rules(stage: &str) -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let source = fs::read_to_string(source.join(stage).join("mod.rs")).expect("a source file");
    let (_, table) = source.split_once("RULES: &Rules").expect("a table");
    let (table, _) = table.split_once("];").expect("its end");
    let lines = table
        .lines()
        .map(|line| line.trim_start_matches([' ', '(']));
    lines
        .filter_map(|line| Some(line.strip_prefix('"')?.split_once('"')?.0.to_owned()))
        .collect()
}

#[test]
fn each_rule_has_its_files() {
    for (stage, run) in STAGES {
        let mut reported: BTreeSet<String> = NOT_SHOWN.map(str::to_owned).into();
        for folder in folders(stage).values() {
            let (_, report) = run(read(&folder.join("before.yaml")), options(folder));
            let own = report.entries().iter().filter(|e| e.stage == stage);
            reported.extend(own.map(|e| e.rule.to_owned()));
        }
        let rules = rules(stage);
        let missing: Vec<_> = rules.difference(&reported).collect();
        assert!(
            missing.is_empty(),
            "{stage}: rules that no folder shows: {missing:?}"
        );
    }
}

#[test]
fn each_feature_has_its_files() {
    let missing: Vec<_> = features::FEATURES
        .iter()
        .filter(|(_, stage, folder)| !root().join(stage).join(folder).is_dir())
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
