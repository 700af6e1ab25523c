//! Exclusive bounds, which 3.0 says as a bound and a flag.

use std::cmp::Ordering;

use serde_json::{Number, Value, json};

use super::rule;
use crate::{Pointer, Report};

/// Exclusive bounds that are numbers, as a bound and a flag.
pub(super) fn exclusive(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    for (exclusive, bound, upper) in [
        ("exclusiveMinimum", "minimum", false),
        ("exclusiveMaximum", "maximum", true),
    ] {
        let Some(limit) = object.get(exclusive).and_then(Value::as_number).cloned() else {
            if !object.contains_key(bound) && object.shift_remove(exclusive).is_some() {
                let note = format!("`{exclusive}` without `{bound}` says nothing");
                report.changed(rule("exclusive-bound"), at, note);
            }
            continue;
        };
        object.shift_remove(exclusive);
        let tighter = object
            .get(bound)
            .and_then(Value::as_number)
            .is_some_and(|other| {
                let order = compare(other, &limit);
                order
                    == Some(if upper {
                        Ordering::Less
                    } else {
                        Ordering::Greater
                    })
            });
        if !tighter {
            object.insert(bound.into(), Value::Number(limit));
            object.insert(exclusive.into(), json!(true));
        }
        report.changed(
            rule("exclusive-bound"),
            at,
            format!("`{exclusive}` said as a flag of `{bound}`"),
        );
    }
}

/// Which of two numbers is the greater; integers are told apart to the last.
fn compare(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::check, *};

    #[test]
    fn bounds() {
        check(
            exclusive,
            &[
                (
                    json!({"exclusiveMinimum": 0}),
                    json!({"minimum": 0, "exclusiveMinimum": true}),
                    0,
                ),
                (
                    json!({"exclusiveMaximum": 5, "maximum": 3}),
                    json!({"maximum": 3}),
                    0,
                ),
                (json!({"exclusiveMinimum": true}), json!({}), 0),
                (
                    json!({"exclusiveMinimum": true, "minimum": 1}),
                    json!({"exclusiveMinimum": true, "minimum": 1}),
                    0,
                ),
            ],
        );
    }
}
