//! Preview of a request: what would be sent, without sending it.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};

use super::{Ready, Request, path};
use crate::attempt::Payload;
use crate::error::{Error, build};
use crate::multipart::PartSummary;
use crate::operation::{CallContext, Operation};

/// A request as it would be sent, without the credential and what is set for each
/// attempt: the length of the body, and an idempotency key that the client would
/// generate.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Preview {
    /// The method in capitals.
    pub method: String,
    /// The address, its query included.
    pub url: String,
    /// The headers of this request; those of the HTTP library are not among them.
    pub headers: HeaderMap,
    /// The body.
    pub body: PreviewBody,
}

/// The body of a [`Preview`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreviewBody {
    /// No body.
    None,
    /// These bytes.
    Bytes(Bytes),
    /// A form of several parts.
    Form(Vec<PartSummary>),
}

impl<T> Request<T> {
    /// What this request would send. Nothing is sent.
    ///
    /// # Errors
    /// `InvalidInput`, where sending would fail before anything is sent.
    pub fn preview(self) -> Result<Preview, Error> {
        let operation = self.operation;
        let Some(ready) = self.ready else {
            return Err(build::internal("a request was sent before its preview"));
        };
        let client = ready.client.clone();
        preview(operation, *ready).map_err(|error| {
            let error = error.redacted(client.0.credential.redactor());
            error.with_context(&CallContext::unsent(operation).into())
        })
    }
}

fn preview(operation: &'static Operation, mut ready: Ready) -> Result<Preview, Error> {
    let invalid = ready.options.take_invalid();
    let payload = Payload::new(operation, ready.request?, ready.form)?;
    invalid.map_or(Ok(()), Err)?;
    let Payload { mut request, form } = payload;
    path::check_request(operation, &request, &ready.client.0.base)?;
    ready.options.apply(request.headers_mut());
    let body = match form {
        Some(form) => {
            // Its boundary is another one each time.
            let media_type = operation.content_type.unwrap_or("multipart/form-data");
            let media_type = HeaderValue::from_static(media_type);
            request.headers_mut().insert(CONTENT_TYPE, media_type);
            PreviewBody::Form(form.parts())
        }
        None => match request.body().and_then(reqwest::Body::as_bytes) {
            Some(bytes) => PreviewBody::Bytes(Bytes::copy_from_slice(bytes)),
            None => PreviewBody::None,
        },
    };
    Ok(Preview {
        method: request.method().to_string(),
        url: request.url().to_string(),
        headers: std::mem::take(request.headers_mut()),
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Client;
    use crate::multipart::{Form, Part};

    static CREATE: Operation =
        Operation::new("create", "POST", "/v3/x/{id}").reads_idempotency_key();
    static UPLOAD: Operation = Operation::new("upload", "POST", "/v3/assets").multipart();

    fn client() -> Client {
        let builder = crate::ClientBuilder::new().api_key("sk_secret");
        builder
            .base_url("http://127.0.0.1:1/prefix")
            .build()
            .unwrap()
    }

    #[test]
    fn preview_is_the_request_without_the_credential() {
        let request = client()
            .operation(&CREATE, &[("id", "a/b")], &[("q", "x y")])
            .body("application/json", "{\"a\":1.0}")
            .idempotency_key("k-1")
            .header("x-trace", "t");
        let preview = request.preview().unwrap();
        assert_eq!(preview.method, "POST");
        assert_eq!(preview.url, "http://127.0.0.1:1/prefix/v3/x/a%2Fb?q=x+y");
        assert_eq!(preview.body, PreviewBody::Bytes("{\"a\":1.0}".into()));
        let names: Vec<_> = preview
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .collect();
        assert_eq!(
            names,
            ["accept", "content-type", "idempotency-key", "x-trace"]
        );
        assert!(!format!("{preview:?}").contains("sk_secret"));
    }

    #[test]
    fn form_is_a_summary_of_its_parts() {
        let form = Form::new()
            .part("title", Part::text("abc"))
            .part("file", Part::bytes("12345").file_name("a.png"));
        let request = client().operation(&UPLOAD, &[], &[]).multipart(form);
        let preview = request.preview().unwrap();
        assert_eq!(preview.headers[CONTENT_TYPE], "multipart/form-data");
        let PreviewBody::Form(parts) = preview.body else {
            panic!("{:?}", preview.body);
        };
        let facts = |part: &PartSummary| (part.name.clone(), part.file_name.clone(), part.size);
        assert_eq!(facts(&parts[0]), ("title".to_owned(), None, Some(3)));
        let file = ("file".to_owned(), Some("a.png".to_owned()), Some(5));
        assert_eq!(facts(&parts[1]), file);
    }

    #[test]
    fn what_cannot_be_sent_has_no_preview() {
        let call = || client().operation(&CREATE, &[("id", "a")], &[]);
        for request in [
            client().operation(&CREATE, &[], &[]),
            client().operation(&CREATE, &[("id", "..")], &[]),
            call().idempotency_key("a b"),
            client().operation(&UPLOAD, &[], &[]),
        ] {
            let error = request.preview().unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput, "{error}");
        }
        assert_eq!(call().preview().unwrap().body, PreviewBody::None);
    }
}
