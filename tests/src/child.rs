//! Runs a test in a child process: for tests that set environment variables, or
//! that install a subscriber before anyone else.

use std::process::{Command, Output};

/// Set only in the child process, to the path of its test.
const CHILD_TEST: &str = "HEYGEN_TEST_CHILD";

/// Variables that configure a client; a child inherits none of them.
const CLEARED: [&str; 6] = [
    "HEYGEN_API_KEY",
    "HEYGEN_BASE_URL",
    "HEYGEN_MAX_RETRIES",
    "HEYGEN_TIMEOUT_SECS",
    "NO_PROXY",
    "no_proxy",
];

/// Runs the test of this path in a child process with these variables, and
/// fails unless it passed.
pub async fn run(test: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(CHILD_TEST, test);
    for name in CLEARED {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    // The servers of the parent keep running meanwhile.
    let output = tokio::task::spawn_blocking(move || command.output());
    assert_passed(&output.await.unwrap().unwrap());
}

/// Whether this process is the child that runs this test.
pub fn is_child(test: &str) -> bool {
    std::env::var(CHILD_TEST).is_ok_and(|child| child == test)
}

fn assert_passed(output: &Output) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(
        stdout.contains("1 passed"),
        "no test of that name: {stdout}"
    );
}
