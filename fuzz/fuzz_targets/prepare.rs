//! Any JSON document is refused, or prepared as one of OpenAPI 3.0, and the result
//! can be prepared again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_prep::{Document, Names, prepare};
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    let Ok(document) = Document::from_value(value) else {
        return;
    };
    if let Ok(prepared) = prepare(document, &mut Names::new()) {
        let version = prepared.document.as_value()["openapi"].as_str();
        assert!(version.is_some_and(|v| v.starts_with("3.0")), "{version:?}");
        prepare(prepared.document, &mut Names::new()).expect("it is 3.0");
    }
});
