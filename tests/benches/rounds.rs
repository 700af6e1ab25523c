//! Wall time side by side: the same work by hand and by this crate, turn by
//! turn in short rounds, so that what the machine does besides falls on both.
//! Prints the median of the ratios of all rounds, and their spread. Criterion,
//! in `calls.rs`, measures one after the other, and cannot do that.
//!
//! `cargo bench -p heygen-tests --bench rounds` makes them all; a word after
//! `--` chooses those with it in their name. `HEYGEN_BENCH_ROUNDS` sets how many.

mod shared;

use std::future::Future;
use std::hint::black_box;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use shared::{ID, by_hand, list, server};

fn main() {
    let rounds = std::env::var("HEYGEN_BENCH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(15);
    // Cargo adds an argument of its own.
    let wanted = std::env::args()
        .skip(1)
        .find(|word| !word.starts_with("--"));
    println!("{rounds} rounds each; ratios are ours / by hand");
    println!(
        "{:<24} {:>12} {:>12} {:>8} {:>16} {:>16}",
        "work", "by hand", "ours", "median", "middle half", "all"
    );
    for (name, work) in WORKS {
        if wanted.as_ref().is_none_or(|wanted| name.contains(wanted)) {
            Rounds::of(*work, rounds).print(name);
        }
    }
}

/// Times both ways once: first by hand.
type Round = Box<dyn FnMut(bool) -> Duration>;

/// Sets a work up, once.
type Work = fn() -> Round;

const WORKS: &[(&str, Work)] = &[
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
    fn of(work: Work, rounds: usize) -> Self {
        let mut round = work();
        let mut all = Self {
            by_hand: Vec::new(),
            ours: Vec::new(),
        };
        round(false);
        round(true);
        for number in 0..rounds {
            // Who goes first changes, as the second finds a warmer machine.
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

/// The time for one of so many works.
fn each(runtime: &Runtime, times: u32, work: impl Future<Output = ()>) -> Duration {
    let start = Instant::now();
    runtime.block_on(work);
    start.elapsed() / times
}

fn one_at_a_time() -> Round {
    const CALLS: u32 = 1_000;
    let port = server::start_apart(server::AVATAR);
    let runtime = runtime();
    let (by_hand, ours) = (by_hand::ByHand::new(port), shared::ours(port));
    Box::new(move |turn| {
        each(&runtime, CALLS, async {
            for _ in 0..CALLS {
                if turn {
                    let call = ours.v2().avatars().details(ID);
                    black_box(call.await.expect("an answer"));
                } else {
                    black_box(by_hand.details(ID).await.expect("an answer"));
                }
            }
        })
    })
}

fn in_flight(tasks: u32) -> Round {
    const CALLS: u32 = 5_120;
    let port = server::start_apart(server::AVATAR);
    let runtime = runtime();
    let (by_hand, ours) = (by_hand::ByHand::new(port), shared::ours(port));
    Box::new(move |turn| {
        each(&runtime, CALLS, async {
            let mut running = JoinSet::new();
            for _ in 0..tasks {
                let (by_hand, ours) = (by_hand.clone(), ours.clone());
                running.spawn(async move {
                    for _ in 0..CALLS / tasks {
                        if turn {
                            let call = ours.v2().avatars().details(ID);
                            black_box(call.await.expect("an answer"));
                        } else {
                            black_box(by_hand.details(ID).await.expect("an answer"));
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
    let (by_hand, ours) = (by_hand::ByHand::new(port), shared::ours(port));
    Box::new(move |turn| {
        each(&runtime, CALLS, async {
            for _ in 0..CALLS {
                let length = if turn {
                    list::ours(&ours).await.expect("an answer").len()
                } else {
                    list::by_hand(&by_hand, port)
                        .await
                        .expect("an answer")
                        .len()
                };
                assert_eq!(length, list::LENGTH);
            }
        })
    })
}

/// Both for plain http, and so without reading the system's certificates,
/// which takes either the same time.
fn built() -> Round {
    const CLIENTS: u32 = 200;
    let runtime = runtime();
    Box::new(move |turn| {
        each(&runtime, CLIENTS, async {
            for _ in 0..CLIENTS {
                if turn {
                    black_box(shared::ours(9));
                } else {
                    black_box(shared::http());
                }
            }
        })
    })
}
