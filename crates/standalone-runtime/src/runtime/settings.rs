//! What a client has been set to, and what the hooks of its generated code do
//! with that.

use std::time::Duration;

use reqwest::{Request, Url, header::HeaderName, redirect::Policy};

use super::{
    credentials::Credentials,
    error::{Error, NotSent},
    media_types,
    operation::Operation,
    path::matches_template,
    response::RawResponse,
};

/// Sent by all generated code, with the version of the document; servers that
/// know the header mean another version by it.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// How long a call may take if nothing else is set. Streams may take longer.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The settings of a client.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(super) base: Url,
    /// Whether the base URL is the document's own server.
    pub(super) is_default_server: bool,
    pub(super) timeout: Option<Duration>,
    pub(super) credentials: Credentials,
}

impl Settings {
    /// Makes a request of generated code ready to be sent. `operation` is
    /// `None` only for requests that no operation of the document makes.
    ///
    /// # Errors
    ///
    /// Where an argument would turn the call into another one.
    pub fn prepare<E>(
        &self,
        request: &mut Request,
        operation: Option<&'static Operation>,
    ) -> Result<(), Error<E>> {
        let base = self.base.path().trim_end_matches('/');
        if let Some(operation) = operation {
            let path = request.url().path().strip_prefix(base);
            if !path.is_some_and(|path| matches_template(path, operation.path)) {
                return Err(Error::argument(
                    "an argument of the path is empty, `.` or `..`, which would call another endpoint",
                )
                .with_operation(Some(operation)));
            }
            self.use_own_server(request, operation)?;
            drop_api_version(request, operation);
            media_types::apply(request, operation)
                .map_err(|error| error.with_operation(Some(operation)))?;
        }
        let streams = operation.is_some_and(|operation| operation.streams);
        if request.timeout().is_none() {
            let default = (!streams).then_some(TIMEOUT);
            *request.timeout_mut() = self.timeout.or(default);
        }
        self.credentials.apply(operation, request);
        Ok(())
    }

    /// Sends a request, and reads the body of the response unless it is a
    /// stream.
    pub async fn send(
        &self,
        http: &reqwest::Client,
        request: Request,
        operation: Option<&'static Operation>,
    ) -> Result<RawResponse, NotSent> {
        let sent = http.execute(request).await;
        match sent {
            Ok(response) => RawResponse::read(response, operation).await,
            Err(error) => Err(error),
        }
        .map_err(|error| NotSent(Error::not_received(error).with_operation(operation)))
    }

    /// Sends a request to the operation's own server, unless the client was
    /// set to another one, such as one for tests.
    fn use_own_server<E>(
        &self,
        request: &mut Request,
        operation: &'static Operation,
    ) -> Result<(), Error<E>> {
        let Some(server) = operation.server.filter(|_| self.is_default_server) else {
            return Ok(());
        };
        let (server, _) = super::base_url::parse(server)
            .map_err(|error| Error::argument(error.to_string()).with_operation(Some(operation)))?;
        let base = self.base.as_str().trim_end_matches('/');
        let moved = request.url().as_str().strip_prefix(base);
        if let Some(Ok(url)) = moved.map(|rest| Url::parse(&format!("{server}{rest}"))) {
            *request.url_mut() = url;
        }
        Ok(())
    }
}

/// Drops the header that generated code adds, and keeps the caller's own.
fn drop_api_version(request: &mut Request, operation: &Operation) {
    let headers = request.headers_mut();
    let own = headers.get_all(API_VERSION).iter().nth(1).cloned();
    headers.remove(API_VERSION);
    if let Some(own) = own.filter(|_| operation.has_api_version) {
        headers.insert(API_VERSION, own);
    }
}

/// Follows redirects to the same origin only, so that a key is sent to no other
/// server: reqwest takes `Authorization` off there, and no other header.
pub fn same_origin_redirects() -> Policy {
    Policy::custom(|attempt| {
        let first = attempt.previous().first().map(Url::origin);
        if first.is_none_or(|first| first != attempt.url().origin()) {
            return attempt.stop();
        }
        if attempt.previous().len() > 10 {
            return attempt.error("more than 10 redirects");
        }
        attempt.follow()
    })
}
