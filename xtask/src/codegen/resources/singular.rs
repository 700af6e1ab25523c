//! Plural words of paths.

/// One of what a plural word names, by the common rules of English.
pub(super) fn singular(word: &str) -> String {
    let without = |end: &str| word.strip_suffix(end);
    if let Some(stem) = without("ies") {
        return format!("{stem}y");
    }
    for end in ["xes", "ches", "shes", "sses", "tuses"] {
        if word.ends_with(end) {
            return word[..word.len() - 2].to_owned();
        }
    }
    let stays = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    match without("s") {
        Some(stem) if !stays && !stem.is_empty() => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_have_a_singular() {
        for (plural, one) in [
            ("voices", "voice"),
            ("batches", "batch"),
            ("proofreads", "proofread"),
            ("glossaries", "glossary"),
            ("statuses", "status"),
            ("video_translations", "video_translation"),
            ("lipsyncs", "lipsync"),
            ("status", "status"),
            ("access", "access"),
            ("me", "me"),
            ("causes", "cause"),
            ("houses", "house"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
