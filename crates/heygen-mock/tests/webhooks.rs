//! Deliveries to endpoints and to the URLs of jobs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use heygen_mock::MockServer;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use support::bodies::{agent, kinds, video};
use support::receiver::{Received, Receiver};
use support::{create, data, delete, fetch, post, send};

const HOUR: Duration = Duration::from_secs(3600);

async fn stopped() -> MockServer {
    MockServer::builder().speed(0.0).start().await.unwrap()
}

async fn register(server: &MockServer, url: &str, events: Value) -> Value {
    let body = json!({"url": url, "events": events});
    create(server, "/v3/webhooks/endpoints", body).await
}

/// Whether the signature is that of the body with the secret's text.
fn is_signed_with(delivery: &Received, secret: &Value) -> bool {
    let sent = delivery.header("heygen-signature").unwrap();
    assert_eq!(sent.len(), 64);
    let bytes = (0..32).map(|at| u8::from_str_radix(&sent[2 * at..2 * at + 2], 16).unwrap());
    let mut mac =
        Hmac::<sha2::Sha256>::new_from_slice(secret.as_str().unwrap().as_bytes()).unwrap();
    mac.update(&delivery.body);
    mac.verify_slice(&bytes.collect::<Vec<u8>>()).is_ok()
}

/// Waits until the mock has made so many deliveries, or given them up.
async fn made(server: &MockServer, number: usize) {
    for _ in 0..500 {
        let made = server.deliveries().into_iter().filter(|delivery| {
            delivery.is_delivered() || delivery.problem().is_some() || delivery.attempts() == 4
        });
        if made.count() >= number {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{:?}", server.deliveries());
}

#[tokio::test]
async fn endpoint_gets_a_signed_event_when_a_job_ends() {
    let server = stopped().await;
    let receiver = Receiver::start(&[]).await;
    let endpoint = register(
        &server,
        &format!("{}/hook?a=1", receiver.url),
        json!(["avatar_video.success"]),
    )
    .await;
    assert!(endpoint["secret"].as_str().unwrap().starts_with("whsec_"));
    let mut body = video();
    body["callback_id"] = json!("order-1");
    let id = create(&server, "/v3/videos", body).await["video_id"].take();
    assert!(server.deliveries().is_empty());
    server.advance(HOUR);

    let delivery = receiver.wait(1).await.remove(0);
    assert_eq!(delivery.path, "/hook?a=1");
    assert!(is_signed_with(&delivery, &endpoint["secret"]));
    let sent: u64 = delivery
        .header("heygen-timestamp")
        .unwrap()
        .parse()
        .unwrap();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert!(now.abs_diff(sent) < 60, "the time of a delivery is real");
    let event = delivery.json();
    assert_eq!(event["event_type"], "avatar_video.success");
    assert_eq!(
        event["event_id"],
        delivery.header("heygen-event-id").unwrap()
    );
    assert_eq!(
        (
            &event["event_data"]["video_id"],
            &event["event_data"]["callback_id"]
        ),
        (&id, &json!("order-1"))
    );
    let link = event["event_data"]["url"].as_str().unwrap();
    assert_eq!(fetch(&server, link, &[]).await.status(), 200);

    made(&server, 1).await;
    let deliveries = server.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert!(deliveries[0].is_signed() && deliveries[0].is_delivered());
    assert_eq!(
        (deliveries[0].attempts(), deliveries[0].status()),
        (1, Some(200))
    );
    assert_eq!(deliveries[0].body(), delivery.body);
}

#[tokio::test]
async fn endpoint_gets_its_events_only() {
    let server = stopped().await;
    let receiver = Receiver::start(&[]).await;
    let url = |path: &str| format!("{}{path}", receiver.url);
    register(&server, &url("/fail"), json!(["avatar_video.fail"])).await;
    register(&server, &url("/all"), Value::Null).await;
    let gone = register(&server, &url("/gone"), Value::Null).await;
    let path = format!(
        "/v3/webhooks/endpoints/{}",
        gone["endpoint_id"].as_str().unwrap()
    );
    assert_eq!(delete(&server, &path).await.status(), 200);
    server.job("video").fail("x", "It rained.").times(1);
    for _ in 0..2 {
        create(&server, "/v3/videos", video()).await;
    }
    server.advance(HOUR);
    made(&server, 3).await;
    let mut found: Vec<_> = receiver
        .received()
        .iter()
        .map(|delivery| {
            (
                delivery.path.clone(),
                delivery.json()["event_type"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    found.sort();
    let pair = |path: &str, event: &str| (path.to_owned(), event.to_owned());
    let expected = [
        pair("/all", "avatar_video.fail"),
        pair("/all", "avatar_video.success"),
        pair("/fail", "avatar_video.fail"),
    ];
    assert_eq!(found, expected);
    let failed = receiver
        .received()
        .into_iter()
        .find(|delivery| delivery.path == "/fail");
    assert_eq!(failed.unwrap().json()["event_data"]["msg"], "It rained.");
}

#[tokio::test]
async fn secret_is_shown_once_and_rotated() {
    let server = stopped().await;
    let receiver = Receiver::start(&[]).await;
    let endpoint = register(&server, &receiver.url, Value::Null).await;
    let other = register(&server, &receiver.url, json!(["video_agent.fail"])).await;
    assert_ne!(endpoint["secret"], other["secret"]);
    let id = endpoint["endpoint_id"].as_str().unwrap();
    let list = data(&server, "/v3/webhooks/endpoints?limit=100").await;
    let listed = list
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["endpoint_id"] == id)
        .unwrap();
    assert_eq!(listed["secret"], Value::Null);
    let path = format!("/v3/webhooks/endpoints/{id}/rotate-secret");
    let rotated = create(&server, &path, json!({})).await;
    assert_eq!(rotated["endpoint_id"], id);
    assert_ne!(rotated["secret"], endpoint["secret"]);
    create(&server, "/v3/videos", video()).await;
    server.advance(HOUR);
    let delivery = receiver.wait(1).await.remove(0);
    assert!(is_signed_with(&delivery, &rotated["secret"]));
    assert!(!is_signed_with(&delivery, &endpoint["secret"]));
}

#[tokio::test]
async fn event_is_delivered_again_until_it_is_accepted() {
    let server = stopped().await;
    let receiver = Receiver::start(&[500, 302]).await;
    register(&server, &receiver.url, Value::Null).await;
    create(&server, "/v3/videos", video()).await;
    server.advance(HOUR);
    let attempts = receiver.wait(3).await;
    let ids: Vec<_> = attempts
        .iter()
        .map(|delivery| delivery.header("heygen-event-id"))
        .collect();
    assert!(
        ids.iter().all(|id| id.is_some() && *id == ids[0]),
        "{ids:?}"
    );
    made(&server, 1).await;
    assert_eq!(server.deliveries()[0].attempts(), 3);

    let refusing = Receiver::start(&[500; 9]).await;
    let update = json!({"url": refusing.url}).to_string();
    let id = data(&server, "/v3/webhooks/endpoints?limit=100").await;
    let id = id
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["url"] == *receiver.url)
        .unwrap()["endpoint_id"]
        .clone();
    let path = format!("/v3/webhooks/endpoints/{}", id.as_str().unwrap());
    let headers = [("x-api-key", "k"), ("content-type", "application/json")];
    let updated = send(&server, "PATCH", &path, &headers, update.as_bytes())
        .await
        .unwrap();
    assert_eq!(updated.status(), 200, "{}", updated.text());
    create(&server, "/v3/videos", video()).await;
    server.advance(HOUR);
    made(&server, 2).await;
    let given_up = &server.deliveries()[1];
    assert_eq!((given_up.attempts(), given_up.status()), (4, Some(500)));
    assert!(!given_up.is_delivered());
    assert_eq!(refusing.received().len(), 4);
}

#[tokio::test]
async fn url_of_a_job_gets_an_unsigned_event() {
    let server = stopped().await;
    let receiver = Receiver::start(&[]).await;
    let mut body = video();
    body["callback_url"] = json!(format!("{}/done?token=t", receiver.url));
    body["callback_id"] = json!("order-2");
    create(&server, "/v3/videos", body).await;
    server.advance(HOUR);
    let delivery = receiver.wait(1).await.remove(0);
    assert_eq!(delivery.path, "/done?token=t");
    assert!(
        delivery
            .headers
            .iter()
            .all(|(name, _)| !name.starts_with("heygen-")),
        "{delivery:?}"
    );
    assert_eq!(delivery.json()["event_data"]["callback_id"], "order-2");
    assert!(!server.deliveries()[0].is_signed());
}

#[tokio::test]
async fn mock_never_calls_another_computer() {
    let server = stopped().await;
    register(&server, "https://example.com/hook", Value::Null).await;
    let mut body = video();
    body["callback_url"] = json!("http://192.0.2.1/done");
    create(&server, "/v3/videos", body).await;
    server.advance(HOUR);
    made(&server, 2).await;
    let deliveries = server.deliveries();
    assert_eq!(deliveries.len(), 2);
    for delivery in deliveries {
        assert_eq!((delivery.attempts(), delivery.is_delivered()), (0, false));
        assert!(
            delivery.problem().unwrap().contains("127.0.0.1"),
            "{delivery:?}"
        );
    }
}

#[tokio::test]
async fn events_are_named_as_the_list_of_types_has_them() {
    let types = data(&stopped().await, "/v3/webhooks/event-types").await;
    assert!(types.as_array().is_some_and(|types| !types.is_empty()));
    for (name, event) in [
        ("agent_session", "video_agent.success"),
        ("translation", "video_translate.success"),
        ("proofread", "proofread_creation.success"),
        ("clipping", "ai_clipping.success"),
        ("filler word removal", "filler_word_removal.success"),
        ("render", "hyperframes_video.success"),
        ("avatar", "photo_avatar_generation.success"),
    ] {
        let server = stopped().await;
        register(&server, "http://example.com/", Value::Null).await;
        let kind = kinds().into_iter().find(|kind| kind.name == name).unwrap();
        create(&server, kind.create, kind.body).await;
        server.advance(Duration::from_secs(900));
        made(&server, 1).await;
        let events: Vec<_> = server
            .deliveries()
            .iter()
            .map(|delivery| delivery.event_type().to_owned())
            .collect();
        assert!(events.contains(&event.to_owned()), "{name}: {events:?}");
    }
}

#[tokio::test]
async fn endpoint_may_be_for_one_object() {
    let server = stopped().await;
    let id = |value: Value| value.as_str().unwrap().to_owned();
    let first = id(create(&server, "/v3/videos", video()).await["video_id"].take());
    create(&server, "/v3/videos", video()).await;
    let body = json!({"url": "http://example.com/", "entity_id": first});
    let endpoint = create(&server, "/v3/webhooks/endpoints", body).await;
    let rotate = format!(
        "/v3/webhooks/endpoints/{}/rotate-secret",
        id(endpoint["endpoint_id"].clone())
    );
    create(&server, &rotate, json!({})).await;
    server.advance(HOUR);
    made(&server, 1).await;
    let bodies: Vec<Value> = server
        .deliveries()
        .iter()
        .map(|delivery| serde_json::from_slice(delivery.body()).unwrap())
        .collect();
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0]["event_data"]["video_id"], first);
}

#[tokio::test]
async fn deleted_job_has_no_event() {
    let server = stopped().await;
    register(&server, "http://example.com/", Value::Null).await;
    for _ in 0..2 {
        create(&server, "/v3/videos", video()).await;
    }
    let list = data(&server, "/v3/videos?limit=1").await;
    let path = format!("/v3/videos/{}", list[0]["id"].as_str().unwrap());
    assert_eq!(delete(&server, &path).await.status(), 200);
    server.advance(HOUR);
    made(&server, 1).await;
    assert_eq!(server.deliveries().len(), 1);
}

#[tokio::test]
async fn reset_forgets_deliveries_and_jobs() {
    let server = stopped().await;
    register(&server, "http://example.com/", Value::Null).await;
    create(&server, "/v3/videos", video()).await;
    server.advance(HOUR);
    made(&server, 1).await;
    create(&server, "/v3/videos", video()).await;
    server.job("video").get_stuck();
    server.reset();
    assert!(server.deliveries().is_empty());
    server.advance(HOUR);
    let id = create(&server, "/v3/videos", video()).await["video_id"].take();
    server.advance(HOUR);
    let read = data(&server, &format!("/v3/videos/{}", id.as_str().unwrap())).await;
    assert_eq!(read["status"], "completed");
    assert!(server.deliveries().is_empty());
}

#[tokio::test]
async fn batch_tells_when_all_items_are_done() {
    let server = stopped().await;
    register(&server, "http://example.com/", json!(["batch.finished"])).await;
    let batch = create(
        &server,
        "/v3/videos/batches",
        json!({"videos": [video(), video()]}),
    )
    .await;
    server.advance(Duration::from_secs(301));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(server.deliveries().is_empty());
    server.advance(HOUR);
    made(&server, 1).await;
    let event: Value = serde_json::from_slice(server.deliveries()[0].body()).unwrap();
    assert_eq!(event["event_data"]["batch_id"], batch["batch_id"]);
}

#[tokio::test]
async fn events_can_be_listed() {
    let server = stopped().await;
    let session = create(&server, "/v3/video-agents", agent()).await;
    server.advance(HOUR);
    let events = data(&server, "/v3/webhooks/events?limit=100").await;
    let found = events
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["event_data"]["session_id"] == session["session_id"]);
    assert_eq!(found.unwrap()["event_type"], "video_agent.success");
    assert_eq!(
        post(&server, "/v3/webhooks/endpoints", &json!({}))
            .await
            .status(),
        400
    );
}

#[tokio::test]
async fn burst_of_events_arrives_as_a_whole() {
    const JOBS: usize = 1_100;
    let server = stopped().await;
    let receiver = Receiver::start(&[]).await;
    let mut body = video();
    body["callback_url"] = json!(receiver.url);
    for _ in 0..JOBS {
        create(&server, "/v3/videos", body.clone()).await;
    }
    server.advance(HOUR);
    let arrived = receiver.wait(JOBS).await;
    let mut ids: Vec<_> = arrived
        .iter()
        .map(|delivery| delivery.json()["event_data"]["video_id"].to_string())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), JOBS);
}
