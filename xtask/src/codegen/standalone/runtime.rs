//! Hand-written files of every stand-alone crate: the runtime, and the
//! deserialisers of models from the core. Both are compiled and tested in crates
//! of this workspace.

use super::super::files::Tree;

macro_rules! files {
    ($from:literal, $into:literal: $($file:literal)*) => {
        &[$((
            concat!($into, $file),
            include_str!(concat!("../../../../crates/", $from, $file)),
        )),*]
    };
}

const FILES: [&[(&str, &str)]; 4] = [
    files!("heygen-core/src/", "src/": "parameter.rs"),
    files!("heygen-core/src/multipart/", "src/multipart/": "mod.rs" "body.rs"),
    files!("heygen-core/src/de/", "src/de/": "mod.rs" "object.rs" "open_enum.rs" "position.rs" "union.rs"),
    files!(
        "standalone-runtime/src/runtime/", "src/runtime/":
        "mod.rs" "base_url.rs" "client_builder.rs" "credentials.rs" "error.rs" "hooks.rs"
        "media_types.rs" "operation.rs" "path.rs" "response.rs" "settings.rs" "tls.rs"
    ),
];

/// Puts the files into the tree, without their tests, which stay here.
pub(super) fn put(tree: &mut Tree, stamp: &str) {
    for (file, text) in FILES.into_iter().flatten() {
        let code = text.split("\n#[cfg(test)]").next().unwrap_or(text);
        tree.put((*file).to_owned(), format!("{stamp}{}\n", code.trim_end()));
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_file_of_the_runtime_is_copied() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
        for (folder, into) in [
            ("standalone-runtime/src/runtime", "src/runtime/"),
            ("heygen-core/src/de", "src/de/"),
            ("heygen-core/src/multipart", "src/multipart/"),
        ] {
            let held: BTreeSet<String> = fs::read_dir(crates.join(folder))
                .unwrap()
                .map(|entry| format!("{into}{}", entry.unwrap().file_name().to_string_lossy()))
                .collect();
            let copied: BTreeSet<String> = FILES
                .into_iter()
                .flatten()
                .filter(|(file, _)| file.starts_with(into))
                .map(|(file, _)| (*file).to_owned())
                .collect();
            assert_eq!(copied, held);
        }
    }
}
