//! Requests made of an operation's data, for what no generated method is called
//! for: polls of jobs, steps of an upload, the command line.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::media_types::apply_media_types;
use super::path::{check_path_argument, encode_path};
use super::{Request, by_path};
use crate::client::Client;
use crate::decode;
use crate::error::{Error, build};
use crate::operation::Operation;

impl Client {
    /// A request of an operation, made of its data: the same request as that of
    /// its generated method, with the operation's own timeout, idempotency key,
    /// retries, deprecation and checks. It returns the body as bytes; an error in
    /// its envelope is an error here, too.
    ///
    /// `path_arguments` has a value for each `{name}` of the operation's path, as
    /// it is: values are encoded here. `query` is appended in its order. A body is
    /// set by [`json`](Request::json), [`body`](Request::body) or
    /// [`multipart`](Request::multipart), a type of the response by
    /// [`typed`](Request::typed).
    ///
    /// An argument that is missing, that the path does not have, or that cannot be
    /// sent as a path segment is `InvalidInput`, and nothing is sent.
    ///
    /// ```no_run
    /// # async fn run(client: heygen_core::Client) -> Result<(), heygen_core::Error> {
    /// use heygen_core::Operation;
    ///
    /// static GET_VIDEO: Operation = Operation::new("getVideo", "GET", "/v3/videos/{video_id}");
    /// let body = client.operation(&GET_VIDEO, &[("video_id", "vid_8f1c")], &[]).await?;
    /// # let _ = body;
    /// # Ok(())
    /// # }
    /// ```
    pub fn operation(
        &self,
        operation: &'static Operation,
        path_arguments: &[(&str, &str)],
        query: &[(&str, &str)],
    ) -> Request<Bytes> {
        let request = path(operation, path_arguments).and_then(|path| {
            let method = Method::from_bytes(operation.method.as_bytes())
                .map_err(|_| build::internal("an operation has a method that cannot be sent"))?;
            let mut url = self.0.base.with_path(&path);
            if !query.is_empty() {
                url.query_pairs_mut().extend_pairs(query);
            }
            let mut request = reqwest::Request::new(method, url);
            request.headers_mut().insert(ACCEPT, by_path::JSON);
            apply_media_types(&mut request, operation);
            Ok(request)
        });
        Request::new(self.clone(), operation, request, decode::bytes)
    }
}

impl Request<Bytes> {
    /// Sends a body of JSON, as the operation's media type.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        match by_path::to_json(body) {
            Ok(body) => self.with_body(by_path::JSON, body.into()),
            Err(error) => self.edit(|ready| ready.refuse(error)),
        }
    }

    /// Sends these bytes, as the operation's media type where it declares one,
    /// else as this one.
    pub fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        match HeaderValue::from_str(content_type) {
            Ok(content_type) => self.with_body(content_type, body.into()),
            Err(error) => self.edit(|ready| {
                let message = "the media type of the body cannot be sent as a header";
                let error = build::input(message).with_source(error);
                ready.refuse(error.with_param("content-type"));
            }),
        }
    }

    /// The same call, whose response is decoded as this type, envelope included.
    /// `()` ignores the body.
    pub fn typed<T: DeserializeOwned + 'static>(self) -> Request<T> {
        self.with_decode(decode::json)
    }

    fn with_body(self, content_type: HeaderValue, body: Bytes) -> Self {
        let operation = self.operation();
        self.edit(|ready| {
            if let Ok(request) = &mut ready.request {
                request.headers_mut().insert(CONTENT_TYPE, content_type);
                *request.body_mut() = Some(body.into());
                apply_media_types(request, operation);
            }
        })
    }
}

/// The path of an operation with its arguments, encoded.
fn path(operation: &Operation, arguments: &[(&str, &str)]) -> Result<String, Error> {
    let mut path = String::new();
    let mut rest = operation.path;
    let mut used = 0;
    while let Some((before, name, after)) = next_parameter(rest) {
        let known = arguments.iter().find(|(known, _)| *known == name);
        let Some((_, value)) = known else {
            return Err(build::input(format!("the argument {name} is missing")).with_param(name));
        };
        check_path_argument(name, value)?;
        path.push_str(before);
        path.push_str(&encode_path(value));
        used += 1;
        rest = after;
    }
    path.push_str(rest);
    if used != arguments.len() {
        let names: Vec<_> = arguments.iter().map(|(name, _)| *name).collect();
        let (method, template) = (operation.method, operation.path);
        let names = names.join(", ");
        let message = format!("the arguments {names} are not those of {method} {template}");
        return Err(build::input(message));
    }
    Ok(path)
}

/// The first `{name}` of a path template, with what is before and after it.
pub(crate) fn next_parameter(template: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = template.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
