//! Any text results in a document or in an error with a message, and an
//! extracted document, printed alone, is extracted unchanged.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_prep::{Document, Format, page};

fuzz_target!(|text: &str| {
    match page::extract(text) {
        Ok(page) => {
            assert!(!page::operations(&page.document).is_empty());
            let document = Document::from_value(page.document.clone()).expect("an object");
            let alone = document.print(Format::Json).expect("it is JSON");
            let second = page::extract(&alone).expect("it was extracted before");
            assert_eq!(second.document, page.document);
        }
        Err(error) => assert!(!error.to_string().trim().is_empty()),
    }
});
