//! Whether a value is a document that the pipeline can take: OpenAPI 3.0 or
//! 3.1, with objects where merging looks into them, and at least one operation.

use serde_json::Value;

use crate::{Error, Pointer, document::version_of, page::operations, walk::METHODS};

/// Refuses what is no OpenAPI 3.0 or 3.1 document with an operation.
pub(super) fn check(document: &Value) -> Result<(), Error> {
    version_of(document)?;
    let root = Pointer::root();
    for (key, depth) in [
        ("info", 0),
        ("paths", 1),
        ("webhooks", 1),
        ("components", 1),
    ] {
        if let Some(value) = document.get(key) {
            objects(value, &root.join(key), depth)?;
        }
    }
    if let Some(tags) = document.get("tags").filter(|tags| !tags.is_array()) {
        return Err(misplaced(tags, "a list", &root.join("tags")));
    }
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        let at = root.joins(["paths", path]);
        if !path.starts_with('/') && !path.starts_with("x-") {
            // It would be appended to the server's address without one.
            return Err(Error::new("a path that does not begin with a slash")
                .at(at)
                .remedy("correct the path in the file, such as to /v2/avatars"));
        }
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                objects(operation, &at.join(method), 0)?;
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

/// Refuses what is no object, or holds anything else down to this depth.
fn objects(value: &Value, at: &Pointer, depth: usize) -> Result<(), Error> {
    let Value::Object(entries) = value else {
        return Err(misplaced(value, "an object", at));
    };
    let mut entries = entries.iter().filter(|(key, _)| !key.starts_with("x-"));
    match depth.checked_sub(1) {
        None => Ok(()),
        Some(depth) => entries.try_for_each(|(key, value)| objects(value, &at.join(key), depth)),
    }
}

fn misplaced(value: &Value, wanted: &str, at: &Pointer) -> Error {
    let found = match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Error::new(format!("{found} stands where OpenAPI has {wanted}"))
        .at(at)
        .remedy("the file is damaged or no OpenAPI document; fetch it again")
}
