//! Wire names of renamed parameters, put back into the text of generated code,
//! for build scripts, which have no pass over its syntax tree.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{Document, Error, normalise::WIRE_NAME, rust_names};

/// Makes progenitor's code send parameters under their wire names: those that
/// [`prepare()`](crate::prepare()) renamed since their names clash with others in
/// Rust. `prepared` is the document that the code was generated from.
///
/// Takes what `Generator::generate_tokens` of progenitor 0.15 gave, as a string
/// or formatted, in any interface style; changes nothing else in it.
///
/// # Errors
///
/// Where the code does not send each renamed parameter exactly once: it was
/// generated from another document, or by another version of progenitor.
pub fn restore_wire_names(code: &str, prepared: &Document) -> Result<String, Error> {
    let mut wanted = renamed(prepared.as_value());
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    // The literals that may be names, up to the operation they belong to: the
    // generated method tells its hooks the operation after it named parameters.
    let mut names: Vec<(Literal<'_>, bool)> = Vec::new();
    for literal in literals(code) {
        match literal.role(code) {
            Role::Query => names.push((literal, false)),
            Role::Header => names.push((literal, true)),
            Role::Operation => {
                let parameters = wanted.remove(literal.text);
                for parameter in parameters.iter().flatten() {
                    let mut sent = names.iter().filter(|(literal, header)| {
                        literal.text == parameter.name && *header == parameter.header
                    });
                    let (Some((name, _)), None) = (sent.next(), sent.next()) else {
                        return Err(unexpected(literal.text, &parameter.name));
                    };
                    edits.push((name.start, name.end, format!("{:?}", parameter.wire)));
                }
                names.clear();
            }
            Role::Other => {}
        }
    }
    if let Some((operation, parameters)) = wanted.iter().next() {
        let name = parameters.first().map_or("", |p| p.name.as_str());
        return Err(unexpected(operation, name));
    }
    // The generator sends parameters in an order of its own.
    edits.sort_unstable();
    let mut restored = String::with_capacity(code.len());
    let mut copied = 0;
    for (start, end, wire) in edits {
        restored.push_str(&code[copied..start]);
        restored.push_str(&wire);
        copied = end;
    }
    restored.push_str(&code[copied..]);
    Ok(restored)
}

fn unexpected(operation: &str, parameter: &str) -> Error {
    Error::new(format!(
        "the code of {operation} does not send the parameter {parameter} exactly once"
    ))
    .remedy("give the document that the code was generated from, and the code as progenitor 0.15 generated it")
}

/// A parameter that is sent by name.
struct Parameter {
    name: String,
    wire: String,
    header: bool,
}

/// The renamed parameters of each operation, by its Rust name.
fn renamed(document: &Value) -> HashMap<String, Vec<Parameter>> {
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
                })
            })
            .collect();
        if let (Some(id), false) = (operation["operationId"].as_str(), parameters.is_empty()) {
            found.insert(rust_names::function(id), parameters);
        }
    }
    found
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
        const LONGEST: usize = "header_map.append(".len();
        let mut before: Vec<u8> = code.as_bytes()[..self.start]
            .iter()
            .rev()
            .filter(|b| !b.is_ascii_whitespace())
            .take(LONGEST)
            .copied()
            .collect();
        before.reverse();
        if before.ends_with(b"QueryParam::new(") {
            Role::Query
        } else if before.ends_with(b"header_map.append(") {
            Role::Header
        } else if before.ends_with(b"operation_id:") {
            Role::Operation
        } else {
            Role::Other
        }
    }
}

/// The string literals of code, but for raw ones, bytes and comments.
fn literals(code: &str) -> impl Iterator<Item = Literal<'_>> {
    let bytes = code.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let rest = &bytes[at..];
            match rest {
                [b'/', b'/', ..] => at += until(rest, b"\n", 0),
                [b'/', b'*', ..] => at += until(rest, b"*/", 2),
                [b'r', b'"' | b'#', ..] if !is_word(bytes, at) => at += raw(rest),
                [b'\'', b'\\', ..] => at += until(rest, b"'", 3),
                [b'\'', ..] => at += character(&code[at..]),
                [b'"', ..] => {
                    let length = quoted(rest);
                    let start = at;
                    at += length;
                    let text = code.get(start + 1..at - 1).unwrap_or_default();
                    return Some(Literal {
                        start,
                        end: at,
                        text,
                    });
                }
                _ => at += 1,
            }
        }
        None
    })
}

/// Whether a byte goes on with a word: `r` of `for` opens no raw string.
fn is_word(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    // A `b` or `c` before it makes bytes or a C string of it.
    before.is_some_and(|b| (b.is_ascii_alphanumeric() && b != b'b' && b != b'c') || b == b'_')
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
        }}))
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
            );
        assert_eq!(restored, wanted);
    }

    #[test]
    fn other_code_is_an_error() {
        for (from, to) in [
            ("\"new_param\"", "\"x\""),
            ("\"match_\"", "\"x\""),
            ("\"other\"", "\"type_param\""),
            ("header_map.append", "other_map.append"),
        ] {
            let code = CODE.replace(from, to);
            let error = restore_wire_names(&code, &document())
                .unwrap_err()
                .to_string();
            assert!(error.contains("exactly once"), "{error}");
        }
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
