//! `auth login`, `auth status` and `auth logout`: the API key in the credentials file
//! that this program shares with the vendor's.
#![allow(clippy::unused_async, reason = "commands have one type")]

use std::io::{self, ErrorKind, IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command};
use heygen::raw::generated::v3::operations::GET_CURRENT_USER_V3;
use heygen::{Request, SecretString};
use jiff::Timestamp;
use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value, json};

use crate::credentials::{self, Credential, CredentialsFile, Source};
use crate::error::{Call, CliError, Exit};
use crate::globals::Globals;
use crate::session::Session;
use crate::settings::Environment;
use crate::{ids, output};

const KEY_HINT: &str = "pipe the key to `heygen auth login`, or run it on a terminal; \
    it is on https://app.heygen.com/settings?nav=API";
/// How long a new key is checked before it is stored unchecked.
const PROBE: Duration = Duration::from_secs(10);
const NOT_REVOKED: &str = "the credentials file was deleted; the OAuth token in it was not revoked";
const MAX_KEY: u64 = 64 * 1024;

pub(crate) fn login_definition() -> Command {
    let long = "Store an API key in the credentials file, which the vendor's programs read too. \
        The key is asked for on a terminal, and else read from stdin. It is checked first: a \
        key that the API refuses is not stored.";
    let flag = |name: &'static str| {
        let flag = Arg::new(name).long(name).num_args(0..=1).value_name("true");
        flag.require_equals(true).default_missing_value("true")
    };
    // Without it the error of clap, which expects no argument, would print a key.
    let key = Arg::new("key").num_args(0..).action(ArgAction::Append);
    Command::new("login")
        .about("Store an API key, read from stdin or asked for on a terminal")
        .long_about(long)
        .arg(flag("api-key").help("Log in with an API key, the one way there is"))
        .args([flag("oauth").hide(true), flag("device-code").hide(true)])
        .arg(key.hide(true))
}

pub(crate) fn status_definition() -> Command {
    Command::new("status").about("Print the account, and where the credential is from")
}

pub(crate) fn logout_definition() -> Command {
    Command::new("logout").about("Delete the credentials file; tokens in it are not revoked")
}

pub(crate) async fn login(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    check_flags(matches)?;
    let environment = Environment::of_process();
    let path = environment.file("credentials")?;
    // Before anybody types: a file that cannot be understood is not overwritten.
    let mut file = stored(&path, globals)?.unwrap_or_default();
    let key = read_key()?;
    let session = if globals.mock {
        Session::open(globals).await?
    } else {
        let credential = Credential::ApiKey(key.clone());
        Session::with_credential(globals, &environment, credential, Source::Entered)?
    };
    let user = check_key(&session).await;
    session.close().await;
    let user = user?;
    let cleared_oauth = file.oauth.is_some();
    if !globals.mock {
        file.log_in(&key, user.clone());
        file.write(&path)
            .map_err(|error| unchanged(&path, &format!("cannot be written: {error}")))?;
    }
    if !globals.mock && environment.get(credentials::API_KEY).is_some() {
        output::notice("HEYGEN_API_KEY is set, and is used before the key that was stored");
    }
    let name = credentials::display_name(&user);
    let line = name.map_or("Logged in".to_owned(), |name| {
        format!("Logged in as {name}")
    });
    let mut body = json!({"cleared_oauth": cleared_oauth, "message": "the API key was stored"});
    user.into_iter()
        .for_each(|(name, value)| body[name] = value);
    print(&line, &body, globals)
}

/// Refuses other ways to log in, and a key as an argument.
fn check_flags(matches: &ArgMatches) -> Result<(), CliError> {
    let other = matches.contains_id("oauth") || matches.contains_id("device-code");
    let is_key = ids::text(matches, "api-key").is_some_and(|value| value != "true");
    let message = match (other, is_key || matches.contains_id("key")) {
        (true, _) => "this program logs in with API keys only",
        (_, true) => "a key is not read from the command line, which other users can see",
        _ => return Ok(()),
    };
    Err(CliError::usage(message, KEY_HINT))
}

/// Whose key it is. An error if the API refuses the key; where it cannot say, a notice
/// and nobody.
async fn check_key(session: &Session) -> Result<Map<String, Value>, CliError> {
    match account(session).timeout(PROBE).await {
        Ok(body) => Ok(credentials::user_of(body)),
        // The API knows the key, which does not have the scope to read the account.
        Err(error) if error.code() == Some("insufficient_api_key_scope") => Ok(Map::new()),
        Err(error) if error.is_unauthorized() || error.is_forbidden() => {
            Err(CliError::from(error).with_hint(format!("the key was not stored; {KEY_HINT}")))
        }
        Err(error) => {
            let why = error.message();
            output::notice(&format!(
                "the API key is stored, but could not be checked: {why}"
            ));
            Ok(Map::new())
        }
    }
}

/// The request for the account, whose response is an object of JSON.
fn account(session: &Session) -> Request<Map<String, Value>> {
    let core = heygen::raw::core(session.client());
    core.operation(&GET_CURRENT_USER_V3, &[], &[]).typed()
}

/// The key that is entered: hidden on a terminal, else all of stdin.
fn read_key() -> Result<SecretString, CliError> {
    let mut entered = Zeroizing::new(String::new());
    let read = if io::stdin().is_terminal() {
        // With a handler the prompt ends with an error, and restores the terminal, where
        // Ctrl-C would end the program at once.
        #[cfg(unix)]
        let _handler = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
        rpassword::prompt_password("API key (hidden): ").map(|key| *entered = key)
    } else {
        let mut stdin = io::stdin().lock().take(MAX_KEY);
        stdin.read_to_string(&mut entered).map(|_| ())
    };
    match (read, entered.trim()) {
        (Err(error), _) if error.kind() == ErrorKind::Interrupted => {
            let message = "the login was canceled";
            Err(CliError::new(Exit::Interrupted, "canceled", message))
        }
        (Err(error), _) if error.kind() != ErrorKind::UnexpectedEof => {
            Err(CliError::system("the API key cannot be read", &error))
        }
        (_, "") => Err(CliError::usage("no API key was entered", KEY_HINT)),
        (_, key) => Ok(key.to_owned().into()),
    }
}

pub(crate) async fn status(_: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let session = Session::open(globals).await?;
    let body = account(&session).await;
    let credential = describe(session.source(), Timestamp::now());
    let call = Call::by_hand(session.source().refused());
    session.close().await;
    let mut body = body.map_err(|error| call.explain(error))?;
    body.insert("credential".to_owned(), credential);
    output::json(&Value::from(body).to_string(), &[], globals.human)
}

/// The credential in use, without any part of it.
fn describe(source: &Source, now: Timestamp) -> Value {
    let (path, oauth) = match source {
        Source::File { path, oauth } => (path, oauth),
        Source::Mock => return json!({"source": "mock", "type": "api_key"}),
        _ => return json!({"source": "env", "type": "api_key"}),
    };
    let file = CredentialsFile::read(path)
        .ok()
        .flatten()
        .unwrap_or_default();
    let mut fields = json!({"source": "file", "type": if *oauth { "oauth" } else { "api_key" }});
    if let Some(token) = file.oauth.as_ref().filter(|_| *oauth) {
        let left = token.end().map(|end| end.duration_since(now).as_secs());
        fields["refreshable"] = token.refresh_token.is_some().into();
        fields["scope"] = token.scope.clone().into();
        fields["expires_at"] = token.expires_at.clone().into();
        fields["expires_in_seconds"] = left.into();
        fields["expired"] = left.is_some_and(|left| left <= 0).into();
    }
    if let Some(user) = file.user() {
        fields["user"] = user.into();
    }
    fields
}

pub(crate) async fn logout(_: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let environment = Environment::of_process();
    let path = environment.file("credentials")?;
    let file = stored(&path, globals)?;
    if file.is_some()
        && let Err(error) = std::fs::remove_file(&path)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(unchanged(&path, &format!("cannot be deleted: {error}")));
    }
    let file = file.unwrap_or_default();
    let (key, oauth) = (file.api_key().is_some(), file.oauth.is_some());
    let (cleared, message) = match (key, oauth) {
        (false, false) => ("", "nothing was stored"),
        (true, false) => ("api_key", "the API key was deleted"),
        (false, true) => ("oauth", NOT_REVOKED),
        (true, true) => ("both", NOT_REVOKED),
    };
    let body = json!({"cleared_api_key": key, "cleared_credential": cleared, "cleared_oauth": oauth, "message": message});
    print(&format!("Logged out: {message}"), &body, globals)
}

/// The credentials file, if there is one; the mock has no use for it. A malformed one
/// is an error and stays.
fn stored(path: &Path, globals: &Globals) -> Result<Option<CredentialsFile>, CliError> {
    if globals.mock {
        output::notice("with --mock, the credentials file is neither read nor changed");
        return Ok(None);
    }
    CredentialsFile::read(path).map_err(|why| unchanged(path, &why))
}

fn unchanged(path: &Path, why: &str) -> CliError {
    let path = path.display();
    let message = format!("the credentials file {path} was not changed: it {why}");
    CliError::new(Exit::Failed, "error", message).with_hint("mend the file, or delete it")
}

/// Prints a line for people on stderr, without the control characters that names may
/// have, and the result on stdout.
fn print(line: &str, body: &Value, globals: &Globals) -> Result<(), CliError> {
    // Nothing can be done when stderr is closed.
    let _ = writeln!(io::stderr(), "{}", line.replace(char::is_control, ""));
    output::json(&body.to_string(), &[], globals.human)
}
