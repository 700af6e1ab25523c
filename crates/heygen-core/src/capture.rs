//! Capture of the request that a generated method builds.
//!
//! The generator's methods build a request and would send it themselves. Their
//! hook moves the request into a [`Capture`] instead and ends the method with
//! an error that is dropped; the core then sends the request, checks the
//! response and decodes it into the return type of the method. So a generated
//! method is a typed request builder, whose code is unchanged.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::HeaderName;
use progenitor_client::{ByteStream, Error as GeneratedError, ResponseValue};
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::decode::{self, Decode};
use crate::error::{Error, build};
use crate::operation::Operation;
use crate::request::Request;
use crate::request::media_types::apply_media_types;
use crate::request::path::check_path_argument;

/// The generator sends the version of its document, which the API does not
/// read.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// Slot for the request of a generated client's one call.
#[derive(Clone, Default)]
pub struct Capture(Arc<Mutex<Option<Captured>>>);

struct Captured {
    request: Result<reqwest::Request, Error>,
    operation: &'static Operation,
}

impl Capture {
    /// Moves the request out of a generated method; called by its hook.
    ///
    /// # Errors
    /// Always, which ends the method.
    #[expect(clippy::result_large_err, reason = "the generator's type")]
    pub fn take<E>(
        &self,
        request: &mut reqwest::Request,
        operation: Option<&'static Operation>,
    ) -> Result<(), GeneratedError<E>> {
        let Some(operation) = operation else {
            return Err(GeneratedError::Custom(String::new()));
        };
        let left = reqwest::Request::new(request.method().clone(), request.url().clone());
        let mut request = std::mem::replace(request, left);
        remove_api_version(&mut request);
        apply_media_types(&mut request, operation);
        let mut slot = self.lock();
        let request = match &*slot {
            None => Ok(request),
            Some(_) => Err(build::internal("a generated method was called twice")),
        };
        *slot = Some(Captured { request, operation });
        Err(GeneratedError::Custom(String::new()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Captured>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes the generator's header, the first of its name. A parameter of the
/// same name follows it.
fn remove_api_version(request: &mut reqwest::Request) {
    let headers = request.headers_mut();
    let parameter = headers.get_all(&API_VERSION).iter().nth(1).cloned();
    headers.remove(API_VERSION);
    headers.extend(parameter.map(|value| (API_VERSION, value)));
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture").finish_non_exhaustive()
    }
}

/// A generated client. Implemented by generated code.
pub trait GeneratedClient: Sized {
    /// The client for one call, whose request is stored in the capture.
    fn for_call(base_url: &str, http: reqwest::Client, capture: Capture) -> Self;
}

/// What a generated method returns.
pub type Generated<T, E> = Result<ResponseValue<T>, GeneratedError<E>>;

/// The request of a generated method whose response is JSON, or has no body.
/// Arguments that become path segments are checked, by their names.
pub fn request<C, T, E>(
    client: &Client,
    path_arguments: &[(&str, &str)],
    method: impl AsyncFnOnce(C) -> Generated<T, E>,
) -> Request<T>
where
    C: GeneratedClient,
    T: DeserializeOwned + 'static,
{
    capture(client, method).into_request(client, path_arguments, decode::json)
}

/// The request of a generated method that responds with bytes.
pub fn bytes<C: GeneratedClient, E>(
    client: &Client,
    path_arguments: &[(&str, &str)],
    method: impl AsyncFnOnce(C) -> Generated<ByteStream, E>,
) -> Request<Bytes> {
    capture(client, method).into_request(client, path_arguments, decode::bytes)
}

impl Captured {
    fn into_request<T>(
        self,
        client: &Client,
        path_arguments: &[(&str, &str)],
        decode: Decode<T>,
    ) -> Request<T> {
        let checked = path_arguments
            .iter()
            .try_for_each(|(name, value)| check_path_argument(name, value));
        let request = checked.and(self.request);
        Request::new(client.clone(), self.operation, request, decode)
    }
}

/// Runs a generated method up to its hook.
fn capture<C: GeneratedClient, T, E>(
    client: &Client,
    method: impl AsyncFnOnce(C) -> Generated<T, E>,
) -> Captured {
    /// Placeholder for a method that built no request.
    static UNKNOWN: Operation = Operation::new("unknown", "GET", "(unknown)");

    let inner = &*client.0;
    let slot = Capture::default();
    let generated = C::for_call(inner.base.as_str(), inner.http.clone(), slot.clone());
    let method = pin!(method(generated));
    // The hook is reached without waiting for anything.
    let outcome = method.poll(&mut Context::from_waker(Waker::noop()));
    if let Some(captured) = slot.lock().take() {
        return captured;
    }
    let error = match outcome {
        Poll::Ready(Err(GeneratedError::InvalidRequest(message))) => {
            build::input(format!("the request cannot be built: {message}"))
        }
        Poll::Ready(Err(GeneratedError::CommunicationError(error))) => build::send_error(error),
        _ => build::internal("a generated method made no request at once"),
    };
    Captured {
        request: Err(error),
        operation: &UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method};

    use super::*;

    static GET: Operation = Operation::new("get", "GET", "/");

    #[test]
    fn version_header_of_the_generator_is_removed() {
        let url = url::Url::parse("http://127.0.0.1/").unwrap();
        let mut request = reqwest::Request::new(Method::GET, url);
        let value = HeaderValue::from_static;
        request.headers_mut().append(API_VERSION, value("1.0.0"));
        let mut parameter = request.try_clone().unwrap();
        parameter.headers_mut().append(API_VERSION, value("mine"));
        let parameter_of = |request: &mut reqwest::Request| {
            let capture = Capture::default();
            assert!(capture.take::<()>(request, Some(&GET)).is_err());
            let captured = capture.lock().take().unwrap();
            captured
                .request
                .unwrap()
                .headers()
                .get(API_VERSION)
                .cloned()
        };
        assert_eq!(parameter_of(&mut request), None);
        assert_eq!(parameter_of(&mut parameter), Some(value("mine")));
    }
}
