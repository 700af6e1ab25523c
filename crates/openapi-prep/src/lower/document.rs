//! What 3.0 says otherwise, or not at all, outside of schemas.

use serde_json::{Value, json};

use crate::{Pointer, Report, Subject};

/// Writes the version that the document is now in.
pub(super) fn version(document: &mut Value, report: &mut Report) {
    document["openapi"] = json!("3.0.3");
    let at = Pointer::root().join("openapi");
    report.changed(&at, "written as 3.0.3");
}

/// Removes security schemes that 3.0 does not have: unlike a key that it does not
/// have, a generator does not skip them.
pub(super) fn security_schemes(document: &mut Value, report: &mut Report) {
    let at = Pointer::root().joins(["components", "securitySchemes"]);
    if let Some(Value::Object(schemes)) = document.pointer_mut(at.as_str()) {
        schemes.retain(|name, scheme| {
            let known = scheme["type"] != "mutualTLS";
            if !known {
                report.lost(Subject::Security, &at.join(name), "3.0 has no mutualTLS");
            }
            known
        });
    }
}
