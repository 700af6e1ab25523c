//! The commands that read jobs, found in the table.

use heygen::raw::Operation;
use heygen::wait::Job;

use crate::generated::LEAVES;
use crate::table::Leaf;

/// The kind of job that an operation reads.
pub(crate) fn job_read_by(read: &Operation) -> Option<&'static Job> {
    let mut jobs = leaves(read.method, read.path).filter_map(|leaf| leaf.command.job);
    let read = jobs.find(|(_, started)| started.is_none());
    read.map(|(job, _)| job)
}

/// The command line that reads an object, with these options.
pub(crate) fn command_of(read: &Operation, options: &str, id: &str) -> String {
    let leaf = leaves(read.method, read.path).min_by_key(|leaf| leaf.renamed_to.is_some());
    let line = leaf.map_or(String::new(), Leaf::command_line);
    with_id(&line, options, id)
}

/// A command line with an id and options, as a shell and the program take it.
pub(crate) fn with_id(line: &str, options: &str, id: &str) -> String {
    if id.starts_with('-') {
        return format!("{line}{options} -- {}", quoted(id));
    }
    format!("{line} {}{options}", quoted(id))
}

/// The commands that call an endpoint.
pub(crate) fn leaves(method: &str, path: &str) -> impl Iterator<Item = &'static Leaf> {
    let leaves = LEAVES.iter();
    leaves.filter(move |leaf| {
        let operation = leaf.command.operation;
        operation.method == method && operation.path == path
    })
}

/// A value as a shell takes it.
pub(crate) fn quoted(id: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/@%+".contains(&byte);
    if !id.is_empty() && id.bytes().all(is_plain) {
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
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(id), expected);
        }
    }

    #[test]
    fn id_with_a_dash_is_after_the_options() {
        let line = |id| with_id("heygen video get", " --wait", id);
        assert_eq!(line("x"), "heygen video get x --wait");
        assert_eq!(line("-x"), "heygen video get --wait -- -x");
        assert_eq!(line("- x"), "heygen video get --wait -- '- x'");
    }
}
