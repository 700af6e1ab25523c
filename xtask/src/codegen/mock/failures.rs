//! The failures of a document: a constant for each that several operations
//! document.

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::operation::Operation;
use super::reply::Reply;
use super::reply_tokens::reply;

/// The failures that are shared, each with its constant.
#[derive(Debug)]
pub(super) struct Failures(Vec<(Ident, Reply)>);

impl Failures {
    pub(super) fn of(operations: &[Operation<'_>]) -> Self {
        let all = || operations.iter().flat_map(|operation| &operation.failures);
        let mut shared = Self(Vec::new());
        for failure in all() {
            let is_shared = all().filter(|found| is_same(found, failure)).count() > 1;
            if is_shared && shared.name(failure).is_none() {
                let name = shared.free_name(failure);
                shared.0.push((name, failure.clone()));
            }
        }
        shared
    }

    /// A failure, as an expression of type `Reply`.
    pub(super) fn expression(&self, failure: &Reply) -> TokenStream {
        self.name(failure)
            .map_or_else(|| reply(failure), |name| quote!(#name))
    }

    /// The constants.
    pub(super) fn items(&self) -> TokenStream {
        let constants = self.0.iter().map(|(name, failure)| {
            let failure = reply(failure);
            quote!(pub(super) const #name: Reply = #failure;)
        });
        quote!(#(#constants)*)
    }

    fn name(&self, failure: &Reply) -> Option<&Ident> {
        let mut found = self.0.iter().filter(|(_, found)| is_same(found, failure));
        found.next().map(|(name, _)| name)
    }

    /// Code and status of a failure, and a number where there are several of
    /// these.
    fn free_name(&self, failure: &Reply) -> Ident {
        let example = failure.example.as_ref();
        let code = example.and_then(|body| {
            let nested = body.get("error").and_then(|error| error.get("code"));
            nested.or_else(|| body.get("code"))?.as_str()
        });
        let code = code.unwrap_or("failure").to_shouty_snake_case();
        let base = format!("{code}_{}", failure.status);
        let is_free = |name: &String| self.0.iter().all(|(found, _)| found != name);
        let mut numbered = (2..).map(|number| format!("{base}_{number}"));
        let name = Some(base.clone()).filter(is_free);
        let name = name.or_else(|| numbered.find(is_free)).unwrap_or(base);
        format_ident!("{name}")
    }
}

fn is_same(a: &Reply, b: &Reply) -> bool {
    (a.status, &a.body, &a.headers) == (b.status, &b.body, &b.headers)
}
