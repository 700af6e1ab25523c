//! Response compression: gzip and brotli.

use heygen::{ErrorKind, Method};
use heygen_tests::client::{error_of, get_avatar};
use heygen_tests::content_encoding::{brotli, gzip};
use heygen_tests::document::{avatar_body, avatar_id, padded_avatar_body};
use heygen_tests::scripted::{Reply, ScriptedServer};

#[tokio::test]
async fn gzip_and_brotli_are_accepted_and_decoded() {
    let body = avatar_body(avatar_id());
    for reply in [
        Reply::encoded("gzip", gzip(&body)),
        Reply::encoded("br", brotli(&body)),
    ] {
        let server = ScriptedServer::start([reply]).await;
        let avatar = server.get_avatar().await.unwrap();
        assert_eq!(avatar.data().id, avatar_id());
        assert_eq!(avatar.raw_body(), body.as_bytes());
        let requests = server.requests();
        let mut accepted: Vec<_> = requests[0]
            .header("accept-encoding")
            .unwrap()
            .split(',')
            .map(str::trim)
            .collect();
        accepted.sort_unstable();
        assert_eq!(accepted, ["br", "gzip"]);
    }
    // Error bodies may be encoded as well.
    let body = gzip(r#"{"error":{"code":"avatar_not_found","message":"gone"}}"#);
    let error = error_of(Reply::response(404, &[("content-encoding", "gzip")], body)).await;
    assert_eq!(error.code(), Some("avatar_not_found"));
}

#[tokio::test]
async fn truncated_encoded_body_is_retried() {
    for (encoding, body) in [
        ("gzip", gzip(padded_avatar_body(5000))),
        ("br", brotli(padded_avatar_body(5000))),
    ] {
        let cut = Reply::encoded(encoding, &body[..body.len() / 2]);
        let error = error_of(cut.clone()).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{encoding}: {error}");
        assert_eq!(error.status(), Some(200));
        assert!(error.is_retryable());
        let server = ScriptedServer::start([cut, Reply::encoded(encoding, body)]).await;
        let response = get_avatar(&server.builder().build().unwrap())
            .await
            .unwrap();
        assert_eq!(response.attempts(), 2);
    }
}

#[tokio::test]
async fn undecodable_body_is_decode_error() {
    let error = error_of(Reply::encoded("gzip", avatar_body(avatar_id()))).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.to_string().contains("decompressed"), "{error}");
    assert_eq!((error.status(), error.is_retryable()), (Some(200), false));

    let body = gzip(avatar_body(avatar_id()));
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n";
    let length = format!("{:x}\r\n", body.len());
    let trailing = b"\r\n8\r\ntrailing\r\n0\r\n\r\n";
    let reply = [head.as_bytes(), length.as_bytes(), &body, trailing].concat();
    let error = error_of(Reply::bytes(reply)).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");

    let error = error_of(Reply::encoded("zip", b"PK\x03\x04")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        error.to_string().contains("content encoding 'zip'"),
        "{error}"
    );
    assert_eq!(error.body(), b"PK\x03\x04");
}

#[tokio::test]
async fn content_encoding_without_body_is_ignored() {
    for encoding in ["gzip", "br"] {
        for (method, status) in [
            (Method::HEAD, "200 OK"),
            (Method::DELETE, "204 No"),
            (Method::HEAD, "404 No"),
        ] {
            let reply = format!("HTTP/1.1 {status}\r\ncontent-encoding: {encoding}\r\n\r\n");
            let server = ScriptedServer::start([Reply::bytes(reply)]).await;
            let request = server.client().request(method.clone(), "/x").typed::<()>();
            let got = request.await.map_err(|error| error.status());
            let expected = if status.starts_with("404") {
                Err(Some(404))
            } else {
                Ok(())
            };
            assert_eq!(got, expected, "{method} {status} {encoding}");
        }
    }
}
