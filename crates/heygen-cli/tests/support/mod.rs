//! Running the built program and reading what it printed.
#![allow(dead_code, reason = "each test file uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

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

/// The program, without the variables of this process that configure it.
pub(crate) fn heygen(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heygen"));
    command.args(arguments);
    for name in [
        "HEYGEN_API_KEY",
        "HEYGEN_BASE_URL",
        "HEYGEN_TIMEOUT_SECS",
        "HEYGEN_MAX_RETRIES",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

/// Exit code and output of a finished program.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Runs to the end; asserts that neither output contains the key.
    pub(crate) fn of(command: &mut Command) -> Self {
        let output: Output = command.output().unwrap();
        let run = Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        for printed in [&run.stdout, &run.stderr] {
            assert!(!printed.contains(KEY), "the key was printed: {printed}");
        }
        run
    }

    /// Asserts success, with at most the notice of a deprecation on stderr.
    pub(crate) fn assert_success(&self) {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        let notice = self.stderr.is_empty() || self.stderr.starts_with("notice: HeyGen");
        assert!(
            notice && self.stderr.lines().count() <= 1,
            "{}",
            self.stderr
        );
    }

    /// The data of a successful run.
    pub(crate) fn data(&self) -> Value {
        self.assert_success();
        let value: Value = serde_json::from_str(&self.stdout).unwrap();
        assert!(value["data"].is_object(), "{value}");
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

    /// The error of a failed run: nothing on stdout, and on stderr one line
    /// with one object of documented keys only.
    pub(crate) fn error(&self) -> Value {
        assert_ne!(self.code, 0);
        assert_eq!(self.stdout, "");
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.ends_with('\n'));
        let value: Value = serde_json::from_str(&self.stderr).unwrap();
        let fields = value.as_object().unwrap();
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["error"]);
        let error = fields["error"].clone();
        for (key, value) in error.as_object().unwrap() {
            match key.as_str() {
                "code" | "message" | "hint" | "param" | "operation" | "request_id" | "doc_url" => {
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
