//! What a command calls the API with: a client for the real one, or for the
//! built-in mock, which lives as long as the command.

use heygen::Client;
use heygen_mock::MockServer;

use crate::cli::Options;
use crate::failure::Failure;

/// The key the mock is called with. The user's own never goes there.
const STAND_IN_KEY: &str = "stand-in-key-for-the-mock";

/// A client, and the mock it speaks to if it does.
pub(crate) struct Caller {
    client: Client,
    mock: Option<MockServer>,
}

impl Caller {
    /// Gets everything ready for a call; nothing is sent yet.
    pub(crate) async fn open(options: &Options) -> Result<Self, Failure> {
        let (mut builder, mock) = if options.mock {
            // Nothing is read from the environment, so neither the user's key
            // nor an address set there plays any part.
            let server = MockServer::start()
                .await
                .map_err(|error| Failure::mock(&error))?;
            let builder = Client::builder()
                .api_key(STAND_IN_KEY)
                .base_url(server.url());
            (builder, Some(server))
        } else {
            if std::env::var_os("HEYGEN_API_KEY").is_none_or(|key| key.is_empty()) {
                return Err(Failure::no_key());
            }
            let mut builder = Client::builder();
            if let Some(url) = &options.base_url {
                builder = builder.base_url(url);
            }
            (builder, None)
        };
        if let Some(timeout) = options.timeout {
            builder = builder.timeout(timeout);
        }
        if mock.is_none() {
            // What a flag has set is not looked up again.
            builder = builder.fill_from_env()?;
        }
        let client = builder.build()?;
        Ok(Self { client, mock })
    }

    /// The client to call with.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Ends with what came of the call.
    pub(crate) async fn close<T>(self, result: Result<T, heygen::Error>) -> Result<T, Failure> {
        let unknown = result.as_ref().is_err_and(heygen::Error::is_not_found);
        let mut result = result.map_err(Failure::from);
        if let Some(server) = self.mock {
            if unknown {
                let ids = server.known_ids("retrieve-avatar-details", "avatar_id");
                let hint = format!(
                    "the mock knows only the ids of its examples: {}; leave --mock out to ask \
                     the real API",
                    ids.join(", ")
                );
                result = result.map_err(|failure| failure.with_hint(hint));
            }
            server.stop().await;
        }
        result
    }
}
