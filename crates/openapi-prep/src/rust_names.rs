//! The identifiers that the generator (progenitor 0.15 with typify 0.8) makes
//! of the names in a document. Every rule that has to know them asks here.

use std::collections::HashSet;

use heck::{ToKebabCase, ToPascalCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// What the generator does not use as an identifier: keywords of Rust up to
/// edition 2024, those that are only reserved too.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The catch-all variant of open enums and of tagged unions in responses.
const UNKNOWN: &str = "Unknown";

pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// The field of a struct for a property.
pub(crate) fn field(property: &str) -> String {
    // Most are in snake case, and all of a document are asked for.
    let snake = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let starts = property
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_lowercase);
    if starts && property.bytes().all(snake) && !property.contains("__") && !property.ends_with('_')
    {
        return escaped(property.to_owned());
    }
    escaped(cased(property, str::to_snake_case, "x"))
}

/// The method of the client for an `operationId`.
pub(crate) fn function(id: &str) -> String {
    escaped(argument(id))
}

/// The argument of a method for a parameter, before the generator appends `_`
/// to keywords.
pub(crate) fn argument(parameter: &str) -> String {
    cased(parameter, str::to_snake_case, "_")
}

/// A type for the name of a schema, or a variant for a value.
pub(crate) fn pascal(text: &str) -> String {
    escaped(cased(text, str::to_pascal_case, "X"))
}

/// The variants of an enum for its values or tags. None where two would have
/// the same name: the generator panics then.
pub(crate) fn variants(values: &[&str]) -> Option<Vec<String>> {
    let distinct = |names: &[String]| {
        let mut seen = HashSet::new();
        names.iter().all(|name| seen.insert(name.clone()))
    };
    let names: Vec<String> = values.iter().map(|value| pascal(value)).collect();
    if distinct(&names) {
        return Some(names);
    }
    // Characters that have no place in a name tell them apart.
    let names: Vec<String> = values
        .iter()
        .map(|value| pascal(&value.replace(|c| c == '_' || !is_xid_continue(c), "X")))
        .collect();
    distinct(&names).then_some(names)
}

/// The variants of an enum that has a catch-all for values it does not know.
pub(crate) fn open_variants(values: &[&str]) -> Option<Vec<String>> {
    let mut names = variants(values)?;
    for name in names.iter_mut().filter(|name| *name == UNKNOWN) {
        name.push_str("Value");
    }
    Some(names)
}

/// The variants of an untagged union, for the names of what they hold: without
/// the words that all start with, and by number where one has no name.
pub(crate) fn untagged_variants(held: &[Option<String>]) -> Vec<String> {
    let after_types = || {
        let names: Vec<String> = held
            .iter()
            .map(|name| Some(pascal(name.as_deref()?)))
            .collect::<Option<_>>()?;
        let distinct: HashSet<&String> = names.iter().collect();
        if distinct.len() < names.len() {
            return None;
        }
        let common = names.iter().cloned().reduce(|a, b| common_words(&a, &b))?;
        names
            .iter()
            .map(|name| name.get(common.len()..).filter(|rest| !rest.is_empty()))
            .map(|rest| rest.map(str::to_owned))
            .collect::<Option<Vec<String>>>()
    };
    let chosen =
        after_types().unwrap_or_else(|| (0..held.len()).map(|i| format!("Variant{i}")).collect());
    let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
    variants(&chosen).unwrap_or_default()
}

fn common_words(a: &str, b: &str) -> String {
    let (a, b) = (a.to_kebab_case(), b.to_kebab_case());
    let same = a.split('-').zip(b.split('-')).take_while(|(a, b)| a == b);
    let words: Vec<&str> = same.map(|(word, _)| word).collect();
    words.join("-").to_pascal_case()
}

/// The text in this case; `digit` precedes what would start with a digit.
fn cased(text: &str, case: fn(&str) -> String, digit: &str) -> String {
    let name = match text {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(&text.replace('\'', "").replace(|c| !is_xid_continue(c), "-")),
    };
    match name.chars().next() {
        None => case("x"),
        Some(first) if is_xid_start(first) => name,
        Some(_) => format!("{digit}{name}"),
    }
}

fn escaped(mut name: String) -> String {
    if is_keyword(&name) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_those_of_the_generator() {
        for (text, wanted) in [
            ("type", "type_"),
            ("avatarId", "avatar_id"),
            ("X-Request-ID", "x_request_id"),
            ("+1", "plus1"),
            ("don't", "dont"),
            ("2fa", "x2fa"),
            ("_id", "id"),
            ("$$", "x"),
        ] {
            assert_eq!(field(text), wanted);
        }
        assert_eq!(function("2fa"), "_2fa");
        assert_eq!(function("delete-self"), "delete_self");
        assert_eq!(
            (argument("type"), function("type")),
            ("type".into(), "type_".into())
        );
        assert_eq!(pascal("self"), "Self_");
        assert_eq!(pascal("16:9"), "X169");
    }

    #[test]
    fn values_that_differ_in_signs_only_keep_the_signs_as_x() {
        assert_eq!(variants(&["a b", "c"]).unwrap(), ["AB", "C"]);
        assert_eq!(variants(&["16:9", "169"]).unwrap(), ["X16x9", "X169"]);
        assert_eq!(variants(&["a", "A"]), None);
        assert_eq!(
            open_variants(&["a", "unknown"]).unwrap(),
            ["A", "UnknownValue"]
        );
    }

    #[test]
    fn untagged_variants_are_named_after_what_they_hold() {
        let of = |held: &[&str]| {
            let held: Vec<_> = held.iter().map(|name| Some((*name).to_owned())).collect();
            untagged_variants(&held)
        };
        assert_eq!(of(&["VideoText", "VideoImage"]), ["Text", "Image"]);
        assert_eq!(of(&["String", "Integer"]), ["String", "Integer"]);
        assert_eq!(of(&["String", "String"]), ["Variant0", "Variant1"]);
        assert_eq!(of(&["Video", "VideoImage"]), ["Variant0", "Variant1"]);
        assert_eq!(
            untagged_variants(&[None, Some("A".into())]),
            ["Variant0", "Variant1"]
        );
    }
}
