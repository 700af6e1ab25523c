//! Wire names of renamed parameters, properties and enum values, restored in the
//! text of generated code: build scripts have no pass over its syntax tree.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::{
    Document, Error,
    rust_names::{WIRE_NAME, WIRE_NAMES},
    walk,
};

/// Makes progenitor's code use the wire names of what
/// [`prepare()`](crate::prepare()) renamed since its names clash in Rust:
/// parameters in requests, properties and enum values in JSON, and path
/// parameters in documentation. `prepared` is the document that the code was
/// generated from.
///
/// Takes what `Generator::generate_tokens` of progenitor 0.15 returned, as a
/// string or formatted, in any interface style; changes nothing else in it.
///
/// # Errors
///
/// Where the code does not hold what was renamed: it was generated from another
/// document, or by another version of progenitor.
pub fn restore_wire_names(code: &str, prepared: &Document) -> Result<String, Error> {
    let prepared = prepared.as_value();
    let mut names = parameters(prepared);
    names.extend(members(prepared));
    let mut restored = restore(code, &names)?;
    for (path, wire) in wire_paths(prepared) {
        restored = restored.replace(&format!("`{path}`"), &format!("`{wire}`"));
    }
    Ok(restored)
}

/// As [`restore_wire_names`], in what `Generator::httpmock` returned.
///
/// # Errors
///
/// As [`restore_wire_names`].
pub fn restore_mock_wire_names(code: &str, prepared: &Document) -> Result<String, Error> {
    restore(code, &parameters(prepared.as_value()))
}

/// Puts the wire name in place of each string literal that is one of these names:
/// ending with [`MARK`](crate::rust_names::MARK), it is nothing else in the document.
fn restore(code: &str, names: &BTreeMap<String, String>) -> Result<String, Error> {
    let mut restored = code.to_owned();
    for (name, wire) in names {
        let literal = format!("\"{name}\"");
        if !code.contains(&literal) {
            let message =
                format!("the code does not have the name {name}, which stands for {wire:?}");
            return Err(Error::new(message).remedy(
                "give the document that the code was generated from, and the code as progenitor 0.15 generated it",
            ));
        }
        restored = restored.replace(&literal, &format!("{wire:?}"));
    }
    Ok(restored)
}

/// The wire names of the renamed parameters that are sent by name.
fn parameters(document: &Value) -> BTreeMap<String, String> {
    let all = all_parameters(document).filter(|(_, parameter)| parameter["in"] != "path");
    all.filter_map(|(_, parameter)| renamed(parameter))
        .collect()
}

/// The wire names of the renamed properties and values.
fn members(document: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let schemas = document.pointer("/components/schemas");
    let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
    for (_, schema) in schemas {
        walk::each(schema, &mut |part| {
            let names = part.get(WIRE_NAMES).and_then(Value::as_object);
            for (name, wire) in names.into_iter().flatten() {
                found.extend(wire.as_str().map(|wire| (name.clone(), wire.to_owned())));
            }
        });
    }
    found
}

/// The path templates with renamed parameters, as prepared and as the server has
/// them.
pub fn wire_paths(prepared: &Value) -> HashMap<String, String> {
    let mut paths = HashMap::new();
    for (path, parameter) in all_parameters(prepared).filter(|(_, p)| p["in"] == "path") {
        if let Some((name, wire)) = renamed(parameter) {
            let template = paths.entry(path.clone()).or_insert_with(|| path.clone());
            *template = template.replace(&format!("{{{name}}}"), &format!("{{{wire}}}"));
        }
    }
    paths
}

/// The parameters of all operations, each with its path.
fn all_parameters(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flat_map(Map::values);
        let parameters = operations.filter_map(|operation| operation["parameters"].as_array());
        parameters.flatten().map(move |parameter| (path, parameter))
    })
}

/// The name of a renamed parameter, and its wire name.
fn renamed(parameter: &Value) -> Option<(String, String)> {
    let text = |key: &str| parameter.get(key)?.as_str().map(str::to_owned);
    Some((text("name")?, text(WIRE_NAME)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let parameter = |name: &str, location: &str, wire: &str| json!({"name": name, "in": location, "x-wire-name": wire});
        Document::from_value(json!({"paths": {
            "/a/{url_param--}": {"get": {"operationId": "listAs", "parameters": [
                parameter("url_param--", "path", "url"),
                parameter("type_param--", "query", "ty\"pe"),
                parameter("new_param--", "header", "New"),
                {"name": "other", "in": "query"},
            ]}},
            "/b": {"get": {"operationId": "match", "parameters": [parameter("type_param---", "query", "type")]}},
        }, "components": {"schemas": {
            "Media": {"properties": {"guid_2--": {}}, "x-wire-names": {"guid_2--": "Guid"}},
            "Other": {"properties": {"genuine--": {}}},
            "Sort": {"oneOf": [{"enum": ["minus_name--"], "x-wire-names": {"minus_name--": "-name"}}]},
        }}}))
        .unwrap()
    }

    const CODE: &str = r#"
        fn list_as<'a>(c: char) { header_map.append("new_param--", value);
            .query(&progenitor_client::QueryParam::new("type_param--", &type_param))
            .query(&progenitor_client::QueryParam::new("other", &other)) }
        fn match_() { Err("type_param was not initialized");
            & progenitor_client :: QueryParam :: new ( "type_param---" , & type_param) }
        /// Sends `/a/{url_param--}`, not guid_2--. "--"
        pub struct Media { #[serde(rename = "guid_2--", default)] pub guid_2: i64 }
        impl<'de> ::serde::Deserialize<'de> for super::Other { rename = "genuine--" }
        pub enum SortVariant0 { #[serde(rename = "minus_name--")] MinusName }
        impl ::std::fmt::Display for SortVariant0 { write_str("minus_name--") }
    "#;

    #[test]
    fn literals_of_renamed_names_are_wire_names() {
        let restored = restore_wire_names(CODE, &document()).unwrap();
        let wanted = CODE
            .replace(r#""new_param--""#, r#""New""#)
            .replace(r#""type_param--""#, r#""ty\"pe""#)
            .replace(r#""type_param---""#, r#""type""#)
            .replace("`/a/{url_param--}`", "`/a/{url}`")
            .replace("\"guid_2--\"", "\"Guid\"")
            .replace("\"minus_name--\"", "\"-name\"");
        assert_eq!(restored, wanted);
    }

    #[test]
    fn other_code_is_an_error() {
        for name in ["new_param--", "type_param---", "guid_2--", "minus_name--"] {
            let code = CODE.replace(&format!("\"{name}\""), "\"x\"");
            let error = restore_wire_names(&code, &document()).unwrap_err();
            assert!(
                error.to_string().contains(&format!("the name {name},")),
                "{error}"
            );
        }
    }

    #[test]
    fn mocks_match_wire_names() {
        let code = r#"self.0.query_param("type_param--", v); self.0.header("new_param--", v);
            self.0 . query_param ("type_param---", v); self.0.query_param_missing("type_param--");"#;
        let restored = restore_mock_wire_names(code, &document()).unwrap();
        for (name, times) in [("\"ty\\\"pe\"", 2), ("\"New\"", 1), ("\"type\"", 1)] {
            assert_eq!(restored.matches(name).count(), times, "{name}: {restored}");
        }
        assert!(restore_mock_wire_names("", &document()).is_err());
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in ["--\"", "\"--\"", "é--\"", "\"a--\"b--\"", "--"] {
            let restored = restore_wire_names(text, &Document::from_value(json!({})).unwrap());
            assert_eq!(restored.unwrap(), text);
        }
    }
}
