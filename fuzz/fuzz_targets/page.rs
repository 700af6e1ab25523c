//! Whatever a vendor publishes: a document is found in it or a reason is given,
//! and a document that was found is found again when it stands alone.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_prep::document::{self, Format};
use openapi_prep::page;

fuzz_target!(|text: &str| {
    match page::extract(text) {
        Ok(page) => {
            assert!(!page::operations(&page.document).is_empty());
            let alone = document::print(&page.document, Format::Json).expect("it is JSON");
            let again = page::extract(&alone).expect("it was taken once");
            assert_eq!(again.document, page.document);
        }
        Err(error) => assert!(!error.to_string().trim().is_empty()),
    }
});
