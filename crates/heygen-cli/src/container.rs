//! Containers of responses: what the body of a success has to hold. Bodies may be
//! large, so none becomes a tree of values: only the names on the way are read.

use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::table::{Container, Kind};

/// The text of the container in a body. Of equal names the last counts.
///
/// # Errors
/// What is wrong with the body, for a message.
pub(crate) fn find<'t>(text: &'t str, container: &Container) -> Result<&'t str, String> {
    let name = match container.path {
        [] => "body".to_owned(),
        path => path.join("."),
    };
    let value: Result<&RawValue, _> = serde_json::from_str(text);
    let mut value = value.map_err(|error| format!("the response is not valid JSON: {error}"))?;
    for step in container.path {
        // What is not an object has no names.
        let members: HashMap<String, &RawValue> =
            serde_json::from_str(value.get()).unwrap_or_default();
        let found = members.get(*step);
        value = found.ok_or_else(|| format!("the response has no {name}"))?;
    }
    let expected = match container.kind {
        Kind::Object if !value.get().starts_with('{') => "an object",
        Kind::Array if !value.get().starts_with('[') => "a list",
        Kind::Any if value.get() == "null" => "a value",
        _ => return Ok(value.get()),
    };
    Err(format!("the response's {name} is not {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str, path: &'static [&'static str], kind: Kind) -> Result<String, String> {
        find(body, &Container { path, kind }).map(str::to_owned)
    }

    #[test]
    fn container_is_found_as_it_came() {
        for (body, path, kind, expected) in [
            (
                r#"{"data":{"a":1.0}}"#,
                &["data"][..],
                Kind::Object,
                r#"{"a":1.0}"#,
            ),
            (
                r#" { "x" : [[]], "d\u0061ta" : [ 1 ] , "y":1e999} "#,
                &["data"],
                Kind::Array,
                "[ 1 ]",
            ),
            (
                r#"{"data":{"languages":[]},"error":null}"#,
                &["data", "languages"],
                Kind::Array,
                "[]",
            ),
            (r#"{"data":"","x":"\udc00"}"#, &["data"], Kind::Any, r#""""#),
            (r#"{"data":1,"data":{}}"#, &["data"], Kind::Object, "{}"),
            ("[1]", &[], Kind::Array, "[1]"),
        ] {
            assert_eq!(found(body, path, kind).as_deref(), Ok(expected), "{body}");
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let body = format!(r#"{{"data":{deep},"more":{deep}}}"#);
        assert_eq!(found(&body, &["data"], Kind::Array), Ok(deep));
    }

    #[test]
    fn body_without_container_is_refused() {
        for (body, path, kind, why) in [
            ("{}", &["data"][..], Kind::Any, "has no data"),
            ("[]", &["data"], Kind::Any, "has no data"),
            ("7", &["data"], Kind::Any, "has no data"),
            (
                r#"{"data":[]}"#,
                &["data", "languages"],
                Kind::Array,
                "has no data.languages",
            ),
            (
                r#"{"data":{"languages":{}}}"#,
                &["data", "languages"],
                Kind::Array,
                "data.languages is not a list",
            ),
            (
                r#"{"data":[]}"#,
                &["data"],
                Kind::Object,
                "data is not an object",
            ),
            (
                r#"{"data":{},"data":null}"#,
                &["data"],
                Kind::Object,
                "data is not an object",
            ),
            (
                r#"{"data": null}"#,
                &["data"],
                Kind::Any,
                "data is not a value",
            ),
            ("{}", &[], Kind::Array, "body is not a list"),
            ("", &["data"], Kind::Any, "not valid JSON"),
            (" \n", &["data"], Kind::Any, "not valid JSON"),
            ("<html>", &["data"], Kind::Any, "not valid JSON"),
            ("ok", &["data"], Kind::Any, "not valid JSON"),
            (r#"{"data":{}"#, &["data"], Kind::Any, "not valid JSON"),
            (r#"{"data":{}}x"#, &["data"], Kind::Any, "not valid JSON"),
            (
                r#"{"data":{}, nope}"#,
                &["data"],
                Kind::Any,
                "not valid JSON",
            ),
        ] {
            let error = found(body, path, kind).unwrap_err();
            assert!(error.contains(why), "{body}: {error}");
        }
    }
}
