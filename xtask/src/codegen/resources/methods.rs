//! The methods of handles: each makes a request by the generator's method.

use openapi_prep::{
    Error,
    api::{Api, BodyContent},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    arguments, docs, jobs::Jobs, named::Named, pages::Returned, query, rust_type::rust_type,
    wait_docs,
};

/// The method of an operation.
pub(super) fn of(
    api: &Api,
    module: &str,
    jobs: Jobs<'_>,
    named: &Named<'_>,
) -> Result<TokenStream, Error> {
    let operation = named.operation;
    let started = jobs.started_by(named);
    let started = started.and_then(|(job, created)| wait_docs::of_create(jobs, job, created));
    let about = docs::of_method(module, named, started)?;
    let method = format_ident!("{}", named.method);
    let function = format_ident!("{}", operation.function);
    let (mut arguments, mut values, mut checked) = (Vec::new(), Vec::new(), Vec::new());
    for (parameter, name) in arguments::of_path(operation) {
        let wire = &parameter.name;
        if arguments::is_text(parameter) {
            arguments.push(quote!(#name: impl AsRef<str>));
            values.push(quote!(let #name = #name.as_ref();));
            checked.push(quote!((#wire, #name)));
        } else {
            let ty = rust_type(&parameter.ty);
            arguments.push(quote!(#name: #ty));
            checked.push(quote!((#wire, &#name.to_string())));
        }
    }
    if let Some(query) = &named.query {
        let ty = format_ident!("{query}");
        if query::has_required(named) {
            arguments.push(quote!(query: impl Into<#ty>));
            values.push(quote!(let query = query.into();));
        } else {
            arguments.push(quote!(query: impl Into<Option<#ty>>));
            values.push(quote!(let query = query.into().unwrap_or_default();));
        }
    }
    let mut form = TokenStream::new();
    if let Some(body) = &operation.body {
        let ty = arguments::body_type(body);
        let is_form = matches!(body.content, BodyContent::Multipart { .. });
        let ty = if body.required {
            ty
        } else {
            quote!(Option<#ty>)
        };
        arguments.push(quote!(body: impl Into<#ty>));
        values.push(quote!(let body: #ty = body.into();));
        form = match (is_form, body.required) {
            (false, _) => form,
            (true, true) => quote!(.multipart(body)),
            (true, false) => quote! {
                let request = match body {
                    Some(form) => request.multipart(form),
                    None => request,
                };
            },
        };
    }
    let passed = arguments::passed(api, operation);
    let (capture, returned, data) = match &named.returned {
        Returned::Nothing => (quote!(request), quote!(()), None),
        Returned::Bytes => (quote!(bytes), quote!(Bytes), None),
        Returned::Whole(ty) => (quote!(request), rust_type(ty), None),
        Returned::Data(ty) => (quote!(request), rust_type(ty), Some(quote!(.data()))),
        Returned::Page(item) => {
            let item = rust_type(item);
            let page = quote!(Page<#item>);
            (quote!(request), page, Some(quote!(.page::<#item>())))
        }
    };
    let call = quote! {
        capture::#capture(
            self.client,
            &[#(#checked),*],
            async |api: Generated| api.#function(#(#passed),*).await,
        )
    };
    let is_statement = operation
        .body
        .as_ref()
        .is_some_and(|body| body.is_multipart() && !body.required);
    let sent = if is_statement {
        quote! {
            let request = #call;
            #form
            request #data
        }
    } else {
        quote!(#call #form #data)
    };
    Ok(quote! {
        #[doc = #about]
        pub fn #method(self, #(#arguments),*) -> Request<#returned> {
            #(#values)*
            #sent
        }
    })
}
