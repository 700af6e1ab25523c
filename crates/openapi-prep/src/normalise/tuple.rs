//! Arrays whose items differ by position.

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, schema};

/// Describes all items of a tuple by one schema: 3.0 and the generator have no
/// positions.
pub(super) fn tuple(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let is_old = object.get("items").is_some_and(Value::is_array);
    if !is_old && !object.contains_key("prefixItems") {
        return;
    }
    // Who writes both means one of them.
    let old = is_old.then(|| object.shift_remove("items")).flatten();
    let lists = [object.shift_remove("prefixItems"), old]
        .into_iter()
        .flatten();
    let lists = lists.filter_map(|list| list.as_array().cloned());
    let mut arms: Vec<Value> = lists.flatten().collect();
    let rest = object.shift_remove(if is_old { "additionalItems" } else { "items" });
    let is_closed = match rest {
        Some(Value::Bool(more)) => !more,
        Some(rest) if rest != json!({}) => {
            arms.push(rest);
            true
        }
        _ => {
            let most = object.get("maxItems").and_then(Value::as_u64);
            most.is_some_and(|most| most <= arms.len() as u64)
        }
    };
    // Items of one shape need no union.
    arms.dedup_by_key(|arm| schema::shape(arm));
    let (items, subject) = match arms.len() {
        1 if is_closed => (arms.remove(0), Subject::Constraint),
        2.. if is_closed => (json!({"anyOf": arms}), Subject::Constraint),
        _ => (json!({}), Subject::Type),
    };
    object.insert("items".into(), items);
    let note = "tuple positions dropped: 3.0 has no prefixItems";
    report.lost(subject, rule("tuple"), at, note);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_become_one_schema_of_items() {
        for (before, after) in [
            (
                json!({"prefixItems": [{"type": "string"}]}),
                json!({"items": {}}),
            ),
            (
                json!({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
                json!({"items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}),
            ),
            (
                json!({"prefixItems": [{"type": "number", "title": "x"}, {"type": "number"}], "maxItems": 2}),
                json!({"maxItems": 2, "items": {"type": "number", "title": "x"}}),
            ),
            (
                json!({"prefixItems": [{"type": "number"}, {"type": "number"}], "maxItems": 3}),
                json!({"maxItems": 3, "items": {}}),
            ),
        ] {
            let (mut schema, mut report) = (before, Report::new());
            let object = schema.as_object_mut().unwrap();
            tuple(object, &Pointer::root(), &mut report);
            assert_eq!(schema, after);
            assert_eq!(report.losses().count(), 1);
        }
    }
}
