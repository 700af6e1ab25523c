//! The target of a command: the resource that its arguments identify, for the
//! hint of a 404.

use heygen_mock::MockServer;

/// The resource that a command requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// The `operationId`.
    pub(crate) operation: &'static str,
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

    /// The hint for a 404 of the mock, which lists the known ids.
    pub(crate) fn mock_hint(&self, server: &MockServer) -> Option<String> {
        let (parameter, ids) = self.ids.iter().find_map(|(parameter, id)| {
            let known = server.known_ids(self.operation, parameter);
            let unknown = !known.is_empty() && known.iter().all(|known| known != id);
            unknown.then_some((parameter, known))
        })?;
        Some(format!(
            "No such {}: the mock knows only the examples of {parameter}: {}; leave --mock out to call the real API",
            self.resource,
            ids.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn target<'a>(ids: &'a [(&'static str, &'a str)]) -> Target<'a> {
        Target {
            operation: "get-proofread",
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

    #[tokio::test]
    async fn mock_hint_names_the_ids_of_the_document() {
        let document = json!({"openapi": "3.1.0", "paths": {"/v3/proofreads/{proofread_id}": {
            "get": {
                "operationId": "get-proofread",
                "parameters": [{"name": "proofread_id", "in": "path", "example": "ours"}],
                "responses": {"200": {"content": {"application/json": {
                    "example": {"data": {"id": "theirs"}},
                }}}},
            },
        }}});
        let server = MockServer::builder().document(document);
        let server = server.start().await.unwrap();
        let hint = |id| target(&[("proofread_id", id)]).mock_hint(&server);
        let unknown = hint("nobody").unwrap();
        assert!(unknown.contains("proofread_id: ours, theirs;"), "{unknown}");
        assert_eq!(hint("theirs"), None);
        assert_eq!(target(&[("other", "x")]).mock_hint(&server), None);
    }
}
