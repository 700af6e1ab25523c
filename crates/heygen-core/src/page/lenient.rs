//! Pages with items that do not fit their model: these become null in a copy of
//! the body, and null items of lists are skipped by every model.

use std::fmt;

use bytes::Bytes;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::cursor;
use crate::de::object::Key;
use crate::de::position;
use crate::decode;
use crate::response::RawResponse;

/// The body with null for each item that does not fit, which is logged. None if
/// there is no such item: then it is something else that does not fit.
pub(super) fn without_misfits<T: DeserializeOwned>(raw: &RawResponse) -> Option<Bytes> {
    replace_misfits(raw, &|item| {
        let fitted = serde_json::from_str::<Option<T>>(item).map(drop);
        fitted.map_err(|error| position::locate(item.as_bytes(), &error).0)
    })
}

/// Whether an item fits its model, or the path of the field in it that does not.
/// None is the item as a whole.
type Fits<'a> = &'a dyn Fn(&str) -> Result<(), Option<String>>;

fn replace_misfits(raw: &RawResponse, fits: Fits<'_>) -> Option<Bytes> {
    let operation = raw.context.operation;
    let pointer = operation.page_spec().items;
    let list = cursor::path(pointer);
    let redactor = raw.client.0.credential.redactor();
    let text = decode::text(&raw.success.body);
    let items = find(&text, pointer)?;
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (index, item) in items.into_iter().enumerate() {
        let item = item.get();
        let Err(field) = fits(item) else {
            continue;
        };
        let field = match field {
            Some(field) if field.starts_with('[') => format!("{list}[{index}]{field}"),
            Some(field) => format!("{list}[{index}].{field}"),
            None => format!("{list}[{index}]"),
        };
        tracing::warn!(
            operation = operation.id,
            index,
            field = &*redactor.redact(&field),
            "skipped an item of a list that does not fit its model"
        );
        // The item is a slice of the text.
        let start = item.as_ptr() as usize - text.as_ptr() as usize;
        out.push_str(&text[copied..start]);
        out.push_str("null");
        copied = start + item.len();
    }
    (copied > 0).then(|| {
        out.push_str(&text[copied..]);
        out.into()
    })
}

/// The items of the array at a JSON pointer.
fn find<'a>(text: &'a str, pointer: &str) -> Option<Vec<&'a RawValue>> {
    let mut value = text;
    for segment in pointer.split('/').skip(1) {
        let mut deserializer = serde_json::Deserializer::from_str(value);
        value = Field(segment).deserialize(&mut deserializer).ok()??.get();
    }
    serde_json::from_str(value).ok()
}

/// Reads the value of one field of an object.
struct Field<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Field<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        let is_sought = |key: &str| cursor::is_key(self.0, key);
        while let Some(is_sought) = map.next_key_seed(Key(is_sought))? {
            if is_sought {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
