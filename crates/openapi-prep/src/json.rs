//! Equality of JSON values, where it is not that of their texts.

use serde_json::Value;

/// Whether two values are the same JSON: `1` is `1.0`, and the order of keys
/// does not matter.
pub(crate) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            x == y || ((x.is_f64() || y.is_f64()) && x.as_f64() == y.as_f64())
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| equal(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            let same = |(key, value)| y.get(key).is_some_and(|other| equal(value, other));
            x.len() == y.len() && x.iter().all(same)
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_equal_by_value() {
        assert!(equal(
            &json!({"a": [1, 2.0], "b": 0}),
            &json!({"b": 0.0, "a": [1.0, 2]})
        ));
        assert!(!equal(&json!(1), &json!(1.5)));
        assert!(!equal(&json!(u64::MAX), &json!(u64::MAX - 1)));
        assert!(!equal(&json!({"a": 1}), &json!({"a": 1, "b": 1})));
        assert!(!equal(&json!("1"), &json!(1)));
    }
}
