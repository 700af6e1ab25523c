//! References to parameters, request bodies, responses, headers and path items,
//! replaced by what they refer to, so that later rules meet each in one form.
//! They may lead anywhere in a document, as into another operation.

use std::{collections::HashSet, mem};

use serde_json::{Map, Value, json};

use crate::{Pointer, Report, Subject, reference, walk};

/// Sections that stay; references to their examples and links do, too.
const KEPT: [&str; 4] = ["schemas", "securitySchemes", "examples", "links"];

const PATH_ITEMS: &str = "pathItems";

/// Replaces references in `paths`, and drops the sections that nothing refers to
/// any more. What leads nowhere, or back to itself, is removed.
pub(super) fn inline(document: &mut Value, report: &mut Report) {
    walk::beside_schemas(document, |document, _| {
        let mut inline = Inline {
            original: &document.clone(),
            active: Vec::new(),
            used: HashSet::new(),
            report,
        };
        walk::path_items(document, &mut |item, at| {
            inline.part(PATH_ITEMS, item, at);
        });
        let used = inline.used;
        drop_sections(document, &used, report);
    });
}

fn drop_sections(document: &mut Value, used: &HashSet<String>, report: &mut Report) {
    let Some(Value::Object(components)) = document.get_mut("components") else {
        return;
    };
    components.retain(|section, entries| {
        let kept = KEPT.contains(&section.as_str()) || section.starts_with("x-");
        for name in entries.as_object().into_iter().flat_map(Map::keys) {
            let at = Pointer::root().joins(["components", section, name]);
            if !kept && !used.contains(at.as_str()) {
                report.changed(&at, "no operation refers to it");
            }
        }
        kept
    });
}

struct Inline<'a> {
    /// The document as it was, without its schemas.
    original: &'a Value,
    /// What led to the part that is looked at.
    active: Vec<String>,
    /// Everything that a reference led to.
    used: HashSet<String>,
    report: &'a mut Report,
}

impl Inline<'_> {
    /// A part and those inside it. `section` is where components of its kind are.
    /// Whether there is such a part.
    fn part(&mut self, section: &str, part: &mut Value, at: &Pointer) -> bool {
        let depth = self.active.len();
        let found = self.replace(section, part, at);
        if found {
            self.inside(part, at);
        }
        self.active.truncate(depth);
        found
    }

    /// Follows references, one after the other, to a part that is none.
    fn replace(&mut self, section: &str, part: &mut Value, at: &Pointer) -> bool {
        while let Some(target) = part["$ref"].as_str() {
            // None leads to another document, as good as nowhere.
            let pointer = reference::pointer(target).unwrap_or_else(|| target.to_owned());
            let plain = pointer.starts_with(&format!("/components/{section}/"));
            let found = self.original.pointer(&pointer);
            let problem = match found.filter(|found| found.is_object()) {
                _ if self.active.contains(&pointer) => "leads back to itself",
                Some(_) if plain && KEPT.contains(&section) => return true,
                Some(found) if !pointer.is_empty() => {
                    self.put(section, part, found.clone(), &pointer, at);
                    continue;
                }
                _ => "leads to nothing of its kind in this document",
            };
            let note = format!("{target} {problem}; removed");
            self.report.lost(Subject::at(at), at, note);
            *part = json!({});
            return false;
        }
        true
    }

    /// Puts what a reference leads to in its place. A path item extends it; of
    /// others 3.1 lets a summary and a description stand beside the reference.
    fn put(&mut self, section: &str, part: &mut Value, found: Value, from: &str, at: &Pointer) {
        let beside = mem::replace(part, found);
        self.report.changed(at, format!("replaced by #{from}"));
        let mut moved = vec![(at.clone(), Pointer::parse(from))];
        let siblings = beside.as_object().into_iter().flatten();
        for (key, value) in siblings.filter(|(key, _)| *key != "$ref") {
            let at = at.join(key);
            let is_text = matches!(key.as_str(), "summary" | "description") && value.is_string();
            if section == PATH_ITEMS || is_text {
                part[key] = value.clone();
                moved.push((at.clone(), at));
            } else {
                let note = format!("`{key}` beside a reference, which ignores it");
                self.report.lost(Subject::at(&at), &at, note);
            }
        }
        self.report.all_moved(&moved);
        self.used.insert(from.to_owned());
        self.active.push(from.to_owned());
    }

    /// The parts inside of a path item, operation, parameter, header, body,
    /// response or media type.
    fn inside(&mut self, part: &mut Value, at: &Pointer) {
        let Value::Object(part) = part else { return };
        part.retain(|key, value| {
            let at = at.join(key);
            match key.as_str() {
                "parameters" => self.parameters(value, &at),
                "requestBody" => return self.part("requestBodies", value, &at),
                "responses" | "headers" | "examples" | "links" => self.entries(key, value, &at),
                "content" | "encoding" => {
                    walk::each_entry(value, &at, &mut |inner, at| self.inside(inner, at));
                }
                key if walk::METHODS.contains(&key) => self.inside(value, &at),
                _ => {}
            }
            true
        });
    }

    fn parameters(&mut self, value: &mut Value, at: &Pointer) {
        let Value::Array(all) = value else { return };
        let mut seen: Vec<Value> = Vec::new();
        let left = walk::retain_items(all, at, &mut |parameter, at| {
            self.part("parameters", parameter, at) && self.is_first(parameter, &mut seen, at)
        });
        self.report.renumbered(at, &left);
    }

    /// Whether a parameter is the first of its name and location.
    fn is_first(&mut self, parameter: &Value, seen: &mut Vec<Value>, at: &Pointer) -> bool {
        let key = |parameter: &Value| json!([parameter["name"], parameter["in"]]);
        let Some(first) = seen.iter().find(|other| key(other) == key(parameter)) else {
            seen.push(parameter.clone());
            return true;
        };
        let note = format!("{} declared twice", key(parameter));
        let lost = (first != parameter).then_some(Subject::Parameter);
        self.report.noted(lost, at, note);
        false
    }

    /// The parts by name under a key that is also their section.
    fn entries(&mut self, key: &str, value: &mut Value, at: &Pointer) {
        let Value::Object(all) = value else { return };
        all.retain(|name, part| {
            let found = self.part(key, part, &at.join(name));
            if !found && key == "responses" {
                // That there is a response of this status is known.
                *part = json!({"description": ""});
                return true;
            }
            found
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths of a document, and where the rule lost something.
    fn inlined(mut document: Value) -> (Value, Vec<String>) {
        let mut report = Report::new();
        inline(&mut document, &mut report);
        let losses = report.losses().map(|l| l.pointer.clone()).collect();
        (document["paths"].take(), losses)
    }

    #[test]
    fn references_are_replaced_wherever_they_lead() {
        let (paths, losses) = inlined(json!({
            "paths": {
                "/a/{id}": {"get": {
                    "parameters": [{"name": "id", "in": "path"}, {"$ref": "#/components/parameters/page%5Bsize%5D"}],
                    "responses": {"200": {"description": "d"}, "404": {"$ref": "#/components/responses/None"}},
                }},
                "/b/{id}": {"post": {
                    "parameters": [{"$ref": "#/paths/~1a~1%7Bid%7D/get/parameters/0"}, {"$ref": "other.json#/x"}],
                    "requestBody": {"$ref": "#/components/schemas/S"},
                    "responses": {"200": {"$ref": "#/paths/~1a~1{id}/get/responses/200"}},
                }},
            },
            "components": {
                "parameters": {"page[size]": {"$ref": "#/components/parameters/Q"}, "Q": {"name": "q", "in": "query"}},
                "schemas": {"S": {}},
            },
        }));
        assert_eq!(
            paths,
            json!({
                "/a/{id}": {"get": {
                    "parameters": [{"name": "id", "in": "path"}, {"name": "q", "in": "query"}],
                    "responses": {"200": {"description": "d"}, "404": {"description": ""}},
                }},
                "/b/{id}": {"post": {
                    "parameters": [{"name": "id", "in": "path"}],
                    "responses": {"200": {"description": "d"}},
                }},
            })
        );
        assert_eq!(
            losses,
            [
                "/paths/~1a~1{id}/get/responses/404",
                "/paths/~1b~1{id}/post/parameters/1",
                "/paths/~1b~1{id}/post/requestBody",
            ]
        );
    }

    #[test]
    fn what_stands_beside_a_reference_is_kept_or_reported() {
        let (paths, losses) = inlined(json!({
            "paths": {"/a": {"$ref": "#/components/pathItems/A", "summary": "own", "post": {}}},
            "components": {
                "pathItems": {"A": {"summary": "shared", "get": {"parameters": [
                    {"$ref": "#/components/parameters/P", "description": "here", "required": true, "summary": {"a": 1}},
                ]}}},
                "parameters": {"P": {"name": "p", "in": "query", "description": "shared"}},
            },
        }));
        assert_eq!(
            paths["/a"],
            json!({
                "summary": "own",
                "get": {"parameters": [{"name": "p", "in": "query", "description": "here"}]},
                "post": {},
            })
        );
        let at = |key| format!("/components/pathItems/A/get/parameters/0/{key}");
        assert_eq!(losses, [at("required"), at("summary")]);
    }

    #[test]
    fn cycles_of_references_end() {
        let (paths, losses) = inlined(json!({
            "paths": {"/a": {"get": {"responses": {
                "200": {"$ref": "#/paths/~1a/get/responses/200"},
                "201": {"headers": {"X": {"$ref": "#/components/headers/X"}}},
            }}}},
            "components": {"headers": {"X": {"content": {"multipart/mixed": {
                "encoding": {"a": {"headers": {"X": {"$ref": "#/components/headers/X"}}}},
            }}}}},
        }));
        let responses = &paths["/a"]["get"]["responses"];
        assert_eq!(responses["200"], json!({"description": ""}));
        let within = "/201/headers/X/content/multipart~1mixed/encoding/a/headers";
        assert_eq!(responses.pointer(within), Some(&json!({})));
        assert_eq!(losses.len(), 2, "{losses:?}");
    }

    #[test]
    fn unused_components_are_reported() {
        let mut document = json!({"paths": {}, "components": {
            "parameters": {"P": {}}, "securitySchemes": {"S": {}}, "x-mine": 1,
        }});
        let mut report = Report::new();
        inline(&mut document, &mut report);
        assert_eq!(
            document["components"],
            json!({"securitySchemes": {"S": {}}, "x-mine": 1})
        );
        assert_eq!(report.entries()[0].pointer, "/components/parameters/P");
    }
}
