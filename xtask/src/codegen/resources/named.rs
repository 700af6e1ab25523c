//! An operation and what it is called, which all templates read.

use openapi_prep::api::Operation;
use proc_macro2::TokenStream;

use super::pages::Returned;

/// An operation and its names.
#[derive(Debug)]
pub(super) struct Named<'a> {
    pub(super) operation: &'a Operation,
    /// The methods that give the handle, the outermost first.
    pub(super) resource: Vec<String>,
    pub(super) method: String,
    /// The struct of its query, if it has one.
    pub(super) query: Option<String>,
    /// What a call returns.
    pub(super) returned: Returned,
    /// An example of a call, where there is to be one.
    pub(super) example: Option<Example>,
}

impl Named<'_> {
    /// How the method is called: `avatars().looks().get`.
    pub(super) fn call(&self) -> String {
        let names = self.resource.iter().map(|name| format!("{name}()"));
        let names: Vec<String> = names.chain([self.method.clone()]).collect();
        names.join(".")
    }
}

/// The example of an operation.
#[derive(Debug)]
pub(super) struct Example {
    /// What it imports.
    pub(super) uses: Vec<String>,
    /// Its statements, after the client.
    pub(super) statements: TokenStream,
}
