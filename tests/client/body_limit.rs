//! The limit of a response body, in bytes after decompression.

use heygen::ErrorKind;
use heygen_tests::client::{error_of, get_avatar};
use heygen_tests::content_encoding::{brotli, gzip, gzip_bomb};
use heygen_tests::document::{avatar_id, padded_avatar_body};
use heygen_tests::scripted::{Reply, ScriptedServer};

#[tokio::test]
async fn content_length_above_limit_is_decode_error() {
    let error = error_of(Reply::bytes(
        "HTTP/1.1 200 OK\r\ncontent-length: 70000000\r\n\r\n{}",
    ))
    .await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("64 MiB"), "{error}");
    assert_eq!(error.status(), Some(200));
}

#[tokio::test]
async fn chunked_body_above_limit_is_decode_error() {
    const SIZE: usize = 65 << 20;
    let head = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{SIZE:x}\r\n");
    let mut bytes = head.into_bytes();
    bytes.resize(bytes.len() + SIZE, b'\xff');
    let error = error_of(Reply::bytes(bytes)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("64 MiB"), "{error}");
}

#[tokio::test]
async fn limit_is_a_setting_and_applies_to_decoded_bytes() {
    const LIMIT: usize = 100_000;
    for (size, fits) in [(LIMIT, true), (LIMIT + 1, false)] {
        for reply in [
            Reply::json(padded_avatar_body(size)),
            Reply::encoded("gzip", gzip(padded_avatar_body(size))),
            Reply::encoded("br", brotli(padded_avatar_body(size))),
            Reply::bytes([b"HTTP/1.1 200 OK\r\n\r\n", &padded_avatar_body(size)[..]].concat())
                .close(),
        ] {
            let server = ScriptedServer::start([reply]).await;
            let client = server.builder().max_body_bytes(LIMIT).build().unwrap();
            match get_avatar(&client).await {
                Ok(avatar) => assert!(fits && avatar.data().id == avatar_id()),
                Err(error) => {
                    assert!(!fits, "{error}");
                    assert_eq!(error.kind(), ErrorKind::Decode);
                    assert_eq!((error.status(), error.attempts()), (Some(200), 1));
                    assert!(error.to_string().contains("100000 bytes"), "{error}");
                }
            }
        }
    }
}

#[tokio::test]
async fn decompression_bomb_stops_at_limit() {
    let server = ScriptedServer::start([Reply::encoded("gzip", gzip_bomb(1024))]).await;
    let client = server.builder().max_body_bytes(1 << 20).build().unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.to_string().contains("larger than 1 MiB"), "{error}");

    let bomb = Reply::response(500, &[("content-encoding", "gzip")], gzip_bomb(1024));
    let error = error_of(bomb).await;
    assert_eq!((error.status(), error.body().len()), (Some(500), 64 * 1024));
}
