//! Operations, their parameters, bodies and responses.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::discriminant,
};

use super::{
    change::{Class, Kind},
    context::{Compare, Subject, code},
    document::security,
    members::{Member, Of, Renamed, of_body, of_parameters, of_success},
    pairs::Pairs,
};
use crate::api::{Api, Body, BodyContent, ErrorResponse, Location, Operation, SuccessContent};

/// An operation of the old API and the same of the new one.
pub(super) type Pair<'a> = (&'a Operation, &'a Operation);

/// The operations that both have: those of one method and path, then those of
/// one function.
pub(super) fn pairs<'a>(old: &'a Api, new: &'a Api) -> Vec<Pair<'a>> {
    let by_route: BTreeMap<_, _> = new.operations.iter().map(|o| (route(o), o)).collect();
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    let mut rest = Vec::new();
    for was in &old.operations {
        match by_route.get(&route(was)) {
            Some(is) => pairs.push((was, is)),
            None => rest.push(was),
        }
    }
    let known: BTreeSet<_> = pairs.iter().map(|(_, is)| route(is)).collect();
    for was in rest {
        let same = |is: &&Operation| is.function == was.function && !known.contains(&route(is));
        pairs.extend(new.operations.iter().find(same).map(|is| (was, is)));
    }
    pairs
}

/// Method and path, whatever its parameters are called.
fn route(operation: &Operation) -> (String, String) {
    let mut path = String::new();
    for (index, part) in operation.path.split(['{', '}']).enumerate() {
        path.push_str(if index % 2 == 0 { part } else { "{}" });
    }
    (operation.method.clone(), path)
}

pub(super) fn compare(compare: &mut Compare<'_>, pairs: &[Pair<'_>]) {
    let (old, new) = (compare.old, compare.new);
    let method = |operation: &Operation| Subject {
        what: format!("The method {}", code(&operation.function)),
        operation: Some(operation.title()),
        ..Subject::default()
    };
    for was in &old.operations {
        if !pairs.iter().any(|(other, _)| std::ptr::eq(*other, was)) {
            let mut of = method(was);
            of.old = Some(was.pointer.clone());
            let words = format!("is gone: {}", code(&was.title()));
            compare.breaking(&of, Kind::OperationRemoved, &words);
        }
    }
    for is in &new.operations {
        let mut of = method(is);
        of.new = Some(is.pointer.clone());
        if let Some((was, _)) = pairs.iter().find(|(_, other)| std::ptr::eq(*other, is)) {
            of.old = Some(was.pointer.clone());
            operation(compare, of, was, is);
        } else {
            let words = format!("is new: {}", code(&is.title()));
            compare.row(&of, Class::Additive, Kind::OperationAdded, &words);
        }
    }
}

fn operation(compare: &mut Compare<'_>, mut of: Subject, was: &Operation, is: &Operation) {
    of.what = format!("The method {}", code(&was.function));
    compare.names(&of, Kind::OperationRenamed, &was.function, &is.function);
    of.what = code(&is.function);
    let of_path = [was, is].map(|operation| operation.parameters_in(Location::Path));
    let of_path = of_path
        .each_ref()
        .map(|all| all.iter().map(|p| p.name.as_str()));
    if route(was) != route(is) || reordered(of_path) {
        let (before, after) = (was.title(), is.title());
        let words = format!("calls {} now, not {}", code(&after), code(&before));
        let moved = (Class::Additive, Kind::OperationMoved);
        compare.value(&of, moved, &words, (before, after));
    }
    let parameters = Pairs {
        of: Of::Parameter,
        owner: &is.function,
        old: of_parameters(was, &compare.renamed),
        new: of_parameters(is, &Renamed::new()),
        in_request: true,
        of_addition: Class::Additive,
    };
    parameters.compare(compare, &of);
    body(compare, &of, was, is);
    success(compare, &of, was, is);
    compare.deprecation(&of, was.deprecated, is.deprecated);
    compare.prose(&of, "summary", &was.summary, &is.summary);
    compare.prose(&of, "description", &was.description, &is.description);
    compare.prose(&of, "tags", &was.tags, &is.tags);
    let errors = [was, is].map(|of| of.errors.iter().map(shown_error).collect::<Vec<_>>());
    compare.told(&of, Kind::ErrorsChanged, &errors[0], &errors[1]);
    let extensions = [was, is].map(|of| &of.extensions);
    compare.told(&of, Kind::ExtensionsChanged, extensions[0], extensions[1]);
    compare.told(&of, Kind::ServersChanged, &was.servers, &is.servers);
    if was.security.is_some() || is.security.is_some() {
        let before = was.security.as_ref().unwrap_or(&compare.old.security);
        let after = is.security.as_ref().unwrap_or(&compare.new.security);
        security(compare, &of, before, after);
    }
}

/// Whether the same names are in another order.
fn reordered<'a>(names: [impl Iterator<Item = &'a str>; 2]) -> bool {
    let [was, is] = names.map(Iterator::collect::<Vec<_>>);
    let sorted = [&was, &is].map(|names| names.iter().collect::<BTreeSet<_>>());
    was != is && sorted[0] == sorted[1]
}

fn body(compare: &mut Compare<'_>, whole: &Subject, before: &Operation, after: &Operation) {
    let pointer = |body: &Option<Body>| body.as_ref().map(|body| body.pointer.clone());
    let of = Subject {
        what: format!("The body of {}", code(&after.function)),
        old: pointer(&before.body),
        new: pointer(&after.body),
        ..whole.clone()
    };
    let (was, is) = match (&before.body, &after.body) {
        (None, None) => return,
        (Some(_), None) => return compare.breaking(&of, Kind::BodyRemoved, "is gone"),
        (None, Some(is)) => {
            let class = Class::breaking_if(is.required);
            return compare.row(&of, class, Kind::BodyAdded, "is new");
        }
        (Some(was), Some(is)) => (was, is),
    };
    if !was.required && is.required {
        compare.breaking(&of, Kind::BodyBecameRequired, "must be given now");
    } else if was.required && !is.required {
        // The argument is an `Option` of its type then.
        let typed = matches!(is.content, BodyContent::Json(_) | BodyContent::Form(_));
        let class = Class::breaking_if(typed);
        compare.row(&of, class, Kind::BodyBecameOptional, "may be left out now");
    }
    let (media, now) = (was.content_type.as_str(), is.content_type.as_str());
    if discriminant(&was.content) != discriminant(&is.content) {
        compare.types(&of, Kind::MediaTypeChanged, media, now);
    } else if media != now {
        let words = format!("is sent as {} now", code(now));
        let sent = (Class::Additive, Kind::MediaTypeChanged);
        compare.value(&of, sent, &words, (media, now));
    }
    let old = of_body(before, &compare.renamed);
    let new = of_body(after, &Renamed::new());
    match (was.form(), is.form()) {
        (Some(was), Some(owner)) => {
            let mut form = of.clone();
            form.what = format!("The type {}", code(was));
            compare.names(&form, Kind::TypeRenamed, was, owner);
            // They are the arguments of `new`.
            let required = [&old, &new].map(|parts| {
                let required = parts.iter().filter(|part| part.required);
                required.map(|part| part.rust_name)
            });
            if reordered(required) {
                form.what = code(owner);
                let words = "has its required parts in another order";
                compare.breaking(&form, Kind::TypeChanged, words);
            }
            let parts = Pairs {
                of: Of::Field,
                owner,
                old,
                new,
                in_request: true,
                of_addition: Class::Additive,
            };
            parts.compare(compare, &of);
        }
        (None, None) => whole_types(compare, &of, &old, &new),
        (was, is) => {
            let any = "any parts";
            let (was, is) = (was.unwrap_or(any), is.unwrap_or(any));
            compare.types(&of, Kind::TypeChanged, was, is);
        }
    }
    compare.annotations(&of, &was.annotations, &is.annotations);
}

/// Compares what a body or a response is parsed as.
fn whole_types(compare: &mut Compare<'_>, of: &Subject, old: &[Member<'_>], new: &[Member<'_>]) {
    if let ([was], [is]) = (old, new) {
        compare.types(of, Kind::TypeChanged, &was.rust_type, &is.rust_type);
    }
}

fn success(compare: &mut Compare<'_>, whole: &Subject, before: &Operation, after: &Operation) {
    let (was, is) = (&before.success, &after.success);
    let what = format!("The response of {}", code(&after.title()));
    let of = whole.part(&what, Some(&was.pointer), Some(&is.pointer));
    compare.told(&of, Kind::StatusChanged, &was.status, &is.status);
    let [media, now] = [was, is].map(|success| match &success.content {
        SuccessContent::Json(_) => "application/json",
        SuccessContent::Bytes(media) => media,
        SuccessContent::None => "no content",
    });
    if discriminant(&was.content) == discriminant(&is.content) {
        compare.told(&of, Kind::MediaTypeChanged, &media, &now);
    } else {
        compare.types(&of, Kind::MediaTypeChanged, media, now);
    }
    let old = of_success(before, &compare.renamed);
    whole_types(compare, &of, &old, &of_success(after, &Renamed::new()));
    compare.annotations(&of, &was.annotations, &is.annotations);
}

fn shown_error(error: &ErrorResponse) -> String {
    let ty = error.ty.as_ref().map(|ty| format!(" ({ty})"));
    let described = error.description.as_deref().unwrap_or_default();
    format!("{}{}: {described}", error.status, ty.unwrap_or_default())
}
