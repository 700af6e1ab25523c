//! Pages of documentation, made of templates and parts: Markdown as GitHub renders
//! it.

use std::collections::BTreeMap;

use openapi_prep::Error;

/// A template with each `{{name}}` replaced by the part of this name.
///
/// # Errors
///
/// Where the template has a name without a part, or lacks one.
pub(super) fn fill(template: &str, parts: &[(String, String)]) -> Result<String, Error> {
    let mut out = String::new();
    let (mut rest, mut used) = (template, Vec::new());
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let part = parts.iter().find(|(known, _)| known == name);
        let (name, part) = part.ok_or_else(|| {
            Error::new(format!("the template has an unknown part: {{{{{name}}}}}"))
        })?;
        used.push(name);
        out.push_str(before);
        out.push_str(part.trim_end());
        rest = after;
    }
    match parts.iter().find(|(name, _)| !used.contains(&name)) {
        Some((name, _)) => Err(Error::new(format!("the template lacks {{{{{name}}}}}"))),
        None => Ok(out + rest),
    }
}

/// A table. A column without a single value is left out, and a table without rows
/// is nothing.
pub(super) fn table(titles: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let shown = (0..titles.len()).filter(|&at| rows.iter().any(|row| !row[at].is_empty()));
    let shown: Vec<usize> = shown.collect();
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(shown.iter().map(|&at| titles[at]).collect());
    out.extend([format!("|{}\n", "---|".repeat(shown.len()))]);
    for row in rows {
        out.push_str(&line(shown.iter().map(|&at| row[at].as_str()).collect()));
    }
    out.push('\n');
    out
}

/// A text of the document in one line, fit for a cell: code and links in it stay so,
/// and nothing else is markup.
pub(super) fn text(markdown: &str) -> String {
    let line = markdown.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len());
    // Odd parts are code, where only the bar of tables means something. A last
    // backtick without its partner is a character.
    let parts: Vec<&str> = line.split('`').collect();
    for (at, part) in parts.iter().enumerate() {
        let is_code = at % 2 == 1 && at + 1 < parts.len();
        if at > 0 {
            out.push_str(if is_code || at % 2 == 0 { "`" } else { "\\`" });
        }
        for c in part.chars() {
            let is_markup = c == '|' || (!is_code && matches!(c, '<' | '>' | '*'));
            out.extend(is_markup.then_some('\\'));
            out.push(c);
        }
    }
    out
}

/// Code in a line, also where it has backticks.
pub(super) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

/// The anchors of headings, in the order in which they are asked for: the second of
/// the same name is numbered.
#[derive(Debug, Default)]
pub(super) struct Anchors(BTreeMap<String, usize>);

impl Anchors {
    pub(super) fn of(&mut self, heading: &str) -> String {
        let kept = heading.to_lowercase().replace(' ', "-");
        let kept = kept.chars();
        let anchor: String = kept
            .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        let seen = self.0.entry(anchor.clone()).or_default();
        *seen += 1;
        match *seen {
            1 => anchor,
            nth => format!("{anchor}-{}", nth - 1),
        }
    }
}

/// The headings of a page below its title, with their depth, and without those in
/// blocks of code.
pub(super) fn headings(page: &str) -> Vec<(usize, &str)> {
    let mut is_code = false;
    let lines = page.lines().filter(|line| {
        is_code ^= line.starts_with("```");
        !is_code && line.starts_with("##")
    });
    let headings = lines.filter_map(|line| {
        let text = line.trim_start_matches('#');
        Some((line.len() - text.len(), text.strip_prefix(' ')?))
    });
    headings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup_but_code_and_links() {
        for (given, expected) in [
            ("a `b|*` c|*\nd", "a `b\\|*` c\\|\\* d"),
            ("<a> [b](c)", "\\<a\\> [b](c)"),
            ("one ` alone", "one \\` alone"),
        ] {
            assert_eq!(text(given), expected);
        }
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }

    #[test]
    fn empty_columns_are_left_out() {
        let row = |a: &str, b: &str| vec![a.to_owned(), String::new(), b.to_owned()];
        let table = table(&["A", "B", "C"], &[row("1", ""), row("2", "x")]);
        assert_eq!(table, "| A | C |\n|---|---|\n| 1 |  |\n| 2 | x |\n\n");
    }

    #[test]
    fn anchors_are_those_of_github() {
        let mut anchors = Anchors::default();
        let page = "# T\n## Exit codes, and `-d`\n```\n## code\n```\n### A b\n### A b\n";
        let found: Vec<_> = headings(page)
            .into_iter()
            .map(|(depth, heading)| (depth, anchors.of(heading)))
            .collect();
        let expected = [(2, "exit-codes-and--d"), (3, "a-b"), (3, "a-b-1")];
        assert_eq!(
            found,
            expected.map(|(depth, anchor)| (depth, anchor.to_owned()))
        );
    }
}
