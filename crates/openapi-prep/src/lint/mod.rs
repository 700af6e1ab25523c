//! What a generator would refuse, panic on or get silently wrong, named by
//! operation, before it is run.

mod operations;
mod schemas;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::{Pointer, schema, walk};

/// Something the generator cannot take.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The operation it belongs to, as `GET /path`, where it belongs to one.
    pub operation: Option<String>,
    /// Where in the document.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(operation) = &self.operation {
            write!(f, "{operation}: ")?;
        }
        write!(f, "{} (at {}; {})", self.message, self.pointer, self.remedy)
    }
}

/// Looks through a lowered document. Changes nothing, though walks could.
pub(crate) fn lint(document: &mut Value) -> Vec<Finding> {
    let mut lint = Lint {
        findings: Vec::new(),
    };
    if !document["openapi"]
        .as_str()
        .is_some_and(|v| v.starts_with("3.0."))
    {
        lint.find(
            None,
            &Pointer::root().join("openapi"),
            "not an OpenAPI 3.0 document",
            "lower it first",
        );
    }
    let names: HashSet<String> = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .map(|schemas| schemas.keys().cloned().collect())
        .unwrap_or_default();
    let users = schemas::Users::of(document);
    walk::schemas(document, &mut |schema, at| {
        lint.reference(schema, &names, &users, at);
    });
    schemas::look(&mut lint, document);
    operations::look(&mut lint, document);
    let mut ids = HashMap::new();
    walk::operations(document, &mut |path, method, operation, at| {
        let name = format!("{} {path}", method.to_uppercase());
        lint.identity(&name, operation, &mut ids, at);
        lint.parameters(&name, path, operation, at);
        lint.bodies(&name, operation, at);
    });
    lint.findings
}

struct Lint {
    findings: Vec<Finding>,
}

impl Lint {
    fn find(
        &mut self,
        operation: Option<&str>,
        at: &Pointer,
        message: impl Into<String>,
        remedy: &'static str,
    ) {
        self.findings.push(Finding {
            operation: operation.map(str::to_owned),
            pointer: at.to_string(),
            message: message.into(),
            remedy,
        });
    }

    fn reference(
        &mut self,
        schema: &Value,
        names: &HashSet<String>,
        users: &schemas::Users,
        at: &Pointer,
    ) {
        let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
            return;
        };
        if !schema::ref_name(schema).is_some_and(|name| names.contains(name)) {
            self.find(
                users.of_schema(at).as_deref(),
                at,
                format!("the reference {target} leads nowhere"),
                "add the schema by an overlay",
            );
        }
    }

    fn identity(
        &mut self,
        name: &str,
        operation: &Map<String, Value>,
        ids: &mut HashMap<String, String>,
        at: &Pointer,
    ) {
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
            self.find(
                Some(name),
                at,
                "has no operationId",
                "normalise the document, or add one by an overlay",
            );
            return;
        };
        let key = id.to_lowercase().replace(['-', '_', '.', ' '], "");
        if let Some(other) = ids.insert(key, name.to_owned()) {
            let message = format!("its operationId {id:?} is that of {other} too");
            self.find(
                Some(name),
                &at.join("operationId"),
                message,
                "rename one by an overlay",
            );
        }
    }

    fn parameters(&mut self, name: &str, path: &str, operation: &Map<String, Value>, at: &Pointer) {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let at = at.join("parameters").join(index);
            let called = parameter["name"].as_str().unwrap_or_default();
            match parameter["in"].as_str() {
                Some("path") if !path.contains(&format!("{{{called}}}")) => {
                    self.find(
                        Some(name),
                        &at,
                        format!("the path holds no {called:?}"),
                        "name it as the path does",
                    );
                }
                Some("path") if parameter["required"] != true => {
                    self.find(
                        Some(name),
                        &at,
                        format!("{called:?} is not required"),
                        "a part of the path always is",
                    );
                }
                Some("cookie") => {
                    self.find(
                        Some(name),
                        &at,
                        format!("{called:?} is a cookie"),
                        "take it out by an overlay",
                    );
                }
                _ => {}
            }
            if parameter["style"] == "deepObject" {
                self.find(
                    Some(name),
                    &at,
                    format!("{called:?} is a deep object"),
                    "make it text by an overlay",
                );
            }
            if parameter["explode"] == false && schema::has_type(&parameter["schema"], "array") {
                self.find(
                    Some(name),
                    &at,
                    format!("{called:?} is a list in one value, which would be sent as several"),
                    "make it text by an overlay",
                );
            }
        }
    }

    fn bodies(&mut self, name: &str, operation: &Map<String, Value>, at: &Pointer) {
        if let Some(content) = operation
            .get("requestBody")
            .and_then(|b| b["content"].as_object())
            && content.len() != 1
        {
            let kinds = content.len();
            self.find(
                Some(name),
                &at.join("requestBody"),
                format!("{kinds} media types for one body"),
                "leave one by an overlay",
            );
        }
        let responses = operation.get("responses").and_then(Value::as_object);
        let at = at.join("responses");
        if responses.is_none_or(|r| r.len() != 1) {
            self.find(
                Some(name),
                &at,
                "does not have exactly one answer",
                "normalise the document first",
            );
        }
        for (status, response) in responses.into_iter().flatten() {
            let media = &response["content"]["application/json"];
            let filled = media["schema"]["properties"]
                .as_object()
                .is_some_and(|p| !p.is_empty());
            if filled {
                self.find(
                    Some(name),
                    &at.join(status),
                    "its answer has no name, and would be taken for another of the same operation",
                    "normalise the document first",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_finding_names_its_operation() {
        let document = json!({
            "openapi": "3.0.3",
            "paths": {
                "/a/{id}": {"get": {
                    "operationId": "get-a",
                    "parameters": [
                        {"name": "{id}", "in": "path", "schema": {}},
                        {"name": "body", "in": "query", "schema": {}},
                        {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array"}},
                    ],
                    "requestBody": {"content": {"application/json": {"schema": {"type": "string"}}}},
                    "responses": {"200": {"content": {"application/json": {"schema": {"properties": {"a": {}}}}}}, "400": {}},
                }},
                "/b": {"get": {"operationId": "getA", "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/No"}}}}}}},
            },
        });
        let findings = lint(&mut document.clone());
        let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(findings.len(), 7, "{said:#?}");
        assert_eq!(
            findings
                .iter()
                .filter(|f| f.operation.as_deref() == Some("GET /a/{id}"))
                .count(),
            5
        );
    }
}
