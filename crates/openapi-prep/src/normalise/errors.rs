//! Error responses: a generated method has one type for all of them, and no
//! place for several.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::rule;
use crate::{PrepareOptions, Report, Subject, media, options::Errors, walk};

/// The mark on an operation with its error responses by status: what each is
/// described as, and its JSON.
pub(crate) const ERRORS: &str = "x-errors";

/// Moves the error responses of each operation aside, with their JSON only, or
/// drops them.
pub(super) fn set_aside(document: &mut Value, options: PrepareOptions, report: &mut Report) {
    let keep = options.errors;
    walk::operations(document, &mut |_, _, operation, at| {
        let Some(Value::Object(responses)) = operation.get_mut("responses") else {
            return;
        };
        let succeeds = responses.keys().any(|status| status.starts_with('2'));
        let is_error =
            |status: &str| status.starts_with(['4', '5']) || (status == "default" && succeeds);
        let (errors, others) = std::mem::take(responses)
            .into_iter()
            .partition::<Map<_, _>, _>(|(status, _)| is_error(status));
        *responses = others;
        let from = at.join("responses");
        let mut kept = Map::new();
        for (status, mut response) in errors {
            let from = from.join(&status);
            let status = status.to_ascii_uppercase().replace("DEFAULT", "default");
            let content = response
                .as_object_mut()
                .and_then(|r| r.shift_remove("content"));
            let content = match content {
                Some(Value::Object(content)) => content,
                _ => Map::new(),
            };
            if keep == Errors::Dropped {
                let note = "taken out: errors are parsed by the runtime";
                report.changed(rule("errors-out"), &from, note);
            } else if content.is_empty() {
                report.changed(rule("errors-out"), &from, "has no body");
            } else if let Some((media, schema)) = json(&content) {
                let from = from.join("content");
                let to = at
                    .join(ERRORS)
                    .join(&status)
                    .joins(["content", "application/json"]);
                report.moved(&to, &from.join(media));
                for other in content.keys().filter(|other| *other != media) {
                    let note = "JSON is read instead";
                    report.lost(Subject::Error, rule("media-type"), &from.join(other), note);
                }
                response["content"] = json!({"application/json": {"schema": schema}});
            } else {
                let note = "the body is not JSON with a schema, and has no type";
                report.lost(Subject::Error, rule("errors-out"), &from, note);
            }
            if !response["description"].is_string() {
                response["description"] = json!("Error.");
            }
            kept.insert(status, response);
        }
        if !kept.is_empty() {
            operation.insert(ERRORS.into(), Value::Object(kept));
        }
    });
}

/// Media type and schema of the JSON of a response.
fn json(content: &Map<String, Value>) -> Option<(&String, &Value)> {
    content.iter().find_map(|(media, body)| {
        let schema = body.get("schema").filter(|schema| schema.is_object())?;
        media::is_json(media).then_some((media, schema))
    })
}

/// Gives the error responses of one type back to the operation.
pub(super) fn settle(document: &mut Value, options: PrepareOptions, report: &mut Report) {
    let keep = options.errors;
    walk::operations(document, &mut |_, _, operation, at| {
        let Some(Value::Object(errors)) = operation.get_mut(ERRORS) else {
            return;
        };
        if keep != Errors::Typed {
            return;
        }
        let schemas: Map<String, Value> = errors
            .iter()
            .filter_map(|(status, response)| {
                let schema = response.pointer("/content/application~1json/schema")?;
                Some((status.clone(), schema.clone()))
            })
            .collect();
        let mut errors = errors.clone();
        errors.retain(|status, _| schemas.contains_key(status));
        let mut types = schemas.values();
        let first = types.next();
        // The generator takes two inline schemas of one operation for one type.
        let one_type = first.is_some_and(|schema| schema.get("$ref").is_some())
            && types.all(|schema| Some(schema) == first);
        let Some(Value::Object(responses)) = operation.get_mut("responses") else {
            return;
        };
        if one_type {
            // The generator counts `default` as a success, too. Beside a range
            // its statuses would be patterns that are never reached.
            let ranges = |status: &String| match status.as_str() {
                "default" => vec!['4', '5'],
                range if range.ends_with("XX") => range.chars().take(1).collect(),
                _ => Vec::new(),
            };
            let ranges: BTreeSet<char> = schemas.keys().flat_map(ranges).collect();
            for (status, response) in errors {
                let in_range = status.starts_with(|class| ranges.contains(&class));
                if status == "default" {
                    for class in &ranges {
                        let range = format!("{class}XX");
                        responses.entry(range).or_insert_with(|| response.clone());
                    }
                } else if !in_range || status.ends_with("XX") {
                    responses.insert(status, response);
                }
            }
            return;
        }
        for status in schemas.keys() {
            report.lost(
                Subject::Error,
                rule("error-types"),
                &at.join("responses").join(status),
                "a method has one error type, a named one; this is in `x-errors` only",
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(name: &str) -> Value {
        json!({"description": name, "content": {"application/problem+json": {
            "schema": {"$ref": format!("#/components/schemas/{name}")}}}})
    }

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn settled(responses: Value, options: PrepareOptions) -> (Value, usize) {
        let mut document = json!({"paths": {"/a": {"get": {"responses": responses}}}});
        let mut report = Report::new();
        set_aside(&mut document, options, &mut report);
        settle(&mut document, options, &mut report);
        let losses = report.losses().count();
        (document["paths"]["/a"]["get"].take(), losses)
    }

    #[test]
    fn errors_of_one_type_stay() {
        let given = json!({"200": {}, "404": response("E"), "default": response("E")});
        let reference = json!({"$ref": "#/components/schemas/E"});
        let (operation, losses) = settled(given.clone(), PrepareOptions::new());
        let statuses: Vec<_> = operation["responses"].as_object().unwrap().keys().collect();
        assert_eq!(statuses, ["200", "4XX", "5XX"]);
        assert_eq!(
            operation["responses"]["5XX"]["content"]["application/json"]["schema"],
            reference
        );
        let schema = |error: &Value| error["content"]["application/json"]["schema"].clone();
        let errors = operation[ERRORS].as_object().unwrap();
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["404", "default"]);
        assert!(errors.values().all(|error| schema(error) == reference));
        assert_eq!(losses, 0);

        let (operation, _) = settled(given.clone(), PrepareOptions::new().errors_as_marks());
        assert_eq!(operation["responses"], json!({"200": {}}));
        assert_eq!(schema(&operation[ERRORS]["404"]), reference);
        let (operation, losses) = settled(given, PrepareOptions::new().runtime_reads_errors());
        assert_eq!(operation["responses"], json!({"200": {}}));
        assert_eq!(operation[ERRORS]["404"], json!({"description": "E"}));
        assert_eq!(losses, 0);
    }

    #[test]
    fn statuses_of_a_range_are_said_by_it() {
        let given =
            json!({"200": {}, "404": response("E"), "4xx": response("E"), "503": response("E")});
        let (operation, _) = settled(given, PrepareOptions::new());
        let statuses: Vec<_> = operation["responses"].as_object().unwrap().keys().collect();
        assert_eq!(statuses, ["200", "4XX", "503"]);
    }

    #[test]
    fn errors_of_several_types_are_marks_and_losses() {
        let given = json!({"200": {}, "404": response("E"), "409": response("F"), "500": {}});
        let (operation, losses) = settled(given, PrepareOptions::new());
        assert_eq!(operation["responses"], json!({"200": {}}));
        assert_eq!(operation[ERRORS].as_object().unwrap().len(), 3);
        assert_eq!(losses, 2);
    }

    #[test]
    fn default_alone_is_the_success() {
        let (operation, _) = settled(json!({"default": response("E")}), PrepareOptions::new());
        assert!(operation.get(ERRORS).is_none());
        assert!(operation["responses"].get("default").is_some());
    }
}
