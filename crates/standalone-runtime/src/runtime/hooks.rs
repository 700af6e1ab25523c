//! What generated code calls to send a request. The traits have the names and
//! the shape that the generator's output expects of its own runtime.

use progenitor_client::{ClientInfo, OperationInfo};
use reqwest::{Request, RequestBuilder};
use serde::Serialize;

use super::{
    error::{Error, NotSent},
    response::RawResponse,
};

/// Carries each request of the generated client to its [`Settings`](super::Settings).
#[allow(
    async_fn_in_trait,
    reason = "only generated code calls it, on the client itself"
)]
pub trait ClientHooks<Inner>: ClientInfo<Inner> {
    /// Makes a request ready to be sent.
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>>;

    /// Sends a request.
    async fn exec(&self, request: Request, info: &OperationInfo) -> Result<RawResponse, NotSent>;

    /// Called with what came of it.
    #[allow(clippy::unused_async, reason = "generated code awaits it")]
    async fn post<E>(
        &self,
        _result: &Result<RawResponse, NotSent>,
        _info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        Ok(())
    }
}

/// Bodies of forms.
pub trait RequestBuilderExt<E>: Sized {
    /// Sets the body to a form of these fields.
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<RequestBuilder, Error<E>>;
}

impl<E> RequestBuilderExt<E> for RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error<E>> {
        progenitor_client::RequestBuilderExt::<()>::form_urlencoded(self, body).map_err(|_| {
            Error::argument("the body cannot be written as a form: it holds lists or objects")
        })
    }
}
