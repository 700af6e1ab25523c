//! `heygen api`: a call by method and path, for endpoints that no document has.

use clap::{Arg, ArgAction, ArgMatches, Command};
use heygen::{Bytes, Method, Request};

use crate::error::CliError;
use crate::globals::Globals;
use crate::run::call;
use crate::session::Session;
use crate::{ids, input};

const METHOD: &str = "method";
const PATH: &str = "path";
const QUERY: &str = "query";

pub(crate) fn definition() -> Command {
    Command::new("api")
        .about("Call any endpoint of the API by its method and path")
        .after_help(
            "Examples:\n  heygen api GET /v3/voices --query limit=5\n  \
             heygen api post /v3/videos -d @video.json --idempotency-key my-key-1",
        )
        .args([
            Arg::new(METHOD)
                .value_name("METHOD")
                .required(true)
                .help("GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in any case"),
            Arg::new(PATH)
                .value_name("PATH")
                .required(true)
                .help("The path after the origin, such as /v3/voices, its ids percent-encoded"),
            input::data_option(),
            Arg::new(QUERY)
                .long(QUERY)
                .value_name("NAME=VALUE")
                .action(ArgAction::Append)
                .allow_hyphen_values(true)
                .help("A parameter of the query; may be repeated"),
            Arg::new(ids::IDEMPOTENCY_KEY)
                .long(ids::IDEMPOTENCY_KEY)
                .value_name("KEY")
                .allow_hyphen_values(true)
                .help("Lets a write be retried: the API executes it once"),
            Arg::new(ids::DRY_RUN)
                .long(ids::DRY_RUN)
                .action(ArgAction::SetTrue)
                .help("Print the request instead of sending it"),
        ])
}

pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let session = Session::of_call(matches, globals).await?;
    let result = match request(matches, &session) {
        Ok(request) => call(None, request, matches, &session, globals).await,
        Err(error) => Err(error),
    };
    session.close().await;
    result
}

fn request(matches: &ArgMatches, session: &Session) -> Result<Request<Bytes>, CliError> {
    let method = ids::text(matches, METHOD).unwrap_or_default();
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes())
        .map_err(|_| CliError::usage("METHOD is not a method of HTTP", "pass GET or POST"))?;
    let path = path(ids::text(matches, PATH).unwrap_or_default())?;
    let core = heygen::raw::core(session.client());
    let mut request = core.request(method, &path).bytes();
    for pair in matches.get_many::<String>(QUERY).into_iter().flatten() {
        let Some((name, value)) = pair.split_once('=') else {
            let message = format!("--query {pair} has no `=`");
            return Err(CliError::usage(message, "pass --query NAME=VALUE"));
        };
        request = request.query(name, value);
    }
    if let Some(body) = input::data(matches)? {
        request = request.body("application/json", body);
    }
    if let Some(key) = ids::text(matches, ids::IDEMPOTENCY_KEY) {
        request = request.idempotency_key(key);
    }
    for (name, value) in session.headers() {
        request = request.header(name, value);
    }
    Ok(request)
}

/// The path with a slash before it, which some shells of Windows take for a path of
/// their own.
fn path(given: &str) -> Result<String, CliError> {
    if given.trim_matches('/').is_empty() {
        return Err(CliError::usage(
            "PATH is empty",
            "pass a path such as /v3/voices",
        ));
    }
    if given.contains(['?', '#']) {
        return Err(CliError::usage(
            "PATH has a query or a fragment",
            "pass each parameter of the query by --query NAME=VALUE",
        ));
    }
    if given.contains("://") {
        return Err(CliError::usage(
            "PATH is a whole address",
            "pass the path after the origin, such as /v3/voices; --base-url sets the origin",
        ));
    }
    if given.is_empty() {
        return Err(CliError::usage(
            "PATH is empty",
            "pass a path such as /v3/voices",
        ));
    }
    let slash = if given.starts_with('/') { "" } else { "/" };
    Ok(format!("{slash}{given}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_that_after_the_origin() {
        for given in ["/v3/voices", "v3/voices"] {
            assert_eq!(path(given).unwrap(), "/v3/voices");
        }
        for (given, hint) in [
            ("/v3/voices?limit=5", "--query"),
            ("/v3/voices#a", "--query"),
            ("", "/v3/voices"),
            ("https://api.heygen.com/v3/voices", "--base-url"),
        ] {
            let error = path(given).unwrap_err();
            assert!(error.body.hint.unwrap().contains(hint), "{given}");
        }
    }
}
