//! Parameters, properties and enum values for which the generator has no name
//! of their own, or a poor one: they are renamed in the document, and marks keep
//! their wire names ([`rust_names`] tells how).

use std::collections::{BTreeMap, HashMap, HashSet};

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::{enums::VARNAMES, parameters::template_names, tolerate::OPEN};
use crate::{
    Pointer, Report, Subject,
    rust_names::{self, MARK, WIRE_NAME, WIRE_NAMES},
    walk,
};

/// Names of generated code: a function that a method calls and a variable that
/// it has before it reads its arguments, methods of a builder and of a mock's
/// matcher.
const RESERVED: [&str; 5] = ["encode_path", "header_map", "into_inner", "new", "send"];

/// Names that the request body takes, where there is one.
const OF_BODY: [&str; 2] = ["body", "body_map"];

/// Renames what has the Rust name of another, a reserved one, or none.
pub(super) fn rename(document: &mut Value, report: &mut Report) {
    let mut names = MarkedNames::default();
    parameters(document, &mut names, report);
    walk::schemas(document, &mut |value, at| {
        let Value::Object(schema) = value else { return };
        properties(schema, at, &mut names, report);
        let component = at.as_str().strip_prefix("/components/schemas/");
        if let Some(name) = component.filter(|name| !name.contains('/')) {
            enum_values(schema, name, at, &mut names, report);
        }
    });
}

/// The wire name that each name with a [`MARK`] stands for.
#[derive(Default)]
struct MarkedNames(HashMap<String, String>);

impl MarkedNames {
    /// The name that gives this identifier and stands for this wire name only.
    fn mark(&mut self, identifier: &str, wire: &str) -> String {
        let mut name = format!("{identifier}{MARK}");
        while self.0.get(&name).is_some_and(|other| other != wire) {
            name.push('-');
        }
        self.0.insert(name.clone(), wire.to_owned());
        name
    }
}

/// Renames parameters: `new` becomes `new_param`, or `new_param_2`. Those of a
/// path have the first choice, and one name in all its operations.
fn parameters(document: &mut Value, names: &mut MarkedNames, report: &mut Report) {
    let at = Pointer::root().join("paths");
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    for (path, mut item) in std::mem::take(paths) {
        let reserved = RESERVED.into_iter().chain(OF_BODY);
        let mut used: HashSet<String> = reserved.map(str::to_owned).collect();
        let of_path = template_names(&path);
        let renamed = distinct_arguments(&of_path, &mut used);
        let in_path: BTreeMap<&str, Option<String>> = of_path.into_iter().zip(renamed).collect();
        let mut template = path.clone();
        for (wire, name) in &in_path {
            if let Some(name) = name {
                let name = names.mark(name, wire);
                template = template.replace(&format!("{{{wire}}}"), &format!("{{{name}}}"));
            }
        }
        for method in walk::METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else {
                continue;
            };
            let mut used = used.clone();
            if !operation.contains_key("requestBody") {
                used.retain(|name| !OF_BODY.contains(&name.as_str()));
            }
            let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
                continue;
            };
            let others = parameters.iter().filter(|p| p["in"] != "path");
            let others: Vec<&str> = others.map(name_of).collect();
            let mut others = distinct_arguments(&others, &mut used).into_iter();
            let at = at.join(&path).join(method).join("parameters");
            for (index, parameter) in parameters.iter_mut().enumerate() {
                let wire = name_of(parameter).to_owned();
                let name = if parameter["in"] == "path" {
                    in_path.get(&*wire).cloned()
                } else {
                    others.next()
                };
                if let Some(name) = name.flatten() {
                    let note = format!("named {name} in Rust, and sent as {wire:?}");
                    report.changed(&at.join(index), note);
                    parameter["name"] = json!(names.mark(&name, &wire));
                    parameter[WIRE_NAME] = json!(wire);
                }
            }
        }
        if template != path {
            report.moved_whole(&at.join(&template), &at.join(&path));
        }
        paths.insert(template, item);
    }
}

fn distinct_arguments(names: &[&str], used: &mut HashSet<String>) -> Vec<Option<String>> {
    rust_names::distinct_in_snake_case(names, rust_names::function, "_param", used)
}

fn name_of(parameter: &Value) -> &str {
    parameter["name"].as_str().unwrap_or_default()
}

/// Renames properties that would be one field: `Guid` beside `guid` is `guid_2`
/// in Rust.
fn properties(
    schema: &mut Map<String, Value>,
    at: &Pointer,
    names: &mut MarkedNames,
    report: &mut Report,
) {
    let Some(Value::Object(declared)) = schema.get("properties") else {
        return;
    };
    let additional = schema.get("additionalProperties");
    // The field with all that is not declared.
    let extra = additional.filter(|entries| entries.is_object());
    let mut used = extra.map(|_| "extra".to_owned()).into_iter().collect();
    // A property that is required and not declared becomes a field as well.
    let required = schema.get("required").and_then(Value::as_array);
    let required = required.into_iter().flatten().filter_map(Value::as_str);
    let undeclared = required.filter(|name| !declared.contains_key(*name));
    let declared = declared.keys().map(String::as_str);
    let wire: Vec<&str> = declared.chain(undeclared).collect();
    let fields = rust_names::distinct_in_snake_case(&wire, rust_names::field, "", &mut used);
    let at = at.join("properties");
    let mut renamed = BTreeMap::new();
    for (wire, field) in wire.into_iter().zip(fields) {
        if let Some(field) = field {
            let name = names.mark(&field, wire);
            let note = format!("named {field} in Rust; {wire:?} in JSON");
            report.changed(&at.join(wire), note);
            report.moved(&at.join(&name), &at.join(wire));
            renamed.insert(wire.to_owned(), name);
        }
    }
    if renamed.is_empty() {
        return;
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        *properties = std::mem::take(properties)
            .into_iter()
            .map(|(name, property)| (renamed.get(&name).cloned().unwrap_or(name), property))
            .collect();
    }
    keep_wire_names(schema, "required", renamed);
}

/// Renames values of a named enum of strings for which the generator has another
/// variant than they should have: `16:9` is `Ratio16x9`.
fn enum_values(
    schema: &mut Map<String, Value>,
    enum_name: &str,
    at: &Pointer,
    names: &mut MarkedNames,
    report: &mut Report,
) {
    let Some(Value::Array(values)) = schema.get("enum") else {
        return;
    };
    let strings = values.iter().filter(|value| !value.is_null());
    let Some(strings) = strings.map(Value::as_str).collect::<Option<Vec<_>>>() else {
        return;
    };
    let chosen = schema.get(VARNAMES).cloned().unwrap_or_default();
    let chosen = |value: &str| chosen[value].as_str().map(str::to_owned);
    let is_open = schema.get(OPEN) == Some(&json!(true));
    let unknown = is_open.then(|| rust_names::UNKNOWN.to_owned());
    let mut used = unknown.into_iter().collect();
    let variants = rust_names::distinct_variants(enum_name, &strings, chosen, &mut used);
    let (mut renamed, mut notes) = (BTreeMap::new(), Vec::new());
    for (value, variant) in strings.into_iter().zip(variants) {
        if let Some(chosen) = chosen(value).filter(|chosen| *chosen != variant) {
            let note = format!("{value:?} is {variant}, not {chosen}, which is taken");
            let at = at.join(VARNAMES);
            report.lost(Subject::Annotation, &at, note);
        }
        if rust_names::pascal(value) != variant {
            notes.push(format!("{value:?} is {variant}"));
            let name = names.mark(&variant.to_snake_case(), value);
            renamed.insert(value.to_owned(), name);
        }
    }
    schema.shift_remove(VARNAMES);
    if renamed.is_empty() {
        return;
    }
    report.changed(&at.join("enum"), notes.join(", "));
    keep_wire_names(schema, "enum", renamed);
}

/// Renames the strings that a keyword lists, and marks the schema with the wire
/// names of what was renamed in it.
fn keep_wire_names(
    schema: &mut Map<String, Value>,
    keyword: &str,
    renamed: BTreeMap<String, String>,
) {
    let values = schema.get_mut(keyword).and_then(Value::as_array_mut);
    for value in values.into_iter().flatten() {
        if let Some(name) = value.as_str().and_then(|value| renamed.get(value)) {
            *value = json!(name);
        }
    }
    let names = renamed.into_iter().map(|(wire, name)| (name, json!(wire)));
    schema.insert(WIRE_NAMES.into(), names.collect());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(mut document: Value) -> (Value, Report) {
        let mut report = Report::new();
        rename(&mut document, &mut report);
        (document, report)
    }

    fn names(parameters: &Value) -> Vec<(&str, Option<&str>)> {
        let parameters = parameters.as_array().into_iter().flatten();
        parameters
            .map(|p| (name_of(p), p[WIRE_NAME].as_str()))
            .collect()
    }

    #[test]
    fn reserved_and_equal_parameters_are_renamed_and_keep_their_wire_name() {
        let query = |name: &str| json!({"name": name, "in": "query"});
        let (document, report) = renamed(json!({"paths": {"/a": {"post": {
            "requestBody": {},
            "parameters": [query("Client"), query("client"), query("client_param"), query("a[b]"), query("a.b"),
                query("body"), query("new"), query("type"), query("+1"), query("-1"), query("url"), query("1"),
                query("-client")],
        }}}}));
        assert_eq!(
            names(&document["paths"]["/a"]["post"]["parameters"]),
            [
                ("client_param_2--", Some("Client")),
                ("client", None),
                ("client_param", None),
                ("a[b]", None),
                ("a_b_param--", Some("a.b")),
                ("body_param--", Some("body")),
                ("new_param--", Some("new")),
                ("type", None),
                ("+1", None),
                ("-1", None),
                ("url", None),
                ("1", None),
                ("minus_client--", Some("-client")),
            ]
        );
        assert_eq!(report.losses().count(), 0);
        assert_eq!(report.entries().len(), 5);
    }

    #[test]
    fn path_parameters_are_renamed_with_their_template() {
        let path = |name: &str| json!({"name": name, "in": "path", "required": true});
        let (document, _) = renamed(json!({"paths": {
            "/a/{new}/{id}": {
                "get": {"parameters": [path("new"), path("id"), {"name": "id", "in": "query"}]},
                "put": {"parameters": [{"name": "new_param", "in": "query"}, path("new"), path("id")]},
            },
            "/b/{send}": {"get": {"parameters": [path("send")]}},
            "/b/{send_param}": {"get": {"parameters": [path("send_param")]}},
        }}));
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(
            paths.keys().collect::<Vec<_>>(),
            [
                "/a/{new_param--}/{id}",
                "/b/{send_param--}",
                "/b/{send_param}"
            ]
        );
        let item = &paths["/a/{new_param--}/{id}"];
        assert_eq!(
            names(&item["get"]["parameters"]),
            [
                ("new_param--", Some("new")),
                ("id", None),
                ("id_param--", Some("id")),
            ]
        );
        assert_eq!(
            names(&item["put"]["parameters"])[0],
            ("new_param_param--", Some("new_param"))
        );
    }

    #[test]
    fn properties_of_one_field_are_renamed() {
        let (document, report) = renamed(json!({"components": {"schemas": {
            "A": {
                "required": ["Guid", "GUID"], "additionalProperties": {},
                "properties": {"Guid": {}, "guid": {"type": "string"}, "extra": {}, "-id": {}, "id": {}, "+1": {}, "-1": {}},
            },
            "U": {"oneOf": [
                {"properties": {"a_b": {}, "aB": {}}},
                {"properties": {"a_b": {}, "a-b": {}}},
            ]},
            "Fine": {"properties": {"type": {}, "@id": {}}},
        }}}));
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["A"],
            json!({
                "required": ["guid_2--", "guid_3--"], "additionalProperties": {},
                "properties": {"guid_2--": {}, "guid": {"type": "string"}, "extra_2--": {}, "minus_id--": {}, "id": {}, "+1": {}, "-1": {}},
                "x-wire-names": {"extra_2--": "extra", "guid_2--": "Guid", "guid_3--": "GUID", "minus_id--": "-id"},
            })
        );
        assert_eq!(
            schemas["U"]["oneOf"],
            json!([
                {"properties": {"a_b": {}, "a_b_2--": {}}, "x-wire-names": {"a_b_2--": "aB"}},
                {"properties": {"a_b": {}, "a_b_2---": {}}, "x-wire-names": {"a_b_2---": "a-b"}},
            ])
        );
        assert_eq!(
            schemas["Fine"],
            json!({"properties": {"type": {}, "@id": {}}})
        );
        assert_eq!(report.losses().count(), 0);
    }

    #[test]
    fn values_of_one_variant_are_renamed() {
        let (document, report) = renamed(json!({"components": {"schemas": {
            "Order": {"enum": ["name", "-name", "NAME", null]},
            "Ratio": {"x-open-enum": true, "enum": ["16:9", "unknown", "other"]},
            "Fine": {"enum": ["a", "b c", "unknown"]},
            "Size": {"enum": [1, 2], "x-enum-varnames": ["One", "Two"]},
        }}}));
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "Order": {"enum": ["name", "minus_name--", "name_upper--", null],
                          "x-wire-names": {"minus_name--": "-name", "name_upper--": "NAME"}},
                "Ratio": {"x-open-enum": true, "enum": ["ratio16x9--", "unknown_value--", "other"],
                          "x-wire-names": {"ratio16x9--": "16:9", "unknown_value--": "unknown"}},
                "Fine": {"enum": ["a", "b c", "unknown"]},
                "Size": {"enum": [1, 2], "x-enum-varnames": ["One", "Two"]},
            })
        );
        assert_eq!(report.losses().count(), 0);
        assert_eq!(report.entries().len(), 2);
    }

    #[test]
    fn chosen_variant_that_is_taken_is_reported() {
        let (document, report) = renamed(json!({"components": {"schemas": {"A": {
            "x-open-enum": true, "enum": ["a"], "x-enum-varnames": {"a": "Unknown"},
        }}}}));
        assert_eq!(document["components"]["schemas"]["A"]["enum"], json!(["a"]));
        let losses: Vec<_> = report.losses().map(|loss| loss.note.as_str()).collect();
        assert_eq!(losses, ["\"a\" is A, not Unknown, which is taken"]);
    }
}
