//! `allOf` of named schemas, and properties beside a union: each such schema
//! is said without the names it is made of.

mod merge_conflict;
mod variants;

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{
    super::{Names, rule, tags::arm_name},
    UNIONS,
    unify::tells_only,
};
use crate::{Pointer, Report, Subject, schema, walk};

/// How deep members may hold members.
const DEPTH: usize = 64;

/// Puts the members of every named schema in its place, and the properties
/// beside a union into each of its variants.
pub(in super::super) fn merge(document: &mut Value, names: &mut Names, report: &mut Report) {
    let Some(Value::Object(schemas)) = document.pointer("/components/schemas") else {
        return;
    };
    if !schemas.values().any(is_made_of_others) {
        return;
    }
    let schemas = schemas.clone();
    let mut references: HashMap<String, usize> = HashMap::new();
    walk::schemas(document, &mut |schema, _| {
        if let Some(name) = schema::ref_name(schema) {
            *references.entry(name.to_owned()).or_default() += 1;
        }
    });
    let mut merge = Merge {
        schemas: &schemas,
        references,
        known: HashMap::new(),
        circles: 0,
        pairs: HashMap::new(),
        out: Map::new(),
        names,
        report,
        at: Pointer::root(),
    };
    let root = Pointer::root().joins(["components", "schemas"]);
    let mut order: Vec<&String> = schemas.keys().collect();
    order.retain(|name| is_made_of_others(&schemas[*name]));
    for name in order {
        merge.at = root.join(name);
        let whole = merge.whole(name, &schemas[name]);
        // A variant that only this schema's own union uses may be there.
        merge.out.entry(name.clone()).or_insert(whole);
    }
    let out = std::mem::take(&mut merge.out);
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in out {
            schemas.insert(name, schema);
        }
    }
}

/// Whether a schema has members, or a union beside what it says itself. One
/// reference alone is another name for a schema, and stays.
fn is_made_of_others(schema: &Value) -> bool {
    let Value::Object(object) = schema else {
        return false;
    };
    let own = object
        .keys()
        .any(|key| !tells_only(key) && !is_frame(key) && key != "discriminator");
    let unions = UNIONS.iter().filter(|key| object.contains_key(**key));
    let unions = unions.count();
    match object.get("allOf").and_then(Value::as_array) {
        Some(members) => {
            members.len() > 1
                || own
                || unions > 0
                || members.iter().any(|m| schema::ref_name(m).is_none())
        }
        None => unions > 1 || (unions == 1 && own),
    }
}

/// The keywords that hold members, and the type of them all.
fn is_frame(key: &str) -> bool {
    matches!(key, "allOf" | "oneOf" | "anyOf" | "type" | "nullable")
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
}

struct Merge<'a> {
    schemas: &'a Map<String, Value>,
    references: HashMap<String, usize>,
    /// What named schemas are without the names they are made of.
    known: HashMap<String, Flat>,
    /// How many circles were met so far.
    circles: usize,
    /// The names of what is two schemas at once.
    pairs: HashMap<(String, String), String>,
    out: Map<String, Value>,
    names: &'a mut Names,
    report: &'a mut Report,
    at: Pointer,
}

impl Merge<'_> {
    /// A named schema, said as one.
    fn whole(&mut self, name: &str, schema: &Value) -> Value {
        let flat = self.flat(schema, &mut vec![name.to_owned()]);
        let Flat { base, unions } = flat.of_variant(name);
        self.report
            .changed(rule("all-of"), &self.at, "its members put in place");
        if unions.is_empty() {
            return Value::Object(base);
        }
        self.variants(name, base, unions)
    }

    /// Notes of what a schema with a new name was made.
    fn made(&mut self, name: &str, of: &Pointer) {
        if !self.schemas.contains_key(name) {
            let schemas = Pointer::root().joins(["components", "schemas"]);
            self.report.moved(&schemas.join(name), of);
        }
    }

    /// A schema without the names it is made of. `within` are the names that
    /// lead here.
    fn flat(&mut self, schema: &Value, within: &mut Vec<String>) -> Flat {
        let Value::Object(object) = schema else {
            return Flat::default();
        };
        if within.len() > DEPTH {
            return Flat::default();
        }
        let mut flat = Flat::default();
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
        let (own, _) = schema::without_null(Value::Object(own));
        if let Value::Object(own) = own {
            // What is said here comes first: descriptions, and the order of
            // what both say.
            flat.base = self.together(own, flat.base);
        }
        let members = members.as_ref().and_then(Value::as_array);
        for member in members.into_iter().flatten() {
            let member = self.flat(member, within);
            let base = std::mem::take(&mut flat.base);
            flat.base = self.together(base, member.base);
            flat.unions.extend(member.unions);
        }
        flat
    }

    /// What a name stands for.
    fn named(&mut self, name: &str, within: &mut Vec<String>) -> Flat {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        if within.iter().any(|other| other == name) {
            self.circles += 1;
            self.report.lost(
                Subject::Type,
                rule("all-of"),
                &self.at,
                format!("{name} contains itself; that member is left out"),
            );
            return Flat::default();
        }
        let Some(target) = self.schemas.get(name) else {
            return Flat::default();
        };
        let circles = self.circles;
        within.push(name.to_owned());
        let mut flat = self.flat(target, within).of_variant(name);
        within.pop();
        // What is told of a schema is not told of those made of it.
        let union = !flat.unions.is_empty();
        flat.base
            .retain(|key, _| !tells_only(key) && (union || key != "discriminator"));
        if circles == self.circles {
            self.known.insert(name.to_owned(), flat.clone());
        }
        flat
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
    fn two_trees_at_once_are_one_tree() {
        let (schemas, report) = merged(json!({
            "A": {"properties": {"next": to("A"), "a": {"type": "string"}}},
            "B": {"properties": {"next": to("B"), "b": {"type": "string"}}},
            "Both": {"allOf": [to("A"), to("B")]},
        }));
        assert_eq!(schemas["Both"]["properties"]["next"], to("BothNext"));
        assert_eq!(
            schemas["BothNext"]["properties"]["next"],
            to("BothNext"),
            "{schemas}"
        );
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
