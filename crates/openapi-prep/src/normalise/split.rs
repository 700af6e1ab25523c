//! A schema that responses and requests share is split where it means something
//! else in each, or reading it tolerantly would make a request say less than it
//! must.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Names, ambiguous, directions, reach, rename, tolerate};
use crate::{Pointer, Report, walk};

/// The overlay's name for the copy of a schema that requests get.
const REQUEST_NAME: &str = "x-request-name";

/// Gives requests a copy of their own (`NameInput`, or the name that the schema
/// says) of each shared schema
/// whose required properties a response may leave out or whose properties
/// differ by direction, and of each shared schema that leads to one.
pub(super) fn requests_from_responses(
    document: &mut Value,
    ledger: &mut Names,
    report: &mut Report,
) {
    let reach = reach::reach(document);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let mut leads: Vec<(&String, Vec<&str>)> = Vec::new();
    let mut split: HashSet<String> = HashSet::new();
    let shared = |name: &String| reach.responses.contains(name) && reach.requests.contains(name);
    for (name, schema) in schemas.iter().filter(|(name, _)| shared(name)) {
        walk::each(schema, &mut |part| {
            if tolerate::loosens(part)
                || directions::differs(part, schemas)
                || ambiguous::is_ambiguous(part, schemas)
            {
                split.insert(name.clone());
            }
        });
        leads.push((name, reach::all_targets(schema)));
    }
    let mut before = 0;
    while before < split.len() {
        before = split.len();
        let more = leads
            .iter()
            .filter(|(_, to)| to.iter().any(|name| split.contains(*name)));
        let more: Vec<String> = more.map(|(name, _)| (*name).clone()).collect();
        split.extend(more);
    }
    if split.is_empty() {
        return;
    }

    let here = Pointer::root().joins(["components", "schemas"]);
    let mut renamed = HashMap::new();
    let names = leads.into_iter().map(|(name, _)| name.clone());
    for name in names
        .filter(|name| split.contains(name))
        .collect::<Vec<_>>()
    {
        let place = format!("#{name} (request)");
        let said = schemas[&name].get(REQUEST_NAME).and_then(Value::as_str);
        let input = match said.filter(|said| ledger.is_free(said, &place)) {
            Some(said) => {
                ledger.assign(&place, said);
                said.to_owned()
            }
            None => ledger.get_or_assign(&place, &[format!("{name} input")]),
        };
        let note = format!("requests use {input}, which keeps what a request must hold");
        report.changed(&here.join(&name), note);
        report.moved(&here.join(&input), &here.join(&name));
        schemas.insert(input.clone(), schemas[&name].clone());
        renamed.insert(name, input);
    }
    // Whatever only requests reach follows the copies, as the copies do.
    let copies: HashSet<&String> = renamed.values().collect();
    let mut follow = |part: &mut Value, _: &Pointer| rename::rename_in(part, &renamed);
    for (name, schema) in schemas {
        let of_requests = reach.requests.contains(name) && !reach.responses.contains(name);
        if of_requests || copies.contains(name) {
            walk::schema_tree(schema, &Pointer::root(), &mut follow);
        }
    }
    walk::operations(document, &mut |_, _, operation, _| {
        walk::within(operation, &["requestBody", "parameters"], &mut follow);
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_keeps_what_it_requires() {
        let body = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
        let mut document = json!({
            "paths": {"/a": {"post": {"requestBody": body("Holder"), "responses": {"200": body("Holder")}}}},
            "components": {"schemas": {
                "Holder": {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Inner"}}},
                "Inner": {"x-request-name": "Sent", "type": "object", "required": ["text"], "properties": {"text": {"type": "string"}, "mode": {"$ref": "#/components/schemas/Mode"}}},
                "Mode": {"type": "string", "enum": ["a", "b"]},
            }},
        });
        requests_from_responses(&mut document, &mut Names::new(), &mut Report::new());
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            document["paths"]["/a"]["post"]["requestBody"],
            body("HolderInput")
        );
        assert_eq!(
            document["paths"]["/a"]["post"]["responses"]["200"],
            body("Holder")
        );
        assert_eq!(
            schemas["HolderInput"]["properties"]["inner"]["$ref"],
            "#/components/schemas/Sent"
        );
        assert_eq!(schemas["Sent"]["required"], json!(["text"]));
        assert!(schemas.get("ModeInput").is_none(), "nothing to keep apart");
    }
}
