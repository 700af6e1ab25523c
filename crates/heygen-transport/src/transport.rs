//! The way of a call: guard, key, and attempts with the waits between them,
//! until one is answered or another makes no sense.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Request;

use crate::answer::Answer;
use crate::budget::Budget;
use crate::deadline::Clock;
use crate::error::Error;
use crate::key::{self, ApiKey};
use crate::notice::Told;
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::origin::BaseUrl;
use crate::retry::{Next, Repeat, Retries};
use crate::{idempotency, path};

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
    pub(crate) budget: Budget,
    pub(crate) told: Told,
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
            .map_err(|error| error.at(operation, Repeat::Never))?;
        options.apply(request.headers_mut());
        idempotency::provide(operation, request.headers_mut());
        request
            .headers_mut()
            .insert(key::HEADER, shared.key.header());

        let repeat = Repeat::of(operation, request.headers());
        let idempotency_key = idempotency::sent(request.headers());
        let clock = Clock::start(options.timeout.unwrap_or(shared.timeout), shared.idle);
        let mut retries = Retries::new(
            options.max_retries.unwrap_or(shared.max_retries),
            shared.max_retry_after,
            &shared.budget,
        );
        let mut attempts = 0;
        loop {
            attempts += 1;
            // A body that streams cannot be sent again.
            let spare = request.try_clone();
            let result = shared
                .attempt(operation, request, spare.as_ref(), &clock)
                .await;
            let failed = match result {
                Ok(good) => {
                    trace(
                        operation,
                        attempts,
                        Some(good.status.as_u16()),
                        crate::answer::request_id(&good.headers),
                        "answered",
                    );
                    shared.budget.earn();
                    return Ok(Answer {
                        operation,
                        repeat,
                        idempotency_key,
                        attempts,
                        status: good.status,
                        headers: good.headers,
                        body: good.body,
                        shared: Arc::clone(&self.0),
                    });
                }
                Err(error) => error
                    .at(operation, repeat)
                    .after(attempts)
                    .with_idempotency_key(idempotency_key.as_deref()),
            };
            trace(
                operation,
                attempts,
                failed.status(),
                failed.request_id(),
                failed.kind().as_str(),
            );
            let Some(again) = spare else {
                return Err(failed);
            };
            match retries.next(&failed, &clock) {
                Next::Wait(wait) => {
                    tokio::time::sleep(wait).await;
                    request = again;
                }
                Next::Stop => return Err(failed),
                Next::Spent => return Err(failed.not_repeated()),
            }
        }
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
            .field("max_retry_after", &self.0.max_retry_after)
            .field("max_body_bytes", &self.0.max_body_bytes)
            .finish_non_exhaustive()
    }
}
