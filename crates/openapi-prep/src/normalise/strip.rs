//! What a schema says beyond its shape (defaults, bounds, patterns, formats,
//! titles), moved into its description: a generator would turn it into types
//! that refuse what a server really sends, or freeze a server's defaults.

use serde_json::{Map, Value, json};

pub(super) use crate::schema::tell;
use crate::{
    Pointer, Report,
    schema::{self, declare},
};

/// The keyword by which an overlay chooses a schema's name.
pub(super) const NAME: &str = "x-schema-name";

/// Moves `default` into the description: sent by us, it would hold against
/// the server when the server's own default changes.
pub(super) fn defaults(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let Some(default) = schema.shift_remove("default") else {
        return;
    };
    if !default.is_null() {
        tell(schema, &format!("Default: `{}`.", shown(&default)));
        declare(schema, "default", default);
        report.changed(at, "moved into the description");
    }
}

/// Keywords that go, with how the description says each.
const BOUNDS: [(&str, &str); 14] = [
    ("minimum", "At least"),
    ("maximum", "At most"),
    ("exclusiveMinimum", "Greater than"),
    ("exclusiveMaximum", "Less than"),
    ("multipleOf", "A multiple of"),
    ("minLength", "Shortest length:"),
    ("maxLength", "Longest length:"),
    ("pattern", "Pattern:"),
    ("minItems", "Fewest items:"),
    ("maxItems", "Most items:"),
    ("minProperties", "Fewest entries:"),
    ("maxProperties", "Most entries:"),
    ("format", "Format:"),
    ("uniqueItems", "No two are equal."),
];

/// Moves bounds, patterns and formats into the description. `binary` stays: it
/// tells bytes from text; so does `uint64`, for integers that may be beyond an
/// `i64`.
pub(super) fn bounds_and_formats(
    schema: &mut Map<String, Value>,
    at: &Pointer,
    report: &mut Report,
) {
    let is_one = |key: &String| BOUNDS.iter().any(|(bound, _)| bound == key);
    if !schema.keys().any(is_one) {
        return;
    }
    let unsigned = is_unsigned(schema);
    // A property may be called like one of these keywords; a schema's own
    // keyword is never an object.
    for (key, words) in BOUNDS {
        if schema.get(key).is_none_or(Value::is_object) {
            continue;
        }
        if key == "format" && schema[key] == "binary" {
            continue;
        }
        let Some(value) = schema.shift_remove(key) else {
            continue;
        };
        let trivial = match key {
            "minLength" | "minItems" | "minProperties" => value == 0,
            "format" => MACHINE.iter().any(|format| value == *format),
            "uniqueItems" => value == false,
            _ => false,
        };
        match key {
            _ if trivial => {}
            "uniqueItems" => tell(schema, words),
            _ => tell(schema, &format!("{words} `{}`.", shown(&value))),
        }
        let note = format!("`{key}` taken out of the schema; the description says it");
        report.changed(at, note);
        if value != false {
            declare(schema, key, value);
        }
    }
    if unsigned {
        schema.insert("format".into(), json!("uint64"));
    }
}

/// Formats that say nothing to a reader.
const MACHINE: [&str; 6] = ["int32", "int64", "uint64", "float", "double", "string"];

/// Whether an integer is unsigned, or may be greater than an `i64` can hold.
///
/// One type for both directions, so that what a response gave can be sent: an
/// unsigned format is `u64` whatever its width, all else `i64`. A minimum of
/// zero alone does not make an integer unsigned, since responses are not held
/// to constraints (-1 for "unlimited"); with `int64` it does, which is how
/// utoipa writes a `u64`.
fn is_unsigned(schema: &Map<String, Value>) -> bool {
    if !schema::kinds(schema).contains(&"integer") {
        return false;
    }
    let number = |key: &str| schema.get(key).and_then(Value::as_f64);
    let bound = |key: &str, exclusive: &str| number(key).or_else(|| number(exclusive));
    let least = bound("minimum", "exclusiveMinimum");
    let format = schema.get("format").and_then(Value::as_str);
    let format = format.unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "a power of two is exact")]
    let beyond = bound("maximum", "exclusiveMaximum").is_some_and(|most| most > i64::MAX as f64);
    match format {
        "int64" => least.is_some_and(|least| least >= 0.0),
        format => format.starts_with("uint") || (beyond && least.is_none_or(|least| least >= 0.0)),
    }
}

/// Takes titles away: equal titles on different schemas make a generator take
/// them for one type.
pub(super) fn titles(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    if schema.get("title").is_some_and(Value::is_string)
        && let Some(title) = schema.shift_remove("title")
    {
        report.changed(at, format!("the title {title} taken out"));
    }
}

/// Lets objects hold properties the document does not name: a generator would
/// refuse a response that holds one.
pub(super) fn closed_objects(schema: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for key in ["additionalProperties", "unevaluatedProperties"] {
        let is_closed = |(own, value): (&String, &Value)| own == key && *value == false;
        if schema.iter().any(is_closed) {
            schema.shift_remove(key);
            report.changed(at, "may hold more");
        }
    }
}

/// A value in the text of a description.
pub(super) fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.replace('`', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn stripped(schema: Value) -> Value {
        let mut document = json!({"components": {"schemas": {"S": schema}}});
        let mut report = Report::new();
        super::super::tests::of_schemas(
            &mut document,
            &[defaults, bounds_and_formats, titles, closed_objects],
            &mut report,
        );
        document["components"]["schemas"]["S"].take()
    }

    #[test]
    fn limits_become_sentences() {
        assert_eq!(
            stripped(
                json!({"type": "integer", "title": "Limit", "description": "How many ", "default": "10",
                            "minimum": 1, "maximum": 100, "format": "int32"})
            ),
            json!({"type": "integer", "description": "How many. Default: `10`. At least `1`. At most `100`.",
                "x-declared": {"default": "10", "minimum": 1, "maximum": 100, "format": "int32"}})
        );
        assert_eq!(
            stripped(json!({"type": "object", "additionalProperties": false})),
            json!({"type": "object"})
        );
        assert_eq!(
            stripped(json!({"type": ["string", "null"], "default": null})),
            json!({"type": ["string", "null"]})
        );
        assert_eq!(
            stripped(json!({"type": "string", "format": "date-time", "pattern": "^a`$"})),
            json!({"type": "string", "description": "Pattern: `^a'$`. Format: `date-time`.",
                "x-declared": {"pattern": "^a`$", "format": "date-time"}})
        );
    }

    #[test]
    fn unsigned_integers_keep_their_format() {
        for (schema, unsigned) in [
            (json!({"type": "integer", "format": "uint64"}), true),
            (
                json!({"type": ["integer", "null"], "format": "uint32"}),
                true,
            ),
            (
                json!({"type": "integer", "format": "int64", "minimum": 0}),
                true,
            ),
            (json!({"type": "integer", "maximum": u64::MAX}), true),
            (
                json!({"type": "integer", "format": "int32", "minimum": 0}),
                false,
            ),
            (json!({"type": "integer", "minimum": 0}), false),
            (json!({"type": "integer", "format": "int64"}), false),
            (json!({"type": "string", "format": "uint64"}), false),
        ] {
            let format = stripped(schema.clone())["format"].clone();
            assert_eq!(format == "uint64", unsigned, "{schema}");
        }
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let schema = json!({"type": "object", "properties": {
            "title": {"type": "string"}, "default": {"type": "string"}, "format": {"type": "string"}}});
        assert_eq!(stripped(schema.clone()), schema);
        assert_eq!(
            stripped(json!({"type": "string", "format": "binary"})),
            json!({"type": "string", "format": "binary"})
        );
    }
}
