//! What belongs to no operation and no type, and the ways to prove who calls.

use std::collections::BTreeSet;

use super::{
    change::{Class, Kind},
    context::{ChangeLocation, Compare, code},
};
use crate::api::SecurityRequirement;

/// Compares what belongs to no operation and no type.
pub(super) fn compare(compare: &mut Compare<'_>) {
    let (old, new) = (compare.old, compare.new);
    for (pointer, kind, text, same) in [
        (
            "/info/title",
            Kind::InfoChanged,
            "The document has another title.",
            old.title == new.title,
        ),
        (
            "/info/version",
            Kind::InfoChanged,
            "The document has another version.",
            old.version == new.version,
        ),
        (
            "/info/description",
            Kind::InfoChanged,
            "The document has another description.",
            old.description == new.description,
        ),
        (
            "/tags",
            Kind::InfoChanged,
            "The document describes other tags.",
            old.tags == new.tags,
        ),
        (
            "/servers",
            Kind::ServersChanged,
            "The API is served elsewhere.",
            old.servers == new.servers,
        ),
    ] {
        if !same {
            compare.cosmetic(kind, &both(pointer), text);
        }
    }
    for (name, was) in &old.security_schemes {
        if let Some(is) = new.security_schemes.get(name)
            && was.credential != is.credential
        {
            let at = both(&format!("/components/securitySchemes/{name}"));
            let text = format!(
                "The credential {} is another, or sent elsewhere.",
                code(name)
            );
            compare.row(Class::Breaking, Kind::SecuritySchemeChanged, &at, text);
        }
    }
    security(compare, &both("/security"), &old.security, &new.security);
}

fn both(pointer: &str) -> ChangeLocation {
    ChangeLocation::default().part(pointer, pointer)
}

/// Compares the ways to prove who calls. None at all lets anybody call.
pub(super) fn security(
    compare: &mut Compare<'_>,
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
        compare.row(Class::Breaking, Kind::SecurityRemoved, at, text);
    }
    for added in new.difference(&old) {
        let text = format!("{} is accepted now.", code(added));
        compare.row(Class::Additive, Kind::SecurityAdded, at, text);
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
