//! The media types of an operation, and bodies that are left out.

use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};

use crate::operation::Operation;

/// Sets what the generator cannot express: the media types of the operation, and
/// that a body is left out.
pub(crate) fn apply_media_types(request: &mut reqwest::Request, operation: &Operation) {
    let value = HeaderValue::from_static;
    if let Some(accept) = operation.accept {
        request.headers_mut().insert(ACCEPT, value(accept));
    }
    let body = request.body().and_then(reqwest::Body::as_bytes);
    let is_left_out = operation.optional_body && matches!(body, Some(b"" | b"null"));
    // A form is added to the request later on.
    if is_left_out || operation.multipart {
        *request.body_mut() = None;
        request.headers_mut().remove(CONTENT_TYPE);
    } else if let (Some(media_type), true) = (operation.content_type, request.body().is_some()) {
        request
            .headers_mut()
            .insert(CONTENT_TYPE, value(media_type));
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    static GET: Operation = Operation::new("get", "GET", "/");

    #[test]
    fn media_types_are_those_of_the_operation() {
        static VENDOR: Operation = Operation::new("a", "POST", "/")
            .content_type("application/vnd.api+json")
            .accept("application/vnd.api+json")
            .optional_body();
        static FORM: Operation = Operation::new("b", "POST", "/").multipart();
        let url = url::Url::parse("http://127.0.0.1/").unwrap();
        for (operation, body, content_type) in [
            (&VENDOR, "{}", Some("application/vnd.api+json")),
            (&VENDOR, "null", None),
            (&VENDOR, "", None),
            (&FORM, "", None),
            (&GET, "null", Some("application/json")),
        ] {
            let mut request = reqwest::Request::new(Method::POST, url.clone());
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
            *request.body_mut() = Some(body.into());
            apply_media_types(&mut request, operation);
            let sent = request.headers().get(CONTENT_TYPE);
            let sent = sent.map(|value| value.to_str().unwrap());
            assert_eq!(sent, content_type, "{body}");
            assert_eq!(request.body().is_some(), content_type.is_some(), "{body}");
            let accept = request.headers().get(ACCEPT);
            let accept = accept.map(|value| value.to_str().unwrap());
            assert_eq!(accept, operation.accept);
        }
    }
}
