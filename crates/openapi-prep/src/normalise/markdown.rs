//! Prose as rustdoc can take it: vendors write HTML, indented lines and bare
//! links into their Markdown.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value};

use crate::{Pointer, Report, walk};

/// Turns descriptions and summaries into Markdown without HTML, of which
/// rustdoc makes no broken link, no stray tag and no doctest.
pub(super) fn to_markdown(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| clean(schema, at, report));
    if let Some(info) = document.get_mut("info") {
        clean(info, &Pointer::root().join("info"), report);
    }
    walk::operations(document, &mut |_, _, operation, at| {
        clean_texts(operation, at, report);
        let mut look = |value: &mut Value, at: &Pointer| clean(value, at, report);
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

fn clean(holder: &mut Value, at: &Pointer, report: &mut Report) {
    if let Value::Object(holder) = holder {
        clean_texts(holder, at, report);
    }
}

fn clean_texts(holder: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for key in ["summary", "description"] {
        let Some(Value::String(text)) = holder.get_mut(key) else {
            continue;
        };
        let tidy = markdown(text);
        if tidy != text.trim() {
            report.changed(&at.join(key), "HTML and the like turned into Markdown");
        }
        *text = tidy;
    }
}

/// Whether a text is one line of words and code that Markdown leaves as it is: so
/// are most, and to read and write one takes long.
fn is_plain(text: &str) -> bool {
    let of_prose = |b: u8| b.is_ascii_alphanumeric() || b" ,.;:'\"()/-?%".contains(&b);
    let of_code = |b: u8| b.is_ascii_alphanumeric() || b"_.:/-".contains(&b);
    let mut parts = text.split('`').enumerate();
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.split('`').count() % 2 == 1
        && parts.all(|(at, part)| match at % 2 {
            0 => part.bytes().all(of_prose),
            _ => part.bytes().all(of_code),
        })
        && !["  ", "``", "://"].iter().any(|sign| text.contains(sign))
}

/// One text as Markdown that rustdoc takes without a warning.
fn markdown(text: &str) -> String {
    if is_plain(text.trim()) {
        return text.trim().to_owned();
    }
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

/// Text with the tags that vendors write into Markdown replaced by their
/// counterparts; `<id>` and the like are prose, and what stands in back-quotes is
/// not HTML.
fn html_to_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // What ends the links that are open.
    let mut links: Vec<String> = Vec::new();
    for (index, part) in text.split('`').enumerate() {
        out.push_str(if index > 0 { "`" } else { "" });
        let mut pieces = part.split('<');
        out.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let tag = piece.split_once('>').filter(|_| index % 2 == 0);
            let Some((tag, after)) =
                tag.and_then(|(tag, after)| Some((markdown_of(tag, &mut links)?, after)))
            else {
                out.push('<');
                out.push_str(piece);
                continue;
            };
            out.push_str(&tag);
            out.push_str(after);
        }
    }
    // A link whose end never came must not leave a bracket open.
    out.extend(links.into_iter().rev());
    out
}

/// What stands in Markdown for a known tag of HTML.
fn markdown_of(tag: &str, links: &mut Vec<String>) -> Option<String> {
    let closes = tag.trim().starts_with('/');
    let mut words = tag.split(|c: char| c == '/' || c.is_whitespace());
    let name = words.find(|word| !word.is_empty())?;
    let attribute = |name: &str| {
        let (_, value) = tag.split_once(name)?;
        value.split(['"', '\'']).nth(1)
    };
    Some(match name.to_ascii_lowercase().as_str() {
        "a" if closes => links.pop().unwrap_or_default(),
        "a" => {
            let href = attribute("href=").filter(|href| href.contains("://"));
            let end = href.map(|href| format!("]({})", href.replace(' ', "%20")));
            links.push(end.unwrap_or_default());
            href.map_or("", |_| "[").to_owned()
        }
        "img" => attribute("alt=").unwrap_or_default().to_owned(),
        "b" | "strong" => "**".into(),
        "i" | "em" => "*".into(),
        "code" | "tt" => "`".into(),
        "br" | "p" | "div" | "ul" | "ol" | "table" | "tr" | "callout" => "\n\n".into(),
        "li" if !closes => "\n- ".into(),
        "li" | "span" | "td" | "th" | "u" | "sub" | "sup" | "font" => String::new(),
        _ => return None,
    })
}

/// Makes of an event those that rustdoc takes as they are meant. `around` has the
/// ends of what is around it.
fn tame<'a>(event: Event<'a>, around: &mut Vec<TagEnd>) -> Vec<Event<'a>> {
    match event {
        Event::Start(tag) => {
            let tag = match tag {
                // Code that is not marked as another language would be a doctest.
                Tag::CodeBlock(CodeBlockKind::Fenced(name))
                    if !name.trim().is_empty() && !name.contains("rust") =>
                {
                    Tag::CodeBlock(CodeBlockKind::Fenced(name))
                }
                Tag::CodeBlock(_) => Tag::CodeBlock(CodeBlockKind::Fenced("text".into())),
                // A type's documentation has headings of its own.
                Tag::Heading { .. } => Tag::Paragraph,
                Tag::Link { ref dest_url, .. } if dest_url.contains("://") => tag,
                // A link relative to the vendor's site leads nowhere from here.
                Tag::Link { .. } | Tag::Image { .. } => Tag::Emphasis,
                _ => tag,
            };
            around.push(tag.to_end());
            vec![Event::Start(tag)]
        }
        Event::End(end) => vec![Event::End(around.pop().unwrap_or(end))],
        Event::Html(text) | Event::InlineHtml(text) | Event::Text(text) => {
            let is_kept = |end: &TagEnd| matches!(end, TagEnd::CodeBlock | TagEnd::Link);
            if around.iter().any(is_kept) {
                vec![Event::Text(text)]
            } else {
                link_bare_addresses(&text)
            }
        }
        other => vec![other],
    }
}

/// Makes links of addresses that stand bare in the text.
fn link_bare_addresses<'a>(text: &str) -> Vec<Event<'a>> {
    let text_of = |text: &str| Event::Text(text.to_owned().into());
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("https://").or_else(|| rest.find("http://")) {
        let ends = |c: char| c.is_whitespace() || "<>\"')]`,".contains(c);
        let address = rest[start..].split(ends).next().unwrap_or_default();
        let address = address.trim_end_matches(['.', ';', ':', '!', '?']);
        out.push(text_of(&rest[..start]));
        out.push(Event::InlineHtml(format!("<{address}>").into()));
        rest = &rest[start + address.len()..];
    }
    out.push(text_of(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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

    proptest::proptest! {
        /// A line that is not read would stay as it is, so it does before a paragraph
        /// for which it is.
        #[test]
        fn plain_lines_are_what_they_would_become(
            text in "[a-zA-Z]?[a-z0-9A-Z ,.;:'\"()/?%-]{0,30}(`[a-z_0-9.:/-]{0,9}`|[a-z]?://|[*_<`]|www\\.|- |  )?[a-z. ]{0,5}",
        ) {
            if is_plain(text.trim()) {
                let both = format!("{}\n\n**read**", text.trim());
                proptest::prop_assert!(!is_plain(&both));
                proptest::prop_assert_eq!(markdown(&both), both);
            }
        }
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
