//! Cycles of schemas that consist of each other: a schema that is only another,
//! which is only the first; a variant that is the union itself.
//!
//! Such a schema says nothing of a value, so the reference that closes the cycle
//! is removed. Properties and items may lead back: those are trees and lists.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{MADE_OF, tags};
use crate::{Pointer, Report, Subject, schema};

/// Ends cycles of references. Members of `allOf` stay: the rule that merges them
/// ends such cycles for each schema alone.
pub(super) fn end(document: &mut Value, report: &mut Report) {
    let Some(Value::Object(schemas)) = document.pointer("/components/schemas") else {
        return;
    };
    let mut search = Search {
        schemas,
        open: Vec::new(),
        done: HashSet::new(),
        found: Vec::new(),
    };
    for (name, schema) in schemas {
        search.named(name, schema);
    }

    // The last of a list first, so that the locations of the others hold.
    for at in search.found.into_iter().rev() {
        let note = "leads back to the schema it is part of; left out";
        report.lost(Subject::at(&at), &at, note);
        let (list, index) = at.as_str().rsplit_once('/').unwrap_or_default();
        if let Some(Value::Array(variants)) = document.pointer_mut(list)
            && let (Ok(index), true) = (index.parse(), variants.len() > 1)
        {
            let _: Value = variants.remove(index);
        } else if let Some(Value::Object(schema)) = document.pointer_mut(at.as_str()) {
            schema.retain(|key, _| !matches!(key.as_str(), "$ref" | "allOf"));
        }
    }
}

struct Search<'a> {
    schemas: &'a Map<String, Value>,
    /// The schemas that lead to the one that is looked at.
    open: Vec<&'a str>,
    done: HashSet<&'a str>,
    /// The references that lead back.
    found: Vec<Pointer>,
}

impl<'a> Search<'a> {
    fn named(&mut self, name: &'a str, schema: &'a Value) {
        if self.done.insert(name) {
            self.open.push(name);
            let at = Pointer::root().joins(["components", "schemas", name]);
            self.made_of(schema, &at, false);
            self.open.pop();
        }
    }

    fn made_of(&mut self, schema: &'a Value, at: &Pointer, is_member: bool) {
        // One reference alone as a member is another name, which no rule merges.
        let target = schema::ref_name(schema).or_else(|| tags::arm_name(schema));
        if let Some(target) = target {
            if !self.open.contains(&target) {
                if let Some((name, schema)) = self.schemas.get_key_value(target) {
                    self.named(name, schema);
                }
            } else if !is_member {
                self.found.push(at.clone());
            }
        }
        for key in MADE_OF {
            let members = schema.get(key).and_then(Value::as_array);
            for (index, member) in members.into_iter().flatten().enumerate() {
                let is_member = is_member || *key == "allOf";
                self.made_of(member, &at.join(key).join(index), is_member);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn to(name: &str) -> Value {
        schema::reference(name)
    }

    #[test]
    fn cycles_end() {
        let before = json!({
            "A": to("B"), "B": {"oneOf": [to("A")]},
            "Union": {"oneOf": [{"type": "string"}, to("Union"), {"anyOf": [to("Union"), {"type": "integer"}]}]},
            "Alias": {"description": "d", "allOf": [to("Either")]}, "Either": {"anyOf": [to("Alias"), {"type": "string"}]},
            "Tree": {"properties": {"next": to("Tree")}},
            "C": {"allOf": [to("D")], "properties": {"c": {}}}, "D": {"allOf": [to("C"), {"properties": {"d": {}}}]},
        });
        let mut document = json!({"components": {"schemas": before}});
        let mut report = Report::new();
        end(&mut document, &mut report);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "A": to("B"), "B": {"oneOf": [{}]},
                "Union": {"oneOf": [{"type": "string"}, {"anyOf": [{"type": "integer"}]}]},
                "Alias": before["Alias"], "Either": {"anyOf": [{"type": "string"}]},
                "Tree": before["Tree"], "C": before["C"], "D": before["D"],
            })
        );
        assert_eq!(report.losses().count(), 4);
    }
}
