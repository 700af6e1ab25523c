//! Opening of a file: a request for all of it or for what follows a position,
//! up to the head of the response.

use std::sync::Arc;

use http::header::{ACCEPT_ENCODING, IF_RANGE, RANGE};
use http::{HeaderValue, Method};
use reqwest::{Request, Response};
use url::Url;

use super::range::Validator;
use crate::attempt::{Attempt, Exchange, Outcome, copy_or_take};
use crate::call::Call;
use crate::client::Client;
use crate::deadline::Deadline;
use crate::error::{Error, build};
use crate::operation::{CallContext, Operation};
use crate::response::RawResponse;

static DOWNLOAD: Operation = Operation::file("download", "GET");

/// The context of a download, for errors outside of its requests.
pub(super) fn context() -> Arc<CallContext> {
    Arc::new(CallContext::unsent(&DOWNLOAD))
}

/// Checks the address of a file.
pub(crate) fn file_url(client: &Client, url: &str) -> Result<Url, Error> {
    let refuse = |why: &str| {
        build::input(format!("the address of the file {why}"))
            .with_param("url")
            .with_hint("pass the address as the API returned it")
    };
    let parsed = Url::parse(url).map_err(|error| refuse("cannot be parsed").with_source(error))?;
    if !client.0.base.allows_file(&parsed) {
        return Err(refuse("is not https, or has a user name"));
    }
    // The URL parser drops line breaks and tabs.
    let redactor = client.0.credential.redactor();
    if redactor.is_in(url) || redactor.is_in(parsed.as_str()) {
        return Err(refuse("contains the credential of the client"));
    }
    Ok(parsed)
}

/// Requests a file without the credential, or what follows a position of the
/// file with this validator. Retried as other reads are.
pub(super) async fn open(
    client: &Client,
    url: &Url,
    rest: Option<(u64, &Validator)>,
) -> Result<(RawResponse, Response), Error> {
    let timeout = client.0.timeout.unwrap_or(DOWNLOAD.timeout);
    let call = Call::new(client, context(), Deadline::of_call(timeout));
    let mut request = Request::new(Method::GET, url.clone());
    let headers = request.headers_mut();
    // Without compression, the response has the length of the file.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some((position, validator)) = rest
        && let Ok(range) = HeaderValue::from_str(&format!("bytes={position}-"))
        && let Ok(validator) = HeaderValue::from_str(validator.as_str())
    {
        headers.insert(RANGE, range);
        headers.insert(IF_RANGE, validator);
    }
    let mut exchange = DownloadExchange {
        request,
        opened: None,
    };
    let raw = call.run(&mut exchange).await?;
    match exchange.opened {
        Some(response) => Ok((raw, response)),
        None => Err(build::internal("a download has no response")),
    }
}

struct DownloadExchange {
    request: Request,
    opened: Option<Response>,
}

impl Exchange for DownloadExchange {
    fn url(&self) -> &Url {
        self.request.url()
    }

    fn attempt<'a>(&'a mut self, attempt: &'a Attempt<'a>) -> Outcome<'a> {
        let sent = copy_or_take(&mut self.request);
        Box::pin(async move {
            let mut response = attempt.open(sent, Some(&self.request)).await?;
            let head = attempt.take_head(&mut response);
            self.opened = Some(response);
            Ok(head)
        })
    }

    fn is_repeatable(&self, _: &Error) -> bool {
        true
    }
}
