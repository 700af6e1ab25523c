//! Shapes of the variants of untagged unions, from the lowered document: what
//! the core looks at to select a variant.

use openapi_prep::wire_name;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

/// How far references are followed.
const DEPTH: usize = 16;

/// How deep in a variant the selection looks: an array is one level, an object
/// two. So it sees the properties of objects, and of those in arrays.
const LEVELS: usize = 3;

/// What JSON a variant accepts.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) code: TokenStream,
    /// Whether it accepts arrays, and objects.
    pub(super) arrays: bool,
    pub(super) objects: bool,
}

/// The shapes of a union's variants, in their order.
pub(super) fn of_union(union: &Value, schemas: &Value) -> Option<Vec<Shape>> {
    let arms = union.get("oneOf").and_then(Value::as_array)?;
    let mut shapes: Vec<_> = arms.iter().map(|arm| of(arm, schemas, 0)).collect();
    // The one that accepts arrays, or objects, is read without a look inside.
    let several = |accepts: fn(&Shape) -> bool| shapes.iter().filter(|s| accepts(s)).count() > 1;
    let (arrays, objects) = (several(|s| s.arrays), several(|s| s.objects));
    for (shape, arm) in shapes.iter_mut().zip(arms) {
        if (arrays && shape.arrays) || (objects && shape.objects) {
            *shape = of(arm, schemas, LEVELS);
        }
    }
    Some(shapes)
}

fn of(schema: &Value, schemas: &Value, levels: usize) -> Shape {
    let schema = target(schema, schemas);
    let mut shape = Shape {
        code: quote!(de::Shape::Any),
        arrays: false,
        objects: false,
    };
    if let (Some(tag), Some(variants)) =
        (schema["x-tag"].as_str(), schema["x-variants"].as_object())
    {
        let aliases = schema["x-tag-aliases"].as_object().into_iter().flatten();
        let values = variants.keys().chain(aliases.map(|(alias, _)| alias));
        let open = schema["x-response"] == true;
        shape.code = quote!(de::Shape::Tagged(#tag, &[#(#values),*], #open));
        shape.objects = true;
        return shape;
    }
    let mut arms = ["oneOf", "anyOf"].into_iter();
    if let Some(arms) = arms.find_map(|key| schema[key].as_array()) {
        let arms: Vec<_> = arms.iter().map(|arm| of(arm, schemas, levels)).collect();
        let codes = arms.iter().map(|arm| &arm.code);
        shape.code = quote!(de::Shape::OneOf(&[#(#codes),*]));
        shape.arrays = arms.iter().any(|arm| arm.arrays);
        shape.objects = arms.iter().any(|arm| arm.objects);
        return shape;
    }
    shape.code = match schema["type"].as_str() {
        Some("string") => {
            let known = schema["enum"]
                .as_array()
                .filter(|_| schema["x-open-enum"] != true);
            let known = known.into_iter().flatten().filter_map(Value::as_str);
            let known = known.map(|value| wire_name(schema, value));
            quote!(de::Shape::String(&[#(#known),*]))
        }
        Some("boolean") => quote!(de::Shape::Boolean),
        Some("integer") => quote!(de::Shape::Integer(&[])),
        Some("number") => quote!(de::Shape::Number),
        Some("array") => {
            shape.arrays = true;
            let items = of_part(&schema["items"], schemas, levels, 1);
            quote!(de::Shape::Array(&#items))
        }
        Some("object") => {
            shape.objects = true;
            of_object(schema, schemas, levels)
        }
        _ => {
            (shape.arrays, shape.objects) = (true, true);
            quote!(de::Shape::Any)
        }
    };
    shape
}

fn of_object(schema: &Value, schemas: &Value, levels: usize) -> TokenStream {
    let properties = schema["properties"].as_object();
    let Some(properties) = properties.filter(|properties| !properties.is_empty()) else {
        let values = of_part(&schema["additionalProperties"], schemas, levels, 1);
        return quote!(de::Shape::Map(&#values));
    };
    if levels < 2 {
        return quote!(de::Shape::Object(&[], &[]));
    }
    let required = schema["required"].as_array().into_iter().flatten();
    let required = required.filter_map(Value::as_str);
    let required = required.map(|name| wire_name(schema, name));
    let in_request = schema["x-response"] != true;
    let properties = properties.iter().map(|(name, property)| {
        let name = wire_name(schema, name);
        let shape = match integers(target(property, schemas)) {
            // Responses may have others than are documented.
            Some(known) if in_request => quote!(de::Shape::Integer(&[#(#known),*])),
            _ => of_part(property, schemas, levels, 2),
        };
        quote!((#name, #shape))
    });
    quote!(de::Shape::Object(&[#(#required),*], &[#(#properties),*]))
}

/// The integers that a property is documented to be one of.
fn integers(property: &Value) -> Option<Vec<i64>> {
    let known = &property["x-declared"]["enum"];
    let known = known.as_array().filter(|_| property["type"] == "integer")?;
    known.iter().map(Value::as_i64).collect()
}

/// The shape of what a variant holds, so many levels deeper.
fn of_part(schema: &Value, schemas: &Value, levels: usize, down: usize) -> TokenStream {
    match levels.checked_sub(down) {
        Some(levels) => of(schema, schemas, levels).code,
        None => quote!(de::Shape::Any),
    }
}

/// The schema that a reference leads to, by itself or as the one member.
fn target<'a>(mut schema: &'a Value, schemas: &'a Value) -> &'a Value {
    for _ in 0..DEPTH {
        let member = match schema["allOf"].as_array().map(Vec::as_slice) {
            Some([one]) => one,
            _ => schema,
        };
        let name = member["$ref"]
            .as_str()
            .and_then(|r| r.strip_prefix("#/components/schemas/"));
        match name.and_then(|name| schemas.get(name)) {
            Some(next) => schema = next,
            None => break,
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn renamed_keys_and_values_have_their_wire_names() {
        let union = json!({"oneOf": [
            {"type": "object", "required": ["guid_2--"], "x-wire-names": {"guid_2--": "Guid"}, "properties": {
                "guid_2--": {"type": "string", "enum": ["minus_a--"], "x-wire-names": {"minus_a--": "-a"}},
            }},
            {"type": "object", "properties": {"b": {"type": "string"}}},
        ]});
        let shapes = of_union(&union, &Value::Null).unwrap();
        let wanted = quote!(de::Shape::Object(
            &["Guid"],
            &[("Guid", de::Shape::String(&["-a"]))]
        ));
        assert_eq!(shapes[0].code.to_string(), wanted.to_string());
    }
    #[test]
    fn fixed_integers_select_variants_of_requests() {
        let of = |response: bool| {
            let variant = |kind: i64| {
                json!({"type": "object", "x-response": response, "properties": {
                    "type": {"type": "integer", "x-declared": {"enum": [kind]}},
                }})
            };
            let union = json!({"oneOf": [variant(1), variant(2)]});
            of_union(&union, &Value::Null).unwrap()[1].code.to_string()
        };
        for (response, known) in [(false, quote!(&[2i64])), (true, quote!(&[]))] {
            let shape = quote!(de::Shape::Object(&[], &[("type", de::Shape::Integer(#known))]));
            assert_eq!(of(response), shape.to_string());
        }
    }
}
