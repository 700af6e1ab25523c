//! Containers of responses: what the body of a success has to hold. Bodies may be
//! large, so none becomes a tree of values: only the names on the way are read.

use std::collections::HashMap;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::table::Container;

/// The text of the container in a body.
///
/// # Errors
/// What is wrong with the body, for a message.
pub(crate) fn find<'t>(text: &'t str, container: &Container) -> Result<&'t str, String> {
    let found = value_at(text, container.path).map_err(|error| not_json(text, &error))?;
    let name = container.path.join(".");
    let Some(found) = found else {
        return Err(format!("the response has no {name}"));
    };
    let expected = match container.is_list {
        false if !found.starts_with('{') => "an object",
        true if !found.starts_with('[') => "a list",
        _ => return Ok(found),
    };
    let name = if name.is_empty() { "body" } else { &name };
    Err(format!("the response's {name} is not {expected}"))
}

/// Checks that a text is JSON.
pub(crate) fn check_json(text: &str) -> Result<(), String> {
    let read = serde_json::from_str::<IgnoredAny>(text);
    read.map(drop).map_err(|error| not_json(text, &error))
}

fn not_json(text: &str, error: &serde_json::Error) -> String {
    if text.trim().is_empty() {
        "the response is empty where JSON was expected".to_owned()
    } else if text.trim_start().starts_with('<') {
        "the response is a page of HTML or XML where JSON was expected".to_owned()
    } else {
        format!("the response is not valid JSON: {error}")
    }
}

/// The text of the value at these property names from the root. None if there is
/// none. Of equal names the last counts.
fn value_at<'t>(text: &'t str, path: &[&str]) -> serde_json::Result<Option<&'t str>> {
    let mut value: &RawValue = serde_json::from_str(text)?;
    for name in path {
        if !value.get().starts_with('{') {
            return Ok(None);
        }
        let members: HashMap<String, &RawValue> = serde_json::from_str(value.get())?;
        match members.get(*name) {
            Some(found) => value = found,
            None => return Ok(None),
        }
    }
    Ok(Some(value.get()))
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
            ("", &["data"], false, "is empty"),
            (" \n", &["data"], false, "is empty"),
            ("<html>", &["data"], false, "HTML"),
            ("ok", &["data"], false, "not valid JSON"),
            (r#"{"data":{}"#, &["data"], false, "not valid JSON"),
            (r#"{"data":{}}x"#, &["data"], false, "not valid JSON"),
            (r#"{"data":{}, nope}"#, &["data"], false, "not valid JSON"),
        ] {
            let error = found(body, path, is_list).unwrap_err();
            assert!(error.contains(why), "{body}: {error}");
        }
        assert!(check_json("{}").is_ok() && check_json("").is_err());
    }
}
