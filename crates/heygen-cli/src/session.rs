//! A session of one command: a client of the API, or of the built-in mock, which lives
//! as long as the command.

use std::time::Duration;

use clap::ArgMatches;
use heygen::{Client, ClientBuilder};
use heygen_mock::MockServer;
use jiff::Timestamp;

use crate::credentials::{self, Credential, Source};
use crate::error::CliError;
use crate::globals::Globals;
use crate::ids;
use crate::settings::Environment;

/// The key for the mock; the user's own is never sent there.
const MOCK_KEY: &str = "key-for-the-mock";

/// Not the vendor's own program, and not a program that uses the library.
const USER_AGENT: &str = concat!("heygen-rust-cli/", env!("CARGO_PKG_VERSION"));

/// The one header that `--headers` may set.
const SOURCE_HEADER: &str = "x-heygen-client-source";

/// A client, and the mock server it calls if it does.
pub(crate) struct Session {
    client: Client,
    source: Source,
    client_source: Option<String>,
    mock: Option<MockServer>,
}

impl Session {
    /// Finds the credential, checks the settings, and starts the mock; nothing is sent
    /// yet.
    pub(crate) async fn open(globals: &Globals) -> Result<Self, CliError> {
        if globals.mock {
            return Self::with_mock(globals).await;
        }
        let environment = Environment::of_process();
        let (credential, source) = credentials::find(&environment, Timestamp::now())?;
        Self::with_credential(globals, &environment, credential, source)
    }

    /// A session with the mock, which neither the user's key nor an address that is set
    /// elsewhere may reach.
    async fn with_mock(globals: &Globals) -> Result<Self, CliError> {
        let mut globals = globals.clone();
        if globals.base_url.is_some() {
            let message = "--mock and --base-url exclude each other";
            return Err(CliError::usage(
                message,
                "leave one of them out; see heygen --help",
            ));
        }
        let server = MockServer::start().await;
        let server =
            server.map_err(|error| CliError::system("the mock cannot be started", &error))?;
        globals.base_url = Some(server.url());
        let mut session = Self::without_key(&globals, Source::Mock)?;
        session.mock = Some(server);
        Ok(session)
    }

    /// A session with this credential, at the address that is set.
    pub(crate) fn with_credential(
        globals: &Globals,
        environment: &Environment,
        credential: Credential,
        source: Source,
    ) -> Result<Self, CliError> {
        let mut builder = match credential {
            Credential::ApiKey(key) => Client::builder().api_key(key),
            Credential::Bearer(token) => Client::builder().bearer_token(token),
        };
        builder = builder
            .user_agent(USER_AGENT)
            .allow_http(environment.get("HEYGEN_ALLOW_HTTP").is_some());
        let mut url = globals.base_url.clone();
        for variable in ["HEYGEN_BASE_URL", "HEYGEN_API_BASE"] {
            if url.is_none() {
                url = environment.text(variable)?;
            }
        }
        if let Some(url) = url {
            builder = builder.base_url(url);
        }
        if let Some(timeout) = call_timeout(globals) {
            builder = builder.timeout(timeout);
        }
        // A bad number there is ignored, as the vendor's program does.
        let retries = environment.get("HEYGEN_MAX_RETRIES");
        let retries = retries.map(|text| {
            text.to_str()
                .and_then(|text| text.parse().ok())
                .unwrap_or(2)
        });
        if let Some(retries) = globals.max_retries.or(retries) {
            builder = builder.max_retries(retries);
        }
        // What is set already is not read from the environment.
        let builder = match source {
            Source::Mock => Ok(builder),
            _ => builder.from_env(),
        };
        let client = builder.and_then(ClientBuilder::build);
        Ok(Self {
            client: client.map_err(|error| refused(error, &source))?,
            source,
            client_source: client_source(&globals.headers)?,
            mock: None,
        })
    }

    /// A session for a request that may only be printed, which needs no credential.
    pub(crate) async fn of_call(matches: &ArgMatches, globals: &Globals) -> Result<Self, CliError> {
        if globals.mock || !ids::is_on(matches, ids::DRY_RUN) {
            return Self::open(globals).await;
        }
        Self::without_key(globals, Source::Entered)
    }

    fn without_key(globals: &Globals, source: Source) -> Result<Self, CliError> {
        let key = Credential::ApiKey(MOCK_KEY.to_owned().into());
        Self::with_credential(globals, &Environment::of_process(), key, source)
    }

    /// The client to build requests with.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Where the credential is from.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// The headers of `--headers`, checked, for each request.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let value = self.client_source.iter();
        value.map(|value| (SOURCE_HEADER, value.as_str()))
    }

    /// Ends the session.
    pub(crate) async fn close(self) {
        if let Some(mock) = self.mock {
            mock.stop().await;
        }
    }
}

/// The timeout of each call: with `--wait`, `--timeout` is that of the wait.
fn call_timeout(globals: &Globals) -> Option<Duration> {
    let timeout = globals.timeout.filter(|_| !globals.wait);
    globals.request_timeout.or(timeout)
}

/// The error of a client that cannot be built, with what to do on the command line.
fn refused(error: heygen::Error, source: &Source) -> CliError {
    let plain = "use https, or set HEYGEN_ALLOW_HTTP=1 if you trust the network";
    let plain = error
        .message()
        .contains("in clear")
        .then(|| plain.to_owned());
    let hint = source
        .refused()
        .filter(|_| error.is_unauthorized())
        .or(plain);
    let mut error = CliError::from(error);
    error.body.hint = hint.or(error.body.hint);
    error
}

/// Checks `--headers`, which the vendor's program has for one header. The last wins.
fn client_source(headers: &[String]) -> Result<Option<String>, CliError> {
    let check = |header: &String| {
        let (name, value) = header.split_once(':')?;
        let value = value.trim();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let is_known = name.trim().eq_ignore_ascii_case(SOURCE_HEADER);
        let is_valid = is_known && !value.is_empty() && value.bytes().all(allowed);
        is_valid.then(|| value.to_owned())
    };
    let checked: Option<Vec<String>> = headers.iter().map(check).collect();
    let mut checked = checked.ok_or_else(|| {
        let hint = format!("pass {SOURCE_HEADER}:VALUE, of letters, digits, _, . and -");
        CliError::usage("--headers has a header that cannot be set", hint)
    })?;
    Ok(checked.pop())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    fn open(globals: &Globals, variables: &[(&'static str, &str)]) -> Result<Session, CliError> {
        let environment = Environment::of(variables);
        let key = Credential::ApiKey("sk_hush".to_owned().into());
        Session::with_credential(globals, &environment, key, Source::Env)
    }

    fn url(option: Option<&str>, variables: &[(&'static str, &str)]) -> String {
        let globals = Globals {
            base_url: option.map(str::to_owned),
            ..Globals::default()
        };
        let session = open(&globals, variables).ok().unwrap();
        heygen::raw::core(session.client()).base_url().to_owned()
    }

    #[test]
    fn address_is_that_of_option_then_own_then_vendors_variable() {
        let own = ("HEYGEN_BASE_URL", "http://127.0.0.1:1");
        let vendors = ("HEYGEN_API_BASE", "http://127.0.0.1:2");
        assert_eq!(url(None, &[]), "https://api.heygen.com");
        assert_eq!(url(None, &[vendors]), vendors.1);
        assert_eq!(url(None, &[vendors, own]), own.1);
        assert_eq!(url(None, &[("HEYGEN_BASE_URL", ""), vendors]), vendors.1);
        let option = "http://127.0.0.1:3";
        assert_eq!(url(Some(option), &[vendors, own]), option);
    }

    #[test]
    fn plain_http_needs_permission_beyond_loopback() {
        let far = ("HEYGEN_BASE_URL", "http://10.0.0.1");
        let error = open(&Globals::default(), &[far]).err().unwrap();
        assert_eq!(error.exit, Exit::Usage);
        assert!(error.body.hint.unwrap().contains("HEYGEN_ALLOW_HTTP"));
        assert_eq!(url(None, &[far, ("HEYGEN_ALLOW_HTTP", "1")]), far.1);
    }

    #[test]
    fn malformed_key_names_where_it_is_from() {
        let source = Source::File {
            path: "/x/credentials".into(),
            oauth: false,
        };
        let key = Credential::ApiKey("sk hush".to_owned().into());
        let (globals, environment) = (Globals::default(), Environment::of(&[]));
        let error = Session::with_credential(&globals, &environment, key, source);
        let error = error.err().unwrap();
        assert_eq!(error.exit, Exit::Key);
        let hint = error.body.hint.as_ref().unwrap();
        assert!(hint.contains("/x/credentials"), "{hint}");
        assert!(!format!("{error:?}").contains("hush"));
    }

    #[test]
    fn timeout_of_a_wait_is_not_that_of_its_calls() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let mut globals = Globals {
            timeout: seconds(9),
            ..Globals::default()
        };
        assert_eq!(call_timeout(&globals), seconds(9));
        globals.wait = true;
        assert_eq!(call_timeout(&globals), None);
        globals.request_timeout = seconds(2);
        assert_eq!(call_timeout(&globals), seconds(2));
    }

    #[test]
    fn one_header_may_be_set() {
        let check = |headers: &[&str]| {
            let headers: Vec<String> = headers.iter().map(|&header| header.into()).collect();
            client_source(&headers)
        };
        assert_eq!(check(&[]).unwrap(), None);
        let twice = [
            "x-heygen-client-source:a",
            "X-HeyGen-Client-Source: b_1.2-c",
        ];
        assert_eq!(check(&twice).unwrap().unwrap(), "b_1.2-c");
        for bad in [
            "x-api-key:sk_hush",
            "x-heygen-client-source",
            "x-heygen-client-source:",
            "x-heygen-client-source:a b",
            "x-heygen-client-source:a\r\nb:c",
            "x-heygen-client-source:\u{e9}",
            "",
        ] {
            let error = check(&[bad]).unwrap_err();
            assert_eq!(error.exit, Exit::Usage, "{bad:?}");
            assert!(!format!("{error:?}").contains("hush"), "{bad:?}");
        }
    }
}
