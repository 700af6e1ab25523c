//! Responses: as they came, and decoded.

use std::{
    ops::{Deref, DerefMut},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use progenitor_client::ByteStream;
use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;

use super::{error::Error, operation::Operation};

/// How much of the body of an error is read.
const MAX_ERROR_BODY: usize = 1 << 20;

/// A response whose body is not decoded.
#[derive(Debug)]
pub struct RawResponse {
    operation: Option<&'static Operation>,
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Read(Bytes),
    Open(Box<reqwest::Response>),
}

impl RawResponse {
    /// Reads the body, unless that is a stream that worked.
    pub(super) async fn read(
        mut response: reqwest::Response,
        operation: Option<&'static Operation>,
    ) -> reqwest::Result<Self> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let streams = operation.is_none_or(|operation| operation.streams);
        let works = status.is_success() || status == StatusCode::SWITCHING_PROTOCOLS;
        let body = if works && streams {
            Body::Open(Box::new(response))
        } else if works {
            Body::Read(response.bytes().await?)
        } else {
            Body::Read(read_error(response).await)
        };
        Ok(Self {
            operation,
            status,
            headers,
            body,
        })
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    fn into_parts(self) -> (Option<&'static Operation>, StatusCode, HeaderMap, Bytes) {
        let body = match self.body {
            Body::Read(bytes) => bytes,
            // A stream with a status that the document does not declare.
            Body::Open(_) => Bytes::new(),
        };
        (self.operation, self.status, self.headers, body)
    }
}

/// What generated code makes errors of responses by: it takes them for variants
/// of an enum.
#[allow(non_snake_case, reason = "names that the generator uses")]
impl<E> Error<E> {
    /// A response whose status the document does not declare, or an error.
    #[doc(hidden)]
    pub fn UnexpectedResponse(response: RawResponse) -> Self {
        let (operation, status, headers, body) = response.into_parts();
        Self::status_error(operation, (status, headers, body), None)
    }

    /// An error response of the type that the document declares.
    #[doc(hidden)]
    pub fn ErrorResponse(response: ResponseValue<E>) -> Self {
        let (operation, status, headers, body, declared) = response.into_parts();
        Self::status_error(operation, (status, headers, body), Some(declared))
    }
}

/// The start of an error's body: what is missing of it hides no status.
async fn read_error(mut response: reqwest::Response) -> Bytes {
    let mut read = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        read.extend_from_slice(&chunk[..chunk.len().min(MAX_ERROR_BODY - read.len())]);
        if read.len() == MAX_ERROR_BODY {
            break;
        }
    }
    read.freeze()
}

/// A decoded response: the value, with status and headers.
#[derive(Debug, Clone)]
pub struct ResponseValue<T> {
    value: T,
    operation: Option<&'static Operation>,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl<T> ResponseValue<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came; empty for a stream.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    fn into_parts(self) -> (Option<&'static Operation>, StatusCode, HeaderMap, Bytes, T) {
        let Self {
            value,
            operation,
            status,
            headers,
            body,
        } = self;
        (operation, status, headers, body, value)
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    #[doc(hidden)]
    #[allow(clippy::unused_async, reason = "generated code awaits it")]
    pub async fn from_response<E>(response: RawResponse) -> Result<Self, Error<E>> {
        let operation = response.operation;
        let (status, headers, body) = match response.body {
            Body::Read(body) => (response.status, response.headers, body),
            Body::Open(open) => (response.status, response.headers, open.bytes().await?),
        };
        // A mark of the byte order is no JSON.
        let json = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
        match serde_json::from_slice(json) {
            Ok(value) => Ok(Self {
                value,
                operation,
                status,
                headers,
                body,
            }),
            Err(error) => {
                Err(Error::decode(error, (status, headers, body)).with_operation(operation))
            }
        }
    }
}

impl ResponseValue<()> {
    #[doc(hidden)]
    pub fn empty(response: RawResponse) -> Self {
        let (operation, status, headers, body) = response.into_parts();
        Self {
            value: (),
            operation,
            status,
            headers,
            body,
        }
    }
}

impl ResponseValue<ByteStream> {
    #[doc(hidden)]
    pub fn stream(response: RawResponse) -> Self {
        let RawResponse {
            operation,
            status,
            headers,
            body,
        } = response;
        let value = match body {
            Body::Read(bytes) => ByteStream::new(Box::pin(Once(Some(bytes)))),
            Body::Open(open) => ByteStream::new(Box::pin(open.bytes_stream())),
        };
        Self {
            value,
            operation,
            status,
            headers,
            body: Bytes::new(),
        }
    }
}

impl ResponseValue<reqwest::Upgraded> {
    #[doc(hidden)]
    pub async fn upgrade<E>(response: RawResponse) -> Result<Self, Error<E>> {
        let RawResponse {
            operation,
            status,
            headers,
            body,
        } = response;
        match body {
            Body::Open(open) if status == StatusCode::SWITCHING_PROTOCOLS => {
                let value = open.upgrade().await.map_err(Error::not_received)?;
                Ok(Self {
                    value,
                    operation,
                    status,
                    headers,
                    body: Bytes::new(),
                })
            }
            body => Err(Error::UnexpectedResponse(RawResponse {
                operation,
                status,
                headers,
                body,
            })),
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// A stream of bytes that have been read.
struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}
