//! Wire names of renamed parameters, properties and enum values, restored in the
//! text of generated code: build scripts have no pass over its syntax tree.

use std::collections::HashMap;

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
    let mut renamed = parameters(prepared, &|id| {
        // The method of the client, and the type of its builder.
        vec![rust_names::function(id), rust_names::pascal(id)]
    });
    renamed.extend(members(prepared));
    let mut restored = restore(code, prepared, &renamed, |_| 1)?;
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
    let prepared = prepared.as_value();
    let matcher = |id: &str| vec![rust_names::pascal(&format!("{id}-when"))];
    // An optional parameter may be matched as absent, too.
    let times = |renamed: &Renamed| 1 + usize::from(renamed.optional);
    restore(code, prepared, &parameters(prepared, &matcher), times)
}

/// A name in the prepared document that stands for a wire name.
struct Renamed {
    kind: Kind,
    /// The functions or types that may have it.
    scopes: Vec<String>,
    name: String,
    wire: String,
    optional: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Query,
    Header,
    /// A property or value of a type.
    Member,
}

fn restore(
    code: &str,
    document: &Value,
    renamed: &[Renamed],
    times: impl Fn(&Renamed) -> usize,
) -> Result<String, Error> {
    let mut by_scope = HashMap::new();
    for (index, one) in renamed.iter().enumerate() {
        for scope in &one.scopes {
            by_scope.insert((one.kind, scope.as_str(), one.name.as_str()), index);
        }
    }
    let schemas = &document["components"]["schemas"];
    let mut found = vec![0; renamed.len()];
    let mut restored = String::with_capacity(code.len());
    let mut copied = 0;
    for literal in literals(code) {
        let kind = literal.kind(code);
        let of = |scope: &str| by_scope.get(&(kind, scope, literal.text)).copied();
        // Functions of builders have names of their own.
        let index = match of(literal.item) {
            None if matches!(literal.item, "Client" | "") => of(literal.function),
            None if kind == Kind::Member && schemas.get(literal.item).is_none() => {
                // A type of the generator's own, for a part of a component.
                let ends = (1..literal.item.len()).rev();
                ends.filter_map(|end| literal.item.get(..end)).find_map(of)
            }
            index => index,
        };
        if let Some(index) = index {
            found[index] += 1;
            restored.push_str(&code[copied..literal.start]);
            restored.push_str(&format!("{:?}", renamed[index].wire));
            copied = literal.end;
        }
    }
    restored.push_str(&code[copied..]);
    for (one, found) in renamed.iter().zip(found) {
        let is_expected = match one.kind {
            Kind::Member => found > 0,
            _ => found == times(one),
        };
        if !is_expected {
            let (scope, name) = (one.scopes.first().map_or("", String::as_str), &one.name);
            return Err(Error::new(format!(
                "the code of {scope} has the name {name} {found} times, which is not expected"
            ))
            .remedy("give the document that the code was generated from, and the code as progenitor 0.15 generated it"));
        }
    }
    Ok(restored)
}

/// The renamed parameters that are sent by name; `scopes` has the code of an
/// operation.
fn parameters(document: &Value, scopes: &dyn Fn(&str) -> Vec<String>) -> Vec<Renamed> {
    let none = Map::new();
    let mut found = Vec::new();
    let items = document["paths"].as_object().unwrap_or(&none).values();
    for operation in items.flat_map(|item| item.as_object().unwrap_or(&none).values()) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for parameter in parameters.filter(|p| p["in"] != "path") {
            let names = (parameter["name"].as_str(), parameter[WIRE_NAME].as_str());
            if let (Some(name), Some(wire)) = names {
                let is_header = parameter["in"] == "header";
                found.push(Renamed {
                    kind: if is_header { Kind::Header } else { Kind::Query },
                    scopes: scopes(id),
                    name: name.to_owned(),
                    wire: wire.to_owned(),
                    optional: parameter["required"] != true,
                });
            }
        }
    }
    found
}

/// The renamed properties and values of the components.
fn members(document: &Value) -> Vec<Renamed> {
    let schemas = document.pointer("/components/schemas");
    let mut found: Vec<Renamed> = Vec::new();
    for (component, schema) in schemas.and_then(Value::as_object).into_iter().flatten() {
        walk::each(schema, &mut |part| {
            let names = part.get(WIRE_NAMES).and_then(Value::as_object);
            for (name, wire) in names.into_iter().flatten() {
                found.push(Renamed {
                    kind: Kind::Member,
                    scopes: vec![component.clone()],
                    name: name.clone(),
                    wire: wire.as_str().unwrap_or_default().to_owned(),
                    optional: false,
                });
            }
        });
    }
    found.sort_by(|a, b| (&a.scopes, &a.name).cmp(&(&b.scopes, &b.name)));
    found.dedup_by(|a, b| (&a.scopes, &a.name) == (&b.scopes, &b.name));
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

/// A string literal: where it is, quotes included, what is between them, and the
/// names of the function and of the type with the `impl` that it is in.
struct Literal<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    function: &'a str,
    item: &'a str,
}

impl Literal<'_> {
    /// What the literal is, by what is before it.
    fn kind(&self, code: &str) -> Kind {
        const LONGEST: usize = ".query_param_missing(".len();
        let before = code.as_bytes()[..self.start].iter().rev();
        let before = before.filter(|b| !b.is_ascii_whitespace()).take(LONGEST);
        let mut before: Vec<u8> = before.copied().collect();
        before.reverse();
        let is = |calls: &[&str]| calls.iter().any(|call| before.ends_with(call.as_bytes()));
        if is(&["QueryParam::new(", ".query_param(", ".query_param_missing("]) {
            Kind::Query
        } else if is(&["header_map.append(", ".header(", ".header_missing("]) {
            Kind::Header
        } else {
            Kind::Member
        }
    }
}

/// The string literals of code, but for raw ones, bytes and comments.
fn literals(code: &str) -> impl Iterator<Item = Literal<'_>> {
    let bytes = code.as_bytes();
    let mut at = 0;
    let (mut before, mut function, mut item) = ("", "", "");
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let rest = &bytes[at..];
            match rest {
                [b'/', b'/', ..] => at += until(rest, b"\n", 0),
                [b'/', b'*', ..] => at += until(rest, b"*/", 2),
                [b'\'', b'\\', ..] => at += until(rest, b"'", 3),
                [b'\'', ..] => at += character(&code[at..]),
                [b'"', ..] => {
                    let start = at;
                    at += quoted(rest);
                    return Some(Literal {
                        start,
                        end: at,
                        text: code.get(start + 1..at - 1).unwrap_or_default(),
                        function,
                        item,
                    });
                }
                [first, ..] if is_letter(*first) => {
                    let word = &code[at..at + letters(rest)];
                    match (before, word) {
                        ("impl" | "for", "super" | "crate" | "self") => {}
                        ("struct" | "enum" | "impl" | "for", _) => item = word,
                        ("fn", _) => function = word,
                        _ => {}
                    }
                    if !matches!(word, "super" | "crate" | "self") {
                        before = word;
                    }
                    at += word.len();
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

fn letters(rest: &[u8]) -> usize {
    rest.iter().take_while(|b| is_letter(**b)).count()
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

/// The length of a character in quotes, or of a lifetime.
fn character(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(2);
    match characters.next() {
        Some((at, '\'')) => at + 1,
        _ => 1 + letters(&rest.as_bytes()[1..]),
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
        fn list_as<'a>(c: char) { let x = ['"', '\'', '\u{22}']; let r#type = br#"QueryParam::new("type_param")"#;
            header_map.append("new_param", value);
            .query(&progenitor_client::QueryParam::new("type_param", &type_param))
            .query(&progenitor_client::QueryParam::new("other", &other))
            OperationInfo { operation_id: "list_as" } }
        fn match_() { Err("type_param was not initialized \" (\"type_param\"");
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
            ("fn match_", "fn x"),
            ("\"other\"", "\"type_param\""),
            ("header_map.append", "other_map.append"),
            ("struct Media", "struct Video"),
            ("\"minus_name\"", "\"-name\""),
        ] {
            let code = CODE.replace(from, to);
            let error = restore_wire_names(&code, &document())
                .unwrap_err()
                .to_string();
            assert!(error.contains("which is not expected"), "{error}");
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
