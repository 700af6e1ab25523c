//! The mutations of an example, each with what is to come of it.

use serde_json::{Map, Value, json};

use crate::examples::Example;
use crate::schema::{branch_of, identifies, is_typed, is_union, resolve};

/// The name of a field that no document has.
pub(crate) const NEW: &str = "new_key";

/// What a call with a mutated answer is to come to.
#[derive(Debug)]
pub(crate) enum Reading {
    /// It is read, and says this.
    Good(Value),
    /// It fails and names this place.
    Bad(String),
}

/// An example that was changed in one place.
pub(crate) struct Mutation {
    pub(crate) what: String,
    pub(crate) body: String,
    pub(crate) reading: Reading,
}

/// All mutations of an example.
pub(crate) fn all(example: &Example) -> Vec<Mutation> {
    let mut maker = Maker {
        example,
        made: Vec::new(),
    };
    maker.good("as it is", &example.body);
    let place = Place {
        pointer: String::new(),
        field: String::new(),
        in_union: false,
    };
    maker.value(&place, &example.schema, &example.body);
    maker.everywhere();
    maker.made
}

/// A place in the example.
#[derive(Clone)]
struct Place {
    /// As a JSON pointer.
    pointer: String,
    /// As errors name it.
    field: String,
    /// Whether it is in a union, or one.
    in_union: bool,
}

impl Place {
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
        }
    }

    fn item(&self, number: usize) -> Self {
        Self {
            pointer: format!("{}/{number}", self.pointer),
            field: format!("{}[{number}]", self.field),
            in_union: self.in_union,
        }
    }
}

struct Maker<'a> {
    example: &'a Example,
    made: Vec<Mutation>,
}

impl Maker<'_> {
    fn good(&mut self, what: impl Into<String>, body: &Value) {
        self.made.push(Mutation {
            what: what.into(),
            body: body.to_string(),
            reading: Reading::Good(body["data"].clone()),
        });
    }

    fn bad(&mut self, place: &Place, what: &str, body: &Value) {
        self.made.push(Mutation {
            what: format!("{} {what}", place.field),
            body: body.to_string(),
            reading: Reading::Bad(place.field.clone()),
        });
    }

    /// The example with another value in one place, or without it.
    fn with(&self, place: &Place, value: Option<Value>) -> Value {
        let mut body = self.example.body.clone();
        match value {
            Some(value) => *body.pointer_mut(&place.pointer).unwrap() = value,
            None => {
                let (parent, name) = place.pointer.rsplit_once('/').unwrap();
                let parent = body.pointer_mut(parent).unwrap();
                parent.as_object_mut().unwrap().remove(name);
            }
        }
        body
    }

    fn tolerated(&mut self, place: &Place, what: &str, value: Option<Value>) {
        let body = self.with(place, value);
        self.good(format!("{} {what}", place.field), &body);
    }

    fn refused(&mut self, place: &Place, what: &str, value: Option<Value>) {
        let body = self.with(place, value);
        self.bad(place, what, &body);
    }

    /// Mutates a value and all that is in it.
    fn value(&mut self, place: &Place, schema: &Value, value: &Value) {
        let whole = &*self.example.whole.clone();
        let schema = resolve(whole, schema);
        if !is_typed(schema) || is_any(&place.pointer) {
            return;
        }
        let mut place = place.clone();
        if is_union(schema) {
            place.in_union = true;
        }
        let schema = branch_of(whole, schema, value);
        match value {
            Value::Object(members) => self.object(&place, schema, members),
            Value::Array(items) => self.array(&place, schema, items),
            Value::String(_) => self.text(&place, schema),
            Value::Number(_) => self.number(&place, schema),
            Value::Bool(value) => {
                self.tolerated(&place, "the other way round", Some(json!(!value)));
                self.refused(&place, "as a text", Some(json!(value.to_string())));
                self.refused(&place, "as a number", Some(json!(1)));
            }
            Value::Null => {}
        }
    }

    fn object(&mut self, place: &Place, schema: &Value, members: &Map<String, Value>) {
        if !place.pointer.is_empty() {
            self.refused(place, "as an array", Some(json!([])));
            self.refused(
                place,
                "as an array of its values",
                Some(members.values().cloned().collect()),
            );
            self.refused(place, "as a text", Some(json!("x")));
        }
        for (name, value) in members {
            let inner = place.property(name);
            if !is_any(&inner.pointer) {
                let needed = identifies(schema, name) || inner.pointer == "/data";
                for (what, value) in [("absent", None), ("null", Some(Value::Null))] {
                    if needed {
                        self.refused(&inner, what, value);
                    } else {
                        self.tolerated(&inner, what, value);
                    }
                }
            }
            self.value(&inner, &schema["properties"][name], value);
        }
        for extra in [json!(1), json!(null), json!({"deep": [{"er": {}}]})] {
            let mut more = members.clone();
            more.insert(NEW.to_owned(), extra.clone());
            self.tolerated(place, &format!("with {extra} added"), Some(more.into()));
        }
    }

    fn array(&mut self, place: &Place, schema: &Value, items: &[Value]) {
        self.tolerated(place, "empty", Some(json!([])));
        self.refused(place, "as an object", Some(json!({})));
        self.refused(place, "as a text", Some(json!("x")));
        for (number, item) in items.iter().enumerate() {
            self.value(&place.item(number), &schema["items"], item);
        }
        let many = items
            .iter()
            .cycle()
            .take(1000 * items.len())
            .cloned()
            .collect();
        self.tolerated(place, "a thousand times over", Some(many));
    }

    /// Of an enum, a value that it does not know; of a tag, another thing.
    fn text(&mut self, place: &Place, schema: &Value) {
        for (what, text) in [
            ("of an unknown value", "something new".to_owned()),
            ("empty", String::new()),
            (
                "in other scripts",
                "Ωμέγα 🎬 \u{0}\u{10ffff}\u{202e}".to_owned(),
            ),
            ("of a megabyte", "x".repeat(1 << 20)),
        ] {
            self.tolerated(place, what, Some(json!(text)));
        }
        for wrong in [json!(5), json!(true), json!({}), json!([])] {
            if place.in_union && schema.get("const").is_some() {
                // A union without the tag it knows is something unknown.
                self.tolerated(place, &format!("as {wrong}"), Some(wrong));
            } else {
                self.refused(place, &format!("as {wrong}"), Some(wrong));
            }
        }
    }

    fn number(&mut self, place: &Place, schema: &Value) {
        for whole in [json!(0), json!(1), json!(-1), json!(4_000_000_000_i64)] {
            self.tolerated(place, &format!("as {whole}"), Some(whole));
        }
        if schema["type"] != "integer" {
            for part in [json!(1.0), json!(0.1), json!(-2.5e9), json!(u64::MAX)] {
                self.tolerated(place, &format!("as {part}"), Some(part));
            }
        }
        for wrong in [json!("1"), json!(true), json!({}), json!([])] {
            self.refused(place, &format!("as {wrong}"), Some(wrong));
        }
    }

    /// What may change anywhere at once.
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
            self.good(format!("with the warning {warning}"), &body);
        }
        for depth in [1, 10, 50] {
            let mut deep = json!(null);
            for _ in 0..depth {
                deep = json!([{ "x": deep }]);
            }
            let mut body = body.clone();
            body[NEW] = deep;
            self.good(format!("with something new {depth} deep"), &body);
        }
    }
}

/// Places that are read as any value: `error` of the second generation.
fn is_any(pointer: &str) -> bool {
    ["/error", "/warning"].contains(&pointer)
}
