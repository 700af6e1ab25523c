//! Error responses: a generated method has one type for all of them, and no
//! place for several.

use serde_json::{Map, Value, json};

use super::content::{JSON, json_media, keep_media};
use crate::{PrepareOptions, Report, Subject, walk};

/// The mark on an operation with its error responses by status: what each is
/// described as, and its JSON.
pub(crate) const ERRORS: &str = "x-errors";

/// The codes of the errors in the examples of a response in that mark.
pub(crate) const CODES: &str = "x-codes";

/// Moves the error responses of each operation aside, with their JSON only, or
/// drops them.
pub(super) fn set_aside(document: &mut Value, options: PrepareOptions, report: &mut Report) {
    walk::beside_schemas(document, |document, schemas| {
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
            let mut kept = Map::new();
            for (status, mut response) in errors {
                let from = at.join("responses").join(&status);
                let status = status.to_ascii_uppercase().replace("DEFAULT", "default");
                let to = at.join(ERRORS).join(&status);
                report.moved(&to, &from);
                if !response.is_object() {
                    response = json!({});
                }
                let codes = codes(&response);
                let content = response.get("content").and_then(Value::as_object);
                let has_body = content.is_some_and(|content| !content.is_empty());
                let media = json_media(&response, schemas).filter(|_| !options.reads_errors);
                let typed = |media: &String| response["content"][media]["schema"].is_object();
                if let Some(media) = media.filter(typed) {
                    let from = from.join("content");
                    keep_media(Subject::Error, &mut response, &media, JSON, &from, report);
                    report.moved(&to.join("content").join(JSON), &from.join(JSON));
                } else {
                    if let Value::Object(response) = &mut response {
                        response.shift_remove("content");
                    }
                    let (lost, note) = match has_body {
                        _ if options.reads_errors => {
                            (false, "taken out: errors are parsed by the runtime")
                        }
                        true => (true, "the body is not JSON with a schema, and has no type"),
                        false => (false, "has no body"),
                    };
                    let lost = lost.then_some(Subject::Error);
                    report.noted(lost, &from, note);
                }
                if !response["description"].is_string() {
                    response["description"] = json!("Error.");
                }
                if !codes.is_empty() {
                    response[CODES] = json!(codes);
                }
                kept.insert(status, response);
            }
            if !kept.is_empty() {
                operation.insert(ERRORS.into(), Value::Object(kept));
            }
        });
    });
}

/// The codes in the examples of an error response: each `code` that is a string,
/// of the example itself or of an object in it.
fn codes(response: &Value) -> Vec<String> {
    let media = response["content"].as_object();
    let mut codes = Vec::new();
    for media in media.into_iter().flat_map(Map::values) {
        let named = media["examples"].as_object();
        let named = named.into_iter().flat_map(Map::values);
        let examples = named.map(|example| &example["value"]);
        for example in examples.chain([&media["example"]]) {
            let inner = example.as_object().into_iter().flat_map(Map::values);
            let found = inner.chain([example]).filter_map(|of| of["code"].as_str());
            codes.extend(found.map(str::to_owned));
        }
    }
    codes.sort();
    codes.dedup();
    codes
}

/// Gives the error responses of one type back to the operation.
pub(super) fn settle(document: &mut Value, report: &mut Report) {
    walk::operations(document, &mut |_, _, operation, at| {
        let Some(Value::Object(errors)) = operation.get(ERRORS) else {
            return;
        };
        let mut typed = errors.clone();
        let schema = |error: &Value| error.pointer("/content/application~1json/schema").cloned();
        typed.retain(|_, error| schema(error).is_some());
        let schemas: Vec<Value> = typed.values().filter_map(schema).collect();
        // The generator takes two inline schemas of one operation for one type.
        let is_one_type = schemas
            .iter()
            .all(|s| *s == schemas[0] && s.get("$ref").is_some());
        if !is_one_type {
            for status in typed.keys() {
                let at = at.join("responses").join(status);
                let note = "a method has one error type, a named one; this is in `x-errors` only";
                report.lost(Subject::Error, &at, note);
            }
        } else if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            responses.extend(by_range(typed));
        }
    });
}

/// The responses as the generator takes them, which counts `default` as a
/// success, too. Beside a range its statuses would be patterns that are never
/// reached.
fn by_range(mut responses: Map<String, Value>) -> Map<String, Value> {
    if let Some(default) = responses.shift_remove("default") {
        for range in ["4XX", "5XX"] {
            responses.entry(range).or_insert_with(|| default.clone());
        }
    }
    let ranges = responses.keys().filter(|status| status.ends_with("XX"));
    let ranges: Vec<String> = ranges.cloned().collect();
    responses.retain(|status, _| {
        let is_in = |range: &String| range != status && range[..1] == status[..1];
        !ranges.iter().any(is_in)
    });
    responses
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
        settle(&mut document, &mut report);
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

    #[test]
    fn codes_of_examples_are_kept() {
        let one = json!({"error": {"code": "not_found", "message": "no"}});
        let named = json!({"a": {"value": {"code": "gone"}}, "b": {"value": {"code": 7}}, "c": {"value": one}});
        let response =
            |media: Value| json!({"description": "E", "content": {"application/json": media}});
        let given = json!({"200": {}, "404": response(json!({"examples": named, "example": one})),
            "500": response(json!({"schema": {"type": "object"}}))});
        let (operation, _) = settled(given, PrepareOptions::new().runtime_reads_errors());
        assert_eq!(
            operation[ERRORS]["404"][CODES],
            json!(["gone", "not_found"])
        );
        assert_eq!(operation[ERRORS]["500"].get(CODES), None);
    }
}
