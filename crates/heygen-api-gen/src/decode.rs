//! How answers are read where serde's own derives are too trusting or too
//! strict: objects from objects only, enums that keep what they do not know,
//! unions that tell an unknown tag from a broken body.

// Which of these are needed depends on the documents.
#![allow(dead_code, unused_imports, unused_macros)]

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

/// Derived structs also read an array, field by field in order; these read
/// objects and nothing else. Serde's `remote = "Self"` gives the derived code
/// as functions of the type, which these implementations call.
macro_rules! objects {
    ($($name:ident),* $(,)?) => {$(
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                $name::deserialize(crate::decode::ObjectOnly(deserializer))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error>
            where
                S: ::serde::Serializer,
            {
                $name::serialize(self, serializer)
            }
        }
    )*};
}
pub(crate) use objects;

/// The conversions of an enum of texts that has `known`, `as_str` and a
/// variant `Unknown`.
macro_rules! open_enum {
    ($name:ident, $text:literal) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::known(value).unwrap_or_else(|| Self::Unknown(value.to_owned()))
            }
        }

        impl ::std::convert::From<&::std::string::String> for $name {
            fn from(value: &::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self::known(&value).unwrap_or(Self::Unknown(value))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok(Self::from(value))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error>
            where
                S: ::serde::Serializer,
            {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                crate::decode::text(deserializer)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed($text)
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({
                    "anyOf": [{"type": "string", "enum": Self::KNOWN}, {"type": "string"}],
                })
            }
        }
    };
}
pub(crate) use open_enum;

/// Reads text into what can be made of any text.
pub(crate) fn text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str> + From<String>,
{
    struct Text<T>(std::marker::PhantomData<T>);

    impl<T> Visitor<'_> for Text<T>
    where
        T: for<'a> From<&'a str> + From<String>,
    {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
            Ok(T::from(value))
        }

        fn visit_string<E: Error>(self, value: String) -> Result<T, E> {
            Ok(T::from(value))
        }
    }

    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

/// A union that no tag tells apart: of the variants that fit, the one that
/// keeps the most of what came, the first among equals. Serde's own takes the
/// first that fits, which drops what only others hold.
macro_rules! best_of {
    ($name:ident { $($variant:ident($held:ty)),* $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                let mut best = crate::decode::Best::of(&value);
                $(best.consider::<$held>(Self::$variant);)*
                best.found(stringify!($name))
            }
        }
    };
}
pub(crate) use best_of;

/// The best variant of a union so far.
pub(crate) struct Best<'a, U> {
    value: &'a Value,
    all: usize,
    kept: usize,
    best: Option<U>,
}

impl<'a, U> Best<'a, U> {
    pub(crate) fn of(value: &'a Value) -> Self {
        Self {
            value,
            all: shared(value, value),
            kept: 0,
            best: None,
        }
    }

    pub(crate) fn consider<T: DeserializeOwned + serde::Serialize>(&mut self, variant: fn(T) -> U) {
        if self.best.is_some() && self.kept == self.all {
            return;
        }
        let Ok(held) = serde_json::from_value::<T>(self.value.clone()) else {
            return;
        };
        let kept = serde_json::to_value(&held).map_or(0, |again| shared(self.value, &again));
        if self.best.is_none() || kept > self.kept {
            self.kept = kept;
            self.best = Some(variant(held));
        }
    }

    pub(crate) fn found<E: Error>(self, union: &str) -> Result<U, E> {
        self.best
            .ok_or_else(|| E::custom(format_args!("data did not match any variant of {union}")))
    }
}

/// How many values of one document the other has in the same places.
fn shared(one: &Value, other: &Value) -> usize {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => one
            .iter()
            .filter_map(|(key, value)| Some(1 + shared(value, other.get(key)?)))
            .sum(),
        (Value::Array(one), Value::Array(other)) => one
            .iter()
            .zip(other)
            .map(|(one, other)| 1 + shared(one, other))
            .sum(),
        (Value::Number(one), Value::Number(other)) => usize::from(one.as_f64() == other.as_f64()),
        (one, other) => usize::from(one == other),
    }
}

/// Reads any object, for a union to choose a variant by its tag.
pub(crate) fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    use serde::Deserialize;

    match Value::deserialize(deserializer)? {
        value @ Value::Object(_) => Ok(value),
        other => Err(D::Error::custom(format_args!(
            "expected an object, found {}",
            kind(&other)
        ))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Reads the variant of a union that its tag has chosen.
pub(crate) fn variant<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
    T::deserialize(&value).map_err(|error| E::custom(place::<T>(&value, &error)))
}

/// What does not fit into a variant, beginning with its place there. Whoever
/// reads the whole knows only where the union is.
#[cold]
fn place<T: DeserializeOwned>(value: &Value, error: &serde_json::Error) -> String {
    let reason = error.to_string();
    let Err(located) = serde_path_to_error::deserialize::<_, T>(value) else {
        return reason;
    };
    let outer = located.path().to_string();
    // A union in a union has begun with its place by now.
    let deeper = reason
        .strip_prefix("at `")
        .and_then(|rest| rest.split_once("`: "));
    match deeper {
        _ if outer == "." => reason,
        Some((inner, reason)) => format!("at `{outer}.{inner}`: {reason}"),
        None => format!("at `{outer}`: {reason}"),
    }
}

/// A deserializer that gives structs to their visitors as maps only.
pub(crate) struct ObjectOnly<D>(pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, MapOnly(visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct enum identifier ignored_any
    }
}

struct MapOnly<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for MapOnly<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(map)
    }
}
