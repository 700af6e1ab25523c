//! Objects in a query: one parameter for each property, or a map whose entries
//! are sent as parameters.

use serde_json::{Map, Value, json};

use super::{
    parameter_shape::{Context, Shape},
    strip::{NAME, tell},
};
use crate::{Subject, count};

/// The parameters that are sent for an object, whose schema is `whole`; if
/// `is_deep`, each is called `name[property]`.
pub(super) fn parameters(
    object: &Map<String, Value>,
    whole: &Value,
    is_deep: bool,
    context: &mut Context<'_>,
) -> Vec<Value> {
    let empty = Map::new();
    let properties = whole["properties"].as_object().unwrap_or(&empty);
    let name = object.get("name").and_then(Value::as_str);
    let name = name.unwrap_or_default();
    if properties.is_empty() && whole.get("additionalProperties") != Some(&json!(false)) {
        return vec![map(object, whole, name, is_deep, context)];
    }
    let is_required = object.get("required") == Some(&json!(true));
    let required = whole["required"].as_array().map_or(&[][..], Vec::as_slice);
    let mut sent = Vec::new();
    for (property, schema) in properties {
        let (mut schema, value) = context.sent(schema);
        let shape = Shape::of(&value, context.schemas);
        if !matches!(shape, Shape::Scalar | Shape::List) {
            schema = json!({"type": "string"});
            let note = format!("{property:?} is taken as a string, written by the caller");
            context.lost(Subject::Type, &note);
        }
        if let (Some(default), None) = (whole["default"].get(property), schema.get("default")) {
            schema["default"] = default.clone();
        }
        let is_needed = is_required && required.iter().any(|name| name == property);
        let name = if is_deep {
            format!("{name}[{property}]")
        } else {
            property.clone()
        };
        let mut parameter =
            json!({"name": name, "in": "query", "required": is_needed, "schema": schema});
        for key in ["description", "deprecated"] {
            let about = object.get(key).or(whole.get(key));
            if let (Some(about), None) = (about, parameter["schema"].get(key)) {
                parameter[key] = about.clone();
            }
        }
        sent.push(parameter);
    }
    let is_met = |name: &Value| name.as_str().is_some_and(|n| properties.contains_key(n));
    let is_unmet = required.iter().any(|name| !is_required || !is_met(name));
    report_others(object, whole, is_unmet, context);
    if sent.is_empty() {
        let note = "an object that can hold nothing; left out";
        context.lost(Subject::Parameter, note);
    }
    let count = count(sent.len(), "parameter");
    context.changed(format!(
        "{name:?} is sent as {count}, one for each property"
    ));
    sent
}

/// The same parameter, with a map of scalars.
fn map(
    object: &Map<String, Value>,
    whole: &Value,
    name: &str,
    is_deep: bool,
    context: &mut Context<'_>,
) -> Value {
    let mut map = whole.clone();
    let is_typed = map["additionalProperties"].is_object();
    let is_flat = is_typed && Shape::of(whole, context.schemas) == Shape::Flat;
    if let Value::Object(map) = &mut map {
        map.shift_remove("properties");
        map.shift_remove(NAME);
    }
    map["type"] = json!("object");
    if !is_flat {
        map["additionalProperties"] = json!({"type": "string"});
    }
    let mut parameter = object.clone();
    parameter.insert("schema".into(), map);
    if is_deep {
        tell(
            &mut parameter,
            &format!("Each key is written as `{name}[key]`."),
        );
    }
    if is_deep || (is_typed && !is_flat) {
        let note = "keys of a deep object and values that are objects are written by the caller";
        context.lost(Subject::Type, note);
    }
    Value::Object(parameter)
}

/// Reports the keywords that are about the whole, which is not sent as one;
/// `required` only where the parameters do not require the same.
fn report_others(
    object: &Map<String, Value>,
    whole: &Value,
    is_unmet: bool,
    context: &mut Context<'_>,
) {
    const CARRIED: &str = "name in required schema description deprecated";
    let note = "about an object whose properties are parameters";
    for key in object.keys() {
        if !CARRIED.split(' ').any(|carried| carried == key) {
            let at = context.at.join(key);
            context.report.lost(Subject::Annotation, &at, note);
        }
    }
    for (key, value) in whole.as_object().into_iter().flatten() {
        let at = context.at.join("schema").join(key);
        match key.as_str() {
            "type" | "properties" | "description" | "deprecated" | NAME => {}
            "default" if value.is_object() => {}
            "required" if !is_unmet => {}
            "additionalProperties" | "unevaluatedProperties" if *value == json!(false) => {
                let note = "no parameters beyond the properties";
                context.report.changed(&at, note);
            }
            "additionalProperties" | "unevaluatedProperties" | "patternProperties" => {
                let note = "entries that are not declared cannot be sent";
                context.report.lost(Subject::Field, &at, note);
            }
            _ => context.report.lost(Subject::at(&at), &at, note),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pointer, Report};

    /// The parameters that are sent for each of these, and the losses.
    fn after(parameters: &Value) -> (Value, Report) {
        let schemas = json!({
            "Filter": {"type": "object", "required": ["a"], "properties": {
                "a": {"type": "string"}, "b": {"type": "object"}}},
        });
        let schemas = schemas.as_object().unwrap();
        let (mut sent, mut report) = (Vec::new(), Report::new());
        for parameter in parameters.as_array().unwrap() {
            let mut context = Context {
                schemas,
                at: &Pointer::root(),
                report: &mut report,
            };
            let whole = context.sent(&parameter["schema"]).1;
            let is_deep = parameter["style"] == "deepObject";
            let mut parameter = parameter.as_object().unwrap().clone();
            parameter.shift_remove("style");
            sent.extend(super::parameters(&parameter, &whole, is_deep, &mut context));
        }
        (Value::Array(sent), report)
    }

    /// What is sent for one parameter, and how many losses are reported.
    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn one(parameter: Value) -> (Value, usize) {
        let (mut sent, report) = after(&json!([parameter]));
        (sent[0].take(), report.losses().count())
    }

    #[test]
    fn objects_are_sent_property_by_property() {
        let (parameters, report) = after(&json!([
            {"name": "f", "in": "query", "style": "deepObject", "required": true, "schema": {"$ref": "#/components/schemas/Filter"}},
            {"name": "g", "in": "query", "description": "d", "schema": {"type": ["object", "null"], "additionalProperties": true, "properties": {
                "x": {"type": "integer"}, "y": {"type": "array", "items": {"type": "string"}, "description": "own"}}}},
        ]));
        assert_eq!(
            parameters,
            json!([
                {"name": "f[a]", "in": "query", "required": true, "schema": {"type": "string"}},
                {"name": "f[b]", "in": "query", "required": false, "schema": {"type": "string"}},
                {"name": "x", "in": "query", "required": false, "schema": {"type": "integer"}, "description": "d"},
                {"name": "y", "in": "query", "required": false, "schema": {"type": "array", "items": {"type": "string"}, "description": "own"}},
            ])
        );
        let lost: Vec<_> = report.losses().map(|l| l.note.as_str()).collect();
        assert_eq!(
            lost,
            [
                "\"b\" is taken as a string, written by the caller",
                "entries that are not declared cannot be sent"
            ]
        );
    }

    #[test]
    fn maps_are_sent_entry_by_entry() {
        let map = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        let (sent, losses) = one(json!({"name": "m", "in": "query", "schema": map}));
        assert_eq!((&sent["schema"], losses), (&map, 0));
        let (sent, losses) =
            one(json!({"name": "m", "in": "query", "style": "deepObject", "schema": map}));
        assert_eq!((&sent["schema"], losses), (&map, 1));
        assert_eq!(sent["description"], "Each key is written as `m[key]`.");
    }

    #[test]
    fn values_that_are_objects_are_strings() {
        let map = json!({"type": "object", "additionalProperties": {"type": "object"}});
        let (sent, losses) = one(json!({"name": "m", "in": "query", "schema": map}));
        let text = json!({"type": "object", "additionalProperties": {"type": "string"}});
        assert_eq!((&sent["schema"], losses), (&text, 1));
    }

    #[test]
    fn what_is_said_of_the_whole_is_carried_or_lost() {
        let (sent, report) = after(
            &json!([{"name": "f", "in": "query", "example": {}, "schema": {
                "type": "object", "description": "d", "deprecated": true, "default": {"a": "x"},
                "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false,
                "patternProperties": {"^b": {"type": "string"}}, "dependentRequired": {"a": ["b"]},
            }}]),
        );
        assert_eq!(
            sent,
            json!([{"name": "a", "in": "query", "required": false, "description": "d", "deprecated": true,
                "schema": {"type": "string", "default": "x"}}])
        );
        let lost: Vec<_> = report.losses().map(|l| l.pointer.as_str()).collect();
        assert_eq!(
            lost,
            [
                "/example",
                "/schema/required",
                "/schema/patternProperties",
                "/schema/dependentRequired"
            ]
        );
    }
}
