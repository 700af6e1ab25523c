//! Prose as rustdoc can take it: vendors write HTML, indented lines and bare
//! links into their Markdown.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value};

use super::rule;
use crate::{Pointer, Report, walk};

/// Turns descriptions and summaries into Markdown without HTML, of which
/// rustdoc makes no broken link, no stray tag and no doctest.
pub(super) fn to_markdown(document: &mut Value, report: &mut Report) {
    let mut look = |value: &mut Value, at: &Pointer| {
        if let Value::Object(holder) = value {
            clean(holder, at, report);
        }
    };
    walk::schemas(document, &mut look);
    if let Some(info) = document.get_mut("info") {
        look(info, &Pointer::root().join("info"));
    }
    walk::operations(document, &mut |_, _, operation, at| {
        clean(operation, at, report);
        let mut look = |value: &mut Value, at: &Pointer| {
            if let Value::Object(holder) = value {
                clean(holder, at, report);
            }
        };
        for (key, value) in operation {
            let at = at.join(key);
            match key.as_str() {
                "parameters" => walk::each_item(value, &at, &mut look),
                "responses" => walk::each_entry(value, &at, &mut look),
                "requestBody" => look(value, &at),
                _ => {}
            }
        }
    });
}

fn clean(holder: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for key in ["summary", "description"] {
        let Some(Value::String(text)) = holder.get_mut(key) else {
            continue;
        };
        if is_plain(text) {
            continue;
        }
        let tidy = markdown(text);
        if tidy != text.trim() {
            let note = "HTML and the like turned into Markdown";
            report.changed(rule("prose"), &at.join(key), note);
        }
        // A response has to have one.
        if tidy.is_empty() && at.holder() != Some("responses") {
            holder.shift_remove(key);
        } else {
            *text = tidy;
        }
    }
}

/// Whether a text, trimmed, is one plain line, of which no reader of Markdown
/// makes anything else. Most are, and need not be read and written anew.
fn is_plain(text: &str) -> bool {
    let plain = |b: u8| {
        b.is_ascii_alphanumeric()
            || matches!(b, b' ' | b',' | b'.' | b';' | b':' | b'\'' | b'"')
            || matches!(b, b'(' | b')' | b'/' | b'-' | b'?' | b'%')
    };
    let code = |text: &str| {
        let plain = |b: u8| plain(b) || matches!(b, b'_' | b'{' | b'}' | b'=' | b'+' | b'$' | b'^');
        !text.is_empty() && text.trim() == text && text.bytes().all(plain)
    };
    let parts = text.split('`').enumerate();
    let mut odd = false;
    let fine = parts.into_iter().all(|(index, part)| {
        odd = index % 2 == 1;
        if odd {
            code(part)
        } else {
            part.bytes().all(plain)
        }
    });
    fine && !odd
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
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
    let text = html_to_markdown(&text.replace("\r\n", "\n"));
    let reading = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let writing = pulldown_cmark_to_cmark::Options {
        code_block_token_count: 3,
        list_token: '-',
        ..Default::default()
    };
    let mut around = Vec::new();
    let events = Parser::new_ext(&text, reading).flat_map(|event| tame(event, &mut around));
    let mut out = String::new();
    match pulldown_cmark_to_cmark::cmark_with_options(events, &mut out, reading, writing) {
        Ok(_) => {
            let lines: Vec<&str> = out.trim().lines().map(str::trim_end).collect();
            lines.join("\n")
        }
        Err(_) => text.trim().replace(['<', '>', '[', ']'], " "),
    }
}

/// The tags that vendors write into Markdown, with what stands there for their
/// start and their end; `<id>` and the like are prose.
const TAGS: [(&[&str], &str, &str); 6] = [
    (&["b", "strong"], "**", "**"),
    (&["i", "em"], "*", "*"),
    (&["code", "tt"], "`", "`"),
    (
        &["br", "p", "div", "ul", "ol", "table", "tr", "callout"],
        "\n\n",
        "\n\n",
    ),
    (&["li"], "\n- ", ""),
    (
        &["a", "span", "td", "th", "img", "u", "sub", "sup", "font"],
        "",
        "",
    ),
];

/// Text with its tags replaced by their counterparts in Markdown. What stands in
/// back-quotes is not HTML.
fn html_to_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut links: Vec<Option<String>> = Vec::new();
    let end_of = |href: String| format!("]({})", href.replace(' ', "%20"));
    let mut code = false;
    while let Some(start) = rest.find(['<', '`']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        code ^= rest.starts_with('`');
        let tag = html_tag(rest).filter(|_| !code);
        let Some((name, closes, attributes, stands_for)) = tag else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        };
        rest = rest.split_once('>').map_or("", |(_, rest)| rest);
        match (name, closes) {
            ("a", false) => {
                let href = attribute(attributes, "href").filter(|href| href.contains("://"));
                out.push_str(if href.is_some() { "[" } else { "" });
                links.push(href);
            }
            ("a", true) => out.extend(links.pop().flatten().map(end_of)),
            ("img", _) => out.extend(attribute(attributes, "alt")),
            _ => out.push_str(stands_for),
        }
    }
    out.push_str(rest);
    // A link whose end never came must not leave a bracket open.
    out.extend(links.into_iter().rev().flatten().map(end_of));
    out
}

/// The tag that a text starts with, if it is a known one: its name, whether it
/// closes, its attributes, and what stands for it.
fn html_tag(text: &str) -> Option<(&'static str, bool, &str, &'static str)> {
    let (inner, _) = text.strip_prefix('<')?.split_once('>')?;
    let inner = inner.trim_end_matches('/').trim();
    let closes = inner.starts_with('/');
    let inner = inner.trim_start_matches('/').trim();
    let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    TAGS.iter().find_map(|(names, start, end)| {
        let known = names
            .iter()
            .find(|known| name.eq_ignore_ascii_case(known))?;
        Some((
            *known,
            closes,
            attributes,
            if closes { *end } else { *start },
        ))
    })
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let (_, value) = attributes.split_once(&format!("{name}="))?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split_once(quote)?.0.to_owned())
}

/// Makes of an event those that rustdoc takes as they are meant. `around` are the
/// links, emphases and blocks of code around it: false is an emphasis.
fn tame<'a>(event: Event<'a>, around: &mut Vec<bool>) -> Vec<Event<'a>> {
    let event = match event {
        // Code that is not marked as another language would be a doctest.
        Event::Start(Tag::CodeBlock(kind)) => {
            let language = match kind {
                CodeBlockKind::Fenced(name)
                    if !name.trim().is_empty() && !name.contains("rust") =>
                {
                    name
                }
                _ => CowStr::Borrowed("text"),
            };
            around.push(true);
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
        }
        Event::End(TagEnd::CodeBlock) => {
            around.pop();
            event
        }
        // A type's documentation has headings of its own.
        Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Link { ref dest_url, .. }) if dest_url.contains("://") => {
            around.push(true);
            event
        }
        // A link relative to the vendor's site leads nowhere from here.
        Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis) => {
            around.push(false);
            Event::Start(Tag::Emphasis)
        }
        Event::End(TagEnd::Link | TagEnd::Image | TagEnd::Emphasis) => {
            Event::End(match around.pop() {
                Some(true) => TagEnd::Link,
                _ => TagEnd::Emphasis,
            })
        }
        other => other,
    };
    match &event {
        Event::Text(text) if !around.contains(&true) => link_bare_addresses(text),
        _ => vec![event],
    }
}

/// Makes links of addresses that stand bare in the text.
fn link_bare_addresses<'a>(text: &str) -> Vec<Event<'a>> {
    let text_of = |text: &str| Event::Text(text.to_owned().into());
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("https://").or_else(|| rest.find("http://")) {
        let ends = |c: char| c.is_whitespace() || "<>\"')]`,".contains(c);
        let end = rest[start..]
            .find(ends)
            .map_or(rest.len(), |length| start + length);
        let address = rest[start..end].trim_end_matches(['.', ';', ':', '!', '?']);
        out.push(text_of(&rest[..start]));
        out.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: address.to_owned().into(),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }));
        out.push(text_of(address));
        out.push(Event::End(TagEnd::Link));
        rest = &rest[start + address.len()..];
    }
    out.push(text_of(rest));
    out
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
            (
                "```sh\ncurl https://x.example/a\n```",
                "```sh\ncurl https://x.example/a\n```",
            ),
            (
                "[https://x.example/a](https://x.example/a)",
                "[https://x.example/a](https://x.example/a)",
            ),
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
