//! Bodies are read whole, packed or not, and never beyond a bound.

use heygen::{Error, ErrorKind};

use crate::packing::{brotli, gzip, gzip_bomb};
use crate::server::{Act, Server, ask};

const AVATAR: &str = r#"{"data":{"id":"a1","name":"Anna"}}"#;

async fn fail(act: Act) -> Error {
    Server::start([act]).await.ask().await.unwrap_err()
}

fn packed(packing: &str, body: impl AsRef<[u8]>) -> Act {
    Act::answer(200, &[("content-encoding", packing)], body)
}

/// A good answer of this many bytes, most of them white space.
fn padded(size: usize) -> Vec<u8> {
    let mut body = AVATAR.as_bytes().to_vec();
    body.resize(size, b' ');
    body
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused_by_its_length() {
    let error = fail(Act::bytes(
        "HTTP/1.1 200 OK\r\ncontent-length: 70000000\r\n\r\n{}",
    ))
    .await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("64 MiB"), "{error}");
    assert_eq!(error.status(), Some(200));
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused_where_no_length_was_told() {
    const SIZE: usize = 65 << 20;
    let head = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{SIZE:x}\r\n");
    let mut bytes = head.into_bytes();
    bytes.resize(bytes.len() + SIZE, b'\xff');
    let error = fail(Act::bytes(bytes)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("64 MiB"), "{error}");
}

#[tokio::test]
async fn the_bound_is_a_setting() {
    const BOUND: usize = 100_000;
    for (size, fits) in [(BOUND, true), (BOUND + 1, false)] {
        for act in [
            Act::json(padded(size)),
            packed("gzip", gzip(padded(size))),
            packed("br", brotli(padded(size))),
            Act::bytes([b"HTTP/1.1 200 OK\r\n\r\n", &padded(size)[..]].concat()).close(),
        ] {
            let server = Server::start([act]).await;
            let client = server.builder().max_body_bytes(BOUND).build().unwrap();
            match ask(&client).await {
                Ok(avatar) => assert!(fits && avatar.id == "a1"),
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
async fn packed_answers_are_asked_for_and_unpacked() {
    for act in [packed("gzip", gzip(AVATAR)), packed("br", brotli(AVATAR))] {
        let server = Server::start([act]).await;
        let avatar = server.ask().await.unwrap();
        assert_eq!(avatar.name.as_deref(), Some("Anna"));
        assert_eq!(avatar.body(), AVATAR.as_bytes());
        let seen = server.seen();
        let mut asked: Vec<_> = seen[0]
            .header("accept-encoding")
            .unwrap()
            .split(',')
            .map(str::trim)
            .collect();
        asked.sort_unstable();
        assert_eq!(asked, ["br", "gzip"]);
    }
    // What the server says about a failure may be packed as well.
    let body = gzip(r#"{"error":{"code":"avatar_not_found","message":"gone"}}"#);
    let error = fail(Act::answer(404, &[("content-encoding", "gzip")], body)).await;
    assert_eq!(error.code(), Some("avatar_not_found"));
}

#[tokio::test]
async fn a_packed_answer_cut_short_is_asked_for_again() {
    for (packing, body) in [("gzip", gzip(padded(5000))), ("br", brotli(padded(5000)))] {
        let cut = packed(packing, &body[..body.len() / 2]);
        let error = fail(cut.clone()).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{packing}: {error}");
        assert_eq!(error.status(), Some(200));
        assert!(error.is_retryable());
        let server = Server::start([cut, packed(packing, body)]).await;
        let answer = ask(&server.builder().build().unwrap()).await.unwrap();
        assert_eq!(answer.attempts(), 2);
    }
}

#[tokio::test]
async fn what_cannot_be_unpacked_says_so() {
    let error = fail(packed("gzip", AVATAR)).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.to_string().contains("unpacked"), "{error}");
    assert_eq!((error.status(), error.is_retryable()), (Some(200), false));

    let error = fail(packed("zip", b"PK\x03\x04")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("packed as 'zip'"), "{error}");
    assert_eq!(error.body(), b"PK\x03\x04");
}

#[tokio::test]
async fn a_bomb_goes_off_at_the_bound() {
    let server = Server::start([packed("gzip", gzip_bomb(1024))]).await;
    let client = server.builder().max_body_bytes(1 << 20).build().unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.to_string().contains("larger than 1 MiB"), "{error}");

    let bomb = Act::answer(500, &[("content-encoding", "gzip")], gzip_bomb(1024));
    let error = fail(bomb).await;
    assert_eq!((error.status(), error.body().len()), (Some(500), 64 * 1024));
}
