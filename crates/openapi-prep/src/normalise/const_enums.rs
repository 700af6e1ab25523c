//! Fixed texts that are left when all rules have run. The generator would name
//! their types itself: outside the ledger, and like something else.

use serde_json::{Map, Value};

use super::{
    Names,
    tolerate::RESPONSE,
    unions::{TAG, VARIANTS},
};
use crate::{Pointer, Report, schema, walk};

/// Names every enum of texts that has no name yet, but for the tags of unions:
/// after what holds it.
pub(super) fn name_const_enums(document: &mut Value, ledger: &mut Names, report: &mut Report) {
    let at = Pointer::root().joins(["components", "schemas"]);
    let mut naming = Naming {
        ledger,
        report,
        in_response: false,
        added: Map::new(),
    };
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas.iter_mut() {
            naming.in_response = schema.get(RESPONSE).is_some();
            let mut found = false;
            walk::each(schema, &mut |part| found |= has_const(part));
            if schema.get(TAG).is_some() {
                naming.variants(schema, &at);
            } else if found {
                naming.parts(schema, name, &at.join(name));
            }
        }
    }
    naming.in_response = false;
    walk::parameters(document, &mut |id, parameter, at| {
        let owner = format!("{id} {}", parameter["name"].as_str().unwrap_or_default());
        walk::carrier(parameter, at, &mut |schema, at| {
            naming.name(schema, &owner, at);
        });
    });
    for (name, schema) in naming.added {
        document["components"]["schemas"][name] = schema;
    }
}

struct Naming<'a> {
    ledger: &'a mut Names,
    report: &'a mut Report,
    in_response: bool,
    added: Map<String, Value>,
}

impl Naming<'_> {
    /// The variants of a union are written out in it: what they hold has the
    /// names that it has in their own schemas.
    fn variants(&mut self, union: &mut Value, schemas: &Pointer) {
        let tag = union[TAG].as_str().unwrap_or_default().to_owned();
        let owners = union[VARIANTS].as_object().cloned().unwrap_or_default();
        let Some(Value::Array(arms)) = union.get_mut("oneOf") else {
            return;
        };
        let owners = owners.values().filter_map(Value::as_str);
        for (arm, owner) in arms.iter_mut().zip(owners) {
            walk::children(arm, &schemas.join(owner), &mut |part, at| {
                if *at != schemas.join(owner).join("properties").join(tag.as_str()) {
                    self.name(part, &format!("{owner} {}", word(at)), at);
                }
            });
        }
    }

    fn parts(&mut self, schema: &mut Value, owner: &str, at: &Pointer) {
        walk::children(schema, at, &mut |part, at| {
            self.name(part, &format!("{owner} {}", word(at)), at);
        });
    }

    /// Names a schema that is an enum of texts, or those inside.
    fn name(&mut self, schema: &mut Value, wanted: &str, at: &Pointer) {
        if !has_const(schema) {
            return self.parts(schema, wanted, at);
        }
        let (mut plain, null) = schema::without_null(schema.clone());
        let fixed = plain.get("const").or_else(|| plain.pointer("/enum/0"));
        if !fixed.is_some_and(Value::is_string) {
            return self.parts(schema, wanted, at);
        }
        let names = [wanted.to_owned(), format!("{wanted} value")];
        let name = self.ledger.get_or_assign(&format!("{at} (value)"), &names);
        if !self.added.contains_key(&name) {
            let here = Pointer::root().joins(["components", "schemas"]).join(&name);
            self.report.changed(at, format!("named {name}"));
            self.report.moved(&here, at);
        }
        *schema = schema::reference(&name);
        if null {
            schema::make_nullable(schema);
        }
        if self.in_response {
            plain[RESPONSE] = Value::Bool(true);
        }
        self.added.insert(name, plain);
    }
}

/// What a part of a schema is called in a name.
fn word(at: &Pointer) -> String {
    let mut tokens = at.as_str().rsplit('/');
    let last = tokens.next().unwrap_or_default();
    match (tokens.next(), last) {
        (Some("properties"), name) => name.replace("~1", "/").replace("~0", "~"),
        (_, "items") => "item".to_owned(),
        (_, "additionalProperties") => "value".to_owned(),
        _ => "string".to_owned(),
    }
}

/// Whether a property, or what stands beside null in it, is of fixed texts.
fn has_const(schema: &Value) -> bool {
    let has = |schema: &Value, key: &str| schema::get(schema, key).is_some();
    let own = |schema: &Value| has(schema, "const") || has(schema, "enum");
    let arms = ["anyOf", "oneOf"].into_iter();
    let arms = arms.filter_map(|key| schema::get(schema, key)?.as_array());
    own(schema) || arms.flatten().any(own)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn const_enums_get_names_of_their_own() {
        let mut document = json!({"components": {"schemas": {
            "A": {"x-response": true, "properties": {"kind": {"const": "a"}, "more": {"enum": ["x"]}}},
            "AKind": {"type": "integer"},
            "V": {"properties": {"kind": {"enum": ["v", null]}}},
            "U": {"x-tag": "type", "x-variants": {"v": "V"}, "oneOf": [
                {"properties": {"type": {"enum": ["v"]}, "kind": {"enum": ["v", null]}}}]},
            "W": {"oneOf": [{"type": "integer"}, {"enum": ["now"]}]},
        }}});
        let mut names = Names::new();
        names.assign("#AKind", "AKind");
        name_const_enums(&mut document, &mut names, &mut Report::new());
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["A"]["properties"]["kind"],
            schema::reference("AKindValue")
        );
        assert_eq!(
            schemas["AKindValue"],
            json!({"const": "a", "x-response": true})
        );
        assert_eq!(
            schemas["A"]["properties"]["more"],
            schema::reference("AMore")
        );
        assert!(schema::takes_null(&schemas["V"]["properties"]["kind"]));
        assert_eq!(schemas["VKind"], json!({"enum": ["v"]}));
        let variant = &schemas["U"]["oneOf"][0]["properties"];
        assert_eq!(variant["kind"], schemas["V"]["properties"]["kind"]);
        assert_eq!(variant["type"], json!({"enum": ["v"]}));
        assert_eq!(schemas["W"]["oneOf"][1], schema::reference("WString"));
    }
}
