//! Steady and peak memory: `cargo bench -p heygen-tests --bench memory`. Steady
//! over a million calls, or the number after `--`; and the peak of parsing a
//! response of a megabyte, compared with hand-written code. Counts the
//! allocations of this program, those of the server included, which are the
//! same for both.

use std::time::Duration;

use peak_alloc::PeakAlloc;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use heygen_tests::bench::{self, by_hand, list, server};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ROUNDS: usize = 7;

fn main() {
    let calls = std::env::args().find_map(|argument| argument.replace('_', "").parse().ok());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    peak(&runtime);
    steady(&runtime, calls.unwrap_or(1_000_000));
}

/// The peak of a client and responses of a megabyte. Counted from before the
/// client is built: whether a connection keeps its read buffer until the next
/// response differs from call to call.
fn peak(runtime: &Runtime) {
    let body = list::body();
    let size = body.len();
    println!("a body of {size} bytes, three times; peak:");
    let port = server::start_apart(body);
    let peak_of = |ours_turn: bool| {
        runtime.block_on(async {
            MEMORY.reset_peak_usage();
            let before = MEMORY.current_usage();
            let (by_hand, ours) = (by_hand::ByHand::new(port), bench::ours(port));
            for _ in 0..3 {
                let length = if ours_turn {
                    list::ours(&ours).await.expect("a response").len()
                } else {
                    let list = list::by_hand(&by_hand, port).await;
                    list.expect("a response").len()
                };
                assert_eq!(length, list::LENGTH);
            }
            let peak = MEMORY.peak_usage().saturating_sub(before);
            drop((by_hand, ours));
            // The connections close in the background.
            tokio::time::sleep(Duration::from_millis(50)).await;
            peak
        })
    };
    peak_of(false);
    peak_of(true);
    let rounds: Vec<_> = (0..ROUNDS)
        .map(|_| (peak_of(false), peak_of(true)))
        .collect();
    for (by_hand, ours) in &rounds {
        let ratio = ours * 1000 / by_hand;
        println!("  by hand {by_hand:>9}   ours {ours:>9}   ratio {ratio} / 1000");
    }
}

/// The memory in use after many calls.
fn steady(runtime: &Runtime, calls: usize) {
    const TASKS: usize = 64;
    const PARTS: usize = 10;
    let port = server::start_apart(server::avatar());
    let client = bench::ours(port);
    let some = |calls: usize| {
        runtime.block_on(async {
            let mut running = JoinSet::new();
            for _ in 0..TASKS {
                let client = client.clone();
                running.spawn(async move {
                    for _ in 0..calls / TASKS {
                        bench::details(&client).await.expect("a response");
                    }
                });
            }
            running.join_all().await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        });
        MEMORY.current_usage()
    };
    let before = some(10_000);
    println!("in use after 10,000 calls to warm up: {before} bytes");
    for part in 1..=PARTS {
        let now = some(calls / PARTS);
        let grown = now.cast_signed() - before.cast_signed();
        println!("  after {:>9} more: {grown:+} bytes", part * calls / PARTS);
    }
}
