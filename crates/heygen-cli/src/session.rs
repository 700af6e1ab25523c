//! A session of one command: a client of the API, or of the built-in mock,
//! which lives as long as the command.

use heygen::Client;
use heygen_mock::MockServer;

use crate::error::CliError;
use crate::globals::Globals;

/// The key for the mock; the user's own is never sent there.
const MOCK_KEY: &str = "key-for-the-mock";

/// A client, and the mock server it calls if it does.
pub(crate) struct Session {
    client: Client,
    mock: Option<MockServer>,
}

impl Session {
    /// Builds the client and starts the mock; nothing is sent yet.
    pub(crate) async fn open(options: &Globals) -> Result<Self, CliError> {
        let (mut builder, mock) = if options.mock {
            // Nothing is read from the environment: neither the user's key nor
            // an address set there may reach the mock.
            let server = MockServer::start()
                .await
                .map_err(|error| CliError::mock(&error))?;
            let builder = Client::builder().api_key(MOCK_KEY).base_url(server.url());
            (builder, Some(server))
        } else {
            if std::env::var_os("HEYGEN_API_KEY").is_none_or(|key| key.is_empty()) {
                return Err(CliError::no_key());
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
            // Flags override the environment, so their variables are not
            // parsed.
            builder = builder.from_env()?;
        }
        let client = builder.build()?;
        Ok(Self { client, mock })
    }

    /// Opens a session for a request that is not sent, which needs no key.
    pub(crate) async fn unsent(options: &Globals) -> Result<Self, CliError> {
        if options.mock {
            return Self::open(options).await;
        }
        let mut builder = Client::builder().api_key(MOCK_KEY);
        if let Some(url) = &options.base_url {
            builder = builder.base_url(url);
        }
        let client = builder.from_env()?.build()?;
        Ok(Self { client, mock: None })
    }

    /// The client to build requests with.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Ends the session.
    pub(crate) async fn close(self) {
        if let Some(mock) = self.mock {
            mock.stop().await;
        }
    }
}
