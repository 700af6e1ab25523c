//! Parameters, properties and enum values for which the generator has no name
//! of their own, or a poor one: they are renamed in the document, and marks keep
//! their wire names ([`rust_names`] tells how).

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::{rule, shapes::VARNAMES, tolerate::OPEN};
use crate::{
    Pointer, Report, Subject,
    rust_names::{self, WIRE_NAME, WIRE_NAMES},
    walk,
};

/// Names of generated code: a function that a method calls and a variable that
/// it has before it reads its arguments, methods of a builder and of a mock's
/// matcher.
const RESERVED: [&str; 5] = ["encode_path", "header_map", "into_inner", "new", "send"];

/// Names that the request body takes, where there is one.
const OF_BODY: [&str; 2] = ["body", "body_map"];

/// The extension by which the generator writes a method `stream` as well.
const PAGINATION: &str = "x-dropshot-pagination";

/// Reads the variants that a document names, in the order of the values. A list
/// that does not name each value once is ignored; of strings it becomes an object
/// by value.
pub(super) fn variant_names(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(schema) = schema else {
        return;
    };
    let Some(given) = schema.shift_remove(VARNAMES) else {
        return;
    };
    let values = schema.get("enum").and_then(Value::as_array);
    let values = values.map_or(&[][..], Vec::as_slice);
    match variants_of(&given, values) {
        Ok(names) => {
            let strings = values.iter().map(Value::as_str);
            let by_value = strings.zip(&names).filter(|(_, name)| !name.is_null());
            let by_value = by_value.map(|(value, name)| Some((value?.to_owned(), name.clone())));
            let by_value: Option<Map<String, Value>> = by_value.collect();
            let names = by_value.map_or(Value::Array(names), Value::Object);
            schema.insert(VARNAMES.into(), names);
        }
        Err(why) => {
            let at = at.join(VARNAMES);
            report.lost(Subject::Annotation, rule("variant-name"), &at, why);
        }
    }
}

/// The variant of each value; null has none.
fn variants_of(given: &Value, values: &[Value]) -> Result<Vec<Value>, String> {
    let Value::Array(given) = given else {
        return Err("ignored: not an array of names".into());
    };
    if given.len() != values.len() {
        let (names, values) = (given.len(), values.len());
        return Err(format!("ignored: {names} names for {values} values"));
    }
    let mut seen = HashSet::new();
    let variants = given.iter().zip(values).map(|(name, value)| {
        let name = name.as_str().unwrap_or_default();
        let variant = rust_names::fixed_pascal(name);
        if value.is_null() {
            Ok(Value::Null)
        } else if !name.contains(char::is_alphanumeric) {
            Err(format!("ignored: {name:?} is not a name"))
        } else if seen.insert(variant.clone()) {
            Ok(json!(variant))
        } else {
            Err(format!("ignored: two values are named {variant}"))
        }
    });
    variants.collect()
}

/// Renames what has the Rust name of another, a reserved one, or none.
pub(super) fn rename(document: &mut Value, report: &mut Report) {
    path_parameters(document, report);
    parameters(document, report);
    let mut keys = HashMap::new();
    walk::schemas(document, &mut |schema, at| {
        let Value::Object(schema) = schema else {
            return;
        };
        let mut tokens = at.as_str().split('/').skip(3);
        let component = tokens.next().unwrap_or_default();
        properties(schema, component, at, &mut keys, report);
        if tokens.next().is_none() {
            enum_values(schema, component, at, report);
        }
    });
}

/// Parameters that are not in the path: `new` becomes `new_param`, or
/// `new_param_2`.
fn parameters(document: &mut Value, report: &mut Report) {
    walk::operations(document, &mut |_, _, operation, at| {
        let mut used = reserved(operation);
        let at = at.join("parameters");
        let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
            return;
        };
        let (path, others): (Vec<_>, Vec<_>) = parameters
            .iter_mut()
            .enumerate()
            .partition(|(_, parameter)| parameter["in"] == "path");
        used.extend(path.iter().map(|(_, p)| rust_names::argument(name_of(p))));
        let wire: Vec<String> = others.iter().map(|(_, p)| name_of(p).to_owned()).collect();
        let wire: Vec<&str> = wire.iter().map(String::as_str).collect();
        let names = distinct_arguments(&wire, &mut used);
        for (((index, parameter), wire), name) in others.into_iter().zip(wire).zip(names) {
            if name != rust_names::argument(wire) {
                put(parameter, wire, &name);
                let note = format!("named {name} in Rust, and sent as {wire:?}");
                report.changed(rule("parameter-name"), &at.join(index), note);
            }
        }
    });
}

fn distinct_arguments(names: &[&str], used: &mut HashSet<String>) -> Vec<String> {
    rust_names::distinct_in_snake_case(names, rust_names::argument, "_param", used)
}

/// What no argument of an operation can be called.
fn reserved(operation: &Map<String, Value>) -> HashSet<String> {
    let of_body = OF_BODY
        .iter()
        .filter(|_| operation.contains_key("requestBody"));
    let stream = operation.get(PAGINATION).map(|_| "stream");
    let names = RESERVED.iter().chain(of_body).copied().chain(stream);
    names.map(str::to_owned).collect()
}

/// Renames parameters in path templates, in all operations of a path alike.
fn path_parameters(document: &mut Value, report: &mut Report) {
    let at = Pointer::root().join("paths");
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    let old = std::mem::take(paths);
    let mut taken: HashSet<String> = old.keys().cloned().collect();
    for (path, mut item) in old {
        let wire = super::parameters::template_names(&path);
        let wire: Vec<&str> = wire.iter().map(String::as_str).collect();
        let mut used: HashSet<String> = operations(&mut item)
            .flat_map(|(_, operation)| reserved(operation))
            .collect();
        let mut template = path.clone();
        for (wire, mut name) in wire.iter().zip(distinct_arguments(&wire, &mut used)) {
            if name == rust_names::argument(wire) {
                continue;
            }
            let with = |name: &str| template.replace(&braced(wire), &braced(name));
            while taken.contains(&with(&name)) {
                name.push_str("_param");
            }
            template = with(&name);
            for (method, operation) in operations(&mut item) {
                let parameters = operation
                    .get_mut("parameters")
                    .and_then(Value::as_array_mut);
                for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                    if parameter["in"] == "path" && name_of(parameter) == *wire {
                        put(parameter, wire, &name);
                        let at = at.join(&path).join(method).join("parameters").join(index);
                        let note = format!("named {name} in Rust and in the path template");
                        report.changed(rule("path-parameter-renamed"), &at, note);
                    }
                }
            }
        }
        if template != path {
            report.moved_whole(&at.join(&template), &at.join(&path));
            taken.insert(template.clone());
        }
        paths.insert(template, item);
    }
}

fn operations(item: &mut Value) -> impl Iterator<Item = (&str, &mut Map<String, Value>)> {
    item.as_object_mut()
        .into_iter()
        .flatten()
        .filter(|(method, _)| walk::METHODS.contains(&method.as_str()))
        .filter_map(|(method, operation)| Some((method.as_str(), operation.as_object_mut()?)))
}

fn braced(name: &str) -> String {
    format!("{{{name}}}")
}

fn name_of(parameter: &Value) -> &str {
    parameter["name"].as_str().unwrap_or_default()
}

fn put(parameter: &mut Value, wire: &str, name: &str) {
    parameter["name"] = json!(name);
    parameter[WIRE_NAME] = json!(wire);
}

/// The wire name of each new key, by component: a key stands for one wire name
/// in the whole of a component, as the generator may write all of it into one
/// type.
type Keys = HashMap<String, HashMap<String, String>>;

/// Renames properties that would be one field: `Guid` beside `guid` becomes
/// `guid-2`, which is `guid_2` in Rust.
fn properties(
    schema: &mut Map<String, Value>,
    component: &str,
    at: &Pointer,
    keys: &mut Keys,
    report: &mut Report,
) {
    let Some(Value::Object(declared)) = schema.get("properties") else {
        return;
    };
    let mut used = HashSet::new();
    if schema
        .get("additionalProperties")
        .is_some_and(Value::is_object)
    {
        // The field with all that is not declared.
        used.insert("extra".to_owned());
    }
    // A property that is required and not declared becomes a field as well.
    let required = schema.get("required").and_then(Value::as_array);
    let required = required.into_iter().flatten().filter_map(Value::as_str);
    let undeclared: Vec<&str> = required
        .filter(|name| !declared.contains_key(*name))
        .collect();
    let wire: Vec<&str> = declared
        .keys()
        .map(String::as_str)
        .chain(undeclared)
        .collect();
    let names = rust_names::distinct_in_snake_case(&wire, rust_names::field, "", &mut used);
    let mut renamed: HashMap<String, String> = HashMap::new();
    for (wire, name) in wire.into_iter().zip(names) {
        if name == rust_names::field(wire) {
            continue;
        }
        // Not the identifier itself: the generator writes the name of the
        // document beside the field only where the two differ.
        let mut key = name.replace('_', "-");
        let keys = keys.entry(component.to_owned()).or_default();
        while keys.get(&key).is_some_and(|other| other != wire) {
            key = key.replacen('-', "--", 1);
        }
        keys.insert(key.clone(), wire.to_owned());
        let at = at.join("properties");
        let note = format!("named {name} in Rust; {wire:?} in JSON");
        report.changed(rule("property-name"), &at.join(wire), note);
        report.moved(&at.join(&key), &at.join(wire));
        renamed.insert(wire.to_owned(), key);
    }
    if renamed.is_empty() {
        return;
    }
    let new = |name: &str| renamed.get(name).cloned();
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        for name in required {
            if let Some(new) = name.as_str().and_then(new) {
                *name = json!(new);
            }
        }
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        *properties = std::mem::take(properties)
            .into_iter()
            .map(|(name, property)| (new(&name).unwrap_or(name), property))
            .collect();
    }
    let marks = renamed.into_iter().map(|(wire, key)| (key, json!(wire)));
    let marks: std::collections::BTreeMap<_, _> = marks.collect();
    schema.insert(WIRE_NAMES.into(), json!(marks));
}

/// Renames values of a named enum of strings for which the generator has another
/// variant than they should have: `16:9` becomes `ratio16x9`.
fn enum_values(schema: &mut Map<String, Value>, name: &str, at: &Pointer, report: &mut Report) {
    let Some(Value::Array(values)) = schema.get("enum") else {
        return;
    };
    let strings: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    if !values.iter().all(|v| v.is_string() || v.is_null()) {
        return;
    }
    let chosen = schema.get(VARNAMES).cloned().unwrap_or_default();
    let chosen = |value: &str| chosen[value].as_str().map(str::to_owned);
    let mut used = HashSet::new();
    if schema.get(OPEN) == Some(&json!(true)) {
        used.insert(rust_names::UNKNOWN.to_owned());
    }
    let variants = rust_names::distinct_variants(name, &strings, chosen, &mut used);
    let renamed: Map<String, Value> = strings
        .into_iter()
        .zip(&variants)
        .filter(|(value, variant)| rust_names::pascal(value) != **variant)
        .map(|(value, variant)| (variant.to_snake_case(), json!(value)))
        .collect();
    schema.shift_remove(VARNAMES);
    if renamed.is_empty() {
        return;
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        for value in values.iter_mut() {
            if let Some((new, _)) = renamed.iter().find(|(_, wire)| *wire == value) {
                *value = json!(new);
            }
        }
    }
    let told: Vec<String> = renamed
        .iter()
        .map(|(new, wire)| format!("{wire} is {}", rust_names::pascal(new)))
        .collect();
    report.changed(rule("variant-name"), &at.join("enum"), told.join(", "));
    schema.insert(WIRE_NAMES.into(), Value::Object(renamed));
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
                ("client_param_2", Some("Client")),
                ("client", None),
                ("client_param", None),
                ("a[b]", None),
                ("a_b_param", Some("a.b")),
                ("body_param", Some("body")),
                ("new_param", Some("new")),
                ("type", None),
                ("+1", None),
                ("-1", None),
                ("url", None),
                ("1", None),
                ("minus_client", Some("-client")),
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
                "/a/{new_param}/{id}",
                "/b/{send_param_param}",
                "/b/{send_param}"
            ]
        );
        let item = &paths["/a/{new_param}/{id}"];
        assert_eq!(
            names(&item["get"]["parameters"]),
            [
                ("new_param", Some("new")),
                ("id", None),
                ("id_param", Some("id")),
            ]
        );
        assert_eq!(
            names(&item["put"]["parameters"])[0],
            ("new_param_param", Some("new_param"))
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
                "required": ["guid-2", "guid-3"], "additionalProperties": {},
                "properties": {"guid-2": {}, "guid": {"type": "string"}, "extra-2": {}, "minus-id": {}, "id": {}, "+1": {}, "-1": {}},
                "x-wire-names": {"extra-2": "extra", "guid-2": "Guid", "guid-3": "GUID", "minus-id": "-id"},
            })
        );
        assert_eq!(
            schemas["U"]["oneOf"],
            json!([
                {"properties": {"a_b": {}, "a-b-2": {}}, "x-wire-names": {"a-b-2": "aB"}},
                {"properties": {"a_b": {}, "a--b-2": {}}, "x-wire-names": {"a--b-2": "a-b"}},
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
                "Order": {"enum": ["name", "minus_name", "name_upper", null],
                          "x-wire-names": {"minus_name": "-name", "name_upper": "NAME"}},
                "Ratio": {"x-open-enum": true, "enum": ["ratio16x9", "unknown_value", "other"],
                          "x-wire-names": {"ratio16x9": "16:9", "unknown_value": "unknown"}},
                "Fine": {"enum": ["a", "b c", "unknown"]},
                "Size": {"enum": [1, 2], "x-enum-varnames": ["One", "Two"]},
            })
        );
        assert_eq!(report.losses().count(), 0);
        assert_eq!(report.entries().len(), 2);
    }

    #[test]
    fn variants_are_named_by_the_document() {
        let read = |schema: Value| {
            let mut document = json!({"components": {"schemas": {"S": schema}}});
            let mut report = Report::new();
            super::super::of_schemas(&mut document, &[variant_names], &mut report);
            let given = document["components"]["schemas"]["S"][VARNAMES].take();
            rename(&mut document, &mut report);
            (given, report.losses().next().map(|loss| loss.note.clone()))
        };
        let names =
            |names: Value, values: Value| read(json!({"enum": values, "x-enum-varnames": names}));
        assert_eq!(
            names(
                json!(["P1080", "HTTP_OK", "none"]),
                json!(["1080p", "ok", null])
            ),
            (json!({"1080p": "P1080", "ok": "HttpOk"}), None)
        );
        assert_eq!(
            names(json!(["HTTP_OK", "none"]), json!([200, null])),
            (json!(["HttpOk", null]), None)
        );
        for (list, wanted) in [
            (json!(["A"]), "1 names for 2 values"),
            (json!(["A_B", "aB"]), "two values are named Ab"),
            (json!(["A", 1]), "\"\" is not a name"),
            (json!("A"), "not an array"),
        ] {
            let (given, loss) = names(list, json!(["a", "b"]));
            assert_eq!(given, Value::Null);
            assert!(
                loss.as_deref().is_some_and(|l| l.contains(wanted)),
                "{loss:?}"
            );
        }
    }
}
