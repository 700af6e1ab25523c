//! `--all`: all pages of a list, as one array, or with `--jsonl` as a line for each
//! item as the pages arrive.

use heygen::{Bytes, Request};
use serde_json::value::RawValue;

use crate::error::{Call, CliError, PARSE_ERROR};
use crate::output::{self, Stdout};
use crate::table::Column;

/// Requests the pages, from that of the request on, and prints their items. An
/// array is printed when it is complete, so a list that fails prints none.
pub(crate) async fn run(
    request: Request<Bytes>,
    call: &Call<'_>,
    lines: bool,
    columns: &[Column],
    human: bool,
) -> Result<(), CliError> {
    let mut pages = request.page::<Box<RawValue>>().pages();
    let mut lines = lines.then(Stdout::open);
    let mut array = String::from("[");
    let mut is_first = true;
    while let Some(page) = pages.next_response().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                let error = call.explain(error);
                let goes_on = lines.is_some() && !is_first && error.body.code != PARSE_ERROR;
                let token = pages.token().filter(|_| goes_on);
                return Err(match token {
                    Some(token) => error.with_more_hint(&format!("continue with --token {token}")),
                    None => error,
                });
            }
        };
        if let Some(deprecation) = page.deprecation().filter(|_| is_first) {
            output::notice(&deprecation.to_string());
        }
        is_first = false;
        let mut is_read = true;
        for item in page.into_data().items {
            match &mut lines {
                Some(lines) => is_read &= lines.line(item.get())?,
                None => array.extend([item.get(), ","]),
            }
        }
        if let Some(lines) = &mut lines {
            is_read &= lines.flush()?;
        }
        if !is_read {
            return Ok(());
        }
    }
    if lines.is_some() {
        return Ok(());
    }
    if array.ends_with(',') {
        array.pop();
    }
    array.push(']');
    output::json(&array, columns, human)
}
