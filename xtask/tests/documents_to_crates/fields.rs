//! How many fields of generated types hold any value although the document
//! says what they hold.

use std::collections::HashSet;

use serde_json::Value;
use syn::{Fields, Item, visit::Visit};

/// What was counted.
pub(crate) struct Count {
    /// Fields whose type the document gives.
    pub(crate) typed: usize,
    /// Those of them that hold any value: type and field.
    pub(crate) lost: Vec<String>,
}

/// Counts the fields of generated types. A field may hold any value if some
/// property of its name may do so in the document.
pub(crate) fn count(document: &Value, types: &syn::File) -> Count {
    let mut free = HashSet::new();
    properties(document, document, &mut free);
    let anything = aliases_of_any_value(types);
    let mut count = Count {
        typed: 0,
        lost: Vec::new(),
    };
    for item in &types.items {
        let Item::Struct(item) = item else { continue };
        let Fields::Named(fields) = &item.fields else {
            continue;
        };
        for field in &fields.named {
            let ident = field.ident.as_ref().unwrap().to_string();
            let name = renamed(field).unwrap_or_else(|| ident.trim_start_matches("r#").to_owned());
            // What no property is called holds what is not declared.
            if free.contains(&name) || flattened(field) {
                continue;
            }
            count.typed += 1;
            if holds_any_value(&field.ty, &anything) {
                count.lost.push(format!("{}.{name}", item.ident));
            }
        }
    }
    count
}

/// Types that are nothing but any value under a name.
fn aliases_of_any_value(types: &syn::File) -> HashSet<String> {
    let mut found = HashSet::new();
    loop {
        let before = found.len();
        for item in &types.items {
            match item {
                Item::Struct(item) => {
                    if let Fields::Unnamed(fields) = &item.fields
                        && fields
                            .unnamed
                            .iter()
                            .any(|f| holds_any_value(&f.ty, &found))
                    {
                        found.insert(item.ident.to_string());
                    }
                }
                Item::Type(item) if holds_any_value(&item.ty, &found) => {
                    found.insert(item.ident.to_string());
                }
                _ => {}
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn holds_any_value(ty: &syn::Type, anything: &HashSet<String>) -> bool {
    struct Search<'a> {
        anything: &'a HashSet<String>,
        found: bool,
    }
    impl Visit<'_> for Search<'_> {
        fn visit_path(&mut self, path: &syn::Path) {
            if let Some(last) = path.segments.last() {
                let json = path.segments.iter().any(|s| s.ident == "serde_json");
                let alias = path.segments.len() == 1;
                self.found |= json && (last.ident == "Value" || last.ident == "Map")
                    || alias && self.anything.contains(&last.ident.to_string());
            }
            syn::visit::visit_path(self, path);
        }
    }
    let mut search = Search {
        anything,
        found: false,
    };
    search.visit_type(ty);
    search.found
}

/// A word of serde's for a field: what it is set to, or nothing but itself.
fn serde_word(field: &syn::Field, wanted: &str) -> Option<String> {
    let mut found = None;
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let mut text = String::new();
            if meta.input.peek(syn::Token![=]) {
                text = meta.value()?.parse::<syn::LitStr>()?.value();
            }
            if meta.path.is_ident(wanted) {
                found = Some(text);
            }
            Ok(())
        });
    }
    found
}

fn renamed(field: &syn::Field) -> Option<String> {
    serde_word(field, "rename")
}

fn flattened(field: &syn::Field) -> bool {
    serde_word(field, "flatten").is_some()
}

/// Collects the names of properties that may hold anything.
fn properties(value: &Value, document: &Value, free: &mut HashSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                if matches!(key.as_str(), "example" | "examples" | "default" | "const") {
                    continue;
                }
                if key == "properties"
                    && let Value::Object(declared) = inner
                {
                    for (name, schema) in declared {
                        if is_free(schema, document, 0) {
                            free.insert(name.clone());
                        }
                    }
                }
                properties(inner, document, free);
            }
        }
        Value::Array(items) => items.iter().for_each(|v| properties(v, document, free)),
        _ => {}
    }
}

/// Whether a schema says nothing of the type of what it holds.
fn is_free(schema: &Value, document: &Value, depth: usize) -> bool {
    let Value::Object(object) = schema else {
        return true;
    };
    if depth > 8 {
        return false;
    }
    let free = |schema: &Value| is_free(schema, document, depth + 1);
    let arms = |key: &str| object.get(key).and_then(Value::as_array);
    if let Some(target) = object.get("$ref").and_then(Value::as_str) {
        let found = target
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer));
        return match found {
            Some(found) => free(found),
            None => !target.starts_with('#') || target.contains('/'),
        };
    }
    if let Some(members) = arms("anyOf").or_else(|| arms("oneOf")) {
        let null = |arm: &&Value| arm["type"] == "null";
        return members.iter().filter(|arm| !null(arm)).any(free)
            || members.iter().all(|arm| null(&arm));
    }
    if let Some(members) = arms("allOf").filter(|_| !object.contains_key("properties")) {
        return members.iter().all(free);
    }
    if object.get("const").is_some_and(|value| !value.is_null())
        || object.contains_key("$dynamicRef")
        || arms("enum").is_some_and(|values| values.iter().any(|v| !v.is_null()))
        || arms("prefixItems").is_some()
    {
        return false;
    }
    let kinds: Vec<&str> = match &object.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kinds: Vec<&str> = kinds.into_iter().filter(|kind| *kind != "null").collect();
    match kinds.as_slice() {
        [] => !object.contains_key("properties"),
        kinds => kinds.iter().any(|kind| match *kind {
            "object" if object.contains_key("properties") => object["properties"]
                .as_object()
                .is_none_or(serde_json::Map::is_empty),
            "object" => object.get("additionalProperties").is_none_or(free),
            "array" => object.get("items").is_none_or(free),
            _ => false,
        }),
    }
}
