//! Patterns that validators in other languages than JavaScript refuse.
//!
//! A `pattern` is a regular expression of ECMA-262. The validators that people
//! run are mostly written in Python, whose expressions differ, and they take a
//! whole document for wrong where one pattern is none of theirs.

use serde_json::Value;

use super::rule;
use crate::{Pointer, Report, Subject};

/// Takes out a pattern that Python cannot read.
pub(super) fn common(schema: &mut Value, at: &Pointer, report: &mut Report) {
    if !foreign(schema) {
        return;
    }
    if let Value::Object(object) = schema
        && let Some(pattern) = object.shift_remove("pattern")
    {
        let note = format!("validators in Python cannot read {pattern}; any text is taken");
        report.lost(
            Subject::Constraint,
            rule("pattern"),
            &at.join("pattern"),
            note,
        );
    }
}

/// Whether a schema has a pattern that Python cannot read.
pub(super) fn foreign(schema: &Value) -> bool {
    let pattern = schema.get("pattern").and_then(Value::as_str);
    pattern.is_some_and(|pattern| !readable(pattern))
}

/// Whether Python can read an expression of ECMA-262. In doubt it cannot.
fn readable(pattern: &str) -> bool {
    let mut rest = pattern;
    let mut class = false;
    let mut start_of_class = false;
    let mut groups = 0;
    while let Some(c) = rest.chars().next() {
        let starting = std::mem::take(&mut start_of_class);
        let after = &rest[c.len_utf8()..];
        match c {
            '\\' => match escape(after, class, groups) {
                Some(length) => {
                    rest = &after[length..];
                    continue;
                }
                None => return false,
            },
            // Python takes the first bracket of a class for one of its values.
            ']' if class && starting => return false,
            ']' => class = false,
            '[' if !class => {
                class = true;
                start_of_class = true;
                if let Some(negated) = after.strip_prefix('^') {
                    rest = negated;
                    continue;
                }
            }
            // A range that ends in a set of characters.
            '-' if class && after.starts_with('\\') => {
                let set = after[1..].starts_with(['d', 'D', 's', 'S', 'w', 'W']);
                if set {
                    return false;
                }
            }
            '(' if !class => match after.strip_prefix('?') {
                None => groups += 1,
                Some(kind) if kind.starts_with([':', '=', '!']) => {}
                Some(kind) if kind.starts_with("<=") || kind.starts_with("<!") => {
                    // Python looks behind over as many characters each time.
                    let body = kind.split(')').next().unwrap_or_default();
                    if body.contains(['*', '+', '?', '{', '|', '(']) {
                        return false;
                    }
                }
                Some(_) => return false,
            },
            _ => {}
        }
        rest = after;
    }
    !class
}

/// The length of what follows a backslash, where Python reads it too.
fn escape(after: &str, class: bool, groups: u32) -> Option<usize> {
    let c = after.chars().next()?;
    let hex = |digits: usize| {
        let text = after.get(1..=digits)?;
        let all = text.bytes().all(|b| b.is_ascii_hexdigit());
        all.then_some(digits + 1)
    };
    match c {
        'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'f' | 'n' | 'r' | 't' | 'v' | 'b' | '0' => Some(1),
        'B' if !class => Some(1),
        'x' => hex(2),
        'u' => hex(4),
        '1'..='9' if !class => (c.to_digit(10)? <= groups).then_some(1),
        _ if c.is_ascii_alphanumeric() => None,
        _ => Some(c.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::lower::{lower, lower_for_generator};

    #[test]
    fn what_both_read_stays() {
        for fine in [
            "^[a-z0-9_-]{1,64}$",
            r"^\d{4}-\d{2}$",
            r"^(?=.*\d)(?!x).+$",
            r"(a)\1",
            r"[\]\\/.]",
            r"^\u0041\x41\/\-$",
            "(?<=ab)c",
            "[^a]",
            "",
        ] {
            assert!(readable(fine), "{fine}");
        }
    }

    #[test]
    fn what_python_refuses_is_known() {
        for foreign in [
            r"^\p{L}+$",
            "(?<year>[0-9]+)",
            r"\k<year>",
            "[^]",
            "[]",
            r"\cA",
            r"\u{1F600}",
            r"[a-\d]",
            "(?<=a+)b",
            r"\1",
            r"\z",
        ] {
            assert!(!readable(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_pattern_goes_for_validators_and_stays_for_generators() {
        let document = json!({"openapi": "3.1.0", "components": {"schemas": {
            "A": {"type": "string", "pattern": r"^\p{L}+$"},
            "Not": {"not": {"$ref": "#/components/schemas/A"}},
        }}});
        let (lowered, report) = lower(document.clone()).unwrap();
        let schemas = &lowered["components"]["schemas"];
        assert_eq!(*schemas, json!({"A": {"type": "string"}, "Not": {}}));
        assert_eq!(report.losses().count(), 2);
        let (lowered, report) = lower_for_generator(document).unwrap();
        assert_eq!(
            lowered["components"]["schemas"]["A"]["pattern"],
            r"^\p{L}+$"
        );
        assert_eq!(report.losses().count(), 0);
    }
}
