//! The values of a union's tag, and the variant that each selects.
//!
//! The fixed values of the tag in a variant (`const` or `enum`) come first, then
//! the discriminator's mapping, and the name of the variant's schema only where
//! there is neither. All three may be gone before tags are written into variants:
//! schemas are renamed, values that Rust cannot name are dropped. So each mapping
//! is completed before.

mod values;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use self::values::{DEPTH, declarations, declared_values, extended, required};
use crate::{Pointer, Report, Subject, reference::mapping_target, rust_names, schema, walk};

pub(super) use self::values::arms;

/// Other values of the tag that are read, by the value that is sent: a member
/// of the discriminator, as the document gives both.
const ALIASES: &str = "x-aliases";

/// The values of a union's tag.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// The property that holds the tag.
    pub(super) tag: String,
    /// Each value, and the schema of the variant that it selects.
    pub(super) variants: Vec<(String, String)>,
    /// Other values that are read, and the value that each stands for.
    pub(super) aliases: Vec<(String, String)>,
    /// Values of the mapping that do not agree with the variants, what becomes of
    /// them, and whether they are lost.
    notes: Vec<(String, String, bool)>,
}

/// The values of a mapping, each with the variant that it names, if any.
type Mapping<'a> = Vec<(&'a str, Option<usize>)>;

/// Completes the mapping of each discriminator, and gives a union without one
/// that of the schema which all its variants extend. Discriminators that select
/// nothing are taken out: those of schemas that others extend, and of unions of
/// one variant.
pub(super) fn complete_mappings(document: &mut Value, report: &mut Report) {
    let concerns = |schema: &Value, _: &Map<String, Value>| {
        has_discriminator(schema) || arms(schema).nth(1).is_some()
    };
    walk::some(document, &concerns, &mut |union, at, schemas| {
        let found = Union::of(union, schemas);
        if found.leaves.len() > 1 {
            let discriminator = found.discriminator(union);
            let tags = discriminator.and_then(|all| found.tags(&all, true).ok());
            if let Some(tags) = tags {
                union["discriminator"] = completed(tags, &at.join("discriminator"), report);
            }
        } else if has_discriminator(union) {
            let tag = union["discriminator"]["propertyName"].as_str();
            let is_declared = tag.is_some_and(|tag| {
                let mut declared = declarations(union, tag, schemas);
                declared.next().is_some()
            });
            let at = at.join("discriminator");
            if is_declared {
                report.changed(&at, "selects nothing: the tag is a property like others");
            } else {
                let note = "selects nothing, and the tag is not declared as a property";
                report.lost(Subject::Field, &at, note);
            }
            if let Value::Object(union) = union {
                union.shift_remove("discriminator");
            }
        }
    });
}

/// A discriminator with a mapping for each variant.
fn completed(tags: Tags, at: &Pointer, report: &mut Report) -> Value {
    let mapping = at.join("mapping");
    for (value, note, is_lost) in tags.notes {
        let subject = is_lost.then_some(Subject::Variant);
        report.noted(subject, &mapping.join(&*value), note);
    }
    let targets = tags.variants.into_iter();
    let mapping: Map<String, Value> = targets
        .map(|(value, name)| (value, schema::reference(&name)["$ref"].take()))
        .collect();
    let mut discriminator = json!({"propertyName": tags.tag, "mapping": mapping});
    if !tags.aliases.is_empty() {
        discriminator[ALIASES] = tags.aliases.into_iter().collect();
    }
    discriminator
}

/// The tag of a union by its discriminator, once mappings are complete; where
/// it has none, by fixed values.
///
/// # Errors
/// Why the discriminator selects no variants.
pub(super) fn of_union(
    union: &Value,
    schemas: &Map<String, Value>,
) -> Result<Option<Tags>, &'static str> {
    let found = Union::of(union, schemas);
    match union.get("discriminator") {
        Some(discriminator) => found.tags(discriminator, false).map(Some),
        None => Ok(found.fixed_tags()),
    }
}

fn has_discriminator(schema: &Value) -> bool {
    let discriminator = schema::get(schema, "discriminator");
    discriminator.is_some_and(|one| one.get("propertyName").is_some())
}

/// The schema that a variant refers to, described or not.
pub(super) fn arm_name(arm: &Value) -> Option<&str> {
    let members = || match arm.get("allOf")?.as_array()?.as_slice() {
        [one] => schema::ref_name(one),
        _ => None,
    };
    let object = arm.as_object()?;
    let says_more = |key: &String| !matches!(key.as_str(), "$ref" | "allOf" | "description");
    if object.keys().any(says_more) {
        return None;
    }
    schema::ref_name(arm).or_else(members)
}

/// The schema that a variant refers to in the end, and its name; itself where it
/// is written in place.
pub(super) fn target<'a>(
    arm: &'a Value,
    schemas: &'a Map<String, Value>,
) -> (Option<&'a str>, &'a Value) {
    let (mut name, mut target) = (None, arm);
    for _ in 0..DEPTH {
        let next = arm_name(target).and_then(|next| schemas.get_key_value(next));
        let Some((next, schema)) = next else { break };
        (name, target) = (Some(next.as_str()), schema);
    }
    (name, target)
}

/// A variant that is no union itself.
struct Leaf<'a> {
    /// None where it is written in place.
    name: Option<&'a str>,
    schema: &'a Value,
}

/// A union, with what unions among its variants consist of in their place.
struct Union<'a> {
    schemas: &'a Map<String, Value>,
    leaves: Vec<Leaf<'a>>,
    /// The unions among its variants: their names, if any, and discriminators.
    inner: Vec<(&'a str, Option<&'a Value>)>,
}

impl<'a> Union<'a> {
    fn of(union: &'a Value, schemas: &'a Map<String, Value>) -> Self {
        let mut found = Self {
            schemas,
            leaves: Vec::new(),
            inner: Vec::new(),
        };
        found.add(union, 0);
        found
    }

    fn add(&mut self, union: &'a Value, depth: usize) {
        for arm in arms(union) {
            let (name, target) = target(arm, self.schemas);
            let is_union = arms(target).next().is_some() && depth < DEPTH;
            let is_known = |other: &str| name == Some(other);
            if is_union && !self.inner.iter().any(|(other, _)| is_known(other)) {
                let discriminator = target.get("discriminator");
                self.inner.push((name.unwrap_or_default(), discriminator));
                self.add(target, depth + 1);
            } else if !is_union
                && !self
                    .leaves
                    .iter()
                    .any(|leaf| leaf.name.is_some_and(is_known))
            {
                let schema = target;
                self.leaves.push(Leaf { name, schema });
            }
        }
    }

    /// The discriminator of a union, or of the schema that all its variants
    /// extend; the mapping of that one too where the union's own has none.
    fn discriminator(&self, union: &Value) -> Option<Value> {
        let inherited = self.inherited();
        let Some(own) = union.get("discriminator") else {
            return inherited;
        };
        let same = inherited.filter(|base| {
            own.get("mapping").is_none() && own.get("propertyName") == base.get("propertyName")
        });
        Some(same.unwrap_or_else(|| own.clone()))
    }

    /// The discriminator of a schema that all variants extend, with the part of
    /// its mapping that is about them.
    fn inherited(&self) -> Option<Value> {
        let mut leaves = self.leaves.iter();
        let mut common = extended(leaves.next()?.schema, self.schemas);
        for leaf in leaves {
            let other = extended(leaf.schema, self.schemas);
            common.retain(|base| other.iter().any(|other| std::ptr::eq(*base, *other)));
        }
        let base = common.into_iter().find(|base| has_discriminator(base))?;
        let mut discriminator = base["discriminator"].clone();
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            mapping.retain(|_, target| {
                let target = mapping_target(target);
                let mut leaves = self.leaves.iter();
                leaves.any(|leaf| leaf.name == target.as_deref())
            });
        }
        Some(discriminator)
    }

    /// What selects each variant: its fixed values, else those of the mapping. With
    /// `by_name`, one that has neither is selected by the name of its schema.
    fn tags(&self, discriminator: &Value, by_name: bool) -> Result<Tags, &'static str> {
        let tag = discriminator.get("propertyName").and_then(Value::as_str);
        let tag = tag.ok_or("it names no property")?;
        let (mapping, of_unions) = self.mapping(discriminator, tag)?;
        let of_leaf = |leaf: &Leaf<'_>| declared_values(leaf.schema, tag, self.schemas);
        let fixed: Option<Vec<_>> = self.leaves.iter().map(of_leaf).collect();
        let fixed = fixed.ok_or("the tag is not a string")?;
        let mut tags = Tags {
            tag: tag.to_owned(),
            ..Tags::default()
        };
        let mut chosen: Vec<(&str, usize)> = Vec::new();
        let selected = |chosen: &[(&str, usize)], value: &str| {
            let mut all = chosen.iter();
            all.find(|(other, _)| *other == value)
                .map(|(_, leaf)| *leaf)
        };
        for value in fixed.iter().flatten() {
            // Of several variants that may have a value, the mapping chooses.
            let has = |leaf: usize| fixed[leaf].contains(value);
            let mapped = mapping.iter().find(|(other, _)| other == value);
            let leaf = match mapped.and_then(|(_, leaf)| *leaf) {
                Some(leaf) if fixed[leaf].is_empty() || has(leaf) => leaf,
                _ => {
                    let mut holders = (0..fixed.len()).filter(|leaf| has(*leaf));
                    let first = holders.next().filter(|_| holders.next().is_none());
                    first.ok_or("several variants have one fixed value")?
                }
            };
            if selected(&chosen, value).is_none() {
                chosen.push((value, leaf));
            }
        }
        for (value, leaf) in mapping {
            let Some(leaf) = leaf else {
                let note = "names a schema that is not one of the variants";
                tags.notes.push((value.to_owned(), note.to_owned(), true));
                continue;
            };
            let is_own = |own: &str| fixed[leaf].iter().any(|value| value == own);
            let own = chosen.iter().find(|(own, of)| *of == leaf && is_own(own));
            let note = match (selected(&chosen, value), own) {
                (Some(other), _) if other == leaf => continue,
                (Some(_), _) => {
                    "is the fixed value of another variant, which it selects".to_owned()
                }
                (None, Some((own, _))) => {
                    tags.aliases.push((value.to_owned(), (*own).to_owned()));
                    format!("the variant's own value is {own:?}: read, not sent")
                }
                (None, None) => {
                    chosen.push((value, leaf));
                    continue;
                }
            };
            tags.notes.push((value.to_owned(), note, false));
        }
        let is_open = |value: &&str| selected(&chosen, value).is_none();
        if of_unions.iter().any(is_open) {
            return Err("it selects a union whose variants it does not tell apart");
        }
        for (index, leaf) in self.leaves.iter().enumerate() {
            if chosen.iter().any(|(_, leaf)| *leaf == index) {
                continue;
            }
            let may = fixed[index].is_empty();
            match leaf.name {
                Some(name) if by_name && may && selected(&chosen, name).is_none() => {
                    chosen.push((name, index));
                }
                // One that is written in place gets a name, and fixed values
                // their variant, later.
                None if by_name => {}
                _ => return Err("no value of its own selects each variant"),
            }
        }
        if !are_distinct_in_rust(chosen.iter().map(|(value, _)| *value)) {
            return Err("the values of the tag have no distinct names in Rust");
        }
        chosen.sort_by_key(|(_, leaf)| *leaf);
        let named = |(value, leaf): (&str, usize)| {
            Some((value.to_owned(), self.leaves[leaf].name?.to_owned()))
        };
        tags.variants = chosen.into_iter().filter_map(named).collect();
        let known = discriminator.get(ALIASES).and_then(Value::as_object);
        for (alias, value) in known.into_iter().flatten() {
            let value = value.as_str().map(str::to_owned);
            tags.aliases
                .extend(value.map(|value| (alias.clone(), value)));
        }
        Ok(tags)
    }

    /// The mapping, with those of unions among the variants: each value, and
    /// the variant it selects; and the values that select such a union.
    fn mapping<'b>(
        &'b self,
        discriminator: &'b Value,
        tag: &str,
    ) -> Result<(Mapping<'b>, Vec<&'b str>), &'static str> {
        let (mut all, mut of_unions) = (Mapping::new(), Vec::new());
        let inner = self.inner.iter().filter_map(|(_, inner)| *inner);
        for discriminator in std::iter::once(discriminator).chain(inner) {
            if discriminator.get("propertyName").and_then(Value::as_str) != Some(tag) {
                return Err("a variant is a union with another tag");
            }
            let mapping = discriminator.get("mapping").and_then(Value::as_object);
            for (value, target) in mapping.into_iter().flatten() {
                let target = mapping_target(target).unwrap_or_default();
                if self.inner.iter().any(|(name, _)| *name == target) {
                    of_unions.push(value.as_str());
                } else if all.iter().all(|(other, _)| other != value) {
                    let is_target = |leaf: &Leaf<'_>| leaf.name == Some(&target);
                    all.push((value, self.leaves.iter().position(is_target)));
                }
            }
        }
        Ok((all, of_unions))
    }

    /// The property that every variant must hold with one fixed value, each
    /// with another.
    fn fixed_tags(&self) -> Option<Tags> {
        let first = self.leaves.first().filter(|_| self.leaves.len() > 1)?;
        let is_fixed = |leaf: &Leaf<'_>, tag| {
            let values = declared_values(leaf.schema, tag, self.schemas);
            values.is_some_and(|values| values.len() == 1)
                && required(leaf.schema, self.schemas).contains(&tag)
        };
        let mut candidates = required(first.schema, self.schemas).into_iter();
        candidates.find_map(|tag| {
            let are_fixed = self.leaves.iter().all(|leaf| is_fixed(leaf, tag));
            let tags = are_fixed.then(|| self.tags(&json!({"propertyName": tag}), false));
            tags?
                .ok()
                .filter(|tags| tags.variants.len() == self.leaves.len())
        })
    }
}

/// Whether values of a tag give distinct variants.
fn are_distinct_in_rust<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = HashSet::new();
    values
        .map(rust_names::pascal)
        .all(|variant| seen.insert(variant))
}
