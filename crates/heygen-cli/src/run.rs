//! Runs calls, those of the table and by method and path: builds the request, then
//! prints it, or sends it and prints the response.

use clap::ArgMatches;
use heygen::raw::heygen_core::{IdempotencyKey, random_idempotency_key};
use heygen::{Bytes, Deprecation, Request, Value};

use crate::error::{Call, CliError};
use crate::globals::Globals;
use crate::session::Session;
use crate::table::{Column, Leaf};
use crate::{container, dry_run, ids, input, interrupt, output, pages, wait};

/// Runs a call. `leaf` is its command in the table, if it has one.
pub(crate) async fn call(
    leaf: Option<&'static Leaf>,
    matches: &ArgMatches,
    globals: &Globals,
    build: impl FnOnce(&Session) -> Result<Request<Bytes>, CliError>,
) -> Result<(), CliError> {
    let session = Session::of_call(matches, globals).await?;
    send(leaf, build(&session)?, matches, &session, globals).await?;
    if let Some((leaf, words)) = leaf.and_then(|leaf| Some((leaf, leaf.renamed_to?))) {
        let old = leaf.command_line();
        output::notice(&format!("`{old}` is deprecated, use `heygen {words}`"));
    }
    Ok(())
}

async fn send(
    leaf: Option<&'static Leaf>,
    mut request: Request<Bytes>,
    matches: &ArgMatches,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let human = globals.human;
    let is_dry = ids::is_on(matches, ids::DRY_RUN);
    let operation = request.operation();
    // Made here, not by the client, so that it is known where the call is stopped.
    let makes_key = operation.idempotency_key == IdempotencyKey::Generated && !is_dry;
    let key = ids::text(matches, ids::IDEMPOTENCY_KEY).map(str::to_owned);
    let key = key.or_else(|| makes_key.then(random_idempotency_key));
    request = key.iter().fold(request, Request::idempotency_key);
    for (name, value) in &session.headers {
        request = request.header(name, value);
    }
    if is_dry {
        return dry_run::print(request, human);
    }
    let arguments = leaf.map_or_else(Vec::new, |leaf| input::arguments(leaf, matches));
    let call = Call {
        leaf,
        ids: arguments.into_iter().map(|(_, id)| id).collect(),
        is_write: operation.is_write(),
        key: key.filter(|_| operation.idempotency_key != IdempotencyKey::Ignored),
        ..Call::by_hand(session.source.refused())
    };
    let job = leaf.and_then(|leaf| leaf.command.job);
    if let Some(job) = job.filter(|_| ids::is_on(matches, ids::WAIT)) {
        return wait::run(job, request, &call, session, globals).await;
    }
    let columns = leaf.map_or(&[][..], |leaf| leaf.command.columns);
    let lines = ids::is_on(matches, ids::JSONL);
    let deprecation = if lines || ids::is_on(matches, ids::ALL) {
        pages::run(request, &call, lines, columns, human).await?
    } else {
        print(request, &call, columns, human).await?
    };
    // Never beside an error, which is one line.
    if let Some(deprecation) = deprecation {
        let successor = leaf.and_then(|leaf| leaf.command.operation.successor?.split_once(' '));
        let instead = successor.and_then(|(method, path)| wait::leaves(method, path).next());
        let instead = instead.map_or(String::new(), |leaf| format!(": `{}`", leaf.command_line()));
        output::notice(&format!("{deprecation}{instead}"));
    }
    Ok(())
}

/// Sends a request and prints the response.
async fn print(
    request: Request<Bytes>,
    call: &Call<'_>,
    columns: &[Column],
    human: bool,
) -> Result<Option<Deprecation>, CliError> {
    let response = interrupt::within(None, "the call", request.with_response()).await;
    let response = response.map_err(|stopped| call.explain_stop(stopped))?;
    let response = response.map_err(|error| call.explain(error))?;
    let body = response.raw_body();
    let command = call.leaf.map(|leaf| leaf.command);
    let printed = match command.and_then(|command| command.container.as_ref()) {
        None => output::body(body, human),
        Some(container) => {
            let text = output::json_text(body);
            let found = container::find(&text, container)
                .map_err(|why| call.explain(response.unexpected(why)))?;
            // A list within the data is what people are shown of it.
            let is_inner = container.is_list && container.path.len() > 1;
            let shown = if human && is_inner { found } else { &text };
            output::json(shown, columns, human)
        }
    };
    // Where the response cannot be written, the error has the id of what was created.
    let created = command.and_then(|command| command.job?.1);
    printed.map_err(|error| error.about_job(created.and_then(|path| created_id(path, body))))?;
    Ok(response.deprecation().cloned())
}

/// The id of the first job in the response of its create, by its path.
fn created_id(path: &str, body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let pointer = path.replace("[]", ".0").replace('.', "/");
    let id = body.pointer(&format!("/data/{pointer}"))?.as_str()?;
    Some(id.to_owned())
}
