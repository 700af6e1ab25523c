//! Small questions about one schema, asked by many rules.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::{Pointer, Report, Subject};

/// The prefix of a reference to a named schema.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// The name of the schema a reference points to, if it is a plain one.
pub(crate) fn ref_name(schema: &Value) -> Option<&str> {
    get(schema, "$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// A keyword of a schema. Schemas have few: to compare these takes less time than
/// to look one up.
pub(crate) fn get<'a>(schema: &'a Value, keyword: &str) -> Option<&'a Value> {
    let schema = schema.as_object()?;
    let mut members = schema.iter();
    members.find_map(|(key, value)| is_same(key, keyword).then_some(value))
}

/// Whether two keys are equal: most that are not differ in their first byte, which
/// takes less time to see than to compare them whole.
pub(crate) fn is_same(key: &str, keyword: &str) -> bool {
    key.len() == keyword.len()
        && key.as_bytes().first() == keyword.as_bytes().first()
        && key == keyword
}

/// What a schema refers to in the end: itself, where that is no reference, and
/// the last reference, where that leads to nothing or back.
pub(crate) fn resolved<'a>(schema: &'a Value, schemas: &'a Map<String, Value>) -> &'a Value {
    let mut seen = HashSet::new();
    let mut found = schema;
    while let Some(next) = ref_name(found).and_then(|name| schemas.get(name))
        // Most lead to a schema that is not a reference.
        && (ref_name(next).is_none() || seen.insert(ref_name(found)))
    {
        found = next;
    }
    found
}

/// Whether an object has one of these keys. Objects have few keys: these are
/// compared, as to look each of many up takes longer.
pub(crate) fn has_any(object: &Map<String, Value>, keys: &[&str]) -> bool {
    let wanted = |key: &String| keys.iter().any(|wanted| is_same(key, wanted));
    object.keys().any(wanted)
}

/// A reference to a named schema.
pub(crate) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// Whether `{"type": "null"}` and nothing else.
pub(crate) fn is_null(schema: &Value) -> bool {
    let only = |key, is_null: fn(&Value) -> bool| match get(schema, key) {
        Some(Value::Array(values)) => values.len() == 1 && is_null(&values[0]),
        one => one.is_some_and(is_null),
    };
    only("type", |kind| kind == "null")
        || get(schema, "const").is_some_and(Value::is_null)
        || only("enum", Value::is_null)
}

/// Whether the schema's `type` is, or lists, this type.
pub(crate) fn has_type(schema: &Value, name: &str) -> bool {
    match get(schema, "type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(many)) => many.iter().any(|t| t == name),
        _ => false,
    }
}

/// Whether a schema requires a property.
pub(crate) fn requires(schema: &Map<String, Value>, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|r| r == name))
}

/// Takes away that properties are required for which `keep` is false. Whether any
/// was.
pub(crate) fn retain_required(
    schema: &mut Map<String, Value>,
    keep: impl Fn(&str) -> bool,
) -> bool {
    let Some(Value::Array(required)) = schema.get_mut("required") else {
        return false;
    };
    let before = required.len();
    required.retain(|name| name.as_str().is_some_and(&keep));
    let less = required.len() < before;
    if required.is_empty() {
        schema.shift_remove("required");
    }
    less
}

/// The types that the schema's `type` is or lists.
pub(crate) fn kinds(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The type of a value, as schemas call it; none of null.
pub(crate) fn kind_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Object(_) => Some("object"),
        Value::Array(_) => Some("array"),
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(n) if n.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        Value::Null => None,
    }
}

/// The keyword `type` for values of this type, and null.
pub(crate) fn type_keyword(kind: &str, has_null: bool) -> Value {
    if has_null {
        json!([kind, "null"])
    } else {
        json!(kind)
    }
}

/// Whether the schema, as it stands, takes `null`.
pub(crate) fn takes_null(schema: &Value) -> bool {
    if get(schema, "nullable") == Some(&Value::Bool(true)) || is_null(schema) {
        return true;
    }
    let values = get(schema, "enum").and_then(Value::as_array);
    let listed = values.map(|values| values.contains(&Value::Null));
    if has_type(schema, "null") {
        return listed.unwrap_or(true);
    }
    if listed == Some(true) && get(schema, "type").is_none() {
        return true;
    }
    let arms = ["anyOf", "oneOf"].map(|key| get(schema, key).and_then(Value::as_array));
    arms.into_iter().flatten().flatten().any(takes_null)
}

/// Makes the schema take `null` as well, in the words of OpenAPI 3.1.
pub(crate) fn make_nullable(value: &mut Value) {
    if takes_null(value) {
        return;
    }
    let Value::Object(object) = value else { return };
    if object.contains_key("$ref") || object.contains_key("allOf") {
        let inner: Map<String, Value>;
        (*object, inner) = std::mem::take(object)
            .into_iter()
            .partition(|(key, _)| PROSE.contains(&key.as_str()));
        object.insert("anyOf".into(), json!([inner, {"type": "null"}]));
        return;
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(Value::Array(arms)) = object.get_mut(key) {
            arms.push(json!({"type": "null"}));
            return;
        }
    }
    match object.get_mut("type") {
        Some(Value::Array(types)) => types.push(json!("null")),
        Some(one) => *one = json!([one.take(), "null"]),
        None => return,
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.push(Value::Null);
    }
}

/// Changes an object as the schema that it is.
pub(crate) fn as_schema(object: &mut Map<String, Value>, change: impl FnOnce(&mut Value)) {
    let mut schema = Value::Object(std::mem::take(object));
    change(&mut schema);
    if let Value::Object(changed) = schema {
        *object = changed;
    }
}

/// Takes `null` out of a schema: what it says of a value that is there.
/// Gives the schema without null, and whether it took null.
pub(crate) fn without_null(mut schema: Value) -> (Value, bool) {
    let mut nullable = false;
    if let Value::Object(object) = &mut schema {
        if let Some(Value::Array(types)) = object.get_mut("type") {
            let before = types.len();
            types.retain(|t| t != "null");
            nullable |= types.len() != before;
            if types.len() == 1 {
                let one = types.remove(0);
                object.insert("type".into(), one);
            }
        }
        for key in ["anyOf", "oneOf"] {
            let Some(Value::Array(arms)) = object.get_mut(key) else {
                continue;
            };
            let before = arms.len();
            arms.retain(|arm| !is_null(arm));
            nullable |= arms.len() != before;
            if arms.len() == 1 && before > 1 {
                let arm = arms.remove(0);
                object.remove(key);
                beside(object, arm);
            }
        }
        if object.remove("nullable") == Some(Value::Bool(true)) {
            nullable = true;
        }
        if let Some(Value::Array(values)) = object.get_mut("enum")
            && values.iter().any(|v| !v.is_null())
        {
            let before = values.len();
            values.retain(|v| !v.is_null());
            // A type that leaves null out takes none, whatever is listed.
            nullable |= values.len() != before && !object.contains_key("type");
        }
    }
    (schema, nullable)
}

/// Adds what a schema says to another that holds at the same time: as a member
/// where both have a keyword, or one is a reference and the other no prose.
fn beside(object: &mut Map<String, Value>, arm: Value) {
    let Value::Object(mut arm) = arm else { return };
    let ours = object.get("description").and_then(Value::as_str);
    if let Some(ours) = ours.map(str::to_owned)
        && let Some(Value::String(theirs)) = arm.shift_remove("description")
        && !ours.contains(&theirs)
    {
        tell(object, &theirs);
    }
    let both = |(key, value): (&String, &Value)| {
        !PROSE.contains(&key.as_str()) && object.get(key).is_some_and(|own| own != value)
    };
    let says = |key: &String| !PROSE.contains(&key.as_str()) && !key.starts_with("x-");
    let apart = arm.contains_key("$ref") && object.keys().any(says);
    if apart || arm.iter().any(both) {
        return add_member(object, Value::Object(arm));
    }
    for (key, value) in arm {
        annotate(object, &key, &value);
    }
}

/// Adds a schema that holds at the same time, as a member of `allOf`.
pub(crate) fn add_member(object: &mut Map<String, Value>, member: Value) {
    match object.get_mut("allOf") {
        Some(Value::Array(members)) => members.push(member),
        _ => {
            object.insert("allOf".into(), json!([member]));
        }
    }
}

/// Adds a sentence to a schema's description.
pub(crate) fn tell(schema: &mut Map<String, Value>, sentence: &str) {
    let text = schema.get("description").and_then(Value::as_str);
    let text = text.unwrap_or_default().trim_end();
    let stop = match text.chars().last() {
        None => "",
        Some('.' | '!' | '?' | ':' | ')' | '`') => " ",
        Some(_) => ". ",
    };
    let text = format!("{text}{stop}{sentence}");
    schema.insert("description".into(), Value::String(text));
}

/// Whether there may be null in a schema for [`without_null`] to take out:
/// asked before it is given a copy.
pub(crate) fn may_take_null(schema: &Value) -> bool {
    let Value::Object(object) = schema else {
        return false;
    };
    object
        .iter()
        .any(|(key, value)| match (key.as_str(), value) {
            ("nullable", value) => *value == Value::Bool(true),
            ("type", Value::Array(types)) => types.iter().any(|t| t == "null"),
            ("enum", Value::Array(values)) => values.iter().any(Value::is_null),
            ("anyOf" | "oneOf", Value::Array(arms)) => arms.iter().any(is_null),
            _ => false,
        })
}

/// Keeps one of the `examples`, if there are any, as `example`.
pub(crate) fn keep_one_example(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let mut all = match object.shift_remove("examples") {
        None => return,
        Some(Value::Array(examples)) => examples,
        Some(Value::Object(examples)) => {
            let value = |example: Value| example.get("value").cloned().unwrap_or(example);
            examples
                .into_iter()
                .map(|(_, example)| value(example))
                .collect()
        }
        // One that should have been a list of one.
        Some(example) => vec![example],
    };
    if let Some(first) = all.first() {
        let kept = object.entry("example").or_insert(first.clone());
        all.retain(|example| example != kept);
    }
    let at = at.join("examples");
    if all.is_empty() {
        report.changed(&at, "written as the one example");
    } else {
        let note = format!("one is kept, {} dropped", all.len());
        report.lost(Subject::Annotation, &at, note);
    }
}

/// Keywords that tell a reader something and constrain nothing.
pub(crate) const PROSE: [&str; 8] = [
    "title",
    "description",
    "deprecated",
    "example",
    "examples",
    "readOnly",
    "writeOnly",
    DECLARED,
];

/// The mark that keeps the default and the constraints of a schema, which the
/// generator reads as part of the description only.
pub(crate) const DECLARED: &str = "x-declared";

/// Keeps a keyword that is taken out of a schema in its mark.
pub(crate) fn declare(schema: &mut Map<String, Value>, keyword: &str, value: Value) {
    let declared = schema.entry(DECLARED).or_insert_with(|| json!({}));
    if let Value::Object(declared) = declared {
        declared.entry(keyword).or_insert(value);
    }
}

/// Takes in an annotation of another schema where this one has none, and what
/// only the other has declared.
pub(crate) fn annotate(schema: &mut Map<String, Value>, key: &str, value: &Value) {
    match (schema.get_mut(key), value) {
        (Some(Value::Object(ours)), Value::Object(theirs)) if key == DECLARED => {
            for (keyword, value) in theirs {
                ours.entry(keyword).or_insert_with(|| value.clone());
            }
        }
        (Some(_), _) => {}
        (None, _) => {
            schema.insert(key.to_owned(), value.clone());
        }
    }
}

/// The same schema, said without prose: equal for equal shapes.
pub(crate) fn shape(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let mut keys: Vec<_> = object.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            keys.into_iter()
                .filter(|(key, value)| {
                    let is_prose = PROSE.contains(&key.as_str()) || *key == "default";
                    !is_prose || (value.is_object() && *key != DECLARED)
                })
                .map(|(key, value)| (key.clone(), shape(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(shape).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed_until_they_lead_back() {
        let schemas = json!({"A": reference("B"), "B": {"type": "string"}, "C": reference("D"), "D": reference("C")});
        let schemas = schemas.as_object().unwrap();
        assert_eq!(resolved(&reference("A"), schemas), &schemas["B"]);
        assert_eq!(ref_name(resolved(&reference("C"), schemas)), Some("C"));
        assert_eq!(resolved(&reference("None"), schemas), &reference("None"));
    }

    #[test]
    fn null_is_not_overlooked() {
        for schema in [
            json!({"type": ["string", "null"]}),
            json!({"type": "string", "nullable": true}),
            json!({"enum": ["a", null]}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"oneOf": [{"type": "string"}, {"const": null}]}),
            json!({"oneOf": [{"type": "string"}, {"enum": [null]}]}),
        ] {
            assert!(without_null(schema.clone()).1, "{schema}");
            assert!(may_take_null(&schema), "{schema}");
        }
        assert!(!may_take_null(
            &json!({"type": "string", "nullable": false})
        ));
    }

    #[test]
    fn null_goes_in_and_comes_out_again() {
        for schema in [
            json!({"type": "string"}),
            json!({"$ref": "#/components/schemas/A"}),
            json!({"type": "string", "enum": ["a"]}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        ] {
            let mut nullable = schema.clone();
            make_nullable(&mut nullable);
            assert!(takes_null(&nullable), "{nullable}");
            assert_eq!(without_null(nullable), (schema, true));
        }
    }

    #[test]
    fn what_is_beside_a_nullable_union_is_kept() {
        let own = json!({"a": {"type": "string"}});
        let arm = json!({"type": "object", "properties": {"b": {"type": "string"}}});
        let union = json!({"type": "object", "properties": own, "anyOf": [arm, {"type": "null"}]});
        let whole = json!({"type": "object", "properties": own, "allOf": [arm]});
        assert_eq!(without_null(union), (whole, true));
        let union = json!({"properties": own, "anyOf": [reference("A"), {"type": "null"}]});
        let whole = json!({"properties": own, "allOf": [reference("A")]});
        assert_eq!(without_null(union), (whole, true));
    }

    #[test]
    fn an_enum_without_null_does_not_take_it() {
        assert!(!takes_null(
            &json!({"type": ["string", "null"], "enum": ["a"]})
        ));
    }
}
