//! Keys that no version knows, and values that are none of what their key
//! takes. Real documents hold both; other rules can rely on neither being
//! there. What can be read is mended (a number for a text, a text for a flag);
//! what cannot is taken out and told.

mod forms;
mod rules;

use serde_json::{Map, Number, Value, json};

use super::rule;
use crate::{Pointer, Report, Subject};

/// What an object holds.
struct Form {
    keys: &'static [(&'static str, Kind)],
    /// Without these the object is none.
    required: &'static [&'static str],
    /// What keys ask of each other.
    rule: Option<Together>,
}

type Together = fn(&mut Map<String, Value>, &Pointer, &mut Report);

impl Form {
    const fn plain(keys: &'static [(&'static str, Kind)]) -> Self {
        Self {
            keys,
            required: &[],
            rule: None,
        }
    }
}

/// What stands under a key.
enum Kind {
    Any,
    Text,
    Flag,
    Number,
    /// A regular expression of ECMA-262.
    Pattern,
    /// A number greater than zero.
    Positive,
    /// A whole number, zero or more.
    Count,
    /// An exclusive bound: a number in 3.1, a flag in 3.0.
    Bound,
    /// One of these.
    Word(&'static [&'static str]),
    Form(&'static Form),
    /// An object or a reference to one.
    Shared(&'static Form),
    /// Values by name.
    Map(&'static Kind),
    /// Values by name, and extensions.
    Open(&'static Kind),
    List(&'static Kind),
    Schema,
    /// A schema, or a list of them as older drafts have it.
    Schemas,
    /// Names of properties; a flag, where somebody took a property for a
    /// parameter, is another rule's.
    Requirement,
    /// Values by expression, or a reference to them.
    Callback(&'static Kind),
    /// Examples by name; a list, as in schemas, is the owner's rule.
    Example,
    /// A security scheme.
    Scheme,
}

/// Makes a document hold what documents hold.
pub(super) fn document(document: &mut Value, report: &mut Report) {
    if let Value::Object(object) = document {
        // Whatever is wrong inside is taken out there.
        let _ = form(object, &forms::ROOT, &Pointer::root(), report);
    }
}

/// Mends a value and what is inside it; if it is not of its kind at all, says
/// what it should have been.
fn fit(
    value: &mut Value,
    kind: &Kind,
    at: &Pointer,
    report: &mut Report,
) -> Result<(), &'static str> {
    match kind {
        Kind::Any => {}
        Kind::Text => text(value, at, report)?,
        Kind::Flag => flag(value, at, report)?,
        Kind::Pattern => {
            text(value, at, report)?;
            let pattern = value.as_str().unwrap_or_default();
            if regress::Regex::new(pattern).is_err()
                && regress::Regex::with_flags(pattern, "u").is_err()
            {
                return Err("regular expression");
            }
        }
        Kind::Positive => {
            if number(value, at, report)? <= 0.0 {
                return Err("number greater than zero");
            }
        }
        Kind::Count => count(value, at, report)?,
        Kind::Bound | Kind::Requirement if value.is_boolean() => {}
        Kind::Number | Kind::Bound => {
            number(value, at, report)?;
        }
        Kind::Word(words) => {
            if !value.as_str().is_some_and(|word| words.contains(&word)) {
                return Err("word that may stand here");
            }
        }
        Kind::Form(inner) => form(value.as_object_mut().ok_or("object")?, inner, at, report)?,
        Kind::Shared(inner) => shared(value, inner, at, report)?,
        Kind::Callback(_) if value.get("$ref").is_some_and(Value::is_string) => {
            shared(value, &Form::plain(&[]), at, report)?;
        }
        Kind::Map(inner) => {
            let entries = value.as_object_mut().ok_or("object")?;
            entries.retain(|key, entry| keep(key, entry, inner, &at.join(key), report));
        }
        Kind::Open(inner) | Kind::Callback(inner) => {
            let entries = value.as_object_mut().ok_or("object")?;
            entries.retain(|key, entry| {
                key.starts_with("x-") || keep(key, entry, inner, &at.join(key), report)
            });
        }
        Kind::List(inner) => {
            let items = value.as_array_mut().ok_or("list")?;
            let mut index = 0;
            items.retain_mut(|item| {
                let at = at.join(index);
                index += 1;
                keep("", item, inner, &at, report)
            });
        }
        Kind::Schemas if value.is_array() => fit(value, &Kind::List(&Kind::Schema), at, report)?,
        Kind::Schema | Kind::Schemas => match value {
            Value::Bool(_) => {}
            Value::Object(object) => form(object, &forms::SCHEMA, at, report)?,
            _ => return Err("schema"),
        },
        Kind::Requirement => fit(value, &Kind::List(&Kind::Text), at, report)?,
        Kind::Example if value.is_array() => {}
        Kind::Example => fit(value, &forms::EXAMPLES, at, report)?,
        Kind::Scheme => {
            let scheme = match value["type"].as_str() {
                _ if value.get("$ref").is_some_and(Value::is_string) => &forms::MUTUAL,
                Some("apiKey") => &forms::API_KEY,
                Some("http") => &forms::HTTP,
                Some("oauth2") => &forms::OAUTH,
                Some("openIdConnect") => &forms::OPEN_ID,
                Some("mutualTLS") => &forms::MUTUAL,
                _ => return Err("security scheme of a type that is known"),
            };
            shared(value, scheme, at, report)?;
        }
    }
    Ok(())
}

/// Mends a value of an object or list; false if it has to go.
fn keep(key: &str, value: &mut Value, kind: &Kind, at: &Pointer, report: &mut Report) -> bool {
    let Err(wanted) = fit(value, kind, at, report) else {
        return true;
    };
    if value.is_null() && !matches!(kind, Kind::Schema) {
        // As YAML has it: a key with nothing behind it.
        report.changed(rule("form"), at, "nothing stands here; taken out");
        return false;
    }
    if matches!(kind, Kind::Schema | Kind::Schemas) && key != "not" {
        *value = json!({});
        report.lost(
            Subject::Type,
            rule("form"),
            at,
            "no schema; any value is taken",
        );
        return true;
    }
    report.lost(
        Subject::at(at),
        rule("form"),
        at,
        format!("no {wanted}; taken out"),
    );
    false
}

/// Mends an object.
fn form(
    object: &mut Map<String, Value>,
    form: &Form,
    at: &Pointer,
    report: &mut Report,
) -> Result<(), &'static str> {
    object.retain(|key, value| {
        if let Some((_, kind)) = form.keys.iter().find(|(known, _)| known == key) {
            return keep(key, value, kind, &at.join(key), report);
        }
        let known = key.starts_with("x-");
        if !known {
            // Such as a method that later versions have.
            let of_path =
                at.as_str().starts_with("/paths/") && at.as_str().matches('/').count() == 2;
            let subject = if of_path && value.is_object() {
                Subject::Operation
            } else {
                Subject::Annotation
            };
            report.lost(
                subject,
                rule("unknown-key"),
                &at.join(key),
                format!("`{key}`"),
            );
        }
        known
    });
    if let Some(rule) = form.rule {
        rule(object, at, report);
    }
    if form.required.iter().any(|key| !object.contains_key(*key)) {
        return Err("object with all that it must hold");
    }
    Ok(())
}

/// Mends an object or a reference to one, beside which everything is ignored.
fn shared(
    value: &mut Value,
    inner: &Form,
    at: &Pointer,
    report: &mut Report,
) -> Result<(), &'static str> {
    let object = value.as_object_mut().ok_or("object")?;
    if !object.get("$ref").is_some_and(Value::is_string) {
        return form(object, inner, at, report);
    }
    object.retain(|key, _| {
        let target = key == "$ref";
        if !target {
            report.lost(
                Subject::Annotation,
                rule("unknown-key"),
                &at.join(key),
                format!("`{key}`, beside a reference"),
            );
        }
        target
    });
    Ok(())
}

fn text(value: &mut Value, at: &Pointer, report: &mut Report) -> Result<(), &'static str> {
    if value.is_number() || value.is_boolean() {
        *value = Value::String(value.to_string());
        report.changed(
            rule("form"),
            at,
            "a text, which was written as another value",
        );
    }
    value.is_string().then_some(()).ok_or("text")
}

fn flag(value: &mut Value, at: &Pointer, report: &mut Report) -> Result<(), &'static str> {
    let meant = match value.as_str() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    if let Some(flag) = meant {
        *value = Value::Bool(flag);
        report.changed(rule("form"), at, "a flag, which was written as text");
    }
    value.is_boolean().then_some(()).ok_or("flag")
}

fn number(value: &mut Value, at: &Pointer, report: &mut Report) -> Result<f64, &'static str> {
    if let Some(number) = value.as_str().and_then(|text| text.parse::<Number>().ok()) {
        *value = Value::Number(number);
        report.changed(rule("form"), at, "a number, which was written as text");
    }
    value.as_f64().ok_or("number")
}

fn count(value: &mut Value, at: &Pointer, report: &mut Report) -> Result<(), &'static str> {
    let wanted = "whole number, zero or more";
    let number = number(value, at, report)?;
    if value.is_u64() {
        return Ok(());
    }
    if number < 0.0 || number.fract() != 0.0 {
        return Err(wanted);
    }
    // Written as `3.0`, or greater than any count is.
    let whole: Value = format!("{number:.0}").parse().map_err(|_| wanted)?;
    if !whole.is_u64() {
        return Err(wanted);
    }
    *value = whole;
    report.changed(
        rule("form"),
        at,
        "a whole number, which was written in another way",
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formed(schema: Value) -> (Value, Report) {
        let mut report = Report::new();
        let mut value = schema;
        fit(&mut value, &Kind::Schema, &Pointer::root(), &mut report).expect("a schema");
        (value, report)
    }

    #[test]
    fn what_can_be_read_is_mended() {
        let (schema, report) = formed(json!({
            "title": 5, "deprecated": "true", "minimum": "1.5", "maxLength": 3.0,
            "description": null, "default": null, "x-own": null,
        }));
        assert_eq!(
            schema,
            json!({
                "title": "5", "deprecated": true, "minimum": 1.5, "maxLength": 3,
                "default": null, "x-own": null,
            })
        );
        assert_eq!(report.losses().count(), 0);
        assert_eq!(report.entries().len(), 5);
    }

    #[test]
    fn what_cannot_is_taken_out_and_told() {
        let (schema, report) = formed(json!({
            "type": "object", "faker": "name", "description": ["x"], "minLength": -1,
            "multipleOf": 0, "pattern": "(", "required": {"a": true}, "not": 1, "items": "text",
            "properties": {"description": "text", "x-fine": {"type": "string"}, "x-odd": 1},
            "anyOf": [1, {"type": "string"}],
        }));
        assert_eq!(
            schema,
            json!({
                "type": "object", "items": {},
                "properties": {"description": {}, "x-fine": {"type": "string"}, "x-odd": {}},
                "anyOf": [{}, {"type": "string"}],
            })
        );
        let at: Vec<_> = report.losses().map(|loss| loss.pointer.as_str()).collect();
        assert_eq!(
            at,
            [
                "/faker",
                "/description",
                "/minLength",
                "/multipleOf",
                "/pattern",
                "/required",
                "/not",
                "/items",
                "/properties/description",
                "/properties/x-odd",
                "/anyOf/0",
            ]
        );
    }

    #[test]
    fn only_known_keys_stay() {
        let mut value = json!({
            "openapi": "3.1.0", "extra": 1, "x-own": 2, "info": {"title": "t", "version": 1.5},
            "paths": {"/a": {"get": {
                "operationId": "a", "query": {},
                "parameters": [{"$ref": "#/components/parameters/P", "description": "beside"}],
                "responses": {"200": {"description": "d", "summary": "s", "content": {"a/b": {"example": 1, "examples": {}, "odd": 1}}}},
                "callbacks": {"c": {"{$url}": {"post": {"deprecated": "no"}}}},
            }}},
        });
        let mut report = Report::new();
        document(&mut value, &mut report);
        assert_eq!(
            value,
            json!({
                "openapi": "3.1.0", "x-own": 2, "info": {"title": "t", "version": "1.5"},
                "paths": {"/a": {"get": {
                    "operationId": "a",
                    "parameters": [{"$ref": "#/components/parameters/P"}],
                    "responses": {"200": {"description": "d", "content": {"a/b": {"example": 1}}}},
                    "callbacks": {"c": {"{$url}": {"post": {}}}},
                }}},
            })
        );
        assert_eq!(report.losses().count(), 7, "{report:#?}");
    }
}
