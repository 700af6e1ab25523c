//! Members: what types and operations are made of, with a name on the wire and one
//! in Rust.

use std::collections::BTreeMap;

use heck::ToKebabCase;
use serde::Serialize;
use serde_json::{Value, json};

use super::change::Class;
use crate::{
    api::{
        Annotations, Api, BodyContent, EnumValue, Field, Location, Operation, Shape,
        SuccessContent, Type, TypeRef, Variant,
    },
    text::template_shape,
};

/// Old names of types that go by another name, with the new ones.
pub(super) type Renamed = BTreeMap<String, String>;

/// What a member is: the kinds of its changes start with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A method of the client.
    Operation,
    /// A parameter of an operation.
    Parameter,
    /// The body of a request.
    Body,
    /// The response that is not an error.
    Response,
    /// A named type.
    Type,
    /// A field of a struct, or a part of a form.
    Field,
    /// A value of an enum, or a documented value of an integer.
    EnumValue,
    /// A variant of a union.
    Variant,
}

impl Of {
    /// The kind of what happened to a member, by the words that it ends with.
    pub(super) fn kind(self, event: &str) -> String {
        match (self, event) {
            // A body has the name of its type.
            (Self::Body, "renamed") => "type-renamed".to_owned(),
            (Self::Response | Self::Variant, "became-optional" | "became-required") => {
                "type-changed".to_owned()
            }
            (of, event) => format!("{}-{event}", format!("{of:?}").to_kebab_case()),
        }
    }

    /// The kind and class of another form on the wire.
    pub(super) fn on_the_wire(self) -> (Class, &'static str) {
        match self {
            Self::Operation => (Class::Additive, "operation-moved"),
            Self::Parameter => (Class::Additive, "parameter-moved"),
            Self::Body | Self::Field => (Class::Additive, "media-type-changed"),
            Self::Response => (Class::Cosmetic, "media-type-changed"),
            Self::Type | Self::EnumValue | Self::Variant => (Class::Additive, "tag-changed"),
        }
    }
}

/// An operation, one of its parts, a type, or one of its parts.
#[derive(Default)]
pub(super) struct Member<'a> {
    /// What it is known by, the surest first.
    pub(super) keys: Vec<String>,
    /// Whether the first of them is its type.
    known_by_type: bool,
    pub(super) rust_name: &'a str,
    /// Where it is; none is where its type is.
    pub(super) pointer: Option<&'a str>,
    /// Its type in Rust; a value has none.
    pub(super) rust_type: String,
    /// The named type in that, which is its last word.
    pub(super) named: Option<&'a str>,
    pub(super) required: bool,
    /// The method and path of an operation.
    pub(super) title: Option<String>,
    /// What a body is made of: to change it changes the program.
    pub(super) medium: &'static str,
    /// How it is on the wire: its value, its tags, its location.
    pub(super) wire: Value,
    pub(super) annotations: Option<&'a Annotations>,
}

impl<'a> Member<'a> {
    /// Gives the named type in it the name of today.
    pub(super) fn rename(&mut self, renamed: &Renamed) {
        if let Some(name) = self.named
            && let Some(today) = renamed.get(name)
            && let Some((before, after)) = self.rust_type.rsplit_once(name)
        {
            let rust_type = format!("{before}{today}{after}");
            if self.known_by_type {
                self.keys[0].clone_from(&rust_type);
            }
            self.rust_type = rust_type;
        }
    }

    fn field(field: &'a Field) -> Self {
        Self {
            pointer: Some(&field.pointer),
            rust_type: field.rust_type(),
            named: field.ty.name(),
            required: field.required,
            annotations: Some(&field.annotations),
            keys: vec![field.name.clone()],
            rust_name: &field.rust_name,
            ..Self::default()
        }
    }

    /// A value of this type, if it has one.
    fn of_type(key: &str, rust_name: &'a str, ty: Option<&'a TypeRef>) -> Self {
        Self {
            rust_type: ty.map_or_else(|| "()".to_owned(), TypeRef::to_string),
            named: ty.and_then(TypeRef::name),
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

    fn variant((index, variant): (usize, &'a Variant)) -> Self {
        let mut member = Self::of_type("", &variant.rust_name, Some(&variant.ty));
        member.known_by_type = variant.tags.is_empty();
        member.wire = json!(variant.tags);
        member.keys.clone_from(&variant.tags);
        if member.known_by_type {
            // Where nothing else tells, they are known by their position.
            let position = format!("at {index}");
            member.keys = vec![
                member.rust_type.clone(),
                variant.rust_name.clone(),
                position,
            ];
        }
        member
    }
}

/// The members of a type.
pub(super) fn of_shape(shape: &Shape) -> (Of, Vec<Member<'_>>) {
    match shape {
        Shape::Struct { fields, additional } => {
            let fields = fields.iter().map(Member::field);
            // No property has this name.
            let extra = additional.iter();
            let extra = extra.map(|ty| Member::of_type("\0extra", "extra", Some(ty)));
            (Of::Field, fields.chain(extra).collect())
        }
        Shape::Enum { values, .. } => (Of::EnumValue, values.iter().map(Member::value).collect()),
        Shape::Integer { constants, .. } => {
            (Of::EnumValue, constants.iter().map(Member::value).collect())
        }
        Shape::TaggedUnion { variants, .. } | Shape::Union { variants } => {
            let variants = variants.iter().enumerate().map(Member::variant);
            (Of::Variant, variants.collect())
        }
        Shape::Alias(ty) => (Of::Field, vec![Member::of_type("", "0", Some(ty))]),
    }
}

/// The parameters of an operation, those of the path first and in its order.
pub(super) fn of_parameters(operation: &Operation) -> Vec<Member<'_>> {
    use Location::{Cookie, Header, Path, Query};
    let locations = [Path, Query, Header, Cookie].into_iter();
    let all = locations.flat_map(|location| operation.parameters_in(location));
    let members = all.enumerate().map(|(index, parameter)| {
        let name = &parameter.name;
        let place = format!("{name} in {}", parameter.location);
        let mut keys = vec![place.clone(), name.clone()];
        let mut wire = json!(place);
        if parameter.location == Location::Path {
            // Parameters of the path are known by their position.
            keys.push(format!("{index} in path"));
            wire = Value::Null;
        }
        Member {
            pointer: Some(&parameter.pointer),
            rust_type: parameter.rust_type(),
            named: parameter.ty.name(),
            required: parameter.required,
            wire,
            annotations: Some(&parameter.annotations),
            keys,
            rust_name: &parameter.rust_name,
            ..Member::default()
        }
    });
    members.collect()
}

/// The body of a request, if there is one.
pub(super) fn of_body(operation: &Operation) -> Vec<Member<'_>> {
    let body = operation.body.iter().map(|body| {
        let (medium, ty) = match &body.content {
            BodyContent::Json(ty) => ("json", Some(ty)),
            BodyContent::Form(ty) => ("form", Some(ty)),
            BodyContent::Text => ("text", None),
            BodyContent::Bytes => ("bytes", None),
            BodyContent::Multipart { .. } => ("multipart", None),
        };
        let mut member = Member::of_type("", body.form().unwrap_or_default(), ty);
        if ty.is_some() && !body.required {
            member.rust_type = format!("Option<{}>", member.rust_type);
        } else if medium == "multipart" {
            let of_form = body.form().map_or("any parts", |_| "known parts");
            of_form.clone_into(&mut member.rust_type);
        }
        Member {
            pointer: Some(&body.pointer),
            required: body.required,
            wire: json!(body.content_type),
            annotations: Some(&body.annotations),
            medium,
            ..member
        }
    });
    body.collect()
}

/// The parts of a form.
pub(super) fn of_form(operation: &Operation) -> Vec<Member<'_>> {
    let Some(BodyContent::Multipart { parts, .. }) = operation.body.as_ref().map(|b| &b.content)
    else {
        return Vec::new();
    };
    let parts = parts.iter().map(|part| Member {
        rust_type: part.rust_type(),
        wire: json!(part.content_type),
        ..Member::field(&part.field)
    });
    parts.collect()
}

/// The response that is not an error.
pub(super) fn of_success(operation: &Operation) -> Vec<Member<'_>> {
    let success = &operation.success;
    let (medium, wire) = match &success.content {
        SuccessContent::Json(_) => ("json", "application/json"),
        SuccessContent::Bytes(media) => ("bytes", media.as_str()),
        SuccessContent::None => ("none", "no content"),
    };
    vec![Member {
        pointer: Some(&success.pointer),
        wire: json!(wire),
        annotations: Some(&success.annotations),
        medium,
        ..Member::of_type("", "", success.ty())
    }]
}

/// The operations: known by method and path, else by their function.
pub(super) fn of_api(api: &Api) -> Vec<Member<'_>> {
    let operations = api.operations.iter().map(|operation| Member {
        keys: vec![route(operation), operation.function.clone()],
        rust_name: &operation.function,
        pointer: Some(&operation.pointer),
        title: Some(operation.title()),
        ..Member::default()
    });
    operations.collect()
}

/// Method and path, whatever its parameters are called.
pub(super) fn route(operation: &Operation) -> String {
    template_shape(&operation.title())
}

/// Named types.
pub(super) fn of_types<'a>(types: &[&'a Type]) -> Vec<Member<'a>> {
    let types = types.iter().map(|ty| Member {
        keys: vec![ty.name.clone()],
        known_by_type: true,
        rust_name: &ty.name,
        rust_type: ty.name.clone(),
        named: Some(&ty.name),
        pointer: Some(&ty.pointer),
        annotations: Some(&ty.annotations),
        ..Member::default()
    });
    types.collect()
}
