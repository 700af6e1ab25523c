//! What the value of a parameter is, as far as its serialisation depends on it.

use serde_json::{Map, Value};

use crate::{Pointer, Report, Subject, schema};

/// A parameter that is looked at: its place, and what is around it.
pub(super) struct Context<'a> {
    pub(super) schemas: &'a Map<String, Value>,
    pub(super) at: &'a Pointer,
    pub(super) report: &'a mut Report,
}

impl Context<'_> {
    pub(super) fn lost(&mut self, subject: Subject, note: &str) {
        self.report.lost(subject, self.at, note);
    }

    pub(super) fn changed(&mut self, note: impl Into<String>) {
        self.report.changed(self.at, note);
    }

    /// What is sent of a value: no null, and a list where one value will do. Gives
    /// the schema as it is, and with references followed.
    pub(super) fn sent(&mut self, schema: &Value) -> (Value, Value) {
        let (schema, _) = schema::without_null(schema.clone());
        let whole = resolved(&schema, self.schemas);
        let Some(list) = one_or_list(&whole, self.schemas) else {
            return (schema, whole);
        };
        let note = "one value or a list of them; a list of one is sent as one value is";
        self.changed(note);
        (list.clone(), list)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar,
    /// A list of scalars.
    List,
    /// An object of scalars.
    Flat,
    /// Any other object.
    Object,
    Other,
}

impl Shape {
    /// The shape of a schema that is [`resolved`].
    pub(super) fn of(whole: &Value, schemas: &Map<String, Value>) -> Self {
        let scalar = |schema: &Value| is_scalar(&resolved(schema, schemas));
        let nested = |key: &str| whole.get(key).filter(|schema| schema.is_object());
        let properties = whole.get("properties").and_then(Value::as_object);
        if !is_union(whole) && (schema::has_type(whole, "object") || properties.is_some()) {
            let mut entries = properties.into_iter().flat_map(Map::values);
            let flat = entries.all(scalar) && nested("additionalProperties").is_none_or(scalar);
            return if flat { Self::Flat } else { Self::Object };
        }
        let is_list = whole.get("type").is_some_and(|kind| kind == "array");
        if is_list && !is_union(whole) && nested("items").is_none_or(scalar) {
            Self::List
        } else if is_scalar(whole) {
            Self::Scalar
        } else {
            Self::Other
        }
    }
}

/// A schema with references followed and null left out.
pub(super) fn resolved(value: &Value, schemas: &Map<String, Value>) -> Value {
    let mut value = schema::without_null(value.clone()).0;
    for _ in 0..16 {
        let target = match value.get("allOf").and_then(Value::as_array) {
            Some(members) if members.len() == 1 && value.get("type").is_none() => &members[0],
            _ => &value,
        };
        let Some(target) = schema::ref_name(target).and_then(|name| schemas.get(name)) else {
            break;
        };
        value = schema::without_null(target.clone()).0;
    }
    value
}

/// The list, where a resolved schema takes a scalar or a list of the same
/// scalars.
fn one_or_list(whole: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let mut list = whole.as_object()?.clone();
    let mut unions = ["anyOf", "oneOf"].into_iter();
    let arms = unions.find_map(|key| list.shift_remove(key))?;
    let arms = arms.as_array()?.iter().map(|arm| resolved(arm, schemas));
    let (lists, others): (Vec<_>, Vec<_>) = arms.partition(|arm| schema::has_type(arm, "array"));
    let ([Value::Object(inner)], [one]) = (lists.as_slice(), others.as_slice()) else {
        return None;
    };
    let items = resolved(inner.get("items")?, schemas);
    if schema::shape(&items) != schema::shape(one) {
        return None;
    }
    for (key, value) in inner {
        list.entry(key).or_insert_with(|| value.clone());
    }
    let list = Value::Object(list);
    (Shape::of(&list, schemas) == Shape::List).then_some(list)
}

pub(super) fn is_union(schema: &Value) -> bool {
    ["oneOf", "anyOf", "allOf"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

/// Whether the schema is of one type that is written as a word.
fn is_scalar(schema: &Value) -> bool {
    let is_one = match (&schema["type"], &schema["enum"]) {
        (Value::String(kind), _) => !matches!(kind.as_str(), "object" | "array" | "null"),
        (Value::Null, Value::Array(values)) => values.iter().all(Value::is_string),
        _ => false,
    };
    is_one && !is_union(schema) && schema.get("not").is_none()
}
