//! Parameters of the path, the query and the headers, and their types.

use serde_json::Value;

use super::resolve::Resolver;

/// Location of a parameter in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Location {
    Path,
    Query,
    Header,
}

/// A declared parameter.
#[derive(Clone, Debug)]
pub(super) struct Parameter<'d> {
    pub(super) name: String,
    pub(super) location: Location,
    pub(super) required: bool,
    pub(super) schema: &'d Value,
    /// Its example values that are strings or numbers.
    pub(super) examples: Vec<String>,
    /// Whether an array is one value, joined by commas.
    pub(super) joined: bool,
}

/// The parameters of the path item and the operation; the operation's own
/// replace those of the same name.
pub(super) fn parameters<'d>(
    document: Resolver<'d>,
    item: &'d Value,
    operation: &'d Value,
) -> Vec<Parameter<'d>> {
    let mut found: Vec<Parameter<'d>> = Vec::new();
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

impl<'d> Parameter<'d> {
    fn read(document: Resolver<'d>, parameter: &'d Value) -> Option<Self> {
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
            schema: parameter.get("schema").unwrap_or(&Value::Null),
            joined: !flag("explode").unwrap_or(location == Location::Query),
        })
    }

    /// The schema of the items, if the parameter is an array.
    pub(super) fn items(&self, document: Resolver<'d>) -> Option<&'d Value> {
        let schema = document.resolve(self.schema);
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
fn examples<'d>(document: Resolver<'d>, parameter: &'d Value) -> Vec<String> {
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

    #[test]
    fn operation_overrides_parameters_of_the_path() {
        let shared = json!({"parameters": [
            {"name": "limit", "in": "query"},
            {"name": "Authorization", "in": "header", "required": true},
        ]});
        let own = json!({"parameters": [{"name": "limit", "in": "query", "required": true}]});
        let root = json!({});
        let found = parameters(Resolver::new(&root), &shared, &own);
        assert_eq!(found.len(), 1);
        assert!(found[0].required);
    }

    #[test]
    fn items_of_an_array_are_found_in_its_alternatives() {
        let list = json!({"type": "array", "items": {"type": "integer"}});
        for (schema, is_array) in [
            (list.clone(), true),
            (json!({"anyOf": [list, {"type": "null"}]}), true),
            (json!({"type": "integer"}), false),
        ] {
            let root = json!({});
            let parameter = json!({"name": "x", "in": "query", "schema": schema});
            let document = Resolver::new(&root);
            let parameter = Parameter::read(document, &parameter).unwrap();
            assert_eq!(parameter.items(document).is_some(), is_array);
            assert!(!parameter.joined);
        }
    }
}
