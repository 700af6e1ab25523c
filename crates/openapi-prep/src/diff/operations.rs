//! Operations: which are the same in both documents, and what changed about
//! them beside parameters, bodies and answers.
//!
//! A program knows an operation by its method on the client, which is the
//! `operationId` in snake case. So operations are matched by that name first,
//! and by HTTP method and path only where no name fits.

use std::collections::HashSet;

use heck::ToSnakeCase;
use serde_json::Value;

use super::{
    change::{Class, Kind},
    compare::Compare,
    side::{Place, Side},
    spot::Spot,
    words::code,
};
use crate::walk;

/// Keys of an operation that are compared elsewhere.
const ELSEWHERE: [&str; 7] = [
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "servers",
    "callbacks",
];

/// An operation of one document.
#[derive(Debug, Clone)]
pub(super) struct Operation<'d> {
    pub(super) path: &'d str,
    /// The HTTP method in lower case.
    pub(super) method: &'static str,
    /// The method on the client.
    pub(super) name: String,
    pub(super) place: Place<'d>,
    /// The path item it stands in.
    pub(super) item: Place<'d>,
}

impl Operation<'_> {
    /// HTTP method and path.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

/// The operations of a document. Clients do not send `OPTIONS` and `TRACE`.
pub(super) fn operations<'d>(side: &Side<'d>) -> Vec<Operation<'d>> {
    let paths = side.find(&["paths"]).map(|paths| paths.entries());
    let mut taken = HashSet::new();
    let mut found = Vec::new();
    for (path, item) in paths.unwrap_or_default() {
        let item = side.follow(item);
        for method in walk::METHODS {
            let Some(place) = item.get(method) else {
                continue;
            };
            if !place.value.is_object() || matches!(method, "options" | "trace") {
                continue;
            }
            let own = from_path(method, path);
            let id = place
                .text("operationId")
                .filter(|id| id.chars().any(|c| c.is_ascii_alphabetic()));
            let mut name = id.map_or_else(|| own.clone(), ToSnakeCase::to_snake_case);
            if !taken.insert(name.clone()) {
                name = format!("{name}_{own}");
                taken.insert(name.clone());
            }
            let item = item.clone();
            found.push(Operation {
                path,
                method,
                name,
                place,
                item,
            });
        }
    }
    found
}

/// The name of an operation that has none: method and path.
fn from_path(method: &str, path: &str) -> String {
    let mut name = method.to_owned();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        name.push_str(if segment.starts_with('{') {
            " by "
        } else {
            " "
        });
        name.extend(
            segment
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }),
        );
    }
    name.to_snake_case()
}

/// A rule by which two operations are the same.
type Same<'d> = fn(&Operation<'d>, &Operation<'d>) -> bool;

/// A path with the names of its parameters left out.
fn outline(path: &str) -> String {
    let mut out = String::new();
    for (index, part) in path.split('{').enumerate() {
        out.push_str(match part.split_once('}') {
            Some((_, rest)) if index > 0 => rest,
            _ => part,
        });
        out.push('{');
    }
    out
}

impl<'d> Compare<'d> {
    /// Compares all operations of the documents.
    pub(super) fn operations(&mut self) {
        let old = operations(&self.old);
        let mut new: Vec<_> = operations(&self.new).into_iter().map(Some).collect();
        let mut pairs: Vec<Option<Operation<'d>>> = vec![None; old.len()];
        let rules: [Same<'d>; 3] = [
            |a, b| a.name == b.name,
            |a, b| a.method == b.method && a.path == b.path,
            |a, b| a.method == b.method && outline(a.path) == outline(b.path),
        ];
        for same in rules {
            for (was, pair) in old.iter().zip(&mut pairs) {
                if pair.is_none() {
                    let found = new
                        .iter_mut()
                        .find(|is| is.as_ref().is_some_and(|is| same(was, is)));
                    *pair = found.and_then(Option::take);
                }
            }
        }
        for (was, is) in old.iter().zip(pairs) {
            match is {
                Some(is) => self.operation(was, &is),
                None => {
                    let spot = Spot::operation(was.line(), &was.name);
                    let text = format!("{} is gone: {}.", spot.told(), code(&was.line()));
                    let sides = (Some(&was.place), None);
                    let values = (Some(was.name.clone().into()), None);
                    let kind = Kind::OperationRemoved;
                    self.row(Class::Breaking, kind, &spot, sides, values, text);
                }
            }
        }
        for is in new.into_iter().flatten() {
            let spot = Spot::operation(is.line(), &is.name);
            let text = format!("{} is new: {}.", spot.told(), code(&is.line()));
            let sides = (None, Some(&is.place));
            let values = (None, Some(is.name.clone().into()));
            let kind = Kind::OperationAdded;
            self.row(Class::Additive, kind, &spot, sides, values, text);
        }
    }

    fn operation(&mut self, was: &Operation<'d>, is: &Operation<'d>) {
        let spot = Spot::operation(is.line(), &is.name);
        self.identity_of(was, is, &spot);
        self.about_objects(&was.place, &is.place, &ELSEWHERE, &spot);
        self.calls_of_the_server(&was.place, &is.place, "callbacks", &spot);
        let servers = |operation: &Operation<'d>| {
            let own = operation.place.get("servers");
            own.or_else(|| operation.item.get("servers"))
        };
        self.servers(servers(was).as_ref(), servers(is).as_ref(), &spot);
        self.security_of(&was.place, &is.place, &spot);
        self.parameters(was, is, &spot);
        self.body(was, is, &spot);
        self.answers(was, is, &spot);
    }

    /// What the operation is called and where it is sent.
    fn identity_of(&mut self, was: &Operation<'d>, is: &Operation<'d>, spot: &Spot) {
        let sides = (Some(&was.place), Some(&is.place));
        if was.name != is.name {
            let text = format!(
                "The method {} is called {} now.",
                code(&was.name),
                code(&is.name)
            );
            let values = (Some(was.name.clone().into()), Some(is.name.clone().into()));
            let kind = Kind::OperationRenamed;
            self.row(Class::Breaking, kind, spot, sides, values, text);
        } else if was.place.value.get("operationId") != is.place.value.get("operationId") {
            let id = |operation: &Operation<'d>| operation.place.value.get("operationId").cloned();
            let text = format!(
                "{} keeps its name; its operationId is written differently.",
                spot.told()
            );
            let kind = Kind::OperationIdRespelled;
            let values = (id(was), id(is));
            self.row(Class::Cosmetic, kind, spot, sides, values, text);
        }
        let lines = (was.line(), is.line());
        if was.method != is.method || outline(was.path) != outline(is.path) {
            let text = format!(
                "{} sends {} now, not {}.",
                spot.told(),
                code(&lines.1),
                code(&lines.0)
            );
            let values = (Some(lines.0.into()), Some(lines.1.into()));
            let kind = Kind::OperationMoved;
            self.row(Class::Additive, kind, spot, sides, values, text);
        }
    }

    /// Calls that the server makes: no part of a client.
    pub(super) fn calls_of_the_server(
        &mut self,
        old: &Place<'d>,
        new: &Place<'d>,
        key: &str,
        spot: &Spot,
    ) {
        let (was, is) = (old.get(key), new.get(key));
        let value = |place: &Option<Place<'d>>| place.as_ref().map(|place| place.value.clone());
        if value(&was) != value(&is) {
            let text = format!(
                "{}: the calls that the server makes are described differently; a client does \
                 not show them.",
                spot.told()
            );
            let sides = (was.as_ref(), is.as_ref());
            let kind = Kind::WebhooksChanged;
            self.row(Class::Cosmetic, kind, spot, sides, (None, None), text);
        }
    }

    /// Where the API is served.
    pub(super) fn servers(
        &mut self,
        old: Option<&Place<'d>>,
        new: Option<&Place<'d>>,
        spot: &Spot,
    ) {
        let urls = |place: Option<&Place<'d>>| -> Option<Value> {
            let servers = place?.items();
            Some(
                servers
                    .iter()
                    .filter_map(|s| s.value.get("url").cloned())
                    .collect(),
            )
        };
        let value = |place: Option<&Place<'d>>| place.map(|place| place.value);
        if value(old) != value(new) {
            let text = format!(
                "{} names other servers; the client sends to the address it is given.",
                spot.told()
            );
            let sides = (old, new);
            let values = (urls(old), urls(new));
            let kind = Kind::ServersChanged;
            self.row(Class::Cosmetic, kind, spot, sides, values, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn methods_are_called_as_the_pipeline_calls_them() {
        let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
            "/v2/a/{id}/details": {"get": {}, "delete": {"operationId": " "}},
            "/b": {"get": {"operationId": "list-things"}, "post": {"operationId": "listThings"}},
        }});
        let side = Side::new(&document);
        let found = operations(&side);
        let ours: Vec<_> = found.iter().map(|o| o.name.clone()).collect();
        let mut names = crate::normalise::Names::new();
        let normal = crate::Document::from_value(document.clone()).and_then(crate::repair);
        let (normal, _) =
            crate::normalise(normal.unwrap().0, &mut names, crate::PrepareOptions::new()).unwrap();
        let normal = normal.into_value();
        let theirs: Vec<_> = found
            .iter()
            .map(|o| normal["paths"][o.path][o.method]["operationId"].as_str())
            .map(|id| id.unwrap().to_snake_case())
            .collect();
        assert_eq!(ours, theirs);
    }
}
