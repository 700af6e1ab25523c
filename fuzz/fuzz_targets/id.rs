//! Whatever an id is: it is refused, or becomes one segment of the operation's
//! own path and is the same id when the server decodes it. And whatever an
//! address is: one that passes the guard has the shape of the operation.

#![no_main]

use heygen_transport::{check_segment, encode_segment, fuzzing};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;

fuzz_target!(|id: &str| {
    if check_segment("avatar_id", id).is_ok() {
        match fuzzing::details_path(&encode_segment(id)) {
            Ok(path) => {
                let segment = held(&path);
                let sent = percent_decode_str(segment).decode_utf8();
                assert_eq!(sent.as_deref(), Ok(id), "{path}");
            }
            Err(error) => assert!(
                error.to_string().contains("longer than"),
                "{id:?} can be sent: {error}"
            ),
        }
    }
    // Without being checked or encoded it may be refused, or change the path
    // of the request, but never the operation.
    if let Ok(path) = fuzzing::details_path(id) {
        let decoded = percent_decode_str(held(&path)).decode_utf8_lossy();
        assert!(!["", ".", ".."].contains(&&*decoded), "{path}");
        assert!(!decoded.contains(char::is_control), "{path}");
    }
});

/// The segment in the place of the id, in a path of exactly that shape.
fn held(path: &str) -> &str {
    let held = path
        .strip_prefix("/v2/avatar/")
        .and_then(|rest| rest.strip_suffix("/details"))
        .unwrap_or_else(|| panic!("another endpoint: {path}"));
    assert!(!held.contains(['/', '\\', '?', '#']), "{path}");
    held
}
