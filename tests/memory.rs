//! Peak memory of bodies that fail to decode. A binary of its own, as the allocator
//! counts those of the whole process.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

use heygen::{Error, ErrorKind, Request};
use heygen_tests::client::{example_avatar, fixture};
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
        ("error status", 500, body(r#"{"error":["#, "[1]", "]}")),
    ] {
        let size = body.len();
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
