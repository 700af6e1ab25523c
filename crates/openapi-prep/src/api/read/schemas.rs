//! Reads the schemas of a prepared document into types, as the generator does.

use std::collections::BTreeMap;

use heck::ToPascalCase;
use serde_json::{Map, Value};

use super::{Origin, entries, items, member};
use crate::{
    Pointer,
    api::{Annotations, BaseType, EnumValue, Field, Shape, Type, TypeRef, Variant, constants},
    normalise::{ALIASES, EMPTY, EXPLICIT_NULL, OPEN, RESPONSE, STATE, TAG, VARIANTS},
    rust_names::{self, wire_name},
    schema::{self, DECLARED, ref_name},
};

/// The formats of integers that the generator knows, and their types in Rust.
const FORMATS: [&str; 10] = [
    "int8", "uint8", "int16", "uint16", "int", "int32", "uint", "uint32", "int64", "uint64",
];
const INTEGERS: [&str; 10] = [
    "i8", "u8", "i16", "u16", "i32", "i32", "u32", "u32", "i64", "u64",
];

/// The named types.
pub(super) fn types(document: &Value, origin: &Origin<'_>) -> BTreeMap<String, Type> {
    let at = Pointer::root().joins(["components", "schemas"]);
    let all = &document["components"]["schemas"];
    entries(all)
        .map(|(name, schema)| {
            let at = at.join(name);
            let in_response = schema[RESPONSE] == true;
            let shape = shape(schema, in_response, &at, origin);
            let mut annotations = annotations(schema);
            if let (Shape::Alias(_), Some(values)) = (&shape, schema.get("enum")) {
                let constraints = &mut annotations.constraints;
                constraints.insert("enum".into(), values.clone());
            }
            let ty = Type {
                name: name.clone(),
                shape,
                in_request: false,
                in_response,
                annotations,
                pointer: origin(at.as_str()),
            };
            (name.clone(), ty)
        })
        .collect()
}

fn shape(schema: &Value, in_response: bool, at: &Pointer, origin: &Origin<'_>) -> Shape {
    if let (Some(tag), Some(of_tags)) = (text(schema, TAG), schema[VARIANTS].as_object()) {
        return Shape::TaggedUnion {
            variants: tagged(schema, of_tags, in_response),
            open: in_response,
            tag,
        };
    }
    let arms: Vec<&Value> = ["oneOf", "anyOf"]
        .iter()
        .flat_map(|key| items(&schema[*key]))
        .collect();
    if arms.len() > 1 {
        let names: Vec<_> = arms.iter().map(|arm| held_name(arm)).collect();
        let variants = rust_names::untagged_variants(&names).into_iter().zip(arms);
        let variants = variants.map(|(rust_name, arm)| Variant {
            rust_name,
            tags: Vec::new(),
            ty: type_ref(arm),
        });
        return Shape::Union {
            variants: variants.collect(),
        };
    }
    let values: Vec<&str> = items(&schema["enum"]).filter_map(Value::as_str).collect();
    if !values.is_empty() {
        let open = schema[OPEN] == true;
        let names = rust_names::variants(&values, open);
        let values = values.into_iter().zip(names);
        let values = values.map(|(value, rust_name)| EnumValue {
            value: wire_name(schema, value).to_owned(),
            rust_name,
        });
        return Shape::Enum {
            values: values.collect(),
            open,
        };
    }
    if is_struct(schema) || schema[EMPTY] == true {
        let additional = Some(&schema["additionalProperties"]).filter(|more| more.is_object());
        return Shape::Struct {
            fields: fields(schema, at, origin),
            additional: additional.map(|schema| map_of(type_ref(schema))),
        };
    }
    let ty = type_ref(schema);
    let constants = constants(schema);
    match ty.base {
        BaseType::Integer(rust_type) if !constants.is_empty() => Shape::Integer {
            rust_type,
            constants,
        },
        _ => Shape::Alias(ty),
    }
}

fn is_struct(schema: &Value) -> bool {
    entries(&schema["properties"]).next().is_some() || items(&schema["required"]).next().is_some()
}

/// The variants of a tagged union, one for each value of the tag.
fn tagged(schema: &Value, of_tags: &Map<String, Value>, open: bool) -> Vec<Variant> {
    let tags: Vec<&str> = of_tags.keys().map(String::as_str).collect();
    let names = rust_names::variants(&tags, open);
    let aliases = |tag: &str| {
        let aliases = entries(&schema[ALIASES]).filter(move |(_, of)| *of == tag);
        aliases.map(|(alias, _)| alias.clone()).collect::<Vec<_>>()
    };
    let variants = of_tags.iter().zip(names);
    variants
        .filter_map(|((tag, target), rust_name)| {
            Some(Variant {
                rust_name,
                tags: std::iter::once(tag.clone()).chain(aliases(tag)).collect(),
                ty: BaseType::Named(target.as_str()?.to_owned()).into(),
            })
        })
        .collect()
}

/// The properties of an object.
pub(super) fn fields(schema: &Value, at: &Pointer, origin: &Origin<'_>) -> Vec<Field> {
    let required = items(&schema["required"]).filter_map(Value::as_str);
    let required: Vec<&str> = required.collect();
    let properties = &schema["properties"];
    let in_response = schema[RESPONSE] == true;
    let field = |name: &str, property: &Value| {
        let required = required.contains(&name);
        let explicit_null = member(property, EXPLICIT_NULL) == true;
        let mut ty = type_ref(property);
        if !required && !in_response && !explicit_null {
            // It is null for the generator alone.
            ty = ty.without_null();
        }
        Field {
            name: wire_name(schema, name).to_owned(),
            rust_name: rust_names::field(name),
            required,
            explicit_null,
            state: in_response && member(property, STATE) == true,
            ty,
            annotations: annotations(property),
            pointer: origin(at.join("properties").join(name).as_str()),
        }
    };
    // What is required without being declared is a field of any value.
    let undeclared = required
        .iter()
        .filter(|name| properties.get(name).is_none());
    entries(properties)
        .map(|(name, property)| field(name, property))
        .chain(undeclared.map(|name| field(name, &Value::Null)))
        .collect()
}

/// The type of a value that a schema describes.
pub(super) fn type_ref(schema: &Value) -> TypeRef {
    let mut ty = base(schema);
    // Null is among any values.
    let has_null = matches!(ty.base, BaseType::Any | BaseType::Null);
    ty.nullable |= member(schema, "nullable") == true && !has_null;
    ty
}

fn base(schema: &Value) -> TypeRef {
    if let Some(name) = ref_name(schema) {
        return BaseType::Named(name.to_owned()).into();
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        if let Some([only]) = member(schema, key).as_array().map(Vec::as_slice) {
            return type_ref(only);
        }
    }
    if let Some([Value::Null]) = member(schema, "enum").as_array().map(Vec::as_slice) {
        return BaseType::Null.into();
    }
    let format = member(schema, "format").as_str();
    let base = match member(schema, "type").as_str() {
        Some("boolean") => BaseType::Boolean,
        Some("integer") => {
            let known = FORMATS.iter().position(|known| format == Some(known));
            BaseType::Integer(known.map_or("i64", |index| INTEGERS[index]))
        }
        Some("number") if format == Some("float") => BaseType::Number("f32"),
        Some("number") => BaseType::Number("f64"),
        Some("string") => BaseType::String,
        Some("array") => BaseType::List(Box::new(type_ref(&schema["items"]))),
        Some("object") if !is_struct(schema) => {
            return map_of(type_ref(&schema["additionalProperties"]));
        }
        _ => BaseType::Any,
    };
    base.into()
}

fn map_of(value: TypeRef) -> TypeRef {
    BaseType::Map(Box::new(value)).into()
}

/// The name that the generator has for what a variant holds.
fn held_name(arm: &Value) -> Option<String> {
    if let Some(name) = ref_name(arm) {
        return Some(name.to_owned());
    }
    if arm["nullable"] == true {
        return None;
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        if let Some(arms) = arm[key].as_array() {
            let [only] = arms.as_slice() else { return None };
            return held_name(only);
        }
    }
    let kind = arm["type"].as_str()?;
    Some(arm["format"].as_str().unwrap_or(kind).to_pascal_case())
}

/// What a schema, parameter, body or response says beyond its shape.
pub(super) fn annotations(of: &Value) -> Annotations {
    let mut constraints = member(of, DECLARED)
        .as_object()
        .cloned()
        .unwrap_or_default();
    Annotations {
        description: text(of, "description"),
        deprecated: member(of, "deprecated") == true,
        default: constraints
            .shift_remove("default")
            .or_else(|| schema::get(of, "default").cloned()),
        constraints,
        examples: examples(of),
        read_only: member(of, "readOnly") == true,
        write_only: member(of, "writeOnly") == true,
    }
}

/// The examples of a schema, parameter or media type: one, a list, or some by name.
pub(super) fn examples(of: &Value) -> Vec<Value> {
    let many = member(of, "examples");
    let named = entries(many).filter_map(|(_, example)| example.get("value"));
    let one = schema::get(of, "example").into_iter();
    one.chain(items(many)).chain(named).cloned().collect()
}

/// The text under a key, if there is some.
pub(super) fn text(holder: &Value, key: &str) -> Option<String> {
    let text = schema::get(holder, key)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}
