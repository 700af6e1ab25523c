//! JSON of the examples: reading and changing it.

use serde_json::{Map, Number, Value};

/// JSON of a table, which is valid.
pub(crate) fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// An id as it is written in a path: a string that is not empty, or a number.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Gives an object another id, and its links with it. An id that is a number
/// stays one if it can.
pub(crate) fn rename(object: &mut Value, field: &str, id: &str) {
    rename_at(object, &format!("/{field}"), id);
}

/// As [`rename`], of the id at a pointer.
pub(crate) fn rename_at(value: &mut Value, pointer: &str, id: &str) {
    let Some(found) = value.pointer_mut(pointer) else {
        return;
    };
    let old = text(found);
    let number = id.parse::<Number>().ok().filter(|_| found.is_number());
    *found = number.map_or_else(|| Value::from(id), Value::Number);
    if let Some(old) = old {
        replace(value, &old, id);
    }
}

/// Replaces an id in all strings that are it or contain it, such as links. Short
/// ids are replaced as whole strings only.
pub(crate) fn replace(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) if text == old => new.clone_into(text),
        Value::String(text) if old.len() > 3 && text.contains(old) => {
            *text = text.replace(old, new);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, old, new)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| replace(field, old, new)),
        _ => {}
    }
}

/// Merges a patch into a value: objects field by field, anything else as a whole.
pub(crate) fn merge(value: &mut Value, patch: Value) {
    match (value, patch) {
        (Value::Object(fields), Value::Object(patch)) => {
            for (name, patch) in patch {
                merge(fields.entry(name).or_insert(Value::Null), patch);
            }
        }
        (value, patch) => *value = patch,
    }
}

/// The fields of these names.
pub(crate) fn only(object: Value, names: &[&str]) -> Value {
    match object {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

/// Whether two values have the same type.
pub(crate) fn same_type(a: &Value, b: &Value) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

/// Whether a value holds nothing: null, an empty array or an empty object.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn id_is_changed_with_its_links() {
        let mut object =
            json!({"id": "vid_1", "url": "https://h.test/vid_1.mp4?x=1", "of": ["vid_1"], "n": 1});
        rename(&mut object, "id", "a/b");
        let renamed =
            json!({"id": "a/b", "url": "https://h.test/a/b.mp4?x=1", "of": ["a/b"], "n": 1});
        assert_eq!(object, renamed);
        for (id, renamed) in [
            ("8", json!({"id": 8, "x": "7up"})),
            ("z", json!({"id": "z", "x": "7up"})),
        ] {
            let mut object = json!({"id": 7, "x": "7up"});
            rename(&mut object, "id", id);
            assert_eq!(object, renamed);
        }
        let mut without = json!({"x": 7});
        rename(&mut without, "id", "z");
        assert_eq!(without, json!({"x": 7}));
    }

    #[test]
    fn patch_is_merged_by_field() {
        let mut object = json!({"a": {"b": 1, "c": [1, 2]}, "d": 1});
        merge(
            &mut object,
            json!({"a": {"c": [3], "e": null}, "d": {"f": 1}}),
        );
        assert_eq!(
            object,
            json!({"a": {"b": 1, "c": [3], "e": null}, "d": {"f": 1}})
        );
    }

    #[test]
    fn what_holds_nothing_is_empty() {
        for empty in [json!(null), json!([]), json!({})] {
            assert!(is_empty(&empty));
        }
        assert!(!is_empty(&json!(0)) && !is_empty(&json!("")));
        assert_eq!(only(json!({"a": 1, "b": 2}), &["b"]), json!({"b": 2}));
    }
}
