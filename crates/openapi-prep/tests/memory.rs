//! What preparing a large document takes of memory: less than 1 GB for one of
//! 20 MB, in JSON and in YAML. Memory grows with the document, so smaller ones
//! are held to the same share.
//!
//! `PREP_TEST_MEGABYTES=20 cargo test --release -p openapi-prep --test memory`
//! holds the whole size.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../xtask/tests/common/many.rs"]
mod many;

use openapi_prep::{Document, Format, Names, prepare};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes of memory for each byte of text: 1 GB for 20 MB.
const SHARE: usize = 50;

#[test]
fn memory_stays_within_fifty_times_the_text() {
    let megabytes = std::env::var("PREP_TEST_MEGABYTES").map_or(1, |text| text.parse().unwrap());
    let size: usize = megabytes * 1_000_000;
    for format in [Format::Json, Format::Yaml] {
        // Text in YAML is about half as long again.
        let bytes = if format == Format::Yaml {
            size * 2 / 3
        } else {
            size
        };
        let text = {
            let document = Document::from_value(many::document(bytes)).unwrap();
            match format {
                Format::Json => document.to_string(),
                Format::Yaml => document.print(format).unwrap(),
            }
        };
        assert!(text.len().abs_diff(size) < size / 5, "{} bytes", text.len());
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let document = Document::parse_within(&text, usize::MAX).unwrap();
        let prepared = prepare(document, &mut Names::new()).unwrap();
        let printed = prepared.document.print(Format::Json).unwrap();
        let taken = MEMORY.peak_usage() - before + text.len();
        println!(
            "{format:?}: {} bytes, {taken} of memory, {} times as much",
            text.len(),
            taken / text.len()
        );
        assert!(taken <= text.len() * SHARE, "{taken} of {}", text.len());
        assert!(printed.len() > text.len() / 2 && prepared.report.entries().len() > 100);
    }
}
