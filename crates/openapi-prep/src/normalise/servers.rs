//! Servers of single operations: generated clients have one base URL.

use serde_json::{Value, json};

use crate::{Report, Subject, walk};

/// The URL of an operation's own server, for callers to set.
pub(crate) const SERVER: &str = "x-server";

/// Takes out the servers of operations and paths. Where they differ from the
/// document's, the operation keeps the URL as `x-server`.
pub(super) fn of_operations(document: &mut Value, report: &mut Report) {
    let own = document.get("servers").and_then(url);
    walk::path_items(document, &mut |item, at| {
        let of_path = take_url(item).map(|url| (url, at.clone()));
        for method in walk::METHODS {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            let server = take_url(operation).map(|url| (url, at.join(method)));
            let server = server.or_else(|| of_path.clone());
            if let Some((url, at)) = server.filter(|(url, _)| Some(url) != own.as_ref())
                && let Value::Object(operation) = operation
            {
                let note = format!(
                    "{method} has the server {url}, as `{SERVER}`: a client that does not read it sends to its base URL"
                );
                let at = at.join("servers");
                report.lost(Subject::Annotation, &at, note);
                operation.insert(SERVER.into(), json!(url));
            }
        }
    });
}

/// Takes the servers out, and gives the first one's URL.
fn take_url(holder: &mut Value) -> Option<String> {
    url(&holder.as_object_mut()?.shift_remove("servers")?)
}

/// The first server's URL, with its variables at their defaults.
fn url(servers: &Value) -> Option<String> {
    let server = servers.get(0)?;
    let mut url = server.get("url")?.as_str()?.to_owned();
    let variables = server.get("variables").and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten() {
        if let Some(default) = variable["default"].as_str() {
            url = url.replace(&format!("{{{name}}}"), default);
        }
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_differ_are_reported_and_kept() {
        let eu = json!([{"url": "https://{r}.x.example", "variables": {"r": {"default": "eu"}}}]);
        let main = json!([{"url": "https://x.example"}]);
        let mut document = json!({"servers": main, "paths": {"/a": {
            "servers": eu,
            "get": {},
            "put": {"servers": main},
            "post": {"servers": [{"url": "https://up.x.example"}]},
        }}});
        let mut report = Report::new();
        of_operations(&mut document, &mut report);
        assert_eq!(
            document["paths"]["/a"],
            json!({
                "get": {"x-server": "https://eu.x.example"},
                "put": {},
                "post": {"x-server": "https://up.x.example"},
            })
        );
        let at: Vec<_> = report.losses().map(|l| l.pointer.as_str()).collect();
        assert_eq!(at, ["/paths/~1a/servers", "/paths/~1a/post/servers"]);
    }
}
