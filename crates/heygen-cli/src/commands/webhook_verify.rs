//! `webhook verify`: whether HeyGen has sent a delivery, and the event in it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Read as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use heygen::webhook::{Error, Event, Verifier};
use heygen::{HeaderMap, Value};
use http::{HeaderName, HeaderValue};
use serde_json::Map;

use crate::error::{CliError, Exit};
use crate::globals::Globals;
use crate::output;
use crate::value;

/// The variable of the secret.
const VARIABLE: &str = "HEYGEN_WEBHOOK_SECRET";

/// How far a timestamp may be from now.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// What is read of a body at most.
const MAX_BODY: u64 = 64 << 20;

pub(crate) fn definition() -> Command {
    let option = |name: &'static str, value| Arg::new(name).long(name).value_name(value);
    let path = || value_parser!(PathBuf);
    Command::new("verify")
        .about("Verify the delivery of a webhook, and print its event")
        .long_about(format!(
            "Verify the delivery of a webhook, and print its event. The secret is that of the endpoint, \
             as `webhook endpoints create` or `rotate-secret` printed it; it is never an argument, which \
             other users of this computer could read. Without an option it is that of {VARIABLE}. The \
             body has to be the bytes that arrived."
        ))
        .args([
            option("secret-env", "NAME")
                .action(ArgAction::Append)
                .help("The environment variable that holds the secret; may be repeated"),
            option("secret-file", "FILE")
                .action(ArgAction::Append)
                .value_parser(path())
                .value_hint(ValueHint::FilePath)
                .help("The file that holds the secret; may be repeated"),
            option("signature", "HEX").help("The header Heygen-Signature"),
            option("timestamp", "SECONDS")
                .allow_negative_numbers(true)
                .help("The header Heygen-Timestamp; without it the age is not checked"),
            option("header", "NAME: VALUE")
                .action(ArgAction::Append)
                .help("A header as it arrived, instead of the two; may be repeated"),
            option("tolerance", "TIME")
                .default_value("5m")
                .value_parser(value::duration)
                .help("How far the timestamp may be from now"),
            option("data", "FILE|-")
                .short('d')
                .value_parser(value_parser!(OsString))
                .value_hint(ValueHint::FilePath)
                .help("The body: a file, or - for stdin [default: -]"),
        ])
}

pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let headers = headers(matches)?;
    let verifier = verifier(matches)?;
    let body = body(matches)?;
    let event = verify(&verifier, &headers, &body)?;
    output::body(event.to_string().as_bytes(), globals.human)
}

/// The event of a delivery that passes all checks.
fn verify(verifier: &Verifier, headers: &HeaderMap, body: &[u8]) -> Result<Value, CliError> {
    match verifier.verify(headers, body) {
        Ok(event) => Ok(printed(&event, body)),
        Err(error) => Err(refused(&error, verifier, headers, body)),
    }
}

/// The headers of the delivery.
fn headers(matches: &ArgMatches) -> Result<HeaderMap, CliError> {
    let text = |name| matches.get_one::<String>(name).cloned();
    let own = [
        ("heygen-signature", text("signature")),
        ("heygen-timestamp", text("timestamp")),
    ];
    let own = own
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}:{}", value?)));
    let lines = matches
        .get_many::<String>("header")
        .into_iter()
        .flatten()
        .cloned();
    let mut headers = HeaderMap::new();
    for line in own.chain(lines) {
        let parsed = line.split_once(':').and_then(|(name, value)| {
            let name: HeaderName = name.trim().parse().ok()?;
            Some((name, HeaderValue::from_str(value.trim()).ok()?))
        });
        let (name, value) = parsed.ok_or_else(|| {
            CliError::usage(
                format!("{line:?} is not a header"),
                "pass --header 'Heygen-Signature: ...', as it arrived",
            )
        })?;
        headers.append(name, value);
    }
    if headers.is_empty() {
        return Err(CliError::usage(
            "there is no signature",
            "pass --signature and --timestamp, or the headers that arrived as --header 'Heygen-Signature: ...'",
        ));
    }
    Ok(headers)
}

/// The verifier with all secrets, of which there are two while one is replaced.
fn verifier(matches: &ArgMatches) -> Result<Verifier, CliError> {
    let names = matches
        .get_many::<String>("secret-env")
        .into_iter()
        .flatten();
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    let files = matches
        .get_many::<PathBuf>("secret-file")
        .unwrap_or_default();
    if names.is_empty() && files.len() == 0 {
        names.push(VARIABLE);
    }
    let mut secrets = Vec::new();
    for name in names {
        // The name is not printed: it may be the secret itself, by mistake.
        secrets.push((
            std::env::var(name).unwrap_or_default(),
            "the environment variable of the secret is not set",
        ));
    }
    for path in files {
        let secret = fs::read_to_string(path).map_err(|error| {
            CliError::system(
                &format!("the secret cannot be read from {}", path.display()),
                &error,
            )
        })?;
        secrets.push((secret, "the file of the secret is empty"));
    }
    let tolerance = matches.get_one("tolerance").copied();
    let mut verifier = Verifier::new("").tolerance(tolerance.unwrap_or(TOLERANCE));
    for (secret, problem) in secrets {
        if secret.trim().is_empty() {
            return Err(CliError::usage(
                problem,
                format!(
                    "set {VARIABLE} to the secret of the endpoint, or pass the name of a variable \
                     (--secret-env) or of a file (--secret-file)"
                ),
            ));
        }
        verifier = verifier.also(secret);
    }
    Ok(verifier)
}

/// The bytes of the body.
fn body(matches: &ArgMatches) -> Result<Vec<u8>, CliError> {
    let given = matches.get_one::<OsString>("data");
    if given.is_none() && io::stdin().is_terminal() {
        return Err(CliError::usage(
            "there is no body",
            "pass -d FILE, or the body on stdin",
        ));
    }
    let given = given.map_or(OsStr::new("-"), OsString::as_os_str);
    let text = given.to_str();
    if let Some(json) = text.filter(|text| text.starts_with('{')) {
        return Ok(json.into());
    }
    let path = text.and_then(|text| text.strip_prefix('@'));
    let path = path.map_or(given, OsStr::new);
    let mut body = Vec::new();
    let read = if path == "-" {
        io::stdin().lock().take(MAX_BODY).read_to_end(&mut body)
    } else {
        File::open(path).and_then(|file| file.take(MAX_BODY).read_to_end(&mut body))
    };
    read.map_err(|error| {
        let path = path.display();
        CliError::system(&format!("the body cannot be read from {path}"), &error)
    })?;
    Ok(body)
}

/// The event in the fields of the list of events, whichever those of the body are.
fn printed(event: &Event, body: &[u8]) -> Value {
    let fields: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let mut data = ["event_data", "data"]
        .iter()
        .filter_map(|name| fields.get(*name));
    let texts = [
        ("event_id", event.id()),
        ("event_type", Some(event.event_type().as_str())),
        ("created_at", event.created_at()),
        ("callback_id", event.callback_id()),
        ("failure_message", event.failure_message()),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(name, text)| Some((name.to_owned(), text?.into())));
    let mut printed: Map<String, Value> = texts.collect();
    let data = data.find(|data| !data.is_null()).cloned();
    printed.insert("event_data".to_owned(), data.unwrap_or_default());
    printed.into()
}

/// The error of a delivery, with what to check.
fn refused(error: &Error, verifier: &Verifier, headers: &HeaderMap, body: &[u8]) -> CliError {
    let code = match error {
        Error::NotAnEvent { .. } => "event_invalid",
        _ => "signature_invalid",
    };
    let trimmed = body.trim_ascii_end();
    let is_longer = trimmed.len() < body.len() && verifier.verify(headers, trimmed).is_ok();
    let hint = match error {
        Error::SignatureMismatch if is_longer => {
            "the signature is that of the body without the line break at its end: save it as it arrived, \
             with printf instead of echo"
        }
        Error::SignatureMismatch => {
            "check that the secret is that of this endpoint, the latest one, and that the body has the \
             bytes that arrived: JSON that was parsed and printed again has another signature"
        }
        Error::MissingSignature => {
            "pass the header Heygen-Signature; what arrives at a callback_url has none, so read the job instead"
        }
        Error::MalformedSignature => "pass the whole value of the header Heygen-Signature",
        Error::TooOld { .. } | Error::InFuture { .. } => {
            "the signature is right: check the clock of this computer, or pass a longer --tolerance for a \
             delivery that was stored"
        }
        Error::MalformedTimestamp => {
            "pass the value of the header Heygen-Timestamp, such as 1774712936"
        }
        _ => "the signature is right: check which URL is registered as an endpoint",
    };
    CliError::new(Exit::Failed, code, error.to_string()).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SECRET: &str = "whsec_test";
    const BODY: &str = r#"{"event":"avatar_video.success","data":{"video_id":"v1"}}"#;

    fn arguments(text: &str) -> ArgMatches {
        definition().get_matches_from(["verify"].into_iter().chain(text.split('|')))
    }

    const SIGNATURE: &str = "ebec9b682a406e9344118f3bbe982ed7de4fd8d6ba0a6ee094c94ed23d8bc6f1";
    /// The signature of `[]`.
    const OF_ARRAY: &str = "d5ebb3db2ba426c0c06ab20a3f1106e927ae1a0b80ee007b912474247130bd3b";

    fn signed(signature: &'static str) -> HeaderMap {
        let signature = HeaderValue::from_static(signature);
        HeaderMap::from_iter([(HeaderName::from_static("heygen-signature"), signature)])
    }

    fn code(result: Result<Value, CliError>) -> (String, String) {
        let error = result.unwrap_err();
        assert_eq!(error.exit, Exit::Failed);
        (error.body.code, error.body.hint.unwrap_or_default())
    }

    #[test]
    fn event_is_printed_in_the_fields_of_the_list_of_events() {
        let mut headers = signed(SIGNATURE);
        headers.insert("heygen-event-id", HeaderValue::from_static("evt_1"));
        let event = verify(&Verifier::new(SECRET), &headers, BODY.as_bytes()).unwrap();
        let expected = json!({
            "event_id": "evt_1",
            "event_type": "avatar_video.success",
            "event_data": {"video_id": "v1"},
        });
        assert_eq!(event, expected);
    }

    #[test]
    fn refused_delivery_says_what_to_check() {
        let verifier = Verifier::new(SECRET);
        let (code_, hint) = code(verify(
            &verifier,
            &signed(SIGNATURE),
            format!("{BODY}\n").as_bytes(),
        ));
        assert!(
            code_ == "signature_invalid" && hint.contains("printf"),
            "{hint}"
        );
        let (_, hint) = code(verify(&verifier, &signed(SIGNATURE), b"{}"));
        assert!(hint.contains("bytes that arrived"), "{hint}");
        let mut old = signed(SIGNATURE);
        old.insert("heygen-timestamp", HeaderValue::from_static("1"));
        let (_, hint) = code(verify(&verifier, &old, BODY.as_bytes()));
        assert!(hint.contains("--tolerance"), "{hint}");
        let (code_, _) = code(verify(&verifier, &signed(OF_ARRAY), b"[]"));
        assert_eq!(code_, "event_invalid");
        let (_, hint) = code(verify(&verifier, &HeaderMap::new(), BODY.as_bytes()));
        assert!(hint.contains("callback_url"), "{hint}");
    }

    #[test]
    fn headers_are_pasted_or_options() {
        let parsed = headers(&arguments(
            "--header|Heygen-Signature: ab |--header|X:y|--timestamp|1",
        ));
        let parsed = parsed.unwrap();
        assert_eq!(parsed["heygen-signature"], "ab");
        assert_eq!(parsed["heygen-timestamp"], "1");
        for bad in [
            "--header|x",
            "--header|a b: c",
            "--header|é: c",
            "--signature|a\nb",
            "-d|-",
        ] {
            assert_eq!(
                headers(&arguments(bad)).unwrap_err().exit,
                Exit::Usage,
                "{bad}"
            );
        }
    }

    #[test]
    fn secret_is_never_printed() {
        let error = verifier(&arguments("--secret-env|whsec_of_mine")).unwrap_err();
        assert_eq!(error.exit, Exit::Usage);
        assert!(!format!("{error:?}").contains("whsec_of_mine"));
        let error = verifier(&arguments("--secret-file|/does/not/exist")).unwrap_err();
        assert!(error.body.message.contains("/does/not/exist"));
    }

    #[test]
    fn body_may_be_inline() {
        assert_eq!(body(&arguments("-d|{\"a\": 1} ")).unwrap(), b"{\"a\": 1} ");
        assert!(body(&arguments("-d|@/does/not/exist")).is_err());
    }
}
