//! Which error comes of which answer, over every way that an answer can be
//! wrong.

use std::error::Error as _;

use heygen::{Error, ErrorKind};
use tokio::net::TcpListener;

use crate::server::{Act, KEY, Server, ask};

async fn fail(act: Act) -> Error {
    let server = Server::start([act]).await;
    let error = server.ask().await.unwrap_err();
    assert_eq!(error.attempts(), 1, "{error}");
    assert_eq!(error.operation(), Some("retrieve-avatar-details"));
    let line = error.to_string();
    assert!(
        line.starts_with("GET /v2/avatar/{avatar_id}/details failed: "),
        "{line}"
    );
    assert!(
        !line.contains(KEY) && !format!("{error:?}").contains(KEY),
        "{line}"
    );
    assert!(!line.contains('\n'), "{line}");
    error
}

const V1: &str = r#"{"code":400562,"message":"forbidden"}"#;
const V2: &str = r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#;
const V2_TEXT: &str = r#"{"data":null,"error":"it is broken"}"#;
const V3: &str = r#"{"error":{"code":"invalid_parameter","message":"bad id","param":"avatar_id","doc_url":"https://developers.heygen.com/docs/error-codes#invalid_parameter"}}"#;
const HTML: &str = "<html><head><title>502 Bad Gateway</title></head><body>x</body></html>";

#[tokio::test]
async fn every_status_and_every_shape_is_an_api_error() {
    let shapes: [(&[u8], Option<&str>, &str); 9] = [
        (V1.as_bytes(), Some("400562"), "forbidden"),
        (V2.as_bytes(), Some("internal_error"), "forbidden"),
        (V2_TEXT.as_bytes(), None, "it is broken"),
        (V3.as_bytes(), Some("invalid_parameter"), "bad id"),
        (
            HTML.as_bytes(),
            None,
            "an HTML page came instead of JSON: 502 Bad Gateway",
        ),
        (b"no healthy upstream", None, "no healthy upstream"),
        (b"", None, "without a body"),
        (b"caf\xe9", None, "caf\u{fffd}"),
        (b"\xef\xbb\xbf{\"message\":\"marked\"}", None, "marked"),
    ];
    for status in [
        300, 304, 400, 401, 402, 403, 404, 405, 409, 410, 422, 429, 500, 502, 503, 504, 599,
    ] {
        for (body, code, message) in shapes {
            // An answer of 304 has no body, whatever its length says.
            if status == 304 && !body.is_empty() {
                continue;
            }
            let error = fail(Act::answer(status, &[("x-request-id", "req-7")], body)).await;
            assert_eq!(error.kind(), ErrorKind::Api, "{status} {error}");
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.code(), code, "{error}");
            assert!(error.message().contains(message), "{error}");
            assert_eq!(error.request_id(), Some("req-7"));
            assert_eq!(error.body(), body);
            assert_eq!(error.headers()["x-request-id"], "req-7");
            let retryable = matches!(status, 408 | 429 | 500 | 502 | 503 | 504);
            assert_eq!(error.is_retryable(), retryable, "{status}");
        }
    }
}

#[tokio::test]
async fn the_request_is_named_by_whichever_header_has_an_id() {
    for (headers, id) in [
        (&[("request-id", "b"), ("x-request-id", "a")][..], Some("a")),
        (&[("x-request-id", ""), ("request-id", "b")], Some("b")),
        (&[("x-amzn-requestid", "c")], Some("c")),
        (&[("x-request-id", "")], None),
    ] {
        let error = fail(Act::answer(500, headers, "")).await;
        assert_eq!(error.request_id(), id);
        assert_eq!(error.to_string().contains("request id"), id.is_some());
    }
}

#[tokio::test]
async fn the_third_generation_names_the_parameter_and_the_page() {
    let error = fail(Act::answer(400, &[], V3)).await;
    assert_eq!(error.param(), Some("avatar_id"));
    assert_eq!(
        error.doc_url(),
        Some("https://developers.heygen.com/docs/error-codes#invalid_parameter")
    );
    let line = error.to_string();
    for part in [
        "bad id",
        "invalid_parameter",
        "status 400",
        "avatar_id",
        "error-codes#",
    ] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn an_operation_that_may_be_gone_says_so() {
    let html = "<html><title>Not Found</title></html>";
    for status in [404, 405, 410] {
        let error = fail(Act::answer(status, &[], html)).await;
        assert!(
            error.hint().unwrap().contains("ends after 2026-10-31"),
            "{error}"
        );
    }
    let known = r#"{"error":{"code":"avatar_not_found","message":"avatar look not found"}}"#;
    let error = fail(Act::answer(404, &[], known)).await;
    assert!(
        error.is_not_found() && !error.hint().unwrap().contains("2026"),
        "{error}"
    );
}

#[tokio::test]
async fn success_with_an_error_inside_is_an_api_error() {
    for (body, code) in [
        (V2, Some("internal_error")),
        (V2_TEXT, None),
        (V1, Some("400562")),
        (V3, Some("invalid_parameter")),
        (
            r#"{"data":{},"error":{"code":"x","message":"y"}}"#,
            Some("x"),
        ),
        (
            r#"{"data":{"id":"a1"},"error":{"code":"x","message":"y"}}"#,
            Some("x"),
        ),
        (r#"{"data":{"id":"a1"},"error":"no"}"#, None),
        (
            r#"{"code":400562,"message":"no","data":{"id":"a1"}}"#,
            Some("400562"),
        ),
        (
            r#"{"code":"avatar_not_found","message":"no"}"#,
            Some("avatar_not_found"),
        ),
    ] {
        let error = fail(Act::json(body)).await;
        assert_eq!(error.kind(), ErrorKind::Api, "{body}: {error}");
        assert_eq!(error.status(), Some(200));
        assert_eq!(error.code(), code);
        assert!(!error.is_retryable());
        assert_eq!(error.body(), body.as_bytes());
    }
    assert!(fail(Act::json(V2)).await.is_forbidden());
    let good = Act::json(r#"{"code":100,"message":"Success","data":{"id":"a1"}}"#);
    let server = Server::start([good]).await;
    assert!(server.ask().await.is_ok());
}

#[tokio::test]
async fn success_that_does_not_fit_is_a_decode_error() {
    let cases: [(&[u8], Option<&str>); 16] = [
        (HTML.as_bytes(), None),
        (b"", None),
        (b"null", None),
        (b"7", None),
        (b"[]", None),
        (b"[{\"id\":\"a1\"},null,null]", None),
        (b"{}", Some("data")),
        (br#"{"error":null}"#, Some("data")),
        (br#"{"error":null,"data":null}"#, Some("data")),
        (br#"{"error":null,"data":[]}"#, Some("data")),
        (br#"{"error":null,"data":"a1"}"#, Some("data")),
        (br#"{"error":null,"data":{}}"#, Some("data.id")),
        (br#"{"error":null,"data":{"id":null}}"#, Some("data.id")),
        (
            br#"{"error":null,"data":{"id":"a1","tags":7}}"#,
            Some("data.tags"),
        ),
        (br#"{"error":null,"data":{"id":"a1""#, None),
        (b"{\"error\":null,\"data\":{\"id\":\"a\xff\"}}", None),
    ];
    for (body, field) in cases {
        let name = String::from_utf8_lossy(body);
        let error = fail(Act::answer(200, &[("x-request-id", "req-8")], body)).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{name}: {error}");
        assert_eq!(error.status(), Some(200), "{name}");
        assert_eq!(error.body(), body);
        assert_eq!(error.field(), field, "{name}: {error}");
        assert_eq!(error.request_id(), Some("req-8"));
        assert!(!error.is_retryable());
    }
}

/// What came instead of JSON is said in words that tell where to look.
#[tokio::test]
async fn what_is_no_json_is_named() {
    let packed: &[_] = &[("content-encoding", "zstd")];
    for (headers, body, says) in [
        (&[][..], "", "the answer is empty"),
        (&[], " \r\n", "the answer is empty"),
        (&[], HTML, "the answer is an HTML page"),
        (&[], "{\"data\"", "the answer is not whole JSON"),
        (
            packed,
            "(\u{b5}/",
            "packed as 'zstd', which was not asked for",
        ),
    ] {
        let error = fail(Act::answer(200, headers, body)).await;
        assert!(error.message().contains(says), "{body:?}: {error}");
    }
}

#[tokio::test]
async fn at_most_64_kib_of_a_body_are_kept() {
    let large = "x".repeat(200 * 1024);
    for (status, kind) in [(500, ErrorKind::Api), (200, ErrorKind::Decode)] {
        let error = fail(Act::answer(status, &[], &large)).await;
        assert_eq!(error.kind(), kind);
        assert_eq!(error.body().len(), 64 * 1024);
        assert!(error.to_string().len() < 2000);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_a_transport_error() {
    let head = "HTTP/1.1 200 OK\r\nx-request-id: req-9\r\n";
    for (bytes, status) in [
        (String::new(), None),
        ("HTTP/1.1 200 OK\r\n".to_owned(), None),
        ("HTTP/1.1 200 OK\r\ncontent-le".to_owned(), None),
        ("garbage that is not HTTP\r\n\r\n".to_owned(), None),
        (
            format!("{head}content-length: 50\r\n\r\n{{\"error\":null"),
            Some(200),
        ),
        (
            format!("{head}transfer-encoding: chunked\r\n\r\n5\r\n{{\"dat\r\n"),
            Some(200),
        ),
        (
            format!("{head}transfer-encoding: chunked\r\n\r\nzz\r\n"),
            Some(200),
        ),
    ] {
        let error = fail(Act::bytes(bytes.clone()).close()).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{bytes:?}: {error}");
        assert_eq!(error.status(), status, "{bytes:?}");
        assert_eq!(error.request_id(), status.map(|_| "req-9"));
        assert!(error.is_retryable());
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn an_error_cut_short_is_still_the_answer() {
    let error =
        fail(Act::bytes("HTTP/1.1 404 No\r\ncontent-length: 50\r\n\r\nno such").close()).await;
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!((error.status(), error.body()), (Some(404), &b"no such"[..]));
}

#[tokio::test]
async fn no_connection_is_a_connect_error() {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let client = heygen::Client::builder()
        .api_key(KEY)
        .base_url(format!("http://127.0.0.1:{port}"))
        .max_retries(0)
        .build()
        .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert_eq!(error.status(), None);
    assert!(error.is_retryable() && error.body().is_empty() && error.headers().is_empty());
    assert!(
        error.to_string().to_lowercase().contains("refused"),
        "{error}"
    );
}

#[tokio::test]
async fn failed_tls_is_a_connect_error() {
    let server = Server::start([Act::avatar()]).await;
    let client = heygen::Client::builder()
        .api_key(KEY)
        .base_url(format!("https://127.0.0.1:{}", server.port()))
        .max_retries(0)
        .timeout(std::time::Duration::from_secs(5))
        .connect_timeout(std::time::Duration::from_millis(500))
        .build()
        .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.is_timeout() && error.is_retryable(), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_interim_answer_comes_before_the_answer() {
    let mut bytes = b"HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n".to_vec();
    bytes.extend_from_slice(
        b"HTTP/1.1 200 OK\r\ncontent-length: 22\r\n\r\n{\"data\":{\"id\":\"late\"}}",
    );
    let server = Server::start([Act::bytes(bytes)]).await;
    let avatar = server.ask().await.unwrap();
    assert_eq!(avatar.id, "late");
}

#[test]
fn an_error_is_one_pointer_wide_and_can_travel() {
    fn travels<T: std::error::Error + Send + Sync + 'static>() {}
    travels::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Error>>(), size_of::<usize>());
}
