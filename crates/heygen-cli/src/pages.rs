//! `--all`: all pages of a list, as one array, or with `--jsonl` as a line for each
//! item as the pages arrive.

use heygen::{Bytes, Deprecation, Request};
use serde_json::value::RawValue;

use crate::error::{Call, CliError};
use crate::output;
use crate::table::Column;

/// Requests the pages, from that of the request on, and prints their items. An
/// array is printed when it is complete, so a list that fails prints none.
pub(crate) async fn run(
    request: Request<Bytes>,
    call: &Call<'_>,
    lines: bool,
    columns: &[Column],
    human: bool,
) -> Result<Option<Deprecation>, CliError> {
    let mut pages = request.page::<Box<RawValue>>().pages();
    let mut all = Vec::new();
    let mut deprecation = None;
    while let Some(page) = pages.next_response().await {
        let token = pages.token();
        let more = token.map(|token| format!("continue with --token {token}"));
        let page = page.map_err(|error| {
            let error = call.explain(error);
            more.iter()
                .fold(error, |error, more| error.with_more_hint(more))
        })?;
        deprecation = page.deprecation().cloned();
        let items = page.into_data().items;
        if !lines {
            all.extend(items);
        } else if !output::lines(items.iter().map(|item| item.get()))? {
            return Ok(None);
        }
    }
    if !lines {
        let all: Vec<_> = all.iter().map(|item| item.get()).collect();
        output::json(&format!("[{}]", all.join(",")), columns, human)?;
    }
    // Never beside an error, which is one line.
    Ok(deprecation)
}
