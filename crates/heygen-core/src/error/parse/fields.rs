//! The top level of a JSON object that may be large, malformed or cut.

use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::MAX_KEPT_BODY;
use crate::text::replace_invalid;

/// The fields of these names (all fields if empty) at the top level of an
/// object, parsed without a tree of the rest. A field longer than an error
/// keeps is skipped; an `error` or message of that size is replaced by a sentence. Of a
/// malformed object, the fields before the syntax error.
pub(crate) fn fields(body: &[u8], names: &[&str]) -> Map<String, Value> {
    let mut fields = Map::new();
    // An envelope in another encoding is read, too.
    let text = replace_invalid(body, "\u{fffd}");
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    // A syntax error is reported when the model is decoded.
    let _ = deserializer.deserialize_map(Fields {
        names,
        fields: &mut fields,
    });
    fields
}

struct Fields<'a> {
    names: &'a [&'a str],
    fields: &'a mut Map<String, Value>,
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut kept = 0;
        while let Some(name) = map.next_key::<String>()? {
            if !self.names.is_empty() && !self.names.contains(&&*name) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value: &RawValue = map.next_value()?;
            let length = value.get().len();
            if kept + length <= MAX_KEPT_BODY {
                kept += length;
                match serde_json::from_str(value.get()) {
                    Ok(value) => drop(self.fields.insert(name, value)),
                    // An unpaired surrogate, or nesting beyond the limit.
                    Err(_) if name == "error" => {
                        drop(self.fields.insert(name, value.get().into()));
                    }
                    Err(_) => {}
                }
            } else if ["error", "message", "msg"].contains(&&*name) {
                let text = format!("a text of {length} bytes, which are not shown");
                self.fields.insert(name, Value::String(text));
            }
        }
        Ok(())
    }
}
