//! Whatever JSON a document is: it is refused, or lowered to something that
//! says 3.0, and lowering that once more changes nothing. The repairs before
//! it take it too, with names that stay as they were once given.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_prep::{lint, lower, normalise};
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(document) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    if let Ok((lowered, _)) = lower::lower(document.clone()) {
        let version = lowered["openapi"].as_str().unwrap_or_default();
        assert!(version.starts_with("3.0"), "{version}");
        let (again, _) = lower::lower(lowered.clone()).expect("it is 3.0");
        assert_eq!(again, lowered);
    }
    if !document.is_object() {
        return;
    }
    let mut names = normalise::Names::default();
    let (repaired, _) = normalise::normalise(document, &mut names);
    if let Ok((lowered, _)) = lower::lower_for_generator(repaired) {
        let _ = lint::lint(&lowered);
    }
});
