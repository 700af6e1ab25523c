//! Files that links of responses lead to.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::{Duration, Instant};

use heygen_mock::MockServer;
use serde_json::Value;
use support::{data, fetch, send};

const VIDEO: &str = "/v3/videos/vid_8f1c";

async fn link(server: &MockServer, field: &str) -> String {
    let video = data(server, VIDEO).await;
    video[field]
        .as_str()
        .unwrap_or_else(|| panic!("{video}"))
        .to_owned()
}

#[tokio::test]
async fn links_lead_to_files_of_their_type() {
    let server = MockServer::start().await.unwrap();
    let video = data(&server, VIDEO).await;
    for (field, media_type, start) in [
        ("video_url", "video/mp4", &b"\0\0\0\x18ftyp"[..]),
        ("subtitle_url", "application/x-subrip", b"1\n00:00"),
        ("thumbnail_url", "image/jpeg", b"\xff\xd8\xff"),
        ("gif_url", "image/gif", b"GIF89a"),
    ] {
        let link = video[field].as_str().unwrap();
        assert!(link.starts_with(&server.url()), "{link}");
        let file = fetch(&server, link, &[]).await;
        assert_eq!(file.status(), 200, "{field}");
        assert_eq!(file.header("content-type"), Some(media_type));
        assert_eq!(file.header("accept-ranges"), Some("bytes"));
        let length = file.body.len().to_string();
        assert_eq!(file.header("content-length"), Some(&*length));
        assert!(file.body.starts_with(start), "{field}");
        let head = send(&server, "HEAD", link, &[], b"").await.unwrap();
        assert_eq!(head.header("content-length"), Some(&*length));
        assert_eq!(head.header("etag"), file.header("etag"));
        assert!(head.body.is_empty());
    }
    assert_eq!(
        video["video_page_url"],
        "https://app.heygen.com/videos/vid_8f1c"
    );
}

#[tokio::test]
async fn file_has_the_length_that_a_test_sets() {
    let server = MockServer::start().await.unwrap();
    server.file("video_url").length(3_000_001);
    server.file("vid_8f1c/gif_url").length(0);
    let video = link(&server, "video_url").await;
    assert_eq!(fetch(&server, &video, &[]).await.body.len(), 3_000_001);
    let gif = fetch(&server, &link(&server, "gif_url").await, &[]).await;
    assert_eq!((gif.status(), gif.body.len()), (200, 0));
    let captioned = fetch(&server, &link(&server, "captioned_video_url").await, &[]).await;
    assert_eq!(captioned.body.len(), 1_000_000);

    // A terabyte costs nothing before it is read.
    server.file(&video).length(1 << 40);
    let range = [("range", "bytes=1099511627770-")];
    let end = fetch(&server, &video, &range).await;
    assert_eq!((end.status(), end.body.len()), (206, 6));
}

#[tokio::test]
async fn ranges_resume_the_same_file_only() {
    let server = MockServer::start().await.unwrap();
    let link = link(&server, "subtitle_url").await;
    let whole = fetch(&server, &link, &[]).await;
    let (etag, modified) = (
        whole.header("etag").unwrap(),
        whole.header("last-modified").unwrap(),
    );
    for (range, condition, status, from) in [
        ("bytes=100-", None, 206, 100),
        ("bytes=-7", None, 206, whole.body.len() - 7),
        ("bytes=100-", Some(etag), 206, 100),
        ("bytes=100-", Some(modified), 206, 100),
        ("bytes=100-", Some("\"other\""), 200, 0),
    ] {
        let mut headers = vec![("range", range)];
        headers.extend(condition.map(|condition| ("if-range", condition)));
        let part = fetch(&server, &link, &headers).await;
        assert_eq!(part.status(), status, "{headers:?}");
        assert_eq!(part.body, whole.body[from..], "{headers:?}");
        assert_eq!(part.header("content-range").is_some(), status == 206);
    }
    let beyond = fetch(&server, &link, &[("range", "bytes=9999999-")]).await;
    assert_eq!(beyond.status(), 416);
    assert_eq!(
        beyond.header("content-range"),
        Some(&*format!("bytes */{}", whole.body.len()))
    );

    server.file("subtitle_url").change();
    let headers = [("range", "bytes=100-"), ("if-range", etag)];
    let changed = fetch(&server, &link, &headers).await;
    assert_eq!(
        (changed.status(), changed.body.len()),
        (200, whole.body.len())
    );
    assert_ne!(changed.body, whole.body);

    server.file("subtitle_url").without_ranges();
    let ignored = fetch(&server, &link, &[("range", "bytes=100-")]).await;
    assert_eq!(
        (ignored.status(), ignored.header("accept-ranges")),
        (200, None)
    );
}

#[tokio::test]
async fn link_is_dead_after_its_lifetime_and_a_fresh_one_works() {
    let server = MockServer::builder().speed(0.0).start().await.unwrap();
    server.file("video_url").lifetime(Duration::from_secs(60));
    let first = link(&server, "video_url").await;
    server.advance(Duration::from_secs(59));
    assert_eq!(fetch(&server, &first, &[]).await.status(), 200);
    server.advance(Duration::from_secs(1));
    let dead = fetch(&server, &first, &[]).await;
    assert_eq!(dead.status(), 403);
    assert!(
        dead.text().contains("Request has expired"),
        "{}",
        dead.text()
    );
    let second = link(&server, "video_url").await;
    assert_eq!(fetch(&server, &second, &[]).await.status(), 200);

    server.file("video_url").expire();
    assert_eq!(fetch(&server, &second, &[]).await.status(), 403);
    server.file("vid_8f1c").remove();
    assert_eq!(fetch(&server, &second, &[]).await.status(), 404);
    let third = link(&server, "video_url").await;
    assert_eq!(fetch(&server, &third, &[]).await.status(), 200);
}

#[tokio::test]
async fn link_without_its_signature_is_refused() {
    let server = MockServer::start().await.unwrap();
    let link = link(&server, "video_url").await;
    let path = link.split('?').next().unwrap();
    let other = link.replace("vid_8f1c", "vid_other");
    for link in [path, &other, &link.replace("Expires=1", "Expires=2")] {
        let refused = fetch(&server, link, &[]).await;
        assert_eq!(refused.status(), 403, "{link}");
        assert!(refused.text().contains("SignatureDoesNotMatch"));
    }
    let posted = send(&server, "POST", &link, &[], b"x").await.unwrap();
    assert_eq!(posted.status(), 405);
}

#[tokio::test]
async fn download_is_cut_as_often_as_a_test_says() {
    let server = MockServer::start().await.unwrap();
    let link = link(&server, "video_url").await;
    server.on("download_file").cut_after(1000).times(2);
    let cut = fetch(&server, &link, &[]).await;
    assert_eq!((cut.status(), cut.body.len()), (200, 1000));
    assert_eq!(cut.header("content-length"), Some("1000000"));
    let again = fetch(&server, &link, &[("range", "bytes=1000-")]).await;
    assert_eq!((again.status(), again.body.len()), (206, 1000));
    assert_eq!(again.header("content-length"), Some("999000"));
    let rest = fetch(&server, &link, &[("range", "bytes=2000-")]).await;
    assert_eq!(rest.body.len(), 998_000);
    let whole = fetch(&server, &link, &[]).await;
    assert_eq!([cut.body, again.body, rest.body].concat(), whole.body);
    assert_eq!(server.calls("download_file"), 4);
    server.on("download_file").reply(503);
    let busy = fetch(&server, &link, &[]).await;
    assert_eq!(
        (busy.status(), busy.header("content-type")),
        (503, Some("application/xml"))
    );
}

#[tokio::test]
async fn download_is_as_slow_as_a_test_says() {
    let server = MockServer::start().await.unwrap();
    server.file("video_url").length(30_000);
    let link = link(&server, "video_url").await;
    server.on("download_file").slow(20_000).times(1);
    let asked = Instant::now();
    assert_eq!(fetch(&server, &link, &[]).await.body.len(), 30_000);
    // 75 pieces with a pause of 20 ms after each but the last.
    let slow = asked.elapsed();
    assert!(slow >= Duration::from_millis(1450), "{slow:?}");
    let asked = Instant::now();
    fetch(&server, &link, &[]).await;
    assert!(asked.elapsed() < slow, "{:?}", asked.elapsed());
}

#[tokio::test]
async fn requests_to_files_are_recorded() {
    let server = MockServer::start().await.unwrap();
    let link = link(&server, "video_url").await;
    fetch(&server, &link, &[("range", "bytes=1-2")]).await;
    let requests = server.requests();
    let request = requests.last().unwrap();
    assert!(request.path().starts_with("/files/vid_8f1c/video_url"));
    assert_eq!(request.header("range"), Some("bytes=1-2"));
    assert_eq!(data(&server, VIDEO).await["failure_code"], Value::Null);
}
