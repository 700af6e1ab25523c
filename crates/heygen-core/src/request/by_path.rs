//! Requests by method and path, for endpoints without a document.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Request;
use crate::client::Client;
use crate::decode;
use crate::error::{Error, build};
use crate::operation::{ANY_PATH, IdempotencyKey, Operation};
use crate::text::OneLine;

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

const HINT: &str = "pass the path after the origin, such as /v3/voices, and parameters by .query()";

static OPERATIONS: [Operation; 7] = [
    by_path("GET"),
    by_path("HEAD"),
    by_path("POST"),
    by_path("PUT"),
    by_path("PATCH"),
    by_path("DELETE"),
    by_path("OPTIONS"),
];

/// Whether the endpoint reads an idempotency key is unknown, so one is sent
/// only if the caller sets it.
const fn by_path(method: &'static str) -> Operation {
    let mut operation = Operation::new("request", method, ANY_PATH);
    operation.idempotency_key = IdempotencyKey::CallerOnly;
    operation
}

impl Client {
    /// A request to any endpoint of the API by its method and path, with the
    /// credential, retries, deadline and errors of every other call. The
    /// response is a JSON value, or the type set by [`typed`](Request::typed).
    ///
    /// The path begins with `/` and is sent as it is: encode arguments in it by
    /// [`encode_path`](crate::encode_path). POST and PATCH are not repeated
    /// where they may have been executed, unless an idempotency key is set.
    ///
    /// A path that is an absolute address, has a dot segment, a query, a
    /// fragment, or a character that has to be encoded is `InvalidInput`.
    pub fn request(&self, method: Method, path: &str) -> Request<Value> {
        let mut known = OPERATIONS.iter();
        let known = known.find(|known| known.method == method.as_str());
        let (operation, request) = match known {
            Some(operation) => (operation, self.build_request(method, path)),
            None => {
                let error = build::input("the method is not supported").with_param("method");
                let hint = "use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS";
                (&OPERATIONS[0], Err(error.with_hint(hint)))
            }
        };
        Request::new(self.clone(), operation, request, decode::json)
    }

    fn build_request(&self, method: Method, path: &str) -> Result<reqwest::Request, Error> {
        check_path(path)?;
        let url = self.0.base.with_path(path);
        // A path that the URL parser has changed would be another path.
        if !url.path().ends_with(path) {
            return Err(refuse(path, "has a character that has to be encoded"));
        }
        let mut request = reqwest::Request::new(method, url);
        request.headers_mut().insert(ACCEPT, JSON);
        Ok(request)
    }
}

impl Request<Value> {
    /// Sends a body of JSON.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        self.edit(|ready| match to_json(body) {
            Ok(body) => {
                if let Ok(request) = &mut ready.request {
                    request.headers_mut().insert(CONTENT_TYPE, JSON);
                    *request.body_mut() = Some(body.into());
                }
            }
            Err(error) => ready.refuse(error),
        })
    }

    /// The same call, which returns the body as bytes, JSON or not.
    pub fn bytes(self) -> Request<Bytes> {
        self.with_decode(decode::bytes)
    }

    /// The same call, whose response is decoded as this type. `()` ignores the
    /// body.
    pub fn typed<T: DeserializeOwned + 'static>(self) -> Request<T> {
        self.with_decode(decode::json)
    }
}

/// The JSON of a body.
pub(super) fn to_json(body: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(body).map_err(|error| {
        build::input(format!("the body cannot be written as JSON: {error}")).with_source(error)
    })
}

fn check_path(path: &str) -> Result<(), Error> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(refuse(path, "does not begin with one slash"));
    }
    if path.contains(['?', '#']) {
        return Err(refuse(path, "has a query or a fragment"));
    }
    if path.len() > 1 && path[1..].split('/').any(str::is_empty) {
        return Err(refuse(path, "has an empty segment"));
    }
    let is_dot = |segment: &str| {
        let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
        decoded == "." || decoded == ".."
    };
    if path.split(['/', '\\']).any(is_dot) {
        return Err(refuse(path, "has a dot segment"));
    }
    Ok(())
}

fn refuse(path: &str, why: &str) -> Error {
    // What follows a question mark may be a secret.
    let shown = path.split(['?', '#']).next().unwrap_or_default();
    build::input(format!("the path {} {why}", OneLine(shown, 200)))
        .with_param("path")
        .with_hint(HINT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(path: &str) -> Result<reqwest::Request, Error> {
        let client: Client = crate::ClientBuilder::new()
            .api_key("sk_secret")
            .base_url("http://127.0.0.1:1/prefix")
            .build()
            .unwrap();
        client.build_request(Method::GET, path)
    }

    #[test]
    fn path_is_appended_to_the_base_url() {
        for path in ["/v3/voices", "/v3/a%2Fb/c", "/", "/v3/x.y~z_-:@"] {
            let url = build(path).unwrap().url().to_string();
            assert_eq!(url, format!("http://127.0.0.1:1/prefix{path}"));
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for path in [
            "",
            "v3/voices",
            "https://evil.example/x",
            "//evil.example/x",
            "/v3/../v1/x",
            "/v3/%2e%2E/x",
            "/v3\\..\\x",
            "/./x",
            "/v3/videos/",
            "/v3//x",
            "/v3/x?limit=hush",
            "/v3/x#y",
            "/v3/a b",
            "/v3/\u{fc}",
            "/v3/a\nb",
            "/v3\\x",
        ] {
            let error = build(path).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{path:?}");
            assert_eq!(error.param(), Some("path"));
            assert!(!error.to_string().contains("hush"), "{error}");
        }
    }
}
