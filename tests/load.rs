//! Load: no response lost or swapped, no task or connection left, flat memory. A
//! binary of its own, as it counts the allocations of the process; its tests
//! run one at a time.
//!
//! ```sh
//! HEYGEN_TEST_CALLS=100000 cargo test -p heygen-tests --test load
//! ```

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use heygen::Client;
use heygen_tests::client::{avatar, example_avatar, get_avatar, http2};
use heygen_tests::content_encoding::gzip_bomb;
use heygen_tests::echo::{EchoServer, no_delay};
use heygen_tests::scripted::{Reply, ScriptedServer};
use peak_alloc::PeakAlloc;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Locked by the running test.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

const MIB: usize = 1 << 20;

/// The number of calls: few by default, so that the whole run takes seconds.
fn calls() -> usize {
    std::env::var("HEYGEN_TEST_CALLS").map_or(2_000, |calls| calls.parse().unwrap())
}

/// Makes the calls with this many tasks, and checks each response.
async fn make_calls(client: &Client, calls: usize, tasks: usize) {
    let next = Arc::<AtomicUsize>::default();
    let mut running = JoinSet::new();
    for _ in 0..tasks {
        let (client, next) = (client.clone(), Arc::clone(&next));
        running.spawn(async move {
            let mut responses = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= calls {
                    return responses;
                }
                let id = format!("a{number}");
                let response = avatar(&client, &id).await.unwrap();
                assert_eq!(response.id, id, "the response of another call");
                responses += 1;
            }
        });
    }
    let responses: usize = running.join_all().await.into_iter().sum();
    assert_eq!(responses, calls);
}

fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Waits until there are no more tasks than this. Attempts to connect that are
/// no longer needed may take a second to end.
async fn wait_for_tasks(most: usize) {
    for _ in 0..250 {
        if alive_tasks() <= most {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} tasks are left, expected {most}", alive_tasks());
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_calls_get_their_responses() {
    let _guard = ONE_AT_A_TIME.lock().await;
    let calls = (calls() / 10).max(1_000);
    for over_http2 in [false, true] {
        let server = EchoServer::start(no_delay).await;
        let mut builder = server.builder();
        if over_http2 {
            builder = http2(builder);
        }
        let before = alive_tasks();
        let client = builder.build().unwrap();
        make_calls(&client, calls, 256).await;
        let counts = server.counts();
        assert_eq!(counts.requests(), calls);
        assert_eq!(counts.http2(), if over_http2 { calls } else { 0 });
        // A call uses a connection that becomes idle while it opens another.
        let connections = counts.connections();
        assert!(connections < 1_000, "{connections} connections");
        drop(client);
        wait_for_tasks(before).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_flat() {
    const TASKS: usize = 8;
    let calls = calls();
    let _guard = ONE_AT_A_TIME.lock().await;
    let server = EchoServer::start(no_delay).await;
    let client = server.builder().build().unwrap();
    make_calls(&client, (calls / 4).min(5_000), TASKS).await;
    // Each connection is a task of the client and one of the server.
    let connected = alive_tasks().max(1 + 2 * TASKS);
    wait_for_tasks(connected).await;
    let before = MEMORY.current_usage();
    make_calls(&client, calls, TASKS).await;
    wait_for_tasks(connected).await;
    let growth = MEMORY.current_usage().saturating_sub(before);
    println!("{growth} bytes more after {calls} calls");
    // A leak of one byte per call fails; buffers of connections do not.
    let limit = calls.max(16 * 1024);
    assert!(growth < limit, "{growth} bytes more after {calls} calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_calls_leave_no_task_and_no_connection() {
    let _guard = ONE_AT_A_TIME.lock().await;
    let half = Reply::bytes("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{");
    let server = ScriptedServer::start([half]).await;
    let builder = server.builder().max_in_flight(16).max_retries(0);
    let client = builder.build().unwrap();
    let before = alive_tasks();
    // Cancelled in the body, in the queue, and at any point between.
    let mut running = JoinSet::new();
    for number in 0..200_u64 {
        let request = example_avatar(&client).into_future();
        let timeout = Duration::from_millis(number);
        running.spawn(async move { tokio::time::timeout(timeout, request).await.is_err() });
    }
    let cancelled = running.join_all().await;
    assert!(cancelled.into_iter().all(|cancelled| cancelled));
    wait_for_tasks(before).await;
    let connections = server.connections();
    assert_eq!(connections, server.closed_connections());

    // Cancelled between two attempts.
    let server = ScriptedServer::start([Reply::retry_after(503, "10")]).await;
    let client = server.builder().build().unwrap();
    let before = alive_tasks();
    let waiting = tokio::time::timeout(Duration::from_millis(100), get_avatar(&client)).await;
    assert!(waiting.is_err());
    drop(client);
    wait_for_tasks(before).await;
    let connections = server.connections();
    assert_eq!((connections, server.closed_connections()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn decompression_bomb_uses_no_more_memory_than_the_limit() {
    const LIMIT: usize = 8 * MIB;
    let _guard = ONE_AT_A_TIME.lock().await;
    let bomb = Reply::encoded("gzip", gzip_bomb(1024));
    let server = ScriptedServer::start([bomb]).await;
    let client = server.builder().max_body_bytes(LIMIT).build().unwrap();
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let error = get_avatar(&client).await.unwrap_err();
    assert!(error.to_string().contains("larger than 8 MiB"), "{error}");
    let peak = MEMORY.peak_usage().saturating_sub(before);
    println!("{peak} bytes at the peak");
    // A buffer that grows is copied to one twice as large.
    assert!(peak < 4 * LIMIT, "{peak} bytes");
}
