//! The commands that read jobs, found in the table.

use heygen::raw::Operation;
use heygen::wait::Job;

use crate::generated::LEAVES;
use crate::table::Leaf;

/// The kind of job that an operation reads.
pub(crate) fn job_read_by(read: &Operation) -> Option<&'static Job> {
    let mut jobs = leaves(read).filter_map(|leaf| leaf.command.job);
    let read = jobs.find(|(_, started)| started.is_none());
    read.map(|(job, _)| job)
}

/// The command line that reads an object.
pub(crate) fn command_of(read: &Operation, id: &str) -> String {
    let leaf = leaves(read).min_by_key(|leaf| leaf.renamed_to.is_some());
    let line = leaf.map_or(String::new(), Leaf::command_line);
    format!("{line} {}", quoted(id))
}

fn leaves(read: &Operation) -> impl Iterator<Item = &'static Leaf> {
    let (method, path) = (read.method, read.path);
    let leaves = LEAVES.iter();
    leaves.filter(move |leaf| {
        let operation = leaf.command.operation;
        operation.method == method && operation.path == path
    })
}

/// An id as a shell takes it.
fn quoted(id: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/@%+".contains(&byte);
    if !id.is_empty() && !id.starts_with('-') && id.bytes().all(is_plain) {
        return id.to_owned();
    }
    format!("'{}'", id.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_quoted_for_a_shell() {
        for (id, expected) in [
            ("vid_1", "vid_1"),
            ("-x", "'-x'"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(id), expected);
        }
    }
}
