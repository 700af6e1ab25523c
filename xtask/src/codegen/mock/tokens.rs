//! Generated code: an operation, a collection, and their parts as expressions.

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::failures::Failures;
use super::known::KnownIds;
use super::operation::Operation;
use super::parameter::{Location, Parameter};
use super::path::resource;
use super::reply_tokens::{json, reply};
use super::resolve::Resolver;
use super::roles::{Collection, Creation, Role};
use super::security::{Credential, Security};
use super::shape::Shapes;

/// What the expressions of a document's operations have in common.
pub(super) struct Context<'c, 'd> {
    pub(super) document: Resolver<'d>,
    pub(super) shapes: &'c mut Shapes<'d>,
    pub(super) failures: &'c Failures,
}

/// The static of a collection.
pub(super) fn static_of(path: &str) -> Ident {
    let path = path.trim_start_matches('/');
    let path =
        path.split_once('/').map_or(
            path,
            |(version, rest)| {
                if version.starts_with('v') { rest } else { path }
            },
        );
    format_ident!("{}", format!("collection_{path}").to_shouty_snake_case())
}

/// An operation, as an expression of type `Operation`.
pub(super) fn operation<'d>(
    context: &mut Context<'_, 'd>,
    operation: &Operation<'d>,
    objects: &[(&str, &str)],
    role: &Role,
) -> TokenStream {
    let Operation {
        id, method, path, ..
    } = operation;
    let resource = resource(path);
    let mut setters = Vec::new();
    if !operation.security.is_empty() {
        let security = security(&operation.security);
        setters.push(quote!(.security(#security)));
    }
    if !operation.parameters.is_empty() {
        let parameters = operation.parameters.iter();
        let parameters = parameters.map(|found| parameter(context, found, &resource));
        let parameters: Vec<_> = parameters.collect();
        setters.push(quote!(.parameters(&[#(#parameters),*])));
    }
    if let Some(body) = &operation.body {
        let (required, media_types) = (body.required, &body.media_types);
        let shape = body
            .schema
            .map(|schema| context.shapes.shape(schema, &resource));
        let shape = shape.map_or_else(|| quote!(&Shape::Any), |shape| shape.reference());
        setters.push(quote!(.body(Body {
            required: #required,
            media_types: &[#(#media_types),*],
            shape: #shape,
        })));
    }
    let success = reply(&operation.success);
    setters.push(quote!(.success(#success)));
    if !operation.failures.is_empty() {
        let failures = operation
            .failures
            .iter()
            .map(|reply| context.failures.expression(reply));
        setters.push(quote!(.failures(&[#(#failures),*])));
    }
    let known = operation
        .known
        .iter()
        .filter(|known| !known.ids.is_empty() || known.pointer.is_some());
    let known: Vec<_> = known.map(known_ids).collect();
    if !known.is_empty() {
        setters.push(quote!(.known(&[#(#known),*])));
    }
    if let Some(page) = &operation.page {
        let (token, items) = (&page.token, &page.items);
        let (next_token, has_more) = (&page.next_token, &page.has_more);
        let limit = Literal::u64_unsuffixed(page.limit);
        setters.push(quote!(.page(Page {
            token: #token,
            items: #items,
            next_token: #next_token,
            has_more: #has_more,
            limit: #limit,
        })));
    }
    let deprecation = &operation.deprecation;
    if *deprecation != super::deprecation::Deprecation::default() {
        let (deprecated, sunset, successor) = (
            deprecation.deprecated,
            &deprecation.sunset,
            &deprecation.successor,
        );
        setters.push(quote!(.deprecation(Deprecation {
            deprecated: #deprecated,
            sunset: #sunset,
            successor: #successor,
        })));
    }
    if !objects.is_empty() {
        let objects = objects.iter().map(|(parameter, collection)| {
            let collection = static_of(collection);
            quote!((#parameter, &super::#collection))
        });
        setters.push(quote!(.objects(&[#(#objects),*])));
    }
    if let Some(role) = self::role(role) {
        setters.push(quote!(.role(#role)));
    }
    quote!(Operation::new(#id, #method, #path) #(#setters)*)
}

/// A collection, as an expression of type `Collection`.
pub(super) fn collection(collection: &Collection<'_>, job: Option<TokenStream>) -> TokenStream {
    let (path, id) = (collection.path, &collection.id);
    let object = json(&collection.object.to_string());
    let seeds = json(&Value::Array(collection.seeds.clone()).to_string());
    let job = job.map_or_else(|| quote!(None), |job| quote!(Some(&#job)));
    quote!(Collection { path: #path, id: #id, object: #object, seeds: #seeds, job: #job })
}

fn security(security: &Security) -> TokenStream {
    let alternatives = security.iter().map(|all| {
        let all = all.iter().map(|credential| match credential {
            Credential::Header(name) => quote!(Credential::Header(#name)),
            Credential::Query(name) => quote!(Credential::Query(#name)),
            Credential::Authorization(scheme) => quote!(Credential::Authorization(#scheme)),
        });
        quote!(&[#(#all),*])
    });
    quote!(&[#(#alternatives),*])
}

fn parameter<'d>(
    context: &mut Context<'_, 'd>,
    parameter: &Parameter<'d>,
    resource: &str,
) -> TokenStream {
    let (name, required) = (&parameter.name, parameter.required);
    let location = match parameter.location {
        Location::Path => quote!(Location::Path),
        Location::Query => quote!(Location::Query),
        Location::Header => quote!(Location::Header),
    };
    let items = parameter.items(context.document);
    let array = match (items, parameter.joined) {
        (None, _) => quote!(Array::No),
        (Some(_), true) => quote!(Array::Joined),
        (Some(_), false) => quote!(Array::Repeated),
    };
    let shape = context
        .shapes
        .shape(items.unwrap_or(parameter.schema), resource);
    let shape = shape.reference();
    quote!(Parameter {
        name: #name,
        location: #location,
        required: #required,
        shape: #shape,
        array: #array,
    })
}

fn known_ids(known: &KnownIds) -> TokenStream {
    let (parameter, ids) = (&known.parameter, &known.ids);
    let pointer = known.pointer.as_deref().unwrap_or_default();
    quote!(KnownIds { parameter: #parameter, ids: &[#(#ids),*], pointer: #pointer })
}

fn role(role: &Role) -> Option<TokenStream> {
    let of = |path: &str| {
        let name = static_of(path);
        quote!(&super::#name)
    };
    Some(match role {
        Role::Action => return None,
        Role::Create(created) => {
            let created = created.iter().map(|created| creation(created, &of));
            quote!(Role::Create(&[#(#created),*]))
        }
        Role::Read(path) => {
            let collection = of(path);
            quote!(Role::Read(#collection))
        }
        Role::List {
            collection,
            items,
            filters,
            fields,
        } => {
            let collection = of(collection);
            let fields = match fields {
                Some(fields) => quote!(Some(&[#(#fields),*])),
                None => quote!(None),
            };
            quote!(Role::List(Listing {
                collection: #collection,
                items: #items,
                filters: &[#(#filters),*],
                fields: #fields,
            }))
        }
        Role::Update(path, fields) => {
            let collection = of(path);
            quote!(Role::Update(#collection, &[#(#fields),*]))
        }
        Role::Delete(path) => {
            let collection = of(path);
            quote!(Role::Delete(#collection))
        }
        Role::Statuses {
            collection,
            query,
            id,
            state,
            missing,
        } => {
            let collection = of(collection);
            quote!(Role::Statuses(Statuses {
                collection: #collection,
                query: #query,
                id: #id,
                state: #state,
                missing: &[#(#missing),*],
            }))
        }
    })
}

fn creation(creation: &Creation, of: &impl Fn(&str) -> TokenStream) -> TokenStream {
    let collection = of(&creation.collection);
    let (id, many, existing) = (&creation.id, creation.many, &creation.existing);
    let fields = creation
        .fields
        .iter()
        .map(|(from, to)| quote!((#from, #to)));
    quote!(Creation {
        collection: #collection,
        id: #id,
        many: #many,
        existing: #existing,
        fields: &[#(#fields),*],
    })
}
