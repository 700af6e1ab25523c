//! Arrays whose items differ by position.

use serde_json::{Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, schema};

/// Describes all items of a tuple by one schema: 3.0 and the generator have no
/// positions.
pub(super) fn tuple(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let list = object.get("items").is_some_and(Value::is_array);
    let old = list.then(|| object.shift_remove("items")).flatten();
    // Who writes both means one of them.
    let lists = [object.shift_remove("prefixItems"), old];
    let lists: Vec<Value> = lists.into_iter().flatten().collect();
    if !lists.iter().any(Value::is_array) {
        return;
    }
    let mut arms: Vec<Value> = lists
        .into_iter()
        .filter_map(|list| list.as_array().cloned())
        .flatten()
        .collect();
    let rest = object.shift_remove(if list { "additionalItems" } else { "items" });
    let items = match rest {
        // No more items than these.
        Some(Value::Bool(false)) => Some(()),
        Some(rest @ Value::Object(_)) if rest != json!({}) && rest != json!({"not": {}}) => {
            arms.push(rest);
            Some(())
        }
        Some(rest) if rest == json!({"not": {}}) => Some(()),
        _ => object
            .get("maxItems")
            .and_then(Value::as_u64)
            .is_some_and(|most| most <= arms.len() as u64)
            .then_some(()),
    };
    // Items of one shape need no union.
    let mut shapes = Vec::new();
    arms.retain(|arm| {
        let shape = schema::shape(arm);
        let new = !shapes.contains(&shape);
        shapes.push(shape);
        new
    });
    let items = match items {
        Some(()) if arms.len() == 1 => arms.remove(0),
        Some(()) if !arms.is_empty() => json!({"anyOf": arms}),
        _ => json!({}),
    };
    let subject = if items == json!({}) {
        Subject::Type
    } else {
        Subject::Constraint
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
                json!({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": {"not": {}}}),
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
            tuple(&mut schema, &Pointer::root(), &mut report);
            assert_eq!(schema, after);
            assert_eq!(report.losses().count(), 1);
        }
    }
}
