//! `heygen webhook verify`: whether HeyGen has sent a delivery.

use std::env;
use std::time::Duration;

use clap::{Arg, ArgMatches, Command};
use heygen::HeaderMap;
use heygen::webhook::{Error, Verifier};
use http::{HeaderName, HeaderValue};

use crate::error::{CliError, Exit};
use crate::globals::Globals;
use crate::{input, output, value};

/// The variable of the secret: other users of a computer see arguments.
const SECRET: &str = "HEYGEN_WEBHOOK_SECRET";

pub(crate) fn definition() -> Command {
    let option = |name: &'static str, value| Arg::new(name).long(name).value_name(value);
    let header = |name, value| option(name, value).value_parser(HeaderValue::from_str);
    Command::new("verify")
        .about("Verify the delivery of a webhook, and print it")
        .long_about(
            "Verify the delivery of a webhook, and print it. The environment variable HEYGEN_WEBHOOK_SECRET \
             holds the secret of the endpoint; the body has to be the bytes that arrived.",
        )
        .args([
            header("signature", "HEX").help("The header Heygen-Signature"),
            header("timestamp", "SECONDS")
                .help("The header Heygen-Timestamp; without it the age is not checked"),
            option("tolerance", "TIME")
                .default_value("5m")
                .value_parser(value::duration)
                .help("How far the timestamp may be from now"),
            input::data_option().help("The body: a file (FILE or @FILE), stdin (-), or JSON"),
        ])
}

pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let mut headers = HeaderMap::new();
    for (option, name) in [
        ("signature", "heygen-signature"),
        ("timestamp", "heygen-timestamp"),
    ] {
        let value = matches.get_one::<HeaderValue>(option);
        headers.extend(value.map(|value| (HeaderName::from_static(name), value.clone())));
    }
    let mut verifier = Verifier::new(env::var(SECRET).unwrap_or_default());
    if let Some(tolerance) = matches.get_one::<Duration>("tolerance") {
        verifier = verifier.tolerance(*tolerance);
    }
    let body = input::data(matches)?
        .ok_or_else(|| CliError::usage("there is no body", "pass -d FILE, or -d - for stdin"))?;
    let checked = verifier.verify(&headers, &body);
    checked.map_err(|error| refused(&error))?;
    output::body(&body, globals.human)
}

/// The error of a delivery that did not pass a check, with what to do.
fn refused(error: &Error) -> CliError {
    let hint = match error {
        Error::MissingSecret => {
            let hint = format!("set {SECRET} to the secret of the endpoint");
            return CliError::usage(error.to_string(), hint);
        }
        Error::MissingSignature => {
            "pass --signature; what arrives at a callback_url has none: read the job instead"
        }
        Error::SignatureMismatch => {
            "check that the secret is the latest one of this endpoint, and that the body is as it arrived: \
             with a line break added, or printed again, it has another signature"
        }
        Error::MalformedSignature | Error::MalformedTimestamp => {
            "pass the headers Heygen-Signature and Heygen-Timestamp as they arrived"
        }
        _ => "the signature is right: check the clock, the --tolerance and the URL of the endpoint",
    };
    let code = match error {
        Error::NotAnEvent { .. } => "event_invalid",
        _ => "signature_invalid",
    };
    CliError::new(Exit::Failed, code, error.to_string()).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_delivery_has_a_hint() {
        let is = "JSON of another type";
        for (error, exit, code, hint) in [
            (Error::MissingSecret, Exit::Usage, "usage_error", SECRET),
            (
                Error::SignatureMismatch,
                Exit::Failed,
                "signature_invalid",
                "line break",
            ),
            (
                Error::MissingSignature,
                Exit::Failed,
                "signature_invalid",
                "callback_url",
            ),
            (
                Error::TooOld {
                    age: Duration::from_secs(600),
                },
                Exit::Failed,
                "signature_invalid",
                "--tolerance",
            ),
            (
                Error::NotAnEvent { is },
                Exit::Failed,
                "event_invalid",
                "URL",
            ),
        ] {
            let refused = refused(&error);
            assert_eq!((refused.exit, &*refused.body.code), (exit, code));
            assert!(refused.body.hint.unwrap().contains(hint), "{error}");
        }
    }
}
