//! Lower layers, for features that the client does not wrap: settings of the
//! HTTP library, generated methods without a method of the client, and uploads
//! to addresses that the API issued.
//!
//! Its items are those of other crates and of generated code, and may change in
//! any release.

pub use heygen_api_gen as generated;
use heygen_core::capture;
pub use heygen_core::capture::{Capture, Generated, GeneratedClient};
pub use heygen_core::{self, Operation};

pub use crate::CallOptions;
pub use progenitor_client::{ByteStream, Error as GeneratedError, ResponseValue};
pub use reqwest;
use serde::de::DeserializeOwned;

use crate::{Bytes, Client, ClientBuilder, Error, Response};

/// Settings of the HTTP library. They are applied after the client's defaults,
/// and before the client's rules: no redirects or retries by the library, no
/// proxy for plain http or loopback, no log of the traffic.
///
/// With the feature `rustls`, the TLS configuration is passed to the library
/// ready made, so its own switches for certificates and for the HTTP version
/// have no effect; pass another one with `tls_backend_preconfigured`.
///
/// ```
/// # fn main() -> Result<(), heygen::Error> {
/// let builder = heygen::Client::builder().api_key("sk_example");
/// let client = heygen::raw::http(builder, |http| http.pool_max_idle_per_host(2)).build();
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
pub fn http(
    builder: ClientBuilder,
    settings: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
) -> ClientBuilder {
    builder.with_http(settings)
}

/// The generated methods, for one call; see [`call`].
#[derive(Debug)]
#[allow(dead_code, reason = "without its features there is no version")]
pub struct Api {
    base_url: String,
    http: reqwest::Client,
    capture: Capture,
}

impl Api {
    /// The generated methods of a version.
    #[allow(dead_code, reason = "without its features there is no version")]
    pub(crate) fn generated<C: GeneratedClient>(&self) -> C {
        GeneratedClient::for_call(&self.base_url, self.http.clone(), self.capture.clone())
    }
}

#[doc(hidden)]
impl GeneratedClient for Api {
    fn for_call(base_url: &str, http: reqwest::Client, capture: Capture) -> Self {
        Self {
            base_url: base_url.to_owned(),
            http,
            capture,
        }
    }
}

/// Calls a generated method with the credential, retries, deadline and errors
/// of every other call. The generated method builds the request, and its return
/// type is the model that the response is decoded into, envelope included.
///
/// # Errors
/// Any [`Error`].
///
/// ```no_run
/// # #[cfg(feature = "v2")]
/// # async fn run(client: heygen::Client) -> Result<(), heygen::Error> {
/// use heygen::raw::{self, CallOptions};
///
/// let options = CallOptions::new().max_retries(0);
/// let response = raw::call(&client, options, async |api| {
///     api.v2().retrieve_avatar_details("anna").await
/// })
/// .await?;
/// println!("{:?}", response.data().data);
/// # Ok(())
/// # }
/// ```
pub async fn call<T, E>(
    client: &Client,
    options: CallOptions,
    method: impl AsyncFnOnce(Api) -> Generated<T, E>,
) -> Result<Response<T>, Error>
where
    T: DeserializeOwned + 'static,
{
    let request = capture::request(&client.0, &[], method);
    request.options(options).with_response().await
}

/// Calls a generated method that responds with bytes.
///
/// # Errors
/// Any [`Error`].
pub async fn call_bytes<E>(
    client: &Client,
    options: CallOptions,
    method: impl AsyncFnOnce(Api) -> Generated<ByteStream, E>,
) -> Result<Response<Bytes>, Error> {
    let request = capture::bytes(&client.0, &[], method);
    request.options(options).with_response().await
}

/// The runtime below a client, for calls of other generated clients and for
/// uploads: its `upload` takes addresses that the API issued, which are not sent
/// the credential.
pub fn core(client: &Client) -> &heygen_core::Client {
    &client.0
}
