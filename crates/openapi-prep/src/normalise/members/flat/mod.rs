//! `allOf` of named schemas, and properties beside a union: each such schema
//! is said without the names it is made of.

mod variants;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    super::{Names, tags::arm_name},
    UNIONS,
    unify::{annotated, tells_only, unify},
};
use crate::{Pointer, Report, Subject, schema, walk};

/// How deep members may hold members.
const DEPTH: usize = 64;

/// How deep properties that two members describe may hold each other.
const INNER: usize = 4;

/// Puts the members of every named schema in its place, and the properties
/// beside a union into each of its variants.
pub(in super::super) fn merge(document: &mut Value, names: &mut Names, report: &mut Report) {
    let mut references: HashMap<String, usize> = HashMap::new();
    walk::schemas(document, &mut |schema, _| {
        if let Some(name) = schema::ref_name(schema) {
            *references.entry(name.to_owned()).or_default() += 1;
        }
    });
    let root = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer(root.as_str()) else {
        return;
    };
    let mut merge = Merge {
        schemas,
        references,
        known: HashMap::new(),
        cycles: 0,
        depth: 0,
        out: Map::new(),
        names,
        report,
        at: root.clone(),
    };
    for (name, schema) in schemas {
        if !is_made_of_others(schema) {
            continue;
        }
        merge.at = root.join(name);
        let flat = merge.flat(schema, &mut vec![name.clone()]).of_variant(name);
        merge.report.changed(&merge.at, "its members put in place");
        let whole = if flat.unions.is_empty() {
            Value::Object(flat.base)
        } else {
            merge.variants(name, flat)
        };
        // A variant that only this schema's own union uses may be there.
        merge.out.entry(name.clone()).or_insert(whole);
    }
    let out = merge.out;
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.extend(out);
    }
}

/// Whether a schema has members, or a union beside what it says itself. One
/// reference alone is another name for a schema, and stays.
fn is_made_of_others(schema: &Value) -> bool {
    let Value::Object(object) = schema else {
        return false;
    };
    // The keywords that hold members, and the type of them all.
    let is_frame = |key: &str| {
        UNIONS.contains(&key) || matches!(key, "allOf" | "type" | "nullable" | "discriminator")
    };
    let own = object.keys().any(|key| !tells_only(key) && !is_frame(key));
    let unions = UNIONS.iter().filter(|key| object.contains_key(**key));
    let unions = unions.count();
    let members = object.get("allOf").and_then(Value::as_array);
    match members.map(Vec::as_slice) {
        Some([one]) => own || unions > 0 || schema::ref_name(one).is_none(),
        Some(_) => true,
        None => unions > 1 || (unions == 1 && own),
    }
}

/// A schema without the names it is made of: what every value meets, and the
/// unions of each of which it meets one.
#[derive(Debug, Clone, Default)]
struct Flat {
    base: Map<String, Value>,
    unions: Vec<Vec<Value>>,
}

impl Flat {
    /// Without the unions that the schema itself is a variant of: those of a
    /// schema that it extends, and that lists what extends it.
    fn of_variant(mut self, name: &str) -> Self {
        let before = self.unions.len();
        self.unions
            .retain(|arms| !arms.iter().any(|arm| arm_name(arm) == Some(name)));
        if self.unions.is_empty() && before > 0 {
            self.base.shift_remove("discriminator");
        }
        self
    }

    /// Whether it says no more than a type.
    fn is_silent(&self) -> bool {
        let mut keys = self.base.keys();
        self.unions.is_empty() && keys.all(|key| key == "type" || tells_only(key))
    }
}

struct Merge<'a> {
    schemas: &'a Map<String, Value>,
    references: HashMap<String, usize>,
    /// What named schemas are without the names they are made of.
    known: HashMap<String, Flat>,
    /// How many cycles were met so far.
    cycles: usize,
    /// How many properties that two members describe hold the one looked at.
    depth: usize,
    out: Map<String, Value>,
    names: &'a mut Names,
    report: &'a mut Report,
    at: Pointer,
}

impl Merge<'_> {
    /// Adds an object with a name of its own; gives a reference to it.
    fn add(&mut self, name: &str, object: Map<String, Value>) -> Value {
        if !self.schemas.contains_key(name) {
            let schemas = Pointer::root().joins(["components", "schemas"]);
            self.report.moved(&schemas.join(name), &self.at);
        }
        self.out.insert(name.to_owned(), Value::Object(object));
        schema::reference(name)
    }

    fn lost(&mut self, subject: Subject, note: impl Into<String>) {
        self.report.lost(subject, &self.at, note);
    }

    /// A schema without the names it is made of. `within` are the names that
    /// lead here.
    fn flat(&mut self, schema: &Value, within: &mut Vec<String>) -> Flat {
        let mut flat = Flat::default();
        let Value::Object(object) = schema else {
            return flat;
        };
        let mut own = object.clone();
        if let Some(name) = schema::ref_name(schema) {
            own.shift_remove("$ref");
            flat = self.named(name, within);
        }
        for key in UNIONS {
            if let Some(Value::Array(arms)) = own.shift_remove(key) {
                flat.unions.push(arms);
            }
        }
        let members = own.shift_remove("allOf");
        if let (Value::Object(own), _) = schema::without_null(Value::Object(own)) {
            // What is said here comes first: descriptions, and the order of
            // what both say.
            flat.base = self.together(own, flat.base);
        }
        let members = members.as_ref().and_then(Value::as_array);
        for member in members.into_iter().flatten() {
            let member = self.flat(member, within);
            flat.base = self.together(flat.base, member.base);
            flat.unions.extend(member.unions);
        }
        flat
    }

    /// What a name stands for.
    fn named(&mut self, name: &str, within: &mut Vec<String>) -> Flat {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        if within.len() > DEPTH || within.iter().any(|other| other == name) {
            self.cycles += 1;
            let note = format!("{name} contains itself; that member is left out");
            self.lost(Subject::Type, note);
            return Flat::default();
        }
        let added = || self.out.get(name);
        let Some(target) = self.schemas.get(name).or_else(added).cloned() else {
            return Flat::default();
        };
        let cycles = self.cycles;
        within.push(name.to_owned());
        let mut flat = self.flat(&target, within).of_variant(name);
        within.pop();
        // What is told of a schema is not told of those made of it.
        let union = !flat.unions.is_empty();
        flat.base
            .retain(|key, _| !tells_only(key) && (union || key != "discriminator"));
        if cycles == self.cycles {
            self.known.insert(name.to_owned(), flat.clone());
        }
        flat
    }

    /// Both, or where they contradict, the first, with what it can keep.
    fn together(&mut self, a: Map<String, Value>, b: Map<String, Value>) -> Map<String, Value> {
        if a.is_empty() {
            return b;
        }
        if let Some(both) = self.unify(&a, &b) {
            return both;
        }
        let note = "members contradict each other; any value is taken";
        self.lost(Subject::Type, note);
        a.into_iter().filter(|(key, _)| tells_only(key)).collect()
    }

    fn unify(
        &mut self,
        a: &Map<String, Value>,
        b: &Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        unify(a, b, &mut |a, b, name| Some(self.property(a, b, name)))
    }

    /// A property that two members describe.
    fn property(&mut self, a: &Value, b: &Value, name: &str) -> Value {
        let (plain_a, null_a) = schema::without_null(a.clone());
        let (plain_b, null_b) = schema::without_null(b.clone());
        let at = self.at.join("properties").join(name);
        let outer = std::mem::replace(&mut self.at, at);
        self.depth += 1;
        let mut both = self
            .two_at_once(plain_a, plain_b, name)
            .unwrap_or_else(|one| {
                let note = match one {
                    Some(_) => "of two descriptions that cannot be said as one, one is taken",
                    None => "members contradict each other here; any value is taken",
                };
                self.lost(Subject::Type, note);
                one.unwrap_or_else(|| json!({}))
            });
        self.depth -= 1;
        self.at = outer;
        if null_a && null_b {
            schema::make_nullable(&mut both);
        }
        annotated(annotated(both, a), b)
    }

    /// A schema that is two at once, with a name if it is an object.
    ///
    /// # Errors
    /// Where there is none: the one of the two to take, or none if they contradict.
    fn two_at_once(&mut self, a: Value, b: Value, name: &str) -> Result<Value, Option<Value>> {
        if self.depth > INNER {
            self.cycles += 1;
            return Err(Some(b));
        }
        let [of_a, of_b] = [&a, &b].map(|schema| self.flat(schema, &mut Vec::new()));
        if !of_a.unions.is_empty() || !of_b.unions.is_empty() {
            // Of two unions the second is the narrower as a rule; of a union and
            // something else, the latter.
            let is_narrower = of_a.unions.is_empty() && !of_a.is_silent();
            let first = of_b.is_silent() || is_narrower;
            return Err(Some(if first { a } else { b }));
        }
        let simple = unify(&of_a.base, &of_b.base, &mut |_, _, _| None);
        // One of the two may be all that both are.
        let shape = |base: &Map<String, Value>| schema::shape(&Value::Object(base.clone()));
        if let Some(both) = simple.as_ref().map(shape) {
            for (flat, schema) in [(&of_a, &a), (&of_b, &b)] {
                if shape(&flat.base) == both {
                    return Ok(schema.clone());
                }
            }
        }
        let are_objects = [&of_a, &of_b].map(|flat| flat.base.contains_key("properties"));
        let own = (are_objects == [true, true]).then(|| {
            let path: Vec<&str> = self.at.as_str().split('/').skip(3).collect();
            let (owner, path) = (path[0], path[1..].join(" ").replace("properties ", ""));
            let wanted = [format!("{owner} {name}"), format!("{owner} {path}")];
            let place = format!("#{owner} & {path}");
            self.names.get_or_assign(&place, &wanted)
        });
        let both = simple.or_else(|| self.unify(&of_a.base, &of_b.base));
        let both = both.ok_or(None)?;
        Ok(match own {
            Some(own) => self.add(&own, both),
            None => Value::Object(both),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn merged(schemas: Value) -> (Value, Report) {
        let mut document = json!({"components": {"schemas": schemas}});
        let mut report = Report::new();
        merge(&mut document, &mut Names::new(), &mut report);
        (document["components"]["schemas"].take(), report)
    }

    fn to(name: &str) -> Value {
        schema::reference(name)
    }

    #[test]
    fn an_heir_has_what_it_inherits() {
        let (schemas, report) = merged(json!({
            "Pet": {"type": "object", "description": "a pet", "required": ["name"], "properties": {"name": {"type": "string"}},
                    "discriminator": {"propertyName": "kind"}},
            "Dog": {"allOf": [to("Pet"), {"type": "object", "properties": {"bark": {"type": "boolean"}}}]},
            "Puppy": {"allOf": [to("Dog")], "properties": {"age": {"type": "integer"}}},
            "Alias": {"allOf": [to("Pet")], "description": "another name"},
        }));
        assert_eq!(
            schemas["Dog"],
            json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "bark": {"type": "boolean"}}})
        );
        assert_eq!(
            schemas["Puppy"]["properties"].as_object().unwrap().len(),
            3,
            "{}",
            schemas["Puppy"]
        );
        assert_eq!(schemas["Alias"]["allOf"], json!([to("Pet")]));
        assert_eq!(report.losses().count(), 0);
    }

    #[test]
    fn circles_cost_the_member_that_closes_them() {
        let (schemas, report) = merged(json!({
            "A": {"allOf": [to("B"), {"properties": {"a": {"type": "string"}}}]},
            "B": {"allOf": [to("A"), {"properties": {"b": {"type": "string"}}}]},
        }));
        for name in ["A", "B"] {
            let properties = schemas[name]["properties"].as_object().unwrap();
            assert_eq!(properties.len(), 2, "{name}: {schemas}");
        }
        assert!(report.losses().count() >= 2);
    }

    #[test]
    fn a_contradiction_costs_the_property_it_is_about() {
        let (schemas, report) = merged(json!({
            "Base": {"properties": {"id": {"type": "string"}, "more": {"type": "string"}}},
            "Heir": {"allOf": [to("Base"), {"properties": {"id": {"type": "integer", "description": "d"}}}]},
        }));
        assert_eq!(
            schemas["Heir"]["properties"],
            json!({"id": {"description": "d"}, "more": {"type": "string"}})
        );
        let at: Vec<_> = report.losses().map(|l| l.pointer.as_str()).collect();
        assert_eq!(at, ["/components/schemas/Heir/properties/id"]);
    }

    #[test]
    fn a_property_narrowed_by_reference_is_the_narrower_type() {
        let (schemas, report) = merged(json!({
            "Item": {"type": "object", "properties": {"id": {"type": "string"}}},
            "Video": {"type": "object", "properties": {"id": {"type": "string"}, "url": {"type": "string"}}},
            "Page": {"type": "object", "properties": {"first": to("Item")}},
            "Videos": {"allOf": [to("Page"), {"properties": {"first": to("Video")}}]},
        }));
        assert_eq!(schemas["Videos"]["properties"]["first"], to("Video"));
        assert_eq!(report.losses().count(), 0, "{report:#?}");
    }

    #[test]
    fn two_trees_at_once_are_one_to_some_depth() {
        let (schemas, report) = merged(json!({
            "A": {"properties": {"next": to("A"), "a": {"type": "string"}}},
            "B": {"properties": {"next": to("B"), "b": {"type": "string"}}},
            "Both": {"allOf": [to("A"), to("B")]},
        }));
        assert_eq!(schemas["Both"]["properties"]["next"], to("BothNext"));
        assert!(schemas["BothNext"]["properties"]["a"].is_object());
        assert_eq!(report.losses().count(), 1, "{report:#?}");
    }

    #[test]
    fn two_recursive_arrays_at_once_end() {
        let array = |name: &str| json!({"type": "array", "items": to(name)});
        let (_, report) = merged(json!({
            "A": array("A"), "B": array("B"),
            "Both": {"allOf": [{"properties": {"x": to("A")}}, {"properties": {"x": to("B")}}]},
        }));
        assert!(report.losses().count() > 0);
    }

    #[test]
    fn a_property_that_leads_back_to_its_schema_ends() {
        let (schemas, report) = merged(json!({
            "A": {"allOf": [{"properties": {"x": to("A")}}], "properties": {"x": {"oneOf": [to("B"), {"type": "string"}]}}},
            "B": {"type": "object", "properties": {"b": {"type": "string"}}},
        }));
        assert!(schemas["A"]["properties"]["x"].is_object(), "{schemas}");
        assert!(report.losses().count() > 0);
    }

    #[test]
    fn properties_of_one_name_at_several_depths_keep_their_types() {
        let object = |properties: Value| json!({"type": "object", "properties": properties});
        let (schemas, report) = merged(json!({
            "A": object(json!({"x": to("AX")})), "AX": object(json!({"x": to("AXX"), "a": {"type": "string"}})), "AXX": object(json!({"aa": {"type": "string"}})),
            "B": object(json!({"x": to("BX")})), "BX": object(json!({"x": to("BXX"), "b": {"type": "string"}})), "BXX": object(json!({"bb": {"type": "string"}})),
            "Both": {"allOf": [to("A"), to("B")]},
        }));
        let x = schema::resolved(
            &schemas["Both"]["properties"]["x"],
            schemas.as_object().unwrap(),
        );
        assert!(x["properties"]["a"].is_object(), "{schemas}");
        let inner = schema::resolved(&x["properties"]["x"], schemas.as_object().unwrap());
        assert!(inner["properties"]["aa"].is_object(), "{schemas}");
        assert_eq!(report.losses().count(), 0, "{report:#?}");
    }

    #[test]
    fn a_base_may_list_what_extends_it() {
        let (schemas, report) = merged(json!({
            "Pet": {"type": "object", "properties": {"kind": {"type": "string"}}, "oneOf": [to("Cat"), to("Dog")],
                    "discriminator": {"propertyName": "kind", "mapping": {"c": "Cat", "d": "Dog"}}},
            "Cat": {"allOf": [to("Pet"), {"properties": {"claws": {"type": "integer"}}}]},
            "Dog": {"allOf": [to("Pet"), {"properties": {"bark": {"type": "boolean"}}}]},
        }));
        assert_eq!(schemas["Pet"]["oneOf"], json!([to("Cat"), to("Dog")]));
        assert_eq!(schemas["Cat"]["properties"].as_object().unwrap().len(), 2);
        assert!(schemas["Cat"].get("discriminator").is_none());
        assert_eq!(report.losses().count(), 0, "{report:#?}");
    }

    #[test]
    fn what_stands_beside_a_union_goes_into_its_variants() {
        let (schemas, report) = merged(json!({
            "Card": {"type": "object", "properties": {"number": {"type": "string"}}},
            "PaymentBank": {"type": "object", "properties": {"iban": {"type": "string"}}},
            "Payment": {"type": "object", "description": "d", "properties": {"amount": {"type": "integer"}},
                        "oneOf": [to("Card"), to("PaymentBank"), {"type": "null"}, {"type": "string"}]},
            "Wallet": {"properties": {"card": to("Card")}},
        }));
        assert_eq!(
            schemas["Payment"],
            json!({"description": "d", "oneOf": [to("PaymentCard"), to("PaymentBank"), {"type": "null"}]})
        );
        for name in ["PaymentCard", "PaymentBank"] {
            assert!(
                schemas[name]["properties"].get("amount").is_some(),
                "{name}"
            );
        }
        assert!(schemas["Card"]["properties"].get("amount").is_none());
        assert_eq!(report.losses().count(), 1, "text is no payment");
    }
}
