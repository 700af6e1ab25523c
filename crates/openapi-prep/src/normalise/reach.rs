//! Which schemas a response or a request can reach.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{errors::ERRORS, unions::VARIANTS, webhooks};
use crate::{Pointer, Report, schema, walk};

/// The names of the schemas reached from each side of the operations.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub(super) responses: HashSet<String>,
    pub(super) requests: HashSet<String>,
}

/// Follows references from responses and webhooks, and from parameters and bodies.
pub(super) fn reach(document: &mut Value) -> Reach {
    reach_of(document, |_| true)
}

/// As [`reach`], of the operations with these methods.
pub(super) fn reach_of(document: &mut Value, wanted: impl Fn(&str) -> bool) -> Reach {
    let (mut responses, mut requests) = (Vec::new(), Vec::new());
    walk::operations(document, &mut |_, method, operation, _| {
        if !wanted(method) {
            return;
        }
        for (keys, into) in [
            (["responses", ERRORS], &mut responses),
            (["parameters", "requestBody"], &mut requests),
        ] {
            walk::within(operation, &keys, &mut |schema, _| {
                let names = all_targets(schema).into_iter();
                into.extend(names.map(str::to_owned));
            });
        }
    });
    webhooks::each(document, &mut |schema| {
        responses.extend(all_targets(schema).into_iter().map(str::to_owned));
    });
    let schemas = document.pointer("/components/schemas");
    let Some(schemas) = schemas.and_then(Value::as_object) else {
        return Reach::default();
    };
    let leads = schemas
        .iter()
        .map(|(name, schema)| (name.as_str(), all_targets(schema)));
    let leads: HashMap<&str, Vec<&str>> = leads.collect();
    let all = |from: &[String]| {
        let mut open: Vec<&str> = from.iter().map(String::as_str).collect();
        let mut reached = HashSet::new();
        while let Some(name) = open.pop() {
            if let Some(more) = leads.get(name).filter(|_| reached.insert(name.to_owned())) {
                open.extend(more);
            }
        }
        reached
    };
    Reach {
        responses: all(&responses),
        requests: all(&requests),
    }
}

/// The schemas that a schema and those inside name: by reference, or as a variant
/// of a union.
pub(super) fn all_targets(schema: &Value) -> Vec<&str> {
    let mut names = Vec::new();
    walk::each(schema, &mut |schema| {
        // One pass over the few keys: to look each of them up takes longer.
        for (key, value) in schema.as_object().into_iter().flatten() {
            if schema::is_same(key, "$ref") {
                names.extend(schema::ref_name(schema));
            } else if schema::is_same(key, VARIANTS) {
                let variants = value.as_object().into_iter().flat_map(Map::values);
                names.extend(variants.filter_map(Value::as_str));
            }
        }
    });
    names
}

/// Takes out schemas that no operation reaches: each would become a type that
/// nothing uses.
pub(super) fn drop_unused(document: &mut Value, report: &mut Report) {
    let reach = reach(document);
    let here = Pointer::root().joins(["components", "schemas"]);
    if let Some(Value::Object(schemas)) = document.pointer_mut(here.as_str()) {
        schemas.retain(|name, _| {
            let used = reach.responses.contains(name) || reach.requests.contains(name);
            if !used {
                report.changed(&here.join(name), "no operation reaches it");
            }
            used
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_reached_stays() {
        let mut document = json!({
            "paths": {"/a": {"post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Out"}}}}},
            }}},
            "components": {"schemas": {
                "In": {"properties": {"next": {"$ref": "#/components/schemas/In"}}},
                "Out": {"items": {"$ref": "#/components/schemas/Deep"}},
                "Deep": {}, "Alone": {},
            }},
        });
        let reach = reach(&mut document);
        assert!(reach.responses.contains("Deep") && !reach.requests.contains("Deep"));
        drop_unused(&mut document, &mut Report::new());
        let keys: Vec<_> = document["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(keys, ["In", "Out", "Deep"]);
    }
}
