//! Running the built program, with nothing of this process' environment, and
//! reading what it printed.
#![allow(dead_code, reason = "each test file uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::ops::Deref;
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

use heygen_mock::MockServer;
use serde_json::Value;
use tokio::runtime::Runtime;

/// A known avatar id of the mock's document.
pub(crate) fn known_id() -> &'static str {
    static ID: LazyLock<String> = LazyLock::new(|| {
        let ids = heygen_mock::known_ids("retrieve-avatar-details", "avatar_id");
        ids.into_iter().next().unwrap()
    });
    &ID
}

/// The key the tests call with; it must never be printed.
pub(crate) const KEY: &str = "sk_V2_never_to_be_seen";

/// A directory that does not exist: commands that store nothing must not make it.
pub(crate) const NO_HOME: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home");

/// The program, with no variables but a home that is not there; stdin is empty and
/// no terminal.
pub(crate) fn heygen(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heygen"));
    command.args(arguments).env_clear();
    command.env("HOME", NO_HOME);
    command.env(
        "HEYGEN_CONFIG_DIR",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home/heygen"),
    );
    // Sockets need it on Windows.
    if let Some(root) = std::env::var_os("SYSTEMROOT") {
        command.env("SYSTEMROOT", root);
    }
    command.stdin(Stdio::null());
    command
}

/// A mock server for tests without a runtime of their own.
pub(crate) struct Server {
    mock: MockServer,
    // Dropped last, as the server runs on it.
    _runtime: Runtime,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::built(heygen_mock::MockServer::builder())
    }

    /// A server with these options.
    pub(crate) fn built(builder: heygen_mock::Builder) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mock = runtime.block_on(builder.start()).unwrap();
        Self {
            mock,
            _runtime: runtime,
        }
    }

    /// A command that calls this server, with the key.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = heygen(arguments);
        command.env("HEYGEN_API_KEY", KEY);
        command.env("HEYGEN_BASE_URL", self.url());
        command
    }

    /// Runs a command that calls this server.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(arguments))
    }

    /// The bodies of the requests so far, as JSON.
    pub(crate) fn bodies(&self) -> Vec<Value> {
        let requests = self.requests();
        let body = |request: &heygen_mock::RecordedRequest| request.json().unwrap_or(Value::Null);
        requests.iter().map(body).collect()
    }

    /// The queries of the requests so far.
    pub(crate) fn queries(&self) -> Vec<String> {
        let requests = self.requests();
        let query =
            |request: &heygen_mock::RecordedRequest| request.query().unwrap_or_default().to_owned();
        requests.iter().map(query).collect()
    }

    /// Asserts that nothing was sent.
    pub(crate) fn assert_unused(&self) {
        assert!(self.requests().is_empty(), "{:?}", self.requests());
    }
}

impl Deref for Server {
    type Target = MockServer;

    fn deref(&self) -> &MockServer {
        &self.mock
    }
}

/// Exit code and output of a finished program.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Runs to the end; asserts that neither output contains the key.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::from_output(command.output().unwrap())
    }

    /// Runs to the end, with this on stdin.
    pub(crate) fn with_stdin(command: &mut Command, input: &[u8]) -> Self {
        let piped = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child: Child = piped.spawn().unwrap();
        // A program that does not read it has closed the pipe.
        let _ = child.stdin.take().unwrap().write_all(input);
        Self::from_output(child.wait_with_output().unwrap())
    }

    pub(crate) fn from_output(output: Output) -> Self {
        let run = Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        for printed in [&run.stdout, &run.stderr] {
            assert!(!printed.contains(KEY), "the key was printed: {printed}");
            assert!(!printed.contains("panicked"), "{printed}");
        }
        run
    }

    /// Asserts success, with at most the notice of a deprecation on stderr.
    pub(crate) fn assert_success(&self) {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        let notice = self.stderr.is_empty() || self.stderr.starts_with("notice: ");
        assert!(
            notice && self.stderr.lines().count() <= 1,
            "{}",
            self.stderr
        );
    }

    /// The one line of JSON of a successful run, without white space.
    pub(crate) fn json(&self) -> Value {
        self.assert_success();
        one_line(&self.stdout)
    }

    /// The `data` of a successful run.
    pub(crate) fn data(&self) -> Value {
        let value = self.json();
        assert!(value.get("data").is_some(), "{value}");
        value["data"].clone()
    }

    /// The error lines of a failed run with `--human`.
    pub(crate) fn human_error(&self) -> Vec<&str> {
        assert_ne!(self.code, 0);
        assert_eq!(self.stdout, "");
        assert!(!self.stderr.contains("\"code\""), "{}", self.stderr);
        let lines: Vec<&str> = self.stderr.lines().collect();
        assert!(lines[0].starts_with("Error: "), "{}", self.stderr);
        lines
    }

    /// The error of a failed run that printed nothing on stdout.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        assert_eq!(self.stdout, "");
        self.error_beside_output()
    }

    /// Exit code and error code of a failed run that printed nothing on stdout.
    #[track_caller]
    pub(crate) fn failure(&self) -> (i32, String) {
        (self.code, self.error()["code"].as_str().unwrap().to_owned())
    }

    /// The error of a failed run: on stderr one line with one object of
    /// documented keys only.
    #[track_caller]
    pub(crate) fn error_beside_output(&self) -> Value {
        assert_ne!(self.code, 0, "no failure: {}{}", self.stdout, self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        let value = one_line(&self.stderr);
        let fields = value.as_object().unwrap();
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["error"]);
        let error = fields["error"].clone();
        for (key, value) in error.as_object().unwrap() {
            match key.as_str() {
                "code" | "message" | "hint" | "param" | "operation" | "request_id" | "doc_url"
                | "job_id" | "job_state" => {
                    assert!(
                        value.as_str().is_some_and(|text| !text.is_empty()),
                        "{error}"
                    );
                }
                "status" | "attempts" | "retry_after" => assert!(value.is_u64(), "{error}"),
                _ => panic!("an unexpected key: {error}"),
            }
        }
        assert!(
            error["code"].is_string() && error["message"].is_string(),
            "{error}"
        );
        error
    }
}

/// The hint of an error; empty if it has none.
pub(crate) fn hint(error: &Value) -> &str {
    error["hint"].as_str().unwrap_or_default()
}

/// The message of an error.
pub(crate) fn message(error: &Value) -> &str {
    error["message"].as_str().unwrap()
}

/// Parses a text that has to be one line of JSON without white space outside of
/// strings.
#[track_caller]
pub(crate) fn one_line(text: &str) -> Value {
    let line = text.strip_suffix('\n');
    let line = line.unwrap_or_else(|| panic!("no line break at the end: {text:?}"));
    let (mut in_string, mut escaped) = (false, false);
    for character in line.chars() {
        assert_ne!(character, '\n', "several lines: {text}");
        assert!(
            in_string || !character.is_whitespace(),
            "not compact: {text}"
        );
        in_string ^= character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
    }
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {text:?}"))
}
