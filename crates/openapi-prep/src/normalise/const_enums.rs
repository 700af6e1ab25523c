//! What is still without a name when all rules have run, and would get one of
//! the generator that something else has already.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    Names,
    names::type_name,
    rule,
    unions::{TAG, VARIANTS},
};
use crate::{Pointer, Report, schema, walk};

/// Names the fixed texts of properties where the generator's own name for them
/// is taken, and in variants of unions, which are written out once more.
pub(super) fn name_fixed_texts(document: &mut Value, ledger: &mut Names, report: &mut Report) {
    let mut variants: HashMap<String, String> = HashMap::new();
    walk::schemas(document, &mut |schema, _| {
        let chosen = schema.get(VARIANTS).and_then(Value::as_object);
        let tag = schema.get(TAG).and_then(Value::as_str).unwrap_or_default();
        let names = chosen.into_iter().flat_map(Map::values);
        let names = names.filter_map(Value::as_str);
        variants.extend(names.map(|name| (name.to_owned(), tag.to_owned())));
    });
    let at = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let taken: HashSet<String> = schemas.keys().cloned().collect();
    let mut added = Map::new();
    for (name, schema) in schemas.iter_mut() {
        let Some(Value::Object(properties)) = schema.get_mut("properties") else {
            continue;
        };
        for (property, schema) in properties.iter_mut() {
            let (plain, null) = schema::without_null(schema.clone());
            let fixed = plain.get("const").or_else(|| plain.pointer("/enum/0"));
            if !fixed.is_some_and(Value::is_string) {
                continue;
            }
            let wanted = format!("{name} {property}");
            // The tag is said by the union.
            let of_variant = variants.get(name).is_some_and(|tag| tag != property);
            if !of_variant && !taken.contains(&type_name(&wanted)) {
                continue;
            }
            let at = at.join(name).join("properties").join(property);
            let value = format!("{wanted} value");
            let new = ledger.get_or_assign(&format!("{at} (value)"), &[wanted, value]);
            report.changed(rule("inline-schema"), &at, format!("named {new}"));
            *schema = schema::reference(&new);
            if null {
                schema::make_nullable(schema);
            }
            added.insert(new, plain);
        }
    }
    schemas.extend(added);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fixed_texts_get_names_of_their_own() {
        let mut document = json!({"components": {"schemas": {
            "A": {"properties": {"kind": {"const": "a"}, "more": {"enum": ["x"]}}},
            "AKind": {"type": "integer"},
            "V": {"properties": {"type": {"const": "v"}, "kind": {"enum": ["v", null]}}},
            "U": {"x-tag": "type", "x-variants": {"v": "V"}},
        }}});
        let mut names = Names::new();
        names.assign("#AKind", "AKind");
        name_fixed_texts(&mut document, &mut names, &mut Report::new());
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["A"]["properties"]["kind"],
            schema::reference("AKindValue")
        );
        assert_eq!(schemas["AKindValue"], json!({"const": "a"}));
        assert_eq!(schemas["A"]["properties"]["more"], json!({"enum": ["x"]}));
        assert!(schema::takes_null(&schemas["V"]["properties"]["kind"]));
        assert_eq!(schemas["VKind"], json!({"enum": ["v"]}));
    }
}
