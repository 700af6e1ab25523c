//! Operations, their parameters, bodies and responses.

use std::collections::BTreeSet;

use super::{
    context::{Compare, Subject, code},
    document::security,
    members::{Of, of_api, of_body, of_form, of_parameters, of_success, route},
    pairs::Pairs,
};
use crate::api::{ErrorResponse, Operation};

pub(super) fn compare(compare: &mut Compare<'_>) {
    let (old, new) = (compare.old, compare.new);
    let operations = Pairs::sent(Of::Operation, "");
    let whole = Subject::default();
    for (was, is, of) in operations.compare(compare, &whole, of_api(old), &of_api(new)) {
        operation(compare, &of, &old.operations[was], &new.operations[is]);
    }
}

fn operation(compare: &mut Compare<'_>, of: &Subject, was: &Operation, is: &Operation) {
    let both = [was, is];
    let of_path = both.map(|of| of.path.split(['{', '}']).skip(1).step_by(2));
    if route(was) != route(is) || reordered(of_path) {
        let (before, after) = (was.title(), is.title());
        let words = format!("calls {} now, not {}", code(&after), code(&before));
        compare.value(of, Of::Operation.on_the_wire(), &words, (before, after));
    }
    for (part, members) in [
        (Of::Parameter, of_parameters as fn(_) -> _),
        (Of::Body, of_body),
        (Of::Response, of_success),
    ] {
        let (old, new) = (members(was), members(is));
        let pairs = Pairs::sent(part, &is.function).compare(compare, of, old, &new);
        for (_, _, of) in pairs.iter().filter(|_| part == Of::Response) {
            compare.documentation(of, "status", both.map(|of| &of.success.status));
        }
    }
    form(compare, of, was, is);
    compare.deprecation(of, was.deprecated, is.deprecated);
    compare.prose(of, "summary", both.map(|of| &of.summary));
    compare.prose(of, "description", both.map(|of| &of.description));
    compare.prose(of, "tags", both.map(|of| &of.tags));
    let errors = both.map(|of| of.errors.iter().map(shown_error).collect::<Vec<_>>());
    compare.documentation(of, "errors", errors);
    compare.documentation(of, "extensions", both.map(|of| &of.extensions));
    compare.documentation(of, "servers", both.map(|of| &of.servers));
    if was.security.is_some() || is.security.is_some() {
        let before = was.security.as_ref().unwrap_or(&compare.old.security);
        let after = is.security.as_ref().unwrap_or(&compare.new.security);
        security(compare, of, before, after);
    }
}

/// Whether the same names are in another order.
fn reordered<'a>(names: [impl Iterator<Item = &'a str>; 2]) -> bool {
    let [was, is] = names.map(Iterator::collect::<Vec<_>>);
    let sorted = [&was, &is].map(|names| names.iter().collect::<BTreeSet<_>>());
    was != is && sorted[0] == sorted[1]
}

/// Compares the parts of two forms.
fn form(compare: &mut Compare<'_>, whole: &Subject, was: &Operation, is: &Operation) {
    let [Some(before), Some(after)] = [was, is].map(|operation| operation.body.as_ref()) else {
        return;
    };
    let (Some(_), Some(owner)) = (before.form(), after.form()) else {
        return;
    };
    let (old, new) = (of_form(was), of_form(is));
    // They are the arguments of `new`.
    let required = [&old, &new].map(|parts| {
        let required = parts.iter().filter(|part| part.required);
        required.map(|part| part.rust_name)
    });
    if reordered(required) {
        let of = whole.part(&code(owner), Some(&before.pointer), Some(&after.pointer));
        let words = "has its required parts in another order";
        compare.breaking(&of, "type-changed", words);
    }
    Pairs::sent(Of::Field, owner).compare(compare, whole, old, &new);
}

fn shown_error(error: &ErrorResponse) -> String {
    let ty = error.ty.as_ref().map(|ty| format!(" ({ty})"));
    let described = error.description.as_deref().unwrap_or_default();
    format!("{}{}: {described}", error.status, ty.unwrap_or_default())
}
