//! Equality of JSON values as JSON Schema defines it: numbers are compared by
//! value, so `1` equals `1.0`.

use serde_json::Value;

/// Whether two JSON values are equal.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || a.is_f64() != b.is_f64() && a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

/// [`equal`] for values that may be absent.
pub(crate) fn equal_options(a: Option<&Value>, b: Option<&Value>) -> bool {
    let both = a.zip(b).map(|(a, b)| equal(a, b));
    both.unwrap_or(a.is_none() && b.is_none())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_equal_by_value() {
        assert!(equal(&json!({"a": [1, -2.0]}), &json!({"a": [1.0, -2]})));
        assert!(!equal(&json!({"a": 1}), &json!({"a": 1.5})));
        assert!(!equal(&json!(1), &json!("1")));
        assert!(!equal(&json!({"a": 1}), &json!({"a": 1, "b": 1})));
        assert!(!equal(&json!(u64::MAX), &json!(u64::MAX - 1)));
    }
}
