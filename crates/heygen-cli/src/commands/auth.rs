//! `auth login`, `auth status` and `auth logout`: the API key in the credentials file
//! that this program shares with the vendor's.

use std::io::{self, ErrorKind, IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command};
use heygen::SecretString;
use heygen::raw::generated::v3::operations::GET_CURRENT_USER_V3;
use heygen::{Bytes, Request};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value, json};

use crate::credentials::{self, Credential, CredentialsFile, Source, User};
use crate::error::{CliError, Exit};
use crate::globals::Globals;
use crate::output;
use crate::session::Session;
use crate::settings::Environment;
use crate::value;

const KEY_PAGE: &str = "https://app.heygen.com/settings?nav=API";
/// How long a new key is checked before it is stored unchecked.
const PROBE: Duration = Duration::from_secs(10);
const MAX_KEY: u64 = 64 * 1024;

pub(crate) fn login_definition() -> Command {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    Command::new("login")
        .about("Store an API key, read from stdin or asked for on a terminal")
        .long_about(
            "Store an API key in the credentials file, which the vendor's programs read too. \
             The key is asked for on a terminal, and else read from stdin. It is checked \
             first: a key that the API refuses is not stored.",
        )
        .arg(
            Arg::new("api-key")
                .long("api-key")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true")
                .hide_possible_values(true)
                .help("Log in with an API key, the one way there is"),
        )
        // Else the error of an argument that is not expected would print the key.
        .arg(Arg::new("key").num_args(0..).hide(true))
        .arg(flag("oauth").hide(true))
        .arg(flag("device-code").hide(true))
}

pub(crate) fn status_definition() -> Command {
    Command::new("status").about("Print the account, and where the credential is from")
}

pub(crate) fn logout_definition() -> Command {
    Command::new("logout").about("Delete the credentials file; tokens in it are not revoked")
}

pub(crate) async fn login(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    if let Some(flag) = ["oauth", "device-code"]
        .iter()
        .find(|flag| matches.get_flag(flag))
    {
        let hint = "run `heygen auth login` with an API key; a token that the vendor's program \
                    has stored is used until it expires";
        let message = format!("--{flag} is not offered: this program logs in with API keys only");
        return Err(CliError::usage(message, hint));
    }
    let api_key = matches.get_one("api-key").map(String::as_str);
    if matches.contains_id("key") || api_key.is_some_and(|text| value::boolean(text).is_err()) {
        let hint = "pipe the key to `heygen auth login`, or run it on a terminal";
        let message = "the key is not taken from the command line, which other users can read";
        return Err(CliError::usage(message, hint));
    }
    let environment = Environment::of_process();
    let path = credentials::path(&environment)?;
    // Before anybody types: a file that cannot be understood is not overwritten. The
    // mock has no use for it.
    let mut file = match globals.mock {
        true => CredentialsFile::new(&path),
        false => stored(&path)?.unwrap_or_else(|| CredentialsFile::new(&path)),
    };
    let key = read_key()?;
    let session = match globals.mock {
        true => Session::open(globals).await?,
        false => {
            let credential = Credential::ApiKey(key.clone());
            Session::with_credential(globals, &environment, credential, Source::Entered)
                .map_err(not_a_key)?
        }
    };
    let user = check(&session).await;
    session.close().await;
    let user = user?;
    let had_oauth = file.oauth().is_ok_and(|token| token.is_some());
    if globals.mock {
        output::notice("with --mock, nothing is stored");
    } else {
        file.log_in(&key, user.clone());
        file.save().map_err(|error| {
            let what = format!("the credentials file {} cannot be written", path.display());
            CliError::system(&what, &error)
        })?;
        if credentials::is_overridden(&environment) {
            output::notice("HEYGEN_API_KEY is set, and is used instead of the key that was stored");
        }
    }
    match user.display_name() {
        Some(name) => line(&format!("Logged in as {name}")),
        None => line("Logged in"),
    }
    let message = "the API key was stored";
    let mut fields = Map::from_iter([
        ("cleared_oauth".to_owned(), Value::from(had_oauth)),
        ("message".to_owned(), message.into()),
    ]);
    fields.extend(user.0);
    print(&fields.into(), globals)
}

/// Whose key it is. An error if the API refuses the key; where the API cannot say, a
/// notice and nobody.
async fn check(session: &Session) -> Result<User, CliError> {
    match account(session).timeout(PROBE).with_response().await {
        Ok(response) => Ok(User::of_response(response.raw_body())),
        // The key is known, and does not have the scope to read the account.
        Err(error) if error.code() == Some("insufficient_api_key_scope") => Ok(User::default()),
        Err(error) if error.is_unauthorized() || error.is_forbidden() => {
            let hint = format!("the key was not stored; copy it again from {KEY_PAGE}");
            let mut error = CliError::from(error).with_hint(hint);
            error.exit = Exit::Key;
            Err(error)
        }
        Err(error) => {
            let why = CliError::from(error).body.message;
            output::notice(&format!(
                "the API key could not be checked, and is stored all the same: {why}"
            ));
            Ok(User::default())
        }
    }
}

fn account(session: &Session) -> Request<Bytes> {
    let core = heygen::raw::core(session.client());
    let request = core.operation(&GET_CURRENT_USER_V3, &[], &[]);
    session.headers().fold(request, |request, (name, value)| {
        request.header(name, value)
    })
}

/// The key that is entered: hidden on a terminal, else all of stdin.
fn read_key() -> Result<SecretString, CliError> {
    let key = if io::stdin().is_terminal() {
        // With a handler the prompt is left by an error, which restores the terminal,
        // where Ctrl-C would end the program at once.
        #[cfg(unix)]
        let _handler = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
        line(&format!("The API key is on {KEY_PAGE}"));
        rpassword::prompt_password("API key (hidden): ")
    } else {
        let mut text = String::new();
        let read = io::stdin().lock().take(MAX_KEY).read_to_string(&mut text);
        read.map(|_| text)
    };
    let key = Zeroizing::new(key.map_err(|error| match error.kind() {
        ErrorKind::Interrupted => {
            CliError::new(Exit::Interrupted, "canceled", "the login was canceled")
        }
        ErrorKind::InvalidData => not_a_key(CliError::usage("the API key is not UTF-8", "")),
        ErrorKind::UnexpectedEof => no_input(),
        _ => CliError::system("the API key cannot be read", &error),
    })?);
    match key.trim() {
        "" => Err(no_input()),
        key => Ok(key.to_owned().into()),
    }
}

fn no_input() -> CliError {
    let hint = "pipe the key to `heygen auth login`, or run it on a terminal";
    CliError::usage("no API key was entered", hint)
}

/// What was entered cannot be a key; that is usage, not a refusal by the API.
fn not_a_key(error: CliError) -> CliError {
    if error.exit != Exit::Key {
        return error;
    }
    CliError::usage(
        error.body.message,
        format!("copy the key again from {KEY_PAGE}"),
    )
}

pub(crate) async fn status(_: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let session = Session::open(globals).await?;
    let response = account(&session).with_response().await;
    let source = session.source().clone();
    session.close().await;
    let response = response.map_err(CliError::from)?;
    let credential = describe(&source, Timestamp::now());
    output::body(
        &with_credential(response.raw_body(), &credential),
        globals.human,
    )
}

/// The credential in use, without any part of it.
fn describe(source: &Source, now: Timestamp) -> Value {
    let (path, oauth) = match source {
        Source::File { path, oauth } => (path, *oauth),
        Source::Env | Source::Entered => return json!({"source": "env", "type": "api_key"}),
        Source::Mock => return json!({"source": "mock", "type": "api_key"}),
    };
    let mut fields = json!({"source": "file", "type": if oauth { "oauth" } else { "api_key" }});
    let Ok(Some(file)) = CredentialsFile::read(path) else {
        return fields;
    };
    if let (true, Ok(Some(token))) = (oauth, file.oauth()) {
        fields["refreshable"] = token.is_refreshable().into();
        if let Some(scope) = token.scope() {
            fields["scope"] = scope.into();
        }
        if let Some(end) = token.expires_at {
            fields["expires_at"] = end.to_string().into();
            fields["expires_in_seconds"] = end.duration_since(now).as_secs().into();
        }
        fields["expired"] = token.expires_at.is_some_and(|end| end <= now).into();
    }
    let user = file.user();
    if let Some(name) = user.display_name() {
        let known = user
            .0
            .into_iter()
            .filter(|(name, _)| User::FIELDS.contains(&name.as_str()));
        let mut user: Map<String, Value> = known.collect();
        user.insert("display_name".into(), name.into());
        fields["user"] = user.into();
    }
    fields
}

/// The body as it came, with the credential as its last field.
fn with_credential(body: &[u8], credential: &Value) -> Vec<u8> {
    let body = body.trim_ascii();
    let is_object =
        serde_json::from_slice::<Map<String, Value>>(body).is_ok_and(|map| !map.is_empty());
    let mut all = body.to_vec();
    if is_object {
        all.pop();
        all.extend(format!(r#","credential":{credential}}}"#).into_bytes());
    }
    all
}

pub(crate) async fn logout(_: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let environment = Environment::of_process();
    let path = credentials::path(&environment)?;
    let file = if globals.mock { None } else { stored(&path)? };
    let has_key = file.as_ref().is_some_and(|file| file.api_key().is_some());
    let has_token = |file: &CredentialsFile| file.oauth().is_ok_and(|token| token.is_some());
    let has_oauth = file.as_ref().is_some_and(has_token);
    if file.is_some() {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                let what = format!("the credentials file {} cannot be deleted", path.display());
                return Err(CliError::system(&what, &error));
            }
            _ => {}
        }
    }
    let (cleared, message) = match (has_key, has_oauth) {
        (false, false) => ("", "no credential was stored"),
        (true, false) => ("api_key", "the API key was deleted"),
        (false, true) => ("oauth", "the OAuth token was deleted here, and not revoked"),
        (true, true) => (
            "both",
            "the API key and the OAuth token were deleted here; the token was not revoked",
        ),
    };
    line(&format!("Logged out: {message}"));
    if !globals.mock && credentials::is_overridden(&environment) {
        output::notice("HEYGEN_API_KEY is still set, and is used");
    }
    let body = json!({
        "cleared_api_key": has_key,
        "cleared_credential": cleared,
        "cleared_oauth": has_oauth,
        "message": message,
    });
    print(&body, globals)
}

/// The credentials file for a change. A malformed one is an error and stays.
fn stored(path: &Path) -> Result<Option<CredentialsFile>, CliError> {
    CredentialsFile::read(path).map_err(|why| {
        let message = format!("the credentials file {} {why}", path.display());
        CliError::new(Exit::Failed, "error", message)
            .with_hint("mend or delete the file; it was not changed")
    })
}

/// A line for people on stderr, without control characters: names are the API's.
fn line(text: &str) {
    let text: String = text
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    // Nothing can be done when stderr is closed.
    let _ = writeln!(io::stderr(), "{text}");
}

fn print(value: &Value, globals: &Globals) -> Result<(), CliError> {
    output::body(value.to_string().as_bytes(), globals.human)
}
