//! Crates that tests generate and compile: in folders that stay between runs,
//! and in one target folder, so that what they depend on is compiled once.

#![allow(dead_code, reason = "not every test needs all of it")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Where tests may leave files between runs.
pub(crate) fn temporary() -> PathBuf {
    env!("CARGO_TARGET_TMPDIR").into()
}

/// The target folder of all generated crates.
pub(crate) fn target() -> PathBuf {
    temporary().join("crates-target")
}

/// Writes a file if that changes it: cargo compiles anew what is newer.
pub(crate) fn put(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if fs::read_to_string(path).ok().as_deref() != Some(content) {
        fs::write(path, content).unwrap();
    }
}

/// Cargo on the crate in a folder, with the versions of dependencies that this
/// workspace has, so that nothing else is loaded.
pub(crate) fn command(folder: &Path, words: &[&str]) -> Command {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).unwrap();
    let mut command = Command::new(env!("CARGO"));
    command
        .args(words)
        .arg("--offline")
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TERM_COLOR", "never");
    command
}

/// Runs cargo. Warnings of the crate and of generated code are errors. Gives
/// what it printed.
pub(crate) fn cargo(folder: &Path, words: &[&str], variables: &[(&str, &str)]) -> String {
    let output = command(folder, words)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "cargo {words:?}: {printed}");
    assert!(!printed.contains("warning:"), "cargo {words:?}: {printed}");
    printed
}
