//! Objects: `Deserialize` implementations that refuse arrays and skip `null`
//! array items. A derived one reads an array field by field, and fails the
//! whole response at a `null` item.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Unexpected, Visitor,
};

/// Implements `Deserialize` for a struct. Each field has its wire name, its
/// presence, and how its value is [`Read`] if not [`Plain`]:
///
/// - `required`: absent and `null` are errors, unless the type reads `null`;
/// - `optional`: an `Option`, `None` where it is absent or `null`;
/// - `default`, or a function in parentheses: the value where it is absent or
///   `null`.
#[macro_export]
#[doc(hidden)]
macro_rules! object {
    ($name:ident { $($wire:literal => $field:ident: $presence:tt $($read:ty)?;)* }) => {
        const _: () = {
            #[allow(unused_imports)]
            use $crate::de;

            #[allow(non_camel_case_types, clippy::enum_variant_names)]
            enum __Field { $($field,)* UnknownField }

            struct __ObjectVisitor;

            impl<'de> ::serde::de::Visitor<'de> for __ObjectVisitor {
                type Value = $name;

                fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<__A>(self, mut map: __A) -> ::std::result::Result<$name, __A::Error>
                where
                    __A: ::serde::de::MapAccess<'de>,
                {
                    $(let mut $field = ::std::option::Option::None;)*
                    let key = |name: &str| match name {
                        $($wire => __Field::$field,)*
                        _ => __Field::UnknownField,
                    };
                    while let ::std::option::Option::Some(__found) =
                        map.next_key_seed($crate::de::Key(key))?
                    {
                        match __found {
                            $(__Field::$field => {
                                $field = $crate::object!(@read map, $presence $($read)?);
                            })*
                            __Field::UnknownField => {
                                map.next_value::<::serde::de::IgnoredAny>()?;
                            }
                        }
                    }
                    ::std::result::Result::Ok($name {
                        $($field: $crate::object!(@absent $field, $wire, $presence),)*
                    })
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $name {
                fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
                where
                    __D: ::serde::Deserializer<'de>,
                {
                    deserializer.deserialize_map(__ObjectVisitor)
                }
            }
        };
    };
    (@read $map:ident, $presence:tt) => {
        $crate::object!(@read $map, $presence de::Plain)
    };
    (@read $map:ident, required $read:ty) => {
        ::std::option::Option::Some($map.next_value::<$crate::de::As<_, $read>>()?.0)
    };
    (@read $map:ident, $presence:tt $read:ty) => {
        $map.next_value::<::std::option::Option<$crate::de::As<_, $read>>>()?
            .map(|value| value.0)
    };
    (@absent $field:ident, $wire:literal, required) => {
        $field.ok_or_else(|| ::serde::de::Error::missing_field($wire))?
    };
    (@absent $field:ident, $wire:literal, optional) => {
        $field
    };
    (@absent $field:ident, $wire:literal, default) => {
        $field.unwrap_or_default()
    };
    (@absent $field:ident, $wire:literal, ($($default:tt)+)) => {
        $field.unwrap_or_else($($default)+)
    };
}

/// Deserialises the name of a field into its identifier.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "lives for one key")]
pub struct Key<F>(pub F);

impl<'de, K, F: FnOnce(&str) -> K> DeserializeSeed<'de> for Key<F> {
    type Value = K;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<K, F: FnOnce(&str) -> K> Visitor<'_> for Key<F> {
    type Value = K;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<K, E> {
        Ok((self.0)(name))
    }
}

/// How a value of type `T` is deserialised.
pub trait Read<T>: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// That of the deserializer.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

/// Reads a value by `R`.
///
/// # Errors
/// That of the deserializer.
pub fn required<'de, R: Read<T>, T, D>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    R::read(deserializer)
}

/// Reads a value that may be `null` by `R`.
///
/// # Errors
/// That of the deserializer.
pub fn optional<'de, R: Read<T>, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
{
    let value = Option::<As<T, R>>::deserialize(deserializer)?;
    Ok(value.map(|value| value.0))
}

/// By the `Deserialize` of the type itself.
#[derive(Debug)]
pub struct Plain;

/// An array whose items are read by `R`; `null` items are skipped.
#[derive(Debug)]
pub struct List<R = Plain>(PhantomData<R>);

/// A map whose values are read by `R`; `null` values are skipped.
#[derive(Debug)]
pub struct Entries<R = Plain>(PhantomData<R>);

/// An integer, or a float without a fraction such as `1.0`.
#[derive(Debug)]
pub struct Integer;

/// A value that is deserialised by `R`.
#[derive(Debug)]
pub struct As<T, R>(pub T, PhantomData<R>);

impl<'de, T, R: Read<T>> Deserialize<'de> for As<T, R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        R::read(deserializer).map(|value| Self(value, PhantomData))
    }
}

impl<T: for<'de> Deserialize<'de>> Read<T> for Plain {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

macro_rules! integers {
    ($($ty:ty: $deserialize:ident),*) => {$(
        impl Read<$ty> for Integer {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$ty, D::Error> {
                deserializer.$deserialize(IntegerVisitor::<$ty>(PhantomData))
            }
        }
    )*};
}

integers! { i64: deserialize_i64, u64: deserialize_u64 }

struct IntegerVisitor<T>(PhantomData<T>);

impl<T: TryFrom<i64> + TryFrom<u64> + TryFrom<i128>> Visitor<'_> for IntegerVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<T>())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        // Saturates where the value is too great for any of these types.
        #[allow(clippy::cast_possible_truncation)]
        let integer = value as i128;
        if value.fract() != 0.0 {
            return Err(E::invalid_type(Unexpected::Float(value), &self));
        }
        T::try_from(integer).map_err(|_| E::invalid_value(Unexpected::Float(value), &self))
    }
}

/// Deserialises a field of a request that distinguishes null from absence. It is
/// called where the field is present.
///
/// # Errors
/// That of the value.
pub fn explicit_null<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// The state of a job that the server did not send: the empty text.
#[must_use]
pub fn unset<T: From<String>>() -> T {
    T::from(String::new())
}

/// Whether a state is [`unset`].
pub fn is_unset<T: PartialEq<str>>(state: &T) -> bool {
    state == ""
}

impl<T, R: Read<T>> Read<Vec<T>> for List<R> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<T, R>(PhantomData))
    }
}

impl<T, R: Read<T>> Read<HashMap<String, T>> for Entries<R> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HashMap<String, T>, D::Error> {
        let entries = HashMap::<String, Option<As<T, R>>>::deserialize(deserializer)?;
        let present = entries.into_iter();
        Ok(present
            .filter_map(|(key, value)| Some((key, value?.0)))
            .collect())
    }
}

struct ListVisitor<T, R>(PhantomData<(T, R)>);

impl<'de, T, R: Read<T>> Visitor<'de> for ListVisitor<T, R> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Option<As<T, R>>>()? {
            list.extend(item.map(|item| item.0));
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq)]
    struct Model {
        id: String,
        type_: Option<i64>,
        tags: Option<Vec<Vec<String>>>,
        map: HashMap<String, bool>,
        size: u64,
    }

    crate::object! {
        Model {
            "id" => id: required;
            "type" => type_: optional de::Integer;
            "tags" => tags: optional de::List<de::List>;
            "map" => map: default de::Entries;
            "size" => size: (|| 7) de::Integer;
        }
    }

    /// Models may bear the names that such macros use inside.
    mod names {
        macro_rules! models {
            ($($name:ident)*) => {$(
                #[allow(dead_code)]
                #[derive(Debug, PartialEq)]
                struct $name {
                    field: Option<i64>,
                }
                crate::object! { $name { "field" => field: optional; } }
            )*};
        }
        models!(Field ObjectVisitor Key A D);

        #[test]
        fn no_model_name_clashes_with_the_macro() {
            let read = serde_json::from_str::<A>(r#"{"field": 1}"#).unwrap();
            assert_eq!(read, A { field: Some(1) });
            let read = serde_json::from_str::<Vec<Field>>(r#"[{"field": 1}]"#).unwrap();
            assert_eq!(read, [Field { field: Some(1) }]);
        }
    }

    fn read(json: &serde_json::Value) -> Result<Model, String> {
        serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn absent_null_and_unknown_fields_are_read() {
        let least = Model {
            id: "a".into(),
            size: 7,
            ..Model::default()
        };
        assert_eq!(read(&json!({"id": "a"})).as_ref(), Ok(&least));
        let nulls =
            json!({"id": "a", "type": null, "tags": null, "map": null, "size": null, "new": [1]});
        assert_eq!(read(&nulls), Ok(least));
        let most = json!({"id": "a", "type": 1, "size": 2,
            "tags": [["x", null], null, []], "map": {"a": true, "b": null}});
        let most = read(&most).unwrap();
        assert_eq!(most.tags.unwrap(), [vec!["x".to_owned()], vec![]]);
        assert_eq!(most.map, HashMap::from([("a".to_owned(), true)]));
        assert_eq!((most.type_, most.size), (Some(1), 2));
    }

    #[test]
    fn integers_are_read_from_floats_without_a_fraction() {
        let model = read(&json!({"id": "a", "type": -1.0, "size": u64::MAX})).unwrap();
        assert_eq!((model.type_, model.size), (Some(-1), u64::MAX));
        let model = read(&json!({"id": "a", "type": 3e9, "size": 2.0})).unwrap();
        assert_eq!((model.type_, model.size), (Some(3_000_000_000), 2));
        for (json, message) in [
            (
                json!({"type": 1.5}),
                "invalid type: floating point `1.5`, expected i64",
            ),
            (json!({"type": 1e30}), "invalid value: floating point `1e"),
            (
                json!({"size": -1}),
                "invalid value: integer `-1`, expected u64",
            ),
            (
                json!({"size": "1"}),
                "invalid type: string \"1\", expected u64",
            ),
        ] {
            let error = read(&json).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn null_differs_from_absence_where_it_must() {
        #[expect(clippy::option_option, reason = "absent, null and a value")]
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Patch {
            #[serde(default, deserialize_with = "explicit_null")]
            nick: Option<Option<String>>,
        }
        let read = |text: &str| serde_json::from_str::<Patch>(text).unwrap().nick;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"nick": null}"#), Some(None));
        assert_eq!(read(r#"{"nick": "x"}"#), Some(Some("x".to_owned())));
    }

    #[test]
    fn arrays_nulls_and_missing_fields_are_refused() {
        for (json, message) in [
            (json!([]), "invalid type: sequence, expected an object"),
            (
                json!(["a", 1, [], {}, 1]),
                "invalid type: sequence, expected an object",
            ),
            (json!(null), "invalid type: null, expected an object"),
            (json!({}), "missing field `id`"),
            (json!({"id": null}), "invalid type: null, expected a string"),
            (
                json!({"id": "a", "tags": [[1]]}),
                "invalid type: integer `1`, expected a string",
            ),
        ] {
            let error = read(&json).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
