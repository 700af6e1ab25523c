//! Every command of the table, run against one mock server: a call that succeeds, and
//! what each of them refuses, prints and never sends.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

#[rustfmt::skip]
#[allow(dead_code, reason = "the program reads all of it")]
#[path = "../../src/generated/mod.rs"]
mod generated;
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "generated")]
#[path = "../generated/commands.rs"]
mod generated_calls;
mod row;
#[allow(dead_code, reason = "the program reads all of it")]
#[path = "../../src/table.rs"]
mod table;

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::LazyLock;
use std::thread;

use generated_calls::{FILE, Kind};
use heygen_mock::{MockServer, RecordedRequest};
use row::{Row, downloads};
use serde_json::Value;
use support::{KEY, Run, Server, heygen, hint, message, one_line};
use tempfile::TempDir;

/// The header by which the requests of one run are found.
const SOURCE: &str = "x-heygen-client-source";

/// How many commands run at a time.
const THREADS: usize = 3;

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(row::rows);

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Server::built(MockServer::builder().keep_requests(100_000)));

/// The folder of the files that calls send.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), b"\0\0\0\x18ftypmp42 and so on").unwrap();
    folder
});

/// Runs a check of every command, and fails with the list of those that fail.
fn for_every_command(rows: impl Fn(&Row) -> bool, check: impl Fn(&Row) + Sync) {
    let rows: Vec<&Row> = ROWS.iter().filter(|row| rows(row)).collect();
    assert!(!rows.is_empty(), "no command is checked");
    let failed: Vec<String> = thread::scope(|scope| {
        let chunks = rows.chunks(rows.len().div_ceil(THREADS));
        let check = &check;
        let threads: Vec<_> = chunks
            .map(|rows| {
                scope.spawn(move || {
                    let fails =
                        |row: &&&Row| catch_unwind(AssertUnwindSafe(|| check(row))).is_err();
                    let failed = rows.iter().filter(fails);
                    failed.map(|row| row.name()).collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        failed.is_empty(),
        "{} of {} fail: {failed:#?}",
        failed.len(),
        rows.len()
    );
}

/// A command line, without variables.
fn command(row: &Row, more: &[&str]) -> Command {
    let mut command = heygen(&[row.case.words, more].concat());
    command.current_dir(FOLDER.path());
    command
}

/// A command line that calls the server with the key, under this mark.
fn calling(row: &Row, more: &[&str], mark: &str) -> Command {
    let header = format!("{SOURCE}:{mark}");
    let mut command = command(row, &[more, &["--headers", &header]].concat());
    command
        .env("HEYGEN_API_KEY", KEY)
        .env("HEYGEN_BASE_URL", SERVER.url());
    command
}

/// The requests under a mark.
fn requests(mark: &str) -> Vec<RecordedRequest> {
    let mut requests = SERVER.requests();
    requests.retain(|request| request.header(SOURCE) == Some(mark));
    requests
}

/// A mark of a check and a command.
fn mark(check: &str, row: &Row) -> String {
    format!("{check}.{}", row.case.words.join("_"))
}

/// What the command needs to be sent.
fn call(row: &Row) -> Vec<&str> {
    let force: &[&str] = if row.is(Kind::Delete) {
        &["--force"]
    } else {
        &[]
    };
    [&given(row), force].concat()
}

/// The arguments and options of a call, without a confirmation.
fn given(row: &Row) -> Vec<&str> {
    [&arguments(row), row.case.options].concat()
}

/// The arguments of a call alone.
fn arguments(row: &Row) -> Vec<&str> {
    row.arguments.iter().map(String::as_str).collect()
}

/// The path with the arguments of the call, as it goes over the wire.
fn path_of(row: &Row) -> String {
    let mut values = row.arguments.iter();
    let mut path = String::new();
    for segment in row.case.path.split('/').skip(1) {
        if !segment.starts_with('{') {
            write!(path, "/{segment}").unwrap();
            continue;
        }
        path.push('/');
        for byte in values.next().unwrap().bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    path.push(char::from(byte));
                }
                _ => write!(path, "%{byte:02X}").unwrap(),
            }
        }
    }
    path
}

/// Exit code 2 with this in the error, and nothing was sent.
fn assert_refused(run: &Run, named: &str, mark: &str) {
    assert_eq!(run.failure(), (2, "usage_error".into()), "{run:?}");
    let error = run.error();
    let text = format!("{} {}", message(&error), hint(&error));
    assert!(text.contains(named), "{named} is not in: {text}");
    assert!(requests(mark).is_empty(), "it was sent");
}

#[test]
fn table_has_the_operations_of_the_mock() {
    let mut served: Vec<&str> = SERVER.operations().collect();
    served.sort_unstable();
    served.dedup();
    let mut paths: Vec<_> = ROWS
        .iter()
        .map(|row| (row.case.method, row.case.path))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), served.len());
}

#[test]
fn every_wait_ends() {
    for_every_command(
        |row| row.is(Kind::ReadsJob) || row.is(Kind::StartsJob),
        |row| {
            let call = [&call(row), &["--wait", "--timeout", "60s"][..]].concat();
            let run = Run::of(&mut calling(row, &call, &mark("wait", row)));
            assert_eq!(run.code, 0, "{run:?}");
        },
    );
}

#[test]
fn every_command_succeeds() {
    for_every_command(
        |_| true,
        |row| {
            let mark = mark("happy", row);
            let run = Run::of(&mut calling(row, &call(row), &mark));
            let body = run.json();
            assert!(body.is_object(), "{body}");
            assert!(
                row.is_deprecated() || run.stderr.is_empty(),
                "{}",
                run.stderr
            );
            assert!(
                !row.is_deprecated() || run.stderr.starts_with("notice: "),
                "no notice: {}",
                run.stderr
            );

            let requests = requests(&mark);
            assert_eq!(requests.len(), 1, "{requests:?}");
            let request = &requests[0];
            assert_eq!(
                (request.method(), request.path()),
                (row.case.method, &*path_of(row))
            );
            assert_eq!(request.header("x-api-key"), Some(KEY));
            let query = request.query().unwrap_or_default();
            assert!(!query.contains(KEY) && !request.path().contains(KEY));
        },
    );
}

#[test]
fn every_command_refuses_an_unknown_option() {
    for_every_command(
        |_| true,
        |row| {
            let mark = mark("unknown", row);
            let arguments = [&call(row)[..], &["--no-such-option"]].concat();
            let run = Run::of(&mut calling(row, &arguments, &mark));
            assert_refused(&run, "--no-such-option", &mark);
        },
    );
}

#[test]
fn every_command_refuses_values_that_its_options_do_not_take() {
    for_every_command(
        |row| !row.bad.is_empty(),
        |row| {
            let mark = mark("bad", row);
            for bad in &row.bad {
                let arguments = [&call(row)[..], &[&bad[0], &bad[1]]].concat();
                let run = Run::of(&mut calling(row, &arguments, &mark));
                assert_refused(&run, &bad[0], &mark);
            }
        },
    );
}

#[test]
fn every_command_refuses_arguments_too_many_or_too_few() {
    for_every_command(
        |_| true,
        |row| {
            let mark = mark("count", row);
            let too_many = [&call(row)[..], &["one-too-many"]].concat();
            let run = Run::of(&mut calling(row, &too_many, &mark));
            assert_refused(&run, "one-too-many", &mark);
            if !row.arguments.is_empty() {
                let run = Run::of(&mut calling(row, &arguments(row)[1..], &mark));
                assert_refused(&run, "", &mark);
            }
        },
    );
}

#[test]
fn every_command_without_a_key_is_exit_code_3() {
    for_every_command(
        |_| true,
        |row| {
            let mark = mark("key", row);
            let mut command = calling(row, &call(row), &mark);
            let run = Run::of(command.env_remove("HEYGEN_API_KEY"));
            assert_eq!(run.failure(), (3, "auth_error".into()));
            assert!(requests(&mark).is_empty(), "it was sent");
        },
    );
}

#[test]
fn every_command_names_what_an_empty_call_lacks() {
    for_every_command(
        |row| row.case.missing.is_some(),
        |row| {
            let mark = mark("empty", row);
            let run = Run::of(&mut calling(row, &arguments(row), &mark));
            assert_refused(&run, "", &mark);
            let named = row.case.missing.unwrap().replace('_', "-");
            let error = run.error().to_string().replace('_', "-");
            assert!(error.contains(&named), "{named} is not in {error}");
        },
    );
}

#[test]
fn every_destructive_command_needs_confirmation() {
    for_every_command(
        |row| row.is(Kind::Delete),
        |row| {
            let mark = mark("force", row);
            let run = Run::of(&mut calling(row, &given(row), &mark));
            assert_eq!(run.failure(), (1, "confirmation_required".into()));
            assert!(requests(&mark).is_empty(), "it was sent");
        },
    );
}

#[test]
fn every_command_has_help() {
    for_every_command(
        |_| true,
        |row| {
            let run = Run::of(&mut command(row, &["--help"]));
            assert_eq!((run.code, &*run.stderr), (0, ""));
            let usage = format!("Usage: heygen {}", row.name());
            let endpoint = format!("{} {}", row.case.method, row.case.path);
            for part in [&*usage, &endpoint] {
                assert!(
                    run.stdout.contains(part),
                    "{part} is not in: {}",
                    run.stdout
                );
            }
            let waits = row.is(Kind::ReadsJob) || row.is(Kind::StartsJob);
            let [request, response] = row.schemas();
            for (part, takes) in [
                ("--data", row.takes_data()),
                ("--force", row.is(Kind::Delete)),
                ("--wait", waits),
                ("--all", row.is(Kind::Paged)),
                (request.0, request.1.is_some()),
                (response.0, response.1.is_some()),
            ] {
                let mut lines = run.stdout.lines().map(str::trim_start);
                let listed =
                    lines.any(|line| line.strip_prefix("-d, ").unwrap_or(line).starts_with(part));
                assert_eq!(listed, takes, "{part}: {}", run.stdout);
            }
        },
    );
}

#[test]
fn every_schema_is_one_line_without_references() {
    let mut printed = 0;
    for row in ROWS.iter() {
        let schemas = row.schemas();
        printed += schemas
            .iter()
            .filter(|(_, schema)| schema.is_some())
            .count();
    }
    assert!(printed > ROWS.len(), "only {printed} schemas");
    for_every_command(
        |_| true,
        |row| {
            for (option, schema) in row.schemas() {
                let run = Run::of(&mut command(row, &[option]));
                if schema.is_none() {
                    assert_eq!(run.failure(), (2, "usage_error".into()), "{option}");
                    continue;
                }
                let schema = run.json();
                assert!(
                    schema.as_object().is_some_and(|it| !it.is_empty()),
                    "{option}"
                );
                assert!(!run.stdout.contains("\"$ref\""), "{option}: a reference");
            }
        },
    );
}

#[test]
fn every_dry_run_prints_the_request_and_sends_nothing() {
    for_every_command(
        |_| true,
        |row| {
            let mark = mark("dry", row);
            let mut command = calling(row, &[&given(row)[..], &["--dry-run"]].concat(), &mark);
            let run = Run::of(&mut command);
            let request = run.json();
            assert_eq!(request["method"], row.case.method, "{request}");
            let url = request["url"].as_str().unwrap();
            assert!(url.starts_with(&(SERVER.url() + &path_of(row))), "{url}");
            // Without a key, too.
            assert_eq!(
                Run::of(command.env_remove("HEYGEN_API_KEY")).json(),
                request
            );
            assert!(requests(&mark).is_empty(), "it was sent");
        },
    );
}

#[test]
fn every_command_prints_text_for_people() {
    for_every_command(
        |_| true,
        |row| {
            let mark = mark("human", row);
            // What has been deleted is not there anymore.
            let others: Vec<String> = row.arguments.iter().map(|id| format!("{id}-2")).collect();
            let mut arguments: Vec<&str> = others.iter().map(String::as_str).collect();
            arguments.extend(&call(row)[others.len()..]);
            arguments.push("--human");
            let run = Run::of(&mut calling(row, &arguments, &mark));
            run.assert_success();
            assert!(
                serde_json::from_str::<Value>(&run.stdout).is_err(),
                "{}",
                run.stdout
            );
            assert!(!run.stdout.trim().is_empty());
        },
    );
}

#[test]
fn examples_in_the_help_are_valid() {
    for_every_command(
        |_| true,
        |row| {
            let help = Run::of(&mut command(row, &["--help"])).stdout;
            let examples = help
                .lines()
                .map(str::trim)
                .filter(|line| line.starts_with("heygen "));
            for example in examples {
                // A shell splits it as a user's would.
                let line = format!(
                    "{} --dry-run",
                    example.replacen("heygen", env!("CARGO_BIN_EXE_heygen"), 1)
                );
                let mut shell = Command::new("bash");
                let run = Run::of(
                    shell
                        .args(["-c", &line])
                        .env_clear()
                        .current_dir(FOLDER.path()),
                );
                one_line(&run.stdout);
                assert_eq!(run.code, 0, "{example}: {run:?}");
            }
        },
    );
}

#[test]
fn every_download_stores_a_file() {
    let (out, server) = (tempfile::tempdir().unwrap(), SERVER.url());
    for case in downloads() {
        let name = case.words.join("_");
        let path = out.path().join(&name);
        let arguments = [case.words, case.arguments, case.options].concat();
        let run = |more: &[&str]| {
            let mut command = heygen(&[&arguments[..], more].concat());
            command
                .env("HEYGEN_API_KEY", KEY)
                .env("HEYGEN_BASE_URL", &server);
            command.current_dir(&out);
            command
        };
        let path_option = ["--output-path", path.to_str().unwrap()];
        let printed = Run::of(&mut run(&path_option)).json();
        assert_eq!(printed["path"], path.to_str().unwrap(), "{name}: {printed}");
        assert!(std::fs::metadata(&path).unwrap().len() > 0, "{name}");

        for wrong in [
            &["--no-such-option"][..],
            &["one-too-many"],
            case.bad_option.as_slice(),
        ] {
            let mut command = run(&[&["--force"], &path_option[..], wrong].concat());
            let refused = Run::of(&mut command);
            assert_eq!(
                refused.failure(),
                (2, "usage_error".into()),
                "{name} {wrong:?}"
            );
        }
        let without_key = Run::of(run(&["--force"]).env_remove("HEYGEN_API_KEY"));
        assert_eq!(without_key.failure(), (3, "auth_error".into()), "{name}");
        assert_eq!(Run::of(&mut run(&["--help"])).code, 0, "{name}");
    }
}
