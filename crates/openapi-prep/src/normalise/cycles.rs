//! Cycles of schemas that consist of each other: a schema that is only another,
//! which is only the first; a variant that is the union itself.
//!
//! A value is valid by such a schema if it is by what else there is, so the
//! member that closes the cycle is removed. Properties and items may lead back:
//! those are trees and lists.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::rule;
use crate::{Pointer, Report, Subject, schema};

/// The keywords under which a schema has the schemas that it consists of.
const MEMBERS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Ends cycles of references. Members of `allOf` stay: the rule that merges them
/// ends such cycles for each schema alone.
pub(super) fn end(document: &mut Value, report: &mut Report) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let mut search = Search {
        schemas,
        open: Vec::new(),
        done: HashSet::new(),
        found: Vec::new(),
    };
    for name in search.schemas.keys() {
        search.named(name);
    }
    let found = search.found;
    let root = Pointer::root().joins(["components", "schemas"]);
    // The last of a list first, so that the places of the others hold.
    for (owner, path) in found.into_iter().rev() {
        let at = path
            .iter()
            .fold(root.join(&owner), |at, token| at.join(token));
        let note = "leads back to the schema it is part of; left out";
        report.lost(Subject::at(&at), rule("cycle"), &at, note);
        if let Some(schema) = schemas.get_mut(&owner) {
            take_out(schema, &path);
        }
    }
}

/// What leads where: an owner, and the keys and places that lead from it to
/// the reference.
type Place = (String, Vec<String>);

struct Search<'a> {
    schemas: &'a Map<String, Value>,
    /// The schemas that lead to the one that is looked at.
    open: Vec<&'a str>,
    done: HashSet<&'a str>,
    found: Vec<Place>,
}

impl<'a> Search<'a> {
    fn named(&mut self, name: &'a str) {
        if self.done.contains(name) {
            return;
        }
        let Some((name, schema)) = self.schemas.get_key_value(name) else {
            return;
        };
        self.open.push(name);
        self.made_of(name, schema, &mut Vec::new());
        self.open.pop();
        self.done.insert(name);
    }

    fn made_of(&mut self, owner: &'a str, schema: &'a Value, path: &mut Vec<String>) {
        if let Some(target) = schema::ref_name(schema) {
            if !self.open.contains(&target) {
                self.named(target);
            } else if path.iter().all(|token| token != "allOf") {
                self.found.push((owner.to_owned(), path.clone()));
            }
        }
        for key in MEMBERS {
            let members = schema.get(key).and_then(Value::as_array);
            for (index, member) in members.into_iter().flatten().enumerate() {
                path.extend([key.to_owned(), index.to_string()]);
                self.made_of(owner, member, path);
                path.truncate(path.len() - 2);
            }
        }
    }
}

/// Takes out a reference, and the union that is empty then.
fn take_out(schema: &mut Value, path: &[String]) {
    let Value::Object(object) = schema else {
        return;
    };
    let [key, index, rest @ ..] = path else {
        object.shift_remove("$ref");
        return;
    };
    let Some(Value::Array(members)) = object.get_mut(key) else {
        return;
    };
    let Some(index) = index
        .parse::<usize>()
        .ok()
        .filter(|index| *index < members.len())
    else {
        return;
    };
    if !rest.is_empty() {
        take_out(&mut members[index], rest);
    } else if members[index]
        .as_object()
        .is_some_and(|member| member.len() > 1)
        && key == "allOf"
    {
        take_out(&mut members[index], &[]);
    } else {
        members.remove(index);
    }
    if members.is_empty() {
        object.shift_remove(key);
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
            "Tree": {"properties": {"next": to("Tree")}},
            "C": {"allOf": [to("D")], "properties": {"c": {}}}, "D": {"allOf": [to("C"), {"properties": {"d": {}}}]},
        });
        let mut document = json!({"components": {"schemas": before}});
        let mut report = Report::new();
        end(&mut document, &mut report);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "A": to("B"), "B": {},
                "Union": {"oneOf": [{"type": "string"}, {"anyOf": [{"type": "integer"}]}]},
                "Tree": before["Tree"], "C": before["C"], "D": before["D"],
            })
        );
        assert_eq!(report.losses().count(), 3);
    }
}
