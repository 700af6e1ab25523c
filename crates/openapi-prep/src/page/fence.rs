//! The code fences and headings of a Markdown page, as far as they tell where
//! a document stands on it.
//!
//! A fence is what `CommonMark` calls one: three or more backticks or tildes,
//! indented by at most three spaces, closed by at least as many of the same. A
//! page may show a fence inside a longer fence, so only the outermost ones are
//! seen. A heading is a line that begins with `#`, or one that is underlined.

/// One code fence of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fence {
    /// Number of the line that opens it, from 1.
    pub line: usize,
    /// What stands after the opening backticks or tildes.
    pub info: String,
    /// The lines between, each with a line feed.
    pub body: String,
    /// Whether a closing line was found.
    pub closed: bool,
    /// The headings it stands under, outermost first.
    pub headings: Vec<String>,
}

/// The line that opens a fence.
#[derive(Debug, Clone, Copy)]
struct Opening<'a> {
    indent: usize,
    /// A backtick or a tilde.
    mark: u8,
    length: usize,
    info: &'a str,
}

/// All code fences of a page, in their order.
pub(super) fn scan(text: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut headings: Vec<(usize, String)> = Vec::new();
    let mut lines = text.lines().enumerate();
    let mut before = "";
    while let Some((number, line)) = lines.next() {
        if let Some((level, title)) = heading(line).or_else(|| underlined(before, line)) {
            headings.retain(|(outer, _)| *outer < level);
            headings.push((level, title));
        }
        before = line;
        let Some(opening) = opening(line) else {
            continue;
        };
        before = "";
        let mut fence = Fence {
            line: number + 1,
            info: opening.info.to_owned(),
            body: String::new(),
            closed: false,
            headings: headings.iter().map(|(_, title)| title.clone()).collect(),
        };
        for (_, line) in lines.by_ref() {
            if closes(line, opening) {
                fence.closed = true;
                break;
            }
            fence.body.push_str(unindent(line, opening.indent));
            fence.body.push('\n');
        }
        fences.push(fence);
    }
    fences
}

/// Whether the text holds, outside code fences, a line that only the first
/// level of a YAML document has: `openapi` or `swagger` with a version.
pub(super) fn has_bare_yaml(text: &str) -> bool {
    let mut open: Option<Opening<'_>> = None;
    for line in text.lines() {
        // Inside a YAML document a fence is part of a text and so indented;
        // only one at the very start of a line ends or begins a page's fence.
        match open {
            Some(opening) if closes(line, opening) => open = None,
            None if line.starts_with(['`', '~']) => open = opening(line),
            None if is_version_line(line) => return true,
            Some(_) | None => {}
        }
    }
    false
}

fn is_version_line(line: &str) -> bool {
    let unquoted = line.trim_start_matches(['"', '\'']);
    ["openapi", "swagger"].iter().any(|key| {
        unquoted
            .strip_prefix(key)
            .map(|rest| rest.trim_start_matches(['"', '\'']).trim_start())
            .and_then(|rest| rest.strip_prefix(':'))
            .map(|rest| rest.trim_start().trim_start_matches(['"', '\'']))
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Level and title of a heading line.
fn heading(line: &str) -> Option<(usize, String)> {
    let line = unindent(line, 3);
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let rest = &line[level..];
    if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let title = rest.trim().trim_end_matches('#').trim_end();
    Some((level, plain(title)))
}

/// Level and title of a line that the next one underlines.
fn underlined(text: &str, line: &str) -> Option<(usize, String)> {
    let line = unindent(line, 3).trim_end();
    let level = match line.as_bytes().first()? {
        b'=' => 1,
        b'-' => 2,
        _ => return None,
    };
    let title = text.trim();
    let all_alike = line.bytes().all(|b| b == line.as_bytes()[0]);
    (all_alike && !title.is_empty() && heading(text).is_none()).then(|| (level, plain(title)))
}

/// A title without emphasis and without the anchor some sites put after it.
fn plain(title: &str) -> String {
    let title = match title.rsplit_once("{#") {
        Some((title, anchor)) if anchor.ends_with('}') => title,
        _ => title,
    };
    title.trim_matches(['*', '_', '`', ' ', '\t']).to_owned()
}

fn opening(line: &str) -> Option<Opening<'_>> {
    let rest = unindent(line, 3);
    let mark = *rest.as_bytes().first()?;
    let length = rest.bytes().take_while(|b| *b == mark).count();
    let info = rest.get(length..)?.trim();
    // In an info string after backticks a backtick would make it code in prose.
    let fence = length >= 3 && (mark == b'~' || mark == b'`' && !info.contains('`'));
    fence.then_some(Opening {
        indent: line.len() - rest.len(),
        mark,
        length,
        info,
    })
}

/// Whether a line closes the fence that was opened so.
fn closes(line: &str, opening: Opening<'_>) -> bool {
    let rest = unindent(line, 3);
    let found = rest.bytes().take_while(|b| *b == opening.mark).count();
    found >= opening.length && rest[found..].trim().is_empty()
}

/// The line without its first spaces, at most so many.
fn unindent(line: &str, at_most: usize) -> &str {
    let spaces = line
        .bytes()
        .take(at_most)
        .take_while(|b| *b == b' ')
        .count();
    &line[spaces..]
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
    fn a_fence_knows_the_headings_it_stands_under() {
        let fences = scan("# A\n## B #\n```\n```\n# C\n```\n# no heading\n");
        assert_eq!(fences[0].headings, ["A", "B"]);
        assert_eq!(fences[1].headings, ["C"]);
        assert!(!fences[1].closed);
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
    fn a_heading_may_be_underlined_emphasised_or_have_an_anchor() {
        for (text, wanted) in [
            ("A b\n===\n```\n```", &["A b"][..]),
            ("# A\n\nB\n--\n```\n```", &["A", "B"]),
            ("# A\n\nB\n==\n```\n```", &["B"]),
            ("# **A b** {#a-b}\n```\n```", &["A b"]),
            ("# A\n\n---\n```\n```", &["A"]),
            ("# A\n---\n```\n```", &["A"]),
            ("```\nx\n```\n---\n```\n```", &[]),
        ] {
            assert_eq!(scan(text).last().unwrap().headings, wanted, "{text}");
        }
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
        assert_eq!(fences[0].headings, ["T"]);
        assert_eq!(
            (fences[0].info.as_str(), fences[0].body.as_str()),
            ("json", "{}\n")
        );
    }

    #[test]
    fn a_version_line_tells_bare_yaml_from_a_page() {
        for yes in [
            "openapi: 3.1.0\n",
            "# c\n\"openapi\" : '3.0.0'\n",
            "info:\n  description: |\n    ```\nopenapi: 3.1.0\n",
            "swagger: '2.0'",
        ] {
            assert!(has_bare_yaml(yes), "{yes}");
        }
        for no in [
            "---\nopenapi: post /v3/videos\n---\n",
            "```yaml\nopenapi: 3.1.0\n```\n",
            " openapi: 3.1.0",
            "openapi 3.1.0",
        ] {
            assert!(!has_bare_yaml(no), "{no}");
        }
    }
}
