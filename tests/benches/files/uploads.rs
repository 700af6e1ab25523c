//! Uploads of a file to a sink on loopback. Both hash the file first, announce it
//! with its checksum, send it, and end the upload.

use std::convert::Infallible;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Command;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use heygen::v3::Upload;
use heygen_tests::assets::hex;
use heygen_tests::bench;
use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Size of the file, in bytes.
const SIZE: u64 = 1_000_000_000;

const ROUNDS: usize = 5;

/// The role of a child process, the port of the sink and the path of the file.
const ROLE: &str = "HEYGEN_BENCH_UPLOAD";

/// Whether this process has the role of a child.
pub(crate) fn is_child() -> bool {
    std::env::var_os(ROLE).is_some()
}

/// Runs the rounds, or in a child process its role.
pub(crate) fn run() {
    if let Ok(role) = std::env::var(ROLE) {
        return runtime().block_on(play(&role));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lecture.mp4");
    write_file(&path);
    let port = start_sink();
    let mut best = [Duration::MAX; 2];
    for round in 0..=ROUNDS {
        for (index, role) in ["by hand", "ours"].into_iter().enumerate() {
            let (time, peak) = measure(role, port, &path);
            // The first round fills the page cache.
            if round > 0 {
                best[index] = best[index].min(time);
                let seconds = time.as_secs_f64();
                println!("{role}: {seconds:.3} s, peak {} kB", peak / 1000);
            }
        }
    }
    let [by_hand, ours] = best.map(|time| time.as_secs_f64());
    let speed = by_hand / ours;
    println!("1 GB up, best of {ROUNDS}: by hand {by_hand:.3} s, ours {ours:.3} s, {speed:.2} x");
    assert!(speed >= 0.9, "slower than 0.9 x by hand");
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().expect("a runtime")
}

fn write_file(path: &Path) {
    let mut file = File::create(path).expect("a file");
    let mut chunk: Vec<u8> = (0..=250).cycle().take(1_000_000).collect();
    chunk[..12].copy_from_slice(b"\0\0\0\x18ftypisom");
    for _ in 0..SIZE / 1_000_000 {
        file.write_all(&chunk).expect("room for 1 GB");
    }
}

/// Starts a child in a role; returns its time, and its peak memory in bytes.
fn measure(role: &str, port: u16, path: &Path) -> (Duration, u64) {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .env(ROLE, format!("{role}|{port}|{}", path.display()))
        .output()
        .expect("a child");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let mut numbers = text.split_whitespace().map(str::parse::<u64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(time)), Some(Ok(peak))) => (Duration::from_nanos(time), peak),
        _ => panic!("{role}: {text}{errors}"),
    }
}

async fn play(role: &str) {
    let mut parts = role.split('|');
    let role = parts.next().expect("a role");
    let port: u16 = parts.next().expect("a port").parse().expect("a number");
    let path = PathBuf::from(parts.next().expect("a path"));
    let start = Instant::now();
    match role {
        "ours" => ours(port, path).await,
        _ => by_hand(port, path).await,
    }
    println!("{} {}", start.elapsed().as_nanos(), peak_memory());
}

/// The peak of this process's memory, in bytes; 0 where the system does not show it.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    number.unwrap_or_default() * 1024
}

async fn ours(port: u16, path: PathBuf) {
    let client = bench::ours(port);
    let upload = client.v3().assets().upload(Upload::path(path));
    let asset = upload.await.expect("an upload");
    assert_eq!(asset.asset_id, "ast_1");
}

async fn by_hand(port: u16, path: PathBuf) {
    let http = bench::http();
    let url = bench::base_url(port);
    let to_hash = path.clone();
    let sum = tokio::task::spawn_blocking(move || {
        let mut file = File::open(to_hash).expect("the file");
        let (mut hasher, mut chunk) = (Sha256::new(), vec![0; 256 * 1024]);
        loop {
            match file.read(&mut chunk).expect("the file") {
                0 => break,
                length => hasher.update(&chunk[..length]),
            }
        }
        hex(&hasher.finalize())
    });
    let sum = sum.await.expect("a checksum");
    let slot = json!({"filename": "lecture.mp4", "content_type": "video/mp4", "size_bytes": SIZE,
        "checksum_sha256": sum});
    let slot = http
        .post(format!("{url}/v3/assets/direct-uploads"))
        .body(slot.to_string());
    let slot = slot
        .send()
        .await
        .expect("a slot")
        .bytes()
        .await
        .expect("a slot");
    let slot: Value = serde_json::from_slice(&slot).expect("a slot");
    let upload_url = slot["data"]["upload_url"].as_str().expect("an address");
    let put = http
        .put(upload_url)
        .header(CONTENT_LENGTH, SIZE)
        .body(reqwest::Body::wrap_stream(Chunks(read(path))));
    let stored = put.send().await.expect("a response");
    assert_eq!(stored.status(), 200);
    let sum = json!({"checksum_sha256": sum});
    let complete = http
        .post(format!("{url}/v3/assets/ast_1/complete"))
        .body(sum.to_string());
    assert_eq!(complete.send().await.expect("a response").status(), 200);
}

/// The chunks of a file, read ahead by a task.
fn read(path: PathBuf) -> mpsc::Receiver<std::io::Result<Bytes>> {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        let mut file = tokio::fs::File::open(path).await.expect("the file");
        loop {
            let mut chunk = Vec::with_capacity(64 * 1024);
            let read = file.read_buf(&mut chunk).await;
            let is_end = !matches!(read, Ok(length) if length > 0);
            if is_end || sender.send(Ok(chunk.into())).await.is_err() {
                break;
            }
        }
    });
    receiver
}

struct Chunks(mpsc::Receiver<std::io::Result<Bytes>>);

impl Stream for Chunks {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// Starts the sink on a thread of its own; returns its port.
fn start_sink() -> u16 {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let port = listener.local_addr().expect("a port").port();
            sender.send(port).expect("a receiver");
            while let Ok((stream, _)) = listener.accept().await {
                let service = service_fn(move |request| sink(request, port));
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
    });
    receiver.recv().expect("a port")
}

async fn sink(request: Request<Incoming>, port: u16) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let mut body = request.into_body();
    let mut length = 0;
    while let Some(Ok(frame)) = body.frame().await {
        length += frame.data_ref().map_or(0, |data| data.len() as u64);
    }
    let data = if path.ends_with("direct-uploads") {
        json!({"asset_id": "ast_1", "upload_url": format!("http://127.0.0.1:{port}/store/ast_1"),
            "upload_headers": {"content-type": "video/mp4"}, "max_bytes": SIZE,
            "expires_in_seconds": 3600})
    } else {
        if path.starts_with("/store") {
            assert_eq!(length, SIZE, "the whole file");
        }
        json!({"asset_id": "ast_1", "status": "processing"})
    };
    let body = json!({ "data": data }).to_string();
    Ok(Response::new(Full::new(body.into())))
}
