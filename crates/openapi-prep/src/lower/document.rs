//! What 3.0 has no place for outside of schemas.

use serde_json::{Value, json};

use super::rule;
use crate::{Pointer, Report, Subject};

/// Writes the version that the document is now in.
pub(super) fn version(document: &mut Value, report: &mut Report) {
    document["openapi"] = json!("3.0.3");
    let at = Pointer::root().join("openapi");
    report.changed(rule("version"), &at, "written as 3.0.3");
}

/// Removes keys and security schemes that 3.0 does not have.
pub(super) fn sections(document: &mut Value, report: &mut Report) {
    for (owner, key) in [
        ("", "jsonSchemaDialect"),
        ("", "$schema"),
        ("/info", "summary"),
        ("/info/license", "identifier"),
    ] {
        if let Some(Value::Object(object)) = document.pointer_mut(owner)
            && object.shift_remove(key).is_some()
        {
            let at = Pointer::parse(owner).join(key);
            let note = "3.0 has no such key";
            report.lost(Subject::Annotation, rule("section"), &at, note);
        }
    }
    let at = Pointer::root().joins(["components", "securitySchemes"]);
    if let Some(Value::Object(schemes)) = document.pointer_mut(at.as_str()) {
        schemes.retain(|name, scheme| {
            let known = scheme["type"] != "mutualTLS";
            if !known {
                let (at, note) = (at.join(name), "3.0 has no mutualTLS");
                report.lost(Subject::Security, rule("security-scheme"), &at, note);
            }
            known
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_31_are_removed_and_reported() {
        let mut document = json!({
            "openapi": "3.1.0", "jsonSchemaDialect": "x",
            "info": {"title": "t", "summary": "s", "version": "1", "license": {"name": "n", "identifier": "MIT"}},
            "components": {"securitySchemes": {"m": {"type": "mutualTLS"}}},
        });
        let mut report = Report::new();
        version(&mut document, &mut report);
        sections(&mut document, &mut report);
        assert_eq!(
            document,
            json!({
                "openapi": "3.0.3",
                "info": {"title": "t", "version": "1", "license": {"name": "n"}},
                "components": {"securitySchemes": {}},
            })
        );
        assert_eq!(report.losses().count(), 4);
    }
}
