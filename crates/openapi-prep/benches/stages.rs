//! What each stage costs: on the checked-in documents, and on made-up ones of
//! one megabyte and more, for what is promised. Preparation grows linearly
//! (`prepare/1MB`, `prepare/4MB` and so on, by their throughput) and takes less
//! than 300 ms for one megabyte.
//!
//! `cargo bench -p openapi-prep --bench stages`

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use openapi_prep::{
    Document, Names, PrepareOptions, lint, lower, normalise, overlay, prepare, repair,
};

#[path = "../../../xtask/tests/common/many.rs"]
mod many;

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
        let given = parse(text);
        c.bench_function(&format!("repair/{name}"), |b| {
            b.iter_batched(
                || given.clone(),
                |document| repair(document).expect("repairs"),
                BatchSize::SmallInput,
            );
        });
        let (document, _) = repair(given).expect("repairs");
        let (normal, _) = normalise(document.clone(), &mut Names::new(), PrepareOptions::new())
            .expect("normalises");
        let (lowered, _) = lower(normal.clone()).expect("lowers");
        c.bench_function(&format!("normalise/{name}"), |b| {
            b.iter_batched(
                || document.clone(),
                |document| {
                    normalise(document, &mut Names::new(), PrepareOptions::new())
                        .expect("normalises")
                },
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

/// A document of so many megabytes, and how many bytes it is.
fn of_size(megabytes: usize) -> (Document, Throughput) {
    let document = Document::from_value(many::document(megabytes * 1_000_000));
    let document = document.expect("a document");
    let bytes = document.to_string().len();
    (document, Throughput::Bytes(bytes as u64))
}

/// Does the same with documents of these sizes, in megabytes.
fn grow(c: &mut Criterion, name: &str, sizes: &[usize], work: impl Fn(Document)) {
    let mut group = c.benchmark_group(name);
    group.sample_size(10);
    for megabytes in sizes {
        let (document, bytes) = of_size(*megabytes);
        group.throughput(bytes);
        let id = BenchmarkId::from_parameter(format!("{megabytes}MB"));
        group.bench_function(id, |b| {
            b.iter_batched(|| document.clone(), &work, BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn growth(c: &mut Criterion) {
    grow(c, "repair", &[1, 4], |document| {
        black_box(repair(document).expect("repairs"));
    });
    grow(c, "prepare", &[1, 4, 16], |document| {
        black_box(prepare(document, &mut Names::new()).expect("prepares"));
    });
    let (document, bytes) = of_size(1);
    let text = document.to_string();
    c.benchmark_group("parse")
        .throughput(bytes)
        .bench_function("1MB", |b| b.iter(|| Document::parse(black_box(&text))));
}

criterion_group!(benches, stages, growth);
criterion_main!(benches);
