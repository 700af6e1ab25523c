//! The mutations of an example, each with the expected outcome.

use serde_json::{Map, Value, json};

use crate::examples::Example;
use crate::schema::{identifies, is_typed, is_union, resolve, select_branch};

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
pub(crate) struct Mutation {
    pub(crate) name: String,
    pub(crate) body: String,
    pub(crate) expected: Expected,
}

/// All mutations of an example.
pub(crate) fn all(example: &Example) -> Vec<Mutation> {
    let mut mutator = Mutator {
        example,
        mutations: Vec::new(),
    };
    mutator.push_model("unchanged", &example.body);
    let location = Location {
        pointer: String::new(),
        field: String::new(),
        in_union: false,
        is_state: false,
    };
    mutator.value(&location, &example.schema, &example.body);
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
    /// Whether it is the state of a job, which is empty where it is absent.
    is_state: bool,
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
            is_state: false,
        }
    }

    fn item(&self, number: usize) -> Self {
        Self {
            pointer: format!("{}/{number}", self.pointer),
            field: format!("{}[{number}]", self.field),
            in_union: self.in_union,
            is_state: false,
        }
    }
}

struct Mutator<'a> {
    example: &'a Example,
    mutations: Vec<Mutation>,
}

impl Mutator<'_> {
    fn push_model(&mut self, name: impl Into<String>, body: &Value) {
        self.mutations.push(Mutation {
            name: name.into(),
            body: body.to_string(),
            expected: Expected::Model(body["data"].clone()),
        });
    }

    fn push_decode_error(&mut self, location: &Location, name: &str, body: &Value) {
        self.mutations.push(Mutation {
            name: format!("{} {name}", location.field),
            body: body.to_string(),
            expected: Expected::DecodeError(location.field.clone()),
        });
    }

    /// The example with another value in one location, or without it.
    fn with(&self, location: &Location, value: Option<Value>) -> Value {
        let mut body = self.example.body.clone();
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
        self.push_model(format!("{} {name}", location.field), &body);
    }

    fn refused(&mut self, location: &Location, name: &str, value: Option<Value>) {
        let body = self.with(location, value);
        self.push_decode_error(location, name, &body);
    }

    /// Mutates a value and everything in it.
    fn value(&mut self, location: &Location, schema: &Value, value: &Value) {
        let root = &*self.example.root.clone();
        let schema = resolve(root, schema);
        if !is_typed(schema) || is_any(&location.pointer) {
            return;
        }
        let mut location = location.clone();
        if is_union(schema) {
            location.in_union = true;
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

    fn object(&mut self, location: &Location, schema: &Value, members: &Map<String, Value>) {
        if !location.pointer.is_empty() {
            self.refused(location, "as an array", Some(json!([])));
            self.refused(
                location,
                "as an array of its values",
                Some(members.values().cloned().collect()),
            );
            self.refused(location, "as a string", Some(json!("x")));
        }
        for (name, value) in members {
            let mut inner = location.property(name);
            inner.is_state = schema["properties"][name]["x-state"] == true;
            if !is_any(&inner.pointer) {
                let needed = identifies(schema, name) || inner.pointer == "/data";
                for (name, value) in [("absent", None), ("null", Some(Value::Null))] {
                    if needed {
                        self.refused(&inner, name, value);
                    } else {
                        self.accepted(&inner, name, value);
                    }
                }
            }
            self.value(&inner, &schema["properties"][name], value);
        }
        for extra in [json!(1), json!(null), json!({"deep": [{"er": {}}]})] {
            let mut more = members.clone();
            more.insert(UNKNOWN_FIELD.to_owned(), extra.clone());
            self.accepted(location, &format!("with {extra} added"), Some(more.into()));
        }
    }

    fn array(&mut self, location: &Location, schema: &Value, items: &[Value]) {
        self.accepted(location, "empty", Some(json!([])));
        self.refused(location, "as an object", Some(json!({})));
        self.refused(location, "as a string", Some(json!("x")));
        for (number, item) in items.iter().enumerate() {
            self.value(&location.item(number), &schema["items"], item);
        }
        let many = items
            .iter()
            .cycle()
            .take(1000 * items.len())
            .cloned()
            .collect();
        self.accepted(location, "a thousand times", Some(many));
    }

    /// Unknown values of enums and tags, and other types.
    fn string(&mut self, location: &Location, schema: &Value) {
        for (name, text) in [
            ("of an unknown value", "something new".to_owned()),
            (
                "in other scripts",
                "Ωμέγα 🎬 \u{0}\u{10ffff}\u{202e}".to_owned(),
            ),
            ("of a megabyte", "x".repeat(1 << 20)),
        ] {
            self.accepted(location, name, Some(json!(text)));
        }
        self.accepted(location, "empty", Some(json!("")));
        if location.is_state {
            let absent = self.with(location, None)["data"].take();
            self.mutations.last_mut().unwrap().expected = Expected::Model(absent);
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
        if schema["type"] != "integer" {
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
        let body = self.example.body.clone();
        for warning in [
            json!({"message": "retired"}),
            json!("retired"),
            json!(null),
            json!([]),
        ] {
            let mut body = body.clone();
            body["warning"] = warning.clone();
            self.push_model(format!("with the warning {warning}"), &body);
        }
        for depth in [1, 10, 50] {
            let mut deep = json!(null);
            for _ in 0..depth {
                deep = json!([{ "x": deep }]);
            }
            let mut body = body.clone();
            body[UNKNOWN_FIELD] = deep;
            self.push_model(format!("with an unknown field {depth} deep"), &body);
        }
    }
}

/// Locations that are parsed as any value: `error` and `warning` of v2.
fn is_any(pointer: &str) -> bool {
    ["/error", "/warning"].contains(&pointer)
}
