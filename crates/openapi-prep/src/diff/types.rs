//! Named types.

use super::{
    Requests,
    change::{Class, Kind},
    context::{Compare, Subject, code},
    members::{Renamed, of_shape},
    pairs::Pairs,
};
use crate::api::{Shape, Type};

pub(super) fn compare(compare: &mut Compare<'_>) {
    let (old, new) = (compare.old, compare.new);
    for (name, was) in &old.types {
        let today = compare.renamed.get(name).unwrap_or(name).clone();
        let mut of = Subject {
            what: format!("The type {}", code(name)),
            type_name: Some(name.clone()),
            old: Some(was.pointer.clone()),
            ..Subject::default()
        };
        let Some(is) = new.types.get(&today) else {
            compare.breaking(&of, Kind::TypeRemoved, "is gone");
            continue;
        };
        of.new = Some(is.pointer.clone());
        of.type_name = Some(today.clone());
        compare.names(&of, Kind::TypeRenamed, name, &today);
        of.what = code(&today);
        one_type(compare, &of, was, is);
    }
    for (name, is) in &new.types {
        if !old.types.contains_key(name) && !compare.renamed.values().any(|other| other == name) {
            let of = Subject {
                what: format!("The type {}", code(name)),
                type_name: Some(name.clone()),
                new: Some(is.pointer.clone()),
                ..Subject::default()
            };
            compare.row(&of, Class::Additive, Kind::TypeAdded, "is new");
        }
    }
}

fn one_type(compare: &mut Compare<'_>, of: &Subject, was: &Type, is: &Type) {
    let exhaustive = [was, is].map(|ty| is_exhaustive(ty, compare.requests));
    let nouns = [was, is].map(|ty| ty.shape.noun());
    compare.types(of, Kind::TypeChanged, &nouns[0], &nouns[1]);
    if nouns[0] == nouns[1] {
        if let [Some(was), Some(is)] = [was, is].map(|ty| tag(&ty.shape))
            && was != is
        {
            let words = format!("has its tag in {} now", code(is));
            compare.value(of, (Class::Additive, Kind::TagChanged), &words, (was, is));
        }
        let (members, new) = of_shape(&is.shape, &Renamed::new());
        let pairs = Pairs {
            of: members,
            owner: &is.name,
            old: of_shape(&was.shape, &compare.renamed).1,
            new,
            in_request: is.in_request,
            of_addition: Class::breaking_if(exhaustive == [true, true]),
        };
        pairs.compare(compare, of);
    }
    let words = match (open(&was.shape), open(&is.shape)) {
        (Some(true), Some(false)) => "has no variant `Unknown` any more",
        (Some(false), Some(true)) => "has a variant `Unknown` now",
        (_, None) if exhaustive == [true, false] => {
            "is in responses too, and so non-exhaustive now"
        }
        _ => "",
    };
    if !words.is_empty() {
        compare.breaking(of, Kind::OpennessChanged, words);
    }
    compare.annotations(of, &was.annotations, &is.annotations);
}

/// Whether programs build values of a type as literals, and match all its
/// variants. Integers have no variants, and stay literals.
fn is_exhaustive(ty: &Type, requests: Requests) -> bool {
    let is_integer = matches!(ty.shape, Shape::Integer { .. });
    !ty.in_response && !is_integer && requests == Requests::Exhaustive
}

/// Whether values that are not listed are kept, where some are listed.
fn open(shape: &Shape) -> Option<bool> {
    match shape {
        Shape::Enum { open, .. } | Shape::TaggedUnion { open, .. } => Some(*open),
        _ => None,
    }
}

fn tag(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::TaggedUnion { tag, .. } => Some(tag),
        _ => None,
    }
}
