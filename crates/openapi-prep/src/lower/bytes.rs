//! Bodies of bytes.
//!
//! In 3.1 a media type says all there is to say of bytes, and no schema stands
//! beside it. In 3.0 no schema would mean any value; bytes are a string of
//! format `binary`.

use serde_json::{Map, Value, json};

use super::{places, rule};
use crate::{Pointer, Report, walk};

/// Gives bodies of bytes the schema that 3.0 has for them.
pub(super) fn bodies(document: &mut Value, report: &mut Report) {
    places::shared(document, &mut |kind, part, at| {
        if !matches!(kind, "requestBodies" | "responses") {
            return;
        }
        let Some(content) = part.get_mut("content") else {
            return;
        };
        let at = at.join("content");
        let content = content.as_object_mut().into_iter().flat_map(Map::iter_mut);
        for (media, body) in content {
            if let Value::Object(body) = body
                && is_binary(media)
                && !body.contains_key("schema")
            {
                body.insert(
                    "schema".into(),
                    json!({"type": "string", "format": "binary"}),
                );
                report.changed(rule("binary-body"), &at.join(media), "bytes");
            }
        }
    });
}

/// Whether a media type is one of bytes, as far as its name tells.
pub(super) fn is_binary(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let (kind, of) = essence.split_once('/').unwrap_or_default();
    let text = [
        "json",
        "xml",
        "yaml",
        "csv",
        "html",
        "graphql",
        "javascript",
        "text",
    ];
    match kind {
        "image" | "audio" | "video" | "font" => of != "svg+xml",
        // A wildcard or a form may be text as well.
        "application" if of == "*" || of == "x-www-form-urlencoded" => false,
        "application" => !text.iter().any(|word| of.contains(word)),
        _ => false,
    }
}

/// Whether it is said without the keyword that bytes are of this media type.
pub(super) fn says(at: &Pointer, media: &str) -> bool {
    let body = walk::content(at);
    media == "application/octet-stream" || body.is_some_and(|body| body == media)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_from_text() {
        for media in [
            "application/octet-stream",
            "image/png",
            "application/pdf",
            "Audio/MPEG; q=1",
        ] {
            assert!(is_binary(media), "{media}");
        }
        for media in [
            "text/plain",
            "application/problem+json",
            "application/*",
            "*/*",
            "image/svg+xml",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "application/xml",
            "bytes",
        ] {
            assert!(!is_binary(media), "{media}");
        }
    }

    #[test]
    fn the_media_type_of_a_body_needs_no_keyword() {
        let at = Pointer::root().joins(["content", "image/png", "schema"]);
        assert!(says(&at, "image/png") && !says(&at, "image/gif"));
        assert!(!says(&at.join("items"), "image/png"));
    }
}
