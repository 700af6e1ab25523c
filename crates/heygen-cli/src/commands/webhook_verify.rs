//! `webhook verify`: whether HeyGen has sent a delivery, and the event in it.

use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs};

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use heygen::webhook::{Error, Event, Verifier};
use heygen::{HeaderMap, Value};
use http::{HeaderName, HeaderValue};
use serde_json::{Map, json};

use crate::error::{CliError, Exit};
use crate::globals::Globals;
use crate::{input, output, value};

/// The variable of the secret.
const VARIABLE: &str = "HEYGEN_WEBHOOK_SECRET";

pub(crate) fn definition() -> Command {
    let option = |name: &'static str, value| Arg::new(name).long(name).value_name(value);
    let header = |name, value| option(name, value).allow_hyphen_values(true);
    Command::new("verify")
        .about("Verify the delivery of a webhook, and print its event")
        .long_about(
            "Verify the delivery of a webhook, and print its event. The secret is what `webhook endpoints \
             create` or `rotate-secret` printed; it is never an argument, as other users of this computer \
             see those. The body has to be the bytes that arrived.",
        )
        .args([
            option("secret-env", "NAME")
                .default_value(VARIABLE)
                .help("The environment variable that holds the secret"),
            option("secret-file", "FILE")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath)
                .help("The file that holds the secret"),
            header("signature", "HEX").help("The header Heygen-Signature"),
            header("timestamp", "SECONDS")
                .help("The header Heygen-Timestamp; without it the age is not checked"),
            header("header", "NAME: VALUE")
                .action(ArgAction::Append)
                .help("A header as it arrived, instead of these two; may be repeated"),
            option("tolerance", "TIME")
                .default_value("5m")
                .value_parser(value::duration)
                .help("How far the timestamp may be from now"),
            input::data_option().help("The body: a file (FILE or @FILE), stdin (-), or JSON"),
        ])
}

pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let headers = headers(matches)?;
    let mut verifier = Verifier::new(secret(matches)?);
    if let Some(tolerance) = matches.get_one::<Duration>("tolerance") {
        verifier = verifier.tolerance(*tolerance);
    }
    let body = input::data(matches)?
        .ok_or_else(|| CliError::usage("there is no body", "pass -d FILE, or -d - for stdin"))?;
    let event = verify(&verifier, &headers, &body)?;
    output::body(event.to_string().as_bytes(), globals.human)
}

/// The headers of the delivery.
fn headers(matches: &ArgMatches) -> Result<HeaderMap, CliError> {
    let given = |name| matches.get_many::<String>(name).unwrap_or_default();
    let signature = given("signature").map(|value| format!("heygen-signature:{value}"));
    let timestamp = given("timestamp").map(|value| format!("heygen-timestamp:{value}"));
    let lines = signature.chain(timestamp).chain(given("header").cloned());
    let parse = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let name: HeaderName = name.trim().parse().ok()?;
        Some((name, HeaderValue::from_str(value.trim()).ok()?))
    };
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = parse(&line).ok_or_else(|| {
            let hint = "pass --header 'Heygen-Signature: ...', as it arrived";
            CliError::usage(format!("{line:?} is not a header"), hint)
        })?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// The secret. The name of the variable is not printed: it may be the secret itself,
/// by mistake.
fn secret(matches: &ArgMatches) -> Result<String, CliError> {
    let secret = if let Some(path) = matches.get_one::<PathBuf>("secret-file") {
        let unreadable = format!("the secret cannot be read from {}", path.display());
        fs::read_to_string(path).map_err(|error| CliError::file(&unreadable, &error))?
    } else {
        let name = matches.get_one::<String>("secret-env");
        name.and_then(|name| env::var(name).ok())
            .unwrap_or_default()
    };
    if secret.trim().is_empty() {
        let hint = format!(
            "set {VARIABLE} to the secret, or name another variable (--secret-env) or a file (--secret-file)"
        );
        return Err(CliError::usage("there is no webhook secret", hint));
    }
    Ok(secret)
}

/// The event of a delivery that passes all checks.
fn verify(verifier: &Verifier, headers: &HeaderMap, body: &[u8]) -> Result<Value, CliError> {
    match verifier.verify(headers, body) {
        Ok(event) => Ok(printed(&event, body)),
        Err(error) => {
            let trimmed = verifier.verify(headers, body.trim_ascii_end());
            let code = match error {
                Error::NotAnEvent { .. } => "event_invalid",
                _ => "signature_invalid",
            };
            let error_hint = hint(&error, trimmed.is_ok());
            Err(CliError::new(Exit::Failed, code, error.to_string()).with_hint(error_hint))
        }
    }
}

/// The event in the fields of the list of events, whichever those of the body are.
fn printed(event: &Event, body: &[u8]) -> Value {
    let mut fields: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let mut data = ["event_data", "data"]
        .into_iter()
        .filter_map(|name| fields.remove(name));
    json!({
        "event_id": event.id(),
        "event_type": event.event_type().as_str(),
        "created_at": event.created_at(),
        "callback_id": event.callback_id(),
        "failure_message": event.failure_message(),
        "event_data": data.find(|data| !data.is_null()),
    })
}

/// What to check.
fn hint(error: &Error, is_right_without_line_break: bool) -> &'static str {
    match error {
        Error::SignatureMismatch if is_right_without_line_break => {
            "the signature is that of the body without the line break at its end: save it as it arrived"
        }
        Error::SignatureMismatch => {
            "check that the secret is the latest one of this endpoint, and that the body is as it \
             arrived: JSON that was parsed and printed again has another signature"
        }
        Error::MissingSignature => {
            "pass --signature or --header 'Heygen-Signature: ...'; what arrives at a callback_url has \
             none: read the job instead"
        }
        Error::MalformedSignature | Error::MalformedTimestamp => {
            "pass the values of the headers Heygen-Signature and Heygen-Timestamp as they arrived"
        }
        Error::TooOld { .. } | Error::InFuture { .. } => {
            "the signature is right: check the clock of this computer, or pass a longer --tolerance"
        }
        _ => "the signature is right: check which URL is registered as an endpoint",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "created_at": null,
            "callback_id": null,
            "failure_message": null,
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
            code_ == "signature_invalid" && hint.contains("line break"),
            "{hint}"
        );
        let (_, hint) = code(verify(&verifier, &signed(SIGNATURE), b"{}"));
        assert!(hint.contains("as it arrived"), "{hint}");
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
        let error = secret(&arguments("--secret-env|whsec_of_mine")).unwrap_err();
        assert_eq!(error.exit, Exit::Usage);
        assert!(!format!("{error:?}").contains("whsec_of_mine"));
        let error = secret(&arguments("--secret-file|/does/not/exist")).unwrap_err();
        assert!(error.body.message.contains("/does/not/exist"));
    }
}
