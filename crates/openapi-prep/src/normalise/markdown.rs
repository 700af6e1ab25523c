//! Prose as rustdoc can take it: vendors write HTML, indented lines and bare
//! links into their Markdown.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use super::rule;
use crate::{Pointer, Report, walk};

/// Turns descriptions and summaries into Markdown without HTML, of which
/// rustdoc makes no broken link, no stray tag and no doctest.
pub(super) fn to_markdown(document: &mut Value, report: &mut Report) {
    let mut clean = |holder: &mut Value, at: &Pointer| {
        let Value::Object(holder) = holder else {
            return;
        };
        for key in ["summary", "description"] {
            if let Some(Value::String(text)) = holder.get_mut(key) {
                let tidy = markdown(text);
                if tidy != text.trim() {
                    report.changed(
                        rule("prose"),
                        &at.join(key),
                        "HTML and the like turned into Markdown",
                    );
                }
                // A response has to have one.
                let response = at.as_str().rsplit('/').nth(1) == Some("responses");
                if tidy.is_empty() && !response {
                    holder.shift_remove(key);
                } else {
                    *text = tidy;
                }
            }
        }
    };
    walk::schemas(document, &mut clean);
    let root = Pointer::root();
    if let Some(info) = document.get_mut("info") {
        clean(info, &root.join("info"));
    }
    let mut holders: Vec<Pointer> = Vec::new();
    walk::operations(document, &mut |_, _, operation, at| {
        holders.push(at.clone());
        let parameters = operation
            .get("parameters")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        holders.extend((0..parameters).map(|i| at.join("parameters").join(i)));
        if operation.contains_key("requestBody") {
            holders.push(at.join("requestBody"));
        }
        let responses = operation.get("responses").and_then(Value::as_object);
        holders.extend(
            responses
                .into_iter()
                .flat_map(|r| r.keys())
                .map(|s| at.join("responses").join(s)),
        );
    });
    for at in holders {
        if let Some(holder) = document.pointer_mut(at.as_str()) {
            clean(holder, &at);
        }
    }
}

/// Whether a text, trimmed, is one plain line, of which no reader of Markdown
/// makes anything else. Most are, and need not be read and written anew.
fn is_plain(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b" ,.;:'\"()/-?%".contains(&b);
    text.bytes().all(plain)
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.contains("  ")
        && !text.contains("://")
}

/// One text as Markdown that rustdoc takes without a warning.
fn markdown(text: &str) -> String {
    if is_plain(text.trim()) {
        return text.trim().to_owned();
    }
    rewritten(text)
}

fn rewritten(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text = html_to_markdown(&text);
    let reading = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(&text, reading)
        .map(tame)
        .flat_map(link_bare_addresses);
    let mut out = String::new();
    let writing = pulldown_cmark_to_cmark::Options {
        code_block_token_count: 3,
        list_token: '-',
        ..Default::default()
    };
    match pulldown_cmark_to_cmark::cmark_with_options(
        guard_links(events),
        &mut out,
        reading,
        writing,
    ) {
        Ok(_) => escape_brackets(out.trim()),
        Err(_) => text.trim().replace(['<', '>', '[', ']'], " "),
    }
}

/// Tags that have a counterpart in Markdown, and what stands for them.
fn html_to_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut links: Vec<Option<String>> = Vec::new();
    let mut code = false;
    while let Some(start) = rest.find(['<', '`']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some(after) = rest.strip_prefix('`') {
            // What stands in back-quotes is not HTML.
            code = !code;
            out.push('`');
            rest = after;
            continue;
        }
        let tag = if code { None } else { html_tag(rest) };
        let Some((name, closing, attributes, length)) = tag else {
            out.push('<');
            rest = &rest[1..];
            continue;
        };
        match (name.as_str(), closing) {
            ("a", false) => {
                let href = attribute(attributes, "href").filter(|h| h.contains("://"));
                if href.is_some() {
                    out.push('[');
                }
                links.push(href);
            }
            ("a", true) => {
                if let Some(Some(href)) = links.pop() {
                    out.push_str("](");
                    out.push_str(&href.replace(' ', "%20"));
                    out.push(')');
                }
            }
            ("b" | "strong", _) => out.push_str("**"),
            ("i" | "em", _) => out.push('*'),
            ("code" | "tt", _) => out.push('`'),
            ("br" | "p" | "div" | "ul" | "ol" | "table" | "tr" | "callout", _) => {
                out.push_str("\n\n");
            }
            ("li", false) => out.push_str("\n- "),
            ("img", _) => out.push_str(&attribute(attributes, "alt").unwrap_or_default()),
            _ => {}
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    // A link whose end never came must not leave a bracket open.
    for href in links.into_iter().rev().flatten() {
        out.push_str("](");
        out.push_str(&href);
        out.push(')');
    }
    out
}

/// The tags that vendors write into Markdown; `<id>` and the like are prose.
const TAGS: [&str; 24] = [
    "a", "b", "strong", "i", "em", "code", "tt", "br", "p", "div", "span", "ul", "ol", "li",
    "table", "tr", "td", "th", "img", "u", "sub", "sup", "callout", "font",
];

/// Name, whether it closes, attributes and length of the tag `text` starts with.
fn html_tag(text: &str) -> Option<(String, bool, &str, usize)> {
    let end = text.find('>')?;
    let inner = text[1..end].trim_end_matches('/').trim();
    let (closing, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner.trim()),
        None => (false, inner),
    };
    let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let name = name.to_ascii_lowercase();
    TAGS.contains(&name.as_str())
        .then_some((name, closing, attributes, end + 1))
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let at = attributes.find(&format!("{name}="))?;
    let value = &attributes[at + name.len() + 1..];
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = &value[1..];
    Some(value[..value.find(quote)?].to_owned())
}

/// Makes of each event one that rustdoc takes as it is meant.
fn tame(event: Event<'_>) -> Event<'_> {
    match event {
        // Code that is not marked as another language would be a doctest.
        Event::Start(Tag::CodeBlock(kind)) => {
            let language = match kind {
                CodeBlockKind::Fenced(language)
                    if !language.trim().is_empty() && !language.contains("rust") =>
                {
                    language
                }
                _ => CowStr::Borrowed("text"),
            };
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
        }
        // A type's documentation has headings of its own.
        Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        // A link relative to the vendor's site leads nowhere from here.
        Event::Start(Tag::Link { dest_url, .. }) if !dest_url.contains("://") => {
            Event::Start(Tag::Emphasis)
        }
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
        other => other,
    }
}

/// Closes what `tame` opened in place of a link.
fn guard_links<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut open = Vec::new();
    events.map(move |event| match event {
        Event::Start(ref tag @ (Tag::Emphasis | Tag::Link { .. })) => {
            open.push(matches!(tag, Tag::Link { .. }));
            event
        }
        Event::End(TagEnd::Link | TagEnd::Emphasis) => match open.pop() {
            Some(true) => Event::End(TagEnd::Link),
            _ => Event::End(TagEnd::Emphasis),
        },
        other => other,
    })
}

/// Makes links of addresses that stand bare in the text.
fn link_bare_addresses(event: Event<'_>) -> Vec<Event<'_>> {
    let Event::Text(text) = &event else {
        return vec![event];
    };
    let mut out = Vec::new();
    let mut rest: &str = text;
    while let Some(start) = rest.find("https://").or_else(|| rest.find("http://")) {
        let end = rest[start..]
            .find(|c: char| {
                c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | ')' | ']' | '`' | ',')
            })
            .map_or(rest.len(), |length| start + length);
        let address = rest[start..end].trim_end_matches(['.', ';', ':', '!', '?']);
        let end = start + address.len();
        out.push(Event::Text(rest[..start].to_owned().into()));
        let link = || CowStr::from(address.to_owned());
        out.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: link(),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }));
        out.push(Event::Text(link()));
        out.push(Event::End(TagEnd::Link));
        rest = &rest[end..];
    }
    if out.is_empty() {
        return vec![event];
    }
    out.push(Event::Text(rest.to_owned().into()));
    out
}

/// Escapes brackets that are no links: rustdoc would look for a type of that
/// name.
fn escape_brackets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let line = line.trim_end();
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            out.push_str(line);
            continue;
        }
        let mut code = false;
        let mut before = ' ';
        for (at, c) in line.char_indices() {
            if c == '`' {
                code = !code;
            }
            let opens = c == '[' && before != '\\' && !code;
            if opens && !is_link(&line[at..]) {
                out.push('\\');
            }
            out.push(c);
            before = c;
        }
    }
    out
}

fn is_link(text: &str) -> bool {
    text.find("](").is_some_and(|at| !text[1..at].contains('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// What is not read is as if it had been.
        #[test]
        fn plain_lines_are_what_they_become(
            text in "[a-zA-Z]?[a-z0-9A-Z ,.;:'\"()/?%-]{0,30}([a-z]?://|[*_<`]|www\\.|- |  )?[a-z. ]{0,5}",
        ) {
            proptest::prop_assume!(is_plain(text.trim()));
            // Indented by four it would be code, which one line of prose is not.
            proptest::prop_assert_eq!(rewritten(text.trim()), text.trim());
        }
    }

    #[test]
    fn html_becomes_markdown() {
        for (before, after) in [
            (
                "From the <a href=\"https://x.example/y\" target=\"_blank\">List</a> endpoint. ",
                "From the [List](https://x.example/y) endpoint.",
            ),
            ("One<br>two <b>bold</b>", "One\n\ntwo **bold**"),
            ("An <i>id</i>, `<id>` or <id>", "An *id*, `<id>` or \\<id>"),
            ("See https://x.example/a_b.", "See <https://x.example/a_b>."),
            (
                "a list of [ids] and [a link](https://x.example)",
                "a list of \\[ids\\] and [a link](https://x.example)",
            ),
            ("[here](/docs/limits)", "*here*"),
            (
                "# Title\n\n    let x = 1;\n",
                "Title\n\n```text\nlet x = 1;\n```",
            ),
            ("```\nfoo[0]\n```", "```text\nfoo[0]\n```"),
            ("Vec<T> stays", "Vec\\<T> stays"),
        ] {
            assert_eq!(markdown(before), after, "{before:?}");
        }
    }

    #[test]
    fn what_is_markdown_already_is_left() {
        for text in [
            "Plain text.",
            "- a\n- b",
            "**Note**: `code` here",
            "Use `x < y` and `a[0]`.",
        ] {
            assert_eq!(
                markdown(&markdown(text)),
                markdown(text),
                "stable: {text:?}"
            );
        }
        assert_eq!(
            markdown("Use `x < y` and `a[0]`."),
            "Use `x < y` and `a[0]`."
        );
    }

    #[test]
    fn no_text_makes_it_panic() {
        for text in [
            "<a href=\"https://x",
            "<a href=\"https://x.example\">open",
            "](",
            "[",
            "`",
            "<<>>",
            "\u{0}",
            "http://",
            "<a>b</a>",
        ] {
            let _ = markdown(text);
        }
    }
}
