//! What lowering does to the meaning of schemas: what a schema took it still
//! takes, and where the report tells of no loss it takes nothing else.
//!
//! Schemas of JSON Schema 2020-12 are made up, and values for them. Before, a
//! validator of 2020-12 judges; after, the same one, of the lowered schema in
//! words of 2020-12 by a translation that knows nothing of the crate.
//!
//! `PROPTEST_CASES=20000 cargo test -p openapi-prep --test lower_meaning` looks
//! longer, `PROPTEST_RNG_SEED=1` elsewhere.

mod schemas;
mod translate;
mod values;

use std::cell::Cell;

use jsonschema::Validator;
use openapi_prep::{Document, Entry, Error, Report};
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use serde_json::{Value, json};

/// How many values are tried for each document.
const VALUES: u64 = 24;

/// The stage over plain values.
fn lower(document: Value) -> Result<(Value, Report), Error> {
    let (document, report) = openapi_prep::lower(Document::from_value(document)?)?;
    Ok((document.into_value(), report))
}

/// A validator for the schema `T` of a document.
fn validator(schemas: &Value) -> Validator {
    let text = json!({"$ref": "#/$defs/T", "$defs": schemas}).to_string();
    let schema: Value = text
        .replace("#/components/schemas/", "#/$defs/")
        .parse()
        .expect("JSON");
    jsonschema::draft202012::options()
        .should_validate_formats(false)
        .build(&schema)
        .unwrap_or_else(|error| panic!("{error}: {schema:#}"))
}

/// Runs a property over documents; without a seed in the environment always
/// over the same ones.
fn hold(
    documents: impl Strategy<Value = (Value, u64)>,
    property: impl Fn(&Value, u64) -> Result<(), TestCaseError>,
) {
    let mut config = Config {
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    if matches!(config.rng_seed, RngSeed::Random) {
        config.rng_seed = RngSeed::Fixed(31);
    }
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 400;
    }
    let outcome =
        TestRunner::new(config).run(&documents, |(document, seed)| property(&document, seed));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// How often a property met what it is about, so that it is known to say
/// something.
#[derive(Default)]
struct Met {
    taken: Cell<u32>,
    refused: Cell<u32>,
    lossless: Cell<u32>,
    lossy: Cell<u32>,
}

fn count(cell: &Cell<u32>) {
    cell.set(cell.get() + 1);
}

/// What was lost of the meaning of schemas: a definition that no reference leads
/// to has none.
fn losses(report: &Report) -> impl Iterator<Item = &Entry> {
    report.losses().filter(|loss| loss.rule != "definition")
}

/// Lowers a document and holds what it takes against what it took.
fn same_meaning(document: &Value, seed: u64, met: &Met) -> Result<(), TestCaseError> {
    let before = validator(&document["components"]["schemas"]);
    let (lowered, report) = lower(document.clone())
        .map_err(|error| TestCaseError::fail(format!("{error}: {document:#}")))?;
    let schemas = &lowered["components"]["schemas"];
    let after = validator(&translate::schemas(schemas));
    let lossless = losses(&report).next().is_none();
    count(if lossless { &met.lossless } else { &met.lossy });
    let mut source = values::Source::new(document, seed);
    for _ in 0..VALUES {
        let value = source.value();
        let (was, is) = (before.is_valid(&value), after.is_valid(&value));
        count(if was { &met.taken } else { &met.refused });
        if was == is || (!lossless && is) {
            continue;
        }
        let what = if was {
            "narrowed"
        } else {
            "widened without a word"
        };
        return Err(TestCaseError::fail(format!(
            "{what}: {value}\nbefore: {document:#}\nafter: {schemas:#}\n{:#?}",
            losses(&report).collect::<Vec<_>>()
        )));
    }
    Ok(())
}

#[test]
fn what_was_taken_is_taken() {
    let met = Met::default();
    hold(schemas::documents(schemas::Words::All), |document, seed| {
        same_meaning(document, seed, &met)
    });
    let all = met.taken.get() + met.refused.get();
    assert!(met.taken.get() > all / 5, "values that were taken: {all}");
    assert!(
        met.refused.get() > all / 5,
        "values that were refused: {all}"
    );
    assert!(met.lossless.get() > 20 && met.lossy.get() > 20);
}

#[test]
fn what_30_has_words_for_is_lost_nowhere() {
    let met = Met::default();
    let documents = schemas::documents(schemas::Words::Expressible);
    hold(documents, |document, seed| {
        same_meaning(document, seed, &met)?;
        let (_, report) = lower(document.clone()).expect("lowered before");
        match losses(&report).next() {
            Some(loss) => Err(TestCaseError::fail(format!("{loss:#?}\n{document:#}"))),
            None => Ok(()),
        }
    });
    let all = met.taken.get() + met.refused.get();
    assert!(met.taken.get() > all / 5, "values that were taken: {all}");
    assert!(
        met.refused.get() > all / 5,
        "values that were refused: {all}"
    );
}
