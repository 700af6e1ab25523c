//! What `cargo xtask codegen` costs once it is built: the whole run over every
//! checked-in document, as a maintainer starts it.
//!
//! `cargo bench -p xtask --bench codegen`

use std::process::Command;

use criterion::{Criterion, criterion_group, criterion_main};

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

criterion_group!(benches, codegen);
criterion_main!(benches);
