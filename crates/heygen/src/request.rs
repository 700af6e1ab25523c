//! A call that has not been made yet. One type for all operations, so that
//! options of a call are learnt once.

use std::fmt;
use std::future::{Future, IntoFuture, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use heygen_api_gen::hooks::ResponseValue;
use heygen_transport::CallOptions;

use crate::{Error, Response};

type Boxed<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;
type Call<T> = Box<dyn FnOnce(CallOptions) -> Boxed<Response<T>> + Send>;

/// A call, ready to be made. `.await` makes it and gives the model; before
/// that it takes options of its own:
///
/// ```no_run
/// # async fn run(client: heygen::Client) -> Result<(), heygen::Error> {
/// use std::time::Duration;
///
/// # #[cfg(feature = "v2")] {
/// let avatar = client
///     .v2()
///     .avatars()
///     .details("Abigail_standing_office_front")
///     .timeout(Duration::from_secs(5))
///     .max_retries(0)
///     .await?;
/// # let _ = avatar; }
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<T> {
    operation: &'static str,
    call: Call<T>,
    options: CallOptions,
    /// The first fault of an option. It waits here for the call to be made.
    fault: Option<Error>,
}

impl<T: Send + 'static> Request<T> {
    #[cfg_attr(
        not(feature = "v2"),
        expect(dead_code, reason = "no generation has a resource")
    )]
    pub(crate) fn new<F>(
        operation: &'static str,
        call: impl FnOnce(CallOptions) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Result<ResponseValue<T>, Error>> + Send + 'static,
    {
        Self {
            operation,
            // The future of the call is made where it stays: it is large.
            call: Box::new(|options| Box::pin(async move { call(options).await.map(Response) })),
            options: CallOptions::default(),
            fault: None,
        }
    }

    /// The time for this call, retries and waits included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How often this call may be tried again.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.options.max_retries = Some(retries);
        self
    }

    /// Adds a header, in the place of one that the call would have by itself.
    /// One that cannot be sent, or that is the client's own to set such as the
    /// key, makes the call fail with
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) before it is sent.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        if let Err(error) = self.options.set_header(name.as_ref(), value.as_ref()) {
            self.fault.get_or_insert(error);
        }
        self
    }

    /// The key by which the server knows this call again, however often it is
    /// sent: 1 to 255 ASCII letters, digits, `_`, `-`, `:` and `.`, else the
    /// call fails with [`InvalidInput`](crate::ErrorKind::InvalidInput) before
    /// it is sent. Only some operations that create something read it; for
    /// those the client makes one itself unless you give it here, so that you
    /// can make the same call again after a restart.
    pub fn idempotency_key(mut self, key: impl AsRef<str>) -> Self {
        if let Err(error) = self.options.set_idempotency_key(key.as_ref()) {
            self.fault.get_or_insert(error);
        }
        self
    }

    /// Makes the call and gives the model with what came along: status,
    /// headers, request id, attempts, deprecation notice.
    ///
    /// # Errors
    /// Whatever came of the call.
    pub async fn with_response(self) -> Result<Response<T>, Error> {
        self.start().await
    }

    fn start(self) -> Boxed<Response<T>> {
        match self.fault {
            Some(error) => Box::pin(ready(Err(error))),
            None => (self.call)(self.options),
        }
    }
}

impl<T: Send + 'static> IntoFuture for Request<T> {
    type Output = Result<T, Error>;
    type IntoFuture = RequestFuture<T>;

    fn into_future(self) -> RequestFuture<T> {
        RequestFuture(self.start())
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// A call being made. Dropping it cancels the call.
pub struct RequestFuture<T>(Boxed<Response<T>>);

impl<T> Future for RequestFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = self.0.as_mut().poll(context);
        answer.map(|answer| answer.map(Response::into_inner))
    }
}

impl<T> fmt::Debug for RequestFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestFuture").finish_non_exhaustive()
    }
}
