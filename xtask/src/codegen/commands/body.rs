//! What a command sends: its options, and the rules of its body.

use openapi_prep::{
    Error,
    api::{Api, BodyContent, Field, Operation, Shape, TypeRef, Variant},
};

use super::{
    Input,
    flags::{self, Flag, FlagType, Source},
};
use crate::codegen::jobs::path::resolved;

/// The body of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    None,
    Json(JsonBody),
    Form,
}

/// A body of JSON.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct JsonBody {
    pub(super) required: bool,
    pub(super) needs: Vec<String>,
    pub(super) tag: Option<Tag>,
    pub(super) data_only: Vec<String>,
}

/// The property that says which of several kinds a body is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    /// Its values, each with what such a body must have.
    pub(super) kinds: Vec<(String, Vec<String>)>,
}

/// The options and the body of a command.
pub(super) fn of(input: &Input<'_>, operation: &Operation) -> Result<(Vec<Flag>, Body), Error> {
    let mut all = flags::of_query(input, operation)?;
    let Some(body) = &operation.body else {
        flags::check(&all)?;
        return Ok((all, Body::None));
    };
    let (of_body, made) = match &body.content {
        BodyContent::Json(ty) => {
            let (flags, mut made) = json(input, ty);
            made.required = body.required;
            (flags, Body::Json(made))
        }
        BodyContent::Multipart { parts, .. } => {
            let mut flags = Vec::new();
            for part in parts {
                let field = &part.field;
                let flag = flags::of_field(input, field).or_else(|| part.file.then(|| file(field)));
                let mut flag = flag.ok_or_else(|| unsendable(&field.name).at(&field.pointer))?;
                flag.source = Source::Part;
                if part.file {
                    flag.source = Source::File;
                    flag.ty = FlagType::String;
                }
                flags.push(flag);
            }
            (flags, Body::Form)
        }
        _ => return Err(unsendable(&body.content_type).at(&body.pointer)),
    };
    all.extend(of_body);
    flags::check(&all)?;
    Ok((all, made))
}

fn unsendable(what: &str) -> Error {
    Error::new(format!("no command can send `{what}`"))
        .remedy("teach `xtask/src/codegen/commands/body.rs` and the program to send it")
}

/// The option of a file.
fn file(field: &Field) -> Flag {
    Flag {
        name: super::names::kebab(&field.name),
        wire: field.name.clone(),
        source: Source::File,
        ty: FlagType::String,
        required: field.required,
        default: None,
        sends_default: false,
        values: Vec::new(),
        bounds: flags::Bounds::default(),
        help: field.annotations.description.clone().unwrap_or_default(),
    }
}

/// The options and the rules of a body of JSON.
fn json(input: &Input<'_>, ty: &TypeRef) -> (Vec<Flag>, JsonBody) {
    let api = input.api;
    let shape = api.resolve(&resolved(api, ty)).map(|ty| &ty.shape);
    match shape {
        Some(Shape::Struct { fields, .. }) => {
            let mut body = JsonBody {
                needs: required(fields),
                ..JsonBody::default()
            };
            let mut flags = Vec::new();
            for field in fields {
                match flags::of_field(input, field) {
                    Some(flag) => flags.push(flag),
                    None => body.data_only.push(field.name.clone()),
                }
            }
            flags.sort_by(|a, b| a.name.cmp(&b.name));
            (flags, body)
        }
        Some(Shape::TaggedUnion { tag, variants, .. }) => {
            let kinds = variants.iter().flat_map(|variant| {
                let mut needs = required(fields(api, variant));
                needs.retain(|need| need != tag);
                let tags = variant.tags.iter();
                tags.map(move |tag| (tag.clone(), needs.clone()))
            });
            let mut data_only = vec![tag.clone()];
            add_names(api, variants, &mut data_only);
            let body = JsonBody {
                needs: vec![tag.clone()],
                tag: Some(Tag {
                    name: tag.clone(),
                    kinds: kinds.collect(),
                }),
                data_only,
                ..JsonBody::default()
            };
            (Vec::new(), body)
        }
        Some(Shape::Union { variants }) => {
            let mut all = variants
                .iter()
                .map(|variant| required(fields(api, variant)));
            let mut needs = all.next().unwrap_or_default();
            for other in all {
                needs.retain(|need| other.contains(need));
            }
            let mut data_only = Vec::new();
            add_names(api, variants, &mut data_only);
            let body = JsonBody {
                needs,
                data_only,
                ..JsonBody::default()
            };
            (Vec::new(), body)
        }
        _ => (Vec::new(), JsonBody::default()),
    }
}

/// The fields of a variant.
fn fields<'a>(api: &'a Api, variant: &Variant) -> &'a [Field] {
    let shape = api.resolve(&resolved(api, &variant.ty)).map(|ty| &ty.shape);
    match shape {
        Some(Shape::Struct { fields, .. }) => fields,
        _ => &[],
    }
}

fn required(fields: &[Field]) -> Vec<String> {
    let required = fields.iter().filter(|field| field.required);
    required.map(|field| field.name.clone()).collect()
}

/// Adds the names of what variants declare, each once.
fn add_names(api: &Api, variants: &[Variant], names: &mut Vec<String>) {
    for field in variants.iter().flat_map(|variant| fields(api, variant)) {
        if !names.contains(&field.name) {
            names.push(field.name.clone());
        }
    }
}
