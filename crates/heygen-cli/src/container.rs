//! Containers of responses: what the body of a success has to hold. Bodies may be
//! large, so none becomes a tree of values: only the names on the way are read.

use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::table::Container;

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
    let expected = match container.is_list {
        false if !value.get().starts_with('{') => "an object",
        true if !value.get().starts_with('[') => "a list",
        _ => return Ok(value.get()),
    };
    Err(format!("the response's {name} is not {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str, path: &'static [&'static str], is_list: bool) -> Result<String, String> {
        find(body, &Container { path, is_list }).map(str::to_owned)
    }

    #[test]
    fn container_is_found_as_it_came() {
        for (body, path, is_list, expected) in [
            (
                r#"{"data":{"a":1.0}}"#,
                &["data"][..],
                false,
                r#"{"a":1.0}"#,
            ),
            (
                r#" { "x" : [[]], "d\u0061ta" : [ 1 ] , "y":1e999} "#,
                &["data"],
                true,
                "[ 1 ]",
            ),
            (
                r#"{"data":{"languages":[]},"error":null}"#,
                &["data", "languages"],
                true,
                "[]",
            ),
            (r#"{"data":{},"x":"\udc00"}"#, &["data"], false, "{}"),
            (r#"{"data":1,"data":{}}"#, &["data"], false, "{}"),
            ("[1]", &[], true, "[1]"),
        ] {
            assert_eq!(
                found(body, path, is_list).as_deref(),
                Ok(expected),
                "{body}"
            );
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let body = format!(r#"{{"data":{deep},"more":{deep}}}"#);
        assert_eq!(found(&body, &["data"], true), Ok(deep));
    }

    #[test]
    fn body_without_container_is_refused() {
        for (body, path, is_list, why) in [
            ("{}", &["data"][..], false, "has no data"),
            ("[]", &["data"], false, "has no data"),
            ("7", &["data"], false, "has no data"),
            (
                r#"{"data":[]}"#,
                &["data", "languages"],
                true,
                "has no data.languages",
            ),
            (
                r#"{"data":{"languages":{}}}"#,
                &["data", "languages"],
                true,
                "data.languages is not a list",
            ),
            (r#"{"data":[]}"#, &["data"], false, "data is not an object"),
            (
                r#"{"data":{},"data":null}"#,
                &["data"],
                false,
                "data is not an object",
            ),
            ("{}", &[], true, "body is not a list"),
            ("", &["data"], false, "not valid JSON"),
            (" \n", &["data"], false, "not valid JSON"),
            ("<html>", &["data"], false, "not valid JSON"),
            ("ok", &["data"], false, "not valid JSON"),
            (r#"{"data":{}"#, &["data"], false, "not valid JSON"),
            (r#"{"data":{}}x"#, &["data"], false, "not valid JSON"),
            (r#"{"data":{}, nope}"#, &["data"], false, "not valid JSON"),
        ] {
            let error = found(body, path, is_list).unwrap_err();
            assert!(error.contains(why), "{body}: {error}");
        }
    }
}
