//! Wall time compared: the same workload hand-written and by this crate,
//! alternating in short rounds, so that other load on the machine affects both.
//! Prints the median of the ratios of all rounds, and their spread. Criterion,
//! in `calls.rs`, measures one after the other, and cannot do that.
//!
//! `cargo bench -p heygen-tests --bench rounds` runs them all; an argument
//! after `--` filters by name. `HEYGEN_BENCH_ROUNDS` sets the number of rounds.

use std::future::Future;
use std::hint::black_box;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use heygen_tests::bench::{self, by_hand, list, server};
use heygen_tests::document::avatar_id;

fn main() {
    let rounds = std::env::var("HEYGEN_BENCH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(15);
    // Cargo adds an argument of its own.
    let wanted = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"));
    println!("{rounds} rounds each; ratios are ours / by hand");
    println!(
        "{:<24} {:>12} {:>12} {:>8} {:>16} {:>16}",
        "workload", "by hand", "ours", "median", "middle half", "all"
    );
    for (name, workload) in WORKLOADS {
        if wanted.as_ref().is_none_or(|wanted| name.contains(wanted)) {
            Rounds::of(*workload, rounds).print(name);
        }
    }
}

/// Times the workload once: of this crate if the argument is true, else by hand.
type Round = Box<dyn FnMut(bool) -> Duration>;

/// Sets up a workload, once.
type Workload = fn() -> Round;

const WORKLOADS: &[(&str, Workload)] = &[
    ("one at a time", one_at_a_time),
    ("64 in flight", || in_flight(64)),
    ("256 in flight", || in_flight(256)),
    ("list of 1,500", long_list),
    ("client built", built),
];

struct Rounds {
    by_hand: Vec<f64>,
    ours: Vec<f64>,
}

impl Rounds {
    fn of(workload: Workload, rounds: usize) -> Self {
        let mut round = workload();
        let mut all = Self {
            by_hand: Vec::new(),
            ours: Vec::new(),
        };
        round(false);
        round(true);
        for number in 0..rounds {
            // Alternates who is first, as the second finds warmer caches.
            for ours in [number % 2 == 0, number % 2 != 0] {
                let time = round(ours).as_secs_f64();
                if ours {
                    &mut all.ours
                } else {
                    &mut all.by_hand
                }
                .push(time);
            }
        }
        all
    }

    fn print(&self, name: &str) {
        let mut ratios: Vec<f64> = self
            .ours
            .iter()
            .zip(&self.by_hand)
            .map(|(ours, by_hand)| ours / by_hand)
            .collect();
        ratios.sort_by(f64::total_cmp);
        let at = |quarters: usize| ratios[(ratios.len() - 1) * quarters / 4];
        let micros = |times: &[f64]| {
            let mut times = times.to_vec();
            times.sort_by(f64::total_cmp);
            times[times.len() / 2] * 1e6
        };
        println!(
            "{name:<24} {:>9.1} us {:>9.1} us {:>8.3} {:>7.3} - {:<6.3} {:>7.3} - {:<6.3}",
            micros(&self.by_hand),
            micros(&self.ours),
            at(2),
            at(1),
            at(3),
            at(0),
            at(4),
        );
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// The mean time of one of this many repetitions.
fn each(runtime: &Runtime, times: u32, work: impl Future<Output = ()>) -> Duration {
    let start = Instant::now();
    runtime.block_on(work);
    start.elapsed() / times
}

fn one_at_a_time() -> Round {
    const CALLS: u32 = 1_000;
    let port = server::start_apart(server::avatar());
    let runtime = runtime();
    let (by_hand, ours) = (by_hand::ByHand::new(port), bench::ours(port));
    Box::new(move |ours_turn| {
        each(&runtime, CALLS, async {
            for _ in 0..CALLS {
                if ours_turn {
                    let call = bench::details(&ours);
                    black_box(call.await.expect("a response"));
                } else {
                    black_box(by_hand.details(avatar_id()).await.expect("a response"));
                }
            }
        })
    })
}

fn in_flight(tasks: u32) -> Round {
    const CALLS: u32 = 5_120;
    let port = server::start_apart(server::avatar());
    let runtime = runtime();
    let (by_hand, ours) = (by_hand::ByHand::new(port), bench::ours(port));
    Box::new(move |ours_turn| {
        each(&runtime, CALLS, async {
            let mut running = JoinSet::new();
            for _ in 0..tasks {
                let (by_hand, ours) = (by_hand.clone(), ours.clone());
                running.spawn(async move {
                    for _ in 0..CALLS / tasks {
                        if ours_turn {
                            let call = bench::details(&ours);
                            black_box(call.await.expect("a response"));
                        } else {
                            black_box(by_hand.details(avatar_id()).await.expect("a response"));
                        }
                    }
                });
            }
            running.join_all().await;
        })
    })
}

fn long_list() -> Round {
    const CALLS: u32 = 20;
    let port = server::start_apart(list::body());
    let runtime = runtime();
    let (by_hand, ours) = (by_hand::ByHand::new(port), bench::ours(port));
    Box::new(move |ours_turn| {
        each(&runtime, CALLS, async {
            for _ in 0..CALLS {
                let length = if ours_turn {
                    list::ours(&ours).await.expect("a response").len()
                } else {
                    list::by_hand(&by_hand, port)
                        .await
                        .expect("a response")
                        .len()
                };
                assert_eq!(length, list::LENGTH);
            }
        })
    })
}

/// Both for plain HTTP, and so without loading the system's certificates, which
/// takes both the same time.
fn built() -> Round {
    const CLIENTS: u32 = 200;
    let runtime = runtime();
    Box::new(move |ours_turn| {
        each(&runtime, CLIENTS, async {
            for _ in 0..CLIENTS {
                if ours_turn {
                    black_box(bench::ours(9));
                } else {
                    black_box(bench::http());
                }
            }
        })
    })
}
