//! Validates a value against a schema: types, required properties, consts and
//! enums. Constraints on length, range and pattern are left to the real
//! service.

use std::fmt;

use serde_json::Value;

use super::resolve::Document;

/// Maximum depth that is validated.
const MAX_DEPTH: usize = 64;

/// A validation error: the location and the expected value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The path of the property, as `items[0].name`; empty for the value
    /// itself.
    pub(crate) at: String,
    /// The expected value, phrased to follow "must be".
    pub(crate) wanted: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() {
            "the value"
        } else {
            &self.at
        };
        write!(f, "{at} must be {}", self.wanted)
    }
}

/// Validates a value against a schema; the error is the first problem.
pub(crate) fn validate(document: &Document, schema: &Value, value: &Value) -> Result<(), Problem> {
    Check { document }.value(schema, value, "", 0)
}

struct Check<'a> {
    document: &'a Document,
}

impl Check<'_> {
    fn value(&self, schema: &Value, value: &Value, at: &str, depth: usize) -> Result<(), Problem> {
        let schema = self.document.resolve(schema);
        if schema == &Value::Bool(false) {
            return Err(problem(at, "absent"));
        }
        if depth > MAX_DEPTH || !schema.is_object() {
            return Ok(());
        }
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return Ok(());
        }
        types(schema, value, at)?;
        constants(schema, value, at)?;
        for part in list(schema, "allOf") {
            self.value(part, value, at, depth + 1)?;
        }
        for choice in ["anyOf", "oneOf"] {
            self.any(list(schema, choice), value, at, depth)?;
        }
        self.properties(schema, value, at, depth)?;
        if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
            for (index, item) in values.iter().enumerate() {
                self.value(items, item, &format!("{at}[{index}]"), depth + 1)?;
            }
        }
        Ok(())
    }

    /// One of the alternatives must be valid. The problem reported is the one
    /// deepest in the value.
    fn any(
        &self,
        alternatives: &[Value],
        value: &Value,
        at: &str,
        depth: usize,
    ) -> Result<(), Problem> {
        let mut closest: Option<Problem> = None;
        for alternative in alternatives {
            match self.value(alternative, value, at, depth + 1) {
                Ok(()) => return Ok(()),
                Err(found) => {
                    let further = |known: &Problem| found.at.len() > known.at.len();
                    if closest.as_ref().is_none_or(further) {
                        closest = Some(found);
                    }
                }
            }
        }
        match closest {
            None => Ok(()),
            Some(found) if found.at.len() > at.len() || alternatives.len() == 1 => Err(found),
            Some(_) => Err(problem(at, "one of the alternatives of the schema")),
        }
    }

    fn properties(
        &self,
        schema: &Value,
        value: &Value,
        at: &str,
        depth: usize,
    ) -> Result<(), Problem> {
        let Some(fields) = value.as_object() else {
            return Ok(());
        };
        let properties = schema.get("properties");
        let property = |name: &str| properties.and_then(|all| all.get(name));
        for name in list(schema, "required").iter().filter_map(Value::as_str) {
            let read_only = property(name)
                .and_then(|found| self.document.get(found, "readOnly"))
                .is_some_and(|flag| flag == &Value::Bool(true));
            if !fields.contains_key(name) && !read_only {
                return Err(problem(&join(at, name), "present"));
            }
        }
        for (name, field) in fields {
            if let Some(schema) = property(name) {
                self.value(schema, field, &join(at, name), depth + 1)?;
            }
        }
        Ok(())
    }
}

fn types(schema: &Value, value: &Value, at: &str) -> Result<(), Problem> {
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    if names.is_empty() || names.iter().any(|name| is_a(name, value)) {
        return Ok(());
    }
    let wanted: Vec<&str> = names.iter().map(|name| with_article(name)).collect();
    Err(problem(at, &wanted.join(" or ")))
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
        }
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn with_article(name: &str) -> &str {
    match name {
        "boolean" => "true or false",
        "number" => "a number",
        "integer" => "a whole number",
        "string" => "a string",
        "array" => "an array",
        "object" => "an object",
        other => other,
    }
}

fn constants(schema: &Value, value: &Value, at: &str) -> Result<(), Problem> {
    if let Some(constant) = schema.get("const").filter(|constant| *constant != value) {
        return Err(problem(at, &constant.to_string()));
    }
    let allowed = list(schema, "enum");
    if allowed.is_empty() || allowed.contains(value) {
        return Ok(());
    }
    let names: Vec<String> = allowed.iter().map(Value::to_string).collect();
    Err(problem(at, &format!("one of {}", names.join(", "))))
}

fn list<'a>(schema: &'a Value, key: &str) -> &'a [Value] {
    schema
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

fn problem(at: &str, wanted: &str) -> Problem {
    Problem {
        at: at.to_owned(),
        wanted: wanted.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error_of(schema: &Value, value: &Value) -> Option<String> {
        let document = Document::new(json!({
            "tree": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "kids": {"type": "array", "items": {"$ref": "#/tree"}},
                },
            },
        }));
        validate(&document, schema, value)
            .err()
            .map(|problem| problem.to_string())
    }

    #[test]
    fn types_and_their_lists() {
        assert_eq!(error_of(&json!({"type": "integer"}), &json!(3.0)), None);
        assert_eq!(
            error_of(&json!({"type": ["string", "null"]}), &json!(null)),
            None
        );
        assert_eq!(
            error_of(&json!({"type": "string", "nullable": true}), &json!(null)),
            None
        );
        assert_eq!(
            error_of(&json!({"type": ["string", "null"]}), &json!(1)).unwrap(),
            "the value must be a string or null"
        );
        assert_eq!(error_of(&json!({}), &json!([1])), None);
        assert_eq!(error_of(&json!({"$ref": "#/nowhere"}), &json!([1])), None);
    }

    #[test]
    fn nested_problem_is_named_by_its_path() {
        let tree = json!({"$ref": "#/tree"});
        assert_eq!(
            error_of(&tree, &json!({"name": "a", "kids": [{"name": "b"}]})),
            None
        );
        assert_eq!(
            error_of(&tree, &json!({"name": "a", "kids": [{"name": "b"}, {}]})).unwrap(),
            "kids[1].name must be present"
        );
        assert_eq!(
            error_of(&tree, &json!({"name": "a", "kids": [{"name": 1}]})).unwrap(),
            "kids[0].name must be a string"
        );
    }

    #[test]
    fn consts_enums_and_alternatives() {
        assert_eq!(error_of(&json!({"enum": ["a", "b"]}), &json!("b")), None);
        assert_eq!(
            error_of(&json!({"enum": ["a", "b"]}), &json!("c")).unwrap(),
            "the value must be one of \"a\", \"b\""
        );
        let either = json!({"anyOf": [{"$ref": "#/tree"}, {"type": "null"}]});
        assert_eq!(error_of(&either, &json!(null)), None);
        assert_eq!(
            error_of(&either, &json!({})).unwrap(),
            "name must be present"
        );
        assert_eq!(
            error_of(&either, &json!(5)).unwrap(),
            "the value must be one of the alternatives of the schema"
        );
        let both = json!({"allOf": [{"$ref": "#/tree"}, {"required": ["age"]}]});
        assert_eq!(
            error_of(&both, &json!({"name": "a"})).unwrap(),
            "age must be present"
        );
    }

    #[test]
    fn read_only_property_is_not_required_of_requests() {
        let schema = json!({
            "required": ["id"],
            "properties": {"id": {"type": "string", "readOnly": true}},
        });
        assert_eq!(error_of(&schema, &json!({})), None);
    }
}
