//! A comparison under way: the two APIs, which old type is which new one, and
//! the changes found so far.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    Requests,
    change::{Change, Class, Kind},
    operations, types,
};
use crate::{
    api::{Annotations, Api, BaseType, SecurityRequirement, Shape, TypeRef, Variant},
    equality,
};

/// What a change belongs to, and where that is in both documents.
#[derive(Debug, Clone, Default)]
pub(super) struct ChangeLocation {
    pub(super) operation: Option<String>,
    pub(super) type_name: Option<String>,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

impl ChangeLocation {
    /// A part of it, at these pointers; an empty one is for the side that does
    /// not have it.
    pub(super) fn part(&self, old: &str, new: &str) -> Self {
        let there = |pointer: &str| (!pointer.is_empty()).then(|| pointer.to_owned());
        Self {
            old: there(old),
            new: there(new),
            ..self.clone()
        }
    }
}

pub(super) struct Compare<'a> {
    pub(super) old: &'a Api,
    pub(super) new: &'a Api,
    pub(super) requests: Requests,
    /// Old names of types that go by another name, with the new ones.
    pub(super) renamed: BTreeMap<String, String>,
    rows: Vec<Change>,
}

/// All changes, in the order of a report.
pub(super) fn changes(old: &Api, new: &Api, requests: Requests) -> Vec<Change> {
    let mut compare = Compare {
        old,
        new,
        requests,
        renamed: BTreeMap::new(),
        rows: Vec::new(),
    };
    let pairs = operations::pairs(old, new);
    compare.find_renamed_types(
        pairs
            .iter()
            .flat_map(|(a, b)| operations::shared_types(a, b)),
    );
    compare.document();
    operations::compare(&mut compare, &pairs);
    types::compare(&mut compare);
    let mut rows = compare.rows;
    rows.sort_by_cached_key(|c| {
        let at = c.new.clone().or_else(|| c.old.clone());
        let owner = (
            c.operation.is_none(),
            c.operation.clone(),
            c.type_name.clone(),
        );
        (c.class, owner, at, c.kind, c.text.clone())
    });
    rows
}

impl<'a> Compare<'a> {
    pub(super) fn row(&mut self, class: Class, kind: Kind, at: &ChangeLocation, text: String) {
        self.changed(class, kind, at, (Value::Null, Value::Null), text);
    }

    /// A change of a value, with the value on either side.
    pub(super) fn changed(
        &mut self,
        class: Class,
        kind: Kind,
        at: &ChangeLocation,
        (before, after): (impl Into<Value>, impl Into<Value>),
        text: String,
    ) {
        let present = |value: Value| Some(value).filter(|value| !value.is_null());
        self.rows.push(Change {
            class,
            kind,
            operation: at.operation.clone(),
            type_name: at.type_name.clone(),
            old: at.old.clone(),
            new: at.new.clone(),
            before: present(before.into()),
            after: present(after.into()),
            text,
        });
    }

    /// Finds the types that only have another name: those that the same
    /// property, body or response holds, and that the other side does not have.
    fn find_renamed_types(&mut self, shared: impl Iterator<Item = (&'a TypeRef, &'a TypeRef)>) {
        let mut open: Vec<_> = shared.collect();
        let mut seen = BTreeSet::new();
        // The first shared location decides.
        open.reverse();
        while let Some((was, is)) = open.pop() {
            let (Some(was), Some(is)) = (was.name(), is.name()) else {
                continue;
            };
            if was != is {
                let gone = !self.new.types.contains_key(was) && !self.old.types.contains_key(is);
                let free = !self.renamed.contains_key(was)
                    && !self.renamed.values().any(|other| other == is);
                if !(gone && free) {
                    continue;
                }
                self.renamed.insert(was.to_owned(), is.to_owned());
            }
            if let (Some(a), Some(b)) = (self.old.types.get(was), self.new.types.get(is))
                && seen.insert(was)
            {
                open.extend(parts(&a.shape, &b.shape));
            }
        }
    }

    /// An old type, with the names of today.
    pub(super) fn renewed(&self, ty: &TypeRef) -> TypeRef {
        let inner = |ty: &TypeRef| Box::new(self.renewed(ty));
        let base = match &ty.base {
            BaseType::Named(name) => {
                BaseType::Named(self.renamed.get(name).unwrap_or(name).clone())
            }
            BaseType::List(item) => BaseType::List(inner(item)),
            BaseType::Map(value) => BaseType::Map(inner(value)),
            other => other.clone(),
        };
        TypeRef {
            base,
            nullable: ty.nullable,
        }
    }

    /// Adds a value of another type.
    pub(super) fn type_changed(&mut self, at: &ChangeLocation, what: &str, was: &str, is: &str) {
        let text = format!("{what} was {} and is {} now.", code(was), code(is));
        self.changed(Class::Breaking, Kind::TypeChanged, at, (was, is), text);
    }

    /// Compares what the documents say of an item beyond its shape.
    pub(super) fn annotations(
        &mut self,
        at: &ChangeLocation,
        what: &str,
        (old, new): (&Annotations, &Annotations),
    ) {
        self.deprecation(at, what, (old.deprecated, new.deprecated));
        let default = |of: &Annotations| of.default.clone().unwrap_or_default();
        let constraints = |of: &Annotations| Value::Object(of.constraints.clone());
        let examples = |of: &Annotations| Value::Array(of.examples.clone());
        // Defaults and constraints are in the description too, as they are written.
        let written = (&old.default, &old.constraints) != (&new.default, &new.constraints);
        for (kind, word, was, is) in [
            (
                Kind::DefaultChanged,
                "another default",
                default(old),
                default(new),
            ),
            (
                Kind::ConstraintsChanged,
                "other constraints",
                constraints(old),
                constraints(new),
            ),
            (
                Kind::ExampleChanged,
                "other examples",
                examples(old),
                examples(new),
            ),
        ] {
            if !equality::equal(&was, &is) {
                let text = format!("{what} has {word}.");
                self.changed(Class::Cosmetic, kind, at, (was, is), text);
            }
        }
        if !written && old.description != new.description {
            self.documentation(at, what, "description");
        }
    }

    pub(super) fn deprecation(&mut self, at: &ChangeLocation, what: &str, (was, is): (bool, bool)) {
        if !was && is {
            let text = format!("{what} is deprecated now.");
            self.row(Class::Additive, Kind::Deprecated, at, text);
        } else if was && !is {
            let text = format!("{what} is not deprecated any more.");
            self.row(Class::Cosmetic, Kind::DeprecationLifted, at, text);
        }
    }

    pub(super) fn documentation(&mut self, at: &ChangeLocation, what: &str, key: &str) {
        let text = format!("{what} has another {key}.");
        self.row(Class::Cosmetic, Kind::DocumentationChanged, at, text);
    }

    /// Compares what belongs to no operation and no type.
    fn document(&mut self) {
        let (old, new) = (self.old, self.new);
        for (key, same) in [
            ("title", old.title == new.title),
            ("version", old.version == new.version),
            ("description", old.description == new.description),
        ] {
            if !same {
                let at = format!("/info/{key}");
                let text = format!("The document has another {key}.");
                let at = ChangeLocation::default().part(&at, &at);
                self.row(Class::Cosmetic, Kind::InfoChanged, &at, text);
            }
        }
        if old.tags != new.tags {
            let at = ChangeLocation::default().part("/tags", "/tags");
            let text = "The document describes other tags.".to_owned();
            self.row(Class::Cosmetic, Kind::InfoChanged, &at, text);
        }
        if old.servers != new.servers {
            let at = ChangeLocation::default().part("/servers", "/servers");
            let text = "The API is served elsewhere.".to_owned();
            self.row(Class::Cosmetic, Kind::ServersChanged, &at, text);
        }
        for (name, was) in &old.security_schemes {
            if let Some(is) = new.security_schemes.get(name)
                && was.credential != is.credential
            {
                let at = format!("/components/securitySchemes/{name}");
                let at = ChangeLocation::default().part(&at, &at);
                let text = format!(
                    "The credential {} is another, or sent elsewhere.",
                    code(name)
                );
                self.row(Class::Breaking, Kind::SecuritySchemeChanged, &at, text);
            }
        }
        let at = ChangeLocation::default().part("/security", "/security");
        self.security(&at, &old.security, &new.security);
    }

    /// Compares the ways to prove who calls. None at all lets anybody call.
    pub(super) fn security(
        &mut self,
        at: &ChangeLocation,
        old: &[SecurityRequirement],
        new: &[SecurityRequirement],
    ) {
        let anybody = [SecurityRequirement::new()];
        let ways = |all: &[SecurityRequirement]| -> BTreeSet<String> {
            let all = if all.is_empty() { &anybody } else { all };
            all.iter().map(shown_requirement).collect()
        };
        let (old, new) = (ways(old), ways(new));
        for gone in old.difference(&new) {
            let text = format!("{} is not accepted any more.", code(gone));
            self.row(Class::Breaking, Kind::SecurityRemoved, at, text);
        }
        for added in new.difference(&old) {
            let text = format!("{} is accepted now.", code(added));
            self.row(Class::Additive, Kind::SecurityAdded, at, text);
        }
    }
}

fn shown_requirement(requirement: &SecurityRequirement) -> String {
    if requirement.is_empty() {
        return "no credential".to_owned();
    }
    let one = |(name, scopes): (&String, &Vec<String>)| match scopes.as_slice() {
        [] => name.clone(),
        scopes => format!("{name} ({})", scopes.join(", ")),
    };
    let all: Vec<_> = requirement.iter().map(one).collect();
    all.join(" and ")
}

/// The types of what both shapes have: fields, variants, aliases.
fn parts<'a>(old: &'a Shape, new: &'a Shape) -> Vec<(&'a TypeRef, &'a TypeRef)> {
    match (old, new) {
        (
            Shape::Struct {
                fields: a,
                additional: more,
            },
            Shape::Struct {
                fields: b,
                additional: other,
            },
        ) => {
            let same = a.iter().filter_map(|field| {
                let other = b.iter().find(|other| other.name == field.name)?;
                Some((&field.ty, &other.ty))
            });
            same.chain(more.iter().zip(other)).collect()
        }
        (Shape::TaggedUnion { variants: a, .. }, Shape::TaggedUnion { variants: b, .. }) => {
            let same = a.iter().filter_map(|variant| {
                let other = b.iter().find(|other| share_a_tag(variant, other))?;
                Some((variant.ty.as_ref()?, other.ty.as_ref()?))
            });
            same.collect()
        }
        (Shape::Union { variants: a }, Shape::Union { variants: b }) if a.len() == b.len() => {
            let held = a.iter().zip(b);
            held.filter_map(|(a, b)| Some((a.ty.as_ref()?, b.ty.as_ref()?)))
                .collect()
        }
        (Shape::Alias(a), Shape::Alias(b)) => vec![(a, b)],
        _ => Vec::new(),
    }
}

pub(super) fn share_a_tag(a: &Variant, b: &Variant) -> bool {
    a.tags.iter().any(|tag| b.tags.contains(tag))
}

/// How many characters of a name a sentence holds.
const LONGEST: usize = 80;

/// A name, set apart from the words around it, on one line.
pub(super) fn code(text: &str) -> String {
    let mut out = String::from("`");
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            out.push('…');
            break;
        }
        out.push(match c {
            '`' => '\'',
            c if c.is_control() => ' ',
            c => c,
        });
    }
    out + "`"
}

/// A list of words as a value.
pub(super) fn list(words: &[String]) -> Value {
    json!(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_marks() {
        assert_eq!(code("a`b\n\u{1b}[1m"), "`a'b  [1m`");
        let long = code(&"x".repeat(500));
        assert_eq!(long.chars().count(), LONGEST + 3);
    }
}
