//! The variants of a union together with what stands beside it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    super::super::{rule, tags::arm_name},
    super::unify::tells_only,
    Merge,
};
use crate::{Subject, reference::mapping_target, schema};

/// How many variants may come of several unions in one schema.
const MOST_VARIANTS: usize = 64;

/// A variant of a schema's unions, together with what stands beside them.
#[derive(Debug, Clone, Default)]
struct Arm {
    base: Map<String, Value>,
    /// What it adds to its owner's name.
    word: String,
    /// The schemas it is a variant for.
    of: Vec<String>,
}

impl Merge<'_> {
    /// The union of all variants of several unions, each with what stands beside
    /// them.
    pub(super) fn variants(
        &mut self,
        name: &str,
        mut base: Map<String, Value>,
        unions: Vec<Vec<Value>>,
    ) -> Value {
        let count = unions.iter().map(Vec::len).product::<usize>();
        if count > MOST_VARIANTS {
            self.report.lost(
                Subject::Variant,
                rule("all-of"),
                &self.at,
                format!("{count} variants of several unions; any of them is taken"),
            );
            return Value::Object(base);
        }
        let mut told = Map::new();
        for key in base.keys().cloned().collect::<Vec<_>>() {
            if tells_only(&key) || key == "discriminator" {
                told.extend(base.shift_remove(&key).map(|value| (key, value)));
            }
        }
        let mut arms = vec![Arm {
            base,
            ..Arm::default()
        }];
        let mut null = false;
        for union in unions {
            let mut next = Vec::new();
            for (index, arm) in union.iter().enumerate() {
                if schema::is_null(arm) {
                    null = true;
                    continue;
                }
                let word = arm_word(name, arm, index);
                for before in &arms {
                    for (leaf, base) in self.variant(&before.base, arm, 0) {
                        let mut both = before.clone();
                        both.base = base;
                        both.word = [both.word.as_str(), &word].join(" ");
                        both.of.extend(arm_name(arm).map(str::to_owned));
                        both.of.extend(leaf);
                        both.of.dedup();
                        next.push(both);
                    }
                }
            }
            arms = next;
        }
        if arms.is_empty() {
            self.report.lost(
                Subject::Variant,
                rule("all-of"),
                &self.at,
                "its variants contradict the rest; any value is taken",
            );
            return Value::Object(told);
        }
        let mut union: Vec<Value> = Vec::new();
        let mut renamed: HashMap<String, Option<String>> = HashMap::new();
        for arm in arms {
            let of = arm.of.clone();
            let variant = self.arm(name, arm);
            if union.contains(&variant) {
                continue;
            }
            let new = schema::ref_name(&variant);
            for old in of {
                // What is several variants now, no value of a tag selects.
                let new = new.filter(|_| !renamed.contains_key(&old));
                renamed.insert(old, new.map(str::to_owned));
            }
            union.push(variant);
        }
        select(&mut told, &renamed);
        if null {
            union.push(json!({"type": "null"}));
        }
        told.insert("oneOf".into(), Value::Array(union));
        Value::Object(told)
    }

    /// A variant of a union in its own right: a name, if it is an object.
    fn arm(&mut self, owner: &str, arm: Arm) -> Value {
        let Arm { base, word, of } = arm;
        let object = base.contains_key("properties") || base.contains_key("enum");
        if !object {
            return Value::Object(base);
        }
        // One that nothing else uses is the variant itself.
        let own = of.into_iter().next().filter(|source| {
            self.references.get(source) == Some(&1) && !self.out.contains_key(source)
        });
        let name = match own {
            Some(source) => source,
            None => {
                let place = format!("#{owner} & {}", word.trim());
                self.names
                    .get_or_assign(&place, &[format!("{owner} {}", word.trim())])
            }
        };
        self.made(&name, &self.at.clone());
        self.out.insert(name.clone(), Value::Object(base));
        schema::reference(&name)
    }

    /// What an arm is together with what stands beside the union: nothing
    /// where they contradict, several where the arm is a union itself. Each with
    /// the name of the variant of that union.
    fn variant(
        &mut self,
        base: &Map<String, Value>,
        arm: &Value,
        depth: usize,
    ) -> Vec<(Option<String>, Map<String, Value>)> {
        let mut flat = self.flat(arm, &mut Vec::new());
        flat.base.shift_remove("discriminator");
        let Some(base) = self.unify(base, &flat.base) else {
            self.report.lost(
                Subject::Variant,
                rule("all-of"),
                &self.at,
                "a variant contradicts what stands beside it and is left out",
            );
            return Vec::new();
        };
        let name = arm_name(arm).map(str::to_owned);
        let mut bases = vec![(name, base)];
        for union in flat.unions {
            if depth >= 4 || bases.len() * union.len() > MOST_VARIANTS {
                self.report.lost(
                    Subject::Variant,
                    rule("all-of"),
                    &self.at,
                    "too many variants within variants; any of them is taken",
                );
                break;
            }
            bases = bases
                .iter()
                .flat_map(|(_, base)| {
                    union
                        .iter()
                        .filter(|arm| !schema::is_null(arm))
                        .flat_map(|arm| self.variant(base, arm, depth + 1))
                        .collect::<Vec<_>>()
                })
                .collect();
        }
        bases
    }
}

/// What an arm of a union adds to its owner's name.
fn arm_word(owner: &str, arm: &Value, index: usize) -> String {
    match schema::ref_name(arm) {
        Some(name) => name.strip_prefix(owner).unwrap_or(name).to_owned(),
        None => (index + 1).to_string(),
    }
}

/// Lets a discriminator select the variants that schemas became.
fn select(union: &mut Map<String, Value>, renamed: &HashMap<String, Option<String>>) {
    let mapping = union.get_mut("discriminator");
    let mapping = mapping.and_then(|discriminator| discriminator.get_mut("mapping"));
    if let Some(Value::Object(mapping)) = mapping {
        mapping.retain(|_, target| {
            let old = mapping_target(target).unwrap_or_default();
            let Some(Some(new)) = renamed.get(&old) else {
                return false;
            };
            *target = schema::reference(new)["$ref"].take();
            true
        });
    }
}
