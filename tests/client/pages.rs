//! Lists: one page, the streams over all of them, and where they end.

use std::time::Duration;

use fixture_api::v9::types::VideoDetail;
use heygen::{Error, ErrorKind, Method, Page, Request, Value};
use heygen_tests::client::{UNREACHABLE_URL, client, fixture};
use heygen_tests::lists::{ids, page, page_with};
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde_json::json;

/// A list of a server's videos, without retries.
fn videos(server: &ScriptedServer) -> Request<Page<VideoDetail>> {
    fixture(&server.client(), async |api| {
        api.list_videos(Some(2), None, None).await
    })
    .page()
}

fn names(videos: Vec<VideoDetail>) -> Vec<String> {
    videos.into_iter().map(|video| video.id).collect()
}

/// The targets of a server's requests.
fn targets(server: &ScriptedServer) -> Vec<String> {
    let requests = server.requests();
    let targets = requests.iter().map(|request| request.target().to_owned());
    targets.collect()
}

/// The items up to the end of a list, and the error that ended it.
async fn drain(list: Request<Page<VideoDetail>>) -> (Vec<String>, Option<Error>) {
    let mut items = list.items();
    let mut found = Vec::new();
    let mut failed = None;
    while let Some(item) = items.next().await {
        assert!(failed.is_none(), "the stream goes on after {failed:?}");
        match item {
            Ok(video) => found.push(video.id),
            Err(error) => failed = Some(error),
        }
    }
    assert!(items.next().await.is_none());
    (found, failed)
}

#[tokio::test]
async fn page_has_items_and_cursor() {
    let body = json!({"data": [{"id": "a"}, {"id": "b"}], "has_more": true, "next_token": "t1"});
    let headers = [("x-request-id", "r1")];
    let server = ScriptedServer::start([Reply::response(200, &headers, body.to_string())]).await;
    let first = videos(&server).await.unwrap();
    assert_eq!(first.next_token.as_deref(), Some("t1"));
    assert!(first.has_more);
    assert_eq!(names(first.items), ["a", "b"]);

    let response = videos(&server).with_response().await.unwrap();
    assert_eq!(response.request_id(), Some("r1"));
    assert_eq!(response.data().items.len(), 2);
    let cursor = response.cursor().unwrap();
    assert_eq!(cursor.next_token.as_deref(), Some("t1"));
    assert_eq!(cursor.has_more, Some(true));
}

#[tokio::test]
async fn items_of_all_pages_are_returned_in_order() {
    let server = ScriptedServer::start([
        page(&["a", "b"], Some("t 1/+=&")),
        page(&["c"], Some("t2")),
        page(&["d"], None),
    ])
    .await;
    let all = videos(&server).items().into_vec().await.unwrap();
    assert_eq!(names(all), ["a", "b", "c", "d"]);
    let expected = [
        "/v9/videos?limit=2",
        "/v9/videos?limit=2&token=t+1%2F%2B%3D%26",
        "/v9/videos?limit=2&token=t2",
    ];
    assert_eq!(targets(&server), expected);

    let server = ScriptedServer::start([page(&["a"], Some("t1")), page(&["b"], None)]).await;
    assert_eq!(drain(videos(&server)).await.0, ["a", "b"]);
}

#[tokio::test]
async fn list_ends_without_token_and_where_there_is_no_more() {
    for rest in [
        json!({}),
        json!({"next_token": null}),
        json!({"next_token": ""}),
        json!({"next_token": null, "has_more": true}),
        json!({"next_token": "t1", "has_more": false}),
        json!({"next_token": "t1", "has_more": "false"}),
        json!({"has_more": false}),
    ] {
        let server = ScriptedServer::start([page_with(&["a"], &rest), page(&["b"], None)]).await;
        let (found, failed) = drain(videos(&server)).await;
        assert!(failed.is_none(), "{rest}: {failed:?}");
        assert_eq!(found, ["a"], "{rest}");
        assert_eq!(server.requests().len(), 1, "{rest}");
    }
}

#[tokio::test]
async fn list_goes_on_where_there_is_a_token() {
    for (rest, token) in [
        (json!({"next_token": "t1"}), "t1"),
        (json!({"next_token": "t1", "has_more": null}), "t1"),
        (json!({"next_token": "t1", "has_more": "true"}), "t1"),
        (json!({"next_token": "t1", "has_more": 1}), "t1"),
        (json!({"next_token": 7, "has_more": true}), "7"),
        (json!({"next_token": -7}), "-7"),
        (json!({"next_token": " "}), "+"),
    ] {
        let server = ScriptedServer::start([page_with(&["a"], &rest), page(&["b"], None)]).await;
        let (found, failed) = drain(videos(&server)).await;
        assert!(failed.is_none(), "{rest}: {failed:?}");
        assert_eq!(found, ["a", "b"], "{rest}");
        let expected = format!("/v9/videos?limit=2&token={token}");
        assert_eq!(targets(&server)[1], expected, "{rest}");
    }
}

#[tokio::test]
async fn empty_page_with_a_token_is_not_the_end() {
    let null = Reply::json(r#"{"data":null,"next_token":"t2","has_more":true}"#);
    let server = ScriptedServer::start([
        page(&[], Some("t1")),
        null,
        page(&["a"], Some("t3")),
        page(&[], None),
    ])
    .await;
    assert_eq!(drain(videos(&server)).await.0, ["a"]);
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn repeated_token_is_an_error() {
    for (tokens, found) in [
        (&["t1", "t1"][..], 2),
        (&["t1", "t2", "t3", "t1"], 4),
        (&["t1", "t2", "t3", "t3"], 4),
        (&["caller"], 1),
    ] {
        let replies = tokens.iter().map(|token| page(&["a"], Some(token)));
        let server = ScriptedServer::start(replies).await;
        let list = fixture(&server.client(), async |api| {
            api.list_videos(None, None, Some("caller")).await
        });
        let (items, failed) = drain(list.page()).await;
        let error = failed.unwrap();
        assert_eq!(items.len(), found, "{tokens:?}");
        assert_eq!(server.requests().len(), tokens.len(), "{tokens:?}");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert_eq!(error.field(), Some("next_token"));
        assert_eq!(error.operation(), Some("listVideos"));
        assert_eq!((error.status(), error.is_retryable()), (Some(200), false));
        assert!(error.to_string().contains("would not end"), "{error}");
    }
}

#[tokio::test]
async fn token_of_the_caller_is_where_the_list_begins() {
    let server = ScriptedServer::start([page(&["a"], Some("t2")), page(&["b"], None)]).await;
    let list = fixture(&server.client(), async |api| {
        api.list_videos(Some(2), Some("completed".into()), Some("t1"))
            .await
    });
    let mut items = list.page::<VideoDetail>().query("x", "a,b c").items();
    assert_eq!(items.token(), Some("t1"));
    assert_eq!(items.next().await.unwrap().unwrap().id, "a");
    assert_eq!(items.token(), Some("t2"));
    assert_eq!(items.next().await.unwrap().unwrap().id, "b");
    assert_eq!(items.token(), None);
    let expected = [
        "/v9/videos?limit=2&status=completed&token=t1&x=a%2Cb+c",
        "/v9/videos?limit=2&status=completed&x=a%2Cb+c&token=t2",
    ];
    assert_eq!(targets(&server), expected);
}

#[tokio::test]
async fn options_hold_for_each_page() {
    let server = ScriptedServer::start([
        page(&["a"], Some("t1")),
        Reply::retry_after(503, "0"),
        page(&["b"], Some("t2")),
        Reply::retry_after(503, "0"),
        page(&["c"], None),
    ])
    .await;
    let list = videos(&server).max_retries(1).header("x-trace", "t");
    let mut pages = list.pages();
    let mut attempts = Vec::new();
    while let Some(response) = pages.next_response().await {
        attempts.push(response.unwrap().attempts());
    }
    assert_eq!(attempts, [1, 2, 2]);
    for request in server.requests() {
        assert_eq!(request.header("x-trace"), Some("t"), "{request:?}");
        assert!(request.header("x-api-key").is_some());
    }
}

#[tokio::test]
async fn timeout_is_that_of_each_page() {
    let slow = Duration::from_millis(700);
    let pages = [Some("t1"), Some("t2"), None].map(|token| page(&["a"], token).delay(slow));
    let server = ScriptedServer::start(pages).await;
    let list = videos(&server).timeout(2 * slow + Duration::from_millis(600));
    assert_eq!(list.items().into_vec().await.unwrap().len(), 3);

    let silent = [page(&["a"], Some("t1")), Reply::silence()];
    let server = ScriptedServer::start(silent).await;
    let (found, failed) = drain(videos(&server).timeout(slow)).await;
    assert_eq!(found, ["a"]);
    assert!(failed.unwrap().is_timeout());
}

#[tokio::test]
async fn dropped_stream_requests_nothing_more() {
    let replies = ["t1", "t2", "t3"].map(|token| page(&["a", "b"], Some(token)));
    let server = ScriptedServer::start(replies).await;
    let mut items = videos(&server).items();
    for _ in 0..3 {
        items.next().await.unwrap().unwrap();
    }
    // The page that follows is asked for only when it is needed.
    items.next().await.unwrap().unwrap();
    drop(items);
    drop(videos(&server).items());
    drop(videos(&server).pages());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn dropped_future_of_an_item_loses_nothing() {
    let slow = page(&["b"], None).delay(Duration::from_millis(300));
    let server = ScriptedServer::start([page(&["a"], Some("t1")), slow]).await;
    let mut items = videos(&server).items();
    assert_eq!(items.next().await.unwrap().unwrap().id, "a");
    let soon = Duration::from_millis(20);
    let mut dropped = 0;
    let item = loop {
        match tokio::time::timeout(soon, items.next()).await {
            Ok(item) => break item,
            Err(_) => dropped += 1,
        }
    };
    assert_eq!(item.unwrap().unwrap().id, "b");
    assert!(dropped > 0 && items.next().await.is_none());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn hostile_pages_end_the_list_with_one_error() {
    let token = "t".repeat(1 << 17);
    let long = json!({"data": [{"id": "b"}], "next_token": token});
    let deep = format!(r#"{{"data":[{{"id":"b","layers":{}"#, "[".repeat(100_000));
    let endless = Reply::bytes("HTTP/1.1 200 OK\r\n\r\n{\"data\":[");
    for (hostile, found) in [
        (Reply::json(long.to_string()), 2),
        (Reply::json(deep), 1),
        (endless.repeat(r#"{"id":"b"},"#), 1),
        (
            Reply::response(302, &[("location", "https://evil.example/")], ""),
            1,
        ),
    ] {
        let server = ScriptedServer::start([page(&["a"], Some("t1")), hostile]).await;
        let client = server.builder().max_body_bytes(1 << 20).build().unwrap();
        let list = fixture(&client, async |api| api.list_videos(None, None, None).await);
        let (items, failed) = drain(list.page().max_retries(0)).await;
        assert_eq!(items.len(), found);
        let error = failed.unwrap();
        assert!(error.to_string().len() < 1000, "{error}");
    }
}

#[tokio::test]
async fn failed_page_ends_the_list_with_one_error() {
    let failures = [
        (Reply::response(500, &[], ""), ErrorKind::Api),
        (Reply::json("{}"), ErrorKind::Decode),
        (Reply::json(r#"{"data":[{"id":7}]}"#), ErrorKind::Decode),
        (
            Reply::json(r#"{"error":{"code":"x"},"data":[]}"#),
            ErrorKind::Api,
        ),
        (Reply::bytes("").close(), ErrorKind::Transport),
    ];
    for (failure, kind) in failures {
        let replies = [page(&["a"], Some("t1")), failure, page(&["b"], None)];
        let server = ScriptedServer::start(replies).await;
        let mut items = videos(&server).items();
        assert_eq!(items.next().await.unwrap().unwrap().id, "a");
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(items.next().await.is_none(), "{error}");
        assert!(items.next().await.is_none(), "{error}");
        // From here the list can be continued.
        assert_eq!(items.token(), Some("t1"));
        assert_eq!(server.requests().len(), 2, "{error}");
    }
}

#[tokio::test]
async fn list_that_cannot_be_requested_has_one_error() {
    let client = client(UNREACHABLE_URL);
    let list = || client.request(Method::GET, "/v3/x").page::<Value>();
    for list in [
        list().timeout(Duration::ZERO),
        list().header("x-api-key", "other"),
        client.request(Method::GET, "x").page::<Value>(),
    ] {
        let mut items = list.items();
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(items.next().await.is_none());
    }
    let error = list().items().into_vec().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}

#[tokio::test]
async fn vec_of_a_list_that_was_begun_has_the_rest() {
    let replies = [page(&["a", "b", "c"], Some("t1")), page(&["d"], None)];
    let server = ScriptedServer::start(replies).await;
    let mut items = videos(&server).items();
    assert_eq!(items.next().await.unwrap().unwrap().id, "a");
    assert_eq!(names(items.into_vec().await.unwrap()), ["b", "c", "d"]);
}

#[tokio::test]
async fn list_by_path_has_pages() {
    let server = ScriptedServer::start([page(&["a"], Some("t1")), page(&["b"], None)]).await;
    let list = server.client().request(Method::GET, "/v3/voices");
    let all = list.page::<Value>().items().into_vec().await.unwrap();
    assert_eq!(ids(&all), ["a", "b"]);
    assert_eq!(targets(&server), ["/v3/voices", "/v3/voices?token=t1"]);
}

#[tokio::test]
async fn streams_are_streams() {
    async fn count<S: futures_core::Stream<Item = Result<T, Error>> + Unpin, T>(
        mut stream: S,
    ) -> usize {
        let mut count = 0;
        let next = |stream: &mut S, context: &mut std::task::Context<'_>| {
            std::pin::Pin::new(stream).poll_next(context)
        };
        while let Some(item) = std::future::poll_fn(|context| next(&mut stream, context)).await {
            item.ok().unwrap();
            count += 1;
        }
        count
    }
    fn sends<T: Send + 'static>(value: T) -> T {
        value
    }
    let server = ScriptedServer::start([
        page(&["a", "b"], Some("t1")),
        page(&["c"], None),
        page(&["a", "b"], Some("t1")),
        page(&["c"], None),
    ])
    .await;
    assert_eq!(count(sends(videos(&server).items())).await, 3);
    assert_eq!(count(sends(videos(&server).pages())).await, 2);
    let task = tokio::spawn(videos(&server).items().into_vec());
    assert_eq!(names(task.await.unwrap().unwrap()), ["c"]);
}

#[tokio::test]
async fn page_without_items_is_a_decode_error() {
    for (body, field) in [
        ("{}", "data"),
        (r#"{"has_more":false,"next_token":null}"#, "data"),
        (r#"{"items":[{"id":"a"}],"has_more":false}"#, "data"),
        (r#"{"data":null}"#, "data"),
        (r#"{"data":{"id":"a"}}"#, "data"),
        (r#"{"data":"a"}"#, "data"),
        (r#"{"data":[],"next_token":{}}"#, "next_token"),
        (r#"{"data":[],"next_token":[]}"#, "next_token"),
        (r#"{"data":[],"next_token":true}"#, "next_token"),
        (r#"{"data":[],"has_more":"maybe"}"#, "has_more"),
        (r#"{"data":[],"has_more":[]}"#, "has_more"),
    ] {
        let server = ScriptedServer::start([Reply::json(body)]).await;
        let error = videos(&server).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}: {error}");
        assert_eq!(error.field(), Some(field), "{body}: {error}");
    }
    for body in ["", "[]", "7", "null", "<html>", r#"{"data":["#] {
        let server = ScriptedServer::start([Reply::json(body)]).await;
        let error = videos(&server).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}: {error}");
    }
    let body = r#"{"code":"avatar_not_found","message":"gone"}"#;
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let error = videos(&server).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn item_that_does_not_fit_is_named_by_its_index() {
    for (body, field) in [
        (r#"{"data":[{"id":"a"},{"id":7}]}"#, "data[1].id"),
        (r#"{"data":[{"id":"a"},null,{"status":"x"}]}"#, "data[2].id"),
        (r#"{"has_more":false,"data":[{"id":"a"},7]}"#, "data[1]"),
        (r#"{"data":[[]]}"#, "data[0]"),
        (
            r#"{"data":[{"id":"a","layers":[{"kind":"text","text":7}]}]}"#,
            "data[0].layers[0].text",
        ),
    ] {
        let server = ScriptedServer::start([Reply::json(body)]).await;
        let error = videos(&server).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}: {error}");
        assert_eq!(error.field(), Some(field), "{body}: {error}");
        assert!(error.to_string().contains(field), "{error}");
    }
}
