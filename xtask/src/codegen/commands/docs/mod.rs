//! `docs/command-line.md`: every command, with its arguments and options. What no
//! document says is in the templates beside this file: the page around the commands,
//! and the commands that are written by hand.

mod section;

use std::collections::BTreeMap;

use openapi_prep::Error;

use super::{Command, Download, groups::Group};
use crate::codegen::page::{Anchors, fill, headings};

/// The page, from the workspace root.
pub(super) const PAGE: &str = "docs/command-line.md";

const TEMPLATE: &str = include_str!("command-line.md");

/// Groups and commands as sections of the page, each under a heading of `heygen` and
/// its words.
const BY_HAND: &str = include_str!("by-hand.md");

/// How a heading of a group or a command begins.
const PROGRAM: &str = "heygen ";

/// Texts of sections, by the words after `heygen`. A single word is a group, or a
/// command that is in none.
type Sections = BTreeMap<Vec<String>, String>;

/// The page.
///
/// # Errors
///
/// Where a command by hand has the words of another, or the template does not fit.
pub(super) fn page(
    commands: &[Command<'_>],
    downloads: &[Download],
    groups: &[Group],
) -> Result<String, Error> {
    let mut sections = Sections::new();
    let of_table = section::groups(groups)
        .chain(section::commands(commands))
        .chain(section::downloads(downloads));
    for (words, text) in of_table.chain(by_hand(BY_HAND)) {
        if let Some(other) = sections.insert(words, text) {
            let first = other.lines().next().unwrap_or_default();
            return Err(Error::new(format!(
                "two sections of {PAGE} have one command: {first}"
            )));
        }
    }
    whole(TEMPLATE, &sections)
}

/// The sections of commands that are written by hand.
fn by_hand(text: &str) -> impl Iterator<Item = (Vec<String>, String)> {
    let parts = text.split("\n# heygen ").skip(1);
    parts.map(|part| {
        let (words, text) = part.split_once('\n').unwrap_or((part, ""));
        let words = words.split(' ').map(str::to_owned);
        (words.collect(), text.trim().to_owned())
    })
}

/// The template with the sections and the contents.
fn whole(template: &str, sections: &Sections) -> Result<String, Error> {
    let mut commands = String::new();
    for (words, text) in sections {
        let depth = if words.len() == 1 { "##" } else { "###" };
        commands.extend([
            depth,
            " ",
            PROGRAM,
            &words.join(" "),
            "\n\n",
            text.trim_end(),
            "\n\n",
        ]);
    }
    let template = template.replace("{{commands}}", commands.trim_end());
    let contents = contents(&template);
    fill(&template, &[("contents".to_owned(), contents)]).map_err(|e| e.in_file(PAGE))
}

/// A line for each heading of the second depth, with those below it behind it.
fn contents(page: &str) -> String {
    let mut anchors = Anchors::default();
    let mut out = String::new();
    let (mut group, mut separator) = ("", "");
    for (depth, heading) in headings(page) {
        let anchor = anchors.of(heading);
        let link = |title: &str| format!("[{title}](#{anchor})");
        if depth == 2 {
            (group, separator) = (heading, ": ");
            let title = heading.strip_prefix(PROGRAM).unwrap_or(heading);
            out.extend([format!("\n- {}", link(title))]);
        } else {
            let inner = heading.strip_prefix(group).unwrap_or(heading);
            out.extend([separator, &link(inner.trim_start())]);
            separator = ", ";
        }
    }
    out.trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use serde_json::Value;

    use super::*;

    fn read(file: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        fs::read_to_string(root.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
    }

    /// The words that have a section, and those of their groups.
    fn described() -> BTreeSet<String> {
        let page = read(PAGE);
        let headings = headings(&page).into_iter();
        let words = headings.filter_map(|(_, heading)| heading.strip_prefix(PROGRAM));
        let all = words.flat_map(|words| {
            let ends = words
                .match_indices(' ')
                .map(|(at, _)| at)
                .chain([words.len()]);
            ends.map(|end| words[..end].to_owned()).collect::<Vec<_>>()
        });
        all.collect()
    }

    /// The command lines in code of a page, without `heygen `.
    fn lines(page: &str) -> Vec<String> {
        let spans = page.split('`').skip(1).step_by(2);
        let blocks = page.lines();
        let all = spans
            .chain(blocks)
            .filter_map(|code| code.trim().strip_prefix(PROGRAM));
        all.map(str::to_owned).collect()
    }

    #[test]
    fn every_command_has_a_section() {
        let described = described();
        for version in ["v2", "v3"] {
            let ledger = read(&format!("openapi/{version}/names.json"));
            let ledger: Value = serde_json::from_str(&ledger).unwrap();
            let commands = ledger["commands"].as_object().unwrap();
            for (operation, words) in commands {
                let words = words.as_str().unwrap();
                assert!(described.contains(words), "{operation}: {words}");
            }
        }
    }

    #[test]
    fn links_of_a_page_lead_to_its_headings() {
        for page in [PAGE, "docs/migrating-from-v2.md"] {
            let text = read(page);
            let mut anchors = Anchors::default();
            let headings = headings(&text).into_iter();
            let known: BTreeSet<_> = headings.map(|(_, heading)| anchors.of(heading)).collect();
            let links: Vec<_> = text.split("](#").skip(1).collect();
            assert!(!links.is_empty());
            for link in links {
                let anchor = link.split(')').next().unwrap();
                assert!(known.contains(anchor), "{page}: {anchor}");
            }
        }
    }

    #[test]
    fn commands_that_pages_name_exist() {
        let described = described();
        let is_word = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase());
        for page in [PAGE, "docs/migrating-from-v2.md", "README.md"] {
            for line in lines(&read(page)) {
                let options = ["--mock", "--human"];
                let words = line
                    .split_whitespace()
                    .skip_while(|word| options.contains(word));
                let words: Vec<&str> = words.take_while(is_word).collect();
                let exists =
                    (1..=words.len()).any(|end| described.contains(&words[..end].join(" ")));
                assert!(exists || words.is_empty(), "{page}: heygen {line}");
            }
        }
    }

    #[test]
    fn sections_are_sorted_below_their_groups() {
        let text = "About.\n\n# heygen b\n\nB.\n\n# heygen a c\n\nC.\n\n# heygen a\n\nA.\n";
        let page = whole("{{contents}}\n\n{{commands}}\n", &by_hand(text).collect()).unwrap();
        let expected = "- [a](#heygen-a): [c](#heygen-a-c)\n- [b](#heygen-b)\n\n\
                        ## heygen a\n\nA.\n\n### heygen a c\n\nC.\n\n## heygen b\n\nB.\n";
        assert_eq!(page, expected);
    }
}
