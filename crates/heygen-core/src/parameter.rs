//! Parameters that are sent as one string, whatever they hold: an array or an
//! object joined by a separator, or a value as JSON. Generated methods take them
//! where the document says so (`explode: false`, `style`, `content`).
//!
//! Both forms in which generated methods write a parameter give that string:
//! `Serialize` in a query, `Display` in a path or a header.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name<T>(pub T);

        impl<T: Serialize> $name<T> {
            fn text(&self) -> serde_json::Result<String> {
                let text: fn(&T) -> serde_json::Result<String> = $text;
                text(&self.0)
            }
        }

        impl<T> From<T> for $name<T> {
            fn from(value: T) -> Self {
                Self(value)
            }
        }

        impl<T: Serialize> fmt::Display for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text().map_err(|_| fmt::Error)?)
            }
        }

        impl<T: Serialize> Serialize for $name<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text().map_err(serde::ser::Error::custom)?)
            }
        }
    )*};
}

types! {
    /// The items of an array, or the keys and values of an object, separated by
    /// commas: `a,b,c`.
    CommaSeparated = |value| joined(value, ",");
    /// The items of an array, or the keys and values of an object, separated by
    /// spaces: `a b c`.
    SpaceSeparated = |value| joined(value, " ");
    /// The items of an array, or the keys and values of an object, separated by
    /// pipes: `a|b|c`.
    PipeSeparated = |value| joined(value, "|");
    /// A value that is sent as JSON.
    Json = |value| serde_json::to_string(value);
}

/// The parts of a value with a separator between them. `null` is left out.
fn joined(value: &impl Serialize, separator: &str) -> serde_json::Result<String> {
    let parts = match serde_json::to_value(value)? {
        Value::Array(items) => items,
        Value::Object(entries) => entries
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .flat_map(|(key, value)| [Value::String(key), value])
            .collect(),
        one => vec![one],
    };
    let texts: Vec<String> = parts
        .into_iter()
        .filter(|part| !part.is_null())
        .map(|part| match part {
            Value::String(text) => text,
            other => other.to_string(),
        })
        .collect();
    Ok(texts.join(separator))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arrays_and_objects_are_one_string() {
        let list = json!(["a", 1, null, true, 1.5]);
        for (text, value) in [
            (
                CommaSeparated(&list).to_string(),
                json!(CommaSeparated(&list)),
            ),
            (
                PipeSeparated(&list).to_string().replace('|', ","),
                json!(CommaSeparated(&list)),
            ),
            (
                SpaceSeparated(&list).to_string().replace(' ', ","),
                json!(CommaSeparated(&list)),
            ),
        ] {
            assert_eq!(
                (text.as_str(), value),
                ("a,1,true,1.5", json!("a,1,true,1.5"))
            );
        }
        let object = CommaSeparated(json!({"a": 1, "b": null, "c": "x y"}));
        assert_eq!(object.to_string(), "a,1,c,x y");
        assert_eq!(CommaSeparated(Vec::<String>::new()).to_string(), "");
        assert_eq!(CommaSeparated("one").to_string(), "one");
    }

    #[test]
    fn json_is_one_string() {
        let value = Json(json!({"a": [1, "b"]}));
        assert_eq!(value.to_string(), r#"{"a":[1,"b"]}"#);
        assert_eq!(json!(value), json!(r#"{"a":[1,"b"]}"#));
    }
}
