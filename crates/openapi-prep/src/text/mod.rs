//! Reading and writing documents: JSON and YAML to [`serde_json::Value`] and
//! back, with an eye for what the readers of both languages let pass.

mod reader;
mod tags;

use std::{cell::Cell, fmt, path::Path};

use serde::de::DeserializeSeed;
use serde_json::Value;

use self::{
    reader::Strict,
    tags::{declares_tags, with_local_tags},
};
use crate::Error;

/// The language a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

impl Format {
    /// The language a file of this name holds: YAML for `.yaml` and `.yml`,
    /// JSON for anything else.
    pub fn of_name(name: &str) -> Self {
        let ending = Path::new(name).extension().unwrap_or_default();
        let is = |known| ending.eq_ignore_ascii_case(known);
        let is_yaml = is("yaml") || is("yml");
        if is_yaml { Self::Yaml } else { Self::Json }
    }
}

/// How many brackets may be open at once in YAML. Deeper than 128 levels its
/// reader refuses, but only after work that grows with their square; the rest
/// is room for brackets in prose that are never closed.
const MAX_OPEN: usize = 2_000;

/// Reads a document in either language. A key that stands twice in one object
/// is an error that names the key: readers would silently keep the last.
pub(crate) fn parse(text: &str) -> Result<Value, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    if start.starts_with('<') && !start.starts_with("<<") {
        return Err(
            Error::new("holds markup, such as a page of HTML, and no document")
                .remedy("fetch the document itself"),
        );
    }
    if start.starts_with(['{', '[']) {
        return match parse_as(text, Format::Json) {
            // What is JSON, but more of it than can be held, is not YAML
            // either, though its reader would make text of the number.
            Err(json) if OUT_OF_BOUNDS.iter().any(|no| json.message().contains(no)) => Err(json),
            // A flow mapping of YAML starts like JSON; its reader decides.
            Err(json) => parse_as(text, Format::Yaml).map_err(|_| json),
            read => read,
        };
    }
    parse_as(text, Format::Yaml)
}

/// What the reader of JSON says of JSON that it cannot hold.
const OUT_OF_BOUNDS: [&str; 2] = ["number out of range", "recursion limit exceeded"];

/// Reads a document in the given language.
pub(crate) fn parse_as(text: &str, format: Format) -> Result<Value, Error> {
    let no = |why: &dyn fmt::Display| {
        let language = match format {
            Format::Json => "JSON",
            Format::Yaml => "YAML",
        };
        Error::new(format!("not readable as {language}: {why}")).remedy("correct the text there")
    };
    let read = |text: &str| {
        let strict = Strict {
            format,
            text,
            room: &Cell::new(room(text)),
            merge: &Cell::new(false),
        };
        if format == Format::Yaml {
            let reader = yaml_serde::Deserializer::from_str(text);
            return strict.deserialize(reader).map_err(|error| no(&error));
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = strict.deserialize(&mut reader);
        let whole = value.and_then(|value| reader.end().map(|()| value));
        whole.map_err(|error| no(&error))
    };
    if format == Format::Yaml {
        if most_open(text, b"[{", b"]}") > MAX_OPEN {
            return Err(no(
                &"recursion limit exceeded, too many brackets are open at once",
            ));
        }
        if declares_tags(text) {
            return Err(no(&"it declares tags (%TAG), which JSON has no form for"));
        }
        if let Some(local) = with_local_tags(text) {
            read(&local)?;
        }
    }
    read(text)
}

/// How many brackets are open at once at most, those in strings counted too.
pub(crate) fn most_open(text: &str, opening: &[u8], closing: &[u8]) -> usize {
    let mut now: usize = 0;
    let mut most = 0;
    for byte in text.bytes() {
        if opening.contains(&byte) {
            now += 1;
            most = most.max(now);
        } else if closing.contains(&byte) {
            now = now.saturating_sub(1);
        }
    }
    most
}

/// A number of things: `1 finding`, `2 findings`. The noun's plural ends in
/// `s` or, after `s`, in `es`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = match (number, noun.ends_with('s')) {
        (1, _) => "",
        (_, false) => "s",
        (_, true) => "es",
    };
    format!("{number} {noun}{ending}")
}

/// A text of a document as it may stand on a line of an error.
pub(crate) fn shown(text: &str, most: usize) -> String {
    let start: String = text.chars().take(most).collect();
    let end = if start.len() < text.len() { "..." } else { "" };
    start.replace(char::is_control, "?") + end
}

/// The template of a path without the names of its parameters: two that match the
/// same addresses have one shape.
pub(crate) fn template_shape(template: &str) -> String {
    let parts = template.split(['{', '}']).enumerate();
    parts
        .map(|(index, part)| if index % 2 == 0 { part } else { "{}" })
        .collect()
}

/// Writes a document: two spaces of indent, keys in their order, a line feed
/// at the end.
pub(crate) fn print(document: &Value, format: Format) -> Result<String, Error> {
    match format {
        Format::Json => serde_json::to_string_pretty(document)
            .map(|text| text + "\n")
            .map_err(|e| Error::new(format!("cannot be written as JSON: {e}"))),
        Format::Yaml => yaml_serde::to_string(document)
            .map_err(|e| Error::new(format!("cannot be written as YAML: {e}"))),
    }
}

/// How much may come of a text, counted in bytes of texts and one for each
/// value. Without aliases it is never more than the text is long. With them it
/// may be four times as much, and 2 MiB in any case, but no more than a text
/// may be long.
fn room(text: &str) -> usize {
    let most = crate::MAX_BYTES.max(text.len());
    text.len().saturating_mul(4).clamp(2 << 20, most)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_json_and_yaml_alike() {
        let json = parse(r#"{"a": [1, null, "x"], "200": true}"#).unwrap();
        let yaml = parse("a:\n  - 1\n  - null\n  - x\n200: true\n").unwrap();
        assert_eq!(json, yaml);
        assert_eq!(parse("\u{feff}{\"a\": 1}").unwrap(), json!({"a": 1}));
    }

    #[test]
    fn a_key_that_stands_twice_is_named() {
        for text in [
            "{\"a\": 1, \"a\": 2}",
            "a: 1\na: 2\n",
            "x:\n  a: 1\n  a: 2\n",
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("\"a\""), "{text}: {error}");
        }
    }

    #[test]
    fn a_merge_key_of_yaml_takes_in_what_is_not_there_itself() {
        let yaml = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\n";
        for (text, wanted) in [
            ("<<: *a\n  x: 0", json!({"x": 0, "y": 1})),
            ("y: 0\n  <<: [*b, *a]", json!({"y": 0, "z": 2, "x": 1})),
        ] {
            let read = parse(&format!("{yaml}c:\n  {text}\n")).unwrap();
            assert_eq!(read["c"].to_string(), wanted.to_string());
        }
        for quoted in ["\"<<\"", "'<<'", "\"<\\u003c\""] {
            let text = format!("x: &x {{y: 1}}\na: {{{quoted}: *x}}\nb:\n  {quoted}: <<\n");
            let read = parse(&text).unwrap();
            assert_eq!(read["a"], json!({"<<": {"y": 1}}), "{text}");
            assert_eq!(read["b"], json!({"<<": "<<"}), "{text}");
        }
        let error = parse("a: {<<: 1}").unwrap_err().to_string();
        assert!(error.contains("merge key << takes an object"), "{error}");
        let json = r#"{"a": {"<<": {"x": 1}}}"#;
        assert_eq!(parse(json).unwrap().to_string(), json.replace(' ', ""));
    }

    #[test]
    fn aliases_that_repeat_without_measure_are_refused() {
        // Each line is ten of the line before it.
        let line = |n| format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(10));
        let bomb = String::from("a0: &a0 x\n") + &(1..10).map(line).collect::<String>();
        // One large thing, many times.
        let wide = format!(
            "a: &a [{}]\nb: [{}]\n",
            "x, ".repeat(5_000),
            "*a, ".repeat(5_000)
        );
        for text in [bomb, wide] {
            let error = parse(&text).unwrap_err().to_string();
            assert!(error.contains("YAML"), "{error}");
        }
        let some = format!("a: &a {{x: 1}}\nb: [{}]\n", "*a, ".repeat(5_000));
        assert_eq!(parse(&some).unwrap()["b"][4_999], json!({"x": 1}));
    }

    #[test]
    fn what_json_has_no_form_for_is_refused_by_name() {
        for (text, wanted) in [
            ("a: !foo bar\n", "the YAML tag !foo"),
            ("a: .nan\n", "a number that JSON cannot hold"),
            ("{\"a\": 1e400}", "number out of range"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn tags_are_read_as_what_they_say_or_refused() {
        let text = "a: !!str 5\nb: !!int \"7\"\nc: !!float 5\nd: !!bool \"true\"\ne: !!null null\n\
                    f: !!map {x: 1}\ng: !!seq [1]\nh: !<tag:yaml.org,2002:str> 6\n";
        let wanted = json!({"a": "5", "b": 7, "c": 5.0, "d": true, "e": null,
            "f": {"x": 1}, "g": [1], "h": "6"});
        assert_eq!(parse(text).unwrap(), wanted);
        for (text, wanted) in [
            ("a: !!binary aGk=\n", "the YAML tag !!binary"),
            ("a: !!set {x, y}\n", "the YAML tag !!set"),
            ("a: ! 5\n", "the YAML tag ! says"),
            ("a: !!omap [x: 1]\n", "the YAML tag !!omap"),
            ("a:\n- !!timestamp 2001-12-14\n", "the YAML tag !!timestamp"),
            ("!!set x: 1\n", "the YAML tag !!set"),
            ("a: !!int x\n", "an integer"),
            ("a: !<tag:x.example,2000:y> 1\n", "YAML"),
            ("%TAG !e! tag:x.example,2000:\n---\na: !e!y 1\n", "%TAG"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
        let text = "a: Wow !!set\nb: '!!set !<x>'\nc: |\n  !!binary\nd: [a!!set] # !!set\n";
        let wanted =
            json!({"a": "Wow !!set", "b": "!!set !<x>", "c": "!!binary\n", "d": ["a!!set"]});
        assert_eq!(parse(text).unwrap(), wanted);
    }

    #[test]
    fn open_brackets_without_end_are_refused_at_once() {
        for piece in ["[", "{", "{a: [", "[{\"a\":"] {
            for head in ["", "a: ", "- "] {
                let text = format!("{head}{}", piece.repeat(1_000_000));
                assert!(parse(&text).is_err(), "{head}{piece}");
            }
        }
        let prose = format!("a: '{}'\n", "[0, 1) ".repeat(1_000));
        assert!(parse(&prose).is_ok(), "brackets in prose are no nesting");
    }

    #[test]
    fn counts_have_the_plural_of_their_noun() {
        for (number, noun, wanted) in [
            (1, "finding", "1 finding"),
            (0, "finding", "0 findings"),
            (1, "loss", "1 loss"),
            (2, "loss", "2 losses"),
        ] {
            assert_eq!(count(number, noun), wanted);
        }
    }

    #[test]
    fn keeps_the_order_of_keys() {
        let text = "{\n  \"b\": 1,\n  \"a\": 2\n}\n";
        assert_eq!(print(&parse(text).unwrap(), Format::Json).unwrap(), text);
        assert_eq!(
            print(&parse(text).unwrap(), Format::Yaml).unwrap(),
            "b: 1\na: 2\n"
        );
    }
}
