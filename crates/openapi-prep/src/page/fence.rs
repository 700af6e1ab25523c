//! The fenced code blocks of a Markdown page.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A fenced code block of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fence {
    /// Number of its first line, from 1.
    pub line: usize,
    /// The info string after the opening backticks or tildes.
    pub info: String,
    /// The content.
    pub body: String,
    /// Whether it has a closing line.
    pub closed: bool,
}

/// All fenced code blocks of a page, in order.
pub(super) fn scan(text: &str) -> Vec<Fence> {
    let mut fences: Vec<Fence> = Vec::new();
    let mut in_fence = false;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                fences.push(Fence {
                    line: text[..range.start].matches('\n').count() + 1,
                    info: info.to_string(),
                    body: String::new(),
                    closed: is_closed(&text[range]),
                });
                in_fence = true;
            }
            Event::End(TagEnd::CodeBlock) => in_fence = false,
            Event::Text(part) if in_fence => {
                if let Some(fence) = fences.last_mut() {
                    fence.body.push_str(&part);
                }
            }
            _ => {}
        }
    }
    fences
}

/// Whether the last line of a fenced code block closes it. The parser ends an
/// unclosed block with the page.
fn is_closed(block: &str) -> bool {
    let block = block.trim();
    let mark = |c: char| c == '`' || c == '~';
    let open = block.chars().take_while(|c| mark(*c)).count();
    let Some((_, last)) = block.rsplit_once('\n') else {
        return false;
    };
    let last = last.trim_start_matches([' ', '>', '\t']);
    last.len() >= open && block.starts_with(&last[..open]) && last.chars().all(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_ends_at_as_many_backticks_as_opened_it() {
        let fences = scan("````md x\n```json\n{}\n```\n````\n```\nb\n```");
        assert_eq!(fences.len(), 2);
        assert_eq!(fences[0].info, "md x");
        assert_eq!(fences[0].body, "```json\n{}\n```\n");
        assert_eq!((fences[1].line, fences[1].body.as_str()), (6, "b\n"));
        assert!(fences.iter().all(|fence| fence.closed));
    }

    #[test]
    fn a_fence_that_is_not_closed_ends_with_the_page() {
        let fences = scan("```\n```\n# C\n```\n# no heading\n");
        assert_eq!(fences.len(), 2);
        assert!(fences[0].closed && !fences[1].closed);
        assert_eq!(fences[1].body, "# no heading\n");
    }

    #[test]
    fn tildes_make_a_fence_as_backticks_do() {
        let fences = scan("~~~ md `x`\n```json\n{}\n```\n~~~~\n```\n~~~\n```\n~~ no\n");
        assert_eq!(fences.len(), 2);
        assert_eq!(fences[0].info, "md `x`");
        assert_eq!(fences[0].body, "```json\n{}\n```\n");
        assert_eq!((fences[1].line, fences[1].body.as_str()), (6, "~~~\n"));
        assert!(scan("é```\n").is_empty() && scan("``` a`b\n").is_empty());
    }

    #[test]
    fn the_indent_of_a_fence_is_taken_from_its_lines() {
        let fences = scan("  ```yaml\n  a:\n    b: 1\n c: 2\n  ```\n");
        assert_eq!(fences[0].body, "a:\n  b: 1\nc: 2\n");
        assert!(scan("    ```\n    x\n").is_empty());
    }

    #[test]
    fn carriage_returns_are_no_part_of_a_line() {
        let fences = scan("# T\r\n```json\r\n{}\r\n```\r\n");
        assert_eq!(
            (fences[0].info.as_str(), fences[0].body.as_str()),
            ("json", "{}\n")
        );
    }
}
