//! Keys that no version of OpenAPI has, and values of the wrong type. Real
//! documents hold both, and later rules rely on neither. What can be read is
//! converted (a number where a string is due, a string where a boolean is);
//! what cannot is removed and reported.

mod fixes;
mod specs;

use serde_json::{Map, Value, json};

use crate::{Pointer, Report, Subject, walk};

/// An object of OpenAPI.
struct Object {
    /// Keys, by what they take.
    keys: &'static [(&'static [&'static str], Spec)],
    /// Keys without which the object is removed.
    required: &'static [&'static str],
    /// Completes the object, once its keys have been looked at.
    fix: Option<Fix>,
}

type Fix = fn(&mut Map<String, Value>, &Pointer, &mut Report);

/// What a key takes.
enum Spec {
    Any,
    /// The types of JSON Schema: one, or an array of them.
    Type,
    /// What a value of a discriminator is mapped to.
    Target,
    Text,
    Flag,
    Number,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    Object(&'static Object),
    /// An object, or a reference to one.
    Shared(&'static Object),
    /// Values by name.
    Map(&'static Spec),
    /// Values by name, and extensions.
    Open(&'static Spec),
    List(&'static Spec),
    Schema,
    /// A schema, or an array of them, as in older drafts.
    Schemas,
    /// A value of this form, which is left to another rule, or the other.
    Or(fn(&Value) -> bool, &'static Spec),
    SecurityScheme,
}

/// Makes every object of a document hold what its keys take.
pub(super) fn document(document: &mut Value, report: &mut Report) {
    if let Value::Object(root) = document {
        // The root requires nothing.
        let _ = object(root, &specs::DOCUMENT, &mut Pointer::root(), report);
    }
}

/// Converts a value and what is inside it; the error says what was expected.
fn fit(
    value: &mut Value,
    spec: &Spec,
    at: &mut Pointer,
    report: &mut Report,
) -> Result<(), &'static str> {
    use Spec::{Map, Object as One, Open, Schema, SecurityScheme, Shared};
    let takes_map = matches!(
        spec,
        One(_) | Shared(_) | Map(_) | Open(_) | Schema | SecurityScheme
    );
    if takes_map && *value == json!([]) {
        // Written by tools whose language does not tell the two apart.
        *value = json!({});
        report.changed(at, "empty array read as an empty map");
    }
    match spec {
        Spec::Any => report_rounded(value, at, report),
        Spec::Type => {
            let all = match value {
                Value::Array(types) => types.as_mut_slice(),
                one => std::slice::from_mut(one),
            };
            for null in all.iter_mut().filter(|one| one.is_null()) {
                *null = json!("null");
                report.changed(at, "null as YAML has it; written \"null\"");
            }
            let is_type = |one: &Value| one.as_str().is_some_and(|name| TYPES.contains(&name));
            let known = !all.is_empty() && all.iter().all(is_type);
            known.then_some(()).ok_or("type of JSON Schema")?;
        }
        Spec::Target => {
            if let Some(target) = value.get("$ref") {
                *value = target.clone();
                report.changed(at, "a reference object; written as a string");
            }
            value.as_str().ok_or("name of a schema")?;
        }
        Spec::Text => scalar(value, Value::is_string, "string", at, report)?,
        Spec::Flag => scalar(value, Value::is_boolean, "boolean", at, report)?,
        Spec::Number => scalar(value, Value::is_number, "number", at, report)?,
        Spec::OneOf(words) => {
            let known = value.as_str().is_some_and(|word| words.contains(&word));
            known.then_some(()).ok_or("value that this key may have")?;
        }
        Spec::Object(of) => object(value.as_object_mut().ok_or("object")?, of, at, report)?,
        Spec::Shared(_) if value.get("$ref").is_some_and(Value::is_string) => {}
        Spec::Shared(of) => fit(value, &Spec::Object(of), at, report)?,
        Spec::Map(of) | Spec::Open(of) => {
            let is_open = matches!(spec, Spec::Open(_));
            let entries = value.as_object_mut().ok_or("object")?;
            entries.retain(|key, entry| {
                let extension = is_open && key.starts_with("x-");
                extension || at.within(key, |at| keep(key, entry, of, at, report))
            });
        }
        Spec::List(of) => {
            let items = value.as_array_mut().ok_or("array")?;
            let left =
                walk::retain_items(items, at, &mut |item, at| keep("", item, of, at, report));
            report.renumbered(at, &left);
        }
        Spec::Schemas if value.is_array() => fit(value, &Spec::List(&Spec::Schema), at, report)?,
        Spec::Schema | Spec::Schemas if value.is_boolean() => {}
        Spec::Schema | Spec::Schemas => fit(value, &Spec::Object(&specs::SCHEMA), at, report)?,
        Spec::Or(is_other, _) if is_other(value) => {}
        Spec::Or(_, of) => fit(value, of, at, report)?,
        Spec::SecurityScheme => {
            let of = match value["type"].as_str() {
                Some("apiKey") => &specs::API_KEY,
                Some("http") => &specs::HTTP,
                Some("oauth2") => &specs::OAUTH,
                Some("openIdConnect") => &specs::OPEN_ID,
                Some("mutualTLS") => &specs::MUTUAL_TLS,
                // What is referred to has been looked at.
                _ if value.get("$ref").is_some_and(Value::is_string) => return Ok(()),
                _ => return Err("security scheme of a known type"),
            };
            fit(value, &Spec::Object(of), at, report)?;
        }
    }
    Ok(())
}

/// Converts text that reads as the expected, or what text is expected of.
fn scalar(
    value: &mut Value,
    fits: fn(&Value) -> bool,
    expected: &'static str,
    at: &mut Pointer,
    report: &mut Report,
) -> Result<(), &'static str> {
    if !fits(value) {
        let read = match &*value {
            Value::String(text) => serde_json::from_str(text).ok(),
            Value::Number(_) | Value::Bool(_) => Some(Value::String(value.to_string())),
            _ => None,
        };
        *value = read.filter(fits).ok_or(expected)?;
        report.changed(at, format!("converted to a {expected}"));
    }
    report_rounded(value, at, report);
    Ok(())
}

/// The names a type can have.
const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// Reports each integer beyond 64 bits. The parser reads them as floats, which are
/// exact for few of them; greater floats are not taken for integers.
fn report_rounded(value: &Value, at: &mut Pointer, report: &mut Report) {
    const INTEGERS: std::ops::Range<f64> = 9_223_372_036_854_775_808.0..3.5e38;
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or_default();
            if INTEGERS.contains(&float.abs()) && float.fract() == 0.0 {
                let note = format!("an integer beyond 64 bits may be rounded; read as {number}");
                report.lost(Subject::Constraint, at, note);
            }
        }
        Value::Object(entries) => {
            for (key, inner) in entries {
                at.within(key, |at| report_rounded(inner, at, report));
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                at.within(index, |at| report_rounded(inner, at, report));
            }
        }
        _ => {}
    }
}

/// Converts a value of an object or array; false if it has to be removed.
fn keep(key: &str, value: &mut Value, spec: &Spec, at: &mut Pointer, report: &mut Report) -> bool {
    let Err(expected) = fit(value, spec, at, report) else {
        return true;
    };
    let is_schema = matches!(spec, Spec::Schema | Spec::Schemas);
    if value.is_null() && !is_schema {
        // In YAML, a key with nothing behind it.
        report.changed(at, "null removed");
        return false;
    }
    if is_schema && key != "not" {
        *value = json!({});
        report.lost(Subject::Type, at, "not a schema; any value is accepted");
        return true;
    }
    let note = format!("not a valid {expected}; removed");
    report.lost(Subject::at(at), at, note);
    false
}

/// Converts the values of an object, removes keys that it does not have, and
/// completes it.
fn object(
    object: &mut Map<String, Value>,
    spec: &Object,
    at: &mut Pointer,
    report: &mut Report,
) -> Result<(), &'static str> {
    object.retain(|key, value| {
        if let Some((_, spec)) = spec.keys.iter().find(|(keys, _)| keys.contains(&&**key)) {
            return at.within(key, |at| keep(key, value, spec, at, report));
        }
        let extension = key.starts_with("x-");
        if !extension {
            // In a path item, a method that later versions have.
            let method = at.holder() == Some("paths") && value.is_object();
            let subject = if method {
                Subject::Operation
            } else {
                Subject::Annotation
            };
            let note = format!("unknown key `{key}` removed");
            report.lost(subject, &at.join(key), note);
        }
        extension
    });
    if let Some(fix) = spec.fix {
        fix(object, at, report);
    }
    let whole = spec.required.iter().all(|key| object.contains_key(*key));
    whole
        .then_some(())
        .ok_or("object: a required key is missing")
}
