//! Servers of single operations: generated clients have one base URL.

use serde_json::{Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, walk};

/// The URL of an operation's own server, for callers to set.
pub(crate) const SERVER: &str = "x-server";

/// Takes out the servers of operations and paths. Where they differ from the
/// document's, the operation keeps the URL as `x-server`.
pub(super) fn of_operations(document: &mut Value, report: &mut Report) {
    let own = url(document);
    let paths = Pointer::root().join("paths");
    let Some(items) = document.get_mut("paths") else {
        return;
    };
    walk::each_entry(items, &paths, &mut |item, at| {
        let of_path = url(item);
        for method in walk::METHODS {
            let operation = item.get_mut(method);
            let Some(operation) = operation.filter(|operation| operation.is_object()) else {
                continue;
            };
            let of_operation = url(operation).map(|url| (url, at.join(method)));
            let server = of_operation.or_else(|| Some((of_path.clone()?, at.clone())));
            remove(operation);
            if let Some((url, at)) = server.filter(|(url, _)| Some(url) != own.as_ref()) {
                let note = format!(
                    "{method} has the server {url}, as `{SERVER}`: a client that does not read it sends to its base URL"
                );
                report.lost(
                    Subject::Annotation,
                    rule("server"),
                    &at.join("servers"),
                    note,
                );
                operation[SERVER] = json!(url);
            }
        }
        remove(item);
    });
}

fn remove(holder: &mut Value) {
    if let Value::Object(holder) = holder {
        holder.shift_remove("servers");
    }
}

/// The first server's URL, with its variables at their defaults.
fn url(holder: &Value) -> Option<String> {
    let server = holder.get("servers")?.get(0)?;
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
