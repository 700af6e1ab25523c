//! The client: where every call starts.

use heygen_transport::{SecretString, Transport, TransportBuilder};

use crate::{ClientBuilder, Error};

/// A client of the HeyGen API.
///
/// Cheap to clone; clones share connections and settings. Calls need a Tokio
/// runtime with its I/O and timer on.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) transport: Transport,
}

impl Client {
    /// A client with this key and default settings.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the key cannot be sent as a
    /// header. The message does not hold it.
    pub fn new(api_key: impl Into<SecretString>) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build()
    }

    /// A client with the key and settings of the environment; see
    /// [`ClientBuilder::fill_from_env`] for the variables.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if `HEYGEN_API_KEY` is missing or
    /// any of the variables is malformed.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().fill_from_env()?.build()
    }

    /// Sets up a client by hand.
    pub fn builder() -> ClientBuilder {
        ClientBuilder(TransportBuilder::new())
    }

    /// The second generation of the API.
    ///
    /// HeyGen has announced that it ends after 2026-10-31.
    #[cfg(feature = "v2")]
    pub fn v2(&self) -> crate::v2::V2<'_> {
        crate::v2::V2 { client: self }
    }
}
