//! The shape of the client, as a program meets it.

use heygen::httpmock::v2::MockServerExt as _;
use heygen::httpmock::{MockServer, error};
use heygen::v2::AvatarDetails;
use heygen::{Client, Request};
use serde_json::json;

use crate::server::{Act, KEY, Server, ask};

/// The vendor's own example of an answer.
const EXAMPLE: &str = r#"{
  "error": null,
  "data": {
    "type": "avatar",
    "id": "Abigail_standing_office_front",
    "name": "Abigail Office Front",
    "gender": "female",
    "preview_image_url": "https://files2.heygen.ai/avatar/v3/463208b6cad140d2b263535826838e3a_39240/preview_target.webp",
    "preview_video_url": "https://files2.heygen.ai/avatar/v3/463208b6cad140d2b263535826838e3a_39240/preview_video_target.mp4",
    "premium": false,
    "is_public": true,
    "default_voice_id": "16a09e4706f74997ba4ed05ea11470f6",
    "tags": ["NEW", "AVATAR_IV"]
  }
}"#;

#[tokio::test]
async fn the_example_of_the_vendor_is_read() {
    let server = Server::start([Act::json(EXAMPLE)]).await;
    let avatar = server
        .client()
        .v2()
        .avatars()
        .details("Abigail_standing_office_front")
        .await
        .unwrap();
    assert_eq!(avatar.id, "Abigail_standing_office_front");
    assert_eq!(avatar.name.as_deref(), Some("Abigail Office Front"));
    assert_eq!(avatar.gender.as_deref(), Some("female"));
    assert_eq!(
        avatar.default_voice_id.as_deref(),
        Some("16a09e4706f74997ba4ed05ea11470f6")
    );
    assert_eq!(
        (avatar.premium, avatar.is_public),
        (Some(false), Some(true))
    );
    assert_eq!(avatar.tags.unwrap(), ["NEW", "AVATAR_IV"]);
}

#[tokio::test]
async fn what_may_be_absent_may_be_absent() {
    let example: serde_json::Value = serde_json::from_str(EXAMPLE).unwrap();
    let mut bodies = Vec::new();
    for name in example["data"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| *name != "id")
    {
        let mut absent = example.clone();
        absent["data"].as_object_mut().unwrap().remove(name);
        let mut null = example.clone();
        null["data"][name] = json!(null);
        bodies.extend([absent, null]);
    }
    let mut more = example.clone();
    more.as_object_mut().unwrap().remove("error");
    more["new"] = json!({"a": [1]});
    more["data"]["new"] = json!([{}]);
    more["data"]["type"] = json!("hologram");
    more["warning"] = json!({"message": "old", "new": 1});
    bodies.push(more);
    let server = Server::start(bodies.iter().map(|body| Act::json(body.to_string()))).await;
    let client = server.client();
    for body in bodies {
        let result = ask(&client).await;
        assert!(result.is_ok(), "{body}: {result:?}");
    }
}

#[tokio::test]
async fn a_mark_before_json_is_accepted() {
    let server = Server::start([Act::json(format!("\u{feff}{EXAMPLE}"))]).await;
    assert!(server.ask().await.is_ok());
}

#[tokio::test]
async fn an_answer_comes_with_what_is_known_about_it() {
    let body = r#"{"error":null,"data":{"id":"a1"},"warning":{"message":"going away","v3_endpoint":"GET /v3/avatars/looks/{look_id}","docs_url":"https://developers.heygen.com","sunset_date":"2026-10-31"}}"#;
    let headers = [
        ("x-request-id", "req-1"),
        ("deprecation", "true"),
        ("sunset", "Sat, 31 Oct 2026 00:00:00 GMT"),
        ("x-more", "1"),
    ];
    let server = Server::start([Act::answer(200, &headers, body)]).await;
    let answer = server.ask().await.unwrap();
    assert_eq!((answer.status(), answer.attempts()), (200, 1));
    assert_eq!(answer.request_id(), Some("req-1"));
    assert_eq!(answer.headers()["x-more"], "1");
    assert_eq!(answer.body(), body.as_bytes());
    assert_eq!(answer.id, "a1");
    let notice = answer.notice().unwrap();
    assert_eq!(notice.message.as_deref(), Some("going away"));
    assert_eq!(notice.deprecation.as_deref(), Some("true"));
    assert_eq!(
        notice.sunset.as_deref(),
        Some("Sat, 31 Oct 2026 00:00:00 GMT")
    );
    assert_eq!(
        notice.successor.as_deref(),
        Some("GET /v3/avatars/looks/{look_id}")
    );
    assert_eq!(answer.into_inner().id, "a1");

    let server = Server::start([Act::avatar()]).await;
    let answer = server.ask().await.unwrap();
    assert!(answer.notice().is_none() && answer.request_id().is_none());
}

#[tokio::test]
async fn a_call_may_have_its_own_headers() {
    let server = Server::start([Act::avatar()]).await;
    let request = server.client().v2().avatars().details("a1");
    request
        .header("X-Trace", "t1")
        .header("User-Agent", "mine/1")
        .await
        .unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.header("x-trace"), Some("t1"));
    assert_eq!(seen.header("user-agent"), Some("mine/1"));

    let client = server.builder().user_agent("ours/2").build().unwrap();
    ask(&client).await.unwrap();
    assert_eq!(server.seen()[1].header("user-agent"), Some("ours/2"));
}

#[tokio::test]
async fn a_call_outlives_its_client_and_moves_between_tasks() {
    let server = Server::start([Act::avatar()]).await;
    let calls: Vec<_> = (0..32)
        .map(|number| {
            let client = server.client();
            let request = client.v2().avatars().details(format!("a{number}"));
            drop(client);
            tokio::spawn(request.into_future())
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().id, "a1");
    }
    assert_eq!(server.seen().len(), 32);
}

#[tokio::test]
async fn calls_share_a_connection() {
    let server = Server::start([Act::avatar()]).await;
    let client = server.client();
    for _ in 0..5 {
        client.clone().v2().avatars().details("a1").await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn requests_are_small_and_clients_travel() {
    fn travels<T: Send + Sync + Clone + 'static>() {}
    fn sends<T: Send>(value: T) -> T {
        value
    }
    travels::<Client>();
    assert!(
        size_of::<Request<AvatarDetails>>() < 512,
        "{}",
        size_of::<Request<AvatarDetails>>()
    );
    let client = Client::builder()
        .api_key(KEY)
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    drop(sends(client.v2().avatars().details("a1")));
    drop(sends(client.v2().avatars().details("a1").into_future()));
    drop(sends(client.v2().avatars().details("a1").with_response()));
}

#[tokio::test]
async fn a_program_can_mock_the_api() {
    let server = MockServer::start_async().await;
    let client = Client::builder()
        .api_key(KEY)
        .base_url(server.base_url())
        .build()
        .unwrap();
    let found = server.retrieve_avatar_details(|when, then| {
        when.avatar_id("a1");
        then.ok(&serde_json::from_str(EXAMPLE).unwrap());
    });
    let gone = server.retrieve_avatar_details(|when, then| {
        when.avatar_id("gone");
        error(
            then.into_inner(),
            404,
            "avatar_not_found",
            "avatar look not found",
        );
    });
    let avatar = ask(&client).await.unwrap();
    assert_eq!(avatar.id, "Abigail_standing_office_front");
    let failed = client.v2().avatars().details("gone").await.unwrap_err();
    assert!(failed.is_not_found());
    assert_eq!(failed.code(), Some("avatar_not_found"));
    assert_eq!((found.calls(), gone.calls()), (1, 1));
}
