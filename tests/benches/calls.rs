//! Latency and throughput of calls, by criterion: for its statistics, and its
//! comparison with the last run. For the ratio to hand-written code, see
//! `rounds.rs`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use heygen_tests::bench::{self, bare, by_hand, list, server};
use heygen_tests::document::avatar_id;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// One call on a warm connection.
fn warm(criterion: &mut Criterion) {
    let runtime = runtime();
    let port = runtime.block_on(server::start(server::avatar()));
    let (by_hand, bare) = (by_hand::ByHand::new(port), bare::Client::new(port));
    let ours = bench::ours(port);
    let mut group = criterion.benchmark_group("warm");
    group.bench_function("by hand", |bencher| {
        bencher.iter(|| {
            runtime
                .block_on(by_hand.details(avatar_id()))
                .expect("a response")
        });
    });
    group.bench_function("bare progenitor", |bencher| {
        bencher.iter(|| {
            runtime
                .block_on(bare.details(avatar_id()))
                .expect("a response")
        });
    });
    group.bench_function("heygen", |bencher| {
        let call = || runtime.block_on(bench::details(&ours));
        bencher.iter(|| call().expect("a response"));
    });
    group.finish();
}

/// Concurrent calls.
fn throughput(criterion: &mut Criterion) {
    let runtime = runtime();
    let port = runtime.block_on(server::start(server::avatar()));
    let (by_hand, ours) = (by_hand::ByHand::new(port), bench::ours(port));
    for tasks in [64_u64, 256] {
        let mut group = criterion.benchmark_group(format!("{tasks} in flight"));
        group.throughput(Throughput::Elements(tasks));
        group.bench_function("by hand", |bencher| {
            bencher.iter(|| {
                runtime.block_on(async {
                    let mut running = JoinSet::new();
                    for _ in 0..tasks {
                        let by_hand = by_hand.clone();
                        running.spawn(async move {
                            by_hand.details(avatar_id()).await.expect("a response")
                        });
                    }
                    black_box(running.join_all().await);
                });
            });
        });
        group.bench_function("heygen", |bencher| {
            bencher.iter(|| {
                runtime.block_on(async {
                    let mut running = JoinSet::new();
                    for _ in 0..tasks {
                        running.spawn(bench::details(&ours));
                    }
                    for response in running.join_all().await {
                        black_box(response.expect("a response"));
                    }
                });
            });
        });
        group.finish();
    }
}

/// A response of a megabyte.
fn long_list(criterion: &mut Criterion) {
    let runtime = runtime();
    let body = list::body();
    let size = body.len() as u64;
    let port = runtime.block_on(server::start(body));
    let (by_hand, ours) = (by_hand::ByHand::new(port), bench::ours(port));
    let mut group = criterion.benchmark_group("list of 1,500");
    group.throughput(Throughput::Bytes(size));
    group.bench_function("by hand", |bencher| {
        let call = || runtime.block_on(list::by_hand(&by_hand, port));
        bencher.iter(|| call().expect("a response"));
    });
    group.bench_function("heygen", |bencher| {
        let call = || runtime.block_on(list::ours(&ours));
        bencher.iter(|| call().expect("a response"));
    });
    group.finish();
}

/// A client, for plain http: no certificates are read on either side.
fn client(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("client");
    group.bench_function("reqwest", |bencher| bencher.iter(bench::http));
    group.bench_function("heygen", |bencher| bencher.iter(|| bench::ours(9)));
    group.finish();
}

criterion_group! {
    name = calls;
    config = Criterion::default()
        .measurement_time(Duration::from_secs(4))
        .warm_up_time(Duration::from_secs(1));
    targets = warm, throughput, long_list, client
}
criterion_main!(calls);
