//! Operations, their parameters, bodies and responses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    change::{Class, Kind},
    compare::{ChangeLocation, Compare, code, list},
};
use crate::{
    api::{
        Api, Body, BodyContent, Location, Operation, Parameter, Success, SuccessContent, TypeRef,
    },
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

/// The types of the parameters, body and success that both have.
pub(super) fn shared_types<'a>(
    old: &'a Operation,
    new: &'a Operation,
) -> Vec<(&'a TypeRef, &'a TypeRef)> {
    let parameters = old.parameters.iter().filter_map(|was| {
        let is = new.parameters.iter().find(|is| is.name == was.name)?;
        Some((&was.ty, &is.ty))
    });
    let of_body = |operation: &'a Operation| match operation.body.as_ref().map(|b| &b.content) {
        Some(BodyContent::Json(ty) | BodyContent::Form(ty)) => Some(ty),
        _ => None,
    };
    let body = of_body(old).zip(of_body(new));
    let success = old.success.ty().zip(new.success.ty());
    parameters.chain(body).chain(success).collect()
}

pub(super) fn compare(compare: &mut Compare<'_>, pairs: &[Pair<'_>]) {
    let (old, new) = (compare.old, compare.new);
    for was in &old.operations {
        if !pairs.iter().any(|(other, _)| std::ptr::eq(*other, was)) {
            let at = of_operation(was).part(&was.pointer, "");
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
            let at = of_operation(is).part("", &is.pointer);
            let text = format!(
                "The method {} is new: {}.",
                code(&is.function),
                code(&is.title())
            );
            compare.row(Class::Additive, Kind::OperationAdded, &at, text);
        }
    }
    for (was, is) in pairs {
        compare.operation(was, is);
    }
}

fn of_operation(operation: &Operation) -> ChangeLocation {
    ChangeLocation {
        operation: Some(operation.title()),
        ..ChangeLocation::default()
    }
}

impl Compare<'_> {
    fn operation(&mut self, was: &Operation, is: &Operation) {
        let at = of_operation(is).part(&was.pointer, &is.pointer);
        let what = code(&is.function);
        if was.function != is.function {
            let text = format!("The method {} is called {what} now.", code(&was.function));
            let names = (was.function.as_str(), is.function.as_str());
            self.changed(Class::Breaking, Kind::OperationRenamed, &at, names, text);
        }
        if route(was) != route(is) {
            let (before, after) = (was.title(), is.title());
            let text = format!("{what} calls {} now, not {}.", code(&after), code(&before));
            self.changed(
                Class::Additive,
                Kind::OperationMoved,
                &at,
                (before, after),
                text,
            );
        }
        self.parameters(&at, was, is);
        self.body(&at, was, is);
        self.success(&at, &was.success, &is.success);
        let errors = |of: &Operation| -> Vec<String> {
            let one = |e: &crate::api::ErrorResponse| {
                let described = e.description.as_deref().unwrap_or_default();
                format!("{}: {described}", e.status)
            };
            of.errors.iter().map(one).collect()
        };
        let (before, after) = (errors(was), errors(is));
        if before != after {
            let text = format!("The document lists other errors of {what}.");
            let lists = (list(&before), list(&after));
            self.changed(Class::Cosmetic, Kind::ErrorsChanged, &at, lists, text);
        }
        self.deprecation(&at, &what, (was.deprecated, is.deprecated));
        for (key, same) in [
            ("summary", was.summary == is.summary),
            ("description", was.description == is.description),
            ("list of tags", was.tags == is.tags),
        ] {
            if !same {
                self.documentation(&at, &what, key);
            }
        }
        let (before, after) = (
            Value::Object(was.extensions.clone()),
            Value::Object(is.extensions.clone()),
        );
        if !equality::equal(&before, &after) {
            let text = format!("{what} has other extensions.");
            self.changed(
                Class::Cosmetic,
                Kind::ExtensionsChanged,
                &at,
                (before, after),
                text,
            );
        }
        if was.servers != is.servers {
            let text = format!("{what} is served elsewhere.");
            self.row(Class::Cosmetic, Kind::ServersChanged, &at, text);
        }
        if was.security.is_some() || is.security.is_some() {
            let before = was.security.as_ref().unwrap_or(&self.old.security);
            let after = is.security.as_ref().unwrap_or(&self.new.security);
            self.security(&at, before, after);
        }
    }

    fn parameters(&mut self, at: &ChangeLocation, was: &Operation, is: &Operation) {
        let mut found: Vec<*const Parameter> = Vec::new();
        for (index, parameter) in in_order(was).into_iter().enumerate() {
            let same = |other: &&&Parameter| {
                other.name == parameter.name && other.location == parameter.location
            };
            let candidates = in_order(is);
            let by_name = || candidates.iter().find(|other| other.name == parameter.name);
            // Parameters of the path are known by their position.
            let by_position = || {
                let other = candidates.get(index)?;
                let of_path = |p: &Parameter| p.location == Location::Path;
                (of_path(parameter) && of_path(other)).then_some(other)
            };
            let other = candidates
                .iter()
                .find(same)
                .or_else(by_name)
                .or_else(by_position);
            let what = argument(is, parameter);
            let Some(other) = other else {
                let text = format!("{what} is gone.");
                let at = at.part(&parameter.pointer, "");
                self.row(Class::Breaking, Kind::ParameterRemoved, &at, text);
                continue;
            };
            found.push(*other);
            self.parameter(
                &at.part(&parameter.pointer, &other.pointer),
                &what,
                parameter,
                other,
            );
        }
        for parameter in &is.parameters {
            if found.iter().any(|other| std::ptr::eq(*other, parameter)) {
                continue;
            }
            let at = at.part("", &parameter.pointer);
            let what = argument(is, parameter);
            let (class, text) = if parameter.required {
                (Class::Breaking, format!("{what} is new and required."))
            } else {
                (Class::Additive, format!("{what} is new."))
            };
            self.row(class, Kind::ParameterAdded, &at, text);
        }
    }

    fn parameter(&mut self, at: &ChangeLocation, what: &str, was: &Parameter, is: &Parameter) {
        if was.rust_name != is.rust_name {
            let text = format!("{what} is called {} now.", code(&is.rust_name));
            let names = (was.rust_name.as_str(), is.rust_name.as_str());
            self.changed(Class::Breaking, Kind::ParameterRenamed, at, names, text);
        }
        let wire = |p: &Parameter| format!("{} in {}", p.name, p.location.as_str());
        let (before, after) = (wire(was), wire(is));
        let is_list = is.ty.name().is_some() || is.ty.to_string().contains('<');
        let written = is_list && (was.style, was.explode) != (is.style, is.explode);
        if written || (before != after && is.location != Location::Path) {
            let text = format!("{what} is written in another way, or sent elsewhere.");
            self.changed(
                Class::Additive,
                Kind::ParameterMoved,
                at,
                (before, after),
                text,
            );
        }
        match (was.required, is.required) {
            (false, true) => {
                let text = format!("{what} is required now.");
                self.row(Class::Breaking, Kind::ParameterBecameRequired, at, text);
            }
            (true, false) => {
                let text = format!("{what} may be left out now.");
                self.row(Class::Additive, Kind::ParameterBecameOptional, at, text);
            }
            _ => {}
        }
        if self.renewed(&was.ty) != is.ty {
            self.type_changed(at, what, &was.ty.to_string(), &is.ty.to_string());
        }
        self.annotations(at, what, (&was.annotations, &is.annotations));
    }

    fn body(&mut self, at: &ChangeLocation, was: &Operation, is: &Operation) {
        let what = format!("The body of {}", code(&is.function));
        let (was, is) = match (&was.body, &is.body) {
            (None, None) => return,
            (Some(was), None) => {
                let at = at.part(&was.pointer, "");
                return self.row(
                    Class::Breaking,
                    Kind::BodyRemoved,
                    &at,
                    format!("{what} is gone."),
                );
            }
            (None, Some(is)) => {
                let at = at.part("", &is.pointer);
                let class = if is.required {
                    Class::Breaking
                } else {
                    Class::Additive
                };
                return self.row(class, Kind::BodyAdded, &at, format!("{what} is new."));
            }
            (Some(was), Some(is)) => (was, is),
        };
        let at = at.part(&was.pointer, &is.pointer);
        match (was.required, is.required) {
            (false, true) => {
                let text = format!("{what} is required now.");
                self.row(Class::Breaking, Kind::BodyBecameRequired, &at, text);
            }
            (true, false) => {
                let text = format!("{what} may be left out now.");
                self.row(Class::Additive, Kind::BodyBecameOptional, &at, text);
            }
            _ => {}
        }
        let (before, after) = (shown_body(was), shown_body(is));
        let renewed = match &was.content {
            BodyContent::Json(ty) => BodyContent::Json(self.renewed(ty)),
            BodyContent::Form(ty) => BodyContent::Form(self.renewed(ty)),
            other => other.clone(),
        };
        match (&renewed, &is.content) {
            (a, b) if a == b && was.content_type == is.content_type => {}
            (a @ BodyContent::Multipart { .. }, b @ BodyContent::Multipart { .. }) if a != b => {
                self.type_changed(&at, &what, &before, &after);
            }
            (a, b) if a == b => {
                let text = format!("{what} is sent as {}.", code(&is.content_type));
                self.changed(
                    Class::Additive,
                    Kind::MediaTypeChanged,
                    &at,
                    (before, after),
                    text,
                );
            }
            (BodyContent::Json(_), BodyContent::Json(_))
            | (BodyContent::Form(_), BodyContent::Form(_)) => {
                self.type_changed(&at, &what, &before, &after);
            }
            _ => self.content_changed(&at, &what, before, after),
        }
        self.annotations(&at, &what, (&was.annotations, &is.annotations));
    }

    fn success(&mut self, at: &ChangeLocation, was: &Success, is: &Success) {
        let what = format!(
            "The response of {}",
            code(at.operation.as_deref().unwrap_or_default())
        );
        let at = at.part(&was.pointer, &is.pointer);
        if was.status != is.status {
            let text = format!("{what} has the status {} now.", is.status);
            let statuses = (was.status.as_str(), is.status.as_str());
            self.changed(Class::Cosmetic, Kind::StatusChanged, &at, statuses, text);
        }
        let (before, after) = (shown_success(was), shown_success(is));
        match (&was.content, &is.content) {
            (SuccessContent::Json(a), SuccessContent::Json(b)) => {
                if self.renewed(a) != *b {
                    self.type_changed(&at, &what, &before, &after);
                }
            }
            (
                SuccessContent::Text(a) | SuccessContent::Bytes(a),
                SuccessContent::Text(b) | SuccessContent::Bytes(b),
            ) => {
                if a != b {
                    let text = format!("{what} is {} now.", code(b));
                    self.changed(
                        Class::Cosmetic,
                        Kind::MediaTypeChanged,
                        &at,
                        (before, after),
                        text,
                    );
                }
            }
            (SuccessContent::None, SuccessContent::None) => {}
            _ => self.content_changed(&at, &what, before, after),
        }
        self.annotations(&at, &what, (&was.annotations, &is.annotations));
    }

    fn content_changed(&mut self, at: &ChangeLocation, what: &str, was: String, is: String) {
        let text = format!("{what} was {} and is {} now.", code(&was), code(&is));
        self.changed(Class::Breaking, Kind::MediaTypeChanged, at, (was, is), text);
    }
}

/// The parameters, those of the path first and in its order.
fn in_order(operation: &Operation) -> Vec<&Parameter> {
    let mut all = operation.parameters_in(Location::Path);
    all.extend(
        operation
            .parameters
            .iter()
            .filter(|p| p.location != Location::Path),
    );
    all
}

fn argument(operation: &Operation, parameter: &Parameter) -> String {
    let (function, name) = (code(&operation.function), code(&parameter.rust_name));
    format!("The parameter {name} of {function}")
}

fn shown_body(body: &Body) -> String {
    match &body.content {
        BodyContent::Json(ty) | BodyContent::Form(ty) => ty.to_string(),
        BodyContent::Multipart { parts, .. } => {
            let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
            format!("parts {}", names.join(", "))
        }
        BodyContent::Text | BodyContent::Bytes => body.content_type.clone(),
    }
}

fn shown_success(success: &Success) -> String {
    match &success.content {
        SuccessContent::Json(ty) => ty.to_string(),
        SuccessContent::Text(media) | SuccessContent::Bytes(media) => media.clone(),
        SuccessContent::None => "()".to_owned(),
    }
}
