//! `heygen api`: a call by method and path, for endpoints that no document has.

use clap::{Arg, ArgAction, ArgMatches, Command};
use heygen::{Bytes, Method, Request};

use crate::error::CliError;
use crate::globals::{Globals, option};
use crate::run::call;
use crate::session::Session;
use crate::{globals, ids, input};

const METHOD: &str = "method";
const PATH: &str = "path";
const QUERY: &str = "query";

pub(crate) fn definition() -> Command {
    let argument = |name: &'static str| Arg::new(name).required(true);
    Command::new("api")
        .about("Call any endpoint of the API by its method and path")
        .after_help(
            "Examples:\n  heygen api GET /v3/voices --query limit=5\n  \
             heygen api post /v3/videos -d @video.json --idempotency-key my-key-1",
        )
        .args([
            argument(METHOD)
                .value_name("METHOD")
                .help("GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in any case"),
            argument(PATH)
                .value_name("PATH")
                .help("The path after the origin, such as /v3/voices, its ids percent-encoded"),
            input::data_option(),
            option(
                QUERY,
                "NAME=VALUE",
                "A parameter of the query; may be repeated",
            )
            .action(ArgAction::Append),
            option(
                ids::IDEMPOTENCY_KEY,
                "KEY",
                "Lets a write be retried: the API executes it once",
            ),
            globals::boolean(ids::DRY_RUN).help("Print the request instead of sending it"),
        ])
}

pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let build = |session: &_| request(matches, session);
    call(None, matches, globals, build).await
}

fn request(matches: &ArgMatches, session: &Session) -> Result<Request<Bytes>, CliError> {
    let method = ids::text(matches, METHOD).unwrap_or_default();
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes())
        .map_err(|_| CliError::usage("METHOD is not a method of HTTP", "pass GET or POST"))?;
    // Some shells of Windows take a path that begins with a slash for one of their own.
    let path = ids::text(matches, PATH).unwrap_or_default();
    let is_bare = !path.is_empty() && !path.starts_with('/');
    let path = format!("{}{path}", if is_bare { "/" } else { "" });
    let core = heygen::raw::core(&session.client);
    let mut request = core.request(method, &path).bytes();
    for pair in matches.get_many::<String>(QUERY).into_iter().flatten() {
        let Some((name, value)) = pair.split_once('=') else {
            let message = format!("--query {pair} has no `=`");
            return Err(CliError::usage(message, "pass --query NAME=VALUE"));
        };
        request = request.query(name, value);
    }
    Ok(match input::data(matches)? {
        Some(body) => request.body("application/json", body),
        None => request,
    })
}
