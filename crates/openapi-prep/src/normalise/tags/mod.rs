//! The values of a union's tag, and the variant that each selects.
//!
//! A discriminator's mapping comes first, then the fixed values of the tag in
//! the variants (`const` or `enum`), and the name of a variant's schema only
//! where there is neither. All three may be gone before tags are written into
//! variants: schemas are renamed, values that Rust cannot name are dropped. So
//! each mapping is completed first of all.

mod select;
mod values;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use self::{
    select::{Disagreement, Mapping, Select},
    values::{DEPTH, arms_mut, declarations, declared_values, extended, required},
};
use super::rule;
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
    /// What of the mapping does not agree with the variants.
    disagreement: Disagreement,
}

/// Completes the mapping of each discriminator, and gives a union without one
/// that of the schema which all its variants extend. Discriminators that select
/// nothing are taken out: those of schemas that others extend, and of unions of
/// one variant.
pub(super) fn complete_mappings(document: &mut Value, report: &mut Report) {
    let (mut any, mut bases) = (false, false);
    walk::schemas(document, &mut |schema, _| {
        any |= has_discriminator(schema);
        bases |= has_discriminator(schema) && arms(schema).next().is_none();
    });
    if !any {
        return;
    }
    let concerns =
        |schema: &Value| has_discriminator(schema) || (bases && arms(schema).nth(1).is_some());
    walk::some(document, &concerns, &mut |union, at, schemas| {
        let completed = complete(union, at, schemas, report);
        if let Value::Object(union) = union {
            match completed {
                Complete::As(discriminator) => {
                    union.insert("discriminator".into(), discriminator);
                }
                Complete::Property(undeclared) => {
                    union.shift_remove("discriminator");
                    let arm = arms_mut(union).find(|arm| !schema::is_null(arm));
                    if let (Some(arm), Some(tag)) = (arm, undeclared) {
                        *arm = json!({"allOf": [arm.take(), tag]});
                    }
                }
                Complete::No => {}
            }
        }
    });
}

/// What becomes of a discriminator.
enum Complete {
    As(Value),
    /// It selects nothing. Given is what declares the tag, where the one variant
    /// does not.
    Property(Option<Value>),
    No,
}

fn complete(
    union: &Value,
    at: &Pointer,
    schemas: &Map<String, Value>,
    report: &mut Report,
) -> Complete {
    let found = Union::of(union, schemas);
    let here = at.join("discriminator");
    if found.leaves.len() < 2 {
        let note = "selects nothing: the tag is a property like others";
        report.changed(rule("discriminator"), &here, note);
        return Complete::Property(found.undeclared_tag(union));
    }
    let Some(discriminator) = found.discriminator(union) else {
        return Complete::No;
    };
    let Ok(tags) = found.tags(&discriminator, true) else {
        return Complete::No;
    };
    let mapping = here.join("mapping");
    for (value, note) in &tags.disagreement.differences {
        report.changed(rule("discriminator"), &mapping.join(value), note);
    }
    for value in &tags.disagreement.strangers {
        let note = "names a schema that is not one of the variants";
        report.lost(
            Subject::Variant,
            rule("discriminator"),
            &mapping.join(value),
            note,
        );
    }
    let targets = tags.variants.into_iter();
    let mapping: Map<String, Value> = targets
        .map(|(value, name)| (value, schema::reference(&name)["$ref"].take()))
        .collect();
    let mut discriminator = json!({"propertyName": tags.tag, "mapping": mapping});
    if !tags.aliases.is_empty() {
        discriminator[ALIASES] = tags.aliases.into_iter().collect();
    }
    Complete::As(discriminator)
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
    schema.pointer("/discriminator/propertyName").is_some()
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
            let (mut name, mut target) = (None, arm);
            for _ in 0..DEPTH {
                let Some(next) = arm_name(target) else { break };
                let Some(schema) = self.schemas.get(next) else {
                    break;
                };
                (name, target) = (Some(next), schema);
            }
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
                self.leaves
                    .iter()
                    .any(|leaf| leaf.name == target.as_deref())
            });
        }
        Some(discriminator)
    }

    /// What declares the tag of a union of one variant that does not.
    fn undeclared_tag(&self, union: &Value) -> Option<Value> {
        let [leaf] = self.leaves.as_slice() else {
            return None;
        };
        let discriminator = union.get("discriminator")?;
        let tag = discriminator.get("propertyName")?.as_str()?;
        if declarations(leaf.schema, tag, self.schemas)
            .next()
            .is_some()
        {
            return None;
        }
        let tags = self.tags(discriminator, true).ok()?;
        let values: Vec<String> = tags.variants.into_iter().map(|(value, _)| value).collect();
        Some(json!({
            "type": "object",
            "required": [tag],
            "properties": {tag: {"type": "string", "enum": values}},
        }))
    }

    /// What selects each variant. `by_name`: a variant that neither mapping nor
    /// fixed value selects is selected by the name of its schema.
    fn tags(&self, discriminator: &Value, by_name: bool) -> Result<Tags, &'static str> {
        let tag = discriminator.get("propertyName").and_then(Value::as_str);
        let tag = tag.ok_or("it names no property")?;
        let (mapping, of_unions) = self.mapping(discriminator, tag)?;
        let of_leaf = |leaf: &Leaf<'_>| declared_values(leaf.schema, tag, self.schemas);
        let fixed: Option<Vec<_>> = self.leaves.iter().map(of_leaf).collect();
        let fixed = fixed.ok_or("the tag is not a string")?;
        let names = self.leaves.iter().map(|leaf| leaf.name).collect();
        let mut select = Select::new(names, fixed);
        select.by_fixed_values(&mapping);
        select.by_mapping(&mapping);
        if of_unions.iter().any(|value| select.chosen(value).is_none()) {
            return Err("it selects a union whose variants it does not tell apart");
        }
        if by_name {
            select.by_names();
        }
        let mut chosen = select.chosen;
        let mut aliases = select.aliases;
        chosen.sort_by_key(|(_, leaf)| *leaf);
        for (index, leaf) in self.leaves.iter().enumerate() {
            // One that is written in place gets a name, and fixed values their
            // variant, later.
            let selected = chosen.iter().any(|(_, leaf)| *leaf == index);
            let is_later = by_name && leaf.name.is_none();
            if !selected && !is_later {
                return Err("no value of its own selects each variant");
            }
        }
        if !are_distinct_in_rust(chosen.iter().map(|(value, _)| value)) {
            return Err("the values of the tag have no distinct names in Rust");
        }
        let known = discriminator.get(ALIASES).and_then(Value::as_object);
        for (alias, value) in known.into_iter().flatten() {
            aliases.extend(
                value
                    .as_str()
                    .map(|value| (alias.clone(), value.to_owned())),
            );
        }
        let selecting = |(value, leaf): (String, usize)| {
            let name: Option<&str> = self.leaves[leaf].name;
            Some((value, name?.to_owned()))
        };
        Ok(Tags {
            tag: tag.to_owned(),
            variants: chosen.into_iter().filter_map(selecting).collect(),
            aliases,
            disagreement: select.disagreement,
        })
    }

    /// The mapping, with those of unions among the variants: each value, and
    /// the variant it selects; and the values that select such a union.
    fn mapping(
        &self,
        discriminator: &Value,
        tag: &str,
    ) -> Result<(Mapping, Vec<String>), &'static str> {
        let mut all = Mapping::new();
        let mut of_unions = Vec::new();
        let inner = self.inner.iter().filter_map(|(_, inner)| *inner);
        for discriminator in std::iter::once(discriminator).chain(inner) {
            if discriminator.get("propertyName").and_then(Value::as_str) != Some(tag) {
                return Err("a variant is a union with another tag");
            }
            let mapping = discriminator.get("mapping").and_then(Value::as_object);
            for (value, target) in mapping.into_iter().flatten() {
                let target = mapping_target(target).unwrap_or_default();
                if self.inner.iter().any(|(name, _)| *name == target) {
                    of_unions.push(value.clone());
                } else if all.iter().all(|(other, _)| other != value) {
                    let mut leaves = self.leaves.iter();
                    let leaf = leaves.position(|leaf| leaf.name == Some(&target));
                    all.push((value.clone(), leaf));
                }
            }
        }
        Ok((all, of_unions))
    }

    /// The property that every variant must hold with one fixed value, each
    /// with another.
    fn fixed_tags(&self) -> Option<Tags> {
        let first = self.leaves.first()?;
        if self.leaves.len() < 2 {
            return None;
        }
        let names: Option<Vec<_>> = self.leaves.iter().map(|leaf| leaf.name).collect();
        let names = names?;
        required(first.schema, self.schemas)
            .into_iter()
            .find_map(|tag| {
                let mut tags = Tags {
                    tag: tag.to_owned(),
                    ..Tags::default()
                };
                for (leaf, name) in self.leaves.iter().zip(&names) {
                    let values = declared_values(leaf.schema, tag, self.schemas)?;
                    let [value] = values.as_slice() else {
                        return None;
                    };
                    let known = tags.variants.iter().any(|(other, _)| other == value);
                    if known || !required(leaf.schema, self.schemas).contains(&tag) {
                        return None;
                    }
                    tags.variants.push((value.clone(), (*name).to_owned()));
                }
                are_distinct_in_rust(tags.variants.iter().map(|(value, _)| value)).then_some(tags)
            })
    }
}

/// Whether values of a tag give distinct variants.
fn are_distinct_in_rust<'a>(values: impl Iterator<Item = &'a String>) -> bool {
    let mut seen = HashSet::new();
    values
        .map(|value| rust_names::pascal(value))
        .all(|variant| seen.insert(variant))
}
