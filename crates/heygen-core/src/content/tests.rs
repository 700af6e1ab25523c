//! Contents in chunks: whatever the sizes are, all bytes are sent once and in
//! their order.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;

use super::body::ContentBody;
use super::{Content, Observe, Stamp, StreamContent, chunks};
use crate::multipart::body::CHUNK_SIZE;

/// Chunks of a stream, which is pending before each of them.
struct Paced(Vec<Result<Bytes, &'static str>>, bool);

impl Stream for Paced {
    type Item = Result<Bytes, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.1 = !self.1;
        if self.1 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready((!self.0.is_empty()).then(|| self.0.remove(0)))
    }
}

#[derive(Default)]
struct Seen(Mutex<Vec<u8>>);

impl Observe for Seen {
    fn on_start(&self) {
        self.0.lock().unwrap().clear();
    }

    fn on_chunk(&self, chunk: &[u8]) {
        self.0.lock().unwrap().extend_from_slice(chunk);
    }
}

/// What a body sends, or its error with what was sent before.
async fn sent(content: &Content) -> Result<Vec<u8>, (Vec<u8>, String)> {
    let seen = Arc::new(Seen::default());
    let mut body =
        ContentBody::new(content, Some(seen.clone())).framed("head".to_owned(), "tail".to_owned());
    let announced = body.size_hint().exact().unwrap();
    let mut all = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let chunk = match frame {
            Ok(frame) => frame.into_data().unwrap(),
            Err(error) => return Err((all, error.to_string())),
        };
        assert!(!chunk.is_empty() && chunk.len() <= CHUNK_SIZE);
        all.extend_from_slice(&chunk);
        let left = body.size_hint().exact().unwrap();
        assert_eq!(all.len() as u64 + left, announced);
    }
    let content = all.strip_prefix(b"head").unwrap();
    let content = content.strip_suffix(b"tail").unwrap().to_vec();
    assert!(
        *seen.0.lock().unwrap() == content,
        "the observer saw all of it"
    );
    Ok(content)
}

/// A stream of these bytes in chunks of random lengths, some of them empty.
fn stream(random: &mut fastrand::Rng, bytes: &[u8], length: u64) -> Content {
    let mut rest = bytes;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let most = *random
            .choice(&[1, 100, CHUNK_SIZE, 5 * CHUNK_SIZE])
            .unwrap();
        let (part, after) = rest.split_at(random.usize(..=most.min(rest.len())));
        parts.push(Ok(Bytes::copy_from_slice(part)));
        rest = after;
    }
    Content::Stream(StreamContent::new(length, chunks(Paced(parts, false))))
}

#[tokio::test]
async fn content_of_any_length_is_sent_once_and_in_order() {
    let mut random = fastrand::Rng::with_seed(7);
    let folder = std::env::temp_dir();
    let path = folder.join(format!("content-{}.bin", std::process::id()));
    for round in 0..60 {
        let length = match round {
            0..6 => [
                1,
                CHUNK_SIZE - 1,
                CHUNK_SIZE,
                CHUNK_SIZE + 1,
                2 * CHUNK_SIZE,
                3,
            ][round],
            _ => random.usize(1..300_000),
        };
        let bytes: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
        std::fs::write(&path, &bytes).unwrap();
        let stamp = Stamp::of(&std::fs::metadata(&path).unwrap());
        let stream = stream(&mut random, &bytes, length as u64);
        if let Content::Stream(stream) = &stream {
            let first = stream.peek(random.usize(1..2000)).await.unwrap();
            assert!(bytes.starts_with(&first) && !first.is_empty());
        }
        for content in [
            Content::Bytes(bytes.clone().into()),
            Content::Path(path.clone(), Some(stamp)),
            stream,
        ] {
            assert!(
                sent(&content).await.unwrap() == bytes,
                "{length}: {content:?}"
            );
            let again = sent(&content).await;
            if content.is_replayable() {
                assert!(again.unwrap() == bytes);
            } else {
                assert!(again.unwrap_err().1.contains("sent before"));
            }
        }
    }
    std::fs::remove_file(&path).unwrap();
}

/// A body never ends with success, nor has all that was announced, where a stream
/// has another length.
#[tokio::test]
async fn stream_of_another_length_is_never_sent_whole() {
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..60 {
        let length = random.usize(2..200_000);
        let bytes: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
        let other = loop {
            let other = random.usize(1..200_000);
            if other != length {
                break other;
            }
        };
        let content = stream(&mut random, &bytes, other as u64);
        let (sent, why) = sent(&content).await.unwrap_err();
        assert!(sent.len() < "head".len() + other, "{why}");
        let expected = if other < length {
            "more than"
        } else {
            "ended after"
        };
        assert!(why.contains(expected), "{why}");
    }
}

#[tokio::test]
async fn error_of_a_stream_ends_the_body() {
    let parts = vec![
        Ok(Bytes::from_static(b"ab")),
        Err("no more"),
        Ok(Bytes::from_static(b"cd")),
    ];
    let content = Content::Stream(StreamContent::new(4, chunks(Paced(parts, false))));
    let (sent, why) = sent(&content).await.unwrap_err();
    assert_eq!(
        (&*sent, &*why),
        (&b"headab"[..], "the stream failed: no more")
    );
}
