//! Steady under load: no answer lost or swapped, no task left, memory flat.
//! A binary of its own, as it counts what the whole process allocates; its
//! tests take turns.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[allow(dead_code, reason = "other tests use more of it")]
#[path = "transport/echo.rs"]
mod echo;
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "transport/packing.rs"]
mod packing;
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "transport/server.rs"]
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use heygen::Client;
use peak_alloc::PeakAlloc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use echo::Echo;
use server::{Act, KEY, Server, ask};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

static TURN: Mutex<()> = Mutex::const_new(());

/// How many calls may leave nothing behind; `.ci/run` asks for 100,000.
const CALLS: &str = "HEYGEN_TEST_CALLS";

const MIB: usize = 1 << 20;

fn at_once(_: usize) -> Duration {
    Duration::ZERO
}

/// Makes so many calls by so many tasks, and checks each answer.
async fn call(client: &Client, calls: usize, tasks: usize) {
    let next = Arc::<AtomicUsize>::default();
    let mut running = JoinSet::new();
    for _ in 0..tasks {
        let (client, next) = (client.clone(), Arc::clone(&next));
        running.spawn(async move {
            let mut answered = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= calls {
                    return answered;
                }
                let id = format!("a{number}");
                let avatar = client.v2().avatars().details(&id).await.unwrap();
                assert_eq!(avatar.id, id, "the answer of another call");
                answered += 1;
            }
        });
    }
    let answered: usize = running.join_all().await.into_iter().sum();
    assert_eq!(answered, calls);
}

/// How many tasks there are, once those that are about to end have ended.
async fn tasks() -> usize {
    let mut last = usize::MAX;
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let now = Handle::current().metrics().num_alive_tasks();
        if now == last {
            break;
        }
        last = now;
    }
    last
}

/// Starts a server that does as little as can be: whatever it is asked, it
/// gives the one answer.
async fn plain() -> u16 {
    const ANSWER: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"data\":{\"id\":\"a1\"}}";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut bytes, mut length) = ([0; 4096], 0);
                while let Ok(more @ 1..) = stream.read(&mut bytes[length..]).await {
                    length += more;
                    if bytes[..length].ends_with(b"\r\n\r\n") {
                        stream.write_all(ANSWER).await.unwrap();
                        length = 0;
                    }
                }
            });
        }
    });
    port
}

/// Makes so many calls by eight tasks.
async fn same(client: &Client, calls: usize) {
    let mut running = JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        running.spawn(async move {
            for _ in 0..calls / 8 {
                client.v2().avatars().details("a1").await.unwrap();
            }
        });
    }
    running.join_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_calls_over_256_tasks() {
    let _turn = TURN.lock().await;
    for http2 in [false, true] {
        let server = Echo::start(at_once).await;
        let mut builder = server.builder();
        if http2 {
            builder = heygen::raw::http(builder, reqwest::ClientBuilder::http2_prior_knowledge);
        }
        let before = tasks().await;
        let client = builder.build().unwrap();
        call(&client, 10_000, 256).await;
        assert_eq!(server.requests(), 10_000);
        assert_eq!(server.over_http2(), if http2 { 10_000 } else { 0 });
        // A call takes a connection that gets free while it is making one.
        let connections = server.connections();
        assert!(connections < 1_000, "{connections} connections");
        drop(client);
        assert_eq!(tasks().await, before, "no task is left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_flat() {
    let calls = std::env::var(CALLS).map_or(20_000, |calls| calls.parse().unwrap());
    let _turn = TURN.lock().await;
    let port = plain().await;
    let builder = Client::builder().api_key(KEY);
    let client = builder
        .base_url(format!("http://127.0.0.1:{port}"))
        .build()
        .unwrap();
    same(&client, 5_000).await;
    tasks().await;
    let before = MEMORY.current_usage();
    same(&client, calls).await;
    tasks().await;
    let grown = MEMORY.current_usage().saturating_sub(before);
    println!("{grown} bytes more after {calls} calls");
    // A byte for each call would be a leak.
    assert!(grown < calls, "{grown} bytes more after {calls} calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_and_cancelled_calls_leave_nothing_behind() {
    let _turn = TURN.lock().await;
    let half = Act::bytes("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{");
    let server = Server::start([half]).await;
    let builder = server.builder().max_in_flight(16).max_retries(0);
    let client = builder.build().unwrap();
    let before = tasks().await;
    // In the body, in the queue, and wherever else it happens to be.
    let mut running = JoinSet::new();
    for number in 0..200_u64 {
        let request = client.v2().avatars().details("a1").into_future();
        let patience = Duration::from_millis(number);
        running.spawn(async move { tokio::time::timeout(patience, request).await.is_err() });
    }
    assert!(
        running
            .join_all()
            .await
            .into_iter()
            .all(|cancelled| cancelled)
    );
    assert_eq!(tasks().await, before, "no task is left");
    assert_eq!(
        server.connections(),
        server.closed(),
        "no connection is left"
    );

    // Nor does a wait between two attempts.
    let busy = Act::answer(503, &[("retry-after", "30")], "");
    let server = Server::start([busy]).await;
    let client = server.builder().build().unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(100), ask(&client)).await;
    assert!(waiting.is_err());
    drop(client);
    tasks().await;
    assert_eq!((server.connections(), server.closed()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_takes_no_more_memory_than_its_bound() {
    const BOUND: usize = 8 * MIB;
    let _turn = TURN.lock().await;
    let bomb = Act::answer(
        200,
        &[("content-encoding", "gzip")],
        packing::gzip_bomb(1024),
    );
    let server = Server::start([bomb]).await;
    let client = server.builder().max_body_bytes(BOUND).build().unwrap();
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let error = ask(&client).await.unwrap_err();
    assert!(error.to_string().contains("larger than 8 MiB"), "{error}");
    let most = MEMORY.peak_usage().saturating_sub(before);
    println!("{most} bytes at most");
    // While it grows, a buffer is there twice.
    assert!(most < 4 * BOUND, "{most} bytes");
}
