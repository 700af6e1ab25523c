//! Path templates that differ only in the names of their parameters.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{Error, Pointer, pointer::remove, text::template_shape, walk::METHODS};

/// Removes held operations that the page has under another spelling of the path.
pub(super) fn respell(document: &mut Value, page: &Value) {
    let spelled = |path: &str| (template_shape(path), path.to_owned());
    let held: HashMap<String, String> = templates(document).map(spelled).collect();
    for path in templates(page) {
        let Some(old) = held.get(&template_shape(path)).filter(|old| *old != path) else {
            continue;
        };
        let methods = METHODS
            .iter()
            .filter(|m| page["paths"][path].get(**m).is_some());
        for method in methods {
            let at = Pointer::root().joins(["paths", old, method]);
            if remove(document, at.as_str()).is_some() {
                remove_empty(document, &at);
            }
        }
    }
}

/// Refuses a document that spells one path in two ways.
pub(super) fn check_spellings(document: &Value) -> Result<(), Error> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for path in templates(document) {
        if let Some(twin) = seen.insert(template_shape(path), path) {
            return Err(Error::new(format!(
                "one path is spelled in two ways, here and as {twin}: the API cannot tell the two \
                 apart"
            ))
            .at(Pointer::root().joins(["paths", path]))
            .remedy("import all operations of the path in the new spelling, with --replace"));
        }
    }
    Ok(())
}

/// Removes what held nothing but the definition that was removed: the path of an
/// operation, or the components of one type.
pub(super) fn remove_empty(document: &mut Value, removed: &Pointer) {
    let around = removed.as_str().rsplit_once('/');
    let around = around.map_or("", |(around, _)| around);
    let is_path = around.starts_with("/paths/");
    let holder = document.pointer(around).and_then(Value::as_object);
    if holder.is_some_and(|holder| {
        holder.is_empty() || is_path && !METHODS.iter().any(|method| holder.contains_key(*method))
    }) {
        remove(document, around);
    }
}

fn templates(document: &Value) -> impl Iterator<Item = &str> {
    let paths = document.get("paths").and_then(Value::as_object);
    let paths = paths.into_iter().flat_map(Map::keys).map(String::as_str);
    paths.filter(|path| !path.starts_with("x-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_compared_without_the_names_in_them() {
        for (a, b) in [
            ("/a/{id}", "/a/{x}"),
            ("/{a}/b/{c}.json", "/{c}/b/{a}.json"),
        ] {
            assert_eq!(template_shape(a), template_shape(b), "{a} {b}");
        }
        for (a, b) in [
            ("/a/{id}", "/a/me"),
            ("/a/{id}", "/a/{id}/b"),
            ("/a", "/a/"),
        ] {
            assert_ne!(template_shape(a), template_shape(b), "{a} {b}");
        }
    }
}
