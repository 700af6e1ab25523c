//! What a command prints: what the body of a response must hold, and the columns of
//! its table for people.

use openapi_prep::{
    Error,
    api::{Api, BaseType, Field, Operation, Shape, SuccessContent, TypeRef},
};
use serde_json::Value;

use crate::codegen::{
    jobs::path::{follow, resolved},
    resources::pages::Paging,
};

/// The overlay's hint of the columns of a table: titles with properties of an item.
const COLUMNS: &str = "x-columns";

/// What the body of a response must hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Container {
    pub(super) path: Vec<String>,
    /// Whether it is a list, else an object.
    pub(super) is_list: bool,
}

/// A column of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) field: String,
}

/// What the body of a success must hold; none where it is not JSON.
pub(super) fn container(api: &Api, operation: &Operation) -> Result<Option<Container>, Error> {
    let SuccessContent::Json(ty) = &operation.success.content else {
        return Ok(None);
    };
    let of = |path: &[&str], ty: &TypeRef| {
        let is_object = match &resolved(api, ty).base {
            BaseType::Map(_) => true,
            BaseType::Named(name) => matches!(
                api.types.get(name).map(|ty| &ty.shape),
                Some(Shape::Struct { .. } | Shape::TaggedUnion { .. })
            ),
            _ => false,
        };
        let is_list = matches!(resolved(api, ty).base, BaseType::List(_));
        if !is_object && !is_list {
            // Of a value of any type only the object around it can be checked.
            let path = (!path.is_empty()).then(Vec::new)?;
            return Some(Container { path, is_list });
        }
        let path = path.iter().map(|&part| part.to_owned()).collect();
        Some(Container { path, is_list })
    };
    if let Some(paging) = Paging::of(operation)? {
        let path: Vec<&str> = paging.items.split('/').skip(1).collect();
        let items = follow(api, ty, &path.join("."));
        let holder = &path[..path.len().saturating_sub(1)];
        let around = follow(api, ty, &holder.join("."));
        let around = around.filter(|around| !is_page(api, around, &paging));
        return Ok(match around {
            // What else it holds is of use, too.
            Some(around) => of(holder, &around),
            None => items.and_then(|items| of(&path, &items)),
        });
    }
    let Some(data) = follow(api, ty, "data") else {
        return Ok(of(&[], ty));
    };
    if operation.method == "GET"
        && let [only] = fields(api, &data)
        && matches!(resolved(api, &only.ty).base, BaseType::List(_))
    {
        return Ok(of(&["data", &only.name], &only.ty));
    }
    Ok(of(&["data"], &data))
}

/// Whether an object has nothing but the items of a page and where the next one is.
fn is_page(api: &Api, holder: &TypeRef, paging: &Paging) -> bool {
    let known = [&paging.items, &paging.next_token, &paging.has_more];
    let is_known = |field: &Field| {
        let mut names = known.iter().filter_map(|path| path.rsplit('/').next());
        names.any(|name| name == field.name)
    };
    fields(api, holder).iter().all(is_known)
}

/// The fields of an object.
fn fields<'a>(api: &'a Api, ty: &TypeRef) -> &'a [Field] {
    match api.resolve(&resolved(api, ty)).map(|ty| &ty.shape) {
        Some(Shape::Struct { fields, .. }) => fields,
        _ => &[],
    }
}

/// The columns of the items of a list, in the order of the hint.
///
/// # Errors
///
/// Where the hint is malformed, or no item has such a property.
pub(super) fn columns(
    api: &Api,
    operation: &Operation,
    container: Option<&Container>,
) -> Result<Vec<Column>, Error> {
    let Some(hint) = operation.extensions.get(COLUMNS) else {
        return Ok(Vec::new());
    };
    let refused = |what: String| {
        Error::new(format!("`{COLUMNS}` of {}: {what}", operation.title()))
            .remedy("write the titles of columns with properties of an item, such as `{ID: id}`")
    };
    let list = container.filter(|container| container.is_list);
    let items = list.zip(operation.success.ty());
    let items = items.and_then(|(list, ty)| follow(api, ty, &list.path.join(".")));
    let Some(BaseType::List(item)) = items.map(|ty| resolved(api, &ty).base) else {
        return Err(refused("the response has no list".to_owned()));
    };
    let columns = hint.as_object().into_iter().flatten();
    let columns = columns.map(|(title, field)| match field {
        Value::String(field) if has(api, &item, field) => Ok(Column {
            title: title.clone(),
            field: field.clone(),
        }),
        other => Err(refused(format!("no item has {other}"))),
    });
    let columns: Vec<Column> = columns.collect::<Result<_, _>>()?;
    if columns.is_empty() {
        return Err(refused("there are no columns".to_owned()));
    }
    Ok(columns)
}

/// Whether an item, or one kind of it, has a property.
fn has(api: &Api, item: &TypeRef, property: &str) -> bool {
    match api.resolve(&resolved(api, item)).map(|ty| &ty.shape) {
        Some(Shape::TaggedUnion { variants, .. } | Shape::Union { variants }) => {
            variants.iter().any(|kind| has(api, &kind.ty, property))
        }
        _ => follow(api, item, property).is_some(),
    }
}
