//! Objects: a line a field, labels on the left, what nests below them.

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr as _;

use super::value::{inline, json, label, sorted};

/// The level from which on values are JSON.
const MAX_LEVEL: usize = 5;

/// Spaces a level.
const INDENT: usize = 2;

/// Stands for what is null or empty.
const NONE: &str = "(none)";

/// Lays an object out.
pub(super) fn layout(object: &Map<String, Value>) -> String {
    let mut out = String::new();
    fields(&mut out, object, 0);
    out
}

/// Appends the fields, sorted by name, the values below one another.
fn fields(out: &mut String, object: &Map<String, Value>, level: usize) {
    let fields = sorted(object).into_iter();
    let fields: Vec<_> = fields
        .map(|(name, value)| (label(name) + ":", name, value))
        .collect();
    let width = fields.iter().map(|(label, ..)| label.width()).max();
    let width = width.unwrap_or(0);
    for (label, name, value) in fields {
        let indent = INDENT * level;
        out.extend([" ".repeat(indent), label.clone()]);
        let deeper = level + 1;
        match value {
            Value::Object(inner) if !inner.is_empty() && deeper < MAX_LEVEL => {
                out.push('\n');
                self::fields(out, inner, deeper);
            }
            Value::Array(list) if are_objects(list) && deeper < MAX_LEVEL => {
                out.push('\n');
                items(out, list, deeper);
            }
            other => {
                let pad = width - label.width() + INDENT;
                out.extend([" ".repeat(pad), or_none(name, other), "\n".to_owned()]);
            }
        }
    }
}

/// Appends objects of a list, the first line of each with a dash.
fn items(out: &mut String, list: &[Value], level: usize) {
    let indent = INDENT * level;
    for item in list {
        let start = out.len();
        match item.as_object() {
            Some(object) if !object.is_empty() => fields(out, object, level + 1),
            _ => out.extend([" ".repeat(indent + INDENT).as_str(), NONE, "\n"]),
        }
        // Both are ASCII spaces: the indentation of the first line.
        out.replace_range(start + indent..=start + indent, "-");
    }
}

/// Whether it is a list of objects that has some.
pub(super) fn are_objects(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(Value::is_object)
}

/// A value on one line, for what is below the deepest level as well.
pub(super) fn or_none(name: &str, value: &Value) -> String {
    let text = match value {
        Value::Object(object) if !object.is_empty() => json(value),
        _ => inline(name, value),
    };
    if text.is_empty() {
        NONE.to_owned()
    } else {
        text
    }
}
