//! What a generator makes of single schemas, where that is not what they say.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::Lint;
use crate::{Pointer, normalise, rust_names, schema, walk};

const NORMALISE: &str = "normalise the document, or correct it by an overlay";
const LOWER: &str = "lower the document first";

/// Looks at every schema of a document.
pub(super) fn look(lint: &mut Lint, document: &mut Value) {
    let used = Users::of(document);
    let mut titles: HashMap<String, (Value, String)> = HashMap::new();
    walk::schemas(document, &mut |schema, at| {
        let Value::Object(object) = &*schema else {
            return;
        };
        let mut find = |message: String, remedy| {
            lint.find(used.of_schema(at).as_deref(), at, message, remedy);
        };
        words_of_31(object, &mut find);
        strictness(object, &mut find);
        names(object, &mut find);
        if let Some(title) = object.get("title").and_then(Value::as_str)
            && becomes_a_type(object)
        {
            let shape = schema::shape(schema);
            let (first, place) = titles
                .entry(title.to_owned())
                .or_insert_with(|| (shape.clone(), at.to_string()));
            if *first != shape {
                let message = format!(
                    "its title {title:?} is that of {place} too, and both would be one type"
                );
                find(message, NORMALISE);
            }
        }
    });
}

/// Words that the generator reads past.
const DROPPED: [&str; 7] = [
    "const",
    "prefixItems",
    "patternProperties",
    "dependentSchemas",
    "unevaluatedProperties",
    "if",
    "$defs",
];

type Find<'a> = dyn FnMut(String, &'static str) + 'a;

/// What 3.0 has no words for: refused, or dropped without a word.
fn words_of_31(object: &Map<String, Value>, find: &mut Find<'_>) {
    match object.get("type") {
        Some(Value::Array(_)) => find("a list of types is refused".into(), LOWER),
        Some(Value::String(kind)) if kind == "null" => {
            find("the type null makes the generator panic".into(), LOWER);
        }
        _ => {}
    }
    for key in ["exclusiveMinimum", "exclusiveMaximum"] {
        if object.get(key).is_some_and(Value::is_number) {
            find(format!("a numeric `{key}` is refused"), LOWER);
        }
    }
    if !schema::has_any(object, &DROPPED) {
        return;
    }
    for key in DROPPED {
        if object.contains_key(key) {
            find(format!("`{key}` is dropped without a word"), LOWER);
        }
    }
}

/// What makes types that refuse what a server sends, or send what the caller
/// did not say.
fn strictness(object: &Map<String, Value>, find: &mut Find<'_>) {
    if object.contains_key("default") {
        find(
            "a default is always sent, and freezes the server's own".into(),
            NORMALISE,
        );
    }
    if object.get("additionalProperties") == Some(&Value::Bool(false)) {
        find(
            "an answer with a property it does not name is refused".into(),
            NORMALISE,
        );
    }
    let kind = object.get("format").and_then(Value::as_str);
    if let Some(kind @ ("date" | "date-time" | "uuid" | "ip" | "ipv4" | "ipv6")) = kind {
        find(
            format!("text that is no {kind} is refused, whoever sends it"),
            NORMALISE,
        );
    }
    if contradicts(object) {
        find(
            "members of other types give a type that nothing is".into(),
            NORMALISE,
        );
    }
    if object.get("enum").is_some_and(has_null_only) && object.get("nullable").is_some() {
        find("null alone makes the generator panic".into(), NORMALISE);
    }
    let text = object.get("description").and_then(Value::as_str);
    if text.is_some_and(super::operations::is_tested) {
        find(
            "code in its description would be run as a Rust test".into(),
            NORMALISE,
        );
    }
    let bound = [
        "multipleOf",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
    ]
    .into_iter()
    .find(|key| object.get(*key).is_some_and(|v| !v.is_object()));
    if let Some(key) = bound {
        find(
            format!("a value beyond its `{key}` is refused, whoever sends it"),
            NORMALISE,
        );
    }
    if object.get("not").is_some_and(Value::is_object) {
        find("`not` makes a type nobody can use".into(), NORMALISE);
    }
    let several = |key: &str| {
        let arms = object.get(key).and_then(Value::as_array);
        arms.is_some_and(|arms| arms.iter().filter(|arm| !schema::is_null(arm)).count() > 1)
    };
    if several("anyOf") && !told_apart(&object["anyOf"]) {
        find(
            "`anyOf` becomes a struct of flattened options, which refuses texts and numbers".into(),
            NORMALISE,
        );
    }
    if object.contains_key("discriminator") && (several("oneOf") || several("anyOf")) {
        find(
            "a discriminator is ignored: the first variant that fits is taken".into(),
            NORMALISE,
        );
    }
}

/// Whether no value is of the types of all members.
fn contradicts(object: &Map<String, Value>) -> bool {
    let members = object.get("allOf").and_then(Value::as_array);
    let own = object.get("type").and_then(Value::as_str);
    let kinds = members.into_iter().flatten();
    let mut kinds: Vec<&str> = kinds.filter_map(|m| m.get("type")?.as_str()).collect();
    kinds.extend(own.filter(|_| object.contains_key("allOf")));
    let number = |kind: &str| matches!(kind, "integer" | "number");
    kinds
        .windows(2)
        .any(|pair| pair[0] != pair[1] && !(number(pair[0]) && number(pair[1])))
}

fn has_null_only(values: &Value) -> bool {
    let values = values.as_array();
    values.is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
}

/// Whether the schemas of a union are each of another plain type.
fn told_apart(arms: &Value) -> bool {
    let mut seen = Vec::new();
    arms.as_array().into_iter().flatten().all(|arm| {
        let kind = arm.get("type").and_then(Value::as_str);
        let new = kind.is_some_and(|kind| !seen.contains(&kind));
        seen.extend(kind);
        new
    })
}

/// Values and properties that are one name in Rust, or none.
fn names(object: &Map<String, Value>, find: &mut Find<'_>) {
    if let Some(Value::Array(values)) = object.get("enum") {
        let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        if !normalise::nameable(&texts) {
            find(
                "its values have no names in Rust, or two the same: the generator panics".into(),
                NORMALISE,
            );
        }
    }
    if let Some(Value::Object(properties)) = object.get("properties") {
        let mut seen = HashMap::new();
        for name in properties.keys() {
            if let Some(other) = seen.insert(rust_names::field(name), name) {
                find(
                    format!("its properties {other:?} and {name:?} are one field in Rust"),
                    NORMALISE,
                );
            }
        }
    }
}

fn becomes_a_type(object: &Map<String, Value>) -> bool {
    ["properties", "oneOf", "anyOf", "allOf", "enum"]
        .iter()
        .any(|key| object.contains_key(*key))
}

/// Which operation reaches each named schema first.
pub(super) struct Users {
    of_names: HashMap<String, String>,
}

impl Users {
    pub(super) fn of(document: &mut Value) -> Self {
        let mut leads: HashMap<String, Vec<String>> = HashMap::new();
        let mut of_names: HashMap<String, String> = HashMap::new();
        if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
            for (name, schema) in schemas {
                leads.insert(name.clone(), targets(schema));
            }
        }
        walk::operations(document, &mut |path, method, operation, _| {
            let mut open = Vec::new();
            walk::operation(operation, &Pointer::root(), &mut |schema, at| {
                walk::schema_tree(schema, at, &mut |schema, _| open.extend(target(schema)));
            });
            let mut seen: HashSet<String> = HashSet::new();
            while let Some(name) = open.pop() {
                if !seen.insert(name.clone()) || of_names.contains_key(&name) {
                    continue;
                }
                open.extend(leads.get(&name).into_iter().flatten().cloned());
                of_names.insert(name, format!("{} {path}", method.to_uppercase()));
            }
        });
        Self { of_names }
    }

    /// The operation that a schema belongs to.
    pub(super) fn of_schema(&self, at: &Pointer) -> Option<String> {
        let plain = |part: &str| part.replace("~1", "/").replace("~0", "~");
        let mut parts = at.as_str().split('/').skip(1);
        match (parts.next()?, parts.next()?, parts.next()?) {
            ("paths", path, method) => Some(format!("{} {}", method.to_uppercase(), plain(path))),
            (_, "schemas", name) => self.of_names.get(&plain(name)).cloned(),
            _ => None,
        }
    }
}

fn target(schema: &Value) -> Option<String> {
    schema::ref_name(schema).map(|name| name.replace("~1", "/").replace("~0", "~"))
}

fn targets(schema: &mut Value) -> Vec<String> {
    let mut names = Vec::new();
    walk::schema_tree(schema, &Pointer::root(), &mut |part, _| {
        names.extend(target(part));
    });
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::lint;

    #[test]
    fn schemas_are_named_by_the_operation_that_reaches_them() {
        let object = json!({"title": "Same", "type": "object", "properties": {"a": {"type": ["string", "null"]}}});
        let other = json!({"title": "Same", "type": "object", "properties": {"b": {"default": 1, "minimum": 0}}});
        let document = json!({
            "openapi": "3.0.3",
            "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}}},
            "components": {"schemas": {
                "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}, "additionalProperties": false},
                "B": object, "Alone": other,
                "E": {"enum": ["en-US", "en_US"]},
                "Fine": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "U": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "integer"}], "discriminator": {"propertyName": "t"}},
                "P": {"properties": {"a-b": {"const": 1}, "a_b": {"not": {"type": "string"}}}},
            }},
        });
        let findings = lint(&mut document.clone());
        let of = |pointer: &str| {
            findings
                .iter()
                .filter(|f| f.pointer == pointer)
                .map(|f| (f.operation.as_deref(), f.message.as_str()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of("/components/schemas/B/properties/a"),
            [(Some("GET /a"), "a list of types is refused")]
        );
        assert_eq!(of("/components/schemas/A").len(), 1);
        assert_eq!(
            of("/components/schemas/Alone").len()
                + of("/components/schemas/Alone/properties/b").len(),
            3,
            "{findings:#?}"
        );
        assert_eq!(of("/components/schemas/E").len(), 1);
        assert_eq!(of("/components/schemas/U").len(), 2);
        assert_eq!(of("/components/schemas/Fine").len(), 0);
        assert_eq!(of("/components/schemas/P").len(), 1);
        assert_eq!(of("/components/schemas/P/properties/a-b").len(), 1);
        assert_eq!(of("/components/schemas/P/properties/a_b").len(), 1);
    }
}
