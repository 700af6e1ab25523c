//! Enums: what their values are called, and those whose values have no names in
//! Rust.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::strip::{shown, tell};
use crate::{Pointer, Report, Subject, rust_names, schema};

/// The mark on an integer with the values that are documented.
pub(crate) const KNOWN_VALUES: &str = "x-known-values";

/// What the values of an enum are called, in the order of the values.
pub(crate) const VARNAMES: &str = "x-enum-varnames";

/// The values that a schema is restricted to, by `const` or `enum`.
pub(super) fn values(schema: &Map<String, Value>) -> Option<&[Value]> {
    let one = schema.get("const").map(std::slice::from_ref);
    one.or_else(|| Some(schema.get("enum")?.as_array()?.as_slice()))
}

/// Reads the variants that a document names, in the order of the values. A list
/// that does not name each value once is ignored; of strings it becomes an object
/// by value.
pub(super) fn variant_names(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let Some(given) = schema.shift_remove(VARNAMES) else {
        return;
    };
    let values = schema.get("enum").and_then(Value::as_array);
    let values = values.map_or(&[][..], Vec::as_slice);
    if let Some(names) = variants_of(&given, values) {
        let named = values.iter().zip(&names);
        let named = named.filter(|(_, name)| !name.is_null());
        let by_value = named.map(|(value, name)| Some((value.as_str()?.to_owned(), name.clone())));
        let by_value: Option<Map<String, Value>> = by_value.collect();
        let kept = by_value.map_or(Value::Array(names), Value::Object);
        schema.insert(VARNAMES.into(), kept);
    } else {
        let note = "ignored: not a name for each value that is distinct in Rust";
        report.lost(Subject::Annotation, &at.join(VARNAMES), note);
    }
}

/// The variant of each value; null has none.
fn variants_of(given: &Value, values: &[Value]) -> Option<Vec<Value>> {
    let given = given
        .as_array()
        .filter(|given| given.len() == values.len())?;
    let mut seen = HashSet::new();
    let variants = given.iter().zip(values).map(|(name, value)| {
        if value.is_null() {
            return Some(Value::Null);
        }
        let name = name
            .as_str()
            .filter(|name| name.contains(char::is_alphanumeric))?;
        let variant = rust_names::fixed_pascal(name);
        seen.insert(variant.clone()).then_some(json!(variant))
    });
    variants.collect()
}

/// Reads an enum as its type where its values are not strings. Integers are any
/// integer with a mark.
pub(super) fn unnameable(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let Some(values) = values(schema) else { return };
    let kinds = schema::kinds(schema);
    let mut present = values.iter().filter(|value| !value.is_null()).peekable();
    let lost = if values.is_empty() {
        Some((Subject::Type, "an enum of no values; any value is taken"))
    } else if present.peek().is_none() {
        let contradicts = kinds.iter().any(|kind| *kind != "null");
        let note = "null and a type that is not; the type is taken";
        contradicts.then_some((Subject::Constraint, note))
    } else if !kinds.is_empty() && !present.clone().any(|value| is_of(value, &kinds)) {
        let note = "values of another type than is given; any value is taken";
        Some((Subject::EnumValue, note))
    } else if present.clone().all(Value::is_string) {
        None
    } else {
        return known_values(schema, at, report);
    };
    if let Some((subject, note)) = lost {
        schema.retain(|key, _| match key.as_str() {
            "enum" | "const" => false,
            "type" | "properties" | "items" | "required" => subject != Subject::EnumValue,
            _ => true,
        });
        report.lost(subject, at, note);
    }
}

/// Moves values that have no names into the description; those of integers are
/// a mark too.
fn known_values(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let values = values(schema).unwrap_or_default().to_vec();
    let names = schema.shift_remove(VARNAMES);
    schema.retain(|key, _| !matches!(key.as_str(), "enum" | "const"));
    schema::declare(schema, "enum", json!(values));
    let (null, present): (Vec<_>, Vec<_>) = values.iter().partition(|value| value.is_null());
    let known: Vec<String> = present.iter().map(|value| shown(value)).collect();
    tell(
        schema,
        &format!("Known values: `{}`.", known.join("`, `").replace('\n', " ")),
    );
    let kind = schema::kind_of(present[0]);
    let is_of_kind = |value: &&Value| schema::kind_of(value) == kind;
    if let Some(kind) = kind.filter(|_| present.iter().all(is_of_kind))
        && !schema.contains_key("type")
    {
        schema.insert("type".into(), schema::type_keyword(kind, !null.is_empty()));
    }
    let is_integer = |kind: &str| matches!(kind, "integer" | "null");
    let all_integers = schema::kinds(schema).into_iter().all(is_integer);
    if all_integers && present.len() > 1 && present.iter().all(|value| value.is_i64()) {
        if let Some(Value::Array(names)) = names {
            let of_all = names.into_iter().zip(&values);
            let of_present = of_all.filter(|(_, value)| !value.is_null());
            schema.insert(VARNAMES.into(), of_present.map(|(name, _)| name).collect());
        }
        schema.insert(KNOWN_VALUES.into(), json!(present));
        report.changed(at, "any integer is taken; these values are a mark");
    } else {
        let note = "values that have no names in Rust; any value of the type is taken";
        report.lost(Subject::EnumValue, at, note);
    }
}

/// Whether a value is of one of these types.
fn is_of(value: &Value, kinds: &[&str]) -> bool {
    let kind = schema::kind_of(value);
    kinds
        .iter()
        .any(|of| kind == Some(of) || value.is_number() && matches!(*of, "integer" | "number"))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::after, *};

    #[test]
    fn enums_without_names_are_texts() {
        let (schemas, losses) = after(
            unnameable,
            json!({
                "Fine": {"type": "string", "enum": ["16:9", "9:16", "a"]},
                "Mixed": {"enum": [1, "two"]},
                "Empty": {"enum": []},
            }),
        );
        assert_eq!(
            schemas,
            json!({
                "Fine": {"type": "string", "enum": ["16:9", "9:16", "a"]},
                "Mixed": {"description": "Known values: `1`, `two`.",
                    "x-declared": {"enum": [1, "two"]}},
                "Empty": {},
            })
        );
        assert_eq!(losses, 2);
    }

    #[test]
    fn variants_are_named_by_the_document() {
        let read = |schema: Value| {
            let mut document = json!({"components": {"schemas": {"S": schema}}});
            let mut report = Report::new();
            super::super::tests::of_schemas(&mut document, &[variant_names], &mut report);
            let given = document["components"]["schemas"]["S"][VARNAMES].take();
            (given, report.losses().next().map(|loss| loss.note.clone()))
        };
        let names =
            |names: Value, values: Value| read(json!({"enum": values, "x-enum-varnames": names}));
        assert_eq!(
            names(
                json!(["P1080", "HTTP_OK", "none"]),
                json!(["1080p", "ok", null])
            ),
            (json!({"1080p": "P1080", "ok": "HttpOk"}), None)
        );
        assert_eq!(
            names(json!(["HTTP_OK", "none"]), json!([200, null])),
            (json!(["HttpOk", null]), None)
        );
        for list in [
            json!(["A"]),
            json!(["A_B", "aB"]),
            json!(["A", 1]),
            json!("A"),
        ] {
            let (given, loss) = names(list, json!(["a", "b"]));
            assert_eq!(given, Value::Null);
            assert!(loss.is_some());
        }
    }
}
