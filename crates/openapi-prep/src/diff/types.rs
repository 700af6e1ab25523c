//! Named types.

use serde_json::Value;

use super::{
    Requests,
    change::{Class, Kind},
    compare::{ChangeLocation, Compare, code, list, share_a_tag},
};
use crate::api::{EnumValue, Field, Shape, Type, TypeRef, Variant};

/// A type of the old API and what it is today.
type Pair<'a> = (&'a Type, &'a Type);

pub(super) fn compare(compare: &mut Compare<'_>) {
    let (old, new) = (compare.old, compare.new);
    for (name, was) in &old.types {
        let today = compare.renamed.get(name).unwrap_or(name).clone();
        let Some(is) = new.types.get(&today) else {
            let at = of_type(name).part(&was.pointer, "");
            let text = format!("The type {} is gone.", code(name));
            compare.row(Class::Breaking, Kind::TypeRemoved, &at, text);
            continue;
        };
        let at = of_type(&today).part(&was.pointer, &is.pointer);
        if *name != today {
            let text = format!("The type {} is called {} now.", code(name), code(&today));
            let names = (name.as_str(), today.as_str());
            compare.changed(Class::Breaking, Kind::TypeRenamed, &at, names, text);
        }
        compare.one_type(&at, (was, is));
    }
    for (name, is) in &new.types {
        if !old.types.contains_key(name) && !compare.renamed.values().any(|other| other == name) {
            let at = of_type(name).part("", &is.pointer);
            let text = format!("The type {} is new.", code(name));
            compare.row(Class::Additive, Kind::TypeAdded, &at, text);
        }
    }
}

fn of_type(name: &str) -> ChangeLocation {
    ChangeLocation {
        type_name: Some(name.to_owned()),
        ..ChangeLocation::default()
    }
}

impl Compare<'_> {
    /// Whether programs build values of a type as literals, and match all its
    /// variants.
    fn is_exhaustive(&self, ty: &Type) -> bool {
        !ty.in_response && self.requests == Requests::Exhaustive
    }

    /// The class of something more in a type.
    fn of_addition(&self, (was, is): Pair<'_>) -> Class {
        if self.is_exhaustive(was) && self.is_exhaustive(is) {
            Class::Breaking
        } else {
            Class::Additive
        }
    }

    fn one_type(&mut self, at: &ChangeLocation, pair: Pair<'_>) {
        let (was, is) = pair;
        let what = code(&is.name);
        match (&was.shape, &is.shape) {
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
                self.fields(at, pair, a, b);
                self.additional(at, pair, more.as_ref(), other.as_ref());
            }
            (
                Shape::Enum { values: a, open },
                Shape::Enum {
                    values: b,
                    open: now,
                },
            ) => {
                self.openness(at, &what, *open, *now);
                self.values(at, pair, a, b);
            }
            (
                Shape::TaggedUnion {
                    tag,
                    variants: a,
                    open,
                },
                Shape::TaggedUnion {
                    tag: other,
                    variants: b,
                    open: now,
                },
            ) => {
                self.openness(at, &what, *open, *now);
                if tag != other {
                    let text = format!("{what} has its tag in {} now.", code(other));
                    let tags = (tag.as_str(), other.as_str());
                    self.changed(Class::Additive, Kind::TagChanged, at, tags, text);
                }
                self.variants(at, pair, a, b);
            }
            (Shape::Union { variants: a }, Shape::Union { variants: b }) => {
                self.variants(at, pair, a, b);
            }
            (Shape::Alias(a), Shape::Alias(b)) => {
                if self.renewed(a) != *b {
                    self.type_changed(at, &what, &a.to_string(), &b.to_string());
                }
            }
            (a, b) => {
                self.type_changed(at, &what, a.noun(), b.noun());
            }
        }
        let has_flag = matches!(is.shape, Shape::Enum { .. } | Shape::TaggedUnion { .. });
        if !has_flag && self.is_exhaustive(was) && !self.is_exhaustive(is) {
            let text = format!("{what} is in responses too, and so non-exhaustive now.");
            self.row(Class::Breaking, Kind::OpennessChanged, at, text);
        }
        self.annotations(at, &what, (&was.annotations, &is.annotations));
    }

    fn fields(&mut self, at: &ChangeLocation, pair: Pair<'_>, old: &[Field], new: &[Field]) {
        let (_, is) = pair;
        let what = |field: &Field| code(&format!("{}.{}", is.name, field.rust_name));
        for was in old {
            match new.iter().find(|other| other.name == was.name) {
                Some(field) => {
                    let at = at.part(&was.pointer, &field.pointer);
                    self.field(&at, &what(was), is.in_request, was, field);
                }
                None => {
                    let at = at.part(&was.pointer, "");
                    let text = format!("{} is gone.", what(was));
                    self.row(Class::Breaking, Kind::FieldRemoved, &at, text);
                }
            }
        }
        // The generator gives a `Default` to structs without required fields.
        let had_default = old.iter().all(|field| !field.required);
        for field in new {
            if old.iter().any(|other| other.name == field.name) {
                continue;
            }
            let at = at.part("", &field.pointer);
            let what = what(field);
            let (class, text) = if field.required && is.in_request {
                (Class::Breaking, format!("{what} is new and required."))
            } else if field.required && had_default {
                let name = code(&is.name);
                (
                    Class::Breaking,
                    format!("{what} is new and required, so {name} has no `Default`."),
                )
            } else {
                (self.of_addition(pair), format!("{what} is new."))
            };
            self.row(class, Kind::FieldAdded, &at, text);
        }
    }

    fn field(
        &mut self,
        at: &ChangeLocation,
        what: &str,
        in_request: bool,
        was: &Field,
        is: &Field,
    ) {
        if was.rust_name != is.rust_name {
            let text = format!("{what} is called {} now.", code(&is.rust_name));
            let names = (was.rust_name.as_str(), is.rust_name.as_str());
            self.changed(Class::Breaking, Kind::FieldRenamed, at, names, text);
        }
        let renewed = Field {
            ty: self.renewed(&was.ty),
            ..was.clone()
        };
        let (before, after) = (was.rust_type(), is.rust_type());
        let same_type = renewed.rust_type() == after;
        if renewed.ty.base != is.ty.base {
            self.type_changed(at, what, &before, &after);
        } else if !same_type {
            let (kind, words) = if after.starts_with("Option<") {
                (
                    Kind::FieldBecameOptional,
                    "may be left out or null now, so it is an `Option`",
                )
            } else {
                (
                    Kind::FieldBecameRequired,
                    "is always there now, so it is no `Option` any more",
                )
            };
            let text = format!("{what} {words}.");
            self.changed(Class::Breaking, kind, at, (before, after), text);
        } else if in_request && was.required != is.required {
            let (class, kind, words) = if is.required {
                (
                    Class::Breaking,
                    Kind::FieldBecameRequired,
                    "must be given now",
                )
            } else {
                (
                    Class::Additive,
                    Kind::FieldBecameOptional,
                    "may be left out now",
                )
            };
            self.row(class, kind, at, format!("{what} {words}."));
        }
        self.annotations(at, what, (&was.annotations, &is.annotations));
    }

    fn additional(
        &mut self,
        at: &ChangeLocation,
        pair: Pair<'_>,
        was: Option<&TypeRef>,
        is: Option<&TypeRef>,
    ) {
        let what = code(&format!("{}.extra", pair.1.name));
        match (was, is) {
            (Some(was), Some(is)) if self.renewed(was) != *is => {
                self.type_changed(at, &what, &was.to_string(), &is.to_string());
            }
            (Some(_), None) => {
                let text = format!("{what} is gone.");
                self.row(Class::Breaking, Kind::FieldRemoved, at, text);
            }
            (None, Some(_)) => {
                let text = format!("{what} is new.");
                self.row(self.of_addition(pair), Kind::FieldAdded, at, text);
            }
            _ => {}
        }
    }

    fn openness(&mut self, at: &ChangeLocation, what: &str, was: bool, is: bool) {
        let text = match (was, is) {
            (true, false) => format!("{what} has no variant `Unknown` any more."),
            (false, true) => format!("{what} has a variant `Unknown` now."),
            _ => return,
        };
        self.row(Class::Breaking, Kind::OpennessChanged, at, text);
    }

    fn values(
        &mut self,
        at: &ChangeLocation,
        pair: Pair<'_>,
        old: &[EnumValue],
        new: &[EnumValue],
    ) {
        let name = &pair.1.name;
        let what = |value: &EnumValue| code(&format!("{name}::{}", value.rust_name));
        let none = Value::Null;
        for was in old {
            let value = Value::from(was.value.as_str());
            match new.iter().find(|other| other.value == was.value) {
                None => {
                    let text = format!("{} is gone.", what(was));
                    let kind = Kind::EnumValueRemoved;
                    self.changed(Class::Breaking, kind, at, (value, none.clone()), text);
                }
                Some(is) if is.rust_name != was.rust_name => {
                    let text = format!("{} is called {} now.", what(was), what(is));
                    let names = (was.rust_name.as_str(), is.rust_name.as_str());
                    self.changed(Class::Breaking, Kind::EnumValueRenamed, at, names, text);
                }
                Some(_) => {}
            }
        }
        for is in new {
            if !old.iter().any(|other| other.value == is.value) {
                let text = format!("{} is new.", what(is));
                let values = (none.clone(), is.value.as_str());
                let class = self.of_addition(pair);
                self.changed(class, Kind::EnumValueAdded, at, values, text);
            }
        }
    }

    fn variants(&mut self, at: &ChangeLocation, pair: Pair<'_>, old: &[Variant], new: &[Variant]) {
        let name = &pair.1.name;
        let what = |variant: &Variant| code(&format!("{name}::{}", variant.rust_name));
        let held = |ty: Option<&TypeRef>| ty.map_or_else(|| "()".to_owned(), ToString::to_string);
        let mut found: Vec<*const Variant> = Vec::new();
        for was in old {
            let ty = was.ty.as_ref().map(|ty| self.renewed(ty));
            let same = |is: &&Variant| share_a_tag(was, is) || (was.tags.is_empty() && is.ty == ty);
            let by_name = |is: &&Variant| was.tags.is_empty() && is.rust_name == was.rust_name;
            let Some(is) = new.iter().find(same).or_else(|| new.iter().find(by_name)) else {
                let text = format!("{} is gone.", what(was));
                self.row(Class::Breaking, Kind::VariantRemoved, at, text);
                continue;
            };
            found.push(is);
            if was.rust_name != is.rust_name {
                let text = format!("{} is called {} now.", what(was), what(is));
                let names = (was.rust_name.as_str(), is.rust_name.as_str());
                self.changed(Class::Breaking, Kind::VariantRenamed, at, names, text);
            }
            if ty != is.ty {
                self.type_changed(at, &what(is), &held(was.ty.as_ref()), &held(is.ty.as_ref()));
            }
            if was.tags != is.tags {
                let text = format!("{} has other tags.", what(is));
                let tags = (list(&was.tags), list(&is.tags));
                self.changed(Class::Additive, Kind::TagChanged, at, tags, text);
            }
        }
        for is in new {
            if !found.iter().any(|other| std::ptr::eq(*other, is)) {
                let text = format!("{} is new.", what(is));
                self.row(self.of_addition(pair), Kind::VariantAdded, at, text);
            }
        }
    }
}
