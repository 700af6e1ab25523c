//! Unions: a generator that ignores discriminators would decode to the first
//! variant that fits, so the tag is written into the variants themselves.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{Names, rule, tags};
use crate::{Pointer, Report, Subject, count, schema, walk};

/// The mark on a tagged union: the schema of each tag's value.
pub(crate) const VARIANTS: &str = "x-variants";

/// The mark on a tagged union: the property that holds the tag.
pub(crate) const TAG: &str = "x-tag";

/// The mark on a tagged union: other values of the tag that are read, and the
/// value that each stands for.
pub(crate) const ALIASES: &str = "x-tag-aliases";

/// How deep `allOf` may refer on to `allOf`.
const DEPTH: usize = 16;

/// Reads `anyOf` of several schemas as `oneOf`: generators take the first
/// variant that fits in either case, and make better types of the second.
pub(super) fn any_of_to_one_of(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(schema) = schema else {
        return;
    };
    let several = schema
        .get("anyOf")
        .and_then(Value::as_array)
        .is_some_and(|arms| arms.iter().filter(|arm| !schema::is_null(arm)).count() > 1);
    if several
        && !schema.contains_key("oneOf")
        && let Some(arms) = schema.shift_remove("anyOf")
    {
        schema.insert("oneOf".into(), arms);
        report.changed(rule("any-of"), at, "read as oneOf");
        report.moved(&at.join("oneOf"), &at.join("anyOf"));
    }
}

/// Finds the tag of each union of named objects: as its discriminator says,
/// else the property that has one fixed value of its own in every variant.
pub(super) fn find_tags(document: &mut Value, report: &mut Report) {
    let concerns =
        |schema: &Value| schema.get("oneOf").is_some() || schema.get("discriminator").is_some();
    walk::some(document, &concerns, &mut |union, at, schemas| {
        let found = tags::of_union(union, schemas).and_then(|tags| {
            let names = tags.iter().flat_map(|tags| &tags.variants);
            let mut objects = names.map(|(_, name)| flat(schemas.get(name)?, schemas, 0));
            let all = objects.all(|object| object.is_some());
            if !all && union.get("discriminator").is_some() {
                return Err("its variants are not objects");
            }
            Ok(tags.filter(|_| all))
        });
        let Value::Object(union) = union else { return };
        union.shift_remove("discriminator");
        match found {
            Ok(Some(tags)) => {
                let note = format!("told apart by {:?}", tags.tag);
                report.changed(rule("tagged-union"), at, note);
                union.insert(TAG.into(), json!(tags.tag));
                union.insert(VARIANTS.into(), tags.variants.into_iter().collect());
                if !tags.aliases.is_empty() {
                    union.insert(ALIASES.into(), tags.aliases.into_iter().collect());
                }
            }
            Ok(None) => {}
            Err(why) => {
                let note = format!("{why}; read without a tag");
                report.lost(Subject::Variant, rule("discriminator"), at, note);
            }
        }
    });
}

/// An object schema with what it takes from others by `allOf` put in place.
fn flat(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Option<Map<String, Value>> {
    if depth > DEPTH {
        return None;
    }
    if let Some(name) = schema::ref_name(schema) {
        return flat(schemas.get(name)?, schemas, depth + 1);
    }
    let mut object = schema.as_object()?.clone();
    if object.contains_key("oneOf") || object.contains_key("anyOf") {
        return None;
    }
    let members = object.shift_remove("allOf");
    let own = object.get("properties").and_then(Value::as_object).cloned();
    let others = ["type", "enum", "const", "items", "$ref"];
    let is_object = schema::has_type(schema, "object") || !schema::has_any(&object, &others);
    if own.is_none() && members.is_none() && !is_object {
        return None;
    }
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    for member in members
        .as_ref()
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let member = flat(member, schemas, depth + 1)?;
        properties.extend(
            member["properties"]
                .as_object()
                .cloned()
                .unwrap_or_default(),
        );
        required.extend(
            member
                .get("required")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
        );
    }
    properties.extend(own.unwrap_or_default());
    required.extend(
        object
            .get("required")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
    );
    object.insert("type".into(), json!("object"));
    object.insert("properties".into(), Value::Object(properties));
    if required.is_empty() {
        object.shift_remove("required");
    } else {
        object.insert("required".into(), Value::Array(required));
    }
    Some(object)
}

/// Writes each tagged union as inline objects whose tag has one value, which
/// is what a generator makes a tagged enum of. The named variants stay, with
/// the tag taken out: it is said once, by the union. A variant that is used
/// without the union too keeps its tag, and the unions get a copy.
pub(super) fn inline_variants(document: &mut Value, ledger: &mut Names, report: &mut Report) {
    let at = Pointer::root().joins(["components", "schemas"]);
    let uses = Uses::count(document);
    let mut bodies: Map<String, Value> = Map::new();
    let concerns = |schema: &Value| schema.get(TAG).is_some();
    walk::some(document, &concerns, &mut |union, at, schemas| {
        let Value::Object(union) = union else { return };
        let (Some(tag), Some(Value::Object(variants))) = (
            union.get(TAG).and_then(Value::as_str).map(str::to_owned),
            union.get(VARIANTS).cloned(),
        ) else {
            return;
        };
        let mut arms = Vec::new();
        let mut chosen = Map::new();
        for (value, name) in &variants {
            let name = name.as_str().unwrap_or_default();
            let Some(object) = schemas.get(name).and_then(|s| flat(s, schemas, 0)) else {
                continue;
            };
            let own = if uses.only_by_one_tag(name) {
                name.to_owned()
            } else {
                ledger.get_or_assign(
                    &format!("#{name} (without {tag})"),
                    &[format!("{name} variant")],
                )
            };
            if own != name {
                let schemas = Pointer::root().joins(["components", "schemas"]);
                report.moved(&schemas.join(&own), &schemas.join(name));
            }
            let mut body = object.clone();
            take_out(&mut body, &tag);
            arms.push(tagged(object, &tag, value));
            bodies.insert(own.clone(), Value::Object(body));
            chosen.insert(value.clone(), json!(own));
        }
        let nullable = union
            .get("oneOf")
            .and_then(Value::as_array)
            .is_some_and(|arms| arms.iter().any(schema::is_null));
        if nullable {
            arms.push(json!({"type": "null"}));
        }
        report.changed(
            rule("tagged-union"),
            at,
            format!("{} written out", count(chosen.len(), "variant")),
        );
        union.insert("oneOf".into(), Value::Array(arms));
        union.insert(VARIANTS.into(), Value::Object(chosen));
    });
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, body) in bodies {
            if !schemas.contains_key(&name) {
                report.changed(
                    rule("tagged-union"),
                    &at.join(&name),
                    "a copy for unions, without its tag",
                );
            }
            schemas.insert(name, body);
        }
    }
}

/// Where each schema is used.
#[derive(Default)]
struct Uses {
    /// How many references there are, but for those of variants of tagged
    /// unions.
    others: HashMap<String, isize>,
    /// The tags of the unions that it is a variant of.
    tags: HashMap<String, HashSet<String>>,
}

impl Uses {
    fn count(document: &mut Value) -> Self {
        let mut uses = Self::default();
        walk::schemas(document, &mut |schema, _| {
            if let Some(name) = schema::ref_name(schema) {
                *uses.others.entry(name.to_owned()).or_default() += 1;
            }
            let Some(tag) = schema.get(TAG).and_then(Value::as_str) else {
                return;
            };
            for arm in tags::arms(schema) {
                if let Some(name) = tags::arm_name(arm) {
                    *uses.others.entry(name.to_owned()).or_default() -= 1;
                }
            }
            let variants = schema.get(VARIANTS).and_then(Value::as_object);
            for name in variants.into_iter().flat_map(Map::values) {
                let name = name.as_str().unwrap_or_default().to_owned();
                uses.tags.entry(name).or_default().insert(tag.to_owned());
            }
        });
        uses
    }

    /// Whether nothing but unions with one tag uses the schema.
    fn only_by_one_tag(&self, name: &str) -> bool {
        self.others.get(name).is_none_or(|count| *count == 0)
            && self.tags.get(name).is_some_and(|tags| tags.len() == 1)
    }
}

fn take_out(object: &mut Map<String, Value>, tag: &str) {
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.shift_remove(tag);
    }
    if let Some(Value::Array(required)) = object.get_mut("required") {
        required.retain(|name| name != tag);
        if required.is_empty() {
            object.shift_remove("required");
        }
    }
}

fn tagged(mut object: Map<String, Value>, tag: &str, value: &str) -> Value {
    take_out(&mut object, tag);
    let mut properties = Map::new();
    properties.insert(tag.to_owned(), json!({"type": "string", "enum": [value]}));
    if let Some(Value::Object(own)) = object.shift_remove("properties") {
        properties.extend(own);
    }
    let mut required = vec![json!(tag)];
    if let Some(Value::Array(own)) = object.shift_remove("required") {
        required.extend(own);
    }
    // The generator sees no tag beside other properties than those declared.
    object.retain(|key, _| !key.starts_with("x-") && key != "additionalProperties");
    object.insert("required".into(), Value::Array(required));
    object.insert("properties".into(), Value::Object(properties));
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn unions(schemas: Value) -> (Value, Report) {
        let mut document = json!({"components": {"schemas": schemas}});
        let mut report = Report::new();
        find_tags(&mut document, &mut report);
        inline_variants(&mut document, &mut Names::new(), &mut report);
        (document["components"]["schemas"].take(), report)
    }

    fn by_tag(tag: &Value) -> Value {
        json!({"type": "object", "required": ["type"], "properties": {"type": tag, "x": {"type": "integer"}}})
    }

    #[test]
    fn a_discriminator_with_reference_objects_makes_a_tagged_union() {
        let (schemas, report) = unions(json!({
            "A": by_tag(&json!({"type": "string", "const": "a"})),
            "B": by_tag(&json!({"type": "string"})),
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
                  "discriminator": {"propertyName": "type", "mapping": {
                      "a": {"$ref": "#/components/schemas/A"}, "b": "#/components/schemas/B"}}},
        }));
        assert_eq!(
            schemas["U"],
            json!({
                "oneOf": [
                    {"type": "object", "required": ["type"], "properties": {"type": {"type": "string", "enum": ["a"]}, "x": {"type": "integer"}}},
                    {"type": "object", "required": ["type"], "properties": {"type": {"type": "string", "enum": ["b"]}, "x": {"type": "integer"}}},
                ],
                "x-tag": "type",
                "x-variants": {"a": "A", "b": "B"},
            })
        );
        assert_eq!(
            schemas["A"],
            json!({"type": "object", "properties": {"x": {"type": "integer"}}})
        );
        assert_eq!(report.losses().count(), 0);
    }

    #[test]
    fn fixed_values_tell_variants_apart_without_a_discriminator() {
        let (schemas, _) = unions(json!({
            "A": by_tag(&json!({"const": "a"})),
            "B": by_tag(&json!({"enum": ["b"]})),
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}, {"type": "null"}]},
        }));
        assert_eq!(schemas["U"]["x-variants"], json!({"a": "A", "b": "B"}));
        assert_eq!(schemas["U"]["oneOf"][2], json!({"type": "null"}));
    }

    #[test]
    fn a_variant_used_alone_keeps_its_tag() {
        let (schemas, _) = unions(json!({
            "A": by_tag(&json!({"const": "a"})),
            "B": {"allOf": [{"$ref": "#/components/schemas/Base"}, by_tag(&json!({"const": "b"}))]},
            "Base": {"type": "object", "properties": {"base": {"type": "string"}}},
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]},
            "Holder": {"properties": {"a": {"$ref": "#/components/schemas/A"}}},
        }));
        assert_eq!(
            schemas["U"]["x-variants"],
            json!({"a": "AVariant", "b": "B"})
        );
        assert!(schemas["A"]["properties"].get("type").is_some());
        assert!(schemas["AVariant"]["properties"].get("type").is_none());
        assert!(
            schemas["B"]["properties"].get("base").is_some(),
            "allOf is put in place"
        );
    }

    #[test]
    fn unions_with_one_tag_share_their_variants() {
        let union = json!({"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]});
        let (schemas, _) = unions(json!({
            "A": by_tag(&json!({"const": "a"})),
            "B": by_tag(&json!({"const": "b"})),
            "U": union, "V": union,
        }));
        assert_eq!(schemas["U"]["x-variants"], json!({"a": "A", "b": "B"}));
        assert_eq!(schemas["U"]["x-variants"], schemas["V"]["x-variants"]);
        assert_eq!(schemas.as_object().unwrap().len(), 4);
    }

    #[test]
    fn a_union_of_other_things_is_left_and_told() {
        let union = json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "discriminator": {"propertyName": "t"}});
        let (schemas, report) = unions(json!({"U": union}));
        assert!(schemas["U"].get(VARIANTS).is_none());
        assert_eq!(report.losses().count(), 1);
    }

    #[test]
    fn what_may_be_left_out_tells_nothing_apart() {
        let arm = |value: &str, required: &[&str]| json!({"type": "object", "required": required, "properties": {"kind": {"const": value}}});
        let union = json!({"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]});
        let of = |a: Value, b: Value| {
            let (schemas, _) = unions(json!({"A": a, "B": b, "U": union}));
            schemas["U"].get(TAG).cloned()
        };
        assert_eq!(
            of(arm("a", &["kind"]), arm("b", &["kind"])),
            Some(json!("kind"))
        );
        assert_eq!(of(arm("a", &["kind"]), arm("b", &[])), None);
    }
}
