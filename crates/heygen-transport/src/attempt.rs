//! One attempt of a call: the request is sent, redirects are followed, and the
//! answer is read, or made an error if it is none.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
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

/// What one attempt brought, if it went well.
pub(crate) struct Good {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Shared {
    /// Sends the request once, follows redirects, and reads what comes.
    pub(crate) async fn attempt(
        &self,
        operation: &'static Operation,
        request: Request,
        spare: Option<&Request>,
        clock: &Clock,
        span: &Span,
    ) -> Result<Good, Error> {
        let method = request.method().clone();
        let mut response = self.send(request, clock).await?;
        seen::spoken(span, response.version());
        let mut followed = 0;
        loop {
            let status = response.status();
            let headers = response.headers();
            match redirect::next(
                &self.base,
                &method,
                response.url(),
                status,
                headers,
                followed,
            ) {
                Next::Read => break,
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
        if !response.status().is_success() {
            return Err(self.refused(operation, response, None, clock).await);
        }
        let result = body::whole(&mut response, self.max_body_bytes, clock).await;
        let status = response.status();
        let headers = self.headers(&mut response);
        match result {
            Ok(body) => Ok(Good {
                status,
                headers,
                body,
            }),
            Err(error) => Err(error.with_head(status, headers)),
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
