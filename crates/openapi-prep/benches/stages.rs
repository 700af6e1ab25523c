//! What each stage costs, on the checked-in document and on the made-up one.
//!
//! `cargo bench -p openapi-prep --bench stages`

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use openapi_prep::{Document, Names, lint, lower, normalise, overlay};

const V2: &str = include_str!("../../../openapi/v2/heygen.json");
const OVERLAY: &str = include_str!("../../../openapi/v2/overlay.yaml");
const MADE_UP: &str = include_str!("../../../tests/fixture-api/openapi/v9/heygen.json");

fn stages(c: &mut Criterion) {
    let parse = |text| Document::parse(text).expect("a checked-in document");
    let corrections = parse(OVERLAY);
    c.bench_function("overlay/v2", |b| {
        let document = parse(V2);
        b.iter_batched(
            || document.clone(),
            |document| overlay(document, &corrections, true).expect("applies"),
            BatchSize::SmallInput,
        );
    });
    for (name, text) in [("v2", V2), ("made-up", MADE_UP)] {
        c.bench_function(&format!("parse/{name}"), |b| {
            b.iter(|| parse(black_box(text)));
        });
        let document = parse(text);
        let (normal, _) = normalise(document.clone(), &mut Names::new()).expect("normalises");
        let (lowered, _) = lower(normal.clone()).expect("lowers");
        c.bench_function(&format!("normalise/{name}"), |b| {
            b.iter_batched(
                || document.clone(),
                |document| normalise(document, &mut Names::new()).expect("normalises"),
                BatchSize::SmallInput,
            );
        });
        c.bench_function(&format!("lower/{name}"), |b| {
            b.iter_batched(
                || normal.clone(),
                |document| lower(document).expect("lowers"),
                BatchSize::SmallInput,
            );
        });
        c.bench_function(&format!("lint/{name}"), |b| {
            b.iter(|| lint(black_box(&lowered)));
        });
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
