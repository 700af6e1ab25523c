//! What is sent, and what is refused, for a made-up command.

use std::ffi::OsString;
use std::ops::Bound;

use heygen::raw::Operation;
use heygen::raw::heygen_core::{Preview, PreviewBody};

use super::*;
use crate::args::tree;
use crate::error::Exit;
use crate::table::{Command, FlagType};

static OPERATION: Operation = Operation::new("generate", "POST", "/v9/things/{thing_id}");

const fn flag(name: &'static str, in_query: bool, ty: FlagType) -> Flag {
    Flag {
        name,
        wire: name,
        in_query,
        ty,
        required: false,
        default: None,
        sends_default: false,
        values: &[],
        bounds: (Bound::Unbounded, Bound::Unbounded),
        help: "",
    }
}

const LIMIT: Flag = Flag {
    bounds: (Bound::Included(1.0), Bound::Included(100.0)),
    ..flag("limit", true, FlagType::Integer)
};

static GENERATE: Command = Command {
    operation: &OPERATION,
    about: "Generate",
    long_about: "",
    arguments: &[("thing_id", "")],
    flags: &[
        LIMIT,
        flag("tag", true, FlagType::Strings),
        Flag {
            default: Some("full"),
            sends_default: true,
            ..flag("view", true, FlagType::String)
        },
        Flag {
            wire: "dry_title",
            required: true,
            ..flag("dry-title", false, FlagType::String)
        },
        Flag {
            values: &["a.success", "a.fail"],
            ..flag("events", false, FlagType::Strings)
        },
        Flag {
            bounds: (Bound::Excluded(0.0), Bound::Included(1.5)),
            ..flag("speed", false, FlagType::Number)
        },
        flag("caption", false, FlagType::Boolean),
        Flag {
            default: Some("25"),
            sends_default: true,
            ..flag("fps", false, FlagType::Integer)
        },
    ],
    body: Body::Json {
        needs: &["dry_title", "type"],
        tag: "type",
        kinds: &[("avatar", &["avatar_id"]), ("plain", &[])],
        data_only: &["type", "avatar_id"],
    },
    container: None,
    job: None,
    columns: &[],
    examples: &[],
    scopes: &[],
    request_schema: Some("{}"),
    response_schema: None,
};

static UPLOAD: Command = Command {
    flags: &[
        Flag {
            required: true,
            ..flag("file", false, FlagType::File)
        },
        flag("folder", false, FlagType::String),
    ],
    body: Body::Form,
    request_schema: None,
    ..OPTIONAL
};

const OPTIONAL: Command = Command {
    operation: &OPERATION,
    about: "Complete",
    long_about: "",
    arguments: &[("thing_id", "")],
    flags: &[flag("checksum", false, FlagType::String)],
    body: Body::Json {
        needs: &[],
        tag: "",
        kinds: &[],
        data_only: &[],
    },
    container: None,
    job: None,
    columns: &[],
    examples: &[],
    scopes: &[],
    request_schema: None,
    response_schema: None,
};

const fn leaf(command: &'static Command) -> Leaf {
    Leaf {
        words: &["thing", "generate"],
        command,
        renamed_to: None,
    }
}

static LEAF: Leaf = leaf(&GENERATE);
static UPLOAD_LEAF: Leaf = leaf(&UPLOAD);
static OPTIONAL_LEAF: Leaf = leaf(&OPTIONAL);

/// The request of options, which are in the form that clap gets.
fn sent(leaf: &'static Leaf, options: &[&str]) -> Result<Preview, CliError> {
    let definition = tree::of_table(leaf, tree::For::Parsing(&[]));
    let definition = definition.no_binary_name(true).args_override_self(true);
    let options = options.iter().map(OsString::from);
    let options = options.chain(leaf.command.arguments.iter().map(|_| "a".into()));
    let client = heygen::Client::builder().api_key("key").build().unwrap();
    let matches = definition.try_get_matches_from(options).unwrap();
    let request = request(leaf, &matches, heygen::raw::core(&client))?;
    Ok(request.preview().unwrap())
}

fn body(leaf: &'static Leaf, options: &[&str]) -> String {
    match sent(leaf, options).unwrap().body {
        PreviewBody::Bytes(body) => String::from_utf8(body.to_vec()).unwrap(),
        other => format!("{other:?}"),
    }
}

#[test]
fn options_overwrite_data_and_defaults_fill_it() {
    for (options, expected) in [
        (
            &[r#"--data={"z":1e400,"type":"plain","dry_title":"a"}"#][..],
            r#"{"z":1e400,"type":"plain","dry_title":"a","fps":25}"#,
        ),
        (
            &[
                r#"--data= {"type":"plain","dry_title":"a","n":{ "b":1,"a":12345678901234567890123.10 },"fps":null}"#,
                "--dry-title=",
                "--caption=false",
            ],
            r#"{"type":"plain","dry_title":"","n":{ "b":1,"a":12345678901234567890123.10 },"fps":null,"caption":false}"#,
        ),
        (
            &[
                r#"--data={"type":"x","type":"plain","dry_title":"a"}"#,
                "--fps=0x10",
                "--speed=1.50",
            ],
            r#"{"type":"plain","dry_title":"a","speed":1.5,"fps":16}"#,
        ),
        (
            &[
                r#"--data={"type":"newer","dry_title":"a","fps":1}"#,
                "--events=a.success",
                "--events=a.fail",
            ],
            r#"{"type":"newer","dry_title":"a","fps":1,"events":["a.success","a.fail"]}"#,
        ),
        (
            &[
                r#"--data={"type":"plain","dry_title":"a","fps":1}"#,
                "--events=",
            ],
            r#"{"type":"plain","dry_title":"a","fps":1,"events":[]}"#,
        ),
    ] {
        assert_eq!(body(&LEAF, options), expected);
    }
}

#[test]
fn query_repeats_lists_and_fills_defaults() {
    let data = r#"--data={"type":"plain","dry_title":"a"}"#;
    let query = |options: &[&str]| {
        let url = sent(&LEAF, &[&[data], options].concat()).unwrap().url;
        url.split_once('?').unwrap().1.to_owned()
    };
    assert_eq!(query(&[]), "view=full");
    let given = [
        "--limit=1",
        "--limit=0x10",
        "--tag=a,b",
        "--tag=\"c,d\"",
        "--view=",
    ];
    assert_eq!(query(&given), "limit=16&tag=a&tag=b&tag=c%2Cd&view=");
}

#[test]
fn what_is_missing_or_not_allowed_is_named() {
    let data = r#"--data={"type":"plain","dry_title":"a"}"#;
    for (options, words) in [
        (&[][..], "needs --dry-title"),
        (&["--data="], "--dry-title, "),
        (&["--dry-title=a"], "needs \"type\" in --data"),
        (&["--data={}"], "--dry-title, \"type\""),
        (
            &[r#"--data={"type":"avatar","dry_title":"a"}"#],
            "needs \"avatar_id\"",
        ),
        (&["--data=[]"], "not a JSON object"),
        (&["--data={\"a\":\n 1,}"], "line 2 column 4"),
        (&["--data={} {}"], "line 1 column 4"),
        (
            &[data, "--limit=0"],
            "--limit is 0; it must be at least 1 and at most 100",
        ),
        (&[data, "--limit=101"], "at most 100"),
        (&[data, "--speed=0"], "above 0 and at most 1.5"),
        (&[data, "--speed=1.51"], "--speed is 1.51"),
        (
            &[data, "--events=a.success,b.fail"],
            "--events is b.fail; it must be one of a.success, a.fail",
        ),
    ] {
        let error = sent(&LEAF, options).err().unwrap();
        let message = &error.body.message;
        assert_eq!(error.exit, Exit::Usage, "{message}");
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn body_without_required_properties_is_an_empty_object() {
    assert_eq!(body(&OPTIONAL_LEAF, &[]), "{}");
    assert_eq!(
        body(&OPTIONAL_LEAF, &["--checksum=a"]),
        r#"{"checksum":"a"}"#
    );
}

#[test]
fn data_is_read_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = file("{good}.json", "\u{feff}{\"a\": \"\u{fc}\"}\n".as_bytes());
    let empty = format!("--data={}", file("empty", b" \n"));
    assert_eq!(body(&OPTIONAL_LEAF, &[&empty]), "{}");
    for given in [format!("--data={good}"), format!("--data=@{good}")] {
        assert_eq!(body(&OPTIONAL_LEAF, &[&given]), "{\"a\":\"\u{fc}\"}");
    }
    let folder = folder.path().to_str().unwrap();
    for (given, exit, words) in [
        (file("latin", b"{\"a\":\"\xfc\"}"), Exit::Usage, "unicode"),
        (format!("@{good}.not"), Exit::Failed, "cannot be read"),
        (folder.to_owned(), Exit::Failed, "directory"),
        ("'{\"a\":1}'".to_owned(), Exit::Failed, "cannot be read"),
    ] {
        let error = sent(&OPTIONAL_LEAF, &[&format!("--data={given}")])
            .err()
            .unwrap();
        assert_eq!(error.exit, exit, "{given}");
        assert!(error.body.message.contains(words), "{}", error.body.message);
    }
}

#[test]
fn forms_have_files_that_can_be_read() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let given = format!("--file={}", file.path().display());
    let form = body(&UPLOAD_LEAF, &[&given, "--folder=f"]);
    assert!(
        form.contains("\"file\"") && form.contains("\"folder\""),
        "{form}"
    );
    let error = sent(&UPLOAD_LEAF, &["--file=/nowhere/x.png"])
        .err()
        .unwrap();
    assert_eq!((error.exit, &*error.body.code), (Exit::Failed, "error"));
    assert!(error.body.message.contains("/nowhere/x.png"));
    let error = sent(&UPLOAD_LEAF, &[]).err().unwrap();
    assert!(error.body.message.contains("needs --file"), "{error:?}");
}
