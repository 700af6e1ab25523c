//! What the checks need of a command: the generated call of it, and its entry in the
//! table that the program is made of.

use std::ops::Bound;

use crate::generated::{DOWNLOADS, LEAVES};
use crate::generated_calls::{COMMANDS, Case, Kind};
use crate::table::{Body, Flag, FlagType, Leaf};

/// A command under one of its names.
pub(crate) struct Row {
    pub(crate) case: &'static Case,
    /// The values of the arguments in a call that succeeds.
    pub(crate) arguments: Vec<String>,
    /// Options with a value that they do not take.
    pub(crate) bad: Vec<[String; 2]>,
    pub(crate) leaf: &'static Leaf,
}

/// All commands that send one request, those with several names several times.
pub(crate) fn rows() -> Vec<Row> {
    let rows: Vec<Row> = COMMANDS.iter().filter_map(row).collect();
    assert_eq!(rows.len(), LEAVES.len());
    rows
}

/// The commands that store files.
pub(crate) fn downloads() -> Vec<&'static Case> {
    let downloads = COMMANDS
        .iter()
        .filter(|case| case.kinds.contains(&Kind::Download));
    let downloads: Vec<_> = downloads.collect();
    assert_eq!(downloads.len(), DOWNLOADS.len());
    downloads
}

impl Row {
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.case.kinds.contains(&kind)
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        self.is(Kind::Deprecated) || self.case.renamed
    }

    pub(crate) fn name(&self) -> String {
        self.case.words.join(" ")
    }

    /// The schemas of request and response, where it has them.
    pub(crate) fn schemas(&self) -> [(&'static str, Option<&'static str>); 2] {
        let command = self.leaf.command;
        [
            ("--request-schema", command.request_schema),
            ("--response-schema", command.response_schema),
        ]
    }

    pub(crate) fn takes_data(&self) -> bool {
        matches!(self.leaf.command.body, Body::Json { .. })
    }
}

fn row(case: &'static Case) -> Option<Row> {
    let leaf = LEAVES.iter().find(|leaf| leaf.words == case.words)?;
    // All commands share a server, and others read what the call of a DELETE names.
    let gone = if case.method == "DELETE" { "gone-" } else { "" };
    let mut bad: Vec<_> = leaf.command.flags.iter().flat_map(bad_values).collect();
    let own = case.bad_option.and_then(|option| option.split_once('='));
    bad.extend(own.map(|(name, value)| [name.to_owned(), value.to_owned()]));
    let known = case.arguments.iter();
    Some(Row {
        case,
        arguments: known.map(|id| format!("{gone}{id}")).collect(),
        bad,
        leaf,
    })
}

/// Values outside of an option's type, enum and bounds.
fn bad_values(flag: &'static Flag) -> Vec<[String; 2]> {
    let mut values: Vec<String> = Vec::new();
    if matches!(flag.ty, FlagType::Integer | FlagType::Number) {
        values.extend(["x".to_owned(), String::new(), "NaN".to_owned()]);
        let step = if flag.ty == FlagType::Integer {
            1.0
        } else {
            0.01
        };
        for (bound, step) in [(flag.bounds.0, -step), (flag.bounds.1, step)] {
            values.extend(match bound {
                Bound::Included(number) => Some((number + step).to_string()),
                Bound::Excluded(number) => Some(number.to_string()),
                Bound::Unbounded => None,
            });
        }
    }
    if let Some(value) = flag.values.first() {
        values.push("no-such-value".to_owned());
        if flag.ty == FlagType::Strings {
            values.push(format!("{value},no-such-value"));
        }
    }
    let option = format!("--{}", flag.name);
    values
        .into_iter()
        .map(|value| [option.clone(), value])
        .collect()
}
