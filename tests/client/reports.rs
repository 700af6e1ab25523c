//! Responses that users of other clients have reported to break them.

use heygen::v3::{CreateVideoAgent, TemplateValue, VideoStatus};
use heygen::{Client, ErrorKind};
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde_json::{Value, json};

/// A client of a server with one response, which lives as long as it is held.
async fn responding(body: Value) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start([Reply::json(body.to_string())]).await;
    let client = server.client();
    (server, client)
}

#[tokio::test]
async fn failed_video_has_little_to_say() {
    let video =
        json!({"created_at": 1_790_000_000, "id": "v1", "status": "failed", "title": "Hello"});
    let (_server, client) = responding(json!({ "data": video })).await;
    let read = client.v3().videos().get("v1").await.unwrap();
    assert_eq!(read.status, VideoStatus::Failed);
    assert_eq!(
        (read.failure_code.as_ref(), read.failure_message.as_ref()),
        (None, None)
    );
    assert_eq!((read.video_url.as_ref(), read.duration), (None, None));
    assert_eq!(serde_json::to_value(&read).unwrap(), video);
}

#[tokio::test]
async fn voice_has_no_preview() {
    let voices = json!([
        {"voice_id": "a", "name": "Ada", "preview_audio_url": null},
        {"voice_id": "b", "name": "Bob", "preview_audio_url": "https://example.com/b.mp3"},
    ]);
    let (_server, client) =
        responding(json!({"data": voices, "has_more": false, "next_token": null})).await;
    let page = client.v3().voices().list(None).await.unwrap();
    let previews: Vec<_> = page
        .items
        .iter()
        .map(|voice| voice.preview_audio_url.as_deref())
        .collect();
    assert_eq!(previews, [None, Some("https://example.com/b.mp3")]);
}

#[tokio::test]
async fn error_beside_data_is_an_error() {
    let body = json!({
        "data": {"id": "v1", "status": "completed"},
        "error": {"code": "internal_error", "message": "The video is gone."},
    });
    let (_server, client) = responding(body).await;
    let error = client.v3().videos().get("v1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.status(), Some(200));
    assert_eq!(error.code(), Some("internal_error"));
    assert_eq!(error.message(), "The video is gone.");
}

#[tokio::test]
async fn agent_has_no_video_yet() {
    let data = json!({"session_id": "s1", "status": "thinking", "video_id": null, "created_at": 1});
    let (_server, client) = responding(json!({ "data": data })).await;
    let body = CreateVideoAgent::new("A video about tea.");
    let made = client.v3().video_agents().create(body).await.unwrap();
    assert_eq!(
        (made.session_id.as_str(), made.video_id.as_deref()),
        ("s1", None)
    );
}

#[tokio::test]
async fn status_is_a_word_that_nobody_knows() {
    let (_server, client) = responding(json!({"data": {"id": "v1", "status": "queued"}})).await;
    let video = client.v3().videos().get("v1").await.unwrap();
    assert_eq!(video.status, "queued");
    assert_eq!(video.status.to_string(), "queued");
    assert!(!VideoStatus::KNOWN.contains(&video.status.as_str()));
}

#[tokio::test]
async fn status_is_missing() {
    for video in [json!({"id": "v1"}), json!({"id": "v1", "status": null})] {
        let (_server, client) = responding(json!({ "data": video })).await;
        let video = client.v3().videos().get("v1").await.unwrap();
        assert_eq!(video.status, "");
    }
}

#[tokio::test]
async fn webhook_events_are_of_unknown_types() {
    let types = json!([{"event_type": "avatar_video.paused", "description": "A video is paused."}]);
    let (_server, client) = responding(json!({ "data": types })).await;
    let types = client.v3().webhooks().event_types().list().await.unwrap();
    let unknown = "avatar_video.paused";
    assert_eq!(types[0].event_type, Some(unknown.into()));

    let events = json!([{"event_id": "e1", "event_type": "avatar_video.paused", "event_data": {"new": [1]}}]);
    let (_server, client) = responding(json!({ "data": events })).await;
    let page = client.v3().webhooks().events().list(None).await.unwrap();
    assert_eq!(page.items[0].event_type, Some(unknown.into()));

    let endpoints = json!([{"endpoint_id": "w1", "events": ["avatar_video.paused"]}]);
    let (_server, client) = responding(json!({ "data": endpoints })).await;
    let page = client.v3().webhooks().endpoints().list(None).await.unwrap();
    assert_eq!(page.items[0].events.as_deref().unwrap(), [unknown]);
}

#[tokio::test]
async fn template_has_variables_of_an_unknown_type() {
    let variables = json!({
        "name": {"type": "text", "content": "Ada"},
        "chart": {"type": "chart", "values": [1, 2]},
    });
    let template = json!({"id": "t1", "variables": variables});
    let (_server, client) = responding(json!({ "data": template })).await;
    let read = client.v3().templates().get("t1").await.unwrap();
    let read = read.variables.unwrap();
    assert!(
        matches!(&read["name"], TemplateValue::Text(text) if text.content.as_deref() == Some("Ada"))
    );
    assert_eq!(serde_json::to_value(&read).unwrap(), variables);
}

#[tokio::test]
async fn quota_has_no_details() {
    let body = json!({"error": null, "data": {"remaining_quota": 60, "details": {}}});
    let (_server, client) = responding(body).await;
    let quota = client.v2().users().remaining_quota().await.unwrap();
    assert_eq!(quota.remaining_quota, Some(60));
    assert!(quota.details.unwrap().is_empty());
}
