//! Any JSON document is refused, or lowered to OpenAPI 3.0, and lowering is
//! idempotent. The repairs before it accept it, too.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_prep::{Document, Names, lint, lower, lower_for_generator, normalise};
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    let Ok(document) = Document::from_value(value) else {
        return;
    };
    if let Ok((lowered, _)) = lower(document.clone()) {
        let version = lowered.as_value()["openapi"].as_str().unwrap_or_default();
        assert!(version.starts_with("3.0"), "{version}");
        let (second, _) = lower(lowered.clone()).expect("it is 3.0");
        assert_eq!(second, lowered);
    }
    let mut names = Names::new();
    if let Ok((repaired, _)) = normalise(document, &mut names)
        && let Ok((lowered, _)) = lower_for_generator(repaired)
    {
        let _ = lint(&lowered);
    }
});
