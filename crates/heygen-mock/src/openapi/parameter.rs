//! Parameters of the path, the query and the headers, and their types.

use serde_json::{Number, Value};

use super::resolve::Document;
use super::validate::{Problem, validate};

/// Location of a parameter in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
}

/// A declared parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) schema: Value,
    /// Its example values that are strings or numbers.
    pub(crate) examples: Vec<String>,
    /// Whether an array is one value, joined by commas.
    joined: bool,
}

/// The parameters of the path item and the operation; the operation's own
/// replace those of the same name.
pub(crate) fn parameters(document: &Document, item: &Value, operation: &Value) -> Vec<Parameter> {
    let mut found: Vec<Parameter> = Vec::new();
    for holder in [item, operation] {
        let declared = holder.get("parameters").and_then(Value::as_array);
        for parameter in declared.into_iter().flatten() {
            if let Some(new) = Parameter::read(document, document.resolve(parameter)) {
                found.retain(|old| (&old.name, old.location) != (&new.name, new.location));
                found.push(new);
            }
        }
    }
    found
}

impl Parameter {
    fn read(document: &Document, parameter: &Value) -> Option<Self> {
        let field = |key: &str| parameter.get(key).and_then(Value::as_str);
        let flag = |key: &str| parameter.get(key).and_then(Value::as_bool);
        let name = field("name")?;
        let location = match field("in")? {
            "path" => Location::Path,
            "query" => Location::Query,
            // These three are declared by the body and the security of an
            // operation.
            "header"
                if ["accept", "content-type", "authorization"]
                    .iter()
                    .any(|reserved| name.eq_ignore_ascii_case(reserved)) =>
            {
                return None;
            }
            "header" => Location::Header,
            _ => return None,
        };
        Some(Self {
            name: name.to_owned(),
            location,
            required: flag("required").unwrap_or(false),
            examples: examples(document, parameter),
            schema: parameter.get("schema").cloned().unwrap_or(Value::Null),
            joined: !flag("explode").unwrap_or(location == Location::Query),
        })
    }

    /// Validates the values of this parameter in a request; there is at least
    /// one.
    pub(crate) fn check(&self, document: &Document, values: &[String]) -> Result<(), Problem> {
        let Some(items) = self.items(document) else {
            return match values {
                [value] => scalar(document, &self.schema, value),
                _ => Err(Problem {
                    at: String::new(),
                    wanted: "sent only once".to_owned(),
                }),
            };
        };
        for value in values {
            if self.joined {
                for part in value.split(',') {
                    scalar(document, items, part)?;
                }
            } else {
                scalar(document, items, value)?;
            }
        }
        Ok(())
    }

    /// The schema of the items, if the parameter is an array.
    fn items<'a>(&'a self, document: &'a Document) -> Option<&'a Value> {
        let schema = document.resolve(&self.schema);
        let alternatives = ["anyOf", "oneOf"]
            .into_iter()
            .filter_map(|key| schema.get(key)?.as_array())
            .flatten();
        std::iter::once(schema)
            .chain(alternatives)
            .find_map(|schema| document.resolve(schema).get("items"))
    }
}

/// The parameter's `example` and `examples`, then those of its schema.
fn examples(document: &Document, parameter: &Value) -> Vec<String> {
    let named = parameter.get("examples").and_then(Value::as_object);
    let named = named
        .into_iter()
        .flat_map(|all| all.values())
        .filter_map(|example| document.resolve(example).get("value"));
    let schema = document.get(parameter, "schema").unwrap_or(&Value::Null);
    let listed = schema.get("examples").and_then(Value::as_array);
    let mut found = Vec::new();
    for example in (parameter.get("example").into_iter())
        .chain(named)
        .chain(schema.get("example"))
        .chain(listed.into_iter().flatten())
        .filter_map(text)
    {
        if !found.contains(&example) {
            found.push(example);
        }
    }
    found
}

/// Validates a string: it is valid if any value that it parses to is valid.
fn scalar(document: &Document, schema: &Value, text: &str) -> Result<(), Problem> {
    let first = validate(document, schema, &Value::from(text));
    if first.is_ok() || parse_scalars(text).any(|value| validate(document, schema, &value).is_ok())
    {
        return Ok(());
    }
    first
}

/// The number and the boolean that a string parses to.
fn parse_scalars(text: &str) -> impl Iterator<Item = Value> {
    let number = text.parse::<i64>().map(Number::from).ok();
    let number = number.or_else(|| Number::from_f64(text.parse().ok()?));
    let truth = text.parse::<bool>().ok();
    number
        .map(Value::Number)
        .into_iter()
        .chain(truth.map(Value::Bool))
}

/// A string or number as it is written in a path.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error_of(parameter: &Value, values: &[&str]) -> Option<String> {
        let document = Document::new(json!({}));
        let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
        let parameter = Parameter::read(&document, parameter).unwrap();
        parameter
            .check(&document, &values)
            .err()
            .map(|problem| problem.to_string())
    }

    fn query(schema: &Value) -> Value {
        json!({"name": "x", "in": "query", "schema": schema})
    }

    #[test]
    fn string_is_parsed_as_the_type_of_the_schema() {
        let integer = query(&json!({"type": "integer"}));
        assert_eq!(error_of(&integer, &["12"]), None);
        assert_eq!(
            error_of(&integer, &["1.5"]).unwrap(),
            "the value must be a whole number"
        );
        assert_eq!(
            error_of(&integer, &["x"]).unwrap(),
            "the value must be a whole number"
        );
        assert_eq!(
            error_of(&integer, &["1", "2"]).unwrap(),
            "the value must be sent only once"
        );
        let flag = query(&json!({"anyOf": [{"type": "boolean"}, {"type": "null"}]}));
        assert_eq!(error_of(&flag, &["true"]), None);
        assert!(error_of(&flag, &["yes"]).is_some());
        assert_eq!(error_of(&query(&json!({"type": "string"})), &["12"]), None);
        assert!(error_of(&query(&json!({"enum": ["a"]})), &["b"]).is_some());
    }

    #[test]
    fn arrays_are_repeated_or_joined() {
        let list = json!({"type": "array", "items": {"type": "integer"}});
        assert_eq!(error_of(&query(&list), &["1", "2"]), None);
        assert!(error_of(&query(&list), &["1,2"]).is_some());
        let joined = json!({"name": "x", "in": "query", "explode": false, "schema": list});
        assert_eq!(error_of(&joined, &["1,2"]), None);
        assert!(error_of(&joined, &["1,b"]).is_some());
    }

    #[test]
    fn operation_overrides_parameters_of_the_path() {
        let shared = json!({"parameters": [
            {"name": "limit", "in": "query"},
            {"name": "Authorization", "in": "header", "required": true},
        ]});
        let own = json!({"parameters": [{"name": "limit", "in": "query", "required": true}]});
        let found = parameters(&Document::new(json!({})), &shared, &own);
        assert_eq!(found.len(), 1);
        assert!(found[0].required);
    }
}
