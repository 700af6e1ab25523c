//! `$ref`: the one place that reads references.
//!
//! After the stage `repair` every reference between schemas is plain, `#/components/schemas/`
//! and the name as it is: [`schema::ref_name`](crate::schema::ref_name) reads those.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The JSON pointer of a reference into this document, with its percent signs
/// decoded; none for anchors and for references to other documents.
pub(crate) fn pointer(target: &str) -> Option<String> {
    let fragment = target.strip_prefix('#')?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    decoded(fragment)
}

/// Text with its percent signs decoded.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// One step of a JSON pointer as the key that it names.
pub(crate) fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The schema a mapping's value names: text, a reference in text, or (as
/// some tools write it) a reference object.
pub(crate) fn mapping_target(target: &Value) -> Option<String> {
    let text = target.get("$ref").unwrap_or(target).as_str()?;
    let name = text.rsplit('/').next().unwrap_or(text);
    Some(unescaped(&decoded(name)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_pointers_with_their_percent_signs_decoded() {
        for (target, expected) in [
            ("#", Some("")),
            (
                "#/components/parameters/page%5Bsize%5D",
                Some("/components/parameters/page[size]"),
            ),
            ("#/paths/~1a~1%7Bid%7D", Some("/paths/~1a~1{id}")),
            ("#/as-is/%zz", Some("/as-is/%zz")),
            ("#/bad/%ff", None),
            ("#anchor", None),
            ("other.yaml#/A", None),
            ("", None),
        ] {
            assert_eq!(pointer(target).as_deref(), expected, "{target}");
        }
        assert_eq!(unescaped("~1a~0b~01"), "/a~b~1");
    }
}
