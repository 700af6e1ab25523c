//! Clients of the test servers, and the calls that most tests make.

use fixture_api::v9;
use heygen::raw::{Answer, Transport, generated};
use heygen::v2::AvatarDetails;
use heygen::{Client, ClientBuilder, Error, Request, Response};
use http::{HeaderMap, Method};

use crate::document::avatar_id;
use crate::echo::EchoServer;
use crate::scripted::{Reply, ScriptedServer};
use crate::tls::Authority;

pub use heygen::raw::{CallOptions, Operation};
pub use heygen_transport::Download;

/// The API key of test clients.
pub const API_KEY: &str = "sk_test_0123456789";

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
pub fn avatar(client: &Client, id: impl Into<String>) -> Request<AvatarDetails> {
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

/// The generated client of the second generation.
pub fn generated_client(client: &Client, options: CallOptions) -> generated::v2::Client {
    heygen::raw::v2(client, options)
}

/// The transport below a client.
pub fn transport(client: &Client) -> Transport {
    heygen::raw::transport(client).clone()
}

/// Sends a request that the test describes itself.
pub async fn send_raw(
    client: &Client,
    operation: &'static Operation,
    url: String,
    options: &CallOptions,
) -> Result<Answer, Error> {
    let transport = transport(client);
    let method: Method = operation.method.parse().unwrap();
    let request = transport.http().request(method, url).build()?;
    transport.execute(operation, request, options).await
}

/// An operation that the test describes itself; it may be sent only once.
pub const fn operation(id: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation {
        id,
        name: id,
        method,
        path,
        idempotent: false,
        idempotency_key: false,
        pagination: None,
        deprecated: false,
        sunset: None,
    }
}

/// Opens the download of a file.
pub async fn download(client: &Client, url: &str) -> Result<Download, Error> {
    transport(client).download(url).await
}

/// Uploads a file, and returns the status.
pub async fn upload(
    client: &Client,
    url: &str,
    headers: HeaderMap,
    body: impl Into<reqwest::Body>,
) -> Result<u16, Error> {
    let status = transport(client).upload(url, headers, body.into()).await?;
    Ok(status.as_u16())
}

/// The generated client of the made-up API.
pub fn fixture_client(client: &Client, options: CallOptions) -> v9::Client {
    v9::Client::new(fixture_api::hooks::Inner::new(transport(client), options))
}

/// A video that the made-up API has created.
#[derive(Debug)]
pub struct CreatedVideo {
    /// The id of the video.
    pub id: String,
    /// The status of the response.
    pub status: u16,
    /// How many requests were sent.
    pub attempts: u32,
}

/// Creates a video with the made-up API: an operation that reads an
/// `Idempotency-Key`.
pub async fn create_video(client: &Client, options: CallOptions) -> Result<CreatedVideo, Error> {
    let avatar = v9::types::CreateFromAvatar::builder()
        .avatar_id(avatar_id())
        .script("Hello");
    let request = v9::types::CreateVideoRequest::Avatar(avatar.try_into().unwrap());
    let fixture = fixture_client(client, options);
    let response = fixture.create_video().body(request).send().await?.open()?;
    Ok(CreatedVideo {
        status: response.status().as_u16(),
        attempts: response.attempts(),
        id: response.into_inner().video_id,
    })
}
