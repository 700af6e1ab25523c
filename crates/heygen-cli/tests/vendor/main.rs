//! The usage that the vendor documents for its own program, run by bash with this
//! program in its place: `usage.sh` beside this file.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use support::{KEY, Server};

const SCRIPT: &str = include_str!("usage.sh");

/// How many parts run at a time.
const THREADS: usize = 4;

/// The parts of the script with their names.
fn parts() -> Vec<(&'static str, &'static str)> {
    let parts = SCRIPT.split("\n#== ").skip(1);
    parts.map(|part| part.split_once('\n').unwrap()).collect()
}

/// Runs a part with a server, a home and a folder of its own.
fn run(script: &str, programs: &Path) -> Output {
    let server = Server::start();
    let home = tempfile::tempdir().unwrap();
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-eu", "-o", "pipefail", "-c", script]);
    bash.env_clear().current_dir(&home).stdin(Stdio::null());
    let path = std::env::var("PATH").unwrap_or_default();
    bash.env("PATH", format!("{}:{path}", programs.display()));
    bash.env("HOME", home.path()).env("USER", "ann");
    bash.env("HEYGEN_API_KEY", KEY).env("STORED_KEY", KEY);
    bash.env("HEYGEN_API_BASE", server.url());
    bash.env("HEYGEN_ALLOW_HTTP", "1");
    bash.output().unwrap()
}

/// Whether a program can be run.
fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

#[test]
fn documented_usage_runs_unchanged() {
    if !is_installed("bash") || !is_installed("jq") {
        return;
    }
    let programs = tempfile::tempdir().unwrap();
    symlink(env!("CARGO_BIN_EXE_heygen"), programs.path().join("heygen")).unwrap();
    let (parts, next) = (parts(), AtomicUsize::new(0));
    assert!(parts.len() > 30, "{} parts", parts.len());
    let worker = || {
        let mut failed = Vec::new();
        while let Some((name, script)) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let output = run(script, programs.path());
            let (out, err) = (
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr),
            );
            assert!(
                !out.contains(KEY) && !err.contains(KEY),
                "{name} prints the key"
            );
            if !output.status.success() {
                failed.push(format!("{name} ({}):\n{err}{}", output.status, tail(&out)));
            }
        }
        failed
    };
    let failed: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(worker)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        failed.is_empty(),
        "{} of {} parts fail:\n\n{}",
        failed.len(),
        parts.len(),
        failed.join("\n\n")
    );
}

/// The last lines of an output.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(3)..].join("\n");
    last.chars().take(900).collect()
}
