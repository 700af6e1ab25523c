//! Descriptions as help texts: without Markdown, a paragraph a line.

use serde_json::Value;

/// The description at a location of the document, or of what that refers to. The
/// typed view has constraints and defaults as sentences in it, which help shows apart.
pub(super) fn description<'a>(document: &'a Value, pointer: &str) -> &'a str {
    let mut found = document.pointer(pointer);
    // Longer chains are cycles.
    for _ in 0..8 {
        let Some(value) = found else { break };
        if let Some(text) = value.get("description").and_then(Value::as_str) {
            return text;
        }
        let target = value.get("$ref").and_then(Value::as_str);
        let schema = value.get("schema");
        found = match target.and_then(|target| target.strip_prefix('#')) {
            Some(target) => document.pointer(target),
            None => schema,
        };
    }
    ""
}

/// A Markdown text in one line.
pub(super) fn plain(markdown: &str) -> String {
    let line = markdown.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = without_emphasis(&without_links(&line));
    line.trim_end_matches('.').replace('`', "'")
}

/// The paragraphs of a Markdown text, each in one line.
pub(super) fn paragraphs(markdown: &str) -> String {
    let paragraphs = markdown.split("\n\n").map(|paragraph| {
        let items: Vec<String> = blocks(paragraph);
        items.join("\n")
    });
    let paragraphs: Vec<String> = paragraphs.filter(|text| !text.is_empty()).collect();
    paragraphs.join("\n\n")
}

/// A paragraph in one line, or a list with an item a line.
fn blocks(paragraph: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in paragraph.lines() {
        let line = line.trim().trim_start_matches('#').trim_start();
        let is_item = line.starts_with("- ") || line.starts_with("* ");
        match lines.last_mut() {
            Some(last) if !is_item => last.extend([" ", line]),
            _ => lines.push(line.to_owned()),
        }
    }
    let lines = lines.iter().map(|line| {
        let line = without_emphasis(&without_links(line.trim()));
        line.replace('`', "'")
    });
    lines.collect()
}

/// Links as their texts.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(label, after)| {
            let (_, after) = after.split_once(')')?;
            (!label.contains('[')).then_some((label, after))
        });
        out.push_str(before);
        match link {
            Some((label, after)) => {
                out.push_str(label);
                rest = after;
            }
            None => {
                out.push('[');
                rest = after;
            }
        }
    }
    out + rest
}

/// Without asterisks of emphasis; a bullet stays.
fn without_emphasis(text: &str) -> String {
    text.replace("**", "")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn markdown_is_gone() {
        for (markdown, wanted) in [
            (
                "See [the\npage](https://a.b/c) for **more**.",
                "See the page for more",
            ),
            ("An id of `GET /v3/voices`.", "An id of 'GET /v3/voices'"),
            ("A list [0] of (1)", "A list [0] of (1)"),
        ] {
            assert_eq!(plain(markdown), wanted);
        }
        assert_eq!(
            paragraphs("One\ntwo.\n\n- a\n  b\n- c\n\n## Three"),
            "One two.\n\n- a b\n- c\n\nThree"
        );
    }

    #[test]
    fn description_is_that_of_the_location_or_of_its_component() {
        let document = json!({
            "a": {"$ref": "#/b"}, "b": {"description": "B"},
            "p": {"schema": {"description": "S"}}, "cycle": {"$ref": "#/cycle"},
        });
        for (pointer, wanted) in [
            ("/a", "B"),
            ("/b", "B"),
            ("/p", "S"),
            ("/cycle", ""),
            ("/no", ""),
        ] {
            assert_eq!(description(&document, pointer), wanted, "{pointer}");
        }
    }
}
