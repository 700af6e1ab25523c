//! How many instructions a call on a warm connection takes, for callgrind to
//! count: `instructions by-hand|bare|ours CALLS`. The server is a process of
//! its own, which callgrind does not follow. Start-up is the same whatever
//! CALLS, so the difference between two numbers of calls is that of the calls;
//! PERFORMANCE.md has the command.

mod shared;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use shared::{ID, bare, by_hand, list, server};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let way = arguments.next().unwrap_or_default();
    let calls = arguments.next().and_then(|calls| calls.parse().ok());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match (way.as_str(), calls) {
        ("serve", _) => runtime.block_on(async {
            println!("{}", server::start(server::AVATAR).await);
            std::future::pending::<()>().await;
        }),
        ("serve-list", _) => runtime.block_on(async {
            println!("{}", server::start(list::body()).await);
            std::future::pending::<()>().await;
        }),
        (_, Some(calls)) => runtime.block_on(call(&way, calls)),
        // `cargo bench` and `cargo test --benches` give arguments of their own.
        _ => println!("usage: instructions by-hand|bare|ours|by-hand-list|ours-list CALLS"),
    }
}

async fn call(way: &str, calls: usize) {
    let (mut child, port) = serve(if way.ends_with("-list") {
        "serve-list"
    } else {
        "serve"
    });
    match way {
        "by-hand" => {
            let client = by_hand::ByHand::new(port);
            for _ in 0..calls {
                assert_eq!(client.details(ID).await.expect("an answer").id, ID);
            }
        }
        "bare" => {
            let client = bare::Client::new(port);
            for _ in 0..calls {
                assert_eq!(client.details(ID).await.expect("an answer").id, ID);
            }
        }
        "ours" => {
            let client = shared::ours(port);
            for _ in 0..calls {
                let call = client.v2().avatars().details(ID);
                assert_eq!(call.await.expect("an answer").id, ID);
            }
        }
        "by-hand-list" => {
            let client = by_hand::ByHand::new(port);
            for _ in 0..calls {
                let list = list::by_hand(&client, port).await.expect("an answer");
                assert_eq!(list.len(), list::LENGTH);
            }
        }
        "ours-list" => {
            let client = shared::ours(port);
            for _ in 0..calls {
                let list = list::ours(&client).await.expect("an answer");
                assert_eq!(list.len(), list::LENGTH);
            }
        }
        other => panic!("no way is called {other}"),
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

/// Starts this program as a server and reads its port.
fn serve(what: &str) -> (std::process::Child, u16) {
    let program = std::env::current_exe().expect("a program");
    let mut child = Command::new(program)
        .arg(what)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it is a program");
    let mut line = String::new();
    let output = child.stdout.take().expect("it is piped");
    BufReader::new(output).read_line(&mut line).expect("a line");
    (child, line.trim().parse().expect("a port"))
}
