//! Named types.

use std::mem::discriminant;

use super::{
    Requests,
    change::{Class, Kind},
    context::{ChangeLocation, Compare, Members, code},
    members::{Renamed, of_shape},
};
use crate::api::{Shape, Type};

pub(super) fn compare(compare: &mut Compare<'_>) {
    let (old, new) = (compare.old, compare.new);
    for (name, was) in &old.types {
        let today = compare.renamed.get(name).unwrap_or(name).clone();
        let Some(is) = new.types.get(&today) else {
            let at = of_type(name).part(was.pointer.as_str(), None);
            let text = format!("The type {} is gone.", code(name));
            compare.row(Class::Breaking, Kind::TypeRemoved, &at, text);
            continue;
        };
        let at = of_type(&today).part(was.pointer.as_str(), is.pointer.as_str());
        if *name != today {
            let what = format!("The type {}", code(name));
            compare.renamed(Kind::TypeRenamed, &at, &what, (name, &today));
        }
        one_type(compare, &at, was, is);
    }
    for (name, is) in &new.types {
        if !old.types.contains_key(name) && !compare.renamed.values().any(|other| other == name) {
            let at = of_type(name).part(None, is.pointer.as_str());
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

fn one_type(compare: &mut Compare<'_>, at: &ChangeLocation, was: &Type, is: &Type) {
    let what = code(&is.name);
    let exhaustive = [was, is].map(|ty| is_exhaustive(ty, compare.requests));
    if discriminant(&was.shape) == discriminant(&is.shape) {
        if let [Some(was), Some(is)] = [was, is].map(|ty| integer(&ty.shape))
            && was != is
        {
            compare.changed(Kind::TypeChanged, at, &what, (was, is));
        }
        if let [Some(was), Some(is)] = [was, is].map(|ty| tag(&ty.shape))
            && was != is
        {
            let text = format!("{what} has its tag in {} now.", code(is));
            let row = compare.row(Class::Additive, Kind::TagChanged, at, text);
            row.between(was, is);
        }
        let (of, new) = of_shape(&is.shape, &Renamed::new());
        let members = Members {
            of,
            owner: &is.name,
            old: of_shape(&was.shape, &compare.renamed).1,
            new,
            in_request: is.in_request,
        };
        // A constant more is in nobody's way.
        let of_addition = if exhaustive == [true, true] && integer(&is.shape).is_none() {
            Class::Breaking
        } else {
            Class::Additive
        };
        compare.members(at, &members, of_addition);
    } else {
        let nouns = (was.shape.noun(), is.shape.noun());
        compare.changed(Kind::TypeChanged, at, &what, nouns);
    }
    let text = match (open(&was.shape), open(&is.shape)) {
        (Some(true), Some(false)) => "has no variant `Unknown` any more",
        (Some(false), Some(true)) => "has a variant `Unknown` now",
        (_, None) if exhaustive == [true, false] && integer(&is.shape).is_none() => {
            "is in responses too, and so non-exhaustive now"
        }
        _ => "",
    };
    if !text.is_empty() {
        let text = format!("{what} {text}.");
        compare.row(Class::Breaking, Kind::OpennessChanged, at, text);
    }
    compare.annotations(at, &what, (&was.annotations, &is.annotations));
}

/// Whether programs build values of a type as literals, and match all its
/// variants.
fn is_exhaustive(ty: &Type, requests: Requests) -> bool {
    !ty.in_response && requests == Requests::Exhaustive
}

/// Whether values that are not listed are kept, where some are listed.
fn open(shape: &Shape) -> Option<bool> {
    match shape {
        Shape::Enum { open, .. } | Shape::TaggedUnion { open, .. } => Some(*open),
        _ => None,
    }
}

fn integer(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Integer { rust_type, .. } => Some(rust_type),
        _ => None,
    }
}

fn tag(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::TaggedUnion { tag, .. } => Some(tag),
        _ => None,
    }
}
