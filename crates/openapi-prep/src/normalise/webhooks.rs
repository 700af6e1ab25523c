//! Webhooks, the calls that the server makes: types of what they carry, for
//! programs that receive them.

use serde_json::{Map, Value, json};

use super::content::JSON;
use crate::{Pointer, PrepareOptions, Report, Subject, schema, walk};

/// The mark on a document with its webhooks by name: what each is described as,
/// and the JSON that it carries.
pub(crate) const WEBHOOKS: &str = "x-webhooks";

/// The mark on the body of a webhook: the property that holds what is particular
/// to this webhook, where the others are the same for all.
const PAYLOAD: &str = "x-payload";

/// Moves what webhooks carry aside, where the runtime reads them. Their bodies are
/// read like responses.
pub(super) fn set_aside(document: &mut Value, options: PrepareOptions, report: &mut Report) {
    if !options.reads_webhooks {
        return;
    }
    let found = document
        .as_object_mut()
        .and_then(|document| document.shift_remove("webhooks"));
    let Some(Value::Object(webhooks)) = found else {
        return;
    };
    let mut kept = Map::new();
    for (name, item) in webhooks {
        let from = Pointer::root().joins(["webhooks", &name]);
        let Some((schema, origin)) = payload(&item["post"], &from.join("post")) else {
            let note = "a webhook has a type if it is a POST whose JSON has a named schema";
            report.lost(Subject::Operation, &from, note);
            continue;
        };
        let to = Pointer::root().joins([WEBHOOKS, &name]);
        report.moved(&to, &from);
        report.moved(&to.joins(["content", JSON, "schema"]), &origin);
        let text = |key: &str| item["post"][key].as_str();
        let description = text("description").or(text("summary")).unwrap_or_default();
        kept.insert(
            name,
            json!({"description": description, "content": {JSON: {"schema": schema}}}),
        );
    }
    if let Value::Object(document) = document
        && !kept.is_empty()
    {
        document.insert(WEBHOOKS.into(), Value::Object(kept));
    }
}

/// The schema of what an operation's body carries, and where it was.
fn payload(operation: &Value, at: &Pointer) -> Option<(Value, Pointer)> {
    let body = operation
        .get("requestBody")?
        .get("content")?
        .get(JSON)?
        .get("schema")?;
    let at = at.joins(["requestBody", "content", JSON, "schema"]);
    let (schema, at) = match body.get(PAYLOAD).and_then(Value::as_str) {
        Some(name) => (
            body.get("properties")?.get(name)?,
            at.joins(["properties", name]),
        ),
        None => (body, at),
    };
    schema::ref_name(schema)?;
    Some((schema.clone(), at))
}

/// Calls `visit` for the schema of what each webhook carries.
pub(super) fn each(document: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Some(webhooks) = document.get_mut(WEBHOOKS) {
        walk::each_entry(webhooks, &Pointer::root(), &mut |webhook, at| {
            walk::carrier(webhook, at, &mut |schema, _| visit(schema));
        });
    }
}
