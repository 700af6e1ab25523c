//! Media types: what a body is, as far as the name tells.

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether bodies of a media type are JSON.
pub(crate) fn is_json(media: &str) -> bool {
    let essence = essence(media);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

/// Whether a media type can be sent as a `Content-Type`: a range cannot.
pub(crate) fn is_concrete(media: &str) -> bool {
    essence(media)
        .split_once('/')
        .is_some_and(|(kind, of)| !kind.is_empty() && !of.is_empty())
        && !media.contains('*')
        && media.chars().all(|c| matches!(c, ' '..='~'))
}

/// Whether bodies of a media type are bytes rather than text.
pub(crate) fn is_binary(media: &str) -> bool {
    let essence = essence(media);
    let (kind, of) = essence.split_once('/').unwrap_or_default();
    let mut text = "json xml yaml csv html graphql javascript text".split(' ');
    match kind {
        "image" | "audio" | "video" | "font" => of != "svg+xml",
        // A wildcard or a form may be text as well.
        "application" if of == "*" || of == "x-www-form-urlencoded" => false,
        "application" => !text.any(|word| of.contains(word)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_differ_from_text() {
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
    fn case_and_parameters_do_not_matter() {
        assert!(is_json("Application/JSON; charset=utf-8"));
        assert!(is_json("application/merge-patch+json"));
        assert!(!is_json("application/jsonl"));
        assert!(is_concrete("text/csv; header=present"));
        for range in ["*/*", "image/*", "", "json", "a/\u{e9}"] {
            assert!(!is_concrete(range), "{range}");
        }
    }
}
