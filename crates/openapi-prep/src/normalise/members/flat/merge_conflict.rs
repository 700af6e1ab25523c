//! What two members say of one thing: both at once, where that can be said.

use serde_json::{Map, Value, json};

use super::{
    super::{
        super::rule,
        unify::{tells_only, unify},
    },
    Flat, Merge,
};
use crate::{Subject, schema};

impl Merge<'_> {
    /// Both, or where they contradict, the first, with what it can keep.
    pub(super) fn together(
        &mut self,
        a: Map<String, Value>,
        b: Map<String, Value>,
    ) -> Map<String, Value> {
        if a.is_empty() {
            return b;
        }
        if b.is_empty() {
            return a;
        }
        if let Some(both) = self.unify(&a, &b) {
            return both;
        }
        self.report.lost(
            Subject::Type,
            rule("all-of"),
            &self.at,
            "members contradict each other; any value is taken",
        );
        a.into_iter().filter(|(key, _)| tells_only(key)).collect()
    }

    pub(super) fn unify(
        &mut self,
        a: &Map<String, Value>,
        b: &Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        unify(a, b, &mut |a, b, name| Some(self.clash(a, b, name)))
    }

    /// A property that two members describe.
    fn clash(&mut self, a: &Value, b: &Value, property: &str) -> Value {
        let told = |mut schema: Value| {
            if let Value::Object(schema) = &mut schema {
                for by in [a, b] {
                    let by = by.as_object().into_iter().flatten();
                    for (key, value) in by.filter(|(key, _)| tells_only(key)) {
                        schema::annotate(schema, key, value);
                    }
                }
            }
            schema
        };
        let (plain_a, null_a) = schema::without_null(a.clone());
        let (plain_b, null_b) = schema::without_null(b.clone());
        let both = self.two_at_once(&plain_a, &plain_b, property);
        let Some(mut both) = both else {
            self.report.lost(
                Subject::Type,
                rule("all-of"),
                &self.at.join("properties").join(property),
                "members contradict each other here; any value is taken",
            );
            return told(json!({}));
        };
        if null_a && null_b {
            schema::make_nullable(&mut both);
        }
        told(both)
    }

    /// A schema that is two at once, with a name if it is an object.
    fn two_at_once(&mut self, a: &Value, b: &Value, property: &str) -> Option<Value> {
        let pair = (schema::shape(a).to_string(), schema::shape(b).to_string());
        if pair.0 == pair.1 {
            return Some(a.clone());
        }
        if let Some(name) = self.pairs.get(&pair) {
            return Some(schema::reference(name));
        }
        let (flat_a, flat_b) = (self.flat(a, &mut Vec::new()), self.flat(b, &mut Vec::new()));
        // Two unions at once are read as the second, which is the narrower as
        // a rule; a union and something else as what is no union.
        if !flat_b.unions.is_empty() || !flat_a.unions.is_empty() {
            let silent = |flat: &Flat| {
                flat.unions.is_empty()
                    && flat.base.keys().all(|key| key == "type" || tells_only(key))
            };
            let chosen = match (flat_a.unions.is_empty(), flat_b.unions.is_empty()) {
                _ if silent(&flat_a) => b,
                _ if silent(&flat_b) => a,
                (true, false) => a,
                _ => b,
            };
            self.report.lost(
                Subject::Type,
                rule("all-of"),
                &self.at.join("properties").join(property),
                "of two descriptions that cannot be said as one, one is taken",
            );
            return Some(chosen.clone());
        }
        let object =
            flat_a.base.contains_key("properties") && flat_b.base.contains_key("properties");
        let known = object.then(|| {
            let owner = self.at.as_str().rsplit('/').next().unwrap_or_default();
            let owner = owner.to_owned();
            let name = self.names.get_or_assign(
                &format!("#{owner} & {property}"),
                &[format!("{owner} {property}")],
            );
            self.pairs.insert(pair, name.clone());
            name
        });
        let both = self.unify(&flat_a.base, &flat_b.base)?;
        // One of the two may be all that both are.
        for (flat, schema) in [(&flat_a, a), (&flat_b, b)] {
            let same = schema::shape(&Value::Object(flat.base.clone()))
                == schema::shape(&Value::Object(both.clone()));
            if same && known.is_none() {
                return Some(schema.clone());
            }
        }
        let Some(name) = known else {
            return Some(Value::Object(both));
        };
        self.made(&name, &self.at.join("properties").join(property));
        self.out.insert(name.clone(), Value::Object(both));
        Some(schema::reference(&name))
    }
}
