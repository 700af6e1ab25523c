//! Documentation where generated code has room for it: types and fields have
//! descriptions, and so have parameters; items of arrays and maps have none, and
//! the schema of a parameter only where it has a type of its own. The generator
//! reads `deprecated` of operations only, so descriptions say it of others.

use serde_json::{Map, Value, json};

use super::strip::tell;
use crate::{Pointer, Report, walk};

/// Moves what is documented of items into the description of the array or map,
/// and says of the schema itself that it is deprecated.
pub(super) fn of_schemas(holder: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for (key, part) in [("items", "item"), ("additionalProperties", "value")] {
        if let Some(text) = holder.get_mut(key).and_then(take) {
            tell(holder, &format!("Each {part}: {text}"));
            report.changed(&at.join(key), "moved into the description of the whole");
        }
    }
    deprecated(holder);
}

/// Moves what the schema of a parameter documents into the description of the
/// parameter.
pub(super) fn of_parameters(document: &mut Value, report: &mut Report) {
    walk::parameters(document, &mut |_, parameter, at| {
        let mut text = None;
        walk::carrier(parameter, at, &mut |schema, at| {
            if let Some(moved) = take(schema) {
                report.changed(at, "moved into the description of the parameter");
                text = Some(moved);
            }
        });
        if let Value::Object(parameter) = parameter {
            if let Some(text) = text {
                add(parameter, &text);
            }
            deprecated(parameter);
        }
    });
}

const DEPRECATED: &str = "Deprecated.";

/// Says that a schema or parameter is deprecated, once.
fn deprecated(holder: &mut Map<String, Value>) {
    let text = holder.get("description").and_then(Value::as_str);
    let is_said = text.is_some_and(|text| text.ends_with(DEPRECATED));
    if holder.get("deprecated") == Some(&json!(true)) && !is_said {
        tell(holder, DEPRECATED);
    }
}

/// Takes the documentation of a schema out.
fn take(schema: &mut Value) -> Option<String> {
    let schema = schema.as_object_mut()?;
    schema.shift_remove("deprecated");
    let description = schema.shift_remove("description");
    // A reference needs no `allOf` around it any more.
    if schema.len() == 1
        && let Some(Value::Array(members)) = schema.get_mut("allOf")
        && let [Value::Object(only)] = members.as_mut_slice()
    {
        *schema = std::mem::take(only);
    }
    let text = description.as_ref()?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Adds a text to a description that may hold some of it.
fn add(holder: &mut Map<String, Value>, text: &str) {
    let own = holder.get("description").and_then(Value::as_str);
    let own = own.unwrap_or_default().trim();
    if text.starts_with(own.trim_end_matches('.')) {
        holder.insert("description".into(), json!(text));
    } else if !own.contains(text) {
        tell(holder, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_of_items_is_that_of_the_whole() {
        let mut document = json!({"components": {"schemas": {"S": {"type": "object", "properties": {
            "tags": {"type": "array", "description": "Labels", "items": {"type": "string", "description": "Longest length: `5`."}},
            "grid": {"type": "array", "items": {"type": "array", "items": {"$ref": "#/components/schemas/E", "deprecated": true}}},
            "map": {"type": "object", "additionalProperties": {"type": "string", "description": "one"}},
            "items": {"type": "string", "description": "a property of that name"},
        }}}}});
        super::super::tests::of_schemas(&mut document, &[of_schemas], &mut Report::new());
        assert_eq!(
            document["components"]["schemas"]["S"]["properties"],
            json!({
                "tags": {"type": "array", "description": "Labels. Each item: Longest length: `5`.", "items": {"type": "string"}},
                "grid": {"type": "array", "description": "Each item: Each item: Deprecated.", "items": {"type": "array", "items": {"$ref": "#/components/schemas/E"}}},
                "map": {"type": "object", "description": "Each value: one", "additionalProperties": {"type": "string"}},
                "items": {"type": "string", "description": "a property of that name"},
            })
        );
    }

    #[test]
    fn documentation_of_a_schema_is_that_of_its_parameter() {
        for (parameter, wanted) in [
            (
                json!({"schema": {"description": "At least `1`."}}),
                "At least `1`.",
            ),
            (
                json!({"description": "How many.", "schema": {"description": "At least `1`."}}),
                "How many. At least `1`.",
            ),
            (
                json!({"description": "How many", "schema": {"description": "How many. At least `1`."}}),
                "How many. At least `1`.",
            ),
            (
                json!({"description": "a", "schema": {"description": "b\n\n- c"}}),
                "a. b\n\n- c",
            ),
            (
                json!({"description": "a", "deprecated": true, "schema": {}}),
                "a. Deprecated.",
            ),
            (
                json!({"deprecated": true, "schema": {"deprecated": true}}),
                "Deprecated.",
            ),
            (
                json!({"content": {"application/json": {"schema": {"description": "d"}}}}),
                "d",
            ),
        ] {
            let mut document = json!({"paths": {"/a": {"get": {"parameters": [parameter]}}}});
            of_parameters(&mut document, &mut Report::new());
            let parameter = &document["paths"]["/a"]["get"]["parameters"][0];
            assert_eq!(parameter["description"], wanted);
            assert!(
                parameter["schema"].get("description").is_none(),
                "{parameter}"
            );
        }
    }
}
