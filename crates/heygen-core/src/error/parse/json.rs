//! Errors in JSON: those of the API's three generations, and the formats of
//! common server frameworks (`detail`, problem+json, `errors[]`, `msg`).

use serde_json::{Map, Value};

use super::{ErrorBody, MAX_EXCERPT};
use crate::text::{OneLine, is_blank};

/// The code by which v1 reports success.
const V1_SUCCESS: &str = "100";

/// Names of the field with the message, best first.
const MESSAGE: &[&str] = &["message", "msg", "detail", "error_description"];

/// Names of the field with the name of a parameter, best first.
const PARAM: &[&str] = &["param", "path", "field"];

/// Names of the field with several errors: an array, or a map by parameter.
const FAULTS: &[&str] = &["errors", "detail", "details", "message"];

/// A code is a string or a number; the success code of v1 counts as absent.
pub(crate) fn code(value: &Value) -> Option<String> {
    let code = match value {
        Value::String(code) => code.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!code.is_empty() && code != V1_SUCCESS).then_some(code)
}

/// Parses a whole body.
pub(super) fn parse(body: &Value) -> ErrorBody {
    let Value::Object(object) = body else {
        return of_faults(body);
    };
    let outer = of_fields(object);
    let mut parsed = match object.get("error") {
        Some(Value::Object(error)) => of_fields(error).or(outer),
        // Either the message itself, or a code beside a message.
        Some(Value::String(error)) if !is_blank(error) && !outer.message.is_empty() => {
            // A phrase such as "Not Found" is no code.
            let code = Some(error.clone()).filter(|code| !code.contains(' '));
            outer.or(ErrorBody {
                code,
                ..ErrorBody::default()
            })
        }
        Some(error @ (Value::String(_) | Value::Array(_))) => of_faults(error).or(outer),
        Some(Value::Null) | None => outer,
        Some(other) => {
            ErrorBody::of_message(OneLine(&other.to_string(), MAX_EXCERPT).to_string()).or(outer)
        }
    };
    parsed.warning = object.get("warning").cloned();
    parsed
}

/// The fields of one error, and of the errors nested in it.
fn of_fields(fields: &Map<String, Value>) -> ErrorBody {
    let text = |names: &[&str]| {
        let mut texts = names.iter().filter_map(|name| fields.get(*name)?.as_str());
        texts.find(|text| !is_blank(text)).map(str::to_owned)
    };
    let mut own = ErrorBody {
        code: fields.get("code").and_then(code),
        message: text(MESSAGE).unwrap_or_default(),
        param: text(PARAM)
            // Some frameworks give the path of the request.
            .filter(|param| !param.starts_with('/'))
            .or_else(|| fields.get("loc").and_then(location)),
        doc_url: text(&["doc_url"]),
        warning: None,
    };
    let faults = FAULTS.iter().filter_map(|name| {
        fields.get(*name).filter(|faults| {
            // Else details of any kind.
            *name != "details" || faults.is_array()
        })
    });
    let listed = faults
        .map(of_faults)
        .find(|fault| !fault.message.is_empty())
        .unwrap_or_default();
    // The title of problem+json is the same for every error of its type.
    if let (true, Some(title)) = (own.message.is_empty(), text(&["title"])) {
        own.message = if listed.message.is_empty() {
            title
        } else {
            format!("{}: {}", title.trim_end_matches('.'), listed.message)
        };
    }
    own.or(listed)
}

/// The first of several errors.
fn of_faults(faults: &Value) -> ErrorBody {
    match faults {
        Value::String(message) if !is_blank(message) => ErrorBody::of_message(message),
        Value::Array(items) => {
            let mut first = match items.first() {
                Some(Value::Object(fields)) => of_fields(fields),
                Some(message @ Value::String(_)) => of_faults(message),
                _ => ErrorBody::default(),
            };
            let more = items.len().saturating_sub(1);
            if more > 0 && !first.message.is_empty() {
                first.message =
                    format!("{} (and {more} more)", first.message.trim_end_matches('.'));
            }
            first
        }
        Value::Object(fields) if MESSAGE.iter().any(|name| fields.contains_key(*name)) => {
            of_fields(fields)
        }
        Value::Object(by_param) => {
            let first = by_param.iter().find_map(|(param, value)| {
                let message = value.as_str().or_else(|| value.get(0)?.as_str())?;
                Some((param, message))
            });
            first.map_or_else(ErrorBody::default, |(param, message)| ErrorBody {
                param: Some(param.clone()),
                ..ErrorBody::of_message(message)
            })
        }
        _ => ErrorBody::default(),
    }
}

/// The path of a `FastAPI` error: `["body", "scenes", 0, "script"]`.
fn location(loc: &Value) -> Option<String> {
    const SOURCES: [&str; 5] = ["body", "query", "path", "header", "cookie"];
    let mut path = String::new();
    for (depth, part) in loc.as_array()?.iter().enumerate() {
        match part {
            Value::String(name) if depth == 0 && SOURCES.contains(&name.as_str()) => {}
            Value::String(name) if path.is_empty() => path.push_str(name),
            Value::String(name) => path = format!("{path}.{name}"),
            other => path = format!("{path}[{other}]"),
        }
    }
    (!path.is_empty()).then_some(path)
}
