//! Unions: tagged ones, whose unknown variants are kept, and untagged ones.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize as _, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::position;

/// Implements `Deserialize` for an untagged union. The variant is selected by
/// the shape of the value, so that no variant is tried in vain and reading time
/// is linear: each variant has its [`Shape`], its model, and how that is
/// [`Read`](super::Read). The one variant that accepts arrays or objects, if
/// there is one, is read without a copy of the value.
#[macro_export]
#[doc(hidden)]
macro_rules! untagged_union {
    (
        $name:ident { $($shape:expr => $variant:ident($model:ty) as $read:ty;)* }
        $(array $array:ident as $array_read:ty;)?
        $(object $object:ident as $object_read:ty;)?
    ) => {
        const _: () = {
            #[allow(unused_imports)]
            use $crate::de;

            impl de::Untagged for $name {
                const NAME: &'static str = stringify!($name);
                const VARIANTS: &'static [de::Candidate<Self>] = &[$((
                    $shape,
                    |value| de::variant::<de::As<$model, $read>>(value)
                        .map(|value| Self::$variant(value.0)),
                )),*];

                $(fn array<'de, __D: ::serde::Deserializer<'de>>(array: __D) -> ::std::result::Result<Self, __D::Error> {
                    <$array_read as de::Read<_>>::read(array).map(Self::$array)
                })?

                $(fn object<'de, __D: ::serde::Deserializer<'de>>(object: __D) -> ::std::result::Result<Self, __D::Error> {
                    <$object_read as de::Read<_>>::read(object).map(Self::$object)
                })?
            }

            impl<'de> ::serde::Deserialize<'de> for $name {
                fn deserialize<__D>(deserializer: __D) -> ::std::result::Result<Self, __D::Error>
                where
                    __D: ::serde::Deserializer<'de>,
                {
                    de::untagged(deserializer)
                }
            }
        };
    };
}

/// What JSON a variant accepts, as far as types and keys tell: looked at before
/// the variant is deserialised.
#[derive(Debug)]
pub enum Shape {
    /// Any value.
    Any,
    /// `true` or `false`.
    Boolean,
    /// One of these integers; any if there are none.
    Integer(&'static [i64]),
    /// A number.
    Number,
    /// One of these strings; any if there are none.
    String(&'static [&'static str]),
    /// An array of such items.
    Array(&'static Shape),
    /// An object of such values.
    Map(&'static Shape),
    /// An object with these properties, of which the first must be there.
    Object(&'static [&'static str], &'static [(&'static str, Shape)]),
    /// A tagged union: its tag, the values of it, and whether it keeps others.
    Tagged(&'static str, &'static [&'static str], bool),
    /// Any of these.
    OneOf(&'static [Shape]),
}

impl Shape {
    /// How much of a value is declared; none if it is not accepted.
    fn fit(&self, value: &Value) -> Option<usize> {
        match (self, value) {
            (Self::Any, _)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::String([]), Value::String(_)) => Some(0),
            (Self::Integer(known), Value::Number(number)) => {
                let is_known = number.as_i64().is_some_and(|value| known.contains(&value));
                (is_known || (known.is_empty() && !number.is_f64())).then_some(0)
            }
            (Self::String(known), Value::String(text)) => {
                known.contains(&text.as_str()).then_some(0)
            }
            (Self::Array(shape), Value::Array(items)) => {
                sum(items.iter().map(|item| shape.fit_or_null(item)))
            }
            (Self::Map(shape), Value::Object(entries)) => {
                sum(entries.values().map(|value| shape.fit_or_null(value)))
            }
            (Self::Object(required, properties), Value::Object(entries)) => {
                let missing = required.iter().any(|name| !entries.contains_key(*name));
                let declared = properties
                    .iter()
                    .filter_map(|(name, shape)| Some(shape.fit_or_null(entries.get(*name)?)));
                if missing { None } else { sum(declared) }
            }
            (Self::Tagged(tag, values, open), Value::Object(entries)) => {
                let value = entries.get(*tag).and_then(Value::as_str);
                let known = value.is_some_and(|value| values.contains(&value));
                if known {
                    Some(entries.len())
                } else {
                    open.then_some(0)
                }
            }
            (Self::OneOf(shapes), value) => {
                shapes.iter().filter_map(|shape| shape.fit(value)).max()
            }
            _ => None,
        }
    }

    /// As [`fit`](Self::fit), of what is held: null may be skipped.
    fn fit_or_null(&self, value: &Value) -> Option<usize> {
        let fit = if value.is_null() {
            Some(0)
        } else {
            self.fit(value)
        };
        fit.map(|fit| fit + 1)
    }
}

fn sum(fits: impl Iterator<Item = Option<usize>>) -> Option<usize> {
    fits.sum()
}

/// A variant of an untagged union: what it accepts, and how it is read.
pub type Candidate<U> = (Shape, fn(Value) -> Result<U, String>);

/// An untagged union.
pub trait Untagged: Sized + 'static {
    /// The name of the type, for errors.
    const NAME: &'static str;

    /// The variants. That which declares most of a value is read, the first
    /// among equals.
    const VARIANTS: &'static [Candidate<Self>];

    /// Reads an array.
    ///
    /// # Errors
    /// That of the deserializer or the variant.
    fn array<'de, D: Deserializer<'de>>(array: D) -> Result<Self, D::Error> {
        select(Value::deserialize(array)?).map_err(Error::custom)
    }

    /// Reads an object.
    ///
    /// # Errors
    /// That of the deserializer or the variant.
    fn object<'de, D: Deserializer<'de>>(object: D) -> Result<Self, D::Error> {
        select(Value::deserialize(object)?).map_err(Error::custom)
    }
}

fn select<U: Untagged>(value: Value) -> Result<U, String> {
    let mut best = None;
    for (shape, read) in U::VARIANTS {
        // Of two that accept a scalar, the narrower type.
        let is_narrow = matches!(shape, Shape::Integer(_) | Shape::String([_, ..]));
        let fit = shape.fit(&value).map(|fit| (fit, is_narrow));
        if fit.is_some() && best.is_none_or(|(other, _)| fit > other) {
            best = Some((fit, read));
        }
    }
    match best {
        Some((_, read)) => read(value),
        None => Err(format!("data did not match any variant of {}", U::NAME)),
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

/// Deserialises an untagged union.
///
/// # Errors
/// If no variant accepts the value, or the one that does refuses a part of it.
pub fn untagged<'de, D: Deserializer<'de>, U: Untagged>(deserializer: D) -> Result<U, D::Error> {
    deserializer.deserialize_any(UntaggedVisitor(PhantomData))
}

/// Deserialises the variant that was selected, from its JSON text: by the one type
/// of deserialiser that models are compiled for, and with positions.
///
/// # Errors
/// That of the variant, prefixed with the path of the field in it: the parser
/// of the whole document has the position of the union only.
pub fn variant<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    let text = value.to_string();
    drop(value);
    serde_json::from_str(&text).map_err(|error| located(&text, &error))
}

/// The message of an error, with the path of the field that it is about.
#[cold]
fn located(text: &str, error: &serde_json::Error) -> String {
    match position::locate(text.as_bytes(), error) {
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

impl<'de, U, F: FnOnce(Value) -> Result<U, String>> Visitor<'de> for UnionVisitor<F> {
    type Value = U;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<U, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        (self.choose)(value).map_err(Error::custom)
    }
}

/// As [`UnionVisitor`], for a union without a tag.
struct UntaggedVisitor<U>(PhantomData<U>);

macro_rules! scalar {
    ($($visit:ident($scalar:ty)),*) => {$(
        fn $visit<E: Error>(self, value: $scalar) -> Result<U, E> {
            select(value.into()).map_err(E::custom)
        }
    )*};
}

impl<'de, U: Untagged> Visitor<'de> for UntaggedVisitor<U> {
    type Value = U;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of ")?;
        f.write_str(U::NAME)
    }

    scalar! {
        visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str)
    }

    fn visit_unit<E: Error>(self) -> Result<U, E> {
        select(Value::Null).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<U, A::Error> {
        U::array(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<U, A::Error> {
        U::object(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Branch {
        children: Vec<Tree>,
        #[serde(default)]
        name: Option<String>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Link {
        children: Vec<Tree>,
        weight: i64,
    }

    #[derive(Debug, PartialEq, Serialize)]
    #[serde(untagged)]
    enum Tree {
        Branch(Branch),
        Link(Link),
        Names(Vec<String>),
        Word(String),
        Whole(i64),
        Number(f64),
    }

    const CHILDREN: (&str, Shape) = ("children", Shape::Array(&Shape::Any));

    crate::untagged_union! {
        Tree {
            Shape::Object(&["children"], &[CHILDREN, ("name", Shape::String(&[]))]) => Branch(Branch) as de::Plain;
            Shape::Object(&["children", "weight"], &[CHILDREN, ("weight", Shape::Integer(&[]))]) => Link(Link) as de::Plain;
            Shape::Array(&Shape::String(&[])) => Names(Vec<String>) as de::List;
            Shape::String(&["a", "b"]) => Word(String) as de::Plain;
            Shape::Integer(&[]) => Whole(i64) as de::Plain;
            Shape::Number => Number(f64) as de::Plain;
        }
        array Names as de::List;
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "only its shape matters")]
        next: Option<Box<Tagged>>,
    }

    #[derive(Debug)]
    enum Tagged {
        Inner(#[expect(dead_code, reason = "only its shape matters")] Inner),
        Unknown,
    }

    impl<'de> Deserialize<'de> for Tagged {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            tagged(deserializer, |value| match value["type"].as_str() {
                Some("inner") => variant(value).map(Self::Inner),
                _ => Ok(Self::Unknown),
            })
        }
    }

    #[test]
    fn untagged_variant_is_selected_by_shape() {
        for (value, is_expected) in [
            (
                json!({"children": [], "name": "a"}),
                (|tree| matches!(tree, Tree::Branch(_))) as fn(&Tree) -> bool,
            ),
            (json!({"children": [], "weight": 1, "name": "a"}), |tree| {
                matches!(tree, Tree::Branch(_))
            }),
            (json!({"children": [], "weight": 1, "name": 2}), |tree| {
                matches!(tree, Tree::Link(_))
            }),
            (json!(["a", null]), |tree| {
                *tree == Tree::Names(vec!["a".into()])
            }),
            (json!("b"), |tree| matches!(tree, Tree::Word(_))),
            (json!(1), |tree| matches!(tree, Tree::Whole(1))),
            (json!(1.5), |tree| matches!(tree, Tree::Number(_))),
        ] {
            let tree: Tree = serde_json::from_str(&value.to_string()).unwrap();
            assert!(is_expected(&tree), "{value}: {tree:?}");
        }
        for (value, message) in [
            (json!("c"), "data did not match any variant of Tree"),
            (json!({}), "data did not match any variant of Tree"),
            (json!([1]), "invalid type: integer `1`, expected a string"),
            (
                json!({"children": [{"children": [true]}]}),
                "at `children[0].children[0]`: data did not match",
            ),
        ] {
            let error = serde_json::from_str::<Tree>(&value.to_string())
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn time_grows_with_the_size_of_nested_unions_only() {
        let (mut good, mut bad, mut tagged) =
            (json!(1), json!(true), json!({"type": "inner", "next": 1}));
        for _ in 0..40 {
            good = json!({"children": [good], "weight": 1});
            bad = json!({"children": [bad]});
            tagged = json!({"type": "inner", "next": tagged});
        }
        let start = Instant::now();
        serde_json::from_str::<Tree>(&good.to_string()).unwrap();
        serde_json::from_str::<Tree>(&bad.to_string()).unwrap_err();
        let error = serde_json::from_str::<Tagged>(&tagged.to_string()).unwrap_err();
        assert!(error.to_string().contains("next.next"), "{error}");
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{:?}",
            start.elapsed()
        );
    }
}
