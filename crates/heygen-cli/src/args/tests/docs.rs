//! The pages on the command line, against the commands that there are. Tests only:
//! `cargo xtask codegen` writes the pages and does not know the commands by hand.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::Arg;

use crate::args::{self, tree};
use crate::commands::BY_HAND;
use crate::generated::{DOWNLOADS, LEAVES};

fn page(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The section under a heading of the page on the command line.
fn section(page: &str, heading: &str) -> String {
    let found = page.split_once(&format!("# {heading}\n"));
    let (_, rest) = found.unwrap_or_else(|| panic!("{heading} has no section"));
    let end = ["\n# ", "\n## ", "\n### "]
        .iter()
        .filter_map(|next| rest.find(next));
    rest[..end.min().unwrap_or(rest.len())].to_owned()
}

/// The calls of the program in blocks of shell code.
fn command_lines(page: &str) -> Vec<Vec<OsString>> {
    let blocks = page.split("```sh\n").skip(1);
    let blocks = blocks.map(|block| block.split("\n```").next().unwrap_or(block));
    blocks.flat_map(in_shell).collect()
}

/// The calls of the program in a text of shell code without variables.
fn in_shell(text: &str) -> Vec<Vec<OsString>> {
    let (mut lines, mut words, mut word) = (Vec::new(), Vec::new(), None::<String>);
    // Pipes, redirections and comments end what the program sees of a line.
    let (mut quote, mut is_over) = (None, false);
    for c in text.replace("\\\n", " ").chars().chain(['\n']) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ' | '\n') => {
                words.extend(word.take().filter(|_| !is_over));
                if c == '\n' {
                    is_over = false;
                    lines.push(std::mem::take(&mut words));
                }
            }
            (None, '|' | '<' | '>' | '&') => {
                words.extend(word.take().filter(|_| !is_over));
                is_over = true;
            }
            (None, '#') if word.is_none() => is_over = true,
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    let is_ours = |line: &Vec<String>| line.first().is_some_and(|word| word == "heygen");
    let calls = lines.into_iter().filter(is_ours);
    let calls = calls.map(|line| line.into_iter().map(OsString::from).collect());
    calls.collect()
}

#[test]
fn every_command_line_of_the_pages_can_be_parsed() {
    let mut count = 0;
    for name in [
        "docs/command-line.md",
        "docs/migrating-from-v2.md",
        "docs/coming-from-the-vendors-cli.md",
        "README.md",
    ] {
        let lines = command_lines(&page(name));
        for line in &lines {
            let parsed = args::parse(line);
            let error = parsed.err().map(|error| error.body.message);
            assert_eq!(error, None, "{name}: {line:?}");
        }
        count += lines.len();
    }
    assert!(count > 100, "{count}");
}

#[test]
fn shell_code_is_read_as_a_shell_does() {
    let text = "heygen a 'b\nc' --d=\"e f\" \\\n  g | jq '.x'\nexport A=b\nheygen # no\n";
    let expected: Vec<Vec<OsString>> = vec![
        ["heygen", "a", "b\nc", "--d=e f", "g"]
            .map(OsString::from)
            .to_vec(),
        vec!["heygen".into()],
    ];
    assert_eq!(in_shell(text), expected);
}

#[test]
fn every_command_and_option_is_described() {
    let page = page("docs/command-line.md");
    let is_described = |text: &str, arg: &Arg| {
        let name = arg.get_long().map(|name| format!("`--{name}"));
        arg.is_hide_set() || name.is_none_or(|name| text.contains(&name))
    };
    let general = section(&page, "Global options");
    let of_program: BTreeSet<String> = tree::whole(tree::For::Display)
        .get_arguments()
        .map(|arg| {
            assert!(is_described(&general, arg), "{arg}");
            arg.get_id().to_string()
        })
        .collect();
    let by_hand = BY_HAND.iter().map(|command| command.words);
    let leaves = LEAVES.iter().filter(|leaf| leaf.renamed_to.is_none());
    for words in by_hand.chain(leaves.map(|leaf| leaf.words)) {
        let heading = format!("heygen {}", words.join(" "));
        let mut text = section(&page, &heading);
        // Other words of a command have a link to its section.
        if text.trim_start().starts_with("The same as") {
            continue;
        }
        if matches!(tree::node(words), tree::Node::Table(_)) {
            text.push_str(&general);
        }
        for arg in tree::definition(words, tree::For::Display).get_arguments() {
            let is_own = !of_program.contains(arg.get_id().as_str());
            assert!(!is_own || is_described(&text, arg), "{heading}: {arg}");
        }
    }
    for download in DOWNLOADS {
        section(&page, &format!("heygen {}", download.words.join(" ")));
    }
}
