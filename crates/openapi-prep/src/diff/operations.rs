//! Operations, their parameters, bodies and responses.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::discriminant,
};

use serde_json::{Value, json};

use super::{
    change::{Class, Kind},
    context::{ChangeLocation, Compare, Members, code},
    document::security,
    members::{Member, Of, Renamed, of_body, of_parameters, of_success},
};
use crate::{
    api::{Api, Body, BodyContent, ErrorResponse, Location, Operation, SuccessContent},
    equality,
};

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
    for was in &old.operations {
        if !pairs.iter().any(|(other, _)| std::ptr::eq(*other, was)) {
            let at = location(was).part(was.pointer.as_str(), None);
            let text = format!(
                "The method {} is gone: {}.",
                code(&was.function),
                code(&was.title())
            );
            compare.row(Class::Breaking, Kind::OperationRemoved, &at, text);
        }
    }
    for is in &new.operations {
        if !pairs.iter().any(|(_, other)| std::ptr::eq(*other, is)) {
            let at = location(is).part(None, is.pointer.as_str());
            let text = format!(
                "The method {} is new: {}.",
                code(&is.function),
                code(&is.title())
            );
            compare.row(Class::Additive, Kind::OperationAdded, &at, text);
        }
    }
    for (was, is) in pairs {
        operation(compare, was, is);
    }
}

fn location(operation: &Operation) -> ChangeLocation {
    ChangeLocation {
        operation: Some(operation.title()),
        ..ChangeLocation::default()
    }
}

fn operation(compare: &mut Compare<'_>, was: &Operation, is: &Operation) {
    let at = location(is).part(was.pointer.as_str(), is.pointer.as_str());
    let what = code(&is.function);
    if was.function != is.function {
        let what = format!("The method {}", code(&was.function));
        let names = (was.function.as_str(), is.function.as_str());
        compare.renamed(Kind::OperationRenamed, &at, &what, names);
    }
    if route(was) != route(is) || reordered(was, is) {
        let (before, after) = (was.title(), is.title());
        let text = format!("{what} calls {} now, not {}.", code(&after), code(&before));
        let row = compare.row(Class::Additive, Kind::OperationMoved, &at, text);
        row.between(before, after);
    }
    let parameters = Members {
        of: Of::Parameter,
        owner: &is.function,
        old: of_parameters(was, &compare.renamed),
        new: of_parameters(is, &Renamed::new()),
        in_request: true,
    };
    compare.members(&at, &parameters, Class::Additive);
    body(compare, &at, was, is);
    success(compare, &at, was, is);
    compare.deprecation(&at, &what, (was.deprecated, is.deprecated));
    for (key, same) in [
        ("summary", was.summary == is.summary),
        ("description", was.description == is.description),
        ("list of tags", was.tags == is.tags),
    ] {
        if !same {
            let text = format!("{what} has another {key}.");
            compare.cosmetic(Kind::DocumentationChanged, &at, text);
        }
    }
    let errors = [was, is].map(|of| json!(of.errors.iter().map(shown_error).collect::<Vec<_>>()));
    let extensions = [was, is].map(|of| Value::Object(of.extensions.clone()));
    for (kind, text, [before, after]) in [
        (Kind::ErrorsChanged, "has other errors", errors),
        (Kind::ExtensionsChanged, "has other extensions", extensions),
    ] {
        if !equality::equal(&before, &after) {
            let row = compare.cosmetic(kind, &at, format!("{what} {text}."));
            row.between(before, after);
        }
    }
    if was.servers != is.servers {
        let text = format!("{what} is served elsewhere.");
        compare.cosmetic(Kind::ServersChanged, &at, text);
    }
    if was.security.is_some() || is.security.is_some() {
        let before = was.security.as_ref().unwrap_or(&compare.old.security);
        let after = is.security.as_ref().unwrap_or(&compare.new.security);
        security(compare, &at, before, after);
    }
}

/// Whether the same parameters are elsewhere in the path.
fn reordered(was: &Operation, is: &Operation) -> bool {
    let names = [was, is].map(|operation| {
        let of_path = operation.parameters_in(Location::Path);
        of_path.iter().map(|p| p.name.clone()).collect::<Vec<_>>()
    });
    let sorted = names.clone().map(|mut names| {
        names.sort();
        names
    });
    names[0] != names[1] && sorted[0] == sorted[1]
}

fn body(compare: &mut Compare<'_>, at: &ChangeLocation, before: &Operation, after: &Operation) {
    let what = format!("The body of {}", code(&after.function));
    let (was, is) = match (&before.body, &after.body) {
        (None, None) => return,
        (Some(was), None) => {
            let at = at.part(was.pointer.as_str(), None);
            let text = format!("{what} is gone.");
            compare.row(Class::Breaking, Kind::BodyRemoved, &at, text);
            return;
        }
        (None, Some(is)) => {
            let at = at.part(None, is.pointer.as_str());
            let class = breaking_if(is.required);
            compare.row(class, Kind::BodyAdded, &at, format!("{what} is new."));
            return;
        }
        (Some(was), Some(is)) => (was, is),
    };
    let at = at.part(was.pointer.as_str(), is.pointer.as_str());
    if !was.required && is.required {
        let text = format!("{what} is required now.");
        compare.row(Class::Breaking, Kind::BodyBecameRequired, &at, text);
    } else if was.required && !is.required {
        // What is parsed into a type is an `Option` of it then.
        let streamed = matches!(
            is.content,
            BodyContent::Bytes | BodyContent::Multipart { .. }
        );
        let text = format!("{what} may be left out now.");
        let class = breaking_if(!streamed);
        compare.row(class, Kind::BodyBecameOptional, &at, text);
    }
    let old = of_body(before, &compare.renamed);
    let new = of_body(after, &Renamed::new());
    let content_types = (was.content_type.as_str(), is.content_type.as_str());
    if discriminant(&was.content) != discriminant(&is.content) {
        compare.changed(Kind::MediaTypeChanged, &at, &what, content_types);
    } else if was.content_type != is.content_type {
        let text = format!("{what} is sent as {}.", code(&is.content_type));
        let row = compare.row(Class::Additive, Kind::MediaTypeChanged, &at, text);
        row.between(content_types.0, content_types.1);
    }
    match (form(was), form(is)) {
        (Some(was), Some(owner)) => {
            if was != owner {
                let what = format!("The type {}", code(was));
                compare.renamed(Kind::TypeRenamed, &at, &what, (was, owner));
            }
            let parts = Members {
                of: Of::Field,
                owner,
                old,
                new,
                in_request: true,
            };
            compare.members(&at, &parts, Class::Additive);
        }
        (None, None) => same_type(compare, &at, &what, &old, &new),
        (was, is) => {
            let any = "any parts";
            let forms = (was.unwrap_or(any), is.unwrap_or(any));
            compare.changed(Kind::TypeChanged, &at, &what, forms);
        }
    }
    compare.annotations(&at, &what, (&was.annotations, &is.annotations));
}

/// The struct of a multipart body.
fn form(body: &Body) -> Option<&str> {
    match &body.content {
        BodyContent::Multipart { form, .. } => form.as_deref(),
        _ => None,
    }
}

/// Compares what a body or a response is parsed as.
fn same_type(
    compare: &mut Compare<'_>,
    at: &ChangeLocation,
    what: &str,
    old: &[Member<'_>],
    new: &[Member<'_>],
) {
    if let ([was], [is]) = (old, new)
        && let (Some(was), Some(is)) = (&was.rust_type, &is.rust_type)
        && was != is
    {
        compare.changed(Kind::TypeChanged, at, what, (was, is));
    }
}

fn success(compare: &mut Compare<'_>, at: &ChangeLocation, before: &Operation, after: &Operation) {
    let what = format!("The response of {}", code(&after.title()));
    let (was, is) = (&before.success, &after.success);
    let at = at.part(was.pointer.as_str(), is.pointer.as_str());
    if was.status != is.status {
        let text = format!("{what} has the status {} now.", is.status);
        let row = compare.cosmetic(Kind::StatusChanged, &at, text);
        row.between(was.status.as_str(), is.status.as_str());
    }
    let [media, now] = [was, is].map(|success| match &success.content {
        SuccessContent::Json(_) => "application/json",
        SuccessContent::Bytes(media) => media,
        SuccessContent::None => "no content",
    });
    if discriminant(&was.content) != discriminant(&is.content) {
        compare.changed(Kind::MediaTypeChanged, &at, &what, (media, now));
    } else if media != now {
        let text = format!("{what} is {} now.", code(now));
        let row = compare.cosmetic(Kind::MediaTypeChanged, &at, text);
        row.between(media, now);
    }
    let old = of_success(before, &compare.renamed);
    same_type(
        compare,
        &at,
        &what,
        &old,
        &of_success(after, &Renamed::new()),
    );
    compare.annotations(&at, &what, (&was.annotations, &is.annotations));
}

fn shown_error(error: &ErrorResponse) -> String {
    let ty = error.ty.as_ref().map(|ty| format!(" ({ty})"));
    let described = error.description.as_deref().unwrap_or_default();
    format!("{}{}: {described}", error.status, ty.unwrap_or_default())
}

fn breaking_if(breaking: bool) -> Class {
    if breaking {
        Class::Breaking
    } else {
        Class::Additive
    }
}
