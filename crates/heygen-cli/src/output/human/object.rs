//! Objects: a line a field, labels on the left, what nests below them.

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::value::{inline, json, label, sorted};

/// The level from which on values are JSON.
const MAX_LEVEL: usize = 5;

/// Lays an object, or a value that is no list, out.
pub(super) fn layout(value: &Value) -> String {
    let lines = lines(value, 0);
    if lines.is_empty() {
        return on_one_line("", value);
    }
    lines.join("\n")
}

/// The lines of an object, its fields sorted by name, or of a list of objects. None of
/// what is on one line.
fn lines(value: &Value, level: usize) -> Vec<String> {
    match value {
        _ if level >= MAX_LEVEL => Vec::new(),
        Value::Object(fields) => {
            let width = fields.keys().map(|name| label(name).width()).max();
            let width = width.unwrap_or(0);
            let field = |(name, value)| {
                let label = label(name);
                let below = lines(value, level + 1);
                if below.is_empty() {
                    let pad = " ".repeat(width - label.width());
                    return vec![format!("{label}:{pad}  {}", on_one_line(name, value))];
                }
                [vec![label + ":"], indented("  ", below)].concat()
            };
            sorted(fields).into_iter().flat_map(field).collect()
        }
        Value::Array(items) if items.iter().all(Value::is_object) => {
            let lines = items.iter().map(|item| match lines(item, level + 1) {
                lines if lines.is_empty() => vec![on_one_line("", item)],
                lines => lines,
            });
            lines.flat_map(|lines| indented("- ", lines)).collect()
        }
        _ => Vec::new(),
    }
}

/// The lines moved to the right, below what the first one begins with.
fn indented(first: &str, lines: Vec<String>) -> Vec<String> {
    let starts = std::iter::once(first).chain(std::iter::repeat("  "));
    starts
        .zip(lines)
        .map(|(start, line)| start.to_owned() + &line)
        .collect()
}

/// A value on one line, for what is below the deepest level as well.
fn on_one_line(name: &str, value: &Value) -> String {
    let text = match value {
        Value::Object(fields) if !fields.is_empty() => json(value),
        _ => inline(name, value),
    };
    if text.is_empty() {
        "(none)".to_owned()
    } else {
        text
    }
}
