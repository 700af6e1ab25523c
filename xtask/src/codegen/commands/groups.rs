//! The groups of commands: the words before the last of any command.

use std::collections::BTreeMap;

use heck::ToTitleCase as _;
use openapi_prep::api::Tag;

use super::{Command, Download, Input, names::group_of, text::plain};

/// A group of commands.
pub(super) struct Group {
    pub(super) words: Vec<String>,
    pub(super) about: String,
    pub(super) hidden: bool,
}

/// What is below a group.
#[derive(Default)]
struct Below<'a> {
    /// The next words, with whether help leaves them out.
    next: BTreeMap<&'a str, bool>,
    /// The commands from documents.
    commands: Vec<&'a Command<'a>>,
}

/// The groups of all documents, sorted by their words.
pub(super) fn of(
    inputs: &[Input<'_>],
    commands: &[Command<'_>],
    downloads: &[Download],
) -> Vec<Group> {
    let mut found: BTreeMap<&[String], Below<'_>> = BTreeMap::new();
    for command in commands {
        add(&mut found, &command.named.words, false, Some(command));
        for alias in &command.named.aliases {
            add(&mut found, &alias.words, alias.hidden, Some(command));
        }
    }
    for download in downloads {
        add(&mut found, &download.words, false, None);
    }
    let groups = found.iter().map(|(words, below)| Group {
        words: words.to_vec(),
        about: about(inputs, words, below),
        hidden: below.next.values().all(|hidden| *hidden),
    });
    groups.collect()
}

/// Adds the words of a command to the groups that it is in.
fn add<'a>(
    found: &mut BTreeMap<&'a [String], Below<'a>>,
    words: &'a [String],
    hidden: bool,
    command: Option<&'a Command<'a>>,
) {
    for length in 1..words.len() {
        let below = found.entry(&words[..length]).or_default();
        let next = below.next.entry(&words[length]).or_insert(true);
        *next &= hidden;
        below.commands.extend(command);
    }
}

/// What a group is about: by the overlay, else by the tag that it is named after or
/// that only its commands have, else what its commands do.
fn about(inputs: &[Input<'_>], words: &[String], below: &Below<'_>) -> String {
    let joined = words.join(" ");
    let mut hints = inputs.iter().map(|input| &input.names.document.about);
    if let Some(about) = hints.find_map(|about| about.get(&joined)) {
        return plain(about);
    }
    let of_group = |input: &&Input<'_>| input.names.document.group.as_ref() == words.first();
    let of_any = |input: &&Input<'_>| input.names.document.group.is_none();
    let mut inputs = [inputs.iter().find(of_group), inputs.iter().find(of_any)]
        .into_iter()
        .flatten();
    let tags: &[Tag] = inputs.next().map_or(&[], |input| &input.api.tags);
    let (last, around) = (&words[words.len() - 1], &words[..words.len() - 1]);
    let is_named = |tag: &&Tag| group_of(&tag.name) == *last;
    let is_shared = |tag: &&Tag| {
        let has_tag = |command: &&Command<'_>| command.operation.tags.first() == Some(&tag.name);
        below.commands.iter().all(has_tag) && !around.contains(&group_of(&tag.name))
    };
    let own = tags.iter().find(is_named);
    if let ([only], None) = (below.commands.as_slice(), own) {
        return only.about.clone();
    }
    let tag = own.or_else(|| tags.iter().find(is_shared));
    if let Some(description) = tag.and_then(|tag| tag.description.as_deref()) {
        return plain(description);
    }
    let names: Vec<&str> = below.next.keys().copied().collect();
    let title = last.to_title_case();
    format!(
        "{}{}: {}",
        &title[..1],
        title[1..].to_lowercase(),
        names.join(", ")
    )
}
