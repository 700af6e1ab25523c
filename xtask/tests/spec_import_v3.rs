//! The vendor's own pages, imported into the document that was written before they
//! were at hand: what stays the same keeps its Rust name. The pages are made up, in
//! the form of the vendor's site.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod common;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use common::Checkout;
use serde_json::Value;

const NAMES: &str = "openapi/v3/names.json";
const OVERLAY: &str = "openapi/v3/overlay.yaml";
const SOURCES: [&str; 4] = ["heygen.json", "overlay.yaml", "names.json", "SOURCE.toml"];

/// A checkout of version 3 alone, with the sources once more under `old/v3`.
fn checkout() -> Checkout {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let checkout = Checkout::new();
    for file in SOURCES {
        let source = fs::read(root.join("openapi/v3").join(file)).unwrap();
        checkout.put(&format!("openapi/v3/{file}"), &source);
        checkout.put(&format!("old/v3/{file}"), &source);
    }
    for file in [
        "crates/heygen/Cargo.toml",
        "crates/heygen-api-gen/Cargo.toml",
    ] {
        checkout.put(file, fs::read(root.join(file)).unwrap());
    }
    for folder in [
        "crates/heygen/src",
        "crates/heygen-api-gen/src",
        "crates/heygen-mock/src/generated",
    ] {
        fs::create_dir_all(checkout.path(folder)).unwrap();
    }
    checkout
}

fn page(checkout: &Checkout, name: &str) {
    let pages = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/v3_pages");
    checkout.put(name, fs::read(pages.join(name)).unwrap());
}

/// Each name of the ledger with its key, methods and queries among them.
fn names(checkout: &Checkout) -> BTreeSet<String> {
    let ledger: Value = serde_json::from_str(&checkout.read(NAMES)).unwrap();
    let mut names = BTreeSet::new();
    for (key, value) in ledger.as_object().unwrap() {
        match value.as_object() {
            Some(inner) => names.extend(inner.iter().map(|(of, name)| format!("{of}: {name}"))),
            None => drop(names.insert(format!("{key}: {value}"))),
        }
    }
    names
}

#[test]
fn pages_of_the_vendor_rename_nothing_but_the_operation_they_rename() {
    let checkout = checkout();
    let before = names(&checkout);
    // The second page has a newer version of what both have: it is kept.
    let pages = ["design-voice.md", "list-voices.md"];
    for name in pages {
        page(&checkout, name);
    }
    checkout.ok(&[
        "spec",
        "import",
        pages[0],
        pages[1],
        "--into",
        "v3",
        "--replace",
    ]);
    checkout.ok(&["codegen"]);

    let after = names(&checkout);
    let gone: Vec<_> = before.difference(&after).collect();
    let new: Vec<_> = after.difference(&before).collect();
    assert_eq!(gone, [r#"designVoice:response: "DesignVoiceResponse""#]);
    assert_eq!(
        new,
        [r#"searchVoicesByPrompt:response: "SearchVoicesByPromptResponse""#]
    );
    let resource = checkout.read("crates/heygen-api-gen/src/v3/resources/voices.rs");
    for wanted in [
        "pub fn design(",
        "Request<types::DesignedVoices>",
        "pub fn list(",
        "Request<Page<types::Voice>>",
        "pub fn accent(mut self, accent: impl Into<String>)",
    ] {
        assert!(resource.contains(wanted), "{wanted}");
    }

    let diff = checkout.ok(&["spec", "diff", "old/v3", "openapi/v3"]);
    let (telling, _) = diff.split_once("COSMETIC").unwrap();
    for wanted in [
        "2 breaking, 2 additive",
        "The method `design_voice` is called `search_voices_by_prompt` now.",
        "The type `DesignVoiceResponse` is called `SearchVoicesByPromptResponse` now.",
        "The parameter `accent` of `list_voices_v3` is new.",
        "`Voice.accent` is new.",
    ] {
        assert!(telling.contains(wanted), "{wanted}: {telling}");
    }
    let source = checkout.read("openapi/v3/SOURCE.toml");
    assert_eq!(source.matches("\"GET /v3/voices\"").count(), 1, "{source}");
}

#[test]
fn a_whole_document_without_an_operation_asks_for_its_hints_to_be_removed() {
    let checkout = checkout();
    let before = names(&checkout);
    let mut document: Value =
        serde_json::from_str(&checkout.read("openapi/v3/heygen.json")).unwrap();
    let gone = ["/v3/webhooks/events", "WebhookEventResponse"];
    for (parent, key) in [("/paths", gone[0]), ("/components/schemas", gone[1])] {
        let parent = document.pointer_mut(parent).unwrap();
        parent.as_object_mut().unwrap().remove(key).unwrap();
    }
    // The vendor writes out what is a component here: hints look for the shape.
    let union = document["components"]["schemas"]["AssetInput"].clone();
    let render = &mut document["components"]["schemas"]["CreateHyperframesRenderRequest"];
    assert!(render["properties"]["project"]["$ref"].is_string());
    render["properties"]["project"] = union;
    checkout.put("whole.json", document.to_string());
    let out = checkout.ok(&["spec", "import", "whole.json", "--into", "v3", "--whole"]);
    assert!(out.contains("- GET /v3/webhooks/events\n"), "{out}");

    let written = checkout.files("openapi");
    let error = checkout.fails(&["codegen"]);
    assert_eq!(checkout.files("openapi"), written);
    assert!(
        error.contains("hints for what is not there: /components/schemas/WebhookEventResponse"),
        "{error}"
    );
    let overlay = checkout.read(OVERLAY);
    let kept: Vec<_> = overlay
        .lines()
        .filter(|line| {
            let line = line.trim_start();
            !gone.iter().any(|key| line.starts_with(&format!("{key}:")))
        })
        .collect();
    checkout.put(OVERLAY, kept.join("\n"));
    checkout.ok(&["codegen"]);

    let after = names(&checkout);
    assert!(after.is_subset(&before), "nothing has a new name");
    let diff = checkout.ok(&["spec", "diff", "old/v3", "openapi/v3"]);
    assert!(
        !diff.contains("CreateHyperframesRender.project` was"),
        "{diff}"
    );
    for wanted in [
        "The method `list_webhook_events` is gone.",
        "The type `WebhookEvent` is gone.",
    ] {
        assert!(diff.contains(wanted), "{wanted}: {diff}");
    }
}
