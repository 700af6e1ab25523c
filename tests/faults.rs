//! The fault table: what a network, a server or a proxy can do to a call, and
//! what the caller is told, after how many attempts and how soon. Each row is
//! data; a scripted server on loopback does what it says. To see the table:
//!
//! ```sh
//! cargo test -p heygen-tests --test faults -- --nocapture
//! ```

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "faults/answers.rs"]
mod answers;
#[path = "faults/connections.rs"]
mod connections;
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "transport/packing.rs"]
mod packing;
#[path = "faults/redirects.rs"]
mod redirects;
#[path = "faults/refusals.rs"]
mod refusals;
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "transport/server.rs"]
mod server;
#[path = "faults/table.rs"]
mod table;
#[path = "faults/waits.rs"]
mod waits;

use table::{Group, run};

const README: &str = include_str!("../README.md");

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_the_table_holds() {
    let groups: [Group; 5] = [
        ("connections", connections::rows),
        ("answers", answers::rows),
        ("refusals", refusals::rows),
        ("waits", waits::rows),
        ("redirects", redirects::rows),
    ];
    let mut broken = Vec::new();
    let mut counts = Vec::new();
    for (group, rows) in groups {
        println!("\n{group}");
        let mut held = 0;
        for verdict in run(rows()).await {
            println!("{verdict}");
            match verdict.fault {
                None => held += 1,
                Some(_) => broken.push(verdict.to_string()),
            }
        }
        counts.push((group, held));
    }
    println!();
    for (group, held) in &counts {
        println!("{held:4} rows of {group} hold");
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    // What the README says of the table is what the table is.
    for (group, held) in counts {
        let line = format!("| {group} | {held} |");
        assert!(README.contains(&line), "the README lacks: {line}");
    }
}
