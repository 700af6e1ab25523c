//! Unions: tagged ones, whose unknown variants are kept, and untagged ones.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize as _, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::position;

/// Implements `Deserialize` for an untagged union: of the variants that match,
/// the one that keeps most of the value, the first among equals. A derived one
/// selects the first that matches, and drops the fields that only others have.
#[macro_export]
#[doc(hidden)]
macro_rules! untagged_union {
    ($name:ident { $($variant:ident($model:ty)),* $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
            where
                __D: ::serde::Deserializer<'de>,
            {
                $crate::de::untagged(deserializer, |value| {
                    let mut best = $crate::de::Best::of(&value);
                    $(best.consider::<$model>(Self::$variant);)*
                    best.found(stringify!($name))
                })
            }
        }
    };
}

/// The best matching variant of a union so far.
#[derive(Debug)]
pub struct Best<'a, U> {
    value: &'a Value,
    all: usize,
    kept: usize,
    variant: Option<U>,
}

impl<'a, U> Best<'a, U> {
    /// Starts before any variant was tried.
    pub fn of(value: &'a Value) -> Self {
        Self {
            value,
            all: common(value, value),
            kept: 0,
            variant: None,
        }
    }

    /// Tries to deserialise the value as a variant.
    pub fn consider<T: DeserializeOwned + serde::Serialize>(&mut self, variant: fn(T) -> U) {
        if self.variant.is_some() && self.kept == self.all {
            return;
        }
        let Ok(model) = serde_json::from_value::<T>(self.value.clone()) else {
            return;
        };
        let kept = serde_json::to_value(&model).map_or(0, |written| common(self.value, &written));
        if self.variant.is_none() || kept > self.kept {
            self.kept = kept;
            self.variant = Some(variant(model));
        }
    }

    /// The best of the variants tried.
    ///
    /// # Errors
    /// If no variant matches.
    pub fn found(self, union: &str) -> Result<U, String> {
        self.variant
            .ok_or_else(|| format!("data did not match any variant of {union}"))
    }
}

/// Number of values that two documents have in common at the same paths.
fn common(one: &Value, other: &Value) -> usize {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => one
            .iter()
            .filter_map(|(key, value)| Some(1 + common(value, other.get(key)?)))
            .sum(),
        (Value::Array(one), Value::Array(other)) => one
            .iter()
            .zip(other)
            .map(|(one, other)| 1 + common(one, other))
            .sum(),
        (Value::Number(one), Value::Number(other)) => usize::from(one.as_f64() == other.as_f64()),
        (one, other) => usize::from(one == other),
    }
}

/// Deserialises a tagged union: any object, which `choose` turns into a
/// variant.
///
/// # Errors
/// If the value is not an object, or `choose` refuses it.
pub fn tagged<'de, D: Deserializer<'de>, U>(
    deserializer: D,
    choose: impl FnOnce(Value) -> Result<U, String>,
) -> Result<U, D::Error> {
    let expected = "an object";
    deserializer.deserialize_map(UnionVisitor { expected, choose })
}

/// Deserialises an untagged union: any value, which `choose` turns into a
/// variant.
///
/// # Errors
/// If `choose` refuses the value.
pub fn untagged<'de, D: Deserializer<'de>, U>(
    deserializer: D,
    choose: impl FnOnce(Value) -> Result<U, String>,
) -> Result<U, D::Error> {
    let expected = "a value";
    deserializer.deserialize_any(UnionVisitor { expected, choose })
}

/// Deserialises the variant that the tag selects.
///
/// # Errors
/// That of the variant, prefixed with the path of the field in it: the parser
/// of the whole document has the position of the union only.
#[allow(
    clippy::needless_pass_by_value,
    reason = "generated code has no other use for it"
)]
pub fn variant<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    T::deserialize(&value).map_err(|error| explain::<T>(&value, &error))
}

#[cold]
fn explain<T: DeserializeOwned>(value: &Value, error: &serde_json::Error) -> String {
    // A `Value` has no positions; its JSON text has.
    let text = value.to_string();
    let Err(located) = serde_json::from_str::<T>(&text) else {
        return error.to_string();
    };
    match position::locate(text.as_bytes(), &located) {
        (Some(field), reason) => format!("at `{field}`: {reason}"),
        (None, reason) => reason,
    }
}

/// Chooses the variant inside the visitor, so that an error has the position of
/// the union rather than that of the next token.
struct UnionVisitor<F> {
    expected: &'static str,
    choose: F,
}

macro_rules! scalar {
    ($($visit:ident($scalar:ty)),*) => {$(
        fn $visit<E: Error>(self, value: $scalar) -> Result<U, E> {
            (self.choose)(value.into()).map_err(E::custom)
        }
    )*};
}

impl<'de, U, F: FnOnce(Value) -> Result<U, String>> Visitor<'de> for UnionVisitor<F> {
    type Value = U;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    scalar! {
        visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str)
    }

    fn visit_unit<E: Error>(self) -> Result<U, E> {
        (self.choose)(Value::Null).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<U, A::Error> {
        let value = Value::deserialize(SeqAccessDeserializer::new(items))?;
        (self.choose)(value).map_err(Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<U, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        (self.choose)(value).map_err(Error::custom)
    }
}
