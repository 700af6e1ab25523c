//! What the generator cannot express of bodies: their media types, that one may
//! be left out, and that one has several parts.

use std::{
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use reqwest::{
    Body, Request,
    header::{ACCEPT, CONTENT_TYPE, HeaderValue},
};

use super::{error::Error, operation::Operation};

/// Sets the media types of a request, and drops a body that is left out.
///
/// # Errors
///
/// Where a body of several parts is none.
pub(super) fn apply<E>(request: &mut Request, operation: &Operation) -> Result<(), Error<E>> {
    if let Some(accept) = operation.accept {
        let value = HeaderValue::from_static(accept);
        request.headers_mut().insert(ACCEPT, value);
    }
    let Some(body) = request.body_mut().take() else {
        return Ok(());
    };
    if operation.optional_body && matches!(body.as_bytes(), Some(b"" | b"null")) {
        request.headers_mut().remove(CONTENT_TYPE);
        return Ok(());
    }
    let mut content_type = operation.content_type.map(HeaderValue::from_static);
    let mut body = body;
    if operation.multipart {
        let (first, sent) = first_bytes(body);
        // A form without parts begins with its end.
        let boundary = first.strip_prefix(b"--").and_then(line);
        if operation.optional_body && boundary.is_some_and(|b| b.ends_with(b"--")) {
            request.headers_mut().remove(CONTENT_TYPE);
            return Ok(());
        }
        let boundary = boundary.map(|b| b.strip_suffix(b"--").unwrap_or(b));
        let media_type = operation.content_type.unwrap_or("multipart/form-data");
        let value = boundary.map(|boundary| {
            let value = [media_type.as_bytes(), b"; boundary=", boundary].concat();
            HeaderValue::from_bytes(&value)
        });
        let Some(Ok(value)) = value else {
            return Err(Error::argument("the body is no form of several parts"));
        };
        content_type = Some(value);
        body = sent;
    }
    if let Some(content_type) = content_type {
        request.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    *request.body_mut() = Some(body);
    Ok(())
}

/// What stands before the first line break.
fn line(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.windows(2).position(|two| two == b"\r\n")?;
    Some(&bytes[..end])
}

/// The first bytes of a body, and the body as it was. The first bytes of a form
/// are there at once, as they are in memory.
fn first_bytes(mut body: Body) -> (Bytes, Body) {
    if let Some(bytes) = body.as_bytes() {
        return (Bytes::copy_from_slice(bytes), body);
    }
    let mut context = Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut context) {
        Poll::Ready(Some(Ok(frame))) => {
            let first = frame.into_data().unwrap_or_default();
            let sent = Resumed {
                first: Some(first.clone()),
                rest: body,
            };
            (first, Body::wrap(sent))
        }
        _ => (Bytes::new(), body),
    }
}

/// A body whose first bytes have been looked at.
struct Resumed {
    first: Option<Bytes>,
    rest: Body,
}

impl http_body::Body for Resumed {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        let frame = ready!(Pin::new(&mut self.rest).poll_frame(context));
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        let first = self.first.as_ref().map_or(0, Bytes::len) as u64;
        let rest = self.rest.size_hint().exact();
        rest.map_or_else(SizeHint::default, |rest| SizeHint::with_exact(rest + first))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::multipart::{Form, Part};

    static SEND: Operation = Operation::new("a", "POST", "/").content_type("image/png");
    static MAYBE: Operation = Operation::new("a", "POST", "/").optional_body();
    static FORM: Operation = Operation::new("a", "POST", "/").multipart();
    static MAYBE_FORM: Operation = Operation::new("a", "POST", "/").multipart().optional_body();

    fn applied(operation: &Operation, body: impl Into<Body>) -> Result<Request, Error<()>> {
        let url = "http://127.0.0.1/".parse().unwrap();
        let mut request = Request::new(reqwest::Method::POST, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(body.into());
        apply(&mut request, operation)?;
        Ok(request)
    }

    #[test]
    fn media_types_are_those_of_the_operation() {
        for (operation, body, content_type) in [
            (&SEND, "x", Some("image/png")),
            (&MAYBE, "{}", Some("application/json")),
            (&MAYBE, "null", None),
            (&MAYBE, "", None),
        ] {
            let request = applied(operation, body).unwrap();
            let sent = request.headers().get(CONTENT_TYPE);
            let sent = sent.map(|value| value.to_str().unwrap());
            assert_eq!(sent, content_type, "{body}");
            assert_eq!(request.body().is_some(), content_type.is_some(), "{body}");
        }
    }

    #[test]
    fn boundary_is_that_of_the_body() {
        let form = Form::new().part("a", Part::bytes("x"));
        let length = form.length();
        let mut request = applied(&FORM, form.clone()).unwrap();
        let expected = format!("multipart/form-data; boundary={}", form.boundary());
        assert_eq!(request.headers()[CONTENT_TYPE], expected.as_str());
        let body = request.body_mut().take().unwrap();
        assert_eq!(body.size_hint().exact(), length);

        let request = applied(&FORM, "--b\r\n\r\n--b--\r\n").unwrap();
        assert_eq!(
            request.headers()[CONTENT_TYPE],
            "multipart/form-data; boundary=b"
        );
        assert!(applied(&FORM, "{}").is_err());
        assert!(applied(&MAYBE_FORM, Form::new()).unwrap().body().is_none());
    }
}
