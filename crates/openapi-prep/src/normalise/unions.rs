//! Unions: a generator that ignores discriminators would decode to the first
//! variant that fits, so the tag is written into the variants themselves.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{Names, tags};
use crate::{Pointer, Report, Subject, count, schema, walk};

/// The mark on a tagged union: the schema of each tag's value.
pub(crate) const VARIANTS: &str = "x-variants";

/// The mark on a tagged union: the property that holds the tag.
pub(crate) const TAG: &str = "x-tag";

/// The mark on a tagged union: other values of the tag that are read, and the
/// value that each stands for.
pub(crate) const ALIASES: &str = "x-tag-aliases";

/// The mark on a variant of tagged unions that has nothing but its tag.
pub(crate) const EMPTY: &str = "x-empty";

/// Reads `anyOf` of several schemas as `oneOf`: generators take the first
/// variant that fits in either case, and make better types of the second.
pub(super) fn any_of_to_one_of(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let arms = schema.get("anyOf").and_then(Value::as_array);
    let others = arms.into_iter().flatten();
    if others.filter(|arm| !schema::is_null(arm)).count() > 1
        && !schema.contains_key("oneOf")
        && let Some(arms) = schema.shift_remove("anyOf")
    {
        schema.insert("oneOf".into(), arms);
        report.changed(at, "read as oneOf");
        report.moved(&at.join("oneOf"), &at.join("anyOf"));
    }
}

/// Finds the tag of each union of named objects: as its discriminator says,
/// else the property that has one fixed value of its own in every variant.
pub(super) fn find_tags(document: &mut Value, report: &mut Report) {
    let concerns = |schema: &Value, _: &Map<String, Value>| {
        let schema = schema.as_object();
        schema.is_some_and(|schema| schema::has_any(schema, &["oneOf", "discriminator"]))
    };
    walk::some(document, &concerns, &mut |union, at, schemas| {
        let found = tags::of_union(union, schemas).and_then(|tags| {
            let mut names = tags.iter().flat_map(|tags| &tags.variants);
            let all = names.all(|(_, name)| object(name, schemas).is_some());
            if !all && union.get("discriminator").is_some() {
                return Err("its variants are not objects");
            }
            Ok(tags.filter(|_| all))
        });
        let Value::Object(union) = union else { return };
        union.shift_remove("discriminator");
        match found {
            Ok(Some(tags)) => {
                report.changed(at, format!("distinguished by {:?}", tags.tag));
                union.insert(TAG.into(), json!(tags.tag));
                union.insert(VARIANTS.into(), tags.variants.into_iter().collect());
                if !tags.aliases.is_empty() {
                    union.insert(ALIASES.into(), tags.aliases.into_iter().collect());
                }
            }
            Ok(None) => {}
            Err(why) => {
                report.lost(Subject::Variant, at, format!("{why}; read without a tag"));
            }
        }
    });
}

/// The object that a schema is, which has no members any more.
fn object(name: &str, schemas: &Map<String, Value>) -> Option<Map<String, Value>> {
    let (_, target) = tags::target(schemas.get(name)?, schemas);
    let mut object = target.as_object()?.clone();
    let is_other = schema::has_any(&object, &["type", "enum", "const", "items"])
        && !schema::has_type(target, "object");
    let is_made_of_others = schema::has_any(&object, &["$ref", "allOf", "oneOf", "anyOf"]);
    if is_made_of_others || (is_other && !object.contains_key("properties")) {
        return None;
    }
    object.insert("type".into(), json!("object"));
    object.entry("properties").or_insert_with(|| json!({}));
    Some(object)
}

/// Writes each tagged union as inline objects whose tag has one value, which
/// is what a generator makes a tagged enum of. The named variants stay, with
/// the tag taken out: it is said once, by the union. A variant that is used
/// without the union too keeps its tag, and the unions get a copy.
pub(super) fn inline_variants(document: &mut Value, ledger: &mut Names, report: &mut Report) {
    let root = Pointer::root().joins(["components", "schemas"]);
    let own_names = used_by_one_tag(document);
    let mut bodies: Map<String, Value> = Map::new();
    let concerns = |schema: &Value, _: &Map<String, Value>| schema::get(schema, TAG).is_some();
    walk::some(document, &concerns, &mut |union, at, schemas| {
        let Some(Value::Object(variants)) = union.get(VARIANTS) else {
            return;
        };
        let tag = union[TAG].as_str().unwrap_or_default();
        let (mut arms, mut chosen) = (Vec::new(), Map::new());
        for (value, name) in variants {
            let name = name.as_str().unwrap_or_default();
            let Some(mut object) = object(name, schemas) else {
                continue;
            };
            let mut own = name.to_owned();
            if !own_names.contains(name) {
                let place = format!("#{name} (without {tag})");
                own = ledger.get_or_assign(&place, &[format!("{name} variant")]);
            }
            if own != name {
                report.moved(&root.join(&own), &root.join(name));
            }
            take_out(&mut object, tag);
            mark_empty(&mut object);
            arms.push(tagged(object.clone(), tag, value));
            bodies.insert(own.clone(), Value::Object(object));
            chosen.insert(value.clone(), json!(own));
        }
        let list = union["oneOf"].as_array();
        let null = list.into_iter().flatten().find(|arm| schema::is_null(arm));
        arms.extend(null.map(|_| json!({"type": "null"})));
        let note = format!("{} written out", count(chosen.len(), "variant"));
        report.changed(at, note);
        union["oneOf"] = Value::Array(arms);
        union[VARIANTS] = Value::Object(chosen);
    });
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for name in bodies.keys().filter(|name| !schemas.contains_key(*name)) {
            report.changed(&root.join(name), "a copy for unions, without its tag");
        }
        schemas.extend(bodies);
    }
}

/// The schemas that nothing but tagged unions of one tag use.
fn used_by_one_tag(document: &mut Value) -> HashSet<String> {
    // How many references there are, but for those of variants.
    let mut references: HashMap<String, isize> = HashMap::new();
    let mut tags: HashMap<String, HashSet<String>> = HashMap::new();
    walk::schemas(document, &mut |schema, _| {
        if let Some(name) = schema::ref_name(schema) {
            *references.entry(name.to_owned()).or_default() += 1;
        }
        let Some(tag) = schema::get(schema, TAG).and_then(Value::as_str) else {
            return;
        };
        for name in tags::arms(schema).filter_map(tags::arm_name) {
            *references.entry(name.to_owned()).or_default() -= 1;
        }
        let variants = schema.get(VARIANTS).and_then(Value::as_object);
        for name in variants.into_iter().flat_map(Map::values) {
            let name = name.as_str().unwrap_or_default().to_owned();
            tags.entry(name).or_default().insert(tag.to_owned());
        }
    });
    let is_free = |name: &String| references.get(name).is_none_or(|others| *others == 0);
    tags.retain(|name, tags| tags.len() == 1 && is_free(name));
    tags.into_keys().collect()
}

fn take_out(object: &mut Map<String, Value>, tag: &str) {
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.shift_remove(tag);
    }
    schema::retain_required(object, |name| name != tag);
}

/// Marks an object that has nothing but its tag. A generator makes a map of it,
/// and properties that it gets later are fields of a struct.
fn mark_empty(object: &mut Map<String, Value>) {
    let has = |key: &str| match object.get(key) {
        Some(Value::Object(entries)) => !entries.is_empty(),
        Some(Value::Array(names)) => !names.is_empty(),
        _ => false,
    };
    let more = object.get("additionalProperties");
    let is_open = more.is_some_and(Value::is_object);
    if !has("properties") && !has("required") && !is_open {
        object.insert(EMPTY.into(), json!(true));
    }
}

/// An object without its tag, with the tag again: as its first property.
fn tagged(mut object: Map<String, Value>, tag: &str, value: &str) -> Value {
    let mut properties = Map::new();
    properties.insert(tag.to_owned(), json!({"type": "string", "enum": [value]}));
    if let Some(Value::Object(own)) = object.shift_remove("properties") {
        properties.extend(own);
    }
    let mut required = vec![json!(tag)];
    if let Some(Value::Array(own)) = object.shift_remove("required") {
        for name in own.iter().filter_map(Value::as_str) {
            properties.entry(name).or_insert_with(|| json!({}));
        }
        required.extend(own);
    }
    // A variant with a tag only would hold nothing, and this one holds a map.
    let more = object.get("additionalProperties");
    if more.is_some_and(Value::is_object) && properties.len() == 1 {
        properties.insert("extra".to_owned(), json!({}));
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
    fn variants_without_declared_properties_hold_what_else_there_is() {
        let variant = |tag: &str| json!({"type": "object", "required": ["t"], "properties": {"t": {"const": tag}}});
        let (mut map, mut undeclared) = (variant("a"), variant("b"));
        map["additionalProperties"] = json!({"type": "string"});
        undeclared["required"] = json!(["t", "u"]);
        let of = |name: &str| schema::reference(name);
        let (schemas, _) = unions(json!({
            "U": {"oneOf": [of("A"), of("B"), of("C")]},
            "A": map, "B": undeclared, "C": variant("c"),
        }));
        let keys = |index: usize| {
            let properties = schemas["U"]["oneOf"][index]["properties"].as_object();
            properties.unwrap().keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(
            (keys(0), keys(1)),
            (
                vec!["t".into(), "extra".into()],
                vec!["t".into(), "u".into()]
            )
        );
        assert_eq!(keys(2), ["t"]);
        let marked = |name: &str| schemas[name].get(EMPTY).is_some();
        assert_eq!(["A", "B", "C"].map(marked), [false, false, true]);
        assert_eq!(
            schemas["A"]["additionalProperties"],
            json!({"type": "string"})
        );
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
    fn a_fixed_value_of_several_variants_needs_a_mapping() {
        let schemas = json!({
            "A": by_tag(&json!({"enum": ["x", "y"]})),
            "B": by_tag(&json!({"enum": ["y", "z"]})),
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
                  "discriminator": {"propertyName": "type"}},
        });
        let (after, report) = unions(schemas.clone());
        assert!(after["U"].get(TAG).is_none());
        assert_eq!(report.losses().count(), 1);
        let mut mapped = schemas;
        mapped["U"]["discriminator"]["mapping"] = json!({"y": "#/components/schemas/B"});
        let (after, report) = unions(mapped);
        assert_eq!(after["U"][VARIANTS], json!({"x": "A", "y": "B", "z": "B"}));
        assert_eq!(report.losses().count(), 0);
    }

    #[test]
    fn a_variant_used_alone_keeps_its_tag() {
        let (schemas, _) = unions(json!({
            "A": by_tag(&json!({"const": "a"})),
            "B": by_tag(&json!({"const": "b"})),
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]},
            "Holder": {"properties": {"a": {"$ref": "#/components/schemas/A"}}},
        }));
        assert_eq!(
            schemas["U"]["x-variants"],
            json!({"a": "AVariant", "b": "B"})
        );
        assert!(schemas["A"]["properties"].get("type").is_some());
        assert!(schemas["AVariant"]["properties"].get("type").is_none());
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
