//! What the generator does not notice itself: schemas that it would merge without
//! end, and code that the compiler refuses, as far as its items show that. What is
//! refused here is found and given up by the rescue, like anything else that the
//! generator cannot take.

use std::collections::HashSet;

use openapi_prep::Error;
use serde_json::Value;
use syn::{Fields, ImplItem, Item};

use super::post::objects::segment;

/// Refuses an `allOf` that preparing left unmerged, as it does where schemas that
/// lead back to themselves are merged: the generator's stack would overflow,
/// which ends the process.
pub(super) fn check_merged(value: &Value) -> Result<(), Error> {
    const BESIDE: [&str; 10] = [
        "allOf",
        "nullable",
        "description",
        "title",
        "default",
        "example",
        "deprecated",
        "readOnly",
        "writeOnly",
        "externalDocs",
    ];
    match value {
        Value::Object(object) => {
            let is_beside = |key: &String| BESIDE.contains(&key.as_str()) || key.starts_with("x-");
            if let Some(Value::Array(members)) = object.get("allOf")
                && (members.len() != 1
                    || members[0].get("$ref").is_none()
                    || !object.keys().all(is_beside))
            {
                return Err(Error::new("an `allOf` cannot be merged"));
            }
            let mut inner = object.iter().filter(|(key, _)| !key.starts_with("x-"));
            inner.try_for_each(|(_, value)| check_merged(value))
        }
        Value::Array(items) => items.iter().try_for_each(check_merged),
        _ => Ok(()),
    }
}

/// Refuses types that can hold no value, and names that stand twice where the
/// compiler takes them once.
pub(super) fn check(items: &[Item]) -> Result<(), Error> {
    let mut names = HashSet::new();
    for item in items {
        match item {
            Item::Enum(item) => {
                once(&mut names, &item.ident, "a type")?;
                if item.variants.is_empty() {
                    return Err(Error::new(format!(
                        "the type {} can hold no value: its schema contradicts itself",
                        item.ident
                    )));
                }
                let mut variants = HashSet::new();
                for variant in &item.variants {
                    let of = format!("a variant of {}", item.ident);
                    once(&mut variants, &variant.ident, &of)?;
                }
            }
            Item::Struct(item) => {
                once(&mut names, &item.ident, "a type")?;
                if let Fields::Named(fields) = &item.fields {
                    let mut seen = HashSet::new();
                    for field in fields.named.iter().filter_map(|f| f.ident.as_ref()) {
                        once(&mut seen, field, &format!("a field of {}", item.ident))?;
                    }
                }
            }
            Item::Type(item) => once(&mut names, &item.ident, "a type")?,
            Item::Impl(item) if item.trait_.is_none() => methods(item)?,
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    check(items)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn methods(item: &syn::ItemImpl) -> Result<(), Error> {
    let mut seen = HashSet::new();
    let of = segment(&item.self_ty).map(|last| last.ident.to_string());
    let of = format!("a method of {}", of.unwrap_or_default());
    for item in &item.items {
        if let ImplItem::Fn(method) = item {
            once(&mut seen, &method.sig.ident, &of)?;
        }
    }
    Ok(())
}

fn once(seen: &mut HashSet<String>, name: &syn::Ident, what: &str) -> Result<(), Error> {
    if seen.insert(name.to_string()) {
        return Ok(());
    }
    Err(Error::new(format!("{name} is {what} twice")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_that_are_not_merged_are_refused() {
        let of = |members: Value, key: &str, value: Value| {
            check_merged(&json!({"a": [{"allOf": members, key: value}]})).is_ok()
        };
        let one = json!([{"$ref": "#/components/schemas/A"}]);
        assert!(of(one.clone(), "nullable", json!(true)));
        assert!(of(one.clone(), "x-declared", json!({"allOf": []})));
        assert!(!of(one, "properties", json!({})));
        assert!(!of(json!([{"type": "string"}]), "title", json!("A")));
        assert!(!of(json!([{}, {}]), "title", json!("A")));
    }

    #[test]
    fn what_the_compiler_would_refuse_is_named() {
        for (code, wanted) in [
            ("pub enum A {}", "A can hold no value"),
            ("pub struct A { a: u8, a: u16 }", "a is a field of A twice"),
            ("pub enum A { B, B }", "B is a variant of A twice"),
            ("mod m { struct A; enum A { B } }", "A is a type twice"),
            (
                "impl m::A { fn a() {} fn a() {} }",
                "a is a method of A twice",
            ),
        ] {
            let file: syn::File = syn::parse_str(code).unwrap();
            let error = check(&file.items).unwrap_err().to_string();
            assert!(error.contains(wanted), "{code}: {error}");
        }
        let sound = "mod m { pub struct A { a: u8 } impl A { fn a() {} } impl Clone for A { fn clone() {} } } struct A;";
        let file: syn::File = syn::parse_str(sound).unwrap();
        assert!(check(&file.items).is_ok());
    }
}
