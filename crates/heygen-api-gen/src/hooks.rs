//! Where generated code meets the transport. Every request goes through
//! [`exec`]; every answer comes back through [`ResponseValue`].

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::ops::Deref;

use heygen_transport::{Answer, CallOptions, Notice, Operation, Transport};
use serde::de::DeserializeOwned;

pub use heygen_transport::Error;

/// What a generated client carries: the transport, and the options of the
/// calls made with it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Inner {
    transport: Transport,
    options: CallOptions,
}

impl Inner {
    /// Calls go over this transport, with these options.
    pub fn new(transport: Transport, options: CallOptions) -> Self {
        Self { transport, options }
    }

    /// The address of the API, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.transport.base_url()
    }

    /// The address of an operation, by its path.
    pub fn url(&self, path: &str) -> reqwest::Url {
        self.transport.url(path)
    }

    /// The HTTP client, to build requests with.
    pub fn http(&self) -> &reqwest::Client {
        self.transport.http()
    }
}

/// Sends a request and reads the answer whole.
///
/// # Errors
/// Whatever came of the call.
pub fn exec(
    inner: &Inner,
    operation: Option<&'static Operation>,
    request: reqwest::Request,
) -> impl Future<Output = Result<Answer, Error>> + Send {
    // Every future on the way would carry it about.
    let request = Box::new(request);
    async move {
        let operation = operation.ok_or_else(|| {
            heygen_transport::internal_fault(
                "the operation is not in the generated table of operations",
            )
        })?;
        let Inner { transport, options } = inner;
        transport.execute(operation, request, options).await
    }
}

/// The error for an argument that the generated builder refused.
pub fn invalid_request(message: String) -> Error {
    heygen_transport::invalid_input(message)
}

/// Encodes a value as one path segment, so that nothing in it is syntax.
pub fn encode_path(value: &str) -> Cow<'_, str> {
    heygen_transport::encode_segment(value)
}

/// The answer to a call: the model, and what came with it.
pub struct ResponseValue<T> {
    inner: T,
    answer: Answer,
    notice: Option<Notice>,
}

impl<T: DeserializeOwned> ResponseValue<T> {
    /// Reads the model from what [`exec`] brought.
    ///
    /// # Errors
    /// `Api` or `Decode` if the body does not fit.
    pub fn from_answer(answer: Answer) -> Result<Self, Error> {
        Ok(Self {
            inner: answer.decode()?,
            answer,
            notice: None,
        })
    }
}

impl ResponseValue<()> {
    /// For operations that answer with a status alone.
    pub fn empty(answer: Answer) -> Self {
        let notice = answer.notice(None);
        Self {
            inner: (),
            answer,
            notice,
        }
    }
}

impl ResponseValue<bytes::Bytes> {
    /// For operations that answer with something else than JSON.
    pub fn bytes(answer: Answer) -> Self {
        let notice = answer.notice(None);
        Self {
            inner: answer.body().clone(),
            answer,
            notice,
        }
    }
}

impl<T> ResponseValue<T> {
    /// The model.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// The HTTP status.
    pub fn status(&self) -> http::StatusCode {
        self.answer.status()
    }

    /// The headers.
    pub fn headers(&self) -> &http::HeaderMap {
        self.answer.headers()
    }

    /// The body as it came.
    pub fn body(&self) -> &bytes::Bytes {
        self.answer.body()
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        self.answer.request_id()
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.answer.attempts()
    }

    /// The deprecation notice. That of the body is known once it is open.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }
}

impl<T: Envelope> ResponseValue<T> {
    /// Opens the envelope.
    ///
    /// # Errors
    /// `Api` if it carries an error, `Decode` if there is nothing in it.
    pub fn open(self) -> Result<ResponseValue<T::Data>, Error> {
        let Self { inner, answer, .. } = self;
        let opened = inner.open();
        let notice = answer.notice(opened.warning.as_ref());
        if opened.failed || answer.has_failure_code() {
            return Err(answer.failure());
        }
        match opened.data {
            Some(inner) => Ok(ResponseValue {
                inner,
                answer,
                notice,
            }),
            None => Err(answer.lacks("data")),
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseValue")
            .field("inner", &self.inner)
            .field("answer", &self.answer)
            .field("notice", &self.notice)
            .finish()
    }
}

/// A response model that wraps what the caller asked for.
pub trait Envelope {
    /// What is inside.
    type Data;

    /// Takes it out, with what else the envelope says.
    fn open(self) -> Opened<Self::Data>;
}

/// An opened envelope.
#[derive(Debug)]
pub struct Opened<T> {
    /// What was inside, unless it was absent or null.
    pub data: Option<T>,
    /// Whether the envelope says that the call failed.
    pub failed: bool,
    /// A notice that came along, in the vendor's own shape.
    pub warning: Option<serde_json::Value>,
}
