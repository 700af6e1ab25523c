//! The variants of a union together with what stands beside it.

use serde_json::{Map, Value, json};

use super::{super::super::tags::arm_name, super::unify::tells_only, Flat, Merge};
use crate::{Subject, reference::mapping_target, schema};

/// How many variants may come of several unions in one schema.
const MOST_VARIANTS: usize = 64;

/// How many unions there may be, beside and within each other.
const DEPTH: usize = 6;

/// A variant of a schema's unions, together with what stands beside them.
#[derive(Debug, Clone, Default)]
struct Arm {
    base: Map<String, Value>,
    /// What it adds to its owner's name.
    word: String,
    /// The schemas it is a variant for.
    of: Vec<String>,
    /// How many unions it is a variant of.
    depth: usize,
}

impl Merge<'_> {
    /// The union of all variants of several unions, each with what stands beside
    /// them.
    pub(super) fn variants(&mut self, name: &str, flat: Flat) -> Value {
        let null = flat.unions.iter().flatten().any(schema::is_null);
        let (mut whole, base): (Map<_, _>, Map<_, _>) = flat
            .base
            .into_iter()
            .partition(|(key, _)| tells_only(key) || key == "discriminator");
        let start = Arm {
            base,
            ..Arm::default()
        };
        let mut arms = Vec::new();
        self.expand(name, start, &flat.unions, &mut arms);
        let mut made: Vec<(Vec<String>, Value)> = Vec::new();
        for arm in arms {
            let of = arm.of.clone();
            let variant = self.variant(name, arm);
            if !made.iter().any(|(_, other)| *other == variant) {
                made.push((of, variant));
            }
        }
        if made.is_empty() {
            let note = "its variants contradict the rest; any value is taken";
            self.lost(Subject::Variant, note);
            return Value::Object(whole);
        }
        // A discriminator selects the variants that schemas became.
        let mapping = whole.get_mut("discriminator");
        let mapping = mapping.and_then(|one| one.get_mut("mapping")?.as_object_mut());
        if let Some(mapping) = mapping {
            mapping.retain(|_, target| {
                let old = mapping_target(target).unwrap_or_default();
                let mut all = made.iter().filter(|(of, _)| of.contains(&old));
                // What is several variants now, no value of a tag selects.
                let one = all.next().filter(|_| all.next().is_none());
                let new = one.and_then(|(_, variant)| variant.get("$ref"));
                new.map(|new| *target = new.clone()).is_some()
            });
        }
        let mut union: Vec<Value> = made.into_iter().map(|(_, variant)| variant).collect();
        union.extend(null.then(|| json!({"type": "null"})));
        whole.insert("oneOf".into(), Value::Array(union));
        Value::Object(whole)
    }

    /// A variant together with those of each union: nothing where they contradict,
    /// several where a variant of these is a union itself.
    fn expand(&mut self, owner: &str, start: Arm, unions: &[Vec<Value>], arms: &mut Vec<Arm>) {
        let Some((union, rest)) = unions.split_first() else {
            return arms.push(start);
        };
        let lengths = unions.iter().map(Vec::len);
        let most = lengths.fold(1, usize::saturating_mul);
        let is_product = unions.len() > 1 && arms.len().saturating_add(most) > MOST_VARIANTS;
        if start.depth > DEPTH || is_product {
            let note = "too many variants of several unions; any of them is taken";
            self.lost(Subject::Variant, note);
            return arms.push(start);
        }
        let variants = union.iter().enumerate();
        for (index, variant) in variants.filter(|(_, arm)| !schema::is_null(arm)) {
            let mut flat = self.flat(variant, &mut Vec::new());
            flat.base.shift_remove("discriminator");
            let Some(base) = self.unify(&start.base, &flat.base) else {
                let note = "a variant contradicts what stands beside it and is left out";
                self.lost(Subject::Variant, note);
                continue;
            };
            let mut of = start.of.clone();
            of.extend(arm_name(variant).map(str::to_owned));
            let both = Arm {
                base,
                word: format!("{} {}", start.word, arm_word(owner, variant, index)),
                of,
                depth: start.depth + 1,
            };
            let unions = [&flat.unions[..], rest].concat();
            self.expand(owner, both, &unions, arms);
        }
    }

    /// A variant of a union in its own right: a name, if it is an object.
    fn variant(&mut self, owner: &str, arm: Arm) -> Value {
        let Arm { base, word, of, .. } = arm;
        if !schema::has_any(&base, &["properties", "enum"]) {
            return Value::Object(base);
        }
        // One that nothing else uses is the variant itself.
        let own = of.into_iter().next().filter(|source| {
            self.references.get(source) == Some(&1) && !self.out.contains_key(source)
        });
        let name = own.unwrap_or_else(|| {
            let place = format!("#{owner} &{word}");
            let wanted = format!("{owner}{word}");
            self.names.get_or_assign(&place, &[wanted])
        });
        self.add(&name, base)
    }
}

/// What an arm of a union adds to its owner's name.
fn arm_word(owner: &str, arm: &Value, index: usize) -> String {
    match schema::ref_name(arm) {
        Some(name) => name.strip_prefix(owner).unwrap_or(name).to_owned(),
        None => (index + 1).to_string(),
    }
}
