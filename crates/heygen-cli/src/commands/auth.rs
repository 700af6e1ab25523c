//! `auth login`, `auth status` and `auth logout`: the API key in the credentials file
//! that this program shares with the vendor's.
#![allow(clippy::unused_async, reason = "commands have one type")]

use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgMatches, Command};
use heygen::Request;
use heygen::raw::generated::v3::operations::GET_CURRENT_USER_V3;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::credentials::{self, OAUTH, Source};
use crate::error::{Call, CliError, Exit};
use crate::globals::Globals;
use crate::session::Session;
use crate::{ids, output, private_file, settings};

const KEY_HINT: &str = "pipe the key to `heygen auth login`, or run it on a terminal; \
    it is on https://app.heygen.com/settings?nav=API";

pub(crate) fn login_definition() -> Command {
    // Text, as are arguments: the errors of clap would print a key.
    let api_key = Arg::new("api-key").long("api-key").num_args(0..=1);
    let api_key = api_key.require_equals(true).default_missing_value("true");
    Command::new("login")
        .about("Store an API key, from a terminal or stdin, unless the API refuses it")
        .arg(api_key.help("Log in with an API key, the one way there is"))
        .arg(Arg::new("key").num_args(0..).hide(true))
}

pub(crate) fn status_definition() -> Command {
    Command::new("status").about("Print the account, and where the credential is from")
}

pub(crate) fn logout_definition() -> Command {
    Command::new("logout").about("Delete the credentials file; tokens in it are not revoked")
}

pub(crate) async fn login(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let is_argument = ids::text(matches, "api-key").is_some_and(|value| value != "true");
    if is_argument || matches.contains_id("key") {
        let message = "a key is not read from the command line, which other users can see";
        return Err(CliError::usage(message, KEY_HINT));
    }
    // Before anybody types: a file that cannot be understood is not overwritten.
    let (path, mut stored) = stored(globals)?;
    let key = read_key()?;
    let session = Session::with(globals, (key.as_str().into(), Source::Transient)).await?;
    let account = check_key(&session).await?;
    let name = credentials::display_name(&account).map(|name| format!("Logged in as {name}"));
    let mut body = Value::from(account.clone());
    body["cleared_oauth"] = (!stored["oauth"].is_null()).into();
    if !globals.mock {
        credentials::log_in(&mut stored, &key, account);
        private_file::write(&path, &format!("{stored:#}"))?;
    }
    let line = name.as_deref().unwrap_or("Logged in");
    print(line, "the API key was stored", body, globals)
}

/// Whose key it is. An error if the API refuses the key; where it cannot say, a notice
/// and nobody.
async fn check_key(session: &Session) -> Result<Map<String, Value>, CliError> {
    match account(session).timeout(Duration::from_secs(10)).await {
        Ok(body) => Ok(credentials::account_fields(body.get("data"))),
        // The API knows the key, which does not have the scope to read the account.
        Err(error) if error.is_scope_missing() => Ok(Map::new()),
        Err(error) if error.is_unauthorized() || error.is_forbidden() => {
            Err(CliError::from(error).with_hint(format!("the key was not stored; {KEY_HINT}")))
        }
        Err(error) => {
            let why = error.message();
            output::notice(&format!("the API key could not be checked: {why}"));
            Ok(Map::new())
        }
    }
}

/// The request for the account, whose response is an object of JSON.
fn account(session: &Session) -> Request<Map<String, Value>> {
    let core = heygen::raw::core(&session.client);
    core.operation(&GET_CURRENT_USER_V3, &[], &[]).typed()
}

/// The key that is entered: hidden on a terminal, else all of stdin.
fn read_key() -> Result<String, CliError> {
    let entered = if io::stdin().is_terminal() {
        // With a handler Ctrl-C ends the prompt, which restores the terminal, and not at
        // once the program.
        #[cfg(unix)]
        let _handler = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
        rpassword::prompt_password("API key (hidden): ")
            .map_err(|_| CliError::new(Exit::Interrupted, "canceled", "the login was canceled"))
    } else {
        io::read_to_string(io::stdin().take(64 * 1024))
            .map_err(|error| CliError::system("the API key cannot be read", &error))
    };
    match entered?.trim() {
        "" => Err(CliError::usage("no API key was entered", KEY_HINT)),
        key => Ok(key.to_owned()),
    }
}

pub(crate) async fn status(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let session = Session::of_call(matches, globals).await?;
    let call = Call::by_hand(session.source.refused());
    let mut body = account(&session)
        .await
        .map_err(|error| call.explain(error))?;
    body.insert("credential".to_owned(), describe(&session.source)?);
    output::json(&Value::from(body).to_string(), &[], globals.human)
}

/// The credential in use, without any part of it.
fn describe(source: &Source) -> Result<Value, CliError> {
    let (path, kind) = match source {
        Source::Env => return Ok(json!({"source": "env", "type": "api_key"})),
        Source::Transient => return Ok(json!({"source": "mock", "type": "api_key"})),
        Source::File(path, kind) => (path, *kind),
    };
    let stored = credentials::read(path)?;
    let mut fields = json!({"source": "file", "type": kind});
    if kind == OAUTH {
        let token = &stored["oauth"];
        let left = credentials::time_left(token, Timestamp::now()).map(|left| left.as_secs());
        fields["refreshable"] = credentials::text(token, "refresh_token").is_some().into();
        fields["scope"] = token["scope"].clone();
        fields["expires_at"] = token["expires_at"].clone();
        fields["expires_in_seconds"] = left.into();
        fields["expired"] = left.is_some_and(|left| left <= 0).into();
    }
    let mut user = credentials::account_fields(stored.get("user"));
    if let Some(name) = credentials::display_name(&user) {
        user.insert("display_name".to_owned(), name.into());
        fields["user"] = user.into();
    }
    Ok(fields)
}

pub(crate) async fn logout(_: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let (path, stored) = stored(globals)?;
    if !stored.is_null() {
        std::fs::remove_file(&path).map_err(|error| private_file::unusable(&path, error))?;
    }
    let key = credentials::text(&stored, "api_key").is_some();
    let oauth = !stored["oauth"].is_null();
    let cleared = ["", "api_key", "oauth", "both"][usize::from(key) + 2 * usize::from(oauth)];
    let mut body = json!({"cleared_api_key": key, "cleared_credential": cleared});
    body["cleared_oauth"] = oauth.into();
    let message = "nothing is stored any more; an OAuth token is not revoked";
    print("Logged out", message, body, globals)
}

/// The path and contents of the credentials file; null where there is none, as for the
/// mock.
fn stored(globals: &Globals) -> Result<(PathBuf, Value), CliError> {
    let path = settings::file("credentials");
    let stored = (!globals.mock).then(|| credentials::read(&path));
    let stored = stored.transpose()?.unwrap_or_default();
    Ok((path, stored))
}

/// Prints a line for people on stderr, without the control characters that names may
/// have, and the result on stdout.
fn print(line: &str, message: &str, mut body: Value, globals: &Globals) -> Result<(), CliError> {
    // Nothing can be done when stderr is closed.
    let _ = writeln!(io::stderr(), "{}", line.replace(char::is_control, ""));
    let mocked = "with --mock, the credentials file is not used";
    body["message"] = if globals.mock { mocked } else { message }.into();
    output::json(&body.to_string(), &[], globals.human)
}
