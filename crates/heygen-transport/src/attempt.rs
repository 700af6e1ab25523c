//! One attempt of a call: the request is sent, redirects are followed, and the
//! answer is read, or made an error if it is none. What only failures need is
//! boxed, so that a call is a small thing to carry about.

use std::future::Future;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::{Request, Response};
use tracing::Span;

use crate::body;
use crate::deadline::Clock;
use crate::error::{Error, fail, read};
use crate::notice::Notice;
use crate::operation::Operation;
use crate::redirect::{self, Next};
use crate::seen;
use crate::transport::Shared;

/// Bodies above this, in bytes, are read into much room at once.
const LARGE: usize = 32 * 1024;

/// What one attempt brought, if it went well.
pub(crate) struct Good {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Shared {
    /// Waits for the answer to a request that is being sent, follows redirects
    /// with copies of the request where there is one, and reads what comes.
    pub(crate) async fn attempt(
        &self,
        operation: &'static Operation,
        sent: impl Future<Output = reqwest::Result<Response>>,
        spare: Option<&Request>,
        clock: &Clock,
        span: &Span,
    ) -> Result<Good, Error> {
        let mut response = clock.step(sent).await??;
        seen::spoken(span, response.version());
        if response.status().is_redirection() {
            let followed = self.follow(operation, response, spare, clock);
            response = Box::pin(followed).await?;
        }
        if !response.status().is_success() {
            let refused = self.refused(operation, response, None, clock);
            return Err(Box::pin(refused).await);
        }
        let result = body::whole(&mut response, self.max_body_bytes, clock).await;
        let status = response.status();
        let mut headers = self.headers(&mut response);
        match result {
            Ok(body) => {
                if body.len() > LARGE {
                    detach(&mut headers);
                }
                Ok(Good {
                    status,
                    headers,
                    body,
                })
            }
            Err(error) => Err(error.with_head(status, headers)),
        }
    }

    /// Goes where redirects lead, as far as they may, to an answer that is none.
    async fn follow(
        &self,
        operation: &'static Operation,
        mut response: Response,
        spare: Option<&Request>,
        clock: &Clock,
    ) -> Result<Response, Error> {
        let mut followed = 0;
        loop {
            let next = redirect::next(
                &self.base,
                operation.method,
                response.url(),
                response.status(),
                response.headers(),
                followed,
            );
            match next {
                Next::Read => return Ok(response),
                Next::Refuse(why) => {
                    return Err(self.refused(operation, response, Some(why), clock).await);
                }
                Next::Follow(target) => {
                    let Some(mut next) = spare.and_then(Request::try_clone) else {
                        return Err(self.refused(operation, response, None, clock).await);
                    };
                    *next.url_mut() = target;
                    followed += 1;
                    response = self.send(next, clock).await?;
                }
            }
        }
    }

    pub(crate) async fn send(&self, request: Request, clock: &Clock) -> Result<Response, Error> {
        Ok(clock.step(self.http.execute(request)).await??)
    }

    /// Makes an error of an answer that is none, with what its body says.
    pub(crate) async fn refused(
        &self,
        operation: &'static Operation,
        mut response: Response,
        why: Option<&str>,
        clock: &Clock,
    ) -> Error {
        let body = body::beginning(&mut response, clock).await;
        let status = response.status();
        let headers = self.headers(&mut response);
        let mut said = read::body(status, &body, &self.key);
        if let Some(why) = why {
            said.message = redirect::told(&headers, why);
        }
        if let Some(notice) = Notice::read(&headers, said.warning.as_ref(), &self.key) {
            self.told.once(operation, &notice);
        }
        fail::api(status, headers, &body, said)
    }

    /// Takes the headers out, with the key blotted out.
    pub(crate) fn headers(&self, response: &mut Response) -> HeaderMap {
        let mut headers = std::mem::take(response.headers_mut());
        self.key.redact_headers(&mut headers);
        headers
    }
}

/// Copies the values of headers. As they come they are parts of what the
/// connection read into, and would keep all of it for as long as they are kept.
fn detach(headers: &mut HeaderMap) {
    for value in headers.values_mut() {
        if let Ok(mut copy) = HeaderValue::from_bytes(value.as_bytes()) {
            copy.set_sensitive(value.is_sensitive());
            *value = copy;
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn headers_of_a_large_answer_keep_nothing_else_alive() {
        let read = Bytes::from(b"x-a: hush\r\n".repeat(1000));
        let mut value = HeaderValue::from_maybe_shared(read.slice(5..9)).unwrap();
        value.set_sensitive(true);
        let mut headers = HeaderMap::from_iter([("x-a".parse().unwrap(), value)]);
        assert!(!read.is_unique());
        detach(&mut headers);
        assert!(read.is_unique());
        assert_eq!(headers["x-a"], "hush");
        assert!(headers["x-a"].is_sensitive());
    }
}
