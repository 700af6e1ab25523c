//! What may have had an effect is never done twice. The document has no such
//! operation yet, so the transport is asked directly, with made-up ones.

use heygen_transport::{
    Answer, CallOptions, Error, ErrorKind, Operation, Transport, TransportBuilder,
};

use crate::server::{Act, KEY, Server};

static CREATE: Operation = Operation {
    id: "create-thing",
    name: "create_thing",
    method: "POST",
    path: "/v3/things",
    idempotent: false,
    idempotency_key: false,
    pagination: None,
    deprecated: false,
    sunset: None,
};

static DELETE: Operation = Operation {
    id: "delete-thing",
    name: "delete_thing",
    method: "DELETE",
    path: "/v3/things/{id}",
    idempotent: true,
    ..CREATE
};

fn transport(url: &str) -> Transport {
    TransportBuilder::new()
        .api_key(KEY)
        .base_url(url)
        .build()
        .unwrap()
}

async fn create(
    url: &str,
    operation: &'static Operation,
    key: Option<&str>,
) -> Result<Answer, Error> {
    let transport = transport(url);
    let mut options = CallOptions::default();
    if let Some(key) = key {
        options.set_header("Idempotency-Key", key)?;
    }
    let request = transport.http().post(format!("{url}/v3/things")).build()?;
    transport.execute(operation, request, &options).await
}

fn busy(status: u16) -> Act {
    Act::answer(status, &[("retry-after", "0")], "")
}

#[tokio::test]
async fn a_write_is_repeated_only_where_nothing_was_done() {
    let cut = Act::bytes("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").close();
    for (first, attempts) in [
        (busy(429), 2),
        (busy(408), 1),
        (busy(500), 1),
        (busy(502), 1),
        (busy(503), 1),
        (busy(504), 1),
        (cut, 1),
        (Act::silence().close(), 1),
    ] {
        let server = Server::start([first.clone(), Act::json("{}")]).await;
        let result = create(&server.url(), &CREATE, None).await;
        assert_eq!(server.seen().len(), attempts, "{first:?}");
        match result {
            Ok(answer) => assert_eq!(answer.attempts(), 2),
            Err(error) => assert!(!error.is_retryable(), "{error}"),
        }
        assert_eq!(server.seen()[0].line, "POST /v3/things HTTP/1.1");
    }
}

#[tokio::test]
async fn a_write_that_was_never_sent_is_tried_again() {
    let server = Server::start([Act::json("{}")]).await;
    let url = server.url();
    drop(server);
    tokio::task::yield_now().await;
    let error = create(&url, &CREATE, None).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Connect, 3),
        "{error}"
    );
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_key_that_the_operation_does_not_read_makes_nothing_repeatable() {
    let server = Server::start([busy(503), Act::json("{}")]).await;
    let error = create(&server.url(), &CREATE, Some("k-1"))
        .await
        .unwrap_err();
    assert_eq!(error.attempts(), 1, "{error}");
    assert_eq!(server.seen()[0].header("idempotency-key"), Some("k-1"));
}

#[tokio::test]
async fn a_write_follows_no_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start([Act::answer(status, &[("location", "/elsewhere")], "")]).await;
        let error = create(&server.url(), &CREATE, None).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Api, Some(status))
        );
        assert!(error.to_string().contains("/elsewhere"), "{error}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_dot_segment_cannot_make_a_deletion_of_something_else() {
    let server = Server::start([Act::json("{}")]).await;
    let transport = transport(&server.url());
    for id in ["", ".", "..", "%2e%2E", "a/../..", "a%0a"] {
        let url = format!("{}/v3/things/{id}", server.url());
        let request = transport.http().delete(url).build().unwrap();
        let error = transport
            .execute(&DELETE, request, &CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id}");
        assert_eq!(error.operation(), Some("delete-thing"));
    }
    assert!(server.seen().is_empty());
}
