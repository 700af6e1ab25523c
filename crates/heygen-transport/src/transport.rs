//! The way of a request: guard, key, attempts with their waits, redirects, and
//! one error for everything that is not a good answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::{Request, Response};

use crate::answer::Answer;
use crate::deadline::Clock;
use crate::error::{Error, fail, read};
use crate::key::{self, ApiKey};
use crate::notice::{Notice, Told};
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::origin::BaseUrl;
use crate::redirect::{self, Next};
use crate::retry::{self, Waits};
use crate::{body, path};

/// Sends requests to the one origin it was built for. Cheap to clone; clones
/// share their connections.
#[derive(Clone)]
pub struct Transport(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) base: BaseUrl,
    pub(crate) key: ApiKey,
    pub(crate) timeout: Duration,
    pub(crate) idle: Duration,
    pub(crate) max_retries: u32,
    pub(crate) told: Told,
}

/// What one attempt brought, if it went well.
struct Good {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Transport {
    /// The address of the API, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.0.base.as_str()
    }

    /// The HTTP client, to build requests with. What it sends by itself
    /// carries no key.
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// Sends a request of an operation and reads the answer whole. Dropping
    /// the future cancels the call. Needs a Tokio runtime with its timer on.
    ///
    /// # Errors
    /// `InvalidInput` if the request is not one of the operation; else
    /// whatever came of the last attempt.
    pub async fn execute(
        &self,
        operation: &'static Operation,
        mut request: Request,
        options: &CallOptions,
    ) -> Result<Answer, Error> {
        let shared = &*self.0;
        path::guard(operation, &request, &shared.base)
            .map_err(|error| error.at(operation, false))?;
        options.apply(request.headers_mut());
        request
            .headers_mut()
            .insert(key::HEADER, shared.key.header());

        let repeatable = retry::is_repeatable(operation, request.headers());
        let clock = Clock::start(options.timeout.unwrap_or(shared.timeout), shared.idle);
        let mut waits = Waits::new(options.max_retries.unwrap_or(shared.max_retries));
        let mut attempts = 0;
        loop {
            attempts += 1;
            // A body that streams cannot be sent again.
            let spare = request.try_clone();
            let failed = match shared
                .attempt(operation, request, spare.as_ref(), &clock)
                .await
            {
                Ok(Good {
                    status,
                    headers,
                    body,
                }) => {
                    trace(
                        operation,
                        attempts,
                        Some(status.as_u16()),
                        crate::answer::request_id(&headers),
                        "answered",
                    );
                    let shared = Arc::clone(&self.0);
                    return Ok(Answer {
                        operation,
                        repeatable,
                        attempts,
                        status,
                        headers,
                        body,
                        shared,
                    });
                }
                Err(error) => error.at(operation, repeatable).after(attempts),
            };
            trace(
                operation,
                attempts,
                failed.status(),
                failed.request_id(),
                failed.kind().as_str(),
            );
            let wait = if failed.is_retryable() {
                waits.next(failed.retry_after())
            } else {
                None
            };
            match (spare, wait) {
                (Some(again), Some(wait)) if clock.has_room_for(wait) => {
                    tokio::time::sleep(wait).await;
                    request = again;
                }
                _ => return Err(failed),
            }
        }
    }
}

impl Shared {
    /// Sends the request once, follows redirects, and reads what comes.
    async fn attempt(
        &self,
        operation: &'static Operation,
        request: Request,
        spare: Option<&Request>,
        clock: &Clock,
    ) -> Result<Good, Error> {
        let method = request.method().clone();
        let mut response = self.send(request, clock).await?;
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
        let result = body::whole(&mut response, body::LIMIT, clock).await;
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

    async fn send(&self, request: Request, clock: &Clock) -> Result<Response, Error> {
        Ok(clock.step(self.http.execute(request)).await??)
    }

    /// Makes an error of an answer that is none, with what its body says.
    async fn refused(
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
    fn headers(&self, response: &mut Response) -> HeaderMap {
        let mut headers = std::mem::take(response.headers_mut());
        self.key.redact_headers(&mut headers);
        headers
    }
}

fn trace(
    operation: &'static Operation,
    attempt: u32,
    status: Option<u16>,
    request_id: Option<&str>,
    outcome: &'static str,
) {
    tracing::debug!(
        operation = operation.id,
        http.request.method = operation.method,
        url.template = operation.path,
        http.response.status_code = status,
        attempt,
        request_id,
        outcome,
        "attempt done"
    );
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.0.base)
            .field("api_key", &self.0.key)
            .field("timeout", &self.0.timeout)
            .field("idle_timeout", &self.0.idle)
            .field("max_retries", &self.0.max_retries)
            .finish_non_exhaustive()
    }
}
