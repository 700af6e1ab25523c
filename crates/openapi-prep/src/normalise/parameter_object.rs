//! Objects in a query: one parameter for each property, or a map whose entries
//! are sent as parameters.

use serde_json::{Map, Value, json};

use super::{
    parameter_shape::{Shape, one_or_list, resolved},
    rule,
    strip::{NAME, tell},
};
use crate::{Pointer, Report, Subject, count};

/// An object among the query parameters of an operation.
pub(super) struct QueryObject<'a> {
    /// The parameter.
    pub(super) parameter: &'a Map<String, Value>,
    /// Its schema, with references followed.
    pub(super) whole: &'a Value,
    /// Whether a property is written as `name[property]`.
    pub(super) is_deep: bool,
    pub(super) schemas: &'a Map<String, Value>,
    pub(super) at: &'a Pointer,
}

impl QueryObject<'_> {
    /// The parameters that are sent for it.
    pub(super) fn parameters(&self, report: &mut Report) -> Vec<Value> {
        let properties = self.whole.get("properties").and_then(Value::as_object);
        let is_open = self.whole.get("additionalProperties") != Some(&Value::Bool(false));
        match properties.filter(|properties| !properties.is_empty()) {
            None if is_open => vec![self.map(report)],
            properties => self.of_properties(properties.unwrap_or(&Map::new()), report),
        }
    }

    fn name(&self) -> &str {
        self.parameter["name"].as_str().unwrap_or_default()
    }

    fn lost(&self, subject: Subject, at: &Pointer, note: &str, report: &mut Report) {
        report.lost(subject, rule("parameter-object"), at, note);
    }

    /// The same parameter, with a map of scalars.
    fn map(&self, report: &mut Report) -> Value {
        let mut parameter = self.parameter.clone();
        let mut map = self.whole.as_object().cloned().unwrap_or_default();
        map.shift_remove("properties");
        map.shift_remove(NAME);
        map.insert("type".into(), json!("object"));
        let entries = map
            .get("additionalProperties")
            .filter(|more| more.is_object());
        let is_flat = Shape::of(self.whole, self.schemas) == Shape::Flat;
        if entries.is_some() && !is_flat && !self.is_deep {
            let note = "the values are taken as strings, written by the caller";
            self.lost(Subject::Type, self.at, note, report);
        }
        if entries.is_none() || !is_flat {
            map.insert("additionalProperties".into(), json!({"type": "string"}));
        }
        parameter.insert("schema".into(), Value::Object(map));
        if self.is_deep {
            tell(
                &mut parameter,
                &format!("Each key is written as `{}[key]`.", self.name()),
            );
            let note = "a deep object of any keys, which the caller writes in full";
            self.lost(Subject::Type, self.at, note, report);
        }
        Value::Object(parameter)
    }

    fn of_properties(&self, properties: &Map<String, Value>, report: &mut Report) -> Vec<Value> {
        let is_required = self.parameter.get("required") == Some(&Value::Bool(true));
        let listed = self.whole.get("required").and_then(Value::as_array);
        let mut required: Vec<&str> = listed
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut sent = Vec::new();
        for (property, schema) in properties {
            let mut schema = schema.clone();
            let mut inner = resolved(&schema, self.schemas);
            if let Some(list) = one_or_list(&inner, self.schemas) {
                schema = list.clone();
                inner = list;
            }
            if !matches!(Shape::of(&inner, self.schemas), Shape::Scalar | Shape::List) {
                schema = json!({"type": "string"});
                let note = format!("{property:?} is taken as a string, written by the caller");
                self.lost(Subject::Type, self.at, &note, report);
            }
            let name = match self.is_deep {
                true => format!("{}[{property}]", self.name()),
                false => property.clone(),
            };
            let is_needed = is_required && required.contains(&property.as_str());
            if is_required {
                required.retain(|name| name != property);
            }
            let mut parameter =
                json!({"name": name, "in": "query", "required": is_needed, "schema": schema});
            for key in ["description", "deprecated"] {
                let about = self.parameter.get(key).or(self.whole.get(key));
                if let (Some(about), None) = (about, parameter["schema"].get(key)) {
                    parameter[key] = about.clone();
                }
            }
            if let (Some(default), Value::Object(schema)) = (
                self.whole["default"].get(property),
                &mut parameter["schema"],
            ) {
                schema.entry("default").or_insert_with(|| default.clone());
            }
            sent.push(parameter);
        }
        self.report_others(&required, report);
        if sent.is_empty() {
            let note = "an object that can hold nothing; left out";
            self.lost(Subject::Parameter, self.at, note, report);
        }
        let name = self.name();
        let count = count(sent.len(), "parameter");
        let note = format!("{name:?} is sent as {count}, one for each property");
        report.changed(rule("parameter-object"), self.at, note);
        sent
    }

    /// Reports the keywords that are about the whole, which is not sent as one.
    /// `required` is what they require beyond the parameters.
    fn report_others(&self, required: &[&str], report: &mut Report) {
        const CARRIED: [&str; 6] = [
            "type",
            "nullable",
            "properties",
            "description",
            "deprecated",
            "default",
        ];
        let keywords = self.whole.as_object().into_iter().flatten();
        for (key, value) in keywords.filter(|(key, _)| !CARRIED.contains(&key.as_str())) {
            let at = self.at.join("schema").join(key);
            match (key.as_str(), value) {
                (NAME, _) => {}
                ("required", _) if required.is_empty() => {}
                ("additionalProperties" | "unevaluatedProperties", Value::Bool(false)) => {
                    let note = "no parameters beyond the properties";
                    report.changed(rule("parameter-object"), &at, note);
                }
                ("additionalProperties" | "unevaluatedProperties" | "patternProperties", _) => {
                    let note = "entries that are not declared cannot be sent";
                    self.lost(Subject::Field, &at, note, report);
                }
                _ => {
                    let note = format!("`{key}` of an object whose properties are parameters");
                    self.lost(Subject::at(&at), &at, &note, report);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parameters that are sent for each of these, and the losses.
    fn after(parameters: &Value) -> (Value, Report) {
        let schemas = json!({
            "Filter": {"type": "object", "required": ["a"], "properties": {
                "a": {"type": "string"}, "b": {"type": "object"}}},
        });
        let schemas = schemas.as_object().unwrap();
        let (mut sent, mut report) = (Vec::new(), Report::new());
        for parameter in parameters.as_array().unwrap() {
            let object = QueryObject {
                parameter: parameter.as_object().unwrap(),
                whole: &resolved(&parameter["schema"], schemas),
                is_deep: parameter["style"] == "deepObject",
                schemas,
                at: &Pointer::root(),
            };
            sent.extend(object.parameters(&mut report));
        }
        for parameter in &mut sent {
            parameter.as_object_mut().unwrap().shift_remove("style");
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
        let (sent, report) = after(&json!([{"name": "f", "in": "query", "schema": {
            "type": "object", "description": "d", "deprecated": true, "default": {"a": "x"},
            "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false,
            "patternProperties": {"^b": {"type": "string"}}, "dependentRequired": {"a": ["b"]},
        }}]));
        assert_eq!(
            sent,
            json!([{"name": "a", "in": "query", "required": false, "description": "d", "deprecated": true,
                "schema": {"type": "string", "default": "x"}}])
        );
        let lost: Vec<_> = report.losses().map(|l| l.pointer.as_str()).collect();
        assert_eq!(
            lost,
            [
                "/schema/required",
                "/schema/patternProperties",
                "/schema/dependentRequired"
            ]
        );
    }
}
