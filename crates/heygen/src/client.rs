//! The client, from which every call starts.

use std::fmt;

use heygen_core::{Download, Error, Request, SecretString};
use http::Method;
use serde_json::Value;

/// A client of the HeyGen API.
///
/// Cheap to clone; clones share connections, limits and settings. Calls need a
/// Tokio runtime with its I/O and timer enabled.
#[derive(Clone)]
pub struct Client(pub(crate) heygen_core::Client);

/// Builds a [`Client`].
///
/// ```
/// use std::time::Duration;
///
/// # fn main() -> Result<(), heygen::Error> {
/// let client = heygen::Client::builder()
///     .api_key("sk_example")
///     .base_url("http://127.0.0.1:8080")
///     .timeout(Duration::from_secs(20))
///     .max_retries(0)
///     .build()?;
/// # drop(client);
/// # Ok(())
/// # }
/// ```
pub type ClientBuilder = heygen_core::ClientBuilder<Client>;

impl Client {
    /// A client with this API key and default settings.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the key cannot be sent as a
    /// header. The message does not contain the key.
    pub fn new(api_key: impl Into<SecretString>) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build()
    }

    /// A client with the key and settings of the environment; see
    /// `from_env` of the [`ClientBuilder`] for the variables.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if `HEYGEN_API_KEY` is not set or a
    /// variable is malformed.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().from_env()?.build()
    }

    /// A builder, for settings other than the defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A request to any endpoint by its method and path, for what has no method
    /// of its own yet. It is sent with the credential, retries, deadline and
    /// errors of every other call. The response is a JSON value, or the type
    /// set by [`typed`](Request::typed).
    ///
    /// The path begins with `/` and is sent as it is: encode arguments in it by
    /// [`encode_path`](crate::encode_path), and add a query by
    /// [`query`](Request::query). POST and PATCH are not repeated where they
    /// may have been executed, unless an idempotency key is set.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a path that is an
    /// absolute address, or has a dot segment, a query, a fragment, or a
    /// character that has to be encoded.
    ///
    /// ```no_run
    /// # async fn run(client: heygen::Client) -> Result<(), heygen::Error> {
    /// use heygen::Method;
    ///
    /// let voices = client.request(Method::GET, "/v3/voices").query("limit", 10).await?;
    /// println!("{}", voices["data"][0]["name"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: &str) -> Request<Value> {
        self.0.request(method, path)
    }

    /// A download of a file from an address that the API returned: to a path by
    /// [`to`](Download::to), or as a stream by [`open`](Download::open). The API
    /// key is not sent.
    ///
    /// Such addresses expire. The method `download` of a resource, such as that of
    /// videos, reads a new one from the object.
    ///
    /// An address that is not `https` is
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), unless it is on loopback
    /// or [`allow_http`](ClientBuilder::allow_http) is set.
    ///
    /// ```no_run
    /// # async fn run(client: heygen::Client, url: &str) -> Result<(), heygen::Error> {
    /// let file = client.download(url).to("out.mp4").on_progress(|p| eprintln!("{p}")).await?;
    /// println!("{} bytes in {}", file.bytes, file.path.display());
    ///
    /// let mut stream = client.download(url).open().await?;
    /// while let Some(bytes) = stream.chunk().await? {
    ///     println!("{} bytes", bytes.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self, url: impl Into<String>) -> Download {
        self.0.download(url)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[doc(hidden)]
impl From<heygen_core::Client> for Client {
    fn from(client: heygen_core::Client) -> Self {
        Self(client)
    }
}
