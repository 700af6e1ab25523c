//! References to parameters, bodies, answers, headers, examples and links.
//!
//! They may point anywhere in a document, as into another operation. Those
//! that do not point at a shared part of the right kind are put in place.

use serde_json::{Map, Value};

use crate::{Pointer, Report, Subject, walk};

/// How many references may lead on to another before we call it a circle.
const HOPS: usize = 16;

/// Puts in place what is referred to anywhere but among the shared parts of
/// its kind; what refers to nothing is left out.
pub(crate) fn settle(document: &mut Value, stage: &'static str, report: &mut Report) {
    // Nothing here changes schemas, which are most of a document: they are put
    // aside and not copied.
    let schemas = document.pointer_mut("/components/schemas").map(Value::take);
    let mut settle = Settle {
        original: Original {
            rest: document.clone(),
            schemas: schemas.unwrap_or_default(),
        },
        rule: (stage, "part-reference"),
        report,
    };
    let root = Pointer::root();
    if let Some(components) = document.get_mut("components") {
        let at = root.join("components");
        for kind in ["parameters", "requestBodies", "responses", "headers"] {
            if let Some(entries) = components.get_mut(kind) {
                settle.entries(entries, kind, &at.join(kind));
            }
        }
    }
    if let Some(paths) = document.get_mut("paths") {
        walk::each_entry(paths, &root.join("paths"), &mut |item, at| {
            settle.list(item, at);
            for method in walk::METHODS {
                if let Some(operation) = item.get_mut(method) {
                    settle.operation(operation, &at.join(method));
                }
            }
        });
    }
    let schemas = settle.original.schemas;
    if let Some(place) = document.pointer_mut("/components/schemas") {
        *place = schemas;
    }
}

/// The document as it came.
struct Original {
    schemas: Value,
    rest: Value,
}

impl Original {
    fn at(&self, pointer: &str) -> Option<&Value> {
        match pointer.strip_prefix("/components/schemas") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => self.schemas.pointer(rest),
            _ => self.rest.pointer(pointer),
        }
    }
}

struct Settle<'a> {
    original: Original,
    rule: (&'static str, &'static str),
    report: &'a mut Report,
}

impl Settle<'_> {
    fn operation(&mut self, operation: &mut Value, at: &Pointer) {
        self.list(operation, at);
        if let Some(body) = operation.get_mut("requestBody")
            && !self.part(body, "requestBodies", &at.join("requestBody"))
            && let Value::Object(operation) = operation
        {
            operation.shift_remove("requestBody");
        }
        if let Some(responses) = operation.get_mut("responses") {
            self.entries(responses, "responses", &at.join("responses"));
        }
    }

    /// The parameters of an operation, or of a path.
    fn list(&mut self, holder: &mut Value, at: &Pointer) {
        if let Some(Value::Array(parameters)) = holder.get_mut("parameters") {
            let at = at.join("parameters");
            let mut index = 0;
            let mut left = Vec::new();
            parameters.retain_mut(|parameter| {
                let keep = self.part(parameter, "parameters", &at.join(index));
                left.extend(keep.then_some(index));
                index += 1;
                keep
            });
            self.report.renumbered(&at, &left);
        }
    }

    fn entries(&mut self, entries: &mut Value, kind: &str, at: &Pointer) {
        if let Value::Object(entries) = entries {
            entries.retain(|key, value| {
                // An answer without a description is still an answer.
                self.part(value, kind, &at.join(key)) || kind == "responses"
            });
        }
    }

    /// One part and those inside it. Whether there is one.
    fn part(&mut self, value: &mut Value, kind: &str, at: &Pointer) -> bool {
        for _ in 0..HOPS {
            let Some(target) = value.get("$ref").and_then(Value::as_str) else {
                self.inside(value, at);
                return true;
            };
            let pointer = target
                .strip_prefix('#')
                .and_then(crate::references::decoded);
            let found = pointer
                .as_deref()
                .and_then(|pointer| self.original.at(pointer));
            let shared = pointer.as_deref().is_some_and(|pointer| {
                pointer
                    .strip_prefix("/components/")
                    .and_then(|rest| rest.strip_prefix(kind)?.strip_prefix('/'))
                    .is_some_and(|name| !name.contains('/'))
            });
            match found {
                Some(_) if shared => return true,
                Some(found) => {
                    self.report
                        .changed(self.rule, at, format!("{target} put in place"));
                    let from = Pointer::parse(pointer.as_deref().unwrap_or_default());
                    self.report.moved(at, &from);
                    *value = found.clone();
                }
                None => {
                    self.report.lost(
                        Subject::at(at),
                        self.rule,
                        at,
                        format!("{target} leads nowhere in this document; left out"),
                    );
                    *value = Value::Object(Map::new());
                    return false;
                }
            }
        }
        self.report.lost(
            Subject::at(at),
            self.rule,
            at,
            "references in a circle; left out",
        );
        *value = Value::Object(Map::new());
        false
    }

    fn inside(&mut self, value: &mut Value, at: &Pointer) {
        for kind in ["headers", "examples", "links"] {
            if let Some(entries) = value.get_mut(kind) {
                self.entries(entries, kind, &at.join(kind));
            }
        }
        if let Some(content) = value.get_mut("content") {
            walk::each_entry(content, &at.join("content"), &mut |media, at| {
                if let Some(examples) = media.get_mut("examples") {
                    self.entries(examples, "examples", &at.join("examples"));
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_put_in_place() {
        let mut document = json!({
            "paths": {
                "/a/{id}": {"get": {
                    "parameters": [{"name": "id", "in": "path"}, {"$ref": "#/components/parameters/Q"}],
                    "responses": {"200": {"description": "d"}, "404": {"$ref": "#/components/responses/None"}},
                }},
                "/b/{id}": {"post": {
                    "parameters": [{"$ref": "#/paths/~1a~1%7Bid%7D/get/parameters/0"}, {"$ref": "other.json#/x"}],
                    "requestBody": {"$ref": "#/components/requestBodies/None"},
                    "responses": {"200": {"$ref": "#/paths/~1a~1{id}/get/responses/200"}},
                }},
            },
            "components": {"parameters": {"Q": {"name": "q", "in": "query"}}},
        });
        let mut report = Report::new();
        settle(&mut document, "test", &mut report);
        assert_eq!(
            document["paths"],
            json!({
                "/a/{id}": {"get": {
                    "parameters": [{"name": "id", "in": "path"}, {"$ref": "#/components/parameters/Q"}],
                    "responses": {"200": {"description": "d"}, "404": {}},
                }},
                "/b/{id}": {"post": {
                    "parameters": [{"name": "id", "in": "path"}],
                    "responses": {"200": {"description": "d"}},
                }},
            })
        );
        assert_eq!(report.losses().count(), 3);
    }

    #[test]
    fn circles_end() {
        let mut document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/paths/~1a/get/responses/200"}}}}},
        });
        let mut report = Report::new();
        settle(&mut document, "test", &mut report);
        assert_eq!(
            document["paths"]["/a"]["get"]["responses"]["200"],
            json!({})
        );
        assert_eq!(report.losses().count(), 1);
    }
}
