//! Integers beyond 64 bits. The parser reads them as floats, which are exact for
//! few of them, so all that may have been rounded are reported.

use serde_json::Value;

use super::rule;
use crate::{Pointer, Report, Subject};

/// Up to here a float is taken for an integer. Greater ones are written as
/// floats, such as the greatest there is.
const MOST: f64 = 3.5e38;

/// Reports each integer beyond 64 bits.
pub(super) fn report_rounded(document: &mut Value, report: &mut Report) {
    look(document, &mut Pointer::root(), report);
}

fn look(value: &Value, at: &mut Pointer, report: &mut Report) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or_default().abs();
            #[expect(clippy::cast_precision_loss, reason = "a power of two is exact")]
            if (i64::MAX as f64..MOST).contains(&float) && float.fract() == 0.0 {
                let note = format!("an integer beyond 64 bits may be rounded; read as {number}");
                report.lost(Subject::Constraint, rule("large-number"), at, note);
            }
        }
        Value::Object(entries) => {
            for (key, inner) in entries.iter().filter(|(_, inner)| may_hold(inner)) {
                at.within(key, |at| look(inner, at, report));
            }
        }
        Value::Array(items) => {
            for (index, inner) in items
                .iter()
                .enumerate()
                .filter(|(_, inner)| may_hold(inner))
            {
                at.within(index, |at| look(inner, at, report));
            }
        }
        _ => {}
    }
}

/// Whether there may be a number to find: most of a document is text.
fn may_hold(value: &Value) -> bool {
    value.is_object() || value.is_array() || value.is_f64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn integers_beyond_64_bits_are_reported() {
        let mut report = Report::new();
        let mut document = json!({
            "a": [u64::MAX, i64::MIN, 1.5, 1e300, 0.0],
            "b": {"c": 18_446_744_073_709_551_616.0, "d": [-1e20]},
        });
        report_rounded(&mut document, &mut report);
        let at: Vec<_> = report.losses().map(|l| l.pointer.as_str()).collect();
        assert_eq!(at, ["/b/c", "/b/d/0"]);
    }
}
