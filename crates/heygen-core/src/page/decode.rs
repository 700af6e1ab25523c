//! Decoding of a page: items and cursor are read from where the operation
//! declares them, in one pass over the body.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::Page;
use crate::cursor::{self, Cursor, PageSpec};
use crate::de::object::{As, Key, List};
use crate::decode;
use crate::error::Error;
use crate::response::{RawResponse, Response};

/// Decodes a page.
pub(super) fn page<T: DeserializeOwned>(raw: RawResponse) -> Result<Response<Page<T>>, Error> {
    let spec = raw.context.operation.page_spec();
    let found = decode::parse(&raw, &raw.success.body, |text| read::<T>(text, &spec))?;
    let cursor = Cursor::new(found.next_token, found.has_more);
    let items = match found.items {
        Items::Some(items) => items,
        // An empty list of some servers; the cursor shows that it is a list.
        Items::Null if cursor != Cursor::default() => Vec::new(),
        Items::Null | Items::Absent => {
            return Err(raw.bare_error().unwrap_or_else(|| {
                let field = cursor::path(spec.items);
                raw.decode_error("the response has no items, or null", Some(field))
            }));
        }
    };
    let page = Page {
        items,
        next_token: cursor.next_token.clone(),
        has_more: cursor.has_more.unwrap_or(cursor.next_token.is_some()),
    };
    Ok(raw.with_data(page, Some(cursor)))
}

/// What was found in a body.
struct Found<T> {
    items: Items<T>,
    next_token: Option<String>,
    has_more: Option<bool>,
}

enum Items<T> {
    Absent,
    Null,
    Some(Vec<T>),
}

fn read<T: DeserializeOwned>(text: &str, spec: &PageSpec) -> serde_json::Result<Found<T>> {
    let mut found = Found {
        items: Items::Absent,
        next_token: None,
        has_more: None,
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Value {
        sought: Sought {
            items: Some(spec.items),
            next_token: Some(spec.next_token),
            has_more: Some(spec.has_more),
        },
        found: &mut found,
    }
    .deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(found)
}

/// Pointers to the parts of a page that may be in a value, from this value on.
/// The empty one is the value itself.
#[derive(Clone, Copy)]
struct Sought {
    items: Option<&'static str>,
    next_token: Option<&'static str>,
    has_more: Option<&'static str>,
}

impl Sought {
    /// What may be in the value of this key.
    fn below(self, key: &str) -> Self {
        let below = |pointer: Option<&'static str>| {
            let rest = pointer?.strip_prefix('/')?;
            let (segment, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            cursor::is_key(segment, key).then_some(rest)
        };
        Self {
            items: below(self.items),
            next_token: below(self.next_token),
            has_more: below(self.has_more),
        }
    }

    fn is_nothing(self) -> bool {
        self.items.is_none() && self.next_token.is_none() && self.has_more.is_none()
    }
}

/// A value of the body that may have parts of a page in it.
struct Value<'a, T> {
    sought: Sought,
    found: &'a mut Found<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Value<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { sought, found } = self;
        let here = Some("");
        if sought.is_nothing() {
            deserializer.deserialize_ignored_any(IgnoredAny)?;
        } else if sought.items == here {
            let items: Option<As<Vec<T>, List>> = serde::Deserialize::deserialize(deserializer)?;
            found.items = items.map_or(Items::Null, |items| Items::Some(items.0));
        } else if sought.next_token == here {
            found.next_token = deserializer.deserialize_any(TokenVisitor)?;
        } else if sought.has_more == here {
            found.has_more = deserializer.deserialize_any(FlagVisitor)?;
        } else {
            deserializer.deserialize_option(Self { sought, found })?;
        }
        Ok(())
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Value<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { sought, found } = self;
        while let Some(sought) = map.next_key_seed(Key(|key: &str| sought.below(key)))? {
            map.next_value_seed(Value { sought, found })?;
        }
        Ok(())
    }
}

/// Reads a token: a string, or a number.
struct TokenVisitor;

impl Visitor<'_> for TokenVisitor {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token")
    }

    fn visit_str<E>(self, token: &str) -> Result<Self::Value, E> {
        Ok(Some(token.to_owned()))
    }

    fn visit_u64<E>(self, token: u64) -> Result<Self::Value, E> {
        Ok(Some(token.to_string()))
    }

    fn visit_i64<E>(self, token: i64) -> Result<Self::Value, E> {
        Ok(Some(token.to_string()))
    }

    fn visit_f64<E>(self, token: f64) -> Result<Self::Value, E> {
        Ok(Some(token.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Reads whether there are more pages: a boolean, also as a string or number.
struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Option<bool>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Some(flag))
    }

    fn visit_str<E: serde::de::Error>(self, flag: &str) -> Result<Self::Value, E> {
        match flag.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(E::invalid_value(serde::de::Unexpected::Str(flag), &self)),
        }
    }

    fn visit_u64<E>(self, flag: u64) -> Result<Self::Value, E> {
        Ok(Some(flag != 0))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
