//! Rust names: which identifiers the generator (progenitor 0.15 with typify
//! 0.8) makes of the names in a document, and which ones we choose where it
//! makes two the same, or one that clashes with its own code. Every rule that
//! needs an identifier asks here.
//!
//! The generator derives an identifier from a name in the document alone, so a
//! name is changed by changing the document. The prepared document then has a
//! name that gives the chosen identifier, and a mark with the wire name, which
//! [`restore_wire_names`](crate::restore_wire_names) writes into the code:
//! `x-wire-name` on a parameter, `x-wire-names` on a schema.

use std::{collections::HashSet, iter::once_with};

use heck::{ToKebabCase, ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;
use unicode_ident::{is_xid_continue, is_xid_start};

/// The end of each name that stands for a wire name. Such a name is the chosen
/// identifier with this, and stands for one wire name in the whole of a document, so
/// its string literals can be found in generated code. The generator leaves the end
/// out of identifiers.
pub(crate) const MARK: &str = "--";

/// The wire name of a renamed parameter, as a mark on it.
pub(crate) const WIRE_NAME: &str = "x-wire-name";

/// The wire names of renamed properties of an object, or values of an enum, by
/// their name in the prepared document, as a mark on the schema.
pub(crate) const WIRE_NAMES: &str = "x-wire-names";

/// The name in requests and responses of a property or an enum value of this
/// schema of a prepared document.
pub fn wire_name<'a>(schema: &'a Value, name: &'a str) -> &'a str {
    let renamed = schema.get(WIRE_NAMES).and_then(|names| names.get(name));
    renamed.and_then(Value::as_str).unwrap_or(name)
}

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
pub(crate) const UNKNOWN: &str = "Unknown";

/// The field of a struct for a property.
pub(crate) fn field(property: &str) -> String {
    escaped(cased(property, snake, "x"))
}

/// The method of the client for an `operationId`, or the argument or setter for a
/// parameter.
pub fn function(id: &str) -> String {
    escaped(cased(id, snake, "_"))
}

/// A type for the name of a schema, or a variant for a value.
pub(crate) fn pascal(text: &str) -> String {
    escaped(cased(text, camel, "X"))
}

/// The variants of an enum for its values or tags, in a prepared document. `open`
/// is of one that has a catch-all for others.
pub(crate) fn variants(values: &[&str], open: bool) -> Vec<String> {
    let variant = |value: &&str| match pascal(value) {
        name if open && name == UNKNOWN => name + "Value",
        name => name,
    };
    values.iter().map(variant).collect()
}

/// The names, if they are distinct.
fn distinct(names: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let names: Vec<String> = names.collect();
    let all: HashSet<&String> = names.iter().collect();
    (all.len() == names.len()).then_some(names)
}

/// The variants of an untagged union, for the names of what they hold: without
/// the words that all start with, and by number where one has no name. Characters
/// that have no place in a name tell apart what is alike without them.
pub(crate) fn untagged_variants(held: &[Option<String>]) -> Vec<String> {
    let after_types = || {
        let held: Option<Vec<&str>> = held.iter().map(Option::as_deref).collect();
        let names = distinct(held?.into_iter().map(pascal))?;
        let common = names.iter().cloned().reduce(|a, b| common_words(&a, &b))?;
        let rest = |name: &String| name.get(common.len()..).map(str::to_owned);
        let rests: Option<Vec<String>> = names.iter().map(rest).collect();
        rests.filter(|rests| !rests.iter().any(String::is_empty))
    };
    let numbered = || (0..held.len()).map(|i| format!("Variant{i}")).collect();
    let names = after_types().unwrap_or_else(numbered);
    let with_signs =
        |name: &String| pascal(&name.replace(|c| c == '_' || !is_xid_continue(c), "X"));
    distinct(names.iter().map(|name| pascal(name)))
        .or_else(|| distinct(names.iter().map(with_signs)))
        .unwrap_or_default()
}

fn common_words(a: &str, b: &str) -> String {
    let (a, b) = (a.to_kebab_case(), b.to_kebab_case());
    let same = a.split('-').zip(b.split('-')).take_while(|(a, b)| a == b);
    let words: Vec<&str> = same.map(|(word, _)| word).collect();
    words.join("-").to_upper_camel_case()
}

/// Text in snake case. Most names are in it already: to see so takes less time than to
/// write them again.
pub(crate) fn snake(text: &str) -> String {
    let is_small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_small);
    let own = text.split('_').all(is_word).then(|| text.to_owned());
    own.unwrap_or_else(|| text.to_snake_case())
}

/// Text in camel case, as types have it; of most names that is seen in the same way.
pub(crate) fn camel(text: &str) -> String {
    let is_small = |at| text.as_bytes().get(at).is_some_and(u8::is_ascii_lowercase);
    let fits = |(at, b): (usize, u8)| match b {
        b'A'..=b'Z' => at == 0 || is_small(at + 1),
        _ => at > 0 && b.is_ascii_alphanumeric(),
    };
    let own = text.bytes().enumerate().all(fits).then(|| text.to_owned());
    own.unwrap_or_else(|| text.to_upper_camel_case())
}

/// The text in this case; `digit` precedes what would start with a digit.
fn cased(text: &str, case: fn(&str) -> String, digit: &str) -> String {
    let name = match text {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => case(text),
        _ => case(&text.replace('\'', "").replace(|c| !is_xid_continue(c), "-")),
    };
    match name.chars().next() {
        None => case("x"),
        Some(first) if is_xid_start(first) => name,
        Some(_) => format!("{digit}{name}"),
    }
}

fn escaped(mut name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// Identifiers in snake case for names that would not be distinct, else nothing:
/// such a name with its signs as words, else with a suffix. Names that are
/// identifiers already have the first choice, then the order counts. `reserved` has
/// what none may be called.
pub(crate) fn distinct_in_snake_case(
    names: &[&str],
    identifier: fn(&str) -> String,
    suffix: &str,
    reserved: &mut HashSet<String>,
) -> Vec<Option<String>> {
    let own: Vec<String> = names.iter().map(|name| identifier(name)).collect();
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|index| own[*index] != names[*index]);
    let mut renamed = vec![None; names.len()];
    for index in order {
        if !reserved.insert(own[index].clone()) {
            let plain = own[index].trim_end_matches('_');
            let signed = signed(names[index]).map(|name| identifier(&name));
            let suffixed = (!suffix.is_empty()).then(|| format!("{plain}{suffix}"));
            let numbered = (2..).map(|number| format!("{plain}{suffix}_{number}"));
            let wanted = signed.into_iter().chain(suffixed).chain(numbered);
            renamed[index] = Some(first_free(wanted, reserved));
        }
    }
    renamed
}

/// Distinct variants for the values of an enum of this name: those that the
/// document chose, else the value in words. The first of two that are alike
/// keeps its name, so that a value which is added renames none. `reserved` has
/// what none may be called.
pub(crate) fn distinct_variants(
    enum_name: &str,
    values: &[&str],
    chosen: impl Fn(&str) -> Option<String>,
    reserved: &mut HashSet<String>,
) -> Vec<String> {
    let distinct = values.iter().map(|value| {
        let own = variant(enum_name, value);
        let generated = pascal(value);
        let is_fine = fixed_pascal(value) == own
            && !generated.ends_with('_')
            && !generated.starts_with(char::is_lowercase);
        let plain = if is_fine { generated } else { own.clone() };
        let wanted = [chosen(value), Some(plain)].into_iter().flatten();
        let upper = !value.chars().any(char::is_lowercase);
        let words = upper.then_some("upper").into_iter().chain(["value"]);
        let words = words.map(str::to_owned);
        let words = words.chain((2..).map(|number| format!("value{number}")));
        let worded = words.map(|word| fixed_pascal(&format!("{own} {word}")));
        let signed = once_with(|| prefixed(enum_name, &spelled(value)));
        first_free(wanted.chain(signed).chain(worded), reserved)
    });
    distinct.collect()
}

fn first_free(mut names: impl Iterator<Item = String>, used: &mut HashSet<String>) -> String {
    let free = names.find(|name| !used.contains(name)).unwrap_or_default();
    used.insert(free.clone());
    free
}

/// The variant for a value, by itself: signs are words, and what starts with a
/// digit follows the last word of the enum's name. `16:9` of an `AspectRatio`
/// is `Ratio16x9`.
fn variant(enum_name: &str, value: &str) -> String {
    let is_digit = |index: usize| value.as_bytes().get(index).is_some_and(u8::is_ascii_digit);
    let mut text = String::new();
    for (index, c) in value.char_indices() {
        let in_number = index > 0 && is_digit(index - 1) && is_digit(index + 1);
        match c {
            ':' if in_number => text.push('x'),
            '.' if in_number => text.push_str("Point"),
            c => text.push(c),
        }
    }
    let text = signed(&text).unwrap_or(text);
    if text.is_empty() {
        return "Empty".into();
    }
    let has_words = text.chars().any(char::is_alphanumeric);
    prefixed(enum_name, &if has_words { text } else { spelled(&text) })
}

/// The name with its signs as words, if it starts or ends with some: `-name` is
/// `minus name`, and `A+` is `A plus`.
fn signed(name: &str) -> Option<String> {
    let inner = name.trim_matches(['+', '-']);
    if inner.len() == name.len() || !inner.contains(char::is_alphanumeric) {
        return None;
    }
    let (before, after) = name.split_once(inner)?;
    Some(format!("{} {inner} {}", spelled(before), spelled(after)))
}

/// Words for signs, each after its sign.
const SIGNS: &str = "+plus -minus _underscore .dot ,comma :colon ;semicolon /slash \
    \\backslash |bar =equal <less >greater !not ?question *star %percent #sharp &and @at \
    $dollar ^caret ~tilde (bracket )bracket [bracket ]bracket {bracket }bracket \"quote \
    'quote `quote";

/// The text with each character that no identifier holds as a word.
fn spelled(text: &str) -> String {
    let word = |c: char| SIGNS.split(' ').find_map(|word| word.strip_prefix(c));
    let spelled = text.chars().map(|c| match word(c) {
        _ if c == ' ' => " space ".to_owned(),
        Some(word) => format!(" {word} "),
        None if is_xid_continue(c) => c.to_string(),
        None => format!(" u{:x} ", u32::from(c)),
    });
    spelled.collect()
}

/// The text in pascal case; the last word of the enum's name precedes what
/// starts with a digit.
fn prefixed(enum_name: &str, text: &str) -> String {
    let name = text
        .replace(|c| !is_xid_continue(c), " ")
        .to_upper_camel_case();
    if name.starts_with(is_xid_start) {
        return fixed_pascal(text);
    }
    let snake = enum_name.to_snake_case();
    let last = snake.rsplit('_').next().unwrap_or_default();
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let prefix = if last.len() > 1 { last } else { "value" };
    fixed_pascal(&format!("{}{text}", prefix.to_upper_camel_case()))
}

/// Pascal case that stays as it is when the generator puts it into pascal case
/// again.
pub(crate) fn fixed_pascal(text: &str) -> String {
    // Single letters in a row are one word the second time.
    let name = pascal(&pascal(text));
    match name.strip_suffix('_') {
        Some(keyword) => format!("{keyword}Value"),
        None => name,
    }
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
        assert_eq!(function("type"), "type_");
        assert_eq!(pascal("self"), "Self_");
        assert_eq!(pascal("16:9"), "X169");
    }

    proptest::proptest! {
        #[test]
        fn names_that_are_not_written_again_would_be_the_same(
            text in "[A-Z]?[a-z0-9]{0,3}[_A-Z]?[A-Z]?[a-z0-9]{0,3}[_ A-Z]?[a-z0-9A-Z]{0,3}",
        ) {
            proptest::prop_assert_eq!(snake(&text), text.to_snake_case());
            proptest::prop_assert_eq!(camel(&text), text.to_upper_camel_case());
        }
    }

    fn chosen(enum_name: &str, values: &[&str]) -> Vec<String> {
        let names = distinct_variants(enum_name, values, |_| None, &mut HashSet::new());
        for (name, value) in names.iter().zip(values) {
            let renamed = pascal(&name.to_snake_case());
            assert!([renamed, pascal(value)].contains(name), "{name}");
        }
        names
    }

    #[test]
    fn variants_have_words_for_signs_and_digits() {
        assert_eq!(
            chosen("AspectRatio", &["16:9", "9:16", "auto"]),
            ["Ratio16x9", "Ratio9x16", "Auto"]
        );
        assert_eq!(
            chosen("Quality2", &["720p", "1.5", "150"]),
            ["Quality720p", "Quality1Point5", "Quality150"]
        );
        assert_eq!(
            chosen(
                "Sort",
                &["created_at", "-created_at", "+1", "-1", "A+", "c++"]
            ),
            [
                "CreatedAt",
                "MinusCreatedAt",
                "Plus1",
                "Minus1",
                "APlus",
                "CPlusPlus"
            ]
        );
        assert_eq!(
            chosen("Operator", &["=", "<", ">=", "", "*", "°"]),
            ["Equal", "Less", "GreaterEqual", "Empty", "Star", "Ub0"]
        );
        assert_eq!(chosen("X", &["1", "self"]), ["Value1", "SelfValue"]);
    }

    #[test]
    fn variants_are_distinct_and_stay_when_values_are_added() {
        assert_eq!(
            chosen("A", &["mp4", "MP4", "Mp4", "mP4"]),
            ["Mp4", "Mp4Upper", "Mp4Value", "MP4"]
        );
        assert_eq!(
            chosen("A", &["en-US", "en_US", "enUS"]),
            ["EnUs", "EnUnderscoreUs", "EnUsValue"]
        );
        let before = ["-name", "name", "a b", "16:9"];
        let after = [&before[..], &["Name", "a-b", "169", "minus_name"]].concat();
        assert_eq!(chosen("Sort", &after)[..4], chosen("Sort", &before));
    }

    #[test]
    fn snake_case_is_distinct() {
        let distinct = |names: &[&str], suffix: &str| {
            let distinct =
                distinct_in_snake_case(names, field, suffix, &mut HashSet::from(["new".into()]));
            let names = distinct.into_iter().zip(names);
            names
                .map(|(renamed, name)| renamed.unwrap_or_else(|| field(name)))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            distinct(&["Guid", "guid", "guid_2", "type", "@type", "new"], ""),
            ["guid_3", "guid", "guid_2", "type_", "type_2", "new_2"]
        );
        assert_eq!(
            distinct(&["-name", "name", "+name", "new", "New"], "_param"),
            [
                "minus_name",
                "name",
                "plus_name",
                "new_param",
                "new_param_2"
            ]
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
