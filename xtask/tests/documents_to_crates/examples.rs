//! The examples of a document: which generated type each is an example of,
//! and how it may differ after being decoded and encoded again.

use std::collections::HashSet;

use serde_json::{Map, Value};

const SCHEMAS: &str = "#/components/schemas/";

/// An example, and the type it is one of.
#[derive(Debug)]
pub(crate) struct Example {
    /// Where it stands in the document.
    pub(crate) pointer: String,
    /// Where its schema stands there.
    schema: Value,
    /// The type, in the words of the generated crate.
    pub(crate) rust_type: String,
    pub(crate) value: Value,
    /// The mark of properties that the type does not have.
    absent: &'static str,
    /// The tag that a union says in place of this type.
    tag: Option<String>,
}

/// All examples of schemas, of requests and of successful answers.
pub(crate) fn of(
    document: &Value,
    lowered: &Value,
    names: &Value,
    types: &syn::File,
) -> Vec<Example> {
    let known: HashSet<String> = types.items.iter().filter_map(type_name).collect();
    let mut found = Vec::new();
    of_schemas(document, lowered, names, &known, &mut found);
    of_operations(document, lowered, &mut found);
    found
}

fn type_name(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        syn::Item::Enum(item) => Some(item.ident.to_string()),
        syn::Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

fn of_schemas(
    document: &Value,
    lowered: &Value,
    names: &Value,
    known: &HashSet<String>,
    found: &mut Vec<Example>,
) {
    let none = Map::new();
    let schemas = document["components"]["schemas"].as_object();
    for (name, schema) in schemas.unwrap_or(&none) {
        let places = [format!("#{name}"), format!("#{name} (request)")];
        for (index, value) in values(schema, document) {
            for place in &places {
                let Some(ours) = names[place].as_str().filter(|name| known.contains(*name)) else {
                    continue;
                };
                let is_read = lowered["components"]["schemas"][ours]["x-response"] == true;
                found.push(Example {
                    pointer: format!("/components/schemas/{}/{index}", escaped(name)),
                    schema: schema.clone(),
                    rust_type: format!("types::{ours}"),
                    absent: if is_read { "writeOnly" } else { "readOnly" },
                    value: value.clone(),
                    tag: tag_taken_out(lowered, ours),
                });
            }
        }
    }
}

/// The tag of the unions that a type is a variant of, where the type itself
/// does not hold it.
fn tag_taken_out(lowered: &Value, name: &str) -> Option<String> {
    let schemas = lowered["components"]["schemas"].as_object()?;
    let mut tags = Vec::new();
    for schema in schemas.values() {
        unions(schema, name, &mut tags);
    }
    let own = &schemas.get(name)?["properties"];
    tags.into_iter().find(|tag| own.get(tag).is_none())
}

fn unions(schema: &Value, variant: &str, tags: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            if let (Some(tag), Some(variants)) = (
                object.get("x-tag").and_then(Value::as_str),
                object.get("x-variants").and_then(Value::as_object),
            ) && variants.values().any(|target| target == variant)
            {
                tags.push(tag.to_owned());
            }
            object
                .values()
                .for_each(|inner| unions(inner, variant, tags));
        }
        Value::Array(items) => items.iter().for_each(|inner| unions(inner, variant, tags)),
        _ => {}
    }
}

/// The values of `example` and `examples`, which of schemas are a list and of
/// media types a map of example objects.
fn values(holder: &Value, document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    if let Some(value) = holder.get("example") {
        found.push(("example".to_owned(), value.clone()));
    }
    match holder.get("examples") {
        Some(Value::Array(examples)) => {
            for (index, value) in examples.iter().enumerate() {
                found.push((format!("examples/{index}"), value.clone()));
            }
        }
        Some(Value::Object(examples)) => {
            for (name, example) in examples {
                let example = followed(example, document);
                found.push((
                    format!("examples/{}/value", escaped(name)),
                    example["value"].clone(),
                ));
            }
        }
        _ => {}
    }
    found
}

fn of_operations(document: &Value, lowered: &Value, found: &mut Vec<Example>) {
    let none = Map::new();
    for (path, item) in document["paths"].as_object().unwrap_or(&none) {
        let item = followed(item, document);
        for (method, operation) in item.as_object().unwrap() {
            let now = &lowered["paths"][path][method];
            if now.is_null() {
                continue;
            }
            let at = format!("/paths/{}/{method}", escaped(path));
            let request = followed(&operation["requestBody"], document);
            of_content(
                &request,
                &now["requestBody"],
                document,
                &format!("{at}/requestBody"),
                found,
            );
            let responses = operation["responses"].as_object().unwrap_or(&none);
            for (status, response) in responses {
                // Only one success is kept, under its own status.
                let now = &now["responses"][status];
                let response = followed(response, document);
                let at = format!("{at}/responses/{status}");
                of_content(&response, now, document, &at, found);
            }
        }
    }
}

fn of_content(carrier: &Value, now: &Value, document: &Value, at: &str, found: &mut Vec<Example>) {
    let none = Map::new();
    for (media, content) in carrier["content"].as_object().unwrap_or(&none) {
        if !media.split(';').next().unwrap().ends_with("json") {
            continue;
        }
        let Some(rust_type) = rust_type(&now["content"]["application/json"]["schema"]) else {
            continue;
        };
        for (index, value) in values(content, document) {
            found.push(Example {
                pointer: format!("{at}/content/{}/{index}", escaped(media)),
                schema: content["schema"].clone(),
                rust_type: rust_type.clone(),
                absent: if at.ends_with("/requestBody") {
                    "readOnly"
                } else {
                    "writeOnly"
                },
                value,
                tag: None,
            });
        }
    }
}

/// The type that a lowered schema of a body has.
fn rust_type(schema: &Value) -> Option<String> {
    let object = schema.as_object()?;
    let name = |schema: &Value| {
        let target = schema["$ref"].as_str()?.strip_prefix(SCHEMAS)?.to_owned();
        Some(format!("types::{target}"))
    };
    let plain = if let Some(name) = name(schema) {
        name
    } else if let Some([one]) = object
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        name(one)?
    } else if object.get("type").is_some_and(|t| t == "array") {
        format!("Vec<{}>", rust_type(&object["items"])?)
    } else if object.get("type").is_some_and(|t| t == "object")
        && object
            .get("additionalProperties")
            .is_some_and(Value::is_object)
    {
        let held = rust_type(&object["additionalProperties"])?;
        format!("std::collections::HashMap<String, {held}>")
    } else {
        match object.get("type").and_then(Value::as_str) {
            Some("string") => "String".to_owned(),
            Some("integer") => "i64".to_owned(),
            Some("number") => "f64".to_owned(),
            Some("boolean") => "bool".to_owned(),
            _ => "Value".to_owned(),
        }
    };
    let nullable = object.get("nullable").is_some_and(|n| n == true);
    Some(if nullable {
        format!("Option<{plain}>")
    } else {
        plain
    })
}

fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// What a reference refers to, or the value itself.
fn followed(value: &Value, document: &Value) -> Value {
    let mut value = value;
    for _ in 0..16 {
        let target = value.get("$ref").and_then(Value::as_str);
        match target.and_then(|t| resolve(t, document)) {
            Some(found) => value = found,
            None => break,
        }
    }
    value.clone()
}

fn resolve<'a>(target: &str, document: &'a Value) -> Option<&'a Value> {
    document.pointer(&target.strip_prefix('#')?.replace("%20", " "))
}

impl Example {
    /// How the value came out otherwise than it went in: null, forms of
    /// numbers, fields that are not declared and empty lists apart.
    pub(crate) fn differences(&self, document: &Value, after: &Value) -> Vec<String> {
        let mut found = Vec::new();
        let (mut before, mut after) = (self.value.clone(), after.clone());
        if let Some(tag) = &self.tag {
            for side in [&mut before, &mut after] {
                side.as_object_mut().and_then(|side| side.remove(tag));
            }
        }
        let schemas = vec![self.schema.clone()];
        let comparison = Comparison {
            document,
            absent: self.absent,
        };
        comparison.compare(&before, &after, &schemas, "", &mut found);
        found
    }
}

/// What a value and its example are compared by.
struct Comparison<'a> {
    document: &'a Value,
    absent: &'static str,
}

impl Comparison<'_> {
    fn compare(
        &self,
        before: &Value,
        after: &Value,
        schemas: &[Value],
        at: &str,
        found: &mut Vec<String>,
    ) {
        match (before, after) {
            (Value::Number(before), Value::Number(after)) => {
                let same = before == after || before.as_f64() == after.as_f64();
                if !same {
                    found.push(format!("{at}: {before} became {after}"));
                }
            }
            (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    let inner = items(schemas, index, self.document);
                    let at = format!("{at}/{index}");
                    self.compare(before, after, &inner, &at, found);
                }
            }
            (Value::Object(before), Value::Object(after)) => {
                for (key, was) in before {
                    let inner = members(schemas, key, self.document);
                    let at = format!("{at}/{}", escaped(key));
                    match after.get(key) {
                        Some(is) => self.compare(was, is, &inner, &at, found),
                        None if is_nothing(was) || inner.is_empty() || self.is_absent(&inner) => {}
                        None => found.push(format!("{at}: {was} is gone")),
                    }
                }
                for (key, is) in after {
                    if !before.contains_key(key) && !is_nothing(is) {
                        found.push(format!("{at}/{}: {is} was not there", escaped(key)));
                    }
                }
            }
            (before, after) if before == after => {}
            (before, after) => found.push(format!("{at}: {before} became {after}")),
        }
    }

    fn is_absent(&self, schemas: &[Value]) -> bool {
        let mut all = expanded(schemas, self.document).into_iter();
        all.any(|schema| schema.get(self.absent) == Some(&Value::Bool(true)))
    }
}

/// Null and empty lists, which may come and go.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// All schemas that have a say on what these are of.
fn expanded(schemas: &[Value], document: &Value) -> Vec<Map<String, Value>> {
    let mut open = schemas.to_vec();
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    while let Some(schema) = open.pop() {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str)
            && seen.insert(target.to_owned())
        {
            open.extend(resolve(target, document).cloned());
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let members = schema.get(key).and_then(Value::as_array);
            open.extend(members.into_iter().flatten().cloned());
        }
        for key in ["then", "else"] {
            open.extend(schema.get(key).cloned());
        }
        found.extend(schema.as_object().cloned());
    }
    found
}

/// The schemas of one member of an object; none if it is not declared.
fn members(schemas: &[Value], key: &str, document: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for schema in expanded(schemas, document) {
        match schema.get("properties").and_then(|p| p.get(key)) {
            Some(property) => found.push(property.clone()),
            None => found.extend(
                schema
                    .get("additionalProperties")
                    .filter(|rest| rest.as_object().is_some_and(|rest| !rest.is_empty()))
                    .cloned(),
            ),
        }
    }
    found
}

fn items(schemas: &[Value], index: usize, document: &Value) -> Vec<Value> {
    expanded(schemas, document)
        .iter()
        .filter_map(|schema| {
            schema
                .get("prefixItems")
                .and_then(|items| items.get(index))
                .or_else(|| schema.get("items"))
                .cloned()
        })
        .collect()
}
