//! The handles of resources: what each kind of method sends, and what it returns.

use fixture_api::v9::resources::{GetVideoBatch, ListVideoScenes, ListVideos, ListVoices, V9};
use fixture_api::v9::types::{
    CloneVoiceForm, ListVoicesType, Publication, SceneChange, UploadAssetForm, VideoStatus,
};
use heygen::{Client, ErrorKind};
use heygen_tests::client::{core, new_video};
use heygen_tests::scripted::{RecordedRequest, Reply, ScriptedServer};
use serde_json::{Value, json};

const VIDEO: &str = r#"{"data":{"id":"v1"}}"#;

fn v9(client: &Client) -> V9<'_> {
    V9::new(core(client))
}

/// The one request that a server got.
fn sent(server: &ScriptedServer) -> RecordedRequest {
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests[0].clone()
}

fn line(server: &ScriptedServer) -> String {
    let line = sent(server).line;
    line.trim_end_matches(" HTTP/1.1").to_owned()
}

fn json_of(request: &RecordedRequest) -> Value {
    assert_eq!(request.header("content-type"), Some("application/json"));
    serde_json::from_slice(&request.body).unwrap()
}

#[tokio::test]
async fn body_is_sent_and_data_returned() {
    let body = r#"{"data":{"video_id":"v1","status":"waiting"}}"#;
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let client = server.client();
    let made = v9(&client).videos().create(new_video()).await.unwrap();
    assert_eq!(made.video_id, "v1");
    let request = sent(&server);
    assert_eq!(request.line, "POST /v9/videos HTTP/1.1");
    assert_eq!(json_of(&request), json!(new_video()));
    assert!(request.header("idempotency-key").is_some());
}

#[tokio::test]
async fn query_may_be_left_out() {
    let server = ScriptedServer::start([Reply::json(r#"{"data":[{"id":"v1"}]}"#)]).await;
    let client = server.client();
    let videos = v9(&client).videos();
    let page = videos.list(None).await.unwrap();
    assert_eq!(page.items[0].id, "v1");
    assert_eq!((page.next_token, page.has_more), (None, false));
    assert_eq!(line(&server), "GET /v9/videos");
    let query = ListVideos::new()
        .status(VideoStatus::Completed)
        .limit(5)
        .token("a b");
    videos.list(query).await.unwrap();
    let target = server.requests()[1].target().to_owned();
    assert_eq!(target, "/v9/videos?limit=5&status=completed&token=a+b");
}

#[tokio::test]
async fn parameters_reach_their_own_place() {
    let server = ScriptedServer::start([Reply::json(r#"{"data":[{"id":"a"}]}"#)]).await;
    let client = server.client();
    let query = ListVoices::new("en")
        .token("t")
        .x_source("tests")
        .tags(["a", "b"])
        .kinds(["x", "y"])
        .min_score(0.5)
        .type_(ListVoicesType::Private);
    v9(&client).voices().list(query).await.unwrap();
    let request = sent(&server);
    let target = request.target();
    let mut pairs: Vec<&str> = target.split_once('?').unwrap().1.split('&').collect();
    pairs.sort_unstable();
    let wanted = [
        "kinds=x",
        "kinds=y",
        "language=en",
        "min-score=0.5",
        "tags=a%2Cb",
        "token=t",
        "type=private",
    ];
    assert_eq!(pairs, wanted);
    assert_eq!(request.header("x-source"), Some("tests"));
}

#[tokio::test]
async fn what_is_not_set_is_not_sent() {
    let server = ScriptedServer::start([Reply::json(r#"{"data":[]}"#)]).await;
    let client = server.client();
    let voices = v9(&client).voices();
    voices.list(ListVoices::new("en")).await.unwrap();
    assert_eq!(line(&server), "GET /v9/voices?language=en");
    assert_eq!(sent(&server).header("x-source"), None);
}

#[tokio::test]
async fn items_of_all_pages_are_those_of_the_operation() {
    let pages = [
        r#"{"data":{"scenes":[{"id":"a"}],"next":"t1","more":true}}"#,
        r#"{"data":{"scenes":[{"id":"b"}],"more":false}}"#,
    ];
    let server = ScriptedServer::start(pages.map(Reply::json)).await;
    let client = server.client();
    let scenes = v9(&client).videos().scenes();
    let mut items = scenes.list("v1", ListVideoScenes::new()).items();
    let mut ids = Vec::new();
    while let Some(scene) = items.next().await {
        ids.push(scene.unwrap().id);
    }
    assert_eq!(ids, ["a", "b"]);
    let targets = server.requests();
    let targets: Vec<&str> = targets.iter().map(RecordedRequest::target).collect();
    assert_eq!(
        targets,
        ["/v9/videos/v1/scenes", "/v9/videos/v1/scenes?cursor=t1"]
    );
}

#[tokio::test]
async fn model_with_more_than_items_is_paged_too() {
    let pages = [
        r#"{"data":{"id":"b1","total":2,"items":[{"id":"a"}],"next_token":"t1","has_more":true}}"#,
        r#"{"data":{"id":"b1","total":2,"items":[{"id":"b"}],"has_more":false}}"#,
    ];
    let server = ScriptedServer::start([pages[0], pages[0], pages[1]].map(Reply::json)).await;
    let client = server.client();
    let batches = v9(&client).videos().batches();
    let batch = batches.get("b1", None).await.unwrap();
    assert_eq!((batch.id.as_str(), batch.total), ("b1", Some(2)));
    let mut items = batches.get("b1", GetVideoBatch::new()).items();
    let mut ids = Vec::new();
    while let Some(video) = items.next().await {
        ids.push(video.unwrap().id);
    }
    assert_eq!(ids, ["a", "b"]);
    let last = server.requests()[2].target().to_owned();
    assert_eq!(last, "/v9/videos/batches/b1?token=t1");
}

#[tokio::test]
async fn path_arguments_are_in_the_order_of_the_path() {
    let server = ScriptedServer::start([Reply::json(r#"{"data":{"id":"s"}}"#)]).await;
    let client = server.client();
    let change = SceneChange::new("Hello");
    let scenes = v9(&client).videos().scenes();
    scenes.update("a/b", 7, change).await.unwrap();
    let request = sent(&server);
    assert_eq!(request.line, "PATCH /v9/videos/a%2Fb/scenes/7 HTTP/1.1");
    assert_eq!(json_of(&request), json!({"text": "Hello"}));
}

#[tokio::test]
async fn optional_body_may_be_left_out() {
    let server = ScriptedServer::start([Reply::response(202, &[], VIDEO)]).await;
    let client = server.client();
    let videos = v9(&client).videos();
    videos.publish("v1", None).await.unwrap();
    let publication = Publication::new().note("now");
    videos.publish("v1", publication).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].line, "POST /v9/videos/v1/publish HTTP/1.1");
    assert_eq!(requests[0].header("content-type"), None);
    assert!(requests[0].body.is_empty());
    assert_eq!(json_of(&requests[1]), json!({"note": "now"}));
}

#[tokio::test]
async fn form_is_sent_in_parts() {
    let server = ScriptedServer::start([Reply::response(201, &[], r#"{"data":{"id":"v"}}"#)]).await;
    let client = server.client();
    let form = CloneVoiceForm::new(vec![1, 2, 3]).name("Mine");
    let voice = v9(&client).voices().clone_voice(form).await.unwrap();
    assert_eq!(voice.id, "v");
    let request = sent(&server);
    assert_eq!(request.line, "POST /v9/voices/clone HTTP/1.1");
    let content_type = request.header("content-type").unwrap();
    assert!(
        content_type.starts_with("multipart/form-data; boundary="),
        "{content_type}"
    );
    let body = String::from_utf8_lossy(&request.body);
    assert!(
        body.contains("\u{1}\u{2}\u{3}") && body.contains("Mine"),
        "{body}"
    );
}

#[tokio::test]
async fn optional_form_may_be_left_out() {
    let server = ScriptedServer::start([Reply::json(r#"{"data":{"asset_id":"a"}}"#)]).await;
    let client = server.client();
    let assets = v9(&client).assets();
    assets.create(None).await.unwrap();
    let form = UploadAssetForm::new().file(vec![1]);
    assets.create(form).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("content-type"), None);
    assert!(requests[0].body.is_empty());
    let content_type = requests[1].header("content-type").unwrap();
    assert!(
        content_type.starts_with("multipart/form-data"),
        "{content_type}"
    );
}

#[tokio::test]
async fn bytes_are_sent_and_received() {
    let replies = [
        Reply::response(204, &[], ""),
        Reply::response(200, &[], [0, 159]),
    ];
    let server = ScriptedServer::start(replies).await;
    let client = server.client();
    let videos = v9(&client).videos();
    videos.subtitles().update("v1", vec![0, 255]).await.unwrap();
    let file = videos.file().get("v1").await.unwrap();
    assert_eq!(file.as_ref(), [0, 159]);
    let requests = server.requests();
    assert_eq!(requests[0].line, "PUT /v9/videos/v1/subtitles HTTP/1.1");
    assert_eq!(requests[0].body, [0, 255]);
    let content_type = requests[0].header("content-type");
    assert_eq!(content_type, Some("application/octet-stream"));
    assert_eq!(requests[1].line, "GET /v9/videos/v1/file HTTP/1.1");
}

#[tokio::test]
async fn response_without_body_is_nothing() {
    let server = ScriptedServer::start([Reply::response(204, &[], "")]).await;
    let client = server.client();
    v9(&client).videos().delete("v1").await.unwrap();
    assert_eq!(line(&server), "DELETE /v9/videos/v1");
}

#[tokio::test]
async fn argument_that_would_change_the_path_is_refused() {
    let server = ScriptedServer::start([Reply::json(VIDEO)]).await;
    let client = server.client();
    let videos = v9(&client).videos();
    for id in ["", ".", "..", "a\nb"] {
        let change = SceneChange::new("Hello");
        for error in [
            videos.get(id).await.unwrap_err(),
            videos.delete(id).await.unwrap_err(),
            videos.file().get(id).await.unwrap_err(),
            videos.publish(id, None).await.unwrap_err(),
            videos.scenes().update(id, 1, change).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
            assert!(error.to_string().contains("video_id"), "{error}");
        }
    }
    assert!(server.requests().is_empty());
}

#[test]
fn handles_are_copied_and_print_no_key() {
    let client = Client::new("sk_secret").unwrap();
    let scenes = v9(&client).videos().scenes();
    let copy = scenes;
    assert!(!format!("{scenes:?} {copy:?}").contains("sk_secret"));
}
