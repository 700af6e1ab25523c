//! Values made up to fit a schema.

use serde_json::{Map, Value, json};

use crate::operations::{members, resolve};

/// A text that has to be encoded in a path and in a query.
pub const TEXT: &str = "a b/ü?&%";

/// How deep values are made; below it, what may be left out is left out.
const DEPTH: usize = 12;

/// A scalar, or a list of such.
pub fn scalar(root: &Value, schema: &Value) -> Value {
    Sampler { root, round: 0 }.value(schema, 0)
}

/// Values with all properties; one for each branch of the union with the most of
/// them, if there is any.
pub fn full(root: &Value, schema: &Value) -> Vec<Value> {
    let rounds = 0..most_branches(root, schema, 0);
    rounds
        .map(|round| Sampler { root, round }.value(schema, 0))
        .collect()
}

struct Sampler<'a> {
    root: &'a Value,
    /// Which branch of a union is chosen.
    round: usize,
}

impl Sampler<'_> {
    fn value(&self, schema: &Value, depth: usize) -> Value {
        let schema = resolve(self.root, schema);
        if let Some(first) = schema["enum"].get(0).or(schema.get("const")) {
            return first.clone();
        }
        if let Some(branches) = branches(schema) {
            return self.value(branches[self.round % branches.len()], depth);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => &kinds[0],
            kind => kind,
        };
        match kind.as_str() {
            Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(7)),
            Some("number") => json!(schema["minimum"].as_f64().unwrap_or(0.5)),
            Some("boolean") => json!(true),
            Some("array") if depth > DEPTH => json!([]),
            Some("array") => {
                let item = self.value(&schema["items"], depth + 1);
                json!([item, item])
            }
            Some("string") => json!(TEXT),
            _ if schema.get("properties").is_some() => self.object(schema, depth),
            _ => match schema.get("additionalProperties") {
                Some(value) if value.is_object() => json!({"key": self.value(value, depth + 1)}),
                _ if kind == "object" => json!({"key": [1]}),
                _ => json!(TEXT),
            },
        }
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let required = schema["required"].as_array();
        let is_required = |name: &str| {
            required.is_some_and(|required| required.iter().any(|other| other == name))
        };
        let properties =
            members(&schema["properties"]).filter(|(name, _)| depth <= DEPTH || is_required(name));
        let made =
            properties.map(|(name, property)| (name.clone(), self.value(property, depth + 1)));
        Value::Object(made.collect::<Map<_, _>>())
    }
}

/// The branches of a union, without null.
fn branches(schema: &Value) -> Option<Vec<&Value>> {
    let listed = ["oneOf", "anyOf"]
        .iter()
        .find_map(|name| schema[*name].as_array())?;
    let real = listed.iter().filter(|branch| branch["type"] != "null");
    Some(real.collect())
}

/// How many branches the union of the most has that is in a schema.
fn most_branches(root: &Value, schema: &Value, depth: usize) -> usize {
    if depth > DEPTH {
        return 1;
    }
    let schema = resolve(root, schema);
    let choice = branches(schema).unwrap_or_default();
    let inner = members(&schema["properties"]).map(|(_, property)| property);
    let others = [&schema["items"], &schema["additionalProperties"]];
    let inner = inner.chain(others.into_iter().filter(|value| value.is_object()));
    let inner = inner.chain(choice.iter().copied());
    let most = inner
        .map(|inner| most_branches(root, inner, depth + 1))
        .max();
    most.unwrap_or(1).max(choice.len())
}
