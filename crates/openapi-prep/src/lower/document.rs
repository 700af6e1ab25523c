//! The parts of a document around its schemas.

use serde_json::{Map, Value, json};

use super::{places, rule};
use crate::{Pointer, Report, Subject};

/// Names the version that the document is now written in.
pub(super) fn version(document: &mut Value, report: &mut Report) {
    document["openapi"] = json!("3.0.3");
    report.changed(
        rule("version"),
        &Pointer::root().join("openapi"),
        "written as 3.0.3",
    );
}

/// Takes out what 3.0 has no place for.
pub(super) fn sections(document: &mut Value, report: &mut Report) {
    let root = Pointer::root();
    let Value::Object(object) = document else {
        return;
    };
    for (key, subject) in [
        ("webhooks", Subject::Operation),
        ("jsonSchemaDialect", Subject::Annotation),
        ("$schema", Subject::Annotation),
    ] {
        if object.shift_remove(key).is_some() {
            report.lost(
                subject,
                rule("section"),
                &root.join(key),
                "OpenAPI 3.0 has no such section",
            );
        }
    }
    let Some(Value::Object(components)) = object.get_mut("components") else {
        return;
    };
    let at = root.join("components");
    if components.shift_remove("pathItems").is_some() {
        report.lost(
            Subject::Annotation,
            rule("section"),
            &at.join("pathItems"),
            "OpenAPI 3.0 has no such section",
        );
    }
    if let Some(Value::Object(schemes)) = components.get_mut("securitySchemes") {
        schemes.retain(|name, scheme| {
            let keep = scheme["type"] != "mutualTLS";
            if !keep {
                report.lost(
                    Subject::Security,
                    rule("security-scheme"),
                    &at.join("securitySchemes").join(name),
                    "OpenAPI 3.0 cannot say mutualTLS",
                );
            }
            keep
        });
    }
}

/// Takes out what 3.0 does not know of in `info`.
pub(super) fn info(document: &mut Value, report: &mut Report) {
    let at = Pointer::root().join("info");
    let Some(Value::Object(info)) = document.get_mut("info") else {
        return;
    };
    if info.shift_remove("summary").is_some() {
        report.lost(
            Subject::Annotation,
            rule("info"),
            &at.join("summary"),
            "OpenAPI 3.0 has no summary here",
        );
    }
    if let Some(Value::Object(license)) = info.get_mut("license")
        && license.shift_remove("identifier").is_some()
    {
        report.lost(
            Subject::Annotation,
            rule("info"),
            &at.joins(["license", "identifier"]),
            "OpenAPI 3.0 has no licence identifier",
        );
    }
}

/// Adds what 3.0 requires and 3.1 does not: `paths`, and answers for every
/// operation.
pub(super) fn required_parts(document: &mut Value, report: &mut Report) {
    if let Value::Object(object) = document
        && !object.contains_key("paths")
    {
        object.insert("paths".into(), Value::Object(Map::new()));
        report.changed(
            rule("required-parts"),
            &Pointer::root(),
            "empty `paths` added",
        );
    }
    places::operations(document, &mut |operation, at| {
        let empty = operation
            .get("responses")
            .and_then(Value::as_object)
            .is_none_or(Map::is_empty);
        if empty {
            operation.insert(
                "responses".into(),
                json!({"default": {"description": "Any answer."}}),
            );
            report.changed(rule("required-parts"), at, "a default answer added");
        }
    });
}

/// Takes out of what is required for a call what is not declared: certificates
/// among them, which say nothing in a request.
pub(super) fn requirements(document: &mut Value, report: &mut Report) {
    let declared: Vec<String> = document
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object)
        .map(|schemes| schemes.keys().cloned().collect())
        .unwrap_or_default();
    let mut look = |holder: &mut Map<String, Value>, at: &Pointer| {
        let Some(Value::Array(all)) = holder.get_mut("security") else {
            return;
        };
        let at = at.join("security");
        for (index, one) in all.iter_mut().enumerate() {
            let Value::Object(one) = one else { continue };
            one.retain(|name, _| {
                let known = declared.contains(name);
                if !known {
                    report.lost(
                        Subject::Security,
                        rule("security"),
                        &at.join(index).join(name),
                        "no scheme of this name is declared in 3.0; not required",
                    );
                }
                known
            });
        }
    };
    if let Value::Object(root) = document {
        look(root, &Pointer::root());
    }
    places::operations(document, &mut |operation, at| look(operation, at));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_31_go_and_are_told() {
        let document = json!({
            "openapi": "3.1.0", "jsonSchemaDialect": "x", "webhooks": {},
            "info": {"title": "t", "summary": "s", "version": "1", "license": {"name": "n", "identifier": "MIT"}},
            "components": {"pathItems": {}, "securitySchemes": {"m": {"type": "mutualTLS"}}},
        });
        let (document, report) = crate::lower::lower(document).unwrap();
        assert_eq!(
            document,
            json!({
                "openapi": "3.0.3",
                "info": {"title": "t", "version": "1", "license": {"name": "n"}},
                "components": {"securitySchemes": {}},
                "paths": {},
            })
        );
        assert_eq!(report.losses().count(), 6);
    }

    #[test]
    fn a_30_document_passes_and_others_are_refused() {
        let document = json!({"openapi": "3.0.1", "paths": {}, "x": {"nullable": true}});
        assert_eq!(crate::lower::lower(document.clone()).unwrap().0, document);
        for document in [
            json!({"openapi": "3.2.0"}),
            json!({"swagger": "2.0"}),
            json!([]),
        ] {
            assert!(crate::lower::lower(document).is_err());
        }
    }
}
