//! Plural words of tags, by the rules of the library that the vendor's program uses:
//! scripts depend on the names of groups.

/// The singular of a whole string.
pub(super) fn singular(word: &str) -> String {
    let swap = |end: &str, new: &str| word.strip_suffix(end).map(|stem| stem.to_owned() + new);
    // `ta` and `ia`: the plural of a neuter in Latin.
    let latin = |stem: &str| stem.ends_with(['t', 'i']).then(|| format!("{stem}um"));
    if word.ends_with("ss") {
        return word.to_owned();
    }
    let is_es = ["x", "ch", "ss", "sh"]
        .iter()
        .any(|end| word.ends_with(&format!("{end}es")));
    if is_es || word.ends_with("statuses") {
        return word[..word.len() - 2].to_owned();
    }
    if word.ends_with("status") {
        return word.to_owned();
    }
    let of_f = ["lves", "rves"].iter().find_map(|end| {
        let kept = &end[..1];
        swap(end, &format!("{kept}f"))
    });
    swap("ies", "y")
        .or(of_f)
        .or_else(|| swap("ives", "ife"))
        .or_else(|| word.strip_suffix('a').and_then(latin))
        .or_else(|| swap("s", "").filter(|stem| !stem.is_empty()))
        .unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::singular;

    #[test]
    fn groups_are_singular_as_the_vendor_has_them() {
        for (plural, one) in [
            ("videos", "video"),
            ("voices", "voice"),
            ("ai-clipping", "ai-clipping"),
            ("batches", "batch"),
            ("boxes", "box"),
            ("statuses", "status"),
            ("status", "status"),
            ("brand-glossaries", "brand-glossary"),
            ("media", "medium"),
            ("data", "datum"),
            ("access", "access"),
            ("hyperframes", "hyperframe"),
            ("halves", "half"),
            ("api-keys", "api-key"),
            ("lipsync", "lipsync"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
