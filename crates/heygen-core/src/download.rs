//! Downloads of files from the addresses that the API issues. Their servers are
//! not the API's, so no credential is sent. Opening a file has a deadline; its
//! transfer, whose length is unbounded, an idle timeout only.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue, Method};
use reqwest::{Request, Response};
use url::Url;

use crate::attempt::{Attempt, Exchange, Outcome, Success, copy_or_take};
use crate::body;
use crate::call::Call;
use crate::client::Client;
use crate::deadline::Deadline;
use crate::error::{Error, build};
use crate::operation::{CallContext, Operation};
use crate::response::RawResponse;

static DOWNLOAD: Operation = Operation::file("download", "GET");

impl Client {
    /// Opens a file on any server for download, without the credential. Opening
    /// is retried as other reads are, and redirects are followed, but never
    /// from `https` to `http`. The timeout of the client, 30 s by default,
    /// bounds the opening.
    ///
    /// # Errors
    /// `InvalidInput` for an address that is not `https`, unless it is on
    /// loopback or `allow_http` is set; else any [`Error`]. Errors omit the
    /// query of the address, which may be a signature.
    pub async fn download(&self, url: &str) -> Result<Download, Error> {
        let context = Arc::new(CallContext::unsent(&DOWNLOAD));
        let url = file_url(self, url).map_err(|error| error.with_context(&context))?;
        let timeout = self.0.timeout.unwrap_or(DOWNLOAD.timeout);
        let call = Call::new(self, context, Deadline::of_call(timeout));
        let mut request = Request::new(Method::GET, url);
        // Without compression, the response has the length of the file.
        let identity = HeaderValue::from_static("identity");
        request.headers_mut().insert(ACCEPT_ENCODING, identity);
        let mut exchange = DownloadExchange {
            request,
            opened: None,
        };
        let raw = call.run(&mut exchange).await?;
        match exchange.opened {
            Some(response) => Ok(Download { raw, response }),
            None => Err(build::internal("a download has no response")),
        }
    }
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

/// A download in progress. Dropping it ends the transfer.
pub struct Download {
    raw: RawResponse,
    response: Response,
}

impl Download {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.raw.success.status.as_u16()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.success.headers
    }

    /// The length of the file in bytes, if the server sent it.
    pub fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next bytes, or None after the last.
    ///
    /// # Errors
    /// `Timeout` if no byte was received for the idle timeout of the client,
    /// `Transport` if the connection broke.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = body::next(&mut self.response, &self.raw.client.0, &Deadline::none()).await;
        chunk.map_err(|error| {
            let Success {
                status, headers, ..
            } = &self.raw.success;
            error
                .with_head(*status, headers.clone())
                .with_call(&self.raw.context, self.raw.attempts)
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.status())
            .field("length", &self.length())
            .field("attempts", &self.raw.attempts)
            .finish_non_exhaustive()
    }
}
