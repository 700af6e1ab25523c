//! What `cargo xtask codegen` costs once it is built: the whole run over every
//! checked-in document, as a maintainer starts it, and that of one made-up
//! document of one megabyte to a crate, which takes less than 2.5 s.
//!
//! `cargo bench -p xtask --bench codegen`

use std::{fs, process::Command};

use criterion::{Criterion, criterion_group, criterion_main};

#[path = "../tests/common/many.rs"]
mod many;

fn codegen(c: &mut Criterion) {
    let mut group = c.benchmark_group("xtask");
    group.sample_size(20);
    group.bench_function("codegen --check", |b| {
        b.iter(|| {
            let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
                .args(["codegen", "--check"])
                .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
                .status()
                .expect("xtask starts");
            assert!(
                status.success(),
                "what is checked in is not what the documents give"
            );
        });
    });
    group.finish();
}

fn any_document(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let document = folder.path().join("many.json");
    fs::write(&document, many::document(1_000_000).to_string()).expect("written");
    let mut group = c.benchmark_group("xtask");
    group.sample_size(10);
    group.bench_function("codegen --document, 1MB", |b| {
        b.iter(|| {
            let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
                .args(["codegen", "--document"])
                .arg(&document)
                .arg("--out")
                .arg(folder.path().join("many"))
                .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
                .output()
                .expect("xtask starts");
            assert!(output.status.success(), "{output:?}");
        });
    });
    group.finish();
}

criterion_group!(benches, codegen, any_document);
criterion_main!(benches);
