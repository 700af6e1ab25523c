//! Components and references to them: names that 3.0 does not allow, and
//! references that lead nowhere.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::super::{places, rule};
use crate::{Pointer, Report, Subject, normalise, references, walk};

/// Components whose names 3.0 does not allow, and the references to them.
pub(in crate::lower) fn names(document: &mut Value, report: &mut Report) {
    let mut renamed = HashMap::new();
    for section in places::KINDS
        .into_iter()
        .chain(["schemas", "securitySchemes"])
    {
        rename(document, section, &mut renamed, report);
    }
    if renamed.is_empty() {
        return;
    }
    let follow = |value: &mut Value| {
        let target = value.get("$ref").and_then(Value::as_str).and_then(decoded);
        // References that were settled hold a schema's name as it is.
        let new = target.and_then(|target| {
            let plain = target.strip_prefix("/components/schemas/");
            let schemas = Pointer::root().joins(["components", "schemas"]);
            renamed
                .get(&target)
                .or_else(|| renamed.get(schemas.join(plain?).as_str()))
        });
        if let Some(new) = new {
            value["$ref"] = json!(format!("#{new}"));
        }
    };
    let schemas = Pointer::root().joins(["components", "schemas"]);
    let plain = |pointer: &String| {
        let name = pointer.strip_prefix(schemas.as_str())?.strip_prefix('/')?;
        Some(name.replace("~1", "/").replace("~0", "~"))
    };
    let names: HashMap<String, String> = renamed
        .iter()
        .filter_map(|(old, new)| Some((plain(old)?, plain(new)?)))
        .collect();
    walk::schemas(document, &mut |value, _| {
        follow(value);
        normalise::rename_in(value, &names);
    });
    places::shared(document, &mut |_, value, _| follow(value));
    let scheme = |name: &str| {
        let at = Pointer::root().joins(["components", "securitySchemes", name]);
        let new = renamed.get(at.as_str())?;
        new.rsplit('/').next().map(str::to_owned)
    };
    let requirements = |list: Option<&mut Value>| {
        for entry in list.and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(entry) = entry {
                *entry = std::mem::take(entry)
                    .into_iter()
                    .map(|(name, scopes)| (scheme(&name).unwrap_or(name), scopes))
                    .collect();
            }
        }
    };
    requirements(document.get_mut("security"));
    places::operations(document, &mut |operation, _| {
        requirements(operation.get_mut("security"));
    });
}

/// Renames the components of one section; notes the old and new pointers.
fn rename(
    document: &mut Value,
    section: &str,
    renamed: &mut HashMap<String, String>,
    report: &mut Report,
) {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let at = Pointer::root().joins(["components", section]);
    let Some(Value::Object(entries)) = document.pointer_mut(at.as_str()) else {
        return;
    };
    let fine = |name: &String| !name.is_empty() && name.chars().all(allowed);
    if entries.keys().all(fine) {
        return;
    }
    let mut taken: HashSet<String> = entries.keys().cloned().collect();
    for (name, entry) in std::mem::take(entries) {
        if fine(&name) {
            entries.insert(name, entry);
            continue;
        }
        let replace = |c| if allowed(c) { c } else { '_' };
        let mut new: String = name.chars().map(replace).collect();
        while new.is_empty() || !taken.insert(new.clone()) {
            new.push('_');
        }
        let before = at.join(&name);
        let which = if section == "schemas" {
            rule("schema-name")
        } else {
            rule("component-name")
        };
        report.changed(which, &before, format!("named {new}"));
        report.moved(&at.join(&new), &before);
        renamed.insert(before.to_string(), at.join(&new).to_string());
        entries.insert(new, entry);
    }
}

/// The pointer in a reference, with its percent signs decoded.
fn decoded(target: &str) -> Option<String> {
    references::decoded(target.strip_prefix('#')?)
}

/// References to parameters, answers and the like that lead nowhere in this
/// document, or in a circle.
pub(in crate::lower) fn dangling(document: &mut Value, report: &mut Report) {
    let mut targets = HashSet::new();
    places::shared(document, &mut |kind, part, _| {
        if let Some(target) = part.get("$ref").and_then(Value::as_str) {
            targets.insert((kind.to_owned(), target.to_owned()));
        }
    });
    targets.retain(|(kind, target)| !leads(document, kind, target));
    if targets.is_empty() {
        return;
    }
    places::shared(document, &mut |kind, part, at| {
        let Some(target) = part.get("$ref").and_then(Value::as_str) else {
            return;
        };
        if !targets.contains(&(kind.to_owned(), target.to_owned())) {
            return;
        }
        let note = format!("{target} leads nowhere in this document; taken out");
        report.lost(Subject::at(at), rule("reference"), at, note);
        *part = match kind {
            "responses" => json!({"description": ""}),
            "requestBodies" => json!({"content": {}}),
            _ => Value::Null,
        };
    });
}

/// Whether a reference leads to a part of this section.
fn leads(document: &Value, kind: &str, target: &str) -> bool {
    let mut target = target.to_owned();
    for _ in 0..16 {
        let Some(pointer) = decoded(&target) else {
            return false;
        };
        let Some(found) = document.pointer(&pointer) else {
            return false;
        };
        if !found.is_object() || !holds(&pointer, kind) {
            return false;
        }
        match found.get("$ref").and_then(Value::as_str) {
            Some(next) => next.clone_into(&mut target),
            None => return true,
        }
    }
    false
}

/// Whether a place is one of parts of this section.
fn holds(pointer: &str, kind: &str) -> bool {
    let mut tokens = pointer.rsplit('/');
    let last = tokens.next();
    match (kind, tokens.next()) {
        ("requestBodies", Some("requestBodies")) => true,
        ("requestBodies", _) => last == Some("requestBody"),
        (kind, parent) => parent == Some(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower;

    #[test]
    fn names_that_are_not_allowed_are_changed_everywhere() {
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "security": [{"a key": []}],
            "paths": {"/a": {"get": {
                "parameters": [{"$ref": "#/components/parameters/page[size]"}],
                "responses": {"200": {"$ref": "#/components/responses/a~1b"},
                    "201": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/a~1b"}}}}},
            }}},
            "components": {
                "parameters": {"page[size]": {"name": "p", "in": "query", "schema": {"$ref": "#/components/schemas/A<B>"}}},
                "responses": {"a/b": {"description": "d"}},
                "schemas": {"a/b": {"type": "string"}, "Old": {"$ref": "#/components/schemas/Old/$defs/X", "$defs": {"X": {}}}, "A<B>": {"type": "string"}, "A_B_": {"type": "integer"}},
                "securitySchemes": {"a key": {"type": "apiKey", "name": "k", "in": "header"}},
            },
        });
        let (document, report) = lower(document).unwrap();
        let get = &document["paths"]["/a"]["get"];
        let created = &get["responses"]["201"]["content"]["application/json"];
        assert_eq!(created["schema"]["$ref"], "#/components/schemas/a_b");
        let parameter = &document["components"]["parameters"]["page_size_"];
        assert_eq!(
            get["parameters"][0]["$ref"],
            "#/components/parameters/page_size_"
        );
        assert_eq!(
            get["responses"]["200"]["$ref"],
            "#/components/responses/a_b"
        );
        assert_eq!(parameter["schema"]["$ref"], "#/components/schemas/A_B__");
        assert_eq!(document["security"], json!([{"a_key": []}]));
        assert_eq!(report.losses().count(), 0, "{report:#?}");
    }

    #[test]
    fn what_leads_nowhere_is_taken_out() {
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"post": {
                "parameters": [
                    {"$ref": "#/components/parameters/None"}, {"$ref": "other.yaml#/P"},
                    {"$ref": "#/components/schemas/S"}, {"$ref": "#/components/parameters/Fine"},
                ],
                "requestBody": {"$ref": "#/components/requestBodies/Circle"},
                "responses": {"200": {"$ref": "https://example.com/r.json"}},
            }}},
            "components": {
                "requestBodies": {"Circle": {"$ref": "#/components/requestBodies/Circle"}},
                "parameters": {"Fine": {"name": "f", "in": "query", "schema": {}}},
                "schemas": {"S": {}},
            },
        });
        let (document, report) = lower(document).unwrap();
        assert_eq!(
            document["paths"]["/a"]["post"],
            json!({
                "parameters": [{"$ref": "#/components/parameters/Fine"}],
                "requestBody": {"content": {}},
                "responses": {"200": {"description": ""}},
            })
        );
        assert_eq!(report.losses().count(), 6, "{report:#?}");
    }
}
