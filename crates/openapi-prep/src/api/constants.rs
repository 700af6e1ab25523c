//! The constants of integers with documented values.

use std::collections::HashSet;

use heck::ToShoutySnakeCase;
use serde_json::Value;
use unicode_ident::{is_xid_continue, is_xid_start};

use super::EnumValue;
use crate::normalise::{KNOWN_VALUES, VARNAMES};

/// The constants that generated code has of an integer of a prepared document,
/// one for each documented value: by the name that the document gives the value,
/// else by the value.
pub fn constants(schema: &Value) -> Vec<EnumValue<i64>> {
    let values = schema[KNOWN_VALUES].as_array().into_iter().flatten();
    let values: Vec<_> = values
        .enumerate()
        .filter_map(|(index, value)| Some((value.as_i64()?, schema[VARNAMES][index].as_str())))
        .collect();
    let mut taken: HashSet<String> = values.iter().map(|(value, _)| numbered(*value)).collect();
    // The generated list of all constants.
    taken.insert("KNOWN".into());
    let constants = values.into_iter().map(|(value, name)| {
        let name = name.map(ToShoutySnakeCase::to_shouty_snake_case);
        let chosen = name.filter(|name| is_identifier(name) && taken.insert(name.clone()));
        let rust_name = chosen.unwrap_or_else(|| numbered(value));
        EnumValue { value, rust_name }
    });
    constants.collect()
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(is_xid_start) && name.chars().all(is_xid_continue)
}

fn numbered(value: i64) -> String {
    let sign = if value < 0 { "MINUS_" } else { "" };
    format!("VALUE_{sign}{}", value.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn constants_have_the_name_of_the_document_or_the_number() {
        let schema = json!({
            "x-known-values": [1, -2, 3, 4, 5, 6, 7],
            "x-enum-varnames": ["in-use", null, "inUse", "4x", "VALUE_6", "known"],
        });
        let names: Vec<_> = constants(&schema)
            .into_iter()
            .map(|c| c.rust_name)
            .collect();
        assert_eq!(
            names,
            [
                "IN_USE",
                "VALUE_MINUS_2",
                "VALUE_3",
                "VALUE_4",
                "VALUE_5",
                "VALUE_6",
                "VALUE_7"
            ]
        );
    }
}
