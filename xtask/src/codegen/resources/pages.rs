//! What a call returns, and how lists are paged.

use std::collections::BTreeSet;

use openapi_prep::{
    Error,
    api::{Api, BaseType, Field, Location, Operation, Shape, SuccessContent, TypeRef},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::rust_type::rust_type;

/// The overlay's mark of a list that is paged.
const PAGE: &str = "x-page";

/// What a method returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Returned {
    /// Nothing.
    Nothing,
    /// The bytes of the response.
    Bytes,
    /// The response as it is.
    Whole(TypeRef),
    /// The data in the envelope of the response.
    Data(TypeRef),
    /// A page of such items.
    Page(TypeRef),
}

/// How a list is paged: the query parameter of the cursor, and JSON pointers into
/// the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::codegen) struct Paging {
    pub(in crate::codegen) token: String,
    pub(in crate::codegen) items: String,
    pub(in crate::codegen) next_token: String,
    pub(in crate::codegen) has_more: String,
}

impl Paging {
    /// How an operation is paged, if the overlay says that it is.
    ///
    /// # Errors
    ///
    /// Where the mark is malformed.
    pub(in crate::codegen) fn of(operation: &Operation) -> Result<Option<Self>, Error> {
        let malformed = |mark: &Value| {
            Error::new(format!("`{PAGE}` is malformed: {mark}")).remedy(
                "write `true`, or an object of `token`, `items`, `next_token` and `has_more`",
            )
        };
        let mut paging = Self {
            token: "token".to_owned(),
            items: "/data".to_owned(),
            next_token: "/next_token".to_owned(),
            has_more: "/has_more".to_owned(),
        };
        match operation.extensions.get(PAGE) {
            None | Some(Value::Bool(false)) => return Ok(None),
            Some(Value::Bool(true)) => {}
            Some(mark) => {
                for (key, value) in mark.as_object().ok_or_else(|| malformed(mark))? {
                    let text = value.as_str().ok_or_else(|| malformed(mark))?;
                    let of = match key.as_str() {
                        "token" => &mut paging.token,
                        "items" => &mut paging.items,
                        "next_token" => &mut paging.next_token,
                        "has_more" => &mut paging.has_more,
                        _ => return Err(malformed(mark)),
                    };
                    if key != "token" && !text.starts_with('/') {
                        return Err(malformed(mark));
                    }
                    text.clone_into(of);
                }
            }
        }
        Ok(Some(paging))
    }

    /// The pointer of the object that holds the items.
    fn holder(&self) -> &str {
        parent(&self.items)
    }
}

/// What the method of an operation returns.
///
/// # Errors
///
/// Where a mark of pages does not fit the response.
pub(super) fn returned(api: &Api, operation: &Operation) -> Result<Returned, Error> {
    let ty = match &operation.success.content {
        SuccessContent::Json(ty) => ty,
        SuccessContent::Bytes(_) => return Ok(Returned::Bytes),
        _ => return Ok(Returned::Nothing),
    };
    let data = data(api, ty);
    if let Some(paging) = Paging::of(operation)? {
        let item = check(api, operation, &paging, ty)?;
        if is_plain_page(api, ty, &paging) {
            return Ok(Returned::Page(item));
        }
        if data.and_then(TypeRef::name).is_none() || paging.holder() != "/data" {
            let message = format!(
                "`{PAGE}`: the items of {} are below its data",
                operation.title()
            );
            return Err(Error::new(message));
        }
    }
    Ok(match data {
        Some(data) => Returned::Data(data.without_null()),
        None => Returned::Whole(ty.clone()),
    })
}

/// The data in a response, if it is an envelope.
fn data<'a>(api: &'a Api, ty: &TypeRef) -> Option<&'a TypeRef> {
    if !matches!(ty.base, BaseType::Named(_)) || ty.nullable {
        return None;
    }
    field(api, ty, "data").map(|field| &field.ty)
}

/// The field of a struct for a property.
fn field<'a>(api: &'a Api, ty: &TypeRef, property: &str) -> Option<&'a Field> {
    match &api.resolve(ty)?.shape {
        Shape::Struct { fields, .. } => fields.iter().find(|field| field.name == property),
        Shape::Alias(inner) => field(api, inner, property),
        _ => None,
    }
}

/// The type at a JSON pointer into a value.
fn at(api: &Api, ty: &TypeRef, pointer: &str) -> Option<TypeRef> {
    let mut ty = ty.clone();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        ty = field(api, &ty, &token)?.ty.clone();
    }
    Some(ty)
}

/// The type of the items, where the mark fits the operation.
fn check(
    api: &Api,
    operation: &Operation,
    paging: &Paging,
    response: &TypeRef,
) -> Result<TypeRef, Error> {
    let title = operation.title();
    let refused = |what: String| Err(Error::new(format!("`{PAGE}` of {title}: {what}")));
    let query = operation.parameters_in(Location::Query);
    if !query.iter().any(|parameter| parameter.name == paging.token) {
        return refused(format!("there is no query parameter `{}`", paging.token));
    }
    if at(api, response, &paging.next_token).is_none() {
        return refused(format!("the response has no `{}`", paging.next_token));
    }
    let mut items = at(api, response, &paging.items);
    while let Some(Shape::Alias(inner)) = items
        .as_ref()
        .and_then(|ty| api.resolve(ty))
        .map(|ty| &ty.shape)
    {
        items = Some(inner.clone());
    }
    match items.map(|ty| ty.base) {
        Some(BaseType::List(item)) => Ok(item.without_null()),
        _ => refused(format!("`{}` is no list", paging.items)),
    }
}

/// Whether the object that holds the items has nothing else to say.
fn is_plain_page(api: &Api, response: &TypeRef, paging: &Paging) -> bool {
    let holder = paging.holder();
    if holder.is_empty() {
        return true;
    }
    let Some(Shape::Struct { fields, .. }) =
        at(api, response, holder).and_then(|ty| api.resolve(&ty).map(|ty| ty.shape.clone()))
    else {
        return false;
    };
    let known = [&paging.items, &paging.next_token, &paging.has_more];
    fields.iter().all(|field| {
        known
            .iter()
            .any(|at| **at == format!("{holder}/{}", field.name))
    })
}

/// The implementations that make pages of models which hold more than items, but
/// for those that were `seen` with other operations.
pub(super) fn paged_models(
    api: &Api,
    operations: &[(&Operation, &Returned)],
    seen: &mut BTreeSet<String>,
) -> Result<Vec<TokenStream>, Error> {
    let mut impls = Vec::new();
    for (operation, returned) in operations {
        let (Some(paging), Returned::Data(model)) = (Paging::of(operation)?, returned) else {
            continue;
        };
        if !seen.insert(model.to_string()) {
            continue;
        }
        let holder = paging.holder();
        let field = |pointer: &str| {
            let name = pointer.strip_prefix(holder)?.strip_prefix('/')?;
            let field = field(api, model, name)?;
            Some((format_ident!("{}", field.rust_name), &field.ty))
        };
        let (Some((items, list)), Some((token, _))) =
            (field(&paging.items), field(&paging.next_token))
        else {
            let message = format!(
                "`{PAGE}` of {}: items and cursor are apart",
                operation.title()
            );
            return Err(Error::new(message).at(&operation.pointer));
        };
        let BaseType::List(item) = &list.base else {
            continue;
        };
        let item = rust_type(&item.without_null());
        let model = rust_type(model);
        let more = match field(&paging.has_more) {
            Some((more, _)) => quote!(Option::<bool>::from(self.#more)),
            None => quote!(None),
        };
        impls.push(quote! {
            impl Paged for #model {
                type Item = #item;

                fn into_items(self) -> Vec<#item> {
                    Option::<Vec<#item>>::from(self.#items).unwrap_or_default()
                }

                fn cursor(&self) -> Cursor {
                    Cursor::new(self.#token.clone(), #more)
                }
            }
        });
    }
    Ok(impls)
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::json;

    use super::*;

    /// What an operation with this mark returns.
    fn returned_with(mark: &Value, data: &Value) -> Result<Returned, String> {
        let text = json!({"type": "string"});
        let response = json!({"type": "object", "properties": {
            "data": data, "next_token": text, "has_more": {"type": "boolean"}}});
        let mut operation = json!({
            "operationId": "list",
            "parameters": [{"name": "token", "in": "query", "schema": text}],
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": response}}}},
        });
        operation[PAGE] = mark.clone();
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/v3/things": {"get": operation}},
        });
        let document = Document::from_value(document).unwrap();
        let api = prepare(document, &mut Names::new()).unwrap().api;
        returned(&api, &api.operations[0]).map_err(|e| e.to_string())
    }

    #[test]
    fn mark_makes_a_page_of_the_items() {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let page = Returned::Page(BaseType::String.into());
        let data = Returned::Data(BaseType::List(Box::new(BaseType::String.into())).into());
        for (mark, wanted) in [
            (json!(true), &page),
            (json!({"token": "token"}), &page),
            (json!(false), &data),
        ] {
            assert_eq!(returned_with(&mark, &list).as_ref(), Ok(wanted), "{mark}");
        }
    }

    #[test]
    fn data_with_more_than_items_stays_whole() {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let mut data = json!({"type": "object", "properties": {
            "items": list, "next": {"type": "string"}, "more": {"type": "boolean"}}});
        let mark =
            json!({"items": "/data/items", "next_token": "/data/next", "has_more": "/data/more"});
        let page = Returned::Page(BaseType::String.into());
        assert_eq!(returned_with(&mark, &data), Ok(page));
        data["properties"]["total"] = json!({"type": "integer"});
        let whole = returned_with(&mark, &data).unwrap();
        assert!(
            matches!(whole, Returned::Data(ref ty) if ty.name().is_some()),
            "{whole:?}"
        );
    }

    #[test]
    fn mark_that_does_not_fit_is_refused() {
        let list = json!({"type": "array", "items": {"type": "string"}});
        for (mark, wanted) in [
            (json!("yes"), "malformed"),
            (json!({"items": "data"}), "malformed"),
            (json!({"cursor": "token"}), "malformed"),
            (json!({"token": "page"}), "no query parameter `page`"),
            (json!({"items": "/items"}), "`/items` is no list"),
            (json!({"next_token": "/next"}), "no `/next`"),
        ] {
            let error = returned_with(&mark, &list).unwrap_err();
            assert!(
                error.contains(wanted) && error.contains(PAGE),
                "{mark}: {error}"
            );
        }
    }
}
