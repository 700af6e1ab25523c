//! Any id is refused, or becomes one segment of the operation's own path, which
//! decodes to the same id. Any address that passes the check matches the path
//! template of the operation.

#![no_main]

use heygen_core::{check_path_argument, encode_path, fuzzing};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;

fuzz_target!(|id: &str| {
    if check_path_argument("avatar_id", id).is_ok() {
        match fuzzing::details_path(&encode_path(id)) {
            Ok(path) => {
                let segment = segment_of(&path);
                let sent = percent_decode_str(segment).decode_utf8();
                assert_eq!(sent.as_deref(), Ok(id), "{path}");
            }
            Err(error) => assert!(
                error.to_string().contains("longer than"),
                "{id:?} can be sent: {error}"
            ),
        }
    }
    // Unchecked and unencoded it may be refused, or change the path of the
    // request, but never the operation.
    if let Ok(path) = fuzzing::details_path(id) {
        let decoded = percent_decode_str(segment_of(&path)).decode_utf8_lossy();
        assert!(!["", ".", ".."].contains(&&*decoded), "{path}");
        assert!(!decoded.contains(char::is_control), "{path}");
    }
});

/// The segment of the id, in a path that matches the template.
fn segment_of(path: &str) -> &str {
    let segment = path
        .strip_prefix("/v2/avatar/")
        .and_then(|rest| rest.strip_suffix("/details"))
        .unwrap_or_else(|| panic!("another endpoint: {path}"));
    assert!(!segment.contains(['/', '\\', '?', '#']), "{path}");
    segment
}
