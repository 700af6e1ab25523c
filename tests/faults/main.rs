//! The fault table: what a network, a proxy or a server can do to a call, and
//! what the caller gets, after how many attempts and how soon. A scripted server
//! on loopback plays each row. To print the table:
//!
//! ```sh
//! cargo test -p heygen-tests --test faults -- --nocapture
//! ```

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

mod connections;
mod outcome;
mod redirects;
mod responses;
mod retries;
mod statuses;
mod table;

use table::{Group, run};

#[tokio::test(flavor = "multi_thread")]
async fn fault_table() {
    let groups: [Group; 5] = [
        ("connections", connections::rows),
        ("responses", responses::rows),
        ("statuses", statuses::rows),
        ("retries", retries::rows),
        ("redirects", redirects::rows),
    ];
    let mut failed = Vec::new();
    let mut summary = Vec::new();
    for (group, rows) in groups {
        println!("\n{group}");
        let verdicts = run(rows()).await;
        for verdict in &verdicts {
            println!("{verdict}");
            if !verdict.passed() {
                failed.push(verdict.to_string());
            }
        }
        summary.push(format!("{:4} rows of {group}", verdicts.len()));
    }
    println!("\n{}", summary.join("\n"));
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
