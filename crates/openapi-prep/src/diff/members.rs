//! Members: what types and operations are made of, with a name on the wire and one
//! in Rust.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::change::Kind;
use crate::api::{
    Annotations, BaseType, BodyContent, EnumValue, Field, Location, Operation, Parameter, Shape,
    TypeRef, Variant,
};

/// Old names of types that go by another name, with the new ones.
pub(super) type Renamed = BTreeMap<String, String>;

/// What a member is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A parameter of an operation.
    Parameter,
    /// A field of a struct, or a part of a form.
    Field,
    /// A value of an enum, or a documented value of an integer.
    Value,
    /// A variant of a union.
    Variant,
}

impl Of {
    /// The changes of a member: it is new, it is gone, it has another name in Rust,
    /// or another form on the wire.
    pub(super) fn kinds(self) -> [Kind; 4] {
        match self {
            Self::Parameter => [
                Kind::ParameterAdded,
                Kind::ParameterRemoved,
                Kind::ParameterRenamed,
                Kind::ParameterMoved,
            ],
            Self::Field => [
                Kind::FieldAdded,
                Kind::FieldRemoved,
                Kind::FieldRenamed,
                Kind::MediaTypeChanged,
            ],
            Self::Value => [
                Kind::EnumValueAdded,
                Kind::EnumValueRemoved,
                Kind::EnumValueRenamed,
                Kind::TagChanged,
            ],
            Self::Variant => [
                Kind::VariantAdded,
                Kind::VariantRemoved,
                Kind::VariantRenamed,
                Kind::TagChanged,
            ],
        }
    }
}

/// A parameter, field, part, value or variant.
#[derive(Default)]
pub(super) struct Member<'a> {
    /// What it is known by, the surest first.
    pub(super) keys: Vec<String>,
    pub(super) rust_name: &'a str,
    /// Where it is; none is where its type is.
    pub(super) pointer: Option<&'a str>,
    /// Its type in Rust, with the names of today; a value has none.
    pub(super) rust_type: String,
    /// The named type in that.
    pub(super) named: Option<&'a str>,
    pub(super) required: bool,
    /// How it is on the wire: its value, its tags, its location.
    pub(super) wire: Value,
    pub(super) annotations: Option<&'a Annotations>,
}

impl<'a> Member<'a> {
    fn field(field: &'a Field, renamed: &Renamed) -> Self {
        Self {
            pointer: Some(&field.pointer),
            rust_type: field.rust_type_of(&renewed(&field.ty, renamed)),
            named: field.ty.name(),
            required: field.required,
            annotations: Some(&field.annotations),
            keys: vec![field.name.clone()],
            rust_name: &field.rust_name,
            ..Self::default()
        }
    }

    /// What has no name: an element, a body.
    fn of_type(key: &str, rust_name: &'a str, ty: &'a TypeRef, renamed: &Renamed) -> Self {
        Self {
            rust_type: renewed(ty, renamed).to_string(),
            named: ty.name(),
            keys: vec![key.to_owned()],
            rust_name,
            ..Self::default()
        }
    }

    fn value<T: Serialize + ToString>(value: &'a EnumValue<T>) -> Self {
        Self {
            keys: vec![value.value.to_string()],
            rust_name: &value.rust_name,
            wire: json!(value.value),
            ..Self::default()
        }
    }

    fn variant((index, variant): (usize, &'a Variant), renamed: &Renamed) -> Self {
        let ty = variant.ty.as_ref();
        let held = ty.map_or_else(|| "()".to_owned(), |ty| renewed(ty, renamed).to_string());
        let keys = match variant.tags.as_slice() {
            // Where nothing else tells, they are known by their position.
            [] => vec![
                held.clone(),
                variant.rust_name.clone(),
                format!("at {index}"),
            ],
            tags => tags.to_vec(),
        };
        Self {
            rust_type: held,
            named: ty.and_then(TypeRef::name),
            wire: json!(variant.tags),
            keys,
            rust_name: &variant.rust_name,
            ..Self::default()
        }
    }
}

/// The members of a type.
pub(super) fn of_shape<'a>(shape: &'a Shape, renamed: &Renamed) -> (Of, Vec<Member<'a>>) {
    match shape {
        Shape::Struct { fields, additional } => {
            let fields = fields.iter().map(|field| Member::field(field, renamed));
            // No property has this name.
            let extra = |ty: &'a TypeRef| Member::of_type("\0extra", "extra", ty, renamed);
            let extra = additional.iter().map(extra);
            (Of::Field, fields.chain(extra).collect())
        }
        Shape::Enum { values, .. } => (Of::Value, values.iter().map(Member::value).collect()),
        Shape::Integer { constants, .. } => {
            (Of::Value, constants.iter().map(Member::value).collect())
        }
        Shape::TaggedUnion { variants, .. } | Shape::Union { variants } => {
            let variants = variants
                .iter()
                .enumerate()
                .map(|v| Member::variant(v, renamed));
            (Of::Variant, variants.collect())
        }
        Shape::Alias(ty) => (Of::Field, vec![Member::of_type("", "0", ty, renamed)]),
    }
}

/// The parameters of an operation, those of the path first and in its order.
pub(super) fn of_parameters<'a>(operation: &'a Operation, renamed: &Renamed) -> Vec<Member<'a>> {
    let mut all = operation.parameters_in(Location::Path);
    let others = operation.parameters.iter();
    all.extend(others.filter(|p| p.location != Location::Path));
    let one = |(index, parameter): (usize, &'a Parameter)| {
        let name = &parameter.name;
        let place = format!("{name} in {}", parameter.location.as_str());
        let mut keys = vec![place.clone(), name.clone()];
        let mut wire = json!(place);
        if parameter.location == Location::Path {
            // Parameters of the path are known by their position.
            keys.push(format!("{index} in path"));
            wire = Value::Null;
        }
        Member {
            pointer: Some(&parameter.pointer),
            rust_type: parameter.rust_type_of(&renewed(&parameter.ty, renamed)),
            named: parameter.ty.name(),
            required: parameter.required,
            wire,
            annotations: Some(&parameter.annotations),
            keys,
            rust_name: &parameter.rust_name,
        }
    };
    all.into_iter().enumerate().map(one).collect()
}

/// The parts of a multipart body, or another as a whole.
pub(super) fn of_body<'a>(operation: &'a Operation, renamed: &Renamed) -> Vec<Member<'a>> {
    match operation.body.as_ref().map(|body| &body.content) {
        Some(BodyContent::Json(ty) | BodyContent::Form(ty)) => {
            vec![Member::of_type("", "", ty, renamed)]
        }
        Some(BodyContent::Multipart { parts, .. }) => {
            let parts = parts.iter().map(|part| Member {
                rust_type: part.rust_type_of(&renewed(&part.field.ty, renamed)),
                wire: json!(part.content_type),
                ..Member::field(&part.field, renamed)
            });
            parts.collect()
        }
        _ => Vec::new(),
    }
}

/// The response that is not an error.
pub(super) fn of_success<'a>(operation: &'a Operation, renamed: &Renamed) -> Vec<Member<'a>> {
    let ty = operation.success.ty().into_iter();
    ty.map(|ty| Member::of_type("", "", ty, renamed)).collect()
}

/// An old type, with the names of today.
pub(super) fn renewed(ty: &TypeRef, renamed: &Renamed) -> TypeRef {
    let inner = |ty: &TypeRef| Box::new(renewed(ty, renamed));
    let base = match &ty.base {
        BaseType::Named(name) => BaseType::Named(renamed.get(name).unwrap_or(name).clone()),
        BaseType::List(item) => BaseType::List(inner(item)),
        BaseType::Map(value) => BaseType::Map(inner(value)),
        other => other.clone(),
    };
    let nullable = ty.nullable;
    TypeRef { base, nullable }
}
