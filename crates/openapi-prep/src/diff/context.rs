//! A comparison under way: the two APIs, which old type is which new one, and
//! the changes found so far.

use serde_json::Value;

use super::{
    Requests,
    change::{Change, Class, Kind},
    members::{Member, Of, Renamed, pair_up},
};
use crate::{
    api::{Annotations, Api},
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
    /// A part of it, at these pointers; none is for the side that does not have it.
    pub(super) fn part<'a>(
        &self,
        old: impl Into<Option<&'a str>>,
        new: impl Into<Option<&'a str>>,
    ) -> Self {
        Self {
            old: old.into().map(str::to_owned),
            new: new.into().map(str::to_owned),
            ..self.clone()
        }
    }
}

pub(super) struct Compare<'a> {
    pub(super) old: &'a Api,
    pub(super) new: &'a Api,
    pub(super) requests: Requests,
    pub(super) renamed: Renamed,
    pub(super) rows: Vec<Change>,
}

/// Members of one owner, on either side.
pub(super) struct Members<'a> {
    pub(super) of: Of,
    /// What has them, in Rust.
    pub(super) owner: &'a str,
    pub(super) old: Vec<Member<'a>>,
    pub(super) new: Vec<Member<'a>>,
    /// Whether a program sets them.
    pub(super) in_request: bool,
}

impl Members<'_> {
    /// What a sentence calls a member.
    fn what(&self, member: &Member<'_>) -> String {
        let (owner, name) = (self.owner, member.rust_name);
        match self.of {
            Of::Parameter => format!("The parameter {} of {}", code(name), code(owner)),
            // What a newtype holds.
            Of::Field if name == "0" => code(owner),
            Of::Field => code(&format!("{owner}.{name}")),
            Of::Value | Of::Variant => code(&format!("{owner}::{name}")),
        }
    }
}

impl Compare<'_> {
    pub(super) fn row(
        &mut self,
        class: Class,
        kind: Kind,
        at: &ChangeLocation,
        text: impl Into<String>,
    ) -> &mut Change {
        self.rows.push(Change {
            class,
            kind,
            operation: at.operation.clone(),
            type_name: at.type_name.clone(),
            old: at.old.clone(),
            new: at.new.clone(),
            before: None,
            after: None,
            text: text.into(),
        });
        self.rows.last_mut().expect("a row was added")
    }

    /// Adds another name in Rust.
    pub(super) fn renamed(
        &mut self,
        kind: Kind,
        at: &ChangeLocation,
        what: &str,
        (was, is): (&str, &str),
    ) {
        let text = format!("{what} is called {} now.", code(is));
        self.row(Class::Breaking, kind, at, text).between(was, is);
    }

    /// Adds a value of another type or form.
    pub(super) fn changed(
        &mut self,
        kind: Kind,
        at: &ChangeLocation,
        what: &str,
        (was, is): (&str, &str),
    ) {
        let text = format!("{what} was {} and is {} now.", code(was), code(is));
        self.row(Class::Breaking, kind, at, text).between(was, is);
    }

    /// Compares members. `of_addition` is the class of one that is new and may be
    /// left out.
    pub(super) fn members(&mut self, at: &ChangeLocation, all: &Members<'_>, of_addition: Class) {
        let [added, removed, renamed] = all.of.kinds();
        let pairs = pair_up(&all.old, &all.new);
        for (was, index) in all.old.iter().zip(&pairs) {
            let what = all.what(was);
            let pointer = was.pointer.or(at.old.as_deref());
            let Some(index) = *index else {
                let is_own = was.pointer.is_some();
                let at = at.part(pointer, at.new.as_deref().filter(|_| !is_own));
                let text = format!("{what} is gone.");
                let row = self.row(Class::Breaking, removed, &at, text);
                row.between(was.wire.clone(), Value::Null);
                continue;
            };
            let is = &all.new[index];
            let at = at.part(pointer, is.pointer.or(at.new.as_deref()));
            if was.rust_name != is.rust_name {
                self.renamed(renamed, &at, &what, (was.rust_name, is.rust_name));
            }
            if was.wire != is.wire {
                let (kind, text) = all.of.of_wire();
                let row = self.row(Class::Additive, kind, &at, format!("{what} {text}."));
                row.between(was.wire.clone(), is.wire.clone());
            }
            self.value(&at, &what, all, (was, is));
            if let Some(annotations) = was.annotations.zip(is.annotations) {
                self.annotations(&at, &what, annotations);
            }
        }
        // The generator gives a `Default` to structs without required fields.
        let had_default = all.of == Of::Field && all.old.iter().all(|member| !member.required);
        for (index, is) in all.new.iter().enumerate() {
            if pairs.contains(&Some(index)) {
                continue;
            }
            let (class, required) = match (is.required, all.in_request) {
                (true, true) => (Class::Breaking, " and required".to_owned()),
                (true, false) if had_default => {
                    let text = format!(" and required, so {} has no `Default`", code(all.owner));
                    (Class::Breaking, text)
                }
                _ => (of_addition, String::new()),
            };
            let text = format!("{} is new{required}.", all.what(is));
            let old = at.old.as_deref().filter(|_| is.pointer.is_none());
            let at = at.part(old, is.pointer.or(at.new.as_deref()));
            let row = self.row(class, added, &at, text);
            row.between(Value::Null, is.wire.clone());
        }
    }

    /// Compares the types of a member, and whether it must be given.
    fn value(
        &mut self,
        at: &ChangeLocation,
        what: &str,
        all: &Members<'_>,
        (was, is): (&Member<'_>, &Member<'_>),
    ) {
        let [optional, required] = match all.of {
            Of::Parameter => [Kind::ParameterBecameOptional, Kind::ParameterBecameRequired],
            _ => [Kind::FieldBecameOptional, Kind::FieldBecameRequired],
        };
        if let (Some(before), Some(after)) = (&was.rust_type, &is.rust_type)
            && before != after
        {
            let options =
                |ty: &str| ty.matches("Option<").count() - plain(ty).matches("Option<").count();
            let (kind, text) = match (options(before), options(after)) {
                _ if plain(before) != plain(after) => {
                    return self.changed(
                        Kind::TypeChanged,
                        at,
                        what,
                        (before.as_str(), after.as_str()),
                    );
                }
                (1, 2) => (Kind::NullabilityChanged, "can be sent as null now"),
                (2, 1) => (Kind::NullabilityChanged, "cannot be sent as null any more"),
                (0, _) => (
                    optional,
                    "may be left out or null now, so it is an `Option`",
                ),
                _ => (
                    required,
                    "is always there now, so it is no `Option` any more",
                ),
            };
            let row = self.row(Class::Breaking, kind, at, format!("{what} {text}."));
            row.between(before.as_str(), after.as_str());
        } else if all.in_request && !was.required && is.required {
            let text = format!("{what} must be given now.");
            self.row(Class::Breaking, required, at, text);
        } else if all.in_request && was.required && !is.required {
            let text = format!("{what} may be left out now.");
            self.row(Class::Additive, optional, at, text);
        }
    }

    /// Compares what the documents say of an item beyond its shape.
    pub(super) fn annotations(
        &mut self,
        at: &ChangeLocation,
        what: &str,
        (old, new): (&Annotations, &Annotations),
    ) {
        self.deprecation(at, what, (old.deprecated, new.deprecated));
        let constraints = |of: &Annotations| Value::Object(of.constraints.clone());
        let examples = |of: &Annotations| Value::Array(of.examples.clone());
        let defaults = [old, new].map(|of| of.default.clone().unwrap_or_default());
        // Defaults and constraints are in the description too, as they are written.
        let written = (&old.default, &old.constraints) != (&new.default, &new.constraints);
        for (kind, word, [was, is]) in [
            (Kind::DefaultChanged, "another default", defaults),
            (
                Kind::ConstraintsChanged,
                "other constraints",
                [old, new].map(constraints),
            ),
            (
                Kind::ExampleChanged,
                "other examples",
                [old, new].map(examples),
            ),
        ] {
            if !equality::equal(&was, &is) {
                self.cosmetic(kind, at, format!("{what} has {word}."))
                    .between(was, is);
            }
        }
        if !written && old.description != new.description {
            let text = format!("{what} has another description.");
            self.cosmetic(Kind::DocumentationChanged, at, text);
        }
    }

    pub(super) fn deprecation(&mut self, at: &ChangeLocation, what: &str, (was, is): (bool, bool)) {
        if !was && is {
            let text = format!("{what} is deprecated now.");
            self.row(Class::Additive, Kind::Deprecated, at, text);
        } else if was && !is {
            let text = format!("{what} is not deprecated any more.");
            self.cosmetic(Kind::DeprecationLifted, at, text);
        }
    }

    pub(super) fn cosmetic(
        &mut self,
        kind: Kind,
        at: &ChangeLocation,
        text: impl Into<String>,
    ) -> &mut Change {
        self.row(Class::Cosmetic, kind, at, text)
    }
}

/// A type in Rust without the options around it.
fn plain(ty: &str) -> &str {
    let inner = ty
        .strip_prefix("Option<")
        .and_then(|ty| ty.strip_suffix('>'));
    inner.map_or(ty, plain)
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
