//! `--dry-run`: prints the request instead of sending it, without the key.

use heygen::raw::heygen_core::{Preview, PreviewBody};
use heygen::{Bytes, Request};
use serde_json::{Map, Value, json};

use crate::error::CliError;
use crate::output;

/// Prints a request.
pub(crate) fn print(request: Request<Bytes>, human: bool) -> Result<(), CliError> {
    output::body(line(&request.preview()?).as_bytes(), human)
}

/// The request as JSON: its body as it would be sent, a form by its parts.
fn line(preview: &Preview) -> String {
    let headers = preview.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.to_string(), Value::from(value))
    });
    let headers = Value::Object(headers.collect::<Map<_, _>>());
    let (method, url) = (json!(preview.method), json!(preview.url));
    let body = match &preview.body {
        // All bodies but forms are JSON.
        PreviewBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        PreviewBody::Form(parts) => {
            let parts = parts.iter().map(|part| {
                json!({
                    "name": part.name,
                    "filename": part.file_name,
                    "content_type": part.content_type,
                    "size": part.size,
                })
            });
            parts.collect::<Value>().to_string()
        }
        _ => "null".to_owned(),
    };
    format!(r#"{{"method":{method},"url":{url},"headers":{headers},"body":{body}}}"#)
}

#[cfg(test)]
mod tests {
    use heygen::multipart::{Form, Part};
    use heygen::raw::Operation;

    use super::*;

    static CREATE: Operation = Operation::new("create", "POST", "/v3/x");
    static UPLOAD: Operation = Operation::new("upload", "POST", "/v3/assets").multipart();

    fn printed(edit: impl FnOnce(&heygen::raw::heygen_core::Client) -> Request<Bytes>) -> String {
        let client = heygen::Client::builder().api_key("sk_hush");
        let client = client.base_url("http://127.0.0.1:1").build().unwrap();
        line(&edit(heygen::raw::core(&client)).preview().unwrap())
    }

    #[test]
    fn request_is_one_object_without_the_key() {
        let bytes = |body: &'static str| {
            printed(|core| {
                core.operation(&CREATE, &[], &[("a", "b c")])
                    .body("application/json", body)
            })
        };
        let head = r#"{"method":"POST","url":"http://127.0.0.1:1/v3/x?a=b+c","headers":{"accept":"application/json","content-type":"application/json"},"body":"#;
        assert_eq!(
            bytes(r#"{"z":1.0,"a":2}"#),
            format!(r#"{head}{{"z":1.0,"a":2}}}}"#)
        );
        let none = printed(|core| core.operation(&CREATE, &[], &[]));
        assert!(none.ends_with(r#""body":null}"#), "{none}");
    }

    #[test]
    fn form_is_the_names_and_sizes_of_its_parts() {
        let file = Part::bytes("hush1").file_name("a.png");
        let form = printed(|core| {
            let form = Form::new().part("file", file);
            core.operation(&UPLOAD, &[], &[]).multipart(form)
        });
        let part = r#"{"name":"file","filename":"a.png","content_type":"application/octet-stream","size":5}"#;
        assert!(form.ends_with(&format!(r#""body":[{part}]}}"#)), "{form}");
        assert!(!form.contains("hush"), "{form}");
    }
}
