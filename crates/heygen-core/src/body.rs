//! Response bodies, read up to a limit: the client's for a success, the size
//! that an error keeps for a failure.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use crate::client::Inner;
use crate::deadline::Deadline;
use crate::error::{Error, MAX_KEPT_BODY, build};

/// Maximum to preallocate for a `Content-Length`, in bytes.
const MAX_PREALLOC: usize = 4 * 1024 * 1024;

/// Reads a whole body.
pub(crate) async fn read(
    response: &mut Response,
    inner: &Inner,
    deadline: &Deadline,
) -> Result<Bytes, Error> {
    let limit = inner.max_body_bytes;
    let announced = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or_default();
    if announced > limit {
        return Err(build::too_large(limit));
    }
    // Most bodies are one chunk, which is not copied.
    let first = next(response, inner, deadline).await?.unwrap_or_default();
    if first.len() > limit {
        return Err(build::too_large(limit));
    }
    let Some(mut chunk) = next(response, inner, deadline).await? else {
        return Ok(first);
    };
    let mut body = first.to_vec();
    drop(first);
    loop {
        if body.len() + chunk.len() > limit {
            return Err(build::too_large(limit));
        }
        if body.len() + chunk.len() > body.capacity() {
            // At most doubled, and no more than is announced.
            let room = body.len().max(MAX_PREALLOC);
            let left = announced.saturating_sub(body.len());
            body.reserve_exact(if left > 0 { left.min(room) } else { room }.max(chunk.len()));
        }
        body.extend_from_slice(&chunk);
        match next(response, inner, deadline).await? {
            Some(next) => chunk = next,
            None => return Ok(body.into()),
        }
    }
}

/// Reads the next chunk. A pause of the idle timeout is an error, and so is the
/// deadline.
pub(crate) async fn next(
    response: &mut Response,
    inner: &Inner,
    deadline: &Deadline,
) -> Result<Option<Bytes>, Error> {
    let chunk = deadline.run_idle(inner.idle_timeout, response.chunk());
    let chunk = chunk.await.map_err(build::timeout)?;
    chunk.map_err(build::body_error)
}

/// Reads the beginning of an error body, up to the limit or to a connection
/// error: the status is known, so a failure to read the body is ignored.
pub(crate) async fn read_start(
    response: &mut Response,
    inner: &Inner,
    deadline: &Deadline,
) -> Bytes {
    let mut body = BytesMut::new();
    while body.len() < MAX_KEPT_BODY {
        let Ok(Some(chunk)) = next(response, inner, deadline).await else {
            break;
        };
        let left = MAX_KEPT_BODY - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(left)]);
    }
    body.freeze()
}
