//! References between schemas, all made to point at named ones.
//!
//! JSON Schema lets a reference point anywhere: into `$defs`, at an anchor, at
//! a property of another schema. Generators follow references to
//! `#/components/schemas` and to nothing else.

mod roots;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use self::roots::Roots;
use super::rule;
use crate::{Pointer, Report, Subject, reference, schema, walk};

/// Where named definitions stand within a schema.
const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

/// Makes every reference of a schema point at a named schema: what it points
/// at elsewhere is named, and what points at nothing takes anything.
pub(super) fn resolve(document: &mut Value, report: &mut Report) {
    let mut settle = Settle::new(document);
    if settle.original.is_none() {
        return;
    }
    walk::schemas(document, &mut |schema, at| {
        settle.schema(schema, at, report);
    });
    let mut added = Map::new();
    while let Some((pointer, name)) = settle.open.pop() {
        let Some(mut copy) = settle.at(&pointer).cloned() else {
            continue;
        };
        let here = Pointer::root().joins(["components", "schemas", &name]);
        report.moved(&here, &Pointer::parse(&pointer));
        walk::schema_tree(&mut copy, &Pointer::parse(&pointer), &mut |schema, at| {
            settle.schema(schema, at, report);
        });
        added.insert(name, copy);
    }
    let used = settle.names.keys().cloned().collect();
    // Some put them at the top of the document.
    drop_definitions(document, &Pointer::root(), &used, report);
    walk::schemas(document, &mut |schema, at| {
        drop_definitions(schema, at, &used, report);
    });
    for schema in added.values_mut() {
        // What is in the copies is in the document too, and told there.
        walk::schema_tree(schema, &Pointer::root(), &mut |schema, at| {
            drop_definitions(schema, at, &used, &mut Report::new());
        });
    }
    if !added.is_empty() {
        if !document["components"].is_object() {
            document["components"] = json!({});
        }
        if !document["components"]["schemas"].is_object() {
            document["components"]["schemas"] = json!({});
        }
        if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
            schemas.extend(added);
        }
    }
}

/// Takes out definitions, of which those that are `used` stand among the named
/// schemas by now.
fn drop_definitions(
    schema: &mut Value,
    at: &Pointer,
    used: &HashSet<String>,
    report: &mut Report,
) {
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

struct Settle {
    /// What references lead into, as it came, if there is anything to settle.
    original: Option<Value>,
    /// Places that anchors and ids name.
    anchors: HashMap<String, String>,
    /// How many places share a dynamic anchor.
    dynamic: HashMap<String, usize>,
    /// The name that each place outside of the components was given.
    names: HashMap<String, String>,
    taken: HashSet<String>,
    /// Places still to be copied, with their names.
    open: Vec<(String, String)>,
}

impl Settle {
    fn new(document: &mut Value) -> Self {
        let taken: HashSet<String> = document
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .map(|schemas| schemas.keys().cloned().collect())
            .unwrap_or_default();
        let mut anchors = HashMap::new();
        let mut dynamic = HashMap::new();
        let mut needed = DEFINITIONS.iter().any(|key| document.get(key).is_some());
        let mut roots = Roots::new(&taken);
        walk::schemas(document, &mut |schema, at| {
            for key in ["$anchor", "$dynamicAnchor"] {
                if let Some(anchor) = schema.get(key).and_then(Value::as_str) {
                    anchors
                        .entry(format!("#{anchor}"))
                        .or_insert_with(|| at.to_string());
                }
            }
            if let Some(anchor) = schema.get("$dynamicAnchor").and_then(Value::as_str) {
                *dynamic.entry(format!("#{anchor}")).or_insert(0) += 1;
            }
            if let Some(id) = schema.get("$id").and_then(Value::as_str) {
                anchors
                    .entry(id.to_owned())
                    .or_insert_with(|| at.to_string());
            }
            let settled = schema::ref_name(schema).is_some_and(|name| taken.contains(name));
            needed |= schema.get("$ref").is_some_and(Value::is_string) && !settled;
            needed |= schema.get("$dynamicRef").is_some();
            needed |= DEFINITIONS.iter().any(|key| schema.get(key).is_some());
            if !settled {
                roots.add(schema, at);
            }
        });
        for pointer in anchors.values() {
            roots.place(pointer);
        }
        let original = needed.then(|| roots.of(document));
        Self {
            original,
            anchors,
            dynamic,
            names: HashMap::new(),
            taken,
            open: Vec::new(),
        }
    }

    fn at(&self, pointer: &str) -> Option<&Value> {
        self.original.as_ref()?.pointer(pointer)
    }

    fn schema(
        &mut self,
        schema: &mut Value,
        at: &Pointer,
        report: &mut Report,
    ) {
        let Value::Object(object) = schema else {
            return;
        };
        self.dynamic(object, at, report);
        self.mapping(object, at);
        let Some(target) = object.get("$ref").and_then(Value::as_str) else {
            return;
        };
        if schema::ref_name(&json!({"$ref": target})).is_some_and(|name| self.taken.contains(name))
        {
            return;
        }
        let target = target.to_owned();
        if let Some(pointer) = self.resolve(&target, at) {
            let name = self.name(&pointer);
            object.insert("$ref".into(), json!(format!("{}{name}", schema::SCHEMAS)));
            report.changed(rule("reference"), at, format!("{target} points at the schema {name}"));
        } else {
            object.shift_remove("$ref");
            report.lost(
                Subject::Type,
                rule("reference"),
                at,
                format!("{target} leads nowhere in this document; any value is taken"),
            );
        }
    }

    /// The schemas that a discriminator's mapping names by references.
    fn mapping(&mut self, object: &mut Map<String, Value>, at: &Pointer) {
        let mapping = object
            .get_mut("discriminator")
            .and_then(|discriminator| discriminator.get_mut("mapping"))
            .and_then(Value::as_object_mut);
        for target in mapping.into_iter().flat_map(Map::values_mut) {
            let text = match &*target {
                Value::String(text) => text.as_str(),
                other => other["$ref"].as_str().unwrap_or_default(),
            };
            let plain = text
                .strip_prefix(schema::SCHEMAS)
                .is_some_and(|name| !name.contains('/'));
            if text.starts_with('#')
                && !plain
                && let Some(pointer) = self.resolve(text, at)
            {
                *target = json!(format!("{}{}", schema::SCHEMAS, self.name(&pointer)));
            }
        }
    }

    /// A dynamic reference is a plain one where it can lead to one place only.
    fn dynamic(
        &mut self,
        object: &mut Map<String, Value>,
        at: &Pointer,
        report: &mut Report,
    ) {
        let Some(target) = object.get("$dynamicRef").and_then(Value::as_str) else {
            return;
        };
        let several = self.dynamic.get(target).is_some_and(|count| *count > 1);
        let mut target = json!({"$ref": target});
        object.shift_remove("$dynamicRef");
        self.schema(&mut target, at, report);
        if let Some(Value::Array(members)) = object.get_mut("allOf") {
            members.push(target);
        } else if object.contains_key("$ref") {
            object.insert("allOf".into(), json!([target]));
        } else if let Value::Object(target) = target {
            object.extend(target);
        }
        if several {
            report.lost(
                Subject::Constraint,
                rule("reference"),
                at,
                "a dynamic reference is followed where it stands",
            );
        } else {
            report.changed(rule("reference"), at, "a dynamic reference that leads to one place only");
        }
    }

    /// The place a reference points at.
    fn resolve(&self, target: &str, at: &Pointer) -> Option<String> {
        if let Some(pointer) = self.anchors.get(target) {
            return Some(pointer.clone());
        }
        let pointer = reference::pointer(target)?;
        if self.at(&pointer).is_some() {
            return Some(pointer);
        }
        // A reference into the definitions of the nearest schema around it.
        let definition = DEFINITIONS
            .iter()
            .any(|key| pointer.starts_with(&format!("/{key}/")));
        if !definition {
            return None;
        }
        let mut around = at.as_str();
        while let Some(end) = around.rfind('/') {
            around = &around[..end];
            let nested = format!("{around}{pointer}");
            if self.at(&nested).is_some() {
                return Some(nested);
            }
        }
        let nested = format!("{at}{pointer}");
        self.at(&nested).is_some().then_some(nested)
    }

    /// The name of the schema at a place.
    fn name(&mut self, pointer: &str) -> String {
        let component = pointer.strip_prefix("/components/schemas/");
        if let Some(name) = component.filter(|name| !name.contains('/')) {
            let name = reference::unescaped(name);
            if self.taken.contains(&name) {
                return name;
            }
        }
        if let Some(name) = self.names.get(pointer) {
            return name.clone();
        }
        // The last word that is a name and no keyword.
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
        self.open.push((pointer.to_owned(), name.clone()));
        name
    }
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
