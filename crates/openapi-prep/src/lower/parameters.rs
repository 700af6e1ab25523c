//! Parameters that are sent as one string which is made of their value.
//!
//! The generator sends single values and lists as repeated keys, whatever
//! `style` says. So such a parameter is a string for it, with `x-rust-type`, which
//! typify reads: a generator that knows the crate uses a type which is written as
//! that string, any other has a string that the caller writes.

use serde_json::{Map, Value, json};

use crate::{Report, walk};

/// The crate of the types, as `x-rust-type` calls it.
const CRATE: &str = "openapi-params";

/// Makes strings of the parameters that are joined or sent as JSON.
pub(super) fn as_strings(document: &mut Value, report: &mut Report) {
    walk::parameters(document, &mut |_, parameter, at| {
        if let Value::Object(parameter) = parameter
            && let Some((name, schema)) = string_type(parameter)
        {
            parameter.shift_remove("style");
            parameter.shift_remove("explode");
            parameter.shift_remove("content");
            let path = format!("{}::{name}", CRATE.replace('-', "_"));
            let of = json!({"crate": CRATE, "version": "*", "path": path, "parameters": [schema]});
            let schema = json!({"type": "string", "x-rust-type": of});
            parameter.insert("schema".into(), schema);
            report.changed(at, format!("a string of {name}"));
        }
    });
}

/// The type that is written as the string of a parameter, and the schema of
/// what it holds.
fn string_type(parameter: &Map<String, Value>) -> Option<(&'static str, Value)> {
    if let Some(content) = parameter.get("content") {
        let schema = content.get("application/json")?.get("schema")?;
        return Some(("Json", schema.clone()));
    }
    if parameter.get("explode") != Some(&Value::Bool(false)) {
        return None;
    }
    let name = match parameter.get("style")?.as_str()? {
        "form" | "simple" => "CommaSeparated",
        "spaceDelimited" => "SpaceSeparated",
        "pipeDelimited" => "PipeSeparated",
        _ => return None,
    };
    Some((name, parameter.get("schema")?.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_values_and_json_are_strings_with_a_type() {
        let list = json!({"type": "array", "items": {"type": "integer"}});
        let mut document = json!({"paths": {"/a": {"get": {"parameters": [
            {"name": "a", "in": "query", "style": "pipeDelimited", "explode": false, "schema": list},
            {"name": "b", "in": "header", "style": "simple", "explode": false, "schema": list},
            {"name": "c", "in": "query", "content": {"application/json": {"schema": list}}},
            {"name": "d", "in": "query", "schema": list},
        ]}}}});
        as_strings(&mut document, &mut Report::new());
        let parameters = &document["paths"]["/a"]["get"]["parameters"];
        for (index, name) in ["PipeSeparated", "CommaSeparated", "Json"]
            .iter()
            .enumerate()
        {
            let of = json!({"crate": "openapi-params", "version": "*",
                "path": format!("openapi_params::{name}"), "parameters": [list]});
            let mut wanted = json!({"type": "string"});
            wanted["x-rust-type"] = of;
            assert_eq!(parameters[index]["schema"], wanted);
            assert_eq!(parameters[index].as_object().unwrap().len(), 3);
        }
        assert_eq!(parameters[3]["schema"], list);
    }
}
