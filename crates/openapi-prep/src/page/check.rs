//! Whether a value is a document that the pipeline can take: OpenAPI 3.0 or
//! 3.1, of the right shape down to its operations, with at least one of them.

use serde_json::{Map, Value};

use crate::{Error, Pointer, page::operations};

/// Refuses what is no OpenAPI 3.0 or 3.1 document with an operation.
pub(super) fn check(document: &Value) -> Result<(), Error> {
    let root = Pointer::root();
    let Value::Object(top) = document else {
        return Err(no_document());
    };
    version(top)?;
    if let Some(info) = top.get("info") {
        object(info, &root.join("info"))?;
    }
    if let Some(tags) = top.get("tags")
        && !tags.is_array()
    {
        return Err(misplaced(tags, "a list", &root.join("tags")));
    }
    if let Some(paths) = top.get("paths") {
        items(paths, &root.join("paths"))?;
        no_slash(paths, &root.join("paths"))?;
    }
    if let Some(webhooks) = top.get("webhooks") {
        items(webhooks, &root.join("webhooks"))?;
    }
    if let Some(components) = top.get("components") {
        let at = root.join("components");
        for (kind, entries) in object(components, &at)? {
            if !kind.starts_with("x-") {
                object(entries, &at.join(kind))?;
            }
        }
    }
    if operations(document).is_empty() {
        return Err(Error::new("the document holds no operation")
            .at(root.join("paths"))
            .remedy("import a page or file that describes at least one, such as GET /v2/avatars"));
    }
    Ok(())
}

/// What is said where there is no document at all.
pub(super) fn no_document() -> Error {
    Error::new("holds no OpenAPI document").remedy(
        "wanted: a ```json fence under a heading `OpenAPI definition`, a fence opened by \
         ```yaml FILE METHOD PATH, or nothing but an OpenAPI document in JSON or YAML",
    )
}

fn version(top: &Map<String, Value>) -> Result<(), Error> {
    if let Some(version) = top.get("swagger") {
        return Err(Error::new(format!(
            "a Swagger document (version {version}), which is older than OpenAPI 3"
        ))
        .at(Pointer::root().join("swagger"))
        .remedy("convert it to OpenAPI 3.1 first, or ask the vendor for a newer one"));
    }
    let Some(version) = top.get("openapi") else {
        return Err(no_document());
    };
    let at = Pointer::root().join("openapi");
    let Value::String(text) = version else {
        return Err(
            Error::new(format!("the OpenAPI version {version} is not text"))
                .at(at)
                .remedy("write it in quotes and in full, such as \"3.1.0\""),
        );
    };
    let known = ["3.0.", "3.1."].iter().any(|series| {
        text.strip_prefix(series)
            .is_some_and(|patch| patch.starts_with(|c: char| c.is_ascii_digit()))
    });
    if known {
        return Ok(());
    }
    Err(Error::new(format!(
        "OpenAPI version {text:?} is not one this pipeline reads"
    ))
    .at(at)
    .remedy("3.0.x and 3.1.x are read; convert the document to 3.1"))
}

/// Path items by path, each an object of objects where it names a method.
fn items(items: &Value, at: &Pointer) -> Result<(), Error> {
    for (name, item) in object(items, at)? {
        if name.starts_with("x-") {
            continue;
        }
        let at = at.join(name);
        for (key, value) in object(item, &at)? {
            if crate::walk::METHODS.contains(&key.as_str()) {
                object(value, &at.join(key))?;
            }
        }
    }
    Ok(())
}

/// Refuses a path that does not begin with a slash: it would be put to the
/// server's address without one.
fn no_slash(paths: &Value, at: &Pointer) -> Result<(), Error> {
    let mut names = paths.as_object().into_iter().flat_map(Map::keys);
    match names.find(|name| !name.starts_with('/') && !name.starts_with("x-")) {
        None => Ok(()),
        Some(name) => Err(Error::new("a path that does not begin with a slash")
            .at(at.join(name))
            .remedy("correct the path in the file, such as to /v2/avatars")),
    }
}

fn object<'a>(value: &'a Value, at: &Pointer) -> Result<&'a Map<String, Value>, Error> {
    value
        .as_object()
        .ok_or_else(|| misplaced(value, "an object", at))
}

fn misplaced(value: &Value, wanted: &str, at: &Pointer) -> Error {
    let found = match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Error::new(format!("{found} stands where OpenAPI has {wanted}"))
        .at(at)
        .remedy("the file is damaged or no OpenAPI document; fetch it again")
}
