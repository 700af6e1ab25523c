//! Many waits at once: `cargo bench -p heygen-tests --bench waits`. Prints the
//! requests of 10,000 waits, or the number after `--`, and the peak of the memory
//! that this program allocates, its server included. Fails above 200 MB.
//!
//! The jobs finish at any time between 5 and 25 s after the start, and are read by
//! the default schedule.

use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use tokio::task::JoinSet;

use heygen::raw::{Operation, core};
use heygen::wait::{Job, Statuses};
use heygen::{Client, Value, Wait};
use heygen_tests::played::PlayedServer;
use serde_json::json;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that may be allocated at once, in bytes.
const LIMIT: usize = 200_000_000;

static GET: Operation = Operation::new("getVideo", "GET", "/v3/videos/{video_id}");
static STATUSES: Operation = Operation::new("videoStatuses", "GET", "/v3/videos/statuses");
static ALONE: Job = Job::new("video", &GET)
    .state("status")
    .success(&["completed"]);
static LISTED: Job = Job::new("video", &GET)
    .state("status")
    .success(&["completed"])
    .statuses(Statuses::new(&STATUSES, "video_ids", "video_id", "status"));

fn main() {
    let count = std::env::args().find_map(|argument| argument.replace('_', "").parse().ok());
    let count = count.unwrap_or(10_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for (name, job, in_flight) in [
        ("states of 100 at once, no limit", &LISTED, None),
        ("states of 100 at once, 8 in flight", &LISTED, Some(8)),
        ("each read alone, no limit", &ALONE, None),
    ] {
        runtime.block_on(measure(name, job, in_flight, count));
    }
}

async fn measure(name: &str, job: &'static Job, in_flight: Option<usize>, count: usize) {
    let started = Instant::now();
    let server = PlayedServer::start(move |line, _| (200, respond(line, started.elapsed()))).await;
    let mut builder = server.builder();
    if let Some(in_flight) = in_flight {
        builder = builder.max_in_flight(in_flight);
    }
    let client: Client = builder.build().expect("a client");
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let mut waits = JoinSet::new();
    for number in 0..count {
        let id = format!("vid_{number:029}");
        waits.spawn(Wait::<Value>::new(core(&client), job, id));
    }
    let mut last = Duration::ZERO;
    while let Some(finished) = waits.join_next().await {
        let video = finished.expect("a task").expect("a finished job");
        let late = started
            .elapsed()
            .saturating_sub(finishes(video["id"].as_str().expect("an id")));
        last = last.max(late);
    }
    let peak = MEMORY.peak_usage().saturating_sub(before);
    let requests = server.lines().len();
    println!("{count} waits, {name}:");
    println!(
        "  {requests} requests, {} for each 100; {} connections; {:.1} s; the latest {:.1} s late",
        requests * 100 / count,
        server.connections(),
        started.elapsed().as_secs_f64(),
        last.as_secs_f64(),
    );
    println!("  {peak} bytes at the peak, {} for each", peak / count);
    assert!(peak < LIMIT, "more than {LIMIT} bytes");
}

/// When a job finishes after the start.
fn finishes(id: &str) -> Duration {
    let hash = id.bytes().fold(7_u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(byte.into())
    });
    Duration::from_millis(5_000 + hash % 20_000)
}

fn respond(line: &str, now: Duration) -> Value {
    let state = |id: &str| {
        if now < finishes(id) {
            "processing"
        } else {
            "completed"
        }
    };
    match line.split_once("?video_ids=") {
        Some((_, ids)) => {
            let entry = |id| json!({"video_id": id, "status": state(id), "error": null});
            json!({"data": ids.split("%2C").map(entry).collect::<Vec<_>>()})
        }
        None => {
            let id = line.rsplit('/').next().unwrap_or_default();
            json!({"data": {"id": id, "status": state(id), "title": "A title", "created_at": 1_790_000_000}})
        }
    }
}
