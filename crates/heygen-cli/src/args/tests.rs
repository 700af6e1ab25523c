//! What the command line is read as, and what of it is refused.

mod docs;

use super::*;
use crate::error::Exit;
use crate::value;

fn arguments(line: &[&str]) -> Vec<OsString> {
    let all = std::iter::once(&"heygen").chain(line);
    all.map(OsString::from).collect()
}

fn parsed(line: &[&str]) -> Result<Option<Invocation>, CliError> {
    parse(&arguments(line))
}

fn refused(line: &[&str]) -> CliError {
    match parsed(line) {
        Err(error) => error,
        Ok(_) => panic!("{line:?} is not refused"),
    }
}

/// An option of the table, as text.
fn given(line: &[&str], name: &str) -> Option<String> {
    let invocation = parsed(line).unwrap().expect("a command");
    let value: Option<&serde_json::Value> = invocation.1.get_one(name);
    value.map(|value| value::texts(value).join("|"))
}

#[test]
fn definitions_are_valid() {
    tree::whole(For::Display).debug_assert();
    let words = tree::below(&[]).concat();
    let words: Vec<_> = words.into_iter().map(OsString::from).collect();
    tree::whole(For::Parsing(&words)).debug_assert();
}

#[test]
fn options_are_between_arguments_and_their_values_may_begin_with_a_dash() {
    for (line, name, expected) in [
        (&["video", "list", "--limit", "5"][..], "limit", Some("5")),
        (&["video", "list", "--limit=0x10"], "limit", Some("16")),
        (
            &["--human", "video", "list", "--limit=5", "--mock"],
            "limit",
            Some("5"),
        ),
        (&["video", "list", "--limit", "-5"], "limit", Some("-5")),
        (
            &["video", "list", "--limit=1", "--limit", "2"],
            "limit",
            Some("2"),
        ),
        (
            &["video", "list", "--token", "--limit"],
            "token",
            Some("--limit"),
        ),
        (
            &["video", "list", "--token", "--help"],
            "token",
            Some("--help"),
        ),
        (&["video", "list", "--token", "--"], "token", Some("--")),
        (&["video", "list", "--token", "list"], "token", Some("list")),
        (
            &["--base-url", "video", "video", "list", "--token", "--human"],
            "token",
            Some("--human"),
        ),
        (&["video", "list", "--token="], "token", Some("")),
        (&["video", "list", "--token", ""], "token", Some("")),
        (&["video", "list", "--token=a=b"], "token", Some("a=b")),
        (&["video", "list"], "token", None),
    ] {
        assert_eq!(given(line, name).as_deref(), expected, "{line:?}");
    }
}

#[test]
fn arguments_after_two_dashes_may_begin_with_a_dash() {
    let line = ["--timeout", "3", "video", "get", "--wait", "--", "-abc"];
    let invocation = parsed(&line).unwrap().expect("a command");
    let id = ids::text(&invocation.1, "video_id");
    assert_eq!((id, invocation.2.wait), (Some("-abc"), true));
}

#[test]
fn data_has_four_forms() {
    for line in [
        &["video", "create", "-d", "-x"][..],
        &["video", "create", "-d-x"],
        &["video", "create", "--data", "-x"],
        &["video", "create", "-dy", "--data=-x"],
    ] {
        let invocation = parsed(line).unwrap().expect("a command");
        let data: Option<&OsString> = invocation.1.get_one(ids::DATA);
        assert_eq!(data.unwrap(), "-x", "{line:?}");
    }
}

#[test]
fn switches_take_a_value_after_an_equals_sign() {
    for (value, expected) in [
        (&["--wait"][..], true),
        (&["--wait=t"], true),
        (&["--wait=0"], false),
        (&["--wait", "--wait=FALSE"], false),
        (&["--wait=false", "--wait"], true),
        (&[], false),
    ] {
        let line = [&["video", "get", "a"], value].concat();
        let globals = parsed(&line).unwrap().expect("a command").2;
        assert_eq!(globals.wait, expected, "{value:?}");
    }
}

#[test]
fn help_and_schemas_need_nothing_else() {
    for line in [
        &[][..],
        &["video"],
        &["help"],
        &["help", "video"],
        &["help", "video", "get"],
        &["video", "--human"],
        &["-h"],
        &["--help", "video"],
        &["--version"],
        &["-v"],
        &["video", "get", "--response-schema"],
        &["video", "create", "--request-schema", "--response-schema"],
        &["completion", "--help"],
    ] {
        assert!(parsed(line).unwrap().is_none(), "{line:?}");
    }
}

#[test]
fn refused_lines_are_named_in_one_line_with_a_hint() {
    for (line, message, hint) in [
        (
            &["vidoe"][..],
            "'vidoe'; some similar commands exist: ",
            "the words after heygen are: ai-clipping,",
        ),
        (&["zzz", "--help"], "'zzz'", "completion"),
        (&["video", "lst"], "'lst'", "after heygen video are: "),
        (&["video", "lst", "--limit", "3"], "exists: 'list'", "list"),
        (&["--bogus"], "--bogus", "heygen --help"),
        (&["video", "--bogus"], "--bogus", "heygen video --help"),
        (
            &["video", "list", "--limt", "3"],
            "exists: '--limit'",
            "--help",
        ),
        (
            &["video", "list", "--lim", "3"],
            "--lim",
            "heygen video list --help",
        ),
        (
            &["video", "list", "--limit"],
            "--limit",
            "heygen video list --help",
        ),
        (&["video", "list", "--limit", "x"], "integer", "--help"),
        (
            &["video", "list", "--request-schema"],
            "--request-schema",
            "--help",
        ),
        (&["video", "list", "-x"], "-x", "--help"),
        (
            &["video", "list", "x"],
            "argument \"x\" is one too many",
            "--help",
        ),
        (
            &["video", "get"],
            "<video-id> is missing",
            "heygen video get --help",
        ),
        (&["video", "get", "a", "b"], "argument \"b\"", "--help"),
        (
            &["video", "get", "a", "--wait", "false"],
            "\"false\" is one too many",
            "--help",
        ),
        (&["video", "get", "a", "--wait=maybe"], "maybe", "--help"),
        (
            &["--timeout", "soon", "video", "get", "a"],
            "soon",
            "--help",
        ),
        (&["video", "get", "a", "--timeout=0"], "above 0", "--help"),
        (
            &["video", "get", "a", "--max-retries", "-1"],
            "-1",
            "--help",
        ),
        (
            &["mock", "serve", "--port", "70000"],
            "70000",
            "heygen mock serve",
        ),
        (&["completion", "dosh"], "dosh", "heygen completion --help"),
    ] {
        let error = refused(line);
        assert_eq!(error.exit, Exit::Usage, "{line:?}");
        let (is, hints) = (&error.body.message, error.body.hint.as_deref().unwrap());
        assert!(
            is.contains(message) && hints.contains(hint),
            "{is} | {hints}"
        );
        assert!(!is.contains('\n') && !is.starts_with("error"), "{is}");
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_not_utf8_are_refused() {
    use std::os::unix::ffi::OsStringExt;
    for at in 1..3 {
        let mut line = arguments(&["video", "get", "a"]);
        line.insert(at + 1, OsString::from_vec(vec![b'-', b'-', 0xff]));
        assert_eq!(parse(&line).err().unwrap().exit, Exit::Usage);
        line[at + 1] = OsString::from_vec(vec![0xff]);
        assert_eq!(parse(&line).err().unwrap().exit, Exit::Usage);
    }
}

#[test]
fn help_lists_groups_by_all_their_words() {
    let help = |words| anstream::adapter::strip_str(&super::render(words)).to_string();
    let root = help(&[]);
    for words in ["video", "Exit codes", "HEYGEN_API_KEY", "--max-retries"] {
        assert!(root.contains(words), "{root}");
    }
    let get = help(&["video", "get"]);
    for words in [
        "heygen video get [OPTIONS] <video-id>",
        "GET /v3/videos/{video_id}",
        "--wait",
    ] {
        assert!(get.contains(words), "{get}");
    }
    let list = help(&["video", "list"]);
    for words in ["[default: 10]", "at least 1 and at most 100", "--jsonl"] {
        assert!(list.contains(words), "{list}");
    }
}
