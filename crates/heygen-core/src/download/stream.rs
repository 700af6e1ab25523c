//! Downloads as a stream.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;

use super::open::context;
use super::range::Content;
use super::transfer::{Event, Transfer};
use crate::error::{Error, build};

/// A file that is being downloaded, as a stream of its bytes. Dropping it ends
/// the transfer.
///
/// A broken connection is resumed where it broke, if the server can tell that
/// the file is still the same. Else it ends the stream with an error.
pub struct FileStream {
    state: State,
    headers: HeaderMap,
    length: Option<u64>,
    /// How many bytes were returned.
    returned: u64,
    /// What they are of.
    content: Option<Content>,
    /// How many bytes follow that were returned before.
    repeated: u64,
}

type Receiving = Pin<Box<dyn Future<Output = (Box<Transfer>, Result<Event, Error>)> + Send>>;

enum State {
    Idle(Box<Transfer>),
    Receiving(Receiving),
    End,
}

impl FileStream {
    pub(super) fn new(transfer: Transfer) -> Self {
        Self {
            headers: transfer.headers().clone(),
            length: transfer.length(),
            returned: 0,
            content: transfer.content().cloned(),
            repeated: 0,
            state: State::Idle(Box::new(transfer)),
        }
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The length of the file in bytes, if the server sent it.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The next bytes, or None after the last. Dropping the future loses
    /// nothing.
    ///
    /// # Errors
    /// `Timeout` if no byte was received for the idle timeout of the client,
    /// `Transport` if the connection broke, both where the transfer cannot be
    /// resumed; `Decode` if the file has changed on its server.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| self.poll_chunk(context))
            .await
            .transpose()
    }

    fn poll_chunk(&mut self, task: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            let mut receiving = match std::mem::replace(&mut self.state, State::End) {
                State::End => return Poll::Ready(None),
                State::Receiving(receiving) => receiving,
                State::Idle(mut transfer) => Box::pin(async move {
                    let event = transfer.next().await;
                    (transfer, event)
                }),
            };
            let Poll::Ready((mut transfer, event)) = receiving.as_mut().poll(task) else {
                self.state = State::Receiving(receiving);
                return Poll::Pending;
            };
            let bytes = match event {
                Ok(Event::Bytes(bytes)) => bytes,
                Ok(Event::Restart) if self.restart(transfer.content()) => Bytes::new(),
                Ok(Event::Restart) => return Poll::Ready(Some(Err(changed()))),
                Ok(Event::End) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(Err(error))),
            };
            let repeated = self.repeated.min(bytes.len() as u64);
            self.repeated -= repeated;
            let bytes = bytes.slice(usize::try_from(repeated).unwrap_or(bytes.len())..);
            if !bytes.is_empty() {
                transfer.report();
                self.returned += bytes.len() as u64;
            }
            self.state = State::Idle(transfer);
            if !bytes.is_empty() {
                return Poll::Ready(Some(Ok(bytes)));
            }
        }
    }

    /// Whether the server sends the same file from its beginning, of which is
    /// skipped what was returned.
    fn restart(&mut self, content: Option<&Content>) -> bool {
        self.repeated = self.returned;
        self.returned == 0 || (content.is_some() && content == self.content.as_ref())
    }
}

fn changed() -> Error {
    build::not_the_file("the file changed on its server while it was read").with_context(&context())
}

impl Stream for FileStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context)
    }
}

impl fmt::Debug for FileStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStream")
            .field("length", &self.length)
            .field("returned", &self.returned)
            .finish_non_exhaustive()
    }
}
