//! Faults by operation, and counts of calls.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::{Duration, Instant};

use heygen_mock::{Fault, MockServer};
use support::{get, send};

const VIDEO: &str = "/v3/videos/vid_8f1c";

#[tokio::test]
async fn fault_is_for_one_operation_and_as_often_as_said() {
    let server = MockServer::start().await.unwrap();
    server.on("get_video").reply(503).retry_after(2).times(2);
    assert_eq!(get(&server, "/v3/videos").await.status(), 200);
    for _ in 0..2 {
        let busy = get(&server, VIDEO).await;
        assert_eq!(
            (busy.status(), busy.header("retry-after")),
            (503, Some("2"))
        );
    }
    assert_eq!(get(&server, VIDEO).await.status(), 200);
    assert_eq!(server.calls("getVideoV3"), 3);
    assert_eq!(server.calls("list_videos"), 1);
    assert_eq!(server.calls("create_video"), 0);
}

#[tokio::test]
async fn operation_is_named_by_method_and_path_too() {
    let server = MockServer::start().await.unwrap();
    server.on("GET /v3/videos/vid_8f1c").reply(500).times(1);
    server.on("GET /v3/videos").reply(502).times(1);
    server
        .on("delete /v3/videos/{video_id}")
        .reply(409)
        .reason("conflict", "It is in use.");
    assert_eq!(get(&server, "/v3/users/me").await.status(), 200);
    assert_eq!(get(&server, VIDEO).await.status(), 500);
    assert_eq!(get(&server, "/v3/videos").await.status(), 502);
    for _ in 0..3 {
        let refused = support::delete(&server, VIDEO).await;
        assert_eq!(refused.status(), 409);
        assert_eq!(refused.json()["error"]["code"], "conflict");
        assert_eq!(refused.json()["error"]["message"], "It is in use.");
    }
    assert_eq!(server.calls("GET /v3/videos/vid_8f1c"), 1);
    assert_eq!(server.calls("GET /v3/videos/{video_id}"), 1);
}

#[tokio::test]
async fn body_headers_delay_and_delivery_are_set() {
    let server = MockServer::start().await.unwrap();
    let page = "<html>502</html>";
    server
        .on("get_video")
        .reply(502)
        .body(page)
        .header("content-type", "text/html")
        .delay(Duration::from_millis(80))
        .times(1);
    let asked = Instant::now();
    let reply = get(&server, VIDEO).await;
    assert!(asked.elapsed() >= Duration::from_millis(80));
    assert_eq!(
        (reply.status(), reply.header("content-type")),
        (502, Some("text/html"))
    );
    assert_eq!(reply.text(), page);

    server.on("get_video").disconnect().times(1);
    assert!(
        send(&server, "GET", VIDEO, &[("x-api-key", "k")], b"")
            .await
            .is_none()
    );
    server.on("get_video").cut_after(5).times(1);
    assert_eq!(get(&server, VIDEO).await.body.len(), 5);
    assert_eq!(get(&server, VIDEO).await.status(), 200);
}

#[tokio::test]
async fn faults_of_all_operations_and_of_one_share_their_order() {
    let server = MockServer::start().await.unwrap();
    server.on("get_video").reply(500);
    server.fail_next(1, Fault::status(429));
    server.on("get_video").reply(503).times(1);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(get(&server, VIDEO).await.status());
    }
    assert_eq!(statuses, [429, 503, 500, 500]);
    server.reset();
    assert_eq!(get(&server, VIDEO).await.status(), 200);
    assert_eq!(server.calls("get_video"), 1);
}

#[tokio::test]
#[should_panic(expected = "createVideo")]
async fn misspelled_operation_fails_the_test() {
    let server = MockServer::start().await.unwrap();
    let _ = server.calls("creat_video");
}

#[tokio::test]
async fn faults_of_the_builder_hold_from_the_start() {
    let builder = MockServer::builder()
        .fault("create_video", Fault::status(503).retry_after(1), Some(1))
        .fault("*", Fault::status(418), None);
    let server = builder.start().await.unwrap();
    let statuses = [
        get(&server, "/v3/videos").await.status(),
        send(&server, "POST", "/v3/videos", &[], b"{}")
            .await
            .unwrap()
            .status(),
        send(&server, "POST", "/v3/videos", &[], b"{}")
            .await
            .unwrap()
            .status(),
    ];
    assert_eq!(statuses, [418, 503, 418]);

    let builder = MockServer::builder().fault("creat_video", Fault::close(), None);
    let error = builder.start().await.unwrap_err().to_string();
    assert!(error.contains("createVideo"), "{error}");
}
