//! Response compression: gzip and brotli.

use heygen::ErrorKind;
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
        assert_eq!(avatar.id, avatar_id());
        assert_eq!(avatar.body(), body.as_bytes());
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
    assert!(error.to_string().contains("unpacked"), "{error}");
    assert_eq!((error.status(), error.is_retryable()), (Some(200), false));

    let error = error_of(Reply::encoded("zip", b"PK\x03\x04")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("packed as 'zip'"), "{error}");
    assert_eq!(error.body(), b"PK\x03\x04");
}
