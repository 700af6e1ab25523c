//! Any body under an error status, or an envelope with an error under a
//! successful one, is parsed without a panic and printed on one line of bounded
//! length, without the key. The first byte chooses the status.

#![no_main]

use heygen_core::fuzzing;
use libfuzzer_sys::fuzz_target;

/// Long enough to be redacted, and part of no message.
const KEY: &str = "sk_V2_0f1e2d3c";

const STATUSES: [u16; 16] = [
    200, 400, 401, 402, 403, 404, 405, 409, 410, 422, 429, 500, 502, 503, 504, 599,
];

fuzz_target!(|data: &[u8]| {
    let Some((first, body)) = data.split_first() else {
        return;
    };
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    for error in fuzzing::errors(status, body, KEY) {
        let line = error.to_string();
        let visible = |letter: char| !letter.is_whitespace() && !letter.is_control();
        assert!(error.message().contains(visible), "blank message");
        assert!(!line.contains(char::is_control), "{line:?}");
        assert!(line.chars().count() < 3_000, "{} characters", line.len());
        let all = format!("{line}{error:?}{}", error.message());
        assert!(!all.contains(KEY), "{all}");
        for text in [error.code(), error.param(), error.doc_url(), error.hint()] {
            assert!(!text.unwrap_or_default().contains(KEY));
        }
        assert!(error.body().len() <= 64 * 1024);
        // None of them may panic.
        let _ = (
            error.is_not_found(),
            error.is_unauthorized(),
            error.is_forbidden(),
            error.is_rate_limited(),
            error.is_insufficient_credit(),
            error.is_quota_exceeded(),
            error.is_scope_missing(),
        );
    }
});
