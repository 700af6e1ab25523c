//! Clients of the test servers, and the calls that most tests make.

use std::time::Duration;

use fixture_api::v9;
use heygen::raw::{ByteStream, Generated};
use heygen::v2::AvatarDetails;
use heygen::{Bytes, Client, ClientBuilder, Error, Request, Response};
use heygen_core::capture;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::document::avatar_id;
use crate::echo::EchoServer;
use crate::scripted::{Reply, ScriptedServer};
use crate::tls::Authority;

pub use heygen::FileStream;
pub use heygen::raw::{CallOptions, Operation};

/// The API key of test clients.
pub const API_KEY: &str = "sk_test_0123456789";

/// A base URL of a port on which no server listens.
pub const UNREACHABLE_URL: &str = "http://127.0.0.1:9";

/// A builder with the API key and this base URL; the other settings are the
/// defaults.
pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
    Client::builder().api_key(API_KEY).base_url(base_url)
}

/// A client of this base URL that never retries.
pub fn client(base_url: impl Into<String>) -> Client {
    builder(base_url).max_retries(0).build().unwrap()
}

impl ScriptedServer {
    /// A builder of clients of this server, with default settings.
    pub fn builder(&self) -> ClientBuilder {
        builder(self.url())
    }

    /// A client of this server that never retries.
    pub fn client(&self) -> Client {
        client(self.url())
    }

    /// Fails if a request contains the API key.
    pub fn assert_no_api_key(&self) {
        for request in self.requests() {
            assert!(!format!("{request:?}").contains(API_KEY), "{request:?}");
        }
    }

    /// Gets the example avatar with such a client.
    pub async fn get_avatar(&self) -> Result<Response<AvatarDetails>, Error> {
        get_avatar(&self.client()).await
    }
}

impl EchoServer {
    /// A builder of clients of this server that never retry.
    pub fn builder(&self) -> ClientBuilder {
        builder(self.url()).max_retries(0)
    }
}

/// A request of the main operation: the details of the avatar of this id.
pub fn avatar(client: &Client, id: impl AsRef<str>) -> Request<AvatarDetails> {
    client.v2().avatars().details(id)
}

/// A request for the example avatar.
pub fn example_avatar(client: &Client) -> Request<AvatarDetails> {
    avatar(client, avatar_id())
}

/// Gets the example avatar.
pub async fn get_avatar(client: &Client) -> Result<Response<AvatarDetails>, Error> {
    example_avatar(client).with_response().await
}

/// The error of a call that gets this reply and is not retried.
pub async fn error_of(reply: Reply) -> Error {
    let server = ScriptedServer::start([reply]).await;
    server.get_avatar().await.unwrap_err()
}

/// Settings of the HTTP library below the client.
pub fn configure_http(
    builder: ClientBuilder,
    settings: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
) -> ClientBuilder {
    heygen::raw::http(builder, settings)
}

/// Speaks HTTP/2 without TLS.
pub fn http2(builder: ClientBuilder) -> ClientBuilder {
    configure_http(builder, reqwest::ClientBuilder::http2_prior_knowledge)
}

/// Trusts one authority instead of the system's, and offers these ALPN
/// protocols.
pub fn trust(builder: ClientBuilder, authority: &Authority, alpn: &[&str]) -> ClientBuilder {
    let config = authority.client_config(alpn);
    configure_http(builder, |http| http.tls_backend_preconfigured(config))
}

/// The runtime below a client.
pub fn core(client: &Client) -> &heygen_core::Client {
    heygen::raw::core(client)
}

/// A builder of clients for downloads and uploads, whose API is on another
/// origin.
pub fn file_builder(idle_timeout: Duration, timeout: Duration) -> ClientBuilder {
    builder(UNREACHABLE_URL)
        .idle_timeout(idle_timeout)
        .timeout(timeout)
        .max_retries(1)
}

/// A client for downloads and uploads, whose API is on another origin.
pub fn file_client(idle_timeout: Duration, timeout: Duration) -> Client {
    file_builder(idle_timeout, timeout).build().unwrap()
}

/// Opens the download of a file.
pub async fn download(client: &Client, url: &str) -> Result<FileStream, Error> {
    client.download(url).open().await
}

/// Uploads a file, and returns the status.
pub async fn upload(
    client: &Client,
    url: &str,
    headers: HeaderMap,
    body: impl Into<reqwest::Body>,
) -> Result<u16, Error> {
    let response = core(client).upload(url, headers, body.into()).await?;
    Ok(response.status())
}

/// The request of a generated method of the fixture API.
pub fn fixture<T: DeserializeOwned + 'static, E>(
    client: &Client,
    method: impl AsyncFnOnce(v9::client::Client) -> Generated<T, E>,
) -> Request<T> {
    capture::request(core(client), &[], method)
}

/// The least request for a video of the fixture API.
pub fn new_video() -> v9::types::CreateVideoRequest {
    let body = json!({"type": "avatar", "avatar_id": avatar_id(), "script": "Hello"});
    serde_json::from_value(body).unwrap()
}

/// A request to create a video with the fixture API: an operation that reads an
/// `Idempotency-Key`.
pub fn create_video(client: &Client, options: CallOptions) -> Request<v9::types::VideoCreated> {
    let body = new_video();
    let request = fixture(client, async |api| api.create_video(&body).await);
    request.options(options).data()
}

/// The request of a generated method of the fixture API that responds with
/// bytes.
pub fn fixture_bytes<E>(
    client: &Client,
    method: impl AsyncFnOnce(v9::client::Client) -> Generated<ByteStream, E>,
) -> Request<Bytes> {
    capture::bytes(core(client), &[], method)
}
