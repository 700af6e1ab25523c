//! Documents of 3.0, read as 3.1, and words of 3.0 in documents of 3.1.

use serde_json::{Value, json};

use super::rule;
use crate::{Pointer, Report, schema};

/// Reads a document of 3.0 as one of 3.1, which all later rules expect.
pub(super) fn read_as_31(document: &mut Value, report: &mut Report) {
    let old = document.get("openapi").and_then(Value::as_str);
    if old.is_some_and(|version| version.starts_with("3.0")) {
        document["openapi"] = json!("3.1.0");
        let at = Pointer::root().join("openapi");
        report.changed(rule("version"), &at, "read as 3.1");
    }
}

/// `nullable`, which 3.1 replaced by the type null.
pub(super) fn nullable(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let note = match object.shift_remove("nullable") {
        None => return,
        Some(Value::Bool(true)) => {
            schema::make_nullable(schema);
            "`nullable` (3.0) read as type null"
        }
        Some(_) => "`nullable` (3.0), which is not true, removed",
    };
    report.changed(rule("nullable"), at, note);
}
