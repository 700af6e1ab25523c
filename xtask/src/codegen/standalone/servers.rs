//! The servers of the document, and those of single operations.

use openapi_prep::api::{Api, Operation, Server};

/// The base URLs of the document's servers, the default first.
pub(super) fn of_document(api: &Api) -> Vec<String> {
    api.servers.iter().filter_map(base_url).collect()
}

/// The operation's own server, if it is not the document's default.
pub(super) fn of_operation(api: &Api, operation: &Operation) -> Option<String> {
    let own = operation.servers.iter().find_map(base_url)?;
    let default = api.servers.iter().find_map(base_url);
    (default.as_ref() != Some(&own)).then_some(own)
}

/// A base URL with the defaults of its variables, without the slash at its end,
/// if it names a host: others are relative to where the document was.
fn base_url(server: &Server) -> Option<String> {
    let mut url = server.url.trim().to_owned();
    for (name, default) in &server.variables {
        url = url.replace(&format!("{{{name}}}"), default);
    }
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let is_address = !host.is_empty()
        && !host.contains(['{', '}', '?', '#', '@'])
        && host.chars().all(|c| c.is_ascii_graphic());
    is_address.then(|| url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::api, *};

    #[test]
    fn servers_are_addresses_with_defaults() {
        let api = api(&json!({"servers": [
            {"url": "https://{region}.a.example/v1/", "variables": {"region": {"default": "eu"}}},
            {"url": "/v1"}, {"url": "https://{who}.a.example"}, {"url": "http://b.example"},
        ]}));
        assert_eq!(
            of_document(&api),
            ["https://eu.a.example/v1", "http://b.example"]
        );
    }
}
