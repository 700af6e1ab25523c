//! The same thing said in other words, and documents that are odd, circular,
//! deep or no documents at all.

use super::*;

fn schemas(schemas: &Value) -> Value {
    let root = json!({"$ref": "#/components/schemas/Root"});
    let mut document = small(&root, &root);
    document["components"] = json!({"schemas": schemas});
    document
}

fn lines(old: &Value, new: &Value) -> Vec<String> {
    let found = diff(old, new);
    assert_sound(&found, old, new);
    found.changes().iter().map(line).collect()
}

#[test]
fn a_document_is_as_itself() {
    for document in [fixture(), avatar()] {
        assert!(diff(&document, &document).is_empty());
    }
}

#[test]
fn other_words_for_the_same_are_no_change() {
    let object = |f: Value| json!({"Root": {"type": "object", "properties": {"f": f}}, "X": {"type": "string"}});
    let named = json!({"$ref": "#/components/schemas/X"});
    let same = [
        vec![
            json!({"type": "string", "nullable": true}),
            json!({"type": ["string", "null"]}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"oneOf": [{"const": null}, {"type": "string"}]}),
            json!({"allOf": [{"type": ["null", "string"]}]}),
        ],
        vec![
            json!({"anyOf": [named, {"type": "null"}]}),
            json!({"oneOf": [named, {"enum": [null]}]}),
            json!({"allOf": [named], "nullable": true}),
        ],
        vec![
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {}}}),
            json!({"properties": {"b": {}, "a": {"type": "string"}}, "required": ["a"]}),
            json!({"allOf": [{"required": ["a"], "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"b": true}}]}),
        ],
        vec![
            json!({"enum": ["a", "b"]}),
            json!({"type": "string", "enum": ["a", "b"]}),
        ],
        vec![json!({}), json!(true)],
    ];
    for group in same {
        for old in &group {
            for new in &group {
                let (old, new) = (schemas(&object(old.clone())), schemas(&object(new.clone())));
                assert_eq!(lines(&old, &new), [""; 0], "{old}\n{new}");
            }
        }
    }
}

#[test]
fn a_schema_of_both_sides_is_told_once_with_the_graver_class() {
    let root = |fields: &Value| {
        schemas(&json!({"Root": {"type": "object", "properties": fields, "required": ["f"]}}))
    };
    let old = root(&json!({"a": {}}));
    let new = root(&json!({"a": {}, "f": {"type": "string"}}));
    let found = diff(&old, &new);
    let [row] = found.changes() else {
        panic!("{}", found.to_text())
    };
    assert_eq!(
        line(row),
        "breaking field-added /components/schemas/Root/properties/f"
    );
    assert_eq!(row.direction, Some(crate::diff::Direction::Both));
}

#[test]
fn circles_end() {
    let circles = [
        json!({"Root": {"$ref": "#/components/schemas/Root"}}),
        json!({"Root": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/Root"}}),
        json!({"Root": {"allOf": [{"$ref": "#/components/schemas/Root"}, {"properties": {"a": {}}}]}}),
        json!({"Root": {"anyOf": [{"$ref": "#/components/schemas/Root"}, {"type": "null"}]}}),
        json!({"Root": {"oneOf": [{"$ref": "#/components/schemas/Root"}, {"type": "string"}]}}),
        json!({"Root": {"type": "array", "items": {"$ref": "#/components/schemas/Root"}}}),
        json!({"Root": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Root"}}}),
        json!({"Root": {"properties": {"next": {"$ref": "#/components/schemas/Root"}}}}),
        json!({"Root": {"properties": {"next": {"$ref": "#/components/schemas/B"}}}, "B": {"allOf": [{"$ref": "#/components/schemas/Root"}]}}),
    ];
    for old in &circles {
        for new in &circles {
            let (old, new) = (schemas(old), schemas(new));
            assert_eq!(old == new, lines(&old, &new).is_empty(), "{old}\n{new}");
        }
    }
    let mut document = fixture();
    document["paths"]["/loop"] = json!({"$ref": "#/paths/~1loop"});
    document["paths"]["/v9/videos"]["get"]["parameters"][0] =
        json!({"$ref": "#/paths/~1v9~1videos/get/parameters/0"});
    document["paths"]["/v9/videos"]["post"]["requestBody"] =
        json!({"$ref": "#/paths/~1v9~1videos/post/requestBody"});
    let found = lines(&fixture(), &document);
    assert!(
        found.iter().any(|row| row.contains("parameter-removed")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|row| row.contains("body-removed")),
        "{found:?}"
    );
}

#[test]
fn a_reference_to_nothing_is_any_value() {
    let root = |f: &Value| schemas(&json!({"Root": {"properties": {"f": f}}}));
    let lost = root(&json!({"$ref": "#/components/schemas/Gone"}));
    assert!(lines(&lost, &lost).is_empty());
    assert!(lines(&lost, &root(&json!({"$ref": "other.yaml#/X"}))).is_empty());
    assert_eq!(
        lines(&root(&json!({"type": "string"})), &lost),
        ["breaking type-changed /components/schemas/Root/properties/f"]
    );
}

/// Every pointer of a document.
pub(super) fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    let children: Vec<(String, &Value)> = match value {
        Value::Object(entries) => {
            let token = |key: &String| key.replace('~', "~0").replace('/', "~1");
            entries.iter().map(|(key, v)| (token(key), v)).collect()
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.map(|(index, v)| (index.to_string(), v)).collect()
        }
        _ => Vec::new(),
    };
    for (token, child) in children {
        pointers(child, &format!("{at}/{token}"), out);
    }
}

#[test]
fn anything_anywhere_is_borne() {
    let odd = [
        json!(null),
        json!(true),
        json!(-1.5),
        json!("x"),
        json!([]),
        json!([null, {"type": 5}]),
        json!({}),
        json!({"": [{}], "$ref": 7, "type": ["null"], "enum": [], "oneOf": {}}),
    ];
    let base = fixture();
    let mut places = Vec::new();
    pointers(&base, "", &mut places);
    assert!(places.len() > 400, "{}", places.len());
    for (count, pointer) in places.iter().enumerate() {
        let mut changed = base.clone();
        *at(&mut changed, pointer) = odd[count % odd.len()].clone();
        if count % 4 == 0 {
            assert_sound(&diff(&changed, &base), &changed, &base);
        } else {
            assert_sound(&diff(&base, &changed), &base, &changed);
        }
    }
}

#[test]
fn depth_is_no_trouble() {
    for (key, list) in [("items", false), ("anyOf", true), ("allOf", true)] {
        let deep = |end: Value| {
            let mut schema = end;
            for _ in 0..500 {
                schema = if list {
                    json!({ key: [schema, {"type": "string", "nullable": true}] })
                } else {
                    json!({ key: schema })
                };
            }
            schemas(&json!({"Root": schema}))
        };
        let (old, new) = (
            deep(json!({"type": "string"})),
            deep(json!({"type": "integer"})),
        );
        let found = diff(&old, &new);
        assert_sound(&found, &old, &new);
        assert!(list || found.changes().len() == 1);
    }
}

#[test]
fn what_is_no_document_holds_nothing() {
    for nothing in [json!(null), json!([]), json!("openapi"), json!({})] {
        assert!(diff(&nothing, &nothing).is_empty());
        let rows = lines(&nothing, &fixture());
        assert!(rows.iter().any(|row| row.contains("operation-added")));
    }
}
