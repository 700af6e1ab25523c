//! Retry loop of a call: attempts, with waits between them, until one succeeds
//! or a retry is refused. Calls of operations and transfers of files share it,
//! and differ in their [`Exchange`].

use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument as _;

use crate::attempt::{Attempt, Exchange};
use crate::client::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::operation::CallContext;
use crate::response::RawResponse;
use crate::retry::{Decision, Retries};
use crate::telemetry;

/// Context of a call.
pub(crate) struct Call<'a> {
    pub(crate) client: &'a Client,
    pub(crate) context: Arc<CallContext>,
    pub(crate) deadline: Deadline,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) max_retries: u32,
}

impl<'a> Call<'a> {
    pub(crate) fn new(client: &'a Client, context: Arc<CallContext>, deadline: Deadline) -> Self {
        Self {
            client,
            context,
            deadline,
            attempt_timeout: client.0.attempt_timeout,
            max_retries: client.0.max_retries,
        }
    }

    /// Runs the call. Dropping the future cancels it.
    pub(crate) async fn run(self, exchange: &mut dyn Exchange) -> Result<RawResponse, Error> {
        let span = telemetry::call_span(self.context.operation);
        let attempts = self.attempts(exchange);
        let result = if span.is_disabled() {
            attempts.await
        } else {
            Box::pin(attempts.instrument(span.clone())).await
        };
        match &result {
            Ok(response) => telemetry::finish_call(&span, response.attempts, None),
            Err(error) => telemetry::finish_call(&span, error.attempts(), Some(error)),
        }
        result
    }

    /// Runs attempts until one succeeds, or a retry is refused.
    async fn attempts(&self, exchange: &mut dyn Exchange) -> Result<RawResponse, Error> {
        let inner = &*self.client.0;
        let context = &self.context;
        let operation = context.operation;
        let mut retries = Retries::new(self.max_retries, inner.max_retry_after, &inner.throttle);
        let mut number = 0;
        let mut is_open = false;
        loop {
            let permit = inner.concurrency.acquire(operation, &self.deadline).await;
            let permit =
                permit.map_err(|error| error.with_call(context, number).with_earlier(is_open))?;
            number += 1;
            let redactor = inner.credential.redactor();
            let attempt = Attempt {
                inner,
                operation,
                deadline: self.deadline.of_attempt(self.attempt_timeout),
                span: telemetry::attempt_span(operation, exchange.url(), number, redactor),
            };
            let span = &attempt.span;
            let failed = match exchange.attempt(&attempt).instrument(span.clone()).await {
                Ok(success) => {
                    let read = (success.status, &success.headers, success.body.len());
                    telemetry::record_attempt(span, operation, number, Ok(read));
                    inner.throttle.on_success();
                    return Ok(RawResponse {
                        context: Arc::clone(context),
                        attempts: number,
                        client: self.client.clone(),
                        success,
                    });
                }
                Err(error) => error.with_call(context, number).with_earlier(is_open),
            };
            is_open = failed.outcome_unknown();
            telemetry::record_attempt(span, operation, number, Err(&failed));
            if !exchange.is_repeatable(&failed) {
                return Err(failed);
            }
            match retries.decide(&failed, &self.deadline) {
                Decision::RetryAfter(wait) => {
                    // The permit is released: other calls may be sent while
                    // this one waits.
                    drop(permit);
                    tracing::debug!(attempt = number, ?wait, "retry follows");
                    tokio::time::sleep(wait).await;
                }
                Decision::Stop => return Err(failed),
                Decision::Throttled => return Err(failed.throttled()),
            }
        }
    }
}
