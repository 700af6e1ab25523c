//! The target of a command: the resource that its arguments identify, for the
//! hint of a 404.

/// The resource that a command requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// Name of the resource, for example `avatar`.
    pub(crate) resource: &'static str,
    /// Path parameters and their arguments.
    pub(crate) ids: &'a [(&'static str, &'a str)],
}

impl Target<'_> {
    /// The hint for a 404, with the library's own if the API sent no code: the
    /// operation itself may not exist.
    pub(crate) fn not_found_hint(&self, code: Option<&str>, own: Option<&str>) -> Option<String> {
        let quoted: Vec<String> = self.ids.iter().map(|(_, id)| format!("`{id}`")).collect();
        let noun = match quoted.len() {
            0 => return own.map(str::to_owned),
            1 => "id",
            _ => "ids",
        };
        let hint = format!(
            "No such {}: check the {noun} {}",
            self.resource,
            quoted.join(", ")
        );
        Some(match own.filter(|_| code.is_none()) {
            Some(own) => format!("{hint}; {own}"),
            None => hint,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target<'a>(ids: &'a [(&'static str, &'a str)]) -> Target<'a> {
        Target {
            resource: "proofread",
            ids,
        }
    }

    #[test]
    fn hint_names_resource_and_arguments() {
        let one = target(&[("proofread_id", "p")]);
        let hint = |target: &Target<'_>, code| target.not_found_hint(code, Some("own")).unwrap();
        assert_eq!(hint(&one, Some("c")), "No such proofread: check the id `p`");
        assert_eq!(hint(&one, None), "No such proofread: check the id `p`; own");
        let two = target(&[("translation_id", "t"), ("proofread_id", "p")]);
        assert_eq!(
            hint(&two, Some("c")),
            "No such proofread: check the ids `t`, `p`"
        );
        assert_eq!(hint(&target(&[]), Some("c")), "own");
    }
}
