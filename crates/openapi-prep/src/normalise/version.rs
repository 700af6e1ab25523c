//! The version of the API, which generated code sends in a header.

use serde_json::Value;

use crate::{Pointer, Report};

/// Writes `info.version` in visible ASCII. progenitor makes a header of it, in
/// each call, by a function that panics on anything else, such as a line break
/// at the end.
pub(super) fn as_header_value(document: &mut Value, report: &mut Report) {
    let Some(Value::String(version)) = document.pointer_mut("/info/version") else {
        return;
    };
    if version.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return;
    }
    let visible = version.replace(|c: char| !c.is_ascii_graphic(), " ");
    *version = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let at = Pointer::root().joins(["info", "version"]);
    let note = format!("written as {version:?}: it becomes the value of a header");
    report.changed(&at, note);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn version_is_visible_ascii() {
        for (given, wanted) in [
            ("1.0 beta", "1.0 beta"),
            ("1.0 beta\n", "1.0 beta"),
            ("v1\u{2011}2 \u{2013} stable", "v1 2 stable"),
            ("\u{2013}", ""),
        ] {
            let mut document = json!({"info": {"version": given}});
            let mut report = Report::new();
            as_header_value(&mut document, &mut report);
            assert_eq!(document["info"]["version"], wanted);
            assert_eq!(report.entries().len(), usize::from(given != wanted));
        }
    }
}
