//! Unions: a generator that ignores discriminators would decode to the first
//! variant that fits, so the tag is written into the variants themselves.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{Names, names, rule};
use crate::{Pointer, Report, Subject, count, schema, walk};

/// The mark on a tagged union: the schema of each tag's value.
pub(crate) const VARIANTS: &str = "x-variants";

/// The mark on a tagged union: the property that holds the tag.
pub(crate) const TAG: &str = "x-tag";

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
        let Value::Object(union) = union else { return };
        let discriminator = union.shift_remove("discriminator");
        let Some(arms) = arm_names(union) else {
            if discriminator.is_some() {
                report.lost(
                    Subject::Variant,
                    rule("discriminator"),
                    at,
                    "its variants are no named objects; read without a tag",
                );
            }
            return;
        };
        match variants(&arms, discriminator.as_ref(), schemas) {
            Some((tag, variants)) => {
                report.changed(rule("tagged-union"), at, format!("told apart by {tag:?}"));
                union.insert(TAG.into(), json!(tag));
                union.insert(VARIANTS.into(), Value::Object(variants));
            }
            None if discriminator.is_some() => {
                report.lost(
                    Subject::Variant,
                    rule("discriminator"),
                    at,
                    "its variants do not hold the tag as an object; read without it",
                );
            }
            None => {}
        }
    });
}

/// The names of a union's variants, if it is a union of named schemas.
fn arm_names(union: &Map<String, Value>) -> Option<Vec<String>> {
    let arms = union.get("oneOf")?.as_array()?;
    let names: Option<Vec<_>> = arms
        .iter()
        .filter(|arm| !schema::is_null(arm))
        .map(|arm| schema::ref_name(arm).map(str::to_owned))
        .collect();
    names.filter(|names| !names.is_empty())
}

fn variants(
    arms: &[String],
    discriminator: Option<&Value>,
    schemas: &Map<String, Value>,
) -> Option<(String, Map<String, Value>)> {
    let objects: Option<Vec<_>> = arms
        .iter()
        .map(|name| flat(schemas.get(name)?, schemas, 0))
        .collect();
    let objects = objects?;
    let tag = match discriminator.and_then(|d| d.get("propertyName")?.as_str()) {
        Some(tag) => tag.to_owned(),
        // Without a discriminator only fixed values tell the variants apart.
        None if arms.len() > 1 => fixed_in_all(&objects)?,
        None => return None,
    };
    let mapping = discriminator.and_then(|d| d.get("mapping")?.as_object());
    let mut variants = Map::new();
    for (name, object) in arms.iter().zip(&objects) {
        let mut values: Vec<String> = mapping
            .into_iter()
            .flatten()
            .filter(|(_, target)| names::mapping_target(target).as_ref() == Some(name))
            .map(|(value, _)| value.clone())
            .collect();
        if values.is_empty() {
            values = object["properties"]
                .get(&tag)
                .map(fixed_values)
                .unwrap_or_default();
        }
        if values.is_empty() && discriminator.is_some() {
            values.push(name.clone());
        }
        for value in values {
            if variants.insert(value, json!(name)).is_some() {
                return None;
            }
        }
    }
    let complete = arms.iter().all(|name| variants.values().any(|v| v == name));
    complete.then_some((tag, variants))
}

/// The property that every object must hold with one fixed value, each with
/// another.
fn fixed_in_all(objects: &[Map<String, Value>]) -> Option<String> {
    let first = objects.first()?["properties"].as_object()?;
    first
        .keys()
        .find(|key| {
            let mut seen = Vec::new();
            objects.iter().all(|object| {
                let required = object.get("required").and_then(Value::as_array);
                if !required.is_some_and(|r| r.iter().any(|name| name == *key)) {
                    return false;
                }
                let values = object["properties"]
                    .get(*key)
                    .map(fixed_values)
                    .unwrap_or_default();
                let [value] = values.as_slice() else {
                    return false;
                };
                let new = !seen.contains(value);
                seen.push(value.clone());
                new
            })
        })
        .cloned()
}

/// The texts a property may hold, where they are fixed.
fn fixed_values(property: &Value) -> Vec<String> {
    if let Some(value) = property.get("const").and_then(Value::as_str) {
        return vec![value.to_owned()];
    }
    property
        .get("enum")
        .and_then(Value::as_array)
        .map(|values| {
            values
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default()
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
    if own.is_none() && members.is_none() && !schema::has_type(schema, "object") {
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
            let own = if uses.only_tagged_by(name, &tag) {
                name.to_owned()
            } else {
                ledger.give(
                    &format!("#{name} (without {tag})"),
                    &format!("{name} variant"),
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
    /// References of all kinds.
    references: HashMap<String, usize>,
    /// References from tagged unions, with the tags of those.
    variants: HashMap<String, Vec<String>>,
}

impl Uses {
    fn count(document: &mut Value) -> Self {
        let mut uses = Self::default();
        walk::schemas(document, &mut |schema, _| {
            if let Some(name) = schema::ref_name(schema) {
                *uses.references.entry(name.to_owned()).or_insert(0) += 1;
            }
            if let (Some(tag), Some(union)) =
                (schema.get(TAG).and_then(Value::as_str), schema.as_object())
            {
                for name in arm_names(union).unwrap_or_default() {
                    uses.variants.entry(name).or_default().push(tag.to_owned());
                }
            }
        });
        uses
    }

    /// Whether nothing but unions with this tag uses the schema.
    fn only_tagged_by(&self, name: &str, tag: &str) -> bool {
        let tags = self.variants.get(name).map_or(&[][..], Vec::as_slice);
        self.references.get(name) == Some(&tags.len()) && tags.iter().all(|t| t == tag)
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
    object.retain(|key, _| !key.starts_with("x-"));
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
