//! The manifest of a stand-alone crate.

use std::path::Path;

/// Everything after the package's own table. Its code was generated for these
/// versions.
const DEPENDENCIES: &str = r#"
[lib]
# Examples in foreign descriptions are not doctests.
doctest = false

[features]
default = ["rustls"]
# rustls on ring, with the certificates of the system.
rustls = ["reqwest/rustls-no-provider", "dep:rustls", "dep:rustls-platform-verifier"]
native-tls = ["reqwest/native-tls"]
schemars = ["dep:schemars"]

[dependencies]
bytes = "1"
futures-core = "0.3"
http-body = "1"
memchr = "2"
progenitor-client = "PROGENITOR"
reqwest = { version = "0.13.4", default-features = false, features = ["json", "query", "stream"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"], optional = true }
rustls-platform-verifier = { version = "0.7", optional = true }
schemars = { version = "1", optional = true }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["fs"] }

[dev-dependencies]
tokio = { version = "1", features = ["macros", "rt"] }

[workspace]
"#;

/// The manifest of a crate of this name.
pub(super) fn text(name: &str, generator: &str) -> String {
    let version = generator.rsplit(' ').next().unwrap_or_default();
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.88\"\n\
         readme = \"README.md\"\n{}",
        DEPENDENCIES.replace("PROGENITOR", version)
    )
}

/// The name of the crate: the document's title, else the name of its folder.
pub(super) fn package_name(title: &str, out: &Path) -> String {
    let folder = out
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let plain = |text: &str| {
        let text: String = text
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        text.split('-')
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join("-")
    };
    let mut name = plain(title);
    if name.is_empty() {
        name = plain(&folder);
    }
    if is_taken(&name) {
        name = format!("api-{name}");
    }
    let name: String = name.chars().take(60).collect();
    name.trim_end_matches('-').to_owned()
}

/// Whether a crate of this name cannot be used, or not beside its dependencies.
fn is_taken(name: &str) -> bool {
    let in_rust = name.replace('-', "_");
    let dependency = format!("\n{name} = ");
    ["std", "core", "alloc", "test", "proc-macro"].contains(&name)
        || syn::parse_str::<syn::Ident>(&in_rust).is_err()
        || DEPENDENCIES.contains(&dependency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_can_be_used_beside_its_dependencies() {
        for (title, wanted) in [
            ("Pet  Shop (v2)", "pet-shop-v2"),
            ("1st API", "api-1st-api"),
            ("Http Body", "api-http-body"),
            ("Rustls", "api-rustls"),
            ("Async", "api-async"),
            ("self", "api-self"),
            ("Test", "api-test"),
            ("\u{5ba0}", "folder-name"),
        ] {
            assert_eq!(package_name(title, Path::new("a/Folder name")), wanted);
        }
    }
}
