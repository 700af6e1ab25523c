//! Facts about types, by their names, as the passes look them up.

use std::collections::{HashMap, HashSet};

use openapi_prep::{
    Prepared,
    api::{self, Api, BaseType, BodyContent, EnumValue},
};

use super::shapes::{self, Shape};

/// The facts of one document.
#[derive(Debug, Default)]
pub(in crate::codegen) struct Facts {
    /// Types that a response can contain.
    pub(super) responses: HashSet<String>,
    /// Types that a request can contain.
    pub(super) requests: HashSet<String>,
    /// String enums that keep unknown values.
    pub(super) open: HashSet<String>,
    /// String enums of requests alone.
    pub(super) closed: HashSet<String>,
    /// The variant of each of these that has one value.
    pub(super) constants: HashMap<String, String>,
    /// The properties of each object and form, in the order of the document.
    pub(super) properties: HashMap<String, Vec<String>>,
    /// The properties of each request object that distinguish null from absence.
    pub(super) explicit_null: HashMap<String, HashSet<String>>,
    /// Variants of tagged unions that have nothing but their tag.
    pub(super) empty: HashSet<String>,
    /// The property of each response object that says how far a job is.
    pub(super) states: HashMap<String, HashSet<String>>,
    /// Documented values of integers, and what they are called.
    pub(super) known_values: HashMap<String, Vec<EnumValue<i64>>>,
    /// Tagged unions.
    pub(super) unions: HashMap<String, Union>,
    /// The variants of untagged unions.
    pub(super) untagged: HashMap<String, Vec<Shape>>,
    /// Bodies of several parts.
    pub(super) forms: HashMap<String, Parts>,
}

/// A tagged union.
#[derive(Debug)]
pub(super) struct Union {
    pub(super) tag: String,
    /// The type of each tag's value, and whether it contains the union
    /// recursively.
    pub(super) variants: HashMap<String, (String, bool)>,
    /// Other values of the tag that are read, by the value that is sent.
    pub(super) aliases: HashMap<String, Vec<String>>,
}

/// The parts of a body that are not sent as their type says, by wire name.
pub(super) type Parts = HashMap<String, Part>;

/// How a part is sent.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) is_file: bool,
    pub(super) content_type: Option<String>,
}

impl Facts {
    pub(in crate::codegen) fn read(prepared: &Prepared) -> Self {
        let mut facts = Self::default();
        let api = &prepared.api;
        let schemas = &prepared.document.as_value()["components"]["schemas"];
        for (name, ty) in &api.types {
            let name = name.clone();
            if ty.in_response {
                facts.responses.insert(name.clone());
            }
            if ty.in_request {
                facts.requests.insert(name.clone());
            }
            match &ty.shape {
                api::Shape::Struct { fields, .. } => {
                    if fields.is_empty() {
                        facts.empty.insert(name.clone());
                    }
                    let names = |wanted: fn(&api::Field) -> bool| {
                        let found = fields.iter().filter(|field| wanted(field));
                        found.map(|field| field.name.clone()).collect()
                    };
                    let explicit = names(|field| field.explicit_null);
                    facts.explicit_null.insert(name.clone(), explicit);
                    facts
                        .states
                        .insert(name.clone(), names(|field| field.state));
                    let all = fields.iter().map(|field| field.name.clone());
                    facts.properties.insert(name, all.collect());
                }
                api::Shape::Enum { open: true, .. } => {
                    facts.open.insert(name);
                }
                api::Shape::Enum {
                    open: false,
                    values,
                } => {
                    if let [only] = values.as_slice() {
                        let variant = only.rust_name.clone();
                        facts.constants.insert(name.clone(), variant);
                    }
                    facts.closed.insert(name);
                }
                api::Shape::TaggedUnion { tag, variants, .. } => {
                    let union = union(api, &name, tag, variants);
                    facts.unions.insert(name, union);
                }
                api::Shape::Union { .. } => {
                    let shapes = shapes::of_union(&schemas[&name], schemas);
                    facts.untagged.extend(shapes.map(|shapes| (name, shapes)));
                }
                api::Shape::Integer { constants, .. } => {
                    facts.known_values.insert(name, constants.clone());
                }
                _ => {}
            }
        }
        for body in api.operations.iter().filter_map(|o| o.body.as_ref()) {
            // A schema that was given up has no parts.
            if let BodyContent::Multipart {
                form: Some(form),
                parts,
            } = &body.content
                && schemas[form]["properties"].is_object()
            {
                let all = parts.iter().map(|part| part.field.name.clone());
                facts.properties.insert(form.clone(), all.collect());
                let parts = parts.iter().map(part).collect();
                facts.forms.insert(form.clone(), parts);
            }
        }
        facts
    }
}

fn part(part: &api::Part) -> (String, Part) {
    let sent = Part {
        is_file: part.file,
        content_type: part.content_type.clone(),
    };
    (part.field.name.clone(), sent)
}

fn union(api: &Api, name: &str, tag: &str, variants: &[api::Variant]) -> Union {
    let mut union = Union {
        tag: tag.to_owned(),
        variants: HashMap::new(),
        aliases: HashMap::new(),
    };
    for variant in variants {
        if let [value, aliases @ ..] = variant.tags.as_slice() {
            let target = variant.ty.name().unwrap_or_default();
            let is_recursive = contains_by_value(api, target, name);
            let target = (target.to_owned(), is_recursive);
            union.variants.insert(value.clone(), target);
            union.aliases.insert(value.clone(), aliases.to_vec());
        }
    }
    union
}

/// Whether a type contains another by value, at any depth. The items of arrays
/// and maps are on the heap.
fn contains_by_value(api: &Api, from: &str, wanted: &str) -> bool {
    let mut open = vec![from];
    let mut seen = HashSet::new();
    while let Some(name) = open.pop() {
        if let Some(ty) = api.types.get(name)
            && seen.insert(name)
        {
            let held = ty.shape.types().into_iter();
            open.extend(held.filter_map(|ty| match &ty.base {
                BaseType::Named(name) => Some(name.as_str()),
                _ => None,
            }));
        }
    }
    seen.contains(wanted)
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::{Value, json};

    use super::*;

    fn facts(sent: &Value, schemas: &Value) -> Facts {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"post": {
                "operationId": "a",
                "requestBody": {"content": {"application/json": {"schema": sent}}},
                "responses": {"204": {"description": "done"}},
            }}},
            "components": {"schemas": schemas},
        });
        let document = Document::from_value(document).unwrap();
        Facts::read(&prepare(document, &mut Names::new()).unwrap())
    }

    #[test]
    fn properties_are_known_by_their_wire_names() {
        let a = json!({"type": "object", "properties": {
            "guid": {"type": "string"},
            "Guid": {"type": ["string", "null"]},
        }});
        let facts = facts(&json!({"$ref": "#/components/schemas/A"}), &json!({"A": a}));
        assert_eq!(facts.properties["A"], ["guid", "Guid"]);
        assert!(facts.explicit_null["A"].contains("Guid"));
    }

    #[test]
    fn recursive_union_is_found() {
        let union = json!({"$ref": "#/components/schemas/U"});
        let variant = |tag: &str, key: &str, value: &Value| json!({"type": "object", "required": ["t"], "properties": {"t": {"const": tag}, key: value}});
        let list = json!({"type": "array", "items": union});
        let variants =
            ["A", "B"].map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
        let schemas = json!({
            "U": {"oneOf": variants},
            "A": variant("a", "next", &union),
            "B": variant("b", "list", &list),
        });
        let facts = facts(&union, &schemas);
        let variants = &facts.unions["U"].variants;
        assert_eq!(variants["a"], ("A".to_owned(), true));
        assert_eq!(variants["b"], ("B".to_owned(), false));
    }
}
