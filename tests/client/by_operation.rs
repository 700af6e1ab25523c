//! Requests made of an operation's data.

use heygen::raw::{Operation, core};
use heygen::{Client, ErrorKind};
use heygen_tests::client::{API_KEY, UNREACHABLE_URL, client};
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde_json::{Value, json};

static GET: Operation = Operation::new("get", "GET", "/v3/videos/{video_id}/parts/{part_id}");
static LIST: Operation = Operation::new("list", "GET", "/v3/videos");
static CREATE: Operation = Operation::new("create", "POST", "/v3/videos").reads_idempotency_key();
static VENDOR: Operation = Operation::new("patch", "PATCH", "/v3/videos/{id}")
    .content_type("application/vnd.api+json")
    .accept("application/vnd.api+json");
static OPTIONAL: Operation = Operation::new("stop", "POST", "/v3/stop").optional_body();

async fn server(body: &str) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let client = server.client();
    (server, client)
}

#[tokio::test]
async fn arguments_and_query_are_encoded() {
    let (server, client) = server(r#"{"data":1}"#).await;
    let arguments = [("part_id", "2"), ("video_id", "a/b?c=1")];
    let query = [("ids", "a,b"), ("ids", "c&d")];
    let body = core(&client).operation(&GET, &arguments, &query).await;
    assert_eq!(&body.unwrap()[..], br#"{"data":1}"#);
    let sent = &server.requests()[0];
    let target = "/v3/videos/a%2Fb%3Fc%3D1/parts/2?ids=a%2Cb&ids=c%26d";
    assert_eq!(sent.line, format!("GET {target} HTTP/1.1"));
    assert_eq!(sent.header("accept"), Some("application/json"));
    assert_eq!(sent.header("x-api-key"), Some(API_KEY));
    assert!(sent.header("content-type").is_none());
}

#[tokio::test]
async fn facts_of_the_operation_apply() {
    let (server, client) = server(r#"{"data":{"id":"v"}}"#).await;
    let core = core(&client);
    let body = json!({"a": [1]});
    let created = core.operation(&CREATE, &[], &[]).json(&body);
    let created: Value = created.typed().await.unwrap();
    assert_eq!(created["data"]["id"], "v");
    let patch = core.operation(&VENDOR, &[("id", "v")], &[]);
    patch.body("text/plain", "{}").await.unwrap();
    let stop = core.operation(&OPTIONAL, &[], &[]).json(&Value::Null);
    stop.await.unwrap();
    let sent = server.requests();
    assert_eq!(sent[0].body, br#"{"a":[1]}"#);
    assert_eq!(sent[0].header("content-type"), Some("application/json"));
    assert!(sent[0].header("idempotency-key").is_some());
    let vendor = Some("application/vnd.api+json");
    assert_eq!(sent[1].header("content-type"), vendor);
    assert_eq!(sent[1].header("accept"), vendor);
    assert!(sent[1].header("idempotency-key").is_none());
    assert_eq!(sent[2].header("content-length"), Some("0"));
    assert!(sent[2].header("content-type").is_none());
}

#[tokio::test]
async fn error_in_the_envelope_is_an_error() {
    let (_server, client) = server(r#"{"data":{},"error":{"code":"x","message":"no"}}"#).await;
    let error = core(&client).operation(&LIST, &[], &[]).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Api, Some("x")));
    assert_eq!(error.operation(), Some("list"));
}

#[tokio::test]
async fn wrong_arguments_are_refused_before_anything_is_sent() {
    let client = client(UNREACHABLE_URL);
    let core = core(&client);
    for (arguments, param) in [
        (vec![("video_id", "v")], Some("part_id")),
        (vec![("video_id", "v"), ("part_id", "..")], Some("part_id")),
        (
            vec![("video_id", "v\n"), ("part_id", "1")],
            Some("video_id"),
        ),
        (vec![("video_id", "v"), ("part_id", "1"), ("id", "2")], None),
    ] {
        let error = core.operation(&GET, &arguments, &[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!((error.param(), error.attempts()), (param, 0), "{error}");
    }
    let body = core.operation(&CREATE, &[], &[]).body("a\nb", "x").await;
    assert_eq!(body.unwrap_err().param(), Some("content-type"));
}
