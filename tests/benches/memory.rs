//! What stays and what peaks in memory: `cargo bench -p heygen-tests --bench
//! memory`. Steady over a million calls, or as many as the first number after
//! `--` says; and the most that an answer of a megabyte takes, beside the same
//! by hand. Counts what this program asks its allocator for, the server's part
//! included, which is the same for both.

mod shared;

use std::time::Duration;

use peak_alloc::PeakAlloc;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use shared::{ID, by_hand, list, server};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ROUNDS: usize = 7;

fn main() {
    let calls = std::env::args().find_map(|word| word.replace('_', "").parse().ok());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    peak(&runtime);
    steady(&runtime, calls.unwrap_or(1_000_000));
}

/// The most that a client and answers of a megabyte take. Counted from before
/// the client is made: whether a connection keeps the room it reads into until
/// its next answer differs from call to call.
fn peak(runtime: &Runtime) {
    let body = list::body();
    let size = body.len();
    println!("a body of {size} bytes, three times; the most that is in use meanwhile:");
    let port = server::start_apart(body);
    let most = |turn: bool| {
        runtime.block_on(async {
            MEMORY.reset_peak_usage();
            let before = MEMORY.current_usage();
            let (by_hand, ours) = (by_hand::ByHand::new(port), shared::ours(port));
            for _ in 0..3 {
                let length = if turn {
                    list::ours(&ours).await.expect("an answer").len()
                } else {
                    let list = list::by_hand(&by_hand, port).await;
                    list.expect("an answer").len()
                };
                assert_eq!(length, list::LENGTH);
            }
            let most = MEMORY.peak_usage().saturating_sub(before);
            drop((by_hand, ours));
            // The connections end by themselves.
            tokio::time::sleep(Duration::from_millis(50)).await;
            most
        })
    };
    most(false);
    most(true);
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (most(false), most(true))).collect();
    for (by_hand, ours) in &rounds {
        let ratio = ours * 1000 / by_hand;
        println!("  by hand {by_hand:>9}   ours {ours:>9}   ratio {ratio} / 1000");
    }
}

/// What is left after so many calls.
fn steady(runtime: &Runtime, calls: usize) {
    const TASKS: usize = 64;
    const PARTS: usize = 10;
    let port = server::start_apart(server::AVATAR);
    let client = shared::ours(port);
    let some = |calls: usize| {
        runtime.block_on(async {
            let mut running = JoinSet::new();
            for _ in 0..TASKS {
                let client = client.clone();
                running.spawn(async move {
                    for _ in 0..calls / TASKS {
                        client.v2().avatars().details(ID).await.expect("an answer");
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
