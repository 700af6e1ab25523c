//! Paths of properties: names with dots between them, from a type to a value
//! inside it.

use openapi_prep::api::{Api, BaseType, Shape, TypeRef};

/// The type at a path; `None` where a property of it is not declared.
pub(in crate::codegen) fn follow(api: &Api, ty: &TypeRef, path: &str) -> Option<TypeRef> {
    let mut names = path.split('.');
    names.try_fold(ty.clone(), |ty, name| property(api, &ty, name))
}

fn property(api: &Api, ty: &TypeRef, name: &str) -> Option<TypeRef> {
    if name.is_empty() {
        return None;
    }
    match &resolved(api, ty).base {
        BaseType::Any => Some(BaseType::Any.into()),
        BaseType::Map(value) => Some((**value).clone()),
        BaseType::Named(_) => match &api.resolve(&resolved(api, ty))?.shape {
            Shape::Struct { fields, additional } => {
                let field = fields.iter().find(|field| field.name == name);
                field
                    .map(|field| &field.ty)
                    .or(additional.as_ref())
                    .cloned()
            }
            _ => None,
        },
        _ => None,
    }
}

/// The type that aliases stand for.
pub(in crate::codegen) fn resolved(api: &Api, ty: &TypeRef) -> TypeRef {
    match api.resolve(ty).map(|ty| &ty.shape) {
        Some(Shape::Alias(inner)) => resolved(api, inner),
        _ => ty.without_null(),
    }
}
