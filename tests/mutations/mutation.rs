//! The mutations of an example, each with the expected outcome.

use std::collections::HashSet;

use heygen_tests::operations::{Example, Operation, Returned, resolve};
use serde_json::{Map, Value, json};

use crate::schema::{
    identifies, is_integer, is_state, is_tagged, is_typed, is_union, select_branch,
};

/// A field that no document has.
pub(crate) const UNKNOWN_FIELD: &str = "new_key";

/// The expected outcome of a call with a mutated response.
#[derive(Debug)]
pub(crate) enum Expected {
    /// The model contains this data.
    Model(Value),
    /// The response cannot be decoded, and the error names this field.
    DecodeError(String),
}

/// An example that was changed in one location.
pub(crate) struct Mutation<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) name: String,
    pub(crate) body: String,
    pub(crate) expected: Expected,
}

/// All mutations of an example.
pub(crate) fn all<'a>(operation: &'a Operation, example: &Example<'a>) -> Vec<Mutation<'a>> {
    let mut mutator = Mutator {
        operation,
        returned: operation.returned(),
        example: example.body,
        seen: HashSet::new(),
        // One of each is enough for an example.
        has_long_text: false,
        has_long_list: false,
        mutations: Vec::new(),
    };
    mutator.push_model("unchanged", example.body, example.body);
    let location = Location {
        pointer: String::new(),
        field: String::new(),
        in_union: false,
        merged: false,
    };
    mutator.value(&location, example.schema, example.body);
    mutator.everywhere();
    mutator.mutations
}

/// A location in the example.
#[derive(Clone)]
struct Location {
    /// As a JSON pointer.
    pointer: String,
    /// As errors name it.
    field: String,
    /// Whether it is a union, or in one.
    in_union: bool,
    /// Whether it is a union without a tag: a model with the fields of
    /// all its branches, none of which is needed.
    merged: bool,
}

impl Location {
    fn property(&self, name: &str) -> Self {
        let dot = if self.field.is_empty() { "" } else { "." };
        Self {
            pointer: format!(
                "{}/{}",
                self.pointer,
                name.replace('~', "~0").replace('/', "~1")
            ),
            field: format!("{}{dot}{name}", self.field),
            in_union: self.in_union,
            merged: false,
        }
    }

    fn item(&self, number: usize) -> Self {
        Self {
            pointer: format!("{}/{number}", self.pointer),
            field: format!("{}[{number}]", self.field),
            in_union: self.in_union,
            merged: false,
        }
    }
}

struct Mutator<'a> {
    operation: &'a Operation,
    returned: Returned,
    example: &'a Value,
    /// The schemas of properties that were mutated, by their address: each item
    /// of a list has the same ones.
    seen: HashSet<*const Value>,
    has_long_text: bool,
    has_long_list: bool,
    mutations: Vec<Mutation<'a>>,
}

impl<'a> Mutator<'a> {
    /// A body that is read as if it were another.
    fn push_model(&mut self, name: impl Into<String>, body: &Value, as_if: &Value) {
        let expected = Expected::Model(self.returned.of(as_if));
        self.push(name, body, expected);
    }

    fn push(&mut self, name: impl Into<String>, body: &Value, expected: Expected) {
        self.mutations.push(Mutation {
            operation: self.operation,
            name: name.into(),
            body: body.to_string(),
            expected,
        });
    }

    /// The example with another value in one location, or without it.
    fn with(&self, location: &Location, value: Option<Value>) -> Value {
        let mut body = self.example.clone();
        match value {
            Some(value) => *body.pointer_mut(&location.pointer).unwrap() = value,
            None => {
                let (parent, name) = location.pointer.rsplit_once('/').unwrap();
                let parent = body.pointer_mut(parent).unwrap();
                parent.as_object_mut().unwrap().remove(name);
            }
        }
        body
    }

    fn accepted(&mut self, location: &Location, name: &str, value: Option<Value>) {
        let body = self.with(location, value);
        self.push_model(format!("{} {name}", location.field), &body, &body);
    }

    fn refused(&mut self, location: &Location, name: &str, value: Option<Value>) {
        self.refused_as(location, name, value, &location.field);
    }

    /// As `refused`, with an error that names another field.
    fn refused_as(&mut self, location: &Location, name: &str, value: Option<Value>, field: &str) {
        let body = self.with(location, value);
        let expected = Expected::DecodeError(field.to_owned());
        self.push(format!("{} {name}", location.field), &body, expected);
    }

    /// Mutates a value and everything in it.
    fn value(&mut self, location: &Location, schema: &'a Value, value: &Value) {
        let root: &'a Value = &self.operation.root;
        let schema = resolve(root, schema);
        if !is_typed(schema) || is_any(&location.pointer) {
            return;
        }
        let mut location = location.clone();
        if is_union(schema) {
            location.merged = !is_tagged(root, schema);
            location.in_union = !location.merged;
        }
        let schema = select_branch(root, schema, value);
        match value {
            Value::Object(members) => self.object(&location, schema, members),
            Value::Array(items) => self.array(&location, schema, items),
            Value::String(_) => self.string(&location, schema),
            Value::Number(_) => self.number(&location, schema),
            Value::Bool(value) => {
                self.accepted(&location, "negated", Some(json!(!value)));
                self.refused(&location, "as a string", Some(json!(value.to_string())));
                self.refused(&location, "as a number", Some(json!(1)));
            }
            Value::Null => {}
        }
    }

    fn object(&mut self, location: &Location, schema: &'a Value, members: &Map<String, Value>) {
        if !location.pointer.is_empty() {
            self.refused(location, "as an array", Some(json!([])));
            self.refused(
                location,
                "as an array of its values",
                Some(members.values().cloned().collect()),
            );
            self.refused(location, "as a string", Some(json!("x")));
        }
        let root: &'a Value = &self.operation.root;
        if schema.get("properties").is_none() {
            // A map, or any object.
            for (name, value) in members {
                let inner = location.property(name);
                self.accepted(&inner, "absent", None);
                self.value(&inner, &schema["additionalProperties"], value);
            }
            return;
        }
        for (name, value) in members {
            let inner = location.property(name);
            let property = &schema["properties"][name];
            if !self.seen.insert(property) || self.part_of_page(&inner) {
                continue;
            }
            if !is_any(&inner.pointer) {
                let is_data = matches!(self.returned, Returned::Data) && inner.pointer == "/data";
                let is_id = !location.merged && identifies(root, schema, name);
                let needed = is_id || is_data;
                for (what, value) in [("absent", None), ("null", Some(Value::Null))] {
                    if needed {
                        self.refused(&inner, what, value);
                    } else {
                        self.accepted(&inner, what, value);
                    }
                }
            }
            self.value(&inner, property, value);
            if value.is_string() && !is_any(&inner.pointer) {
                let body = self.with(&inner, Some(json!("")));
                // A state without a word is as if it were absent.
                let is_state = is_state(root, property);
                let as_if = is_state.then(|| self.with(&inner, None));
                let as_if = as_if.unwrap_or_else(|| body.clone());
                self.push_model(format!("{} empty", inner.field), &body, &as_if);
            }
        }
        for extra in [json!(1), json!(null), json!({"deep": [{"er": {}}]})] {
            let mut more = members.clone();
            more.insert(UNKNOWN_FIELD.to_owned(), extra.clone());
            self.accepted(location, &format!("with {extra} added"), Some(more.into()));
        }
    }

    /// Mutates what is a part of a page: its items must be there, null only where
    /// the cursor shows that it is a list; a cursor may be left out. Whether it is
    /// one.
    fn part_of_page(&mut self, location: &Location) -> bool {
        let Returned::Page(paging) = self.returned.clone() else {
            return false;
        };
        let items = paging.items[1..].replace('/', ".");
        let is = |pointer: &str| pointer == location.pointer;
        if is(&paging.next_token) || is(&paging.has_more) {
            self.accepted(location, "absent", None);
            self.accepted(location, "null", Some(Value::Null));
        } else if paging.items.starts_with(&location.pointer) {
            self.refused_as(location, "absent", None, &items);
            let body = self.with(location, Some(Value::Null));
            let has = |pointer: &str| body.pointer(pointer).is_some_and(|value| !value.is_null());
            if has(&paging.next_token) || has(&paging.has_more) {
                let as_if = self.with(location, Some(json!([])));
                self.push_model(format!("{} null", location.field), &body, &as_if);
            } else {
                self.refused_as(location, "null", Some(Value::Null), &items);
            }
            let schema = self.schema_at(&location.pointer);
            let value = self.example.pointer(&location.pointer).unwrap();
            self.value(location, schema, value);
        } else {
            return false;
        }
        true
    }

    /// The schema of the member at a pointer into the body.
    fn schema_at(&self, pointer: &str) -> &'a Value {
        let root: &'a Value = &self.operation.root;
        let examples = self.operation.examples(true);
        let mut schema = examples[0].schema;
        for name in pointer.split('/').skip(1) {
            schema = &resolve(root, schema)["properties"][name];
        }
        schema
    }

    fn array(&mut self, location: &Location, schema: &'a Value, items: &[Value]) {
        self.accepted(location, "empty", Some(json!([])));
        self.refused(location, "as an object", Some(json!({})));
        self.refused(location, "as a string", Some(json!("x")));
        for (number, item) in items.iter().enumerate() {
            self.value(&location.item(number), &schema["items"], item);
        }
        if std::mem::replace(&mut self.has_long_list, true) {
            return;
        }
        let many = items
            .iter()
            .cycle()
            .take(100 * items.len())
            .cloned()
            .collect();
        self.accepted(location, "a hundred times", Some(many));
    }

    /// Unknown values of enums and tags, and other types.
    fn string(&mut self, location: &Location, schema: &Value) {
        for (name, text) in [
            ("of an unknown value", "something new"),
            ("blank", " "),
            ("in other scripts", "Ωμέγα 🎬 \u{0}\u{10ffff}\u{202e}"),
        ] {
            self.accepted(location, name, Some(json!(text)));
        }
        if !std::mem::replace(&mut self.has_long_text, true) {
            self.accepted(location, "long", Some(json!("x".repeat(1 << 17))));
        }
        for wrong in [json!(5), json!(true), json!({}), json!([])] {
            if location.in_union && schema.get("const").is_some() {
                // With an unknown tag, a union is its unknown variant.
                self.accepted(location, &format!("as {wrong}"), Some(wrong));
            } else {
                self.refused(location, &format!("as {wrong}"), Some(wrong));
            }
        }
    }

    fn number(&mut self, location: &Location, schema: &Value) {
        for integer in [json!(0), json!(1), json!(-1), json!(4_000_000_000_i64)] {
            self.accepted(location, &format!("as {integer}"), Some(integer));
        }
        if !is_integer(schema) {
            for part in [json!(1.0), json!(0.1), json!(-2.5e9), json!(u64::MAX)] {
                self.accepted(location, &format!("as {part}"), Some(part));
            }
        }
        for wrong in [json!("1"), json!(true), json!({}), json!([])] {
            self.refused(location, &format!("as {wrong}"), Some(wrong));
        }
    }

    /// Additions to the envelope.
    fn everywhere(&mut self) {
        let body = self.example.clone();
        let warnings = [
            json!({"message": "retired"}),
            json!("retired"),
            json!(null),
            json!([]),
        ];
        // A model of the whole body has no field for it.
        let is_whole = matches!(self.returned, Returned::Whole);
        for warning in warnings.into_iter().filter(|_| !is_whole) {
            let mut body = body.clone();
            body["warning"] = warning.clone();
            self.push_model(format!("with the warning {warning}"), &body, &body);
        }
        for depth in [1, 10, 50] {
            let mut deep = json!(null);
            for _ in 0..depth {
                deep = json!([{ "x": deep }]);
            }
            let mut body = body.clone();
            body[UNKNOWN_FIELD] = deep;
            self.push_model(format!("with an unknown field {depth} deep"), &body, &body);
        }
    }
}

/// Locations that are parsed as any value, or tell a failure: `error` and
/// `warning` of v2, `code` and `message` of v1.
fn is_any(pointer: &str) -> bool {
    ["/error", "/warning", "/code", "/message"].contains(&pointer)
}
