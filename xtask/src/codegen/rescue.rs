//! One bad corner never stops a document: finds the schema or operation that
//! the generator cannot take, and goes on without it.

use std::collections::HashSet;

use openapi_prep::{Error, Subject};
use serde_json::{Map, Value, json};

/// What the report calls this stage and its one rule.
pub(super) const STAGE: &str = "generate";
pub(super) const RULE: &str = "rescue";

/// What had to be given up, for the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    /// Where in the lowered document.
    pub(super) pointer: String,
    pub(super) subject: Subject,
    /// What was done, and what the generator said.
    pub(super) note: String,
}

/// Generates, and if that fails, finds out what is at fault: schemas become
/// any value, operations are left out. Gives the document it worked for.
pub(super) fn generate<T>(
    lowered: Value,
    try_it: &dyn Fn(&Value) -> Result<T, Error>,
) -> Result<(T, Value, Vec<Loss>), Error> {
    let whole = match try_it(&lowered) {
        Ok(code) => return Ok((code, lowered, Vec::new())),
        Err(error) => error,
    };
    eprintln!(
        "looking for what is at fault: {}",
        first_line(whole.message())
    );
    let mut document = lowered;
    let mut losses = Vec::new();

    // Most that is at fault is so on its own, which is quick to find out.
    for name in keys(&document, "/components/schemas") {
        let alone = alone(&document, &name);
        if let Err(error) = try_it(&alone) {
            give_up(
                &mut document,
                &alone,
                &name,
                error.message(),
                try_it,
                &mut losses,
            );
        }
    }
    let empty = without_operations(&document);
    if try_it(&empty).is_err() {
        let names = keys(&document, "/components/schemas");
        for (name, why) in at_fault(&names, &|names| try_it(&with_schemas(&empty, names))) {
            let alone = with_schemas(&empty, std::slice::from_ref(&name));
            give_up(&mut document, &alone, &name, &why, try_it, &mut losses);
        }
    }

    if try_it(&document).is_err() {
        let mut kept = operations(&document);
        let mut bad = Vec::new();
        kept.retain(|one| {
            let with_it = with_operations(&document, std::slice::from_ref(one));
            let error = try_it(&reached(&with_it)).err();
            bad.extend(
                error
                    .as_ref()
                    .map(|e| (one.clone(), e.message().to_owned())),
            );
            error.is_none()
        });
        let together = at_fault(&kept.clone(), &|kept| {
            try_it(&with_operations(&document, kept))
        });
        kept.retain(|one| together.iter().all(|(other, _)| other != one));
        bad.extend(together);
        for ((path, method), why) in bad {
            let path = path.replace('~', "~0").replace('/', "~1");
            losses.push(Loss {
                pointer: format!("/paths/{path}/{method}"),
                subject: Subject::Operation,
                note: format!("left out: {}", first_line(&why)),
            });
        }
        document = with_operations(&document, &kept);
    }
    if losses.is_empty() {
        return Err(whole);
    }
    let code = try_it(&document)?;
    Ok((code, document, losses))
}

/// Gives up a schema, or those of its properties that are at fault.
fn give_up<T>(
    document: &mut Value,
    alone: &Value,
    name: &str,
    why: &str,
    try_it: &dyn Fn(&Value) -> Result<T, Error>,
    losses: &mut Vec<Loss>,
) {
    let at = format!("/components/schemas/{name}");
    let mut places = properties_at_fault(alone, &at, try_it);
    if places.is_empty() {
        places.push((at, why.to_owned()));
    }
    for (pointer, why) in places {
        if let Some(schema) = document.pointer_mut(&pointer) {
            *schema = json!({});
        }
        losses.push(Loss {
            pointer,
            subject: Subject::Type,
            note: format!("read as any value: {}", first_line(&why)),
        });
    }
}

/// The document with no operations and this schema only; what it refers to is
/// any value.
fn alone(document: &Value, name: &str) -> Value {
    let schema = &document["components"]["schemas"][name];
    let mut names = HashSet::new();
    references(schema, &mut names);
    let mut schemas = Map::new();
    for other in names {
        schemas.insert(other, json!({}));
    }
    schemas.insert(name.to_owned(), schema.clone());
    with_only(document, &schemas, &Map::new())
}

/// The document without the schemas that nothing leads to from its operations.
fn reached(document: &Value) -> Value {
    let mut open = HashSet::new();
    references(&document["paths"], &mut open);
    let mut open: Vec<String> = open.into_iter().collect();
    let mut schemas = Map::new();
    while let Some(name) = open.pop() {
        let Some(schema) = document["components"]["schemas"].get(&name) else {
            continue;
        };
        if schemas.insert(name, schema.clone()).is_none() {
            let mut more = HashSet::new();
            references(schema, &mut more);
            open.extend(more.into_iter().filter(|name| !schemas.contains_key(name)));
        }
    }
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    with_only(document, &schemas, &paths)
}

fn with_only(document: &Value, schemas: &Map<String, Value>, paths: &Map<String, Value>) -> Value {
    let mut only = Map::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        match key.as_str() {
            "paths" => {
                only.insert(key.clone(), Value::Object(paths.clone()));
            }
            "components" => {
                only.insert(key.clone(), json!({ "schemas": schemas }));
            }
            _ => {
                only.insert(key.clone(), value.clone());
            }
        }
    }
    Value::Object(only)
}

/// The named schemas that something refers to.
fn references(value: &Value, names: &mut HashSet<String>) {
    match value {
        Value::Object(object) => {
            let target = object.get("$ref").and_then(Value::as_str);
            names.extend(
                target
                    .and_then(|t| t.strip_prefix(SCHEMAS))
                    .map(str::to_owned),
            );
            object.values().for_each(|inner| references(inner, names));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, names)),
        _ => {}
    }
}

const SCHEMAS: &str = "#/components/schemas/";

/// The properties of a schema without which the rest of it works, if it is
/// those that are at fault.
fn properties_at_fault<T>(
    document: &Value,
    at: &str,
    try_it: &dyn Fn(&Value) -> Result<T, Error>,
) -> Vec<(String, String)> {
    let at = format!("{at}/properties");
    let names = keys(document, &at);
    let with = |kept: &[String]| {
        let mut document = document.clone();
        if let Some(Value::Object(properties)) = document.pointer_mut(&at) {
            for (name, property) in properties.iter_mut() {
                if !kept.contains(name) {
                    *property = json!({});
                }
            }
        }
        document
    };
    if names.is_empty() || try_it(&with(&[])).is_err() {
        return Vec::new();
    }
    at_fault(&names, &|kept| try_it(&with(kept)))
        .into_iter()
        .map(|(name, why)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            (format!("{at}/{name}"), why)
        })
        .collect()
}

/// What the generator said, without what it printed of its own insides.
fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim()
}

/// The parts without which all others work together, and what was said of
/// each. Parts are taken in one by one, by halves: the first that cannot be
/// taken in is at fault, whether on its own or together with those before it.
fn at_fault<P: Clone, T>(
    parts: &[P],
    works: &dyn Fn(&[P]) -> Result<T, Error>,
) -> Vec<(P, String)> {
    let mut kept: Vec<P> = Vec::new();
    let mut rest = parts;
    let mut bad = Vec::new();
    while let Err(mut error) = works(&[kept.as_slice(), rest].concat()) {
        // `good` parts of the rest work with those kept; `fails` do not.
        let (mut good, mut fails) = (0, rest.len());
        if fails == 0 {
            break;
        }
        while fails - good > 1 {
            let middle = usize::midpoint(good, fails);
            match works(&[kept.as_slice(), &rest[..middle]].concat()) {
                Ok(_) => good = middle,
                Err(other) => {
                    fails = middle;
                    error = other;
                }
            }
        }
        kept.extend_from_slice(&rest[..good]);
        bad.push((rest[good].clone(), error.message().to_owned()));
        rest = &rest[fails..];
    }
    bad
}

fn keys(document: &Value, pointer: &str) -> Vec<String> {
    document
        .pointer(pointer)
        .and_then(Value::as_object)
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default()
}

/// The document with these schemas as they are and any value for all others.
fn with_schemas(document: &Value, names: &[String]) -> Value {
    let mut document = document.clone();
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas.iter_mut() {
            if !names.contains(name) {
                *schema = json!({});
            }
        }
    }
    document
}

fn without_operations(document: &Value) -> Value {
    let mut document = document.clone();
    document["paths"] = Value::Object(Map::new());
    document
}

fn operations(document: &Value) -> Vec<(String, String)> {
    let none = Map::new();
    let paths = document["paths"].as_object().unwrap_or(&none);
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods
                .filter(|(_, operation)| operation.get("operationId").is_some())
                .map(|(method, _)| (path.clone(), method.clone()))
        })
        .collect()
}

fn with_operations(document: &Value, kept: &[(String, String)]) -> Value {
    let mut document = document.clone();
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        for (path, item) in paths.iter_mut() {
            if let Value::Object(item) = item {
                item.retain(|method, operation| {
                    operation.get("operationId").is_none()
                        || kept.iter().any(|(p, m)| p == path && m == method)
                });
            }
        }
        paths.retain(|_, item| {
            item.as_object()
                .is_some_and(|item| item.values().any(|o| o.get("operationId").is_some()))
        });
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({
            "paths": {
                "/a": {"get": {"operationId": "a"}, "post": {"operationId": "bad"}},
                "/b": {"get": {"operationId": "b"}},
            },
            "components": {"schemas": {
                "A": {"type": "x"}, "B": {"type": "bad"}, "C": {},
                "D": {"properties": {"fine": {"type": "x"}, "broken": {"type": "bad"}}},
            }},
        })
    }

    fn picky(document: &Value) -> Result<usize, Error> {
        if document.to_string().contains("\"bad\"") {
            return Err(Error::new("cannot take it"));
        }
        Ok(operations(document).len())
    }

    #[test]
    fn only_what_is_at_fault_is_given_up() {
        let (count, document, losses) = generate(document(), &picky).unwrap();
        assert_eq!(count, 2);
        assert_eq!(document["components"]["schemas"]["B"], json!({}));
        assert_eq!(document["components"]["schemas"]["A"], json!({"type": "x"}));
        let at: Vec<_> = losses.iter().map(|l| l.pointer.as_str()).collect();
        assert_eq!(
            at,
            [
                "/components/schemas/B",
                "/components/schemas/D/properties/broken",
                "/paths/~1a/post"
            ]
        );
        assert_eq!(
            document["components"]["schemas"]["D"]["properties"]["fine"],
            json!({"type": "x"})
        );
        assert!(losses.iter().all(|l| l.note.ends_with("cannot take it")));
    }

    #[test]
    fn parts_that_clash_lose_one_of_them() {
        let works = |parts: &[u32]| {
            if parts.contains(&7) || (parts.contains(&2) && parts.contains(&5)) {
                return Err(Error::new("clash"));
            }
            Ok(())
        };
        let bad: Vec<u32> = at_fault(&[1, 2, 3, 4, 5, 6, 7, 8], &works)
            .into_iter()
            .map(|b| b.0)
            .collect();
        assert_eq!(bad, [5, 7]);
    }

    #[test]
    fn what_fails_for_another_reason_says_so() {
        let error = generate(json!({}), &|_| Err::<(), _>(Error::new("never"))).unwrap_err();
        assert_eq!(error.message(), "never");
    }
}
