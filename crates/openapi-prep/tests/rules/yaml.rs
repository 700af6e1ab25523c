//! Documents as people like to read them: what fits in a line stands in one.

use serde_json::Value;

/// How long a line may become before it is broken.
const WIDTH: usize = 96;

/// A value as YAML.
pub(crate) fn print(value: &Value) -> String {
    let mut out = String::new();
    block(value, WIDTH, &mut out);
    out
}

fn block(value: &Value, width: usize, out: &mut String) {
    let fits = |head: &str, inner: &Value| {
        let empty = match inner {
            Value::Object(entries) => entries.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => true,
        };
        empty || head.len() + flow(inner).len() <= width
    };
    let mut line = |parts: &[&str]| {
        out.extend(parts.iter().copied());
        out.push('\n');
    };
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, inner) in entries {
                let key = scalar(key);
                if fits(&key, inner) {
                    line(&[&key, ": ", &flow(inner)]);
                } else {
                    line(&[&key, ":"]);
                    let mut below = String::new();
                    block(inner, width.saturating_sub(2), &mut below);
                    below.lines().for_each(|text| line(&["  ", text]));
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for inner in items {
                if fits("- ", inner) {
                    line(&["- ", &flow(inner)]);
                } else {
                    let mut below = String::new();
                    block(inner, width.saturating_sub(2), &mut below);
                    for (index, text) in below.lines().enumerate() {
                        line(&[if index == 0 { "- " } else { "  " }, text]);
                    }
                }
            }
        }
        other => line(&[&flow(other)]),
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Object(entries) => {
            let parts: Vec<_> = entries
                .iter()
                .map(|(key, inner)| format!("{}: {}", scalar(key), flow(inner)))
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
        Value::Array(items) => {
            let parts: Vec<_> = items.iter().map(flow).collect();
            format!("[{}]", parts.join(", "))
        }
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// A text, in quotes where it would be read as something else.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " _-./~$`()+'".contains(c);
    let start = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '$' | '_'));
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    if start && !word && !text.ends_with(' ') && text.chars().all(plain) {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}

/// Two texts line by line: what only the first has, what only the second has,
/// and a little of what is around.
pub(crate) fn difference(before: &str, after: &str) -> String {
    let a: Vec<&str> = before.lines().collect();
    let b: Vec<&str> = after.lines().collect();
    // The longest common run of lines from each pair of places on.
    let mut longest = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = if a[i] == b[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines: Vec<(char, &str)> = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            lines.push((' ', a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && longest[i + 1][j] >= longest[i][j + 1]) {
            lines.push(('-', a[i]));
            i += 1;
        } else {
            lines.push(('+', b[j]));
            j += 1;
        }
    }
    let near = |at: usize| {
        let around = at.saturating_sub(2)..(at + 3).min(lines.len());
        lines[around].iter().any(|(mark, _)| *mark != ' ')
    };
    let mut text = String::new();
    for at in (0..lines.len()).filter(|at| near(*at)) {
        text.extend(["  ", &String::from(lines[at].0), " ", lines[at].1, "\n"]);
    }
    text
}
