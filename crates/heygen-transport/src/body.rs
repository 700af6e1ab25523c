//! Bodies are read to a bound, never to the end of memory: the whole of a good
//! answer up to a limit, the beginning of a bad one.

use bytes::{Bytes, BytesMut};

use crate::deadline::Clock;
use crate::error::{Error, KEPT_BODY, fail};

/// The largest good answer that is read unless the client says otherwise, in
/// bytes; of a packed one, what it is unpacked to.
pub(crate) const LIMIT: usize = 64 * 1024 * 1024;

/// A length that a server announces is believed up to this, in bytes.
const BELIEVED: usize = 4 * 1024 * 1024;

/// More pieces of a body are not kept as they came.
const MOST_PIECES: usize = 256;

/// Reads the whole body.
pub(crate) async fn whole(
    response: &mut reqwest::Response,
    limit: usize,
    clock: &Clock,
) -> Result<Bytes, Error> {
    let announced = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(fail::too_large(limit));
    }
    let mut body = Body::default();
    while let Some(chunk) = clock.step(response.chunk()).await?.map_err(fail::broken)? {
        if body.len() + chunk.len() > limit {
            return Err(fail::too_large(limit));
        }
        body.push(chunk, announced.unwrap_or_default());
    }
    Ok(body.finish())
}

/// Reads the beginning of a body, as far as it comes: the status is known, and
/// a connection that breaks here takes nothing from it.
pub(crate) async fn beginning(response: &mut reqwest::Response, clock: &Clock) -> Bytes {
    let mut body = Body::default();
    while body.len() < KEPT_BODY {
        let Ok(Ok(Some(mut chunk))) = clock.step(response.chunk()).await else {
            break;
        };
        chunk.truncate(KEPT_BODY - body.len());
        body.push(chunk, 0);
    }
    body.finish()
}

/// A body that is copied only if it comes in more than one piece, and then
/// once: the pieces are parts of what the connection reads into, which gets its
/// room back with them. Of many pieces each may be small beside what it holds
/// on to, so those are copied as they come.
#[derive(Default)]
struct Body {
    first: Bytes,
    more: Vec<Bytes>,
    copied: BytesMut,
    length: usize,
}

impl Body {
    fn len(&self) -> usize {
        self.length
    }

    fn push(&mut self, chunk: Bytes, announced: usize) {
        let before = self.length;
        self.length += chunk.len();
        if before == 0 {
            self.first = chunk;
        } else if !self.copied.is_empty() {
            self.copied.extend_from_slice(&chunk);
        } else {
            self.more.push(chunk);
            if self.more.len() > MOST_PIECES {
                self.join(announced.min(BELIEVED).max(self.length));
            }
        }
    }

    fn join(&mut self, room: usize) {
        self.copied.reserve(room);
        self.copied
            .extend_from_slice(&std::mem::take(&mut self.first));
        for piece in self.more.drain(..) {
            self.copied.extend_from_slice(&piece);
        }
    }

    fn finish(mut self) -> Bytes {
        if !self.more.is_empty() {
            self.join(self.length);
        }
        if self.copied.is_empty() {
            self.first
        } else {
            self.copied.freeze()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(body: Vec<u8>) -> reqwest::Response {
        http::Response::new(body).into()
    }

    fn clock() -> Clock {
        Clock::start(Duration::from_secs(1), Duration::from_secs(1))
    }

    #[tokio::test]
    async fn a_bound_is_a_bound() {
        let read =
            |size: usize| async move { whole(&mut answer(vec![b'x'; size]), 10, &clock()).await };
        assert_eq!(read(10).await.unwrap().len(), 10);
        assert_eq!(read(0).await.unwrap().len(), 0);
        assert_eq!(read(11).await.unwrap_err().kind(), crate::ErrorKind::Decode);
    }

    #[tokio::test]
    async fn only_the_beginning_of_an_error_is_kept() {
        let body = beginning(&mut answer(vec![b'x'; KEPT_BODY + 1]), &clock()).await;
        assert_eq!(body.len(), KEPT_BODY);
    }

    #[test]
    fn pieces_come_together_in_order() {
        let mut body = Body::default();
        for piece in ["", "ab", "", "c", "def"] {
            body.push(Bytes::from_static(piece.as_bytes()), 0);
        }
        assert_eq!(body.len(), 6);
        assert_eq!(body.finish(), "abcdef");

        let mut body = Body::default();
        let sent: Vec<u8> = (0..=255).cycle().take(3 * MOST_PIECES).collect();
        for piece in sent.chunks(1) {
            body.push(Bytes::copy_from_slice(piece), 0);
        }
        assert_eq!(body.len(), sent.len());
        assert_eq!(body.finish(), sent);
    }
}
