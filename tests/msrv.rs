//! The minimum supported Rust version: no dependency requires a newer one than
//! our manifest.

use std::process::Command;

use serde_json::Value;

/// Major, minor and patch; 0 if absent.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[test]
fn no_dependency_requires_newer_rust() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let ours = packages
        .iter()
        .find(|package| package["name"] == "heygen")
        .and_then(|package| package["rust_version"].as_str())
        .expect("a version in our manifest");
    let newer: Vec<_> = packages
        .iter()
        .filter(|package| {
            package["rust_version"]
                .as_str()
                .is_some_and(|v| version(v) > version(ours))
        })
        .map(|package| {
            format!(
                "{} {}: {}",
                package["name"], package["version"], package["rust_version"]
            )
        })
        .collect();
    assert!(packages.len() > 100, "all dependencies are listed");
    assert!(newer.is_empty(), "newer than {ours}: {newer:#?}");
}
