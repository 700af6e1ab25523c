//! Wire names of renamed parameters, properties and enum values, restored in the
//! text of generated code: build scripts have no pass over its syntax tree.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::{
    Document, Error,
    rust_names::{self, WIRE_NAME, WIRE_NAMES},
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
    let mut edits = Edits::default();
    let operations = renamed_parameters(prepared);
    let types = Types::of(prepared);
    let mut found: HashSet<(&str, &str)> = HashSet::new();
    let mut done: HashSet<&str> = HashSet::new();
    // The literals that may be names, up to the operation they belong to: the
    // generated method names its parameters before it names the operation.
    let mut sent: Vec<(Literal<'_>, bool)> = Vec::new();
    for (literal, item) in literals(code) {
        match literal.role(code) {
            Role::Query => sent.push((literal, false)),
            Role::Header => sent.push((literal, true)),
            Role::Operation => {
                if let Some((id, parameters)) = operations.get_key_value(literal.text) {
                    done.insert(id);
                    for parameter in parameters {
                        let mut names = sent.iter().filter(|(name, header)| {
                            name.text == parameter.name && *header == parameter.header
                        });
                        let (Some((name, _)), None) = (names.next(), names.next()) else {
                            return Err(unexpected(id, &parameter.name));
                        };
                        edits.replace(name, &parameter.wire);
                    }
                }
                sent.clear();
            }
            Role::Other => {
                if let Some((component, name, wire)) = types.get(item, literal.text) {
                    found.insert((component, name));
                    edits.replace(&literal, wire);
                }
            }
        }
    }
    if let Some((id, parameters)) = operations
        .iter()
        .find(|(id, _)| !done.contains(id.as_str()))
    {
        return Err(unexpected(id, parameters.first().map_or("", |p| &p.name)));
    }
    if let Some((component, name)) = types.names().find(|name| !found.contains(name)) {
        return Err(unexpected(component, name));
    }
    let mut restored = edits.apply(code);
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
    let mut edits = Edits::default();
    let operations = renamed_parameters(prepared.as_value());
    let matchers: HashMap<String, &Vec<Parameter>> = operations
        .iter()
        .map(|(id, parameters)| (rust_names::pascal(&format!("{id}-when")), parameters))
        .collect();
    let mut matched: HashMap<(&str, &str), usize> = HashMap::new();
    for (literal, item) in literals(code) {
        let header = match literal.role(code) {
            Role::Query => false,
            Role::Header => true,
            _ => continue,
        };
        let Some((matcher, parameters)) = matchers.get_key_value(item) else {
            continue;
        };
        let mut parameters = parameters.iter();
        if let Some(p) = parameters.find(|p| p.name == literal.text && p.header == header) {
            *matched.entry((matcher, &p.name)).or_default() += 1;
            edits.replace(&literal, &p.wire);
        }
    }
    for (matcher, parameters) in &matchers {
        for parameter in *parameters {
            // An optional parameter may be matched as absent, too.
            let wanted = 1 + usize::from(parameter.optional);
            if matched.get(&(matcher.as_str(), parameter.name.as_str())) != Some(&wanted) {
                return Err(unexpected(matcher, &parameter.name));
            }
        }
    }
    Ok(edits.apply(code))
}

fn unexpected(of: &str, name: &str) -> Error {
    Error::new(format!(
        "the code of {of} does not have the name {name} as often as expected"
    ))
    .remedy("give the document that the code was generated from, and the code as progenitor 0.15 generated it")
}

/// Replaced literals.
#[derive(Default)]
struct Edits(Vec<(usize, usize, String)>);

impl Edits {
    fn replace(&mut self, literal: &Literal<'_>, by: &str) {
        self.0.push((literal.start, literal.end, format!("{by:?}")));
    }

    fn apply(mut self, code: &str) -> String {
        // The generator sends parameters in an order of its own.
        self.0.sort_unstable();
        let mut edited = String::with_capacity(code.len());
        let mut copied = 0;
        for (start, end, by) in self.0 {
            edited.push_str(&code[copied..start]);
            edited.push_str(&by);
            copied = end;
        }
        edited.push_str(&code[copied..]);
        edited
    }
}

/// A parameter that is sent by name.
struct Parameter {
    name: String,
    wire: String,
    header: bool,
    optional: bool,
}

/// The renamed parameters of each operation, by its Rust name.
fn renamed_parameters(document: &Value) -> HashMap<String, Vec<Parameter>> {
    let none = Map::new();
    let mut found = HashMap::new();
    let items = document["paths"].as_object().unwrap_or(&none).values();
    for operation in items.flat_map(|item| item.as_object().unwrap_or(&none).values()) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let parameters: Vec<_> = parameters
            .filter(|p| p["in"] != "path")
            .filter_map(|p| {
                Some(Parameter {
                    name: p["name"].as_str()?.to_owned(),
                    wire: p[WIRE_NAME].as_str()?.to_owned(),
                    header: p["in"] == "header",
                    optional: p["required"] != true,
                })
            })
            .collect();
        if let (Some(id), false) = (operation["operationId"].as_str(), parameters.is_empty()) {
            found.insert(rust_names::function(id), parameters);
        }
    }
    found
}

/// The path templates with renamed parameters, as prepared and as the server has
/// them.
pub fn wire_paths(prepared: &Value) -> HashMap<String, String> {
    let none = Map::new();
    let mut paths = HashMap::new();
    for (path, item) in prepared["paths"].as_object().unwrap_or(&none) {
        let operations = item.as_object().into_iter().flat_map(Map::values);
        let parameters = operations.filter_map(|operation| operation["parameters"].as_array());
        let mut wire = path.clone();
        for parameter in parameters.flatten().filter(|p| p["in"] == "path") {
            let names = (parameter["name"].as_str(), parameter[WIRE_NAME].as_str());
            if let (Some(name), Some(old)) = names {
                wire = wire.replace(&format!("{{{name}}}"), &format!("{{{old}}}"));
            }
        }
        if wire != *path {
            paths.insert(path.clone(), wire);
        }
    }
    paths
}

/// The renamed properties and enum values of the components.
struct Types<'a> {
    components: HashSet<&'a str>,
    renamed: HashMap<&'a str, HashMap<&'a str, &'a str>>,
}

impl<'a> Types<'a> {
    fn of(document: &'a Value) -> Self {
        let schemas = document.pointer("/components/schemas");
        let schemas = || schemas.and_then(Value::as_object).into_iter().flatten();
        let renamed = schemas().filter_map(|(name, schema)| {
            let mut names = HashMap::new();
            walk::each(schema, &mut |part| {
                let marks = part.get(WIRE_NAMES).and_then(Value::as_object);
                let marks = marks.into_iter().flatten();
                names
                    .extend(marks.filter_map(|(name, wire)| Some((name.as_str(), wire.as_str()?))));
            });
            (!names.is_empty()).then_some((name.as_str(), names))
        });
        Self {
            renamed: renamed.collect(),
            components: schemas().map(|(name, _)| name.as_str()).collect(),
        }
    }

    /// The component, name and wire name of a literal in the code of an item.
    fn get(&self, item: &str, literal: &str) -> Option<(&'a str, &'a str, &'a str)> {
        let of = |component: &str| {
            let (component, names) = self.renamed.get_key_value(component)?;
            let (name, wire) = names.get_key_value(literal)?;
            Some((*component, *name, *wire))
        };
        if self.components.contains(item) {
            return of(item);
        }
        // A type of the generator's own, for a part of a component.
        let owners = self.renamed.keys().filter(|name| item.starts_with(**name));
        owners
            .filter_map(|name| of(name))
            .max_by_key(|found| found.0.len())
    }

    /// Each component with a name in it.
    fn names(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let of = |(component, names): (&&'a str, &HashMap<&'a str, &'a str>)| {
            let component = *component;
            let names: Vec<&'a str> = names.keys().copied().collect();
            names.into_iter().map(move |name| (component, name))
        };
        self.renamed.iter().flat_map(of)
    }
}

/// A string literal: where it is, quotes included, and what is between them.
struct Literal<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

enum Role {
    /// The name of a query parameter.
    Query,
    /// The name of a header parameter.
    Header,
    /// The name of the operation.
    Operation,
    Other,
}

impl Literal<'_> {
    /// What the literal is, by what is before it.
    fn role(&self, code: &str) -> Role {
        const LONGEST: usize = ".query_param_missing(".len();
        let mut before: Vec<u8> = code.as_bytes()[..self.start]
            .iter()
            .rev()
            .filter(|b| !b.is_ascii_whitespace())
            .take(LONGEST)
            .copied()
            .collect();
        before.reverse();
        let is = |calls: &[&str]| calls.iter().any(|call| before.ends_with(call.as_bytes()));
        if is(&["QueryParam::new(", ".query_param(", ".query_param_missing("]) {
            Role::Query
        } else if is(&["header_map.append(", ".header(", ".header_missing("]) {
            Role::Header
        } else if is(&["operation_id:"]) {
            Role::Operation
        } else {
            Role::Other
        }
    }
}

/// The string literals of code, but for raw ones, bytes and comments, each with
/// the name of the type whose definition or `impl` it is in.
fn literals(code: &str) -> impl Iterator<Item = (Literal<'_>, &str)> {
    let bytes = code.as_bytes();
    let mut at = 0;
    let mut item = "";
    let mut before = "";
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let rest = &bytes[at..];
            match rest {
                [b'/', b'/', ..] => at += until(rest, b"\n", 0),
                [b'/', b'*', ..] => at += until(rest, b"*/", 2),
                [b'\'', b'\\', ..] => at += until(rest, b"'", 3),
                [b'\'', ..] => at += character(&code[at..]),
                [b'"', ..] => {
                    let length = quoted(rest);
                    let start = at;
                    at += length;
                    let text = code.get(start + 1..at - 1).unwrap_or_default();
                    let end = at;
                    return Some((Literal { start, end, text }, item));
                }
                [first, ..] if is_letter(*first) => {
                    let length = rest.iter().take_while(|b| is_letter(**b)).count();
                    let word = &code[at..at + length];
                    let names_item = matches!(before, "struct" | "enum" | "impl" | "for");
                    if names_item && !matches!(word, "super" | "crate" | "self") {
                        item = word;
                    }
                    if !names_item || item == word {
                        before = word;
                    }
                    at += length;
                    let opens = matches!(bytes.get(at), Some(b'"' | b'#'));
                    if opens && matches!(word, "r" | "br" | "cr") {
                        at += raw(&bytes[at - 1..]) - 1;
                    }
                }
                _ => at += 1,
            }
        }
        None
    })
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// How far it is to the end of what closes, from behind what opens.
fn until(rest: &[u8], end: &[u8], from: usize) -> usize {
    let found = rest[from.min(rest.len())..]
        .windows(end.len())
        .position(|window| window == end);
    found.map_or(rest.len(), |found| found + from + end.len())
}

/// The length of a raw string; of a raw identifier, that of its `r#`.
fn raw(rest: &[u8]) -> usize {
    let hashes = rest[1..].iter().take_while(|b| **b == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return 1 + hashes;
    }
    let end = [b"\"", "#".repeat(hashes).as_bytes()].concat();
    until(rest, &end, 2 + hashes)
}

/// The length of a character in quotes; of a lifetime, that of its quote.
fn character(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(2);
    match characters.next() {
        Some((at, '\'')) => at + 1,
        _ => 1,
    }
}

fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let parameter = |name: &str, place: &str, wire: &str| json!({"name": name, "in": place, "x-wire-name": wire});
        Document::from_value(json!({"paths": {
            "/a/{url_param}": {"get": {"operationId": "listAs", "parameters": [
                parameter("url_param", "path", "url"),
                parameter("type_param", "query", "ty\"pe"),
                parameter("new_param", "header", "New"),
                {"name": "other", "in": "query"},
            ]}},
            "/b": {"get": {"operationId": "match", "parameters": [parameter("type_param", "query", "type")]}},
        }, "components": {"schemas": {
            "Media": {"properties": {"guid-2": {}}, "x-wire-names": {"guid-2": "Guid"}},
            "Other": {"properties": {"guid-2": {}}},
            "Sort": {"oneOf": [{"enum": ["minus_name"], "x-wire-names": {"minus_name": "-name"}}]},
        }}}))
        .unwrap()
    }

    const CODE: &str = r##"
        #[serde(rename = "type_param")] // "type_param"
        /* QueryParam::new("type_param" */
        fn list<'a>(c: char) { let x = ['"', '\'', '\u{22}']; let r#type = br#"QueryParam::new("type_param")"#;
            header_map.append("new_param", value);
            .query(&progenitor_client::QueryParam::new("type_param", &type_param))
            .query(&progenitor_client::QueryParam::new("other", &other))
            OperationInfo { operation_id: "list_as" } }
        fn b() { Err("type_param was not initialized \" (\"type_param\"");
            & progenitor_client :: QueryParam :: new (
                "type_param" , & type_param) ; OperationInfo { operation_id : "match_" , } }
        fn c() { QueryParam::new("type_param", &t); OperationInfo { operation_id: "c" } }
        /// Sends `/a/{url_param}`, not guid-2.
        pub struct Media { #[serde(rename = "guid-2", default)] pub guid_2: i64 }
        impl<'de> ::serde::Deserialize<'de> for super::Other { rename = "guid-2" }
        pub enum SortVariant0 { #[serde(rename = "minus_name")] MinusName }
        impl ::std::fmt::Display for SortVariant0 { write_str("minus_name") }
    "##;

    #[test]
    fn names_are_restored_where_their_operation_sends_them() {
        let restored = restore_wire_names(CODE, &document()).unwrap();
        let wanted = CODE
            .replace(r#"append("new_param""#, r#"append("New""#)
            .replacen(
                "client::QueryParam::new(\"type_param\"",
                "client::QueryParam::new(\"ty\\\"pe\"",
                1,
            )
            .replace(
                "                \"type_param\" ,",
                "                \"type\" ,",
            )
            .replace("`/a/{url_param}`", "`/a/{url}`")
            .replacen("\"guid-2\"", "\"Guid\"", 1)
            .replace("\"minus_name\"", "\"-name\"");
        assert_eq!(restored, wanted);
    }

    #[test]
    fn other_code_is_an_error() {
        for (from, to) in [
            ("\"new_param\"", "\"x\""),
            ("\"match_\"", "\"x\""),
            ("\"other\"", "\"type_param\""),
            ("header_map.append", "other_map.append"),
            ("struct Media", "struct Video"),
            ("\"minus_name\"", "\"-name\""),
        ] {
            let code = CODE.replace(from, to);
            let error = restore_wire_names(&code, &document())
                .unwrap_err()
                .to_string();
            assert!(error.contains("as often as expected"), "{error}");
        }
    }

    #[test]
    fn mocks_match_wire_names() {
        let code = r#"impl ListAsWhen {
            fn a() { self.0.query_param("type_param", v); self.0.query_param_missing("type_param"); }
            fn b() { self.0.header("new_param", v); self.0.header_missing("new_param") } }
            impl MatchWhen { fn a() { query_param("type_param"); self.0 . query_param ("type_param", v);
                .query_param_missing("type_param") } }
            impl Other { fn a() { .query_param("type_param") } }"#;
        let restored = restore_mock_wire_names(code, &document()).unwrap();
        for (name, times) in [
            ("\"ty\\\"pe\"", 2),
            ("\"New\"", 2),
            ("\"type\"", 2),
            ("\"type_param\"", 2),
        ] {
            assert_eq!(restored.matches(name).count(), times, "{name}: {restored}");
        }
        let code = code.replace("header_missing", "other");
        assert!(restore_mock_wire_names(&code, &document()).is_err());
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in [
            "\"",
            "\"\\",
            "'",
            "'\\",
            "r#\"",
            "/*",
            "'é'\"é\"",
            "br##\"\"#",
            "r",
        ] {
            assert!(restore_wire_names(text, &Document::from_value(json!({})).unwrap()).is_ok());
        }
    }
}
