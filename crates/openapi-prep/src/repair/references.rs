//! References between schemas, all made to lead to named ones.
//!
//! JSON Schema lets a reference lead anywhere: into `$defs`, to an anchor, to a
//! property of another schema. Generators follow references to
//! `#/components/schemas` and to nothing else.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::{Pointer, Report, Subject, pointer::put, reference, schema, walk};

/// The keywords of named definitions within a schema.
const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

const DYNAMIC: &str = "$dynamicRef";

/// Makes every reference of a schema lead to a named schema: what it leads to
/// elsewhere is copied under a name, and what leads nowhere accepts any value.
pub(super) fn resolve(document: &mut Value, report: &mut Report) {
    let mut targets = Targets::default();
    let named = names(document.pointer("/components/schemas"));
    targets.named.extend(named);
    targets.taken.clone_from(&targets.named);
    // Some documents have definitions at the top.
    let is_open = DEFINITIONS.iter().any(|key| document.get(key).is_some());
    let mut open = Vec::new();
    walk::schemas(document, &mut |schema, at| {
        targets.note_anchors(schema, at);
        if let Value::Object(object) = schema
            && targets.is_open(object)
        {
            open.push((at.clone(), schema.clone()));
        }
    });
    if open.is_empty() && !is_open {
        return;
    }
    // References lead into the document as given, which is changed after all of them.
    for (at, schema) in &mut open {
        targets.rewrite(schema, at, document, report);
    }
    let mut copies = Vec::new();
    while let Some((pointer, name)) = targets.uncopied.pop() {
        let mut copy = document.pointer(&pointer).cloned().unwrap_or_default();
        let from = Pointer::parse(&pointer);
        walk::schema_tree(&mut copy, &from, &mut |schema, at| {
            targets.rewrite(schema, at, document, report);
            if let Value::Object(schema) = schema {
                // The document has these too, and they are reported there.
                schema.retain(|key, value| !is_definitions(key, value));
            }
        });
        let to = Pointer::root().joins(["components", "schemas", &name]);
        report.moved(&to, &from);
        copies.push((name, copy));
    }
    // Those inside come first, and go over what is around them.
    for (at, schema) in open.iter_mut().rev() {
        put(document, at.as_str(), schema.take());
    }
    targets.drop_definitions(document, &Pointer::root(), report);
    for (at, _) in &open {
        if let Some(schema) = document.pointer_mut(at.as_str()) {
            targets.drop_definitions(schema, at, report);
        }
    }
    for (name, copy) in copies {
        document["components"]["schemas"][name] = copy;
    }
}

fn names(entries: Option<&Value>) -> impl Iterator<Item = String> {
    let entries = entries.and_then(Value::as_object).into_iter();
    entries.flat_map(Map::keys).cloned()
}

fn is_definitions(key: &str, value: &Value) -> bool {
    DEFINITIONS.contains(&key) && value.is_object()
}

/// What references lead to.
#[derive(Default)]
struct Targets {
    /// The schemas of the components, as given.
    named: HashSet<String>,
    /// The pointers that anchors and ids stand for.
    anchors: HashMap<String, String>,
    /// The name that each schema outside of the components was given.
    names: HashMap<String, String>,
    taken: HashSet<String>,
    /// Pointers of schemas that are still to be copied, with their names.
    uncopied: Vec<(String, String)>,
}

impl Targets {
    fn note_anchors(&mut self, schema: &Value, at: &Pointer) {
        for (key, start) in [("$anchor", "#"), ("$dynamicAnchor", "#"), ("$id", "")] {
            if let Some(text) = schema::get(schema, key).and_then(Value::as_str) {
                let target = format!("{start}{text}");
                self.anchors.entry(target).or_insert_with(|| at.to_string());
            }
        }
    }

    /// Whether a schema has definitions, or a reference to no named schema.
    fn is_open(&self, schema: &mut Map<String, Value>) -> bool {
        let target = schema.get("$ref").and_then(Value::as_str);
        target.is_some_and(|target| !self.is_named(target))
            || schema::has_any(schema, &[DYNAMIC, DEFINITIONS[0], DEFINITIONS[1]])
            || mapping(schema).any(|target| mapped_reference(target).is_some())
    }

    fn is_named(&self, target: &str) -> bool {
        let name = target.strip_prefix(schema::SCHEMAS);
        name.is_some_and(|name| self.named.contains(name))
    }

    /// The name of the schema that a reference leads to.
    fn name_of(&mut self, target: &str, at: &Pointer, given: &Value) -> Option<String> {
        let pointer = self.find(target, at.as_str(), given)?;
        Some(self.name(&pointer))
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
        let mut around = [at.len()].into_iter().chain(ends).map(|end| &at[..end]);
        around.find_map(|around| {
            let nested = format!("{around}{pointer}");
            document.pointer(&nested).is_some().then_some(nested)
        })
    }

    /// The name of the schema at a pointer: its own, or a new one.
    fn name(&mut self, pointer: &str) -> String {
        let component = pointer.strip_prefix("/components/schemas/");
        let component = component.map(reference::unescaped);
        if let Some(name) = component.filter(|name| self.named.contains(name)) {
            return name;
        }
        if let Some(name) = self.names.get(pointer) {
            return name.clone();
        }
        // The last step that is a name, not a keyword.
        let names = |word: &&str| {
            const KEYWORDS: [&str; 5] = [
                "schema",
                "items",
                "content",
                "properties",
                "application~1json",
            ];
            !KEYWORDS.contains(word) && !word.chars().all(|c| c.is_ascii_digit())
        };
        let last = pointer.rsplit('/').find(names).unwrap_or("Shared");
        let base = reference::unescaped(last).replace(|c: char| !c.is_ascii_alphanumeric(), "_");
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
    fn rewrite(&mut self, value: &mut Value, at: &Pointer, given: &Value, report: &mut Report) {
        let Value::Object(object) = value else { return };
        if !object.contains_key("$ref")
            && let Some(target @ Value::String(_)) = object.shift_remove(DYNAMIC)
        {
            let note = "a dynamic reference, read as a plain one";
            report.lost(Subject::Constraint, at, note);
            object.insert("$ref".into(), target);
        }
        for target in mapping(object) {
            let name = mapped_reference(target).and_then(|text| self.name_of(text, at, given));
            if let Some(name) = name {
                *target = schema::reference(&name)["$ref"].take();
            }
        }
        let target = object.get("$ref").and_then(Value::as_str);
        let Some(target) = target.filter(|target| !self.is_named(target)) else {
            return;
        };
        if let Some(name) = self.name_of(target, at, given) {
            report.changed(at, format!("{target} leads to the schema {name}"));
            object.insert("$ref".into(), schema::reference(&name)["$ref"].take());
        } else {
            let note = format!("{target} leads nowhere in this document; any value is accepted");
            report.lost(Subject::Type, at, note);
            object.shift_remove("$ref");
        }
    }

    /// Removes definitions; those that references lead to are among the named
    /// schemas by now.
    fn drop_definitions(&self, value: &mut Value, at: &Pointer, report: &mut Report) {
        let Value::Object(schema) = value else { return };
        for key in DEFINITIONS {
            let found = schema.get(key);
            if found.is_none_or(|value| !is_definitions(key, value)) {
                continue;
            }
            for name in names(schema.shift_remove(key).as_ref()) {
                let at = at.joins([key, &name]);
                let inside = at.join("");
                let leads_here =
                    |place: &String| place == at.as_str() || place.starts_with(inside.as_str());
                if !self.names.keys().any(leads_here) {
                    report.lost(Subject::Annotation, &at, "no reference leads to it");
                }
            }
        }
    }
}

/// What the values of a schema's discriminator are mapped to.
fn mapping(object: &mut Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    let discriminator = object.get_mut("discriminator");
    let mapping = discriminator.and_then(|one| one.get_mut("mapping")?.as_object_mut());
    mapping.into_iter().flat_map(Map::values_mut)
}

/// The reference in a discriminator's mapping, if it is one and does not lead to
/// a named schema.
fn mapped_reference(target: &Value) -> Option<&str> {
    let text = target.as_str()?;
    let name = text.strip_prefix(schema::SCHEMAS);
    let plain = name.is_some_and(|name| !name.contains('/'));
    (text.starts_with('#') && !plain).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
    fn dynamic_references_are_read_as_plain_ones() {
        let (schemas, report) = settled(json!({
            "A": {"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}},
            "B": {"allOf": [{"minItems": 1}], "$dynamicRef": "#node"},
        }));
        let target = json!({"$ref": "#/components/schemas/A"});
        assert_eq!(schemas["A"]["items"], target);
        // A reference with members beside it, as 3.1 allows.
        assert_eq!(schemas["B"]["$ref"], target["$ref"]);
        assert_eq!(report.losses().count(), 2);
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
