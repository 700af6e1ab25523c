//! Instruction count of a call on a warm connection, measured by callgrind:
//! `instructions by-hand|bare|ours CALLS`. The server is a process of its own,
//! which callgrind does not follow. The cost of start-up does not depend on
//! CALLS, so the difference between two runs is that of their calls;
//! PERFORMANCE.md has the command.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use heygen_tests::bench::{self, bare, by_hand, list, server};
use heygen_tests::document::avatar_id;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let client_name = arguments.next().unwrap_or_default();
    let calls = arguments.next().and_then(|calls| calls.parse().ok());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match (client_name.as_str(), calls) {
        ("serve", _) => runtime.block_on(async {
            println!("{}", server::start(server::avatar()).await);
            std::future::pending::<()>().await;
        }),
        ("serve-list", _) => runtime.block_on(async {
            println!("{}", server::start(list::body()).await);
            std::future::pending::<()>().await;
        }),
        (_, Some(calls)) => runtime.block_on(call(&client_name, calls)),
        // `cargo bench` and `cargo test --benches` pass their own arguments.
        _ => println!("usage: instructions by-hand|bare|ours|by-hand-list|ours-list CALLS"),
    }
}

async fn call(client_name: &str, calls: usize) {
    let (mut child, port) = serve(if client_name.ends_with("-list") {
        "serve-list"
    } else {
        "serve"
    });
    match client_name {
        "by-hand" => {
            let client = by_hand::ByHand::new(port);
            for _ in 0..calls {
                assert_eq!(
                    client.details(avatar_id()).await.expect("a response").id,
                    avatar_id()
                );
            }
        }
        "bare" => {
            let client = bare::Client::new(port);
            for _ in 0..calls {
                assert_eq!(
                    client.details(avatar_id()).await.expect("a response").id,
                    avatar_id()
                );
            }
        }
        "ours" => {
            let client = bench::ours(port);
            for _ in 0..calls {
                let call = bench::details(&client);
                assert_eq!(call.await.expect("a response").id, avatar_id());
            }
        }
        "by-hand-list" => {
            let client = by_hand::ByHand::new(port);
            for _ in 0..calls {
                let list = list::by_hand(&client, port).await.expect("a response");
                assert_eq!(list.len(), list::LENGTH);
            }
        }
        "ours-list" => {
            let client = bench::ours(port);
            for _ in 0..calls {
                let list = list::ours(&client).await.expect("a response");
                assert_eq!(list.len(), list::LENGTH);
            }
        }
        other => panic!("unknown client: {other}"),
    }
    child.kill().expect("a running child");
    child.wait().expect("an exit status");
}

/// Starts this program as a server and reads its port.
fn serve(what: &str) -> (std::process::Child, u16) {
    let program = std::env::current_exe().expect("a path");
    let mut child = Command::new(program)
        .arg(what)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut line = String::new();
    let output = child.stdout.take().expect("a pipe");
    BufReader::new(output).read_line(&mut line).expect("a line");
    (child, line.trim().parse().expect("a port"))
}
