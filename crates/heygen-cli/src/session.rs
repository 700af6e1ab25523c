//! A session of one command: a client of the API, or of the built-in mock, which lives
//! as long as the command.

use clap::ArgMatches;
use heygen::{Client, ClientBuilder};
use heygen_mock::MockServer;

use crate::credentials::{self, Found, OAUTH, Source};
use crate::error::CliError;
use crate::globals::Globals;
use crate::{ids, settings};

/// The key where none is needed; the user's own is never sent to the mock.
const PLACEHOLDER: &str = "key-for-the-mock";

/// Not the vendor's own program, and not a program that uses the library.
const USER_AGENT: &str = concat!("heygen-rust-cli/", env!("CARGO_PKG_VERSION"));

const ALLOW_HTTP: &str = "use https, or set HEYGEN_ALLOW_HTTP=1 if you trust the network";

/// The one header that `--headers` may set.
const SOURCE_HEADER: &str = "x-heygen-client-source";

/// A client, and the mock server it calls if it does.
pub(crate) struct Session {
    pub(crate) client: Client,
    /// Where the credential is from.
    pub(crate) source: Source,
    /// The headers of `--headers`, checked, for each request.
    pub(crate) headers: Vec<(&'static str, String)>,
    _mock: Option<MockServer>,
}

impl Session {
    /// A session with the credential of the user. The mock needs none, nor does a request
    /// that is only printed.
    pub(crate) async fn of_call(matches: &ArgMatches, globals: &Globals) -> Result<Self, CliError> {
        if globals.mock || ids::is_on(matches, ids::DRY_RUN) {
            return Self::with(globals, (PLACEHOLDER.into(), Source::Transient)).await;
        }
        Self::with(globals, credentials::find()?).await
    }

    /// Starts the mock, and checks the settings; nothing is sent yet.
    pub(crate) async fn with(globals: &Globals, found: Found) -> Result<Self, CliError> {
        let (credential, source) = found;
        let mut builder = Client::builder().user_agent(USER_AGENT);
        builder = match source {
            Source::File(_, OAUTH) => builder.bearer_token(credential),
            _ => builder.api_key(credential),
        };
        // With --wait, --timeout is that of the wait.
        let timeout = globals.timeout.filter(|_| !globals.wait);
        if let Some(timeout) = globals.request_timeout.or(timeout) {
            builder = builder.timeout(timeout);
        }
        if let Some(retries) = globals.max_retries {
            builder = builder.max_retries(retries);
        }
        let mock = start_mock(globals).await?;
        let variable = |name| Some(settings::variable(name)?.to_string_lossy().into_owned());
        let set = || variable("HEYGEN_BASE_URL").or_else(|| variable("HEYGEN_API_BASE"));
        let url = globals.base_url.clone().or_else(set);
        if let Some(url) = mock.as_ref().map(MockServer::url).or(url) {
            builder = builder.base_url(url);
        }
        let allow_http = settings::variable("HEYGEN_ALLOW_HTTP").is_some();
        let builder = match &mock {
            // A setting of the user that cannot be parsed does not matter.
            Some(_) => Ok(builder),
            None => builder.allow_http(allow_http).from_env(),
        };
        let client = builder.and_then(ClientBuilder::build);
        let client = client.map_err(|error| refused(error, &source))?;
        let check = |header: &String| client_source(header).map(|value| (SOURCE_HEADER, value));
        let headers: Result<_, _> = globals.headers.iter().map(check).collect();
        Ok(Self {
            client,
            source,
            headers: headers?,
            _mock: mock,
        })
    }
}

async fn start_mock(globals: &Globals) -> Result<Option<MockServer>, CliError> {
    if !globals.mock {
        return Ok(None);
    }
    if globals.base_url.is_some() {
        let message = "--mock and --base-url exclude each other";
        return Err(CliError::usage(message, "leave one of them out"));
    }
    let server = MockServer::start().await;
    let server = server.map(Some);
    server.map_err(|error| CliError::system("the mock cannot be started", &error))
}

/// The error of a client that cannot be built, with what to do on the command line.
fn refused(error: heygen::Error, source: &Source) -> CliError {
    let is_plain_http = error.hint().is_some_and(|hint| hint.contains("allow_http"));
    let plain_http = is_plain_http.then(|| ALLOW_HTTP.to_owned());
    let hint = source.refused().filter(|_| error.is_unauthorized());
    let mut error = CliError::from(error);
    error.body.hint = hint.or(plain_http).or(error.body.hint);
    error
}

/// Checks a header of `--headers`, which the vendor's program has for one name.
fn client_source(header: &str) -> Result<String, CliError> {
    let (name, value) = header.split_once(':').unwrap_or_default();
    let value = value.trim();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let is_known = name.trim().eq_ignore_ascii_case(SOURCE_HEADER);
    if !is_known || value.is_empty() || !value.bytes().all(allowed) {
        let hint = format!("pass {SOURCE_HEADER}:VALUE, of letters, digits, _, . and -");
        let message = "--headers has a header that cannot be set";
        return Err(CliError::usage(message, hint));
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::API_KEY;
    use crate::error::Exit;

    async fn refused(url: &str, key: &str) -> CliError {
        let globals = Globals {
            base_url: Some(url.to_owned()),
            ..Globals::default()
        };
        let source = Source::File("/x/credentials".into(), API_KEY);
        let session = Session::with(&globals, (key.into(), source)).await;
        session.err().unwrap()
    }

    #[tokio::test]
    async fn refused_settings_have_hints_of_the_command_line() {
        let error = refused("http://10.0.0.1", "sk_hush").await;
        assert_eq!(error.exit, Exit::Usage);
        assert!(error.body.hint.unwrap().contains("HEYGEN_ALLOW_HTTP"));
        let error = refused("http://127.0.0.1", "sk hush").await;
        assert_eq!(error.exit, Exit::Key);
        assert!(!format!("{error:?}").contains("hush"));
        assert!(error.body.hint.unwrap().contains("/x/credentials"));
    }

    #[test]
    fn one_header_may_be_set() {
        let good = client_source("X-HeyGen-Client-Source: b_1.2-c");
        assert_eq!(good.unwrap(), "b_1.2-c");
        for bad in [
            "x-api-key:sk_hush",
            "x-heygen-client-source",
            "x-heygen-client-source:",
            "x-heygen-client-source:a b",
            "x-heygen-client-source:a\r\nb:c",
            "x-heygen-client-source:\u{e9}",
            "",
        ] {
            let error = client_source(bad).unwrap_err();
            assert_eq!(error.exit, Exit::Usage, "{bad:?}");
            assert!(!format!("{error:?}").contains("hush"), "{bad:?}");
        }
    }
}
