//! The tags of YAML: its reader ignores those of YAML's own that it does not
//! know, such as `!!set`, and reports local ones.

/// The tags of YAML's own that JSON has a form for.
const TAGS: [&str; 8] = ["str", "int", "float", "bool", "null", "map", "seq", "merge"];

/// The text with other tags of YAML's own (`!!set`) as local ones (`!_set`), if
/// there may be any: what looks like a tag may be part of a string.
pub(super) fn with_local_tags(text: &str) -> Option<String> {
    let known = |rest: &str| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
        let name = &rest[..end.unwrap_or(rest.len())];
        name.is_empty() || TAGS.contains(&name)
    };
    let verbatim = |rest: &str| rest.strip_prefix("tag:yaml.org,2002:").is_some_and(known);
    let of_yaml = text.match_indices("!!").map(|(at, _)| at);
    let of_yaml = of_yaml.filter(|at| !known(&text[at + 2..]));
    let others = text.match_indices("!<").map(|(at, _)| at);
    let others = others.filter(|at| !verbatim(&text[at + 2..]));
    let mut local: Option<String> = None;
    for at in of_yaml.chain(others) {
        let local = local.get_or_insert_with(|| text.to_owned());
        local.replace_range(at + 1..at + 2, "_");
    }
    local
}

/// Whether a YAML document declares handles of tags, which could then mean
/// anything.
pub(super) fn declares_tags(text: &str) -> bool {
    let mut head = text.lines().take_while(|line| !line.starts_with("---"));
    text.starts_with('%') && head.any(|line| line.starts_with("%TAG"))
}
