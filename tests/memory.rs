//! Peak memory of bodies that fail to decode, of lists, and of uploads. A binary of its own, as
//! the allocator counts those of the whole process, and one test, as tests run side
//! by side.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

use std::pin::Pin;
use std::task::{Context, Poll};

use fixture_api::v9::types::VideoDetail;
use futures_core::Stream;
use heygen::v3::Upload;
use heygen::{Error, ErrorKind, Request};
use heygen_tests::assets::AssetServer;
use heygen_tests::client::{client, example_avatar, fixture};
use heygen_tests::scripted::{Reply, ScriptedServer};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const BODY: usize = 8 << 20;

/// A body of about 8 MiB, mostly of this item.
fn body(start: &str, item: &str, end: &str) -> String {
    let items = BODY / (item.len() + 1);
    let mut body = String::with_capacity(BODY + 1000);
    body.push_str(start);
    for number in 0..items {
        if number > 0 {
            body.push(',');
        }
        body.push_str(item);
    }
    body + end
}

/// The error of a request, and the peak memory as a multiple of the body.
async fn peak_of<T>(request: Request<T>, body: usize) -> (Error, f64)
where
    T: std::fmt::Debug + Send + 'static,
{
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let error = request.await.unwrap_err();
    let peak = MEMORY.peak_usage() - before;
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let ratio = peak as f64 / body as f64;
    (error, ratio)
}

#[tokio::test]
async fn memory_is_bounded() {
    list_takes_the_memory_of_one_page().await;
    failed_decode_takes_at_most_three_times_the_body().await;
    upload_takes_the_memory_of_a_few_chunks().await;
}

/// A stream of a file of this many chunks.
struct Repeated(usize);

const CHUNK: &[u8] = &[7; 100_000];

impl Stream for Repeated {
    type Item = Result<&'static [u8], std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.checked_sub(1);
        self.0 = next.unwrap_or_default();
        Poll::Ready(next.map(|_| Ok(CHUNK)))
    }
}

async fn upload_takes_the_memory_of_a_few_chunks() {
    const CHUNKS: usize = 1500;
    let length = (CHUNKS * CHUNK.len()) as u64;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(length)
        .unwrap();
    for upload in [
        Upload::path(&path),
        Upload::stream("a.mp4", length, Repeated(CHUNKS)),
    ] {
        let server = AssetServer::start().await;
        let client = client(server.url());
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        client.v3().assets().upload(upload).await.unwrap();
        let peak = MEMORY.peak_usage().saturating_sub(before);
        println!("upload of {length} bytes: peak {peak}");
        assert_eq!(server.asset("ast_1").length, length);
        assert!(peak < 4_000_000, "{peak}");
    }
}

async fn list_takes_the_memory_of_one_page() {
    const PAGES: usize = 60;
    let item = format!(r#"{{"id":"{}"}}"#, "v".repeat(1000));
    let list = vec![item; 500].join(",");
    let page_bytes = list.len();
    let replies = (1..=PAGES).map(|number| {
        Reply::json(format!(
            r#"{{"data":[{list}],"next_token":"t{number}","has_more":{}}}"#,
            number < PAGES
        ))
    });
    let server = ScriptedServer::start(replies).await;
    let client = server.client();
    let mut peaks = Vec::new();
    let list = fixture(&client, async |api| api.list_videos(None, None, None).await);
    let mut items = list.page::<VideoDetail>().items();
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let mut found = 0;
    while let Some(item) = items.next().await {
        assert_eq!(item.unwrap().id.len(), 1000);
        found += 1;
        if found % 500 == 0 {
            peaks.push(MEMORY.peak_usage() - before);
            MEMORY.reset_peak_usage();
        }
    }
    assert_eq!(found, 500 * PAGES);
    println!("peaks of pages: {peaks:?}");
    // The body, its items and the buffers of the connection: no page is kept.
    let (early, late) = (&peaks[..10], &peaks[PAGES - 10..]);
    let largest = |peaks: &[usize]| peaks.iter().max().copied().unwrap();
    assert!(largest(late) < largest(early) * 5 / 4, "{peaks:?}");
    assert!(largest(&peaks) < 6 * page_bytes, "{peaks:?}");
}

async fn failed_decode_takes_at_most_three_times_the_body() {
    // As long as items of the API are: a model of much shorter ones is larger
    // than the body by itself, whether or not it fits.
    let url = "https://files.example/".repeat(20);
    let video = format!(
        r#"{{"id":"v","status":"completed","source":{{"type":"image","image_url":"{url}"}}}}"#
    );
    let video = &*video;
    for (name, status, body) in [
        ("another type", 200, body("[", "1", "]")),
        (
            "last item",
            200,
            body(r#"{"data":["#, video, r#",{"id":7}]}"#),
        ),
        (
            "unknown field",
            200,
            body(r#"{"x":["#, r#"{"a":[1,2]}"#, r#"],"data":7}"#),
        ),
        (
            "error",
            200,
            body(r#"{"error":{"message":"m","x":["#, "[1]", "]}}"),
        ),
        (
            "error and data",
            200,
            body(r#"{"data":["#, "[1]", r#"],"error":"m"}"#),
        ),
        ("truncated", 200, body(r#"{"data":["#, video, "")),
        (
            "not UTF-8",
            200,
            body(r#"{"x":["#, r#""Fran~ois, at the caf~""#, r#"],"data":7}"#),
        ),
        ("error status", 500, body(r#"{"error":["#, "[1]", "]}")),
    ] {
        let size = body.len();
        let to_latin1 = |byte| if byte == b'~' { 0xe9 } else { byte };
        let body: Vec<u8> = body.bytes().map(to_latin1).collect();
        let server = ScriptedServer::start([Reply::response(status, &[], body)]).await;
        let client = server.client();
        for list in [false, true] {
            let (error, ratio) = if list {
                let call = fixture(&client, async |api| api.list_videos(None, None, None).await);
                peak_of(call, size).await
            } else {
                peak_of(example_avatar(&client), size).await
            };
            assert!(
                matches!(error.kind(), ErrorKind::Decode | ErrorKind::Api),
                "{error}"
            );
            println!("{name}: {ratio:.2} times the body");
            // The server's own copy, which it writes from, is in the process.
            assert!(ratio <= 3.0, "{name}: {ratio:.2}: {error}");
        }
    }
}
