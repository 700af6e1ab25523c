//! References between schemas, all made to lead to named ones.
//!
//! JSON Schema lets a reference lead anywhere: into `$defs`, to an anchor, to a
//! property of another schema. Generators follow references to
//! `#/components/schemas` and to nothing else.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, reference, schema, walk};

/// The keywords of named definitions within a schema.
const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

/// Makes every reference of a schema lead to a named schema: what it leads to
/// elsewhere is copied under a name, and what leads nowhere accepts any value.
pub(super) fn resolve(document: &mut Value, report: &mut Report) {
    let mut targets = Targets::new(document);
    let mut found = Vec::new();
    let mut definitions = DEFINITIONS.iter().any(|key| document.get(key).is_some());
    walk::schemas(document, &mut |schema, at| {
        targets.note_anchors(schema, at);
        definitions |= DEFINITIONS.iter().any(|key| schema.get(key).is_some());
        found.extend(targets.unresolved(schema, at));
    });
    if found.is_empty() && !definitions {
        return;
    }
    targets.resolve_all(found, document);
    let mut copies = Vec::new();
    while let Some((pointer, name)) = targets.uncopied.pop() {
        let Some(mut copy) = document.pointer(&pointer).cloned() else {
            continue;
        };
        let from = Pointer::parse(&pointer);
        let mut found = Vec::new();
        walk::schema_tree(&mut copy, &from, &mut |schema, at| {
            found.extend(targets.unresolved(schema, at));
        });
        targets.resolve_all(found, document);
        let here = Pointer::root().joins(["components", "schemas", &name]);
        report.moved(&here, &from);
        copies.push((name, from, copy));
    }
    let used = targets.names.keys().cloned().collect();
    // Some documents have definitions at the top.
    drop_definitions(document, &Pointer::root(), &used, report);
    walk::schemas(document, &mut |schema, at| {
        targets.rewrite(schema, at, report);
        drop_definitions(schema, at, &used, report);
    });
    let mut added = Map::new();
    for (name, from, mut copy) in copies {
        walk::schema_tree(&mut copy, &from, &mut |schema, at| {
            targets.rewrite(schema, at, report);
            // The document has these too, and they were reported there.
            drop_definitions(schema, at, &used, &mut Report::new());
        });
        added.insert(name, copy);
    }
    if added.is_empty() {
        return;
    }
    for (owner, key) in [("", "components"), ("/components", "schemas")] {
        if let Some(Value::Object(owner)) = document.pointer_mut(owner) {
            owner.entry(key).or_insert_with(|| json!({}));
        }
    }
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.extend(added);
    }
}

/// Removes definitions; those that are `used` are among the named schemas by now.
fn drop_definitions(schema: &mut Value, at: &Pointer, used: &HashSet<String>, report: &mut Report) {
    let Value::Object(schema) = schema else {
        return;
    };
    for key in DEFINITIONS {
        if !schema.get(key).is_some_and(Value::is_object) {
            continue;
        }
        let at = at.join(key);
        let names = schema.shift_remove(key).unwrap_or_default();
        for name in names.as_object().into_iter().flat_map(Map::keys) {
            let at = at.join(name);
            let inside = at.join("");
            let part = |place: &String| place.starts_with(inside.as_str());
            if !used.contains(at.as_str()) && !used.iter().any(part) {
                report.lost(
                    Subject::Annotation,
                    rule("definition"),
                    &at,
                    "no reference leads to it",
                );
            }
        }
    }
}

/// A reference as it is written, and where the schema is that has it.
type Place = (String, String);

/// What references lead to.
struct Targets {
    /// The schemas of the components, as given.
    named: HashSet<String>,
    /// The pointers that anchors and ids stand for.
    anchors: HashMap<String, String>,
    /// How many schemas share a dynamic anchor.
    dynamic: HashMap<String, usize>,
    /// The name of the schema that each reference leads to, if to any.
    resolved: HashMap<Place, Option<String>>,
    /// The name that each schema outside of the components was given.
    names: HashMap<String, String>,
    taken: HashSet<String>,
    /// Pointers of schemas that are still to be copied, with their names.
    uncopied: Vec<(String, String)>,
}

impl Targets {
    fn new(document: &Value) -> Self {
        let schemas = document.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter();
        let named: HashSet<String> = schemas.flat_map(Map::keys).cloned().collect();
        Self {
            taken: named.clone(),
            named,
            anchors: HashMap::new(),
            dynamic: HashMap::new(),
            resolved: HashMap::new(),
            names: HashMap::new(),
            uncopied: Vec::new(),
        }
    }

    fn note_anchors(&mut self, schema: &Value, at: &Pointer) {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let anchors = [text("$anchor"), text("$dynamicAnchor")]
            .into_iter()
            .flatten();
        let anchors = anchors.map(|anchor| format!("#{anchor}"));
        for anchor in anchors.chain(text("$id").map(str::to_owned)) {
            self.anchors.entry(anchor).or_insert_with(|| at.to_string());
        }
        if let Some(anchor) = text("$dynamicAnchor") {
            *self.dynamic.entry(format!("#{anchor}")).or_insert(0) += 1;
        }
    }

    /// The references of one schema that do not lead to a named schema.
    fn unresolved(&self, schema: &Value, at: &Pointer) -> Vec<Place> {
        let mapping = schema.pointer("/discriminator/mapping");
        let mapping = mapping.and_then(Value::as_object).into_iter();
        let mapped = mapping.flat_map(Map::values).filter_map(mapped_reference);
        ["$dynamicRef", "$ref"]
            .into_iter()
            .filter_map(|key| schema.get(key)?.as_str())
            .filter(|target| !self.is_named(target))
            .chain(mapped)
            .map(|target| (target.to_owned(), at.to_string()))
            .collect()
    }

    fn is_named(&self, target: &str) -> bool {
        let name = target.strip_prefix(schema::SCHEMAS);
        name.is_some_and(|name| self.named.contains(name))
    }

    fn resolve_all(&mut self, places: Vec<Place>, document: &Value) {
        for place in places {
            let pointer = self.find(&place.0, &place.1, document);
            let name = pointer.map(|pointer| self.name(&pointer));
            self.resolved.insert(place, name);
        }
    }

    /// The pointer to what a reference leads to.
    fn find(&self, target: &str, at: &str, document: &Value) -> Option<String> {
        if let Some(pointer) = self.anchors.get(target) {
            return Some(pointer.clone());
        }
        // A whole document is no schema.
        let pointer = reference::pointer(target).filter(|pointer| !pointer.is_empty())?;
        if document.pointer(&pointer).is_some() {
            return Some(pointer);
        }
        // A reference into the definitions of the nearest schema around it.
        let inside = |key: &&str| pointer.starts_with(&format!("/{key}/"));
        DEFINITIONS.iter().find(|key| inside(key))?;
        let ends = at.rmatch_indices('/').map(|(end, _)| end);
        let around = [at.len()].into_iter().chain(ends).map(|end| &at[..end]);
        around
            .map(|around| format!("{around}{pointer}"))
            .find(|nested| document.pointer(nested).is_some())
    }

    /// The name of the schema at a pointer: its own, or a new one.
    fn name(&mut self, pointer: &str) -> String {
        let component = pointer.strip_prefix("/components/schemas/");
        if let Some(name) = component.filter(|name| !name.contains('/')) {
            let name = reference::unescaped(name);
            if self.named.contains(&name) {
                return name;
            }
        }
        if let Some(name) = self.names.get(pointer) {
            return name.clone();
        }
        // The last step that is a name, not a keyword.
        let keyword = |word: &&str| {
            !matches!(
                *word,
                "schema" | "items" | "content" | "properties" | "application~1json"
            ) && !word.chars().all(|c| c.is_ascii_digit())
                && !word.is_empty()
        };
        let last = pointer.rsplit('/').find(keyword).unwrap_or("Shared");
        let base: String = reference::unescaped(last)
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let mut name = base.clone();
        let mut count = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base}_{count}");
            count += 1;
        }
        self.names.insert(pointer.to_owned(), name.clone());
        self.uncopied.push((pointer.to_owned(), name.clone()));
        name
    }

    /// Makes the references of one schema lead to named ones.
    fn rewrite(&self, schema: &mut Value, at: &Pointer, report: &mut Report) {
        let Value::Object(object) = schema else {
            return;
        };
        self.rewrite_dynamic(object, at, report);
        let mapping = object
            .get_mut("discriminator")
            .and_then(|discriminator| discriminator.get_mut("mapping"))
            .and_then(Value::as_object_mut);
        for target in mapping.into_iter().flat_map(Map::values_mut) {
            if let Some(name) = mapped_reference(target).and_then(|text| self.name_of(text, at)) {
                *target = schema::reference(name)["$ref"].take();
            }
        }
        let target = object.get("$ref").and_then(Value::as_str);
        let Some(target) = target.filter(|target| !self.is_named(target)) else {
            return;
        };
        let target = target.to_owned();
        if let Some(name) = self.name_of(&target, at) {
            object.insert("$ref".into(), schema::reference(name)["$ref"].take());
            let note = format!("{target} leads to the schema {name}");
            report.changed(rule("reference"), at, note);
        } else {
            object.shift_remove("$ref");
            let note = format!("{target} leads nowhere in this document; any value is accepted");
            report.lost(Subject::Type, rule("reference"), at, note);
        }
    }

    fn name_of(&self, target: &str, at: &Pointer) -> Option<&str> {
        let place = (target.to_owned(), at.to_string());
        self.resolved.get(&place)?.as_deref()
    }

    /// A dynamic reference is a plain one where it can lead to one place only.
    fn rewrite_dynamic(&self, object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
        let Some(target) = object.get("$dynamicRef").and_then(Value::as_str) else {
            return;
        };
        let several = self.dynamic.get(target).is_some_and(|count| *count > 1);
        let mut target = json!({"$ref": target});
        object.shift_remove("$dynamicRef");
        self.rewrite(&mut target, at, report);
        if let Some(Value::Array(members)) = object.get_mut("allOf") {
            members.push(target);
        } else if object.contains_key("$ref") {
            object.insert("allOf".into(), json!([target]));
        } else if let Value::Object(target) = target {
            object.extend(target);
        }
        if several {
            let note = "a dynamic reference, read as a plain one";
            report.lost(Subject::Constraint, rule("reference"), at, note);
        } else {
            let note = "a dynamic reference that leads to one schema only";
            report.changed(rule("reference"), at, note);
        }
    }
}

/// The reference in a discriminator's mapping, if it is one and does not lead to
/// a named schema.
fn mapped_reference(target: &Value) -> Option<&str> {
    let text = target.as_str().or_else(|| reference::target(target))?;
    let name = text.strip_prefix(schema::SCHEMAS);
    let plain = name.is_some_and(|name| !name.contains('/'));
    (text.starts_with('#') && !plain).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn settled(schemas: Value) -> (Value, Report) {
        let mut document = json!({"components": {"schemas": schemas}});
        let mut report = Report::new();
        resolve(&mut document, &mut report);
        (document["components"]["schemas"].take(), report)
    }

    #[test]
    fn definitions_become_named_schemas() {
        let (schemas, report) = settled(json!({
            "A": {"properties": {"x": {"$ref": "#/$defs/Inner"}, "y": {"$ref": "#/components/schemas/A/$defs/Inner"}},
                  "$defs": {"Inner": {"type": "object", "properties": {"again": {"$ref": "#/$defs/Inner"}}}}},
            "B": {"items": {"$ref": "#/definitions/Inner"}, "definitions": {"Inner": {"type": "string"}}},
        }));
        assert_eq!(
            schemas["A"]["properties"]["x"]["$ref"],
            "#/components/schemas/Inner"
        );
        assert_eq!(
            schemas["A"]["properties"]["y"]["$ref"],
            "#/components/schemas/Inner"
        );
        assert_eq!(
            schemas["Inner"]["properties"]["again"]["$ref"],
            "#/components/schemas/Inner"
        );
        assert_eq!(
            schemas["B"]["items"]["$ref"],
            "#/components/schemas/Inner_2"
        );
        assert_eq!(schemas["Inner_2"], json!({"type": "string"}));
        assert!(schemas["A"].get("$defs").is_none() && schemas["B"].get("definitions").is_none());
        assert_eq!(report.losses().count(), 0);
    }

    #[test]
    fn places_anchors_and_ids_are_followed() {
        let (schemas, _) = settled(json!({
            "A": {"$anchor": "here", "$id": "https://x.example/a", "properties": {"p q": {"type": "string"}}},
            "B": {"allOf": [{"$ref": "#here"}, {"$ref": "https://x.example/a"}, {"$ref": "#/components/schemas/A/properties/p%20q"}]},
        }));
        assert_eq!(
            schemas["B"]["allOf"],
            json!([
                {"$ref": "#/components/schemas/A"},
                {"$ref": "#/components/schemas/A"},
                {"$ref": "#/components/schemas/p_q"},
            ])
        );
    }

    #[test]
    fn dynamic_references_are_plain_ones_where_they_can_be() {
        let one = json!({
            "A": {"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}},
            "B": {"allOf": [{"minItems": 1}], "$dynamicRef": "#node"},
        });
        let (schemas, report) = settled(one.clone());
        let target = json!({"$ref": "#/components/schemas/A"});
        assert_eq!(schemas["A"]["items"], target);
        assert_eq!(schemas["B"], json!({"allOf": [{"minItems": 1}, target]}));
        assert_eq!(report.losses().count(), 0);

        let mut two = one;
        two["C"] = json!({"$id": "c", "$dynamicAnchor": "node"});
        assert_eq!(settled(two.clone()).1.losses().count(), 2);
    }

    #[test]
    fn what_leads_nowhere_takes_anything_and_is_told() {
        let (schemas, report) = settled(json!({
            "A": {"$ref": "#/components/schemas/Missing", "description": "kept"},
            "B": {"$ref": "other.yaml#/X"},
            "C": {"$ref": "https://x.example/far.json"},
        }));
        assert_eq!(
            schemas,
            json!({"A": {"description": "kept"}, "B": {}, "C": {}})
        );
        assert_eq!(report.losses().count(), 3);
    }
}
