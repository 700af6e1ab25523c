//! The layers below, for what the facade does not offer: settings that only
//! the HTTP library knows, operations that have no method here yet, and
//! operations that no document describes.
//!
//! What this module shows belongs to other crates and to generated code. It
//! may change in any release.

pub use heygen_api_gen as generated;
pub use heygen_transport::{Answer, CallOptions, Operation, Transport};
pub use reqwest;

use crate::{Client, ClientBuilder};

/// Settings of the HTTP library. They come after the client's defaults; the
/// client's rules come after them and win: no redirects by the library, no
/// proxy for plain http or this machine, no log of the traffic.
///
/// With the feature `rustls`, the TLS set-up is handed to the library ready
/// made, so its own switches for certificates and for the HTTP version have no
/// effect; hand over another set-up with `tls_backend_preconfigured`.
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
    ClientBuilder(builder.0.http(settings))
}

/// The generated client of the second generation. It has every operation of
/// the document; its calls travel as all others do and fail with the same
/// [`Error`](crate::Error).
#[cfg(feature = "v2")]
pub fn v2(client: &Client, options: CallOptions) -> generated::v2::Client {
    let inner = generated::hooks::Inner::new(client.transport.clone(), options);
    generated::v2::Client::new(inner)
}

/// The transport of a client, for an operation that you describe yourself. The
/// request must have exactly the method and the path of the description; the
/// key, deadlines, retries and errors are as for every other call.
///
/// ```no_run
/// use heygen::raw::{CallOptions, Operation};
///
/// static LIST: Operation = Operation {
///     id: "list-voices",
///     name: "list_voices",
///     method: "GET",
///     path: "/v2/voices",
///     idempotent: true,
///     idempotency_key: false,
///     pagination: None,
///     deprecated: false,
///     sunset: None,
/// };
///
/// # async fn run(client: heygen::Client) -> Result<(), heygen::Error> {
/// let transport = heygen::raw::transport(&client);
/// let request = transport.http().get(format!("{}/v2/voices", transport.base_url())).build()?;
/// let answer = transport.execute(&LIST, request, &CallOptions::default()).await?;
/// println!("{} bytes of JSON", answer.body().len());
/// # Ok(())
/// # }
/// ```
pub fn transport(client: &Client) -> &Transport {
    &client.transport
}
