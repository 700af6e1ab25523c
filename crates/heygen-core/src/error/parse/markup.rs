//! Errors in HTML, as proxies send them, and in XML, as file stores do.

use http::StatusCode;

use super::{ErrorBody, MAX_EXCERPT, describe};
use crate::text::{OneLine, is_blank};

/// Prefixes of an HTML page.
const HTML: &str = "<!doctype <html <head <body <title <h1 <center <!--";

/// Whether a body looks like a page for people.
pub(crate) fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(15).collect();
    let start = start.to_ascii_lowercase();
    HTML.split(' ').any(|tag| start.starts_with(tag))
}

/// A message with the title of a page.
pub(super) fn html_message(page: &str, status: StatusCode) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|tag| {
        let start = tag + lower[tag..].find('>')? + 1;
        let end = start + lower[start..].find('<')?;
        Some(OneLine(&page[start..end], MAX_EXCERPT).to_string())
    });
    match title.filter(|title| !title.is_empty()) {
        Some(title) => format!("received an HTML page instead of JSON: {title}"),
        None => format!(
            "received an HTML page instead of JSON; {}",
            describe(status)
        ),
    }
}

/// Code and message of a file store's error. The rest of its body may repeat
/// the signature of the address.
pub(super) fn parse_xml(text: &str) -> ErrorBody {
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        let (value, _) = rest.split_once(&format!("</{name}>"))?;
        (!is_blank(value)).then(|| OneLine(value, MAX_EXCERPT).to_string())
    };
    let message = element("Message");
    ErrorBody {
        code: element("Code"),
        message: message.unwrap_or_else(|| "an XML document without a message".to_owned()),
        ..ErrorBody::default()
    }
}
