//! What belongs to no operation and no type, and the ways to prove who calls.

use std::collections::BTreeSet;

use super::{
    change::Class,
    context::{Compare, Subject, code},
};
use crate::api::SecurityRequirement;

/// Compares what belongs to no operation and no type.
pub(super) fn compare(compare: &mut Compare<'_>) {
    let (old, new) = (compare.old, compare.new);
    let both = [old, new];
    let at = |pointer: &str| Subject::default().part("The API", Some(pointer), Some(pointer));
    compare.prose(&at("/info/title"), "title", both.map(|api| &api.title));
    compare.prose(
        &at("/info/version"),
        "version",
        both.map(|api| &api.version),
    );
    let descriptions = both.map(|api| &api.description);
    compare.prose(&at("/info/description"), "description", descriptions);
    compare.prose(&at("/tags"), "tags", both.map(|api| &api.tags));
    compare.documentation(&at("/servers"), "servers", both.map(|api| &api.servers));
    for (name, was) in &old.security_schemes {
        if let Some(is) = new.security_schemes.get(name)
            && was.credential != is.credential
        {
            let mut of = at(&format!("/components/securitySchemes/{name}"));
            of.what = format!("The credential {}", code(name));
            let words = "is another, or sent elsewhere";
            compare.breaking(&of, "security-scheme-changed", words);
        }
    }
    security(compare, &at("/security"), &old.security, &new.security);
}

/// Compares the ways to prove who calls. None at all lets anybody call.
pub(super) fn security(
    compare: &mut Compare<'_>,
    of: &Subject,
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
        let words = format!("does not accept {} any more", code(gone));
        compare.breaking(of, "security-removed", &words);
    }
    for added in new.difference(&old) {
        let words = format!("accepts {} now", code(added));
        compare.value(of, (Class::Additive, "security-added"), &words, ((), ()));
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
