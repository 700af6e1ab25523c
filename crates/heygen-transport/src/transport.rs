//! The way of a call: guard, key, and attempts with the waits between them,
//! until one is answered or another makes no sense.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Request;
use tracing::{Instrument as _, Span};
use url::Url;

use crate::answer::Answer;
use crate::budget::Budget;
use crate::deadline::Clock;
use crate::error::Error;
use crate::flight::Flight;
use crate::key::{self, ApiKey};
use crate::notice::Told;
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::origin::BaseUrl;
use crate::retry::{Next, Repeat, Retries};
use crate::{idempotency, path, seen};

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
    pub(crate) max_retry_after: Duration,
    pub(crate) max_body_bytes: usize,
    pub(crate) flight: Flight,
    pub(crate) budget: Budget,
    pub(crate) told: Told,
}

impl Transport {
    /// The address of the API, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.0.base.as_str()
    }

    /// The address of a path below the base URL: its segments have to be
    /// encoded, see [`encode_segment`](crate::encode_segment).
    pub fn url(&self, path: &str) -> Url {
        self.0.base.with_path(path)
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
    pub fn execute(
        &self,
        operation: &'static Operation,
        request: impl Into<Box<Request>>,
        options: &CallOptions,
    ) -> impl Future<Output = Result<Answer, Error>> + Send {
        self.call(operation, request.into(), options)
    }

    /// Prepares a call and makes it. The request is boxed, as every future on
    /// the way would carry it about.
    async fn call(
        &self,
        operation: &'static Operation,
        mut request: Box<Request>,
        options: &CallOptions,
    ) -> Result<Answer, Error> {
        let shared = &*self.0;
        path::guard(operation, &request, &shared.base)
            .map_err(|error| error.at(operation, Repeat::Never))?;
        options.apply(request.headers_mut());
        idempotency::provide(operation, request.headers_mut());
        let headers = request.headers_mut();
        headers.insert(key::NAME, shared.key.header());

        let span = seen::call(operation);
        let call = Call {
            operation,
            repeat: Repeat::of(operation, request.headers()),
            idempotency_key: idempotency::sent(request.headers()),
            span: &span,
        };
        let run = self.run(&call, &mut request, options);
        if span.is_disabled() {
            run.await
        } else {
            Box::pin(run.instrument(span.clone())).await
        }
    }

    /// Makes attempts until one is answered, or another makes no sense.
    async fn run(
        &self,
        call: &Call<'_>,
        request: &mut Request,
        options: &CallOptions,
    ) -> Result<Answer, Error> {
        let shared = &*self.0;
        let clock = Clock::start(options.timeout.unwrap_or(shared.timeout), shared.idle);
        let mut retries = Retries::new(
            options.max_retries.unwrap_or(shared.max_retries),
            shared.max_retry_after,
            &shared.budget,
        );
        let _seat = match shared.flight.enter(&clock).await {
            Ok(seat) => seat,
            Err(error) => return call.failed(call.about(error, 0)),
        };
        let mut attempts = 0;
        loop {
            attempts += 1;
            let span = seen::attempt(call.operation, request.url(), attempts, &shared.key);
            let (sent, again) = to_send(request);
            let sent = shared.http.execute(sent);
            let spare = again.then_some(&*request);
            let attempt = shared.attempt(call.operation, sent, spare, &clock, &span);
            let result = if span.is_disabled() {
                attempt.await
            } else {
                Box::pin(attempt.instrument(span.clone())).await
            };
            let failed = match result {
                Ok(good) => {
                    let head = (good.status, &good.headers);
                    let size = Some(good.body.len());
                    seen::answered(&span, call.operation, attempts, head, size);
                    shared.budget.earn();
                    seen::call_ended(call.span, attempts, None);
                    return Ok(Answer {
                        operation: call.operation,
                        repeat: call.repeat,
                        idempotency_key: call.idempotency_key.clone(),
                        attempts,
                        status: good.status,
                        headers: good.headers,
                        body: good.body,
                        shared: Arc::clone(&self.0),
                    });
                }
                Err(error) => call.about(error, attempts),
            };
            seen::failed(&span, call.operation, attempts, &failed);
            if !again {
                return call.failed(failed);
            }
            match retries.next(&failed, &clock) {
                Next::Wait(wait) => {
                    tracing::debug!(attempt = attempts, ?wait, "another attempt follows");
                    tokio::time::sleep(wait).await;
                }
                Next::Stop => return call.failed(failed),
                Next::Spent => return call.failed(failed.not_repeated()),
            }
        }
    }
}

/// What to send of a request, and whether it can be sent again: a copy, or the
/// request itself where its body streams and cannot be copied.
fn to_send(request: &mut Request) -> (Request, bool) {
    if request.body().is_none() && request.timeout().is_none() {
        // The HTTP library's own copy costs twice as much.
        let mut copy = Request::new(request.method().clone(), request.url().clone());
        *copy.headers_mut() = request.headers().clone();
        *copy.version_mut() = request.version();
        return (copy, true);
    }
    if let Some(copy) = request.try_clone() {
        return (copy, true);
    }
    let rest = Request::new(request.method().clone(), request.url().clone());
    (std::mem::replace(request, rest), false)
}

/// What is known of a call before it is made.
struct Call<'a> {
    operation: &'static Operation,
    repeat: Repeat,
    idempotency_key: Option<Box<str>>,
    span: &'a Span,
}

impl Call<'_> {
    /// Tells an error which call it is about.
    fn about(&self, error: Error, attempts: u32) -> Error {
        error
            .at(self.operation, self.repeat)
            .after(attempts)
            .with_idempotency_key(self.idempotency_key.as_deref())
    }

    /// Ends the call with an error about it.
    fn failed(&self, error: Error) -> Result<Answer, Error> {
        seen::call_ended(self.span, error.attempts(), Some(&error));
        Err(error)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.0.base)
            .field("api_key", &self.0.key)
            .field("timeout", &self.0.timeout)
            .field("idle_timeout", &self.0.idle)
            .field("max_retries", &self.0.max_retries)
            .field("max_retry_after", &self.0.max_retry_after)
            .field("max_body_bytes", &self.0.max_body_bytes)
            .finish_non_exhaustive()
    }
}
