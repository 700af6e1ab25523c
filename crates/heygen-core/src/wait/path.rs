//! Values in a response by dotted paths, as the data of jobs has them.

use serde_json::Value;

/// The value at a path. None where it is absent or null.
pub(super) fn get<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path.split('.').try_fold(value, |value, key| value.get(key));
    found.filter(|found| !found.is_null())
}

/// The word at a path: a string that is not empty, or a number.
pub(super) fn word(value: &Value, path: &str) -> Option<String> {
    to_word(get(value, path)?)
}

/// The words at a path, in which a segment that ends with `[]` is an array. None
/// stands for an item that is no word, such as null.
pub(super) fn words(value: &Value, path: &str) -> Vec<Option<String>> {
    let mut values = vec![value];
    for segment in path.split('.') {
        let (key, is_array) = match segment.strip_suffix("[]") {
            Some(key) => (key, true),
            None => (segment, false),
        };
        let below = values.into_iter().filter_map(|value| value.get(key));
        values = if is_array {
            let arrays = below.filter_map(Value::as_array);
            arrays.flatten().collect()
        } else {
            below.collect()
        };
    }
    values.into_iter().map(to_word).collect()
}

fn to_word(value: &Value) -> Option<String> {
    match value {
        Value::String(word) => Some(word.clone()).filter(|word| !word.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether there is something at a path: neither null nor empty.
pub(super) fn is_set(value: &Value, path: &str) -> bool {
    get(value, path).is_some_and(|found| match found {
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    })
}

/// Whether there is a number above zero at a path.
pub(super) fn is_positive(value: &Value, path: &str) -> bool {
    let number = get(value, path).and_then(Value::as_f64);
    number.is_some_and(|number| number > 0.0)
}

/// The percentage at a path, from 0 to 100.
pub(super) fn percent(value: &Value, path: &str) -> Option<u8> {
    let number = get(value, path)?.as_f64()?.clamp(0.0, 100.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 100"
    )]
    Some(number as u8)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_found_by_their_paths() {
        let data = json!({
            "status": "done", "empty": "", "none": null, "count": 7,
            "item": {"id": "a", "size": 0.5, "tags": [], "more": {}},
            "ids": ["a", null, 2, ""], "rows": [{"id": "x"}, {}, {"id": "y"}],
        });
        assert_eq!(word(&data, "status").as_deref(), Some("done"));
        assert_eq!(word(&data, "item.id").as_deref(), Some("a"));
        assert_eq!(word(&data, "count").as_deref(), Some("7"));
        for absent in ["empty", "none", "item", "item.x", "x.y", "ids.0", ""] {
            assert_eq!(word(&data, absent), None, "{absent}");
        }
        let known = |path| words(&data, path).into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(words(&data, "ids[]").len(), 4);
        assert_eq!(known("ids[]"), ["a", "2"]);
        assert_eq!(known("rows[].id"), ["x", "y"]);
        assert_eq!(known("item.id"), ["a"]);
        for absent in ["item[]", "ids", "none[]", "x[].id"] {
            assert!(known(absent).is_empty(), "{absent}");
        }
        for (path, set, positive) in [
            ("item.size", true, true),
            ("count", true, true),
            ("status", true, false),
            ("item.tags", false, false),
            ("item.more", false, false),
            ("empty", false, false),
            ("none", false, false),
        ] {
            assert_eq!(is_set(&data, path), set, "{path}");
            assert_eq!(is_positive(&data, path), positive, "{path}");
        }
    }

    #[test]
    fn percentage_is_between_0_and_100() {
        let data = json!({"a": 45.9, "b": -3, "c": 400, "d": "5", "e": 1e300});
        let all = ["a", "b", "c", "d", "e"].map(|path| percent(&data, path));
        assert_eq!(all, [Some(45), Some(0), Some(100), None, Some(100)]);
    }
}
