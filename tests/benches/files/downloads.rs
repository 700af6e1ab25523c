//! Downloads of a file beside a program written by hand, which stores the file as
//! safely. The peak of the memory is that of this process, whose store needs 1 MB.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Instant;

use heygen_tests::bench;
use heygen_tests::client::{UNREACHABLE_URL, builder};
use tokio::io::AsyncWriteExt as _;

const LENGTH: usize = 1_000_000_000;
const ROUNDS: usize = 6;

/// The least ratio of our speed to that by hand.
const LEAST: f64 = 0.9;

/// Runs the rounds.
pub(crate) fn run() {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.enable_all().build().expect("a runtime");
    runtime.block_on(rounds());
}

async fn rounds() {
    let url = format!("http://{}/file", store());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.mp4");
    let client = builder(UNREACHABLE_URL).build().expect("a client");
    let http = bench::http();
    let mut times = [Vec::new(), Vec::new()];
    let mut peaks = [0; 2];
    for round in 0..ROUNDS {
        // The disk may still be busy with what was removed before.
        for which in [round % 2, (round + 1) % 2] {
            reset_peak();
            let start = Instant::now();
            if which == 0 {
                by_hand(&http, &url, &path).await;
            } else {
                let file = client.download(&url).to(&path).await.expect("a download");
                assert_eq!(file.bytes, LENGTH as u64);
            }
            times[which].push(start.elapsed());
            peaks[which] = peaks[which].max(peak());
            assert_eq!(fs::metadata(&path).expect("the file").len(), LENGTH as u64);
            fs::remove_file(&path).expect("removed");
        }
    }
    let [by_hand, ours] = times.map(|times| times.into_iter().min().expect("a round"));
    for (name, time, peak) in [("by hand", by_hand, peaks[0]), ("heygen", ours, peaks[1])] {
        let milliseconds = time.as_millis();
        println!("download, {name}: {milliseconds} ms, peak {peak} MB");
    }
    let ratio = by_hand.as_secs_f64() / ours.as_secs_f64();
    println!("1 GB down, best of {ROUNDS}: {ratio:.2} x");
    assert!(ratio >= LEAST, "less than {LEAST}");
}

/// The file as a careful program would store it.
async fn by_hand(http: &reqwest::Client, url: &str, path: &Path) {
    let response = http.get(url).send().await.expect("a response");
    let mut response = response.error_for_status().expect("the file");
    let part = path.with_extension("part");
    let mut file = tokio::fs::File::create(&part).await.expect("a file");
    while let Some(chunk) = response.chunk().await.expect("a chunk") {
        file.write_all(&chunk).await.expect("written");
    }
    file.flush().await.expect("written");
    file.sync_all().await.expect("stored");
    tokio::fs::rename(part, path).await.expect("renamed");
    let folder = path.parent().expect("a folder");
    let folder = tokio::fs::File::open(folder).await.expect("a folder");
    folder.sync_all().await.expect("stored");
}

/// A store on loopback, in threads of its own; returns its address.
fn store() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Sends the file for each request, until the client closes the connection.
fn serve(mut stream: TcpStream) {
    let piece = vec![7; 1 << 20];
    let mut head = [0; 4096];
    while stream.read(&mut head).is_ok_and(|read| read > 0) {
        let sent = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\netag: \"1\"\r\ncontent-length: {LENGTH}\r\n\r\n"
        );
        let mut left = LENGTH;
        let mut result = stream.write_all(sent.as_bytes());
        while left > 0 && result.is_ok() {
            let size = left.min(piece.len());
            result = stream.write_all(&piece[..size]);
            left -= size;
        }
    }
}

/// Sets the peak of the resident memory back to what is used now.
fn reset_peak() {
    // Only Linux counts it.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The peak of the resident memory in megabytes; 0 where it is not counted.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1024
}
