//! Named types.

use super::{
    change::Class,
    context::{Compare, Subject, code},
    members::{Of, of_shape, of_types},
    pairs::Pairs,
};
use crate::api::{Shape, Type};

pub(super) fn compare(compare: &mut Compare<'_>) {
    let [old, new] = [compare.old, compare.new].map(|api| api.types.values().collect::<Vec<_>>());
    let (types, whole) = (Pairs::sent(Of::Type, ""), Subject::default());
    for (was, is, of) in types.compare(compare, &whole, of_types(&old), &of_types(&new)) {
        one_type(compare, &of, old[was], new[is]);
    }
}

fn one_type(compare: &mut Compare<'_>, of: &Subject, was: &Type, is: &Type) {
    let [(tag, open), (new_tag, new_open)] = [was, is].map(|ty| tag_and_openness(&ty.shape));
    let nouns = [was, is].map(|ty| ty.shape.noun());
    compare.types(of, &nouns[0], &nouns[1]);
    if nouns[0] == nouns[1] {
        if let (Some(was), Some(is)) = (tag, new_tag)
            && was != is
        {
            let words = format!("has its tag in {} now", code(is));
            compare.value(of, (Class::Additive, "tag-changed"), &words, (was, is));
        }
        let (members, new) = of_shape(&is.shape);
        let mut pairs = Pairs::sent(members, &is.name);
        pairs.in_request = is.in_request;
        pairs.compare(compare, of, of_shape(&was.shape).1, &new);
    }
    let words = match (open, new_open) {
        (Some(true), Some(false)) => "has no variant `Unknown` any more",
        (Some(false), Some(true)) => "has a variant `Unknown` now",
        _ => "",
    };
    if !words.is_empty() {
        compare.breaking(of, "openness-changed", words);
    }
}

/// The tag of a union, and whether values that are not listed are kept.
fn tag_and_openness(shape: &Shape) -> (Option<&str>, Option<bool>) {
    match shape {
        Shape::Enum { open, .. } => (None, Some(*open)),
        Shape::TaggedUnion { tag, open, .. } => (Some(tag), Some(*open)),
        _ => (None, None),
    }
}
