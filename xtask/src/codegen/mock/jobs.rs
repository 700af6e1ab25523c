//! Jobs: how the objects of a collection come to their end, from `x-job` and
//! `x-download` of the operation that reads one.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::resolve::Resolver;
use super::roles::{Collection, Collections};
use super::schema::{data_schema, properties_of};
use super::tokens::static_of;
use crate::codegen::jobs::{Hint, Job};

/// The state of a job that is not documented as an enum and not final.
const STEP: &str = "processing";

/// The job of a collection's objects, as an expression of type `Job`.
pub(super) fn job<'d>(
    document: Resolver<'d>,
    collection: &Collection<'d>,
    collections: &Collections<'d>,
    jobs: &[Job<'_>],
) -> Option<TokenStream> {
    let job = jobs
        .iter()
        .find(|job| job.operation.id == collection.read)?;
    let Hint {
        name,
        state,
        success,
        failure,
        cancelled,
        deleted,
        attention,
        ready,
        result,
        code,
        message,
        progress,
        ..
    } = &job.hint;
    let state = state.as_deref().unwrap_or_default();
    let [code, message, progress] =
        [code, message, progress].map(|path| path.as_deref().unwrap_or_default());
    let (set, positive) = (&ready.set, &ready.positive);
    let steps = steps(document, collection, &job.hint);
    let files = job.operation.extensions.get("x-download");
    let files = files.and_then(|mark| mark.get("files")?.as_object());
    let files: Vec<&str> = files
        .into_iter()
        .flatten()
        .filter_map(|(_, path)| path.as_str())
        .collect();
    let then = job.hint.then.as_ref().and_then(|then| {
        let mut all = collections.values();
        let target = all.find(|found| found.read == then.operation)?;
        let (target, id) = (static_of(target.path), &then.id);
        Some(quote!(Some((&super::#target, #id))))
    });
    let then = then.unwrap_or_else(|| quote!(None));
    Some(quote!(Job {
        name: #name,
        state: #state,
        steps: &[#(#steps),*],
        success: &[#(#success),*],
        failure: &[#(#failure),*],
        cancelled: &[#(#cancelled),*],
        deleted: &[#(#deleted),*],
        attention: &[#(#attention),*],
        set: &[#(#set),*],
        positive: &[#(#positive),*],
        result: &[#(#result),*],
        files: &[#(#files),*],
        code: #code,
        message: #message,
        progress: #progress,
        then: #then,
    }))
}

/// The documented words of a state that are not final.
fn steps<'d>(document: Resolver<'d>, collection: &Collection<'d>, hint: &Hint) -> Vec<String> {
    let is_final = |word: &String| {
        [
            &hint.success,
            &hint.failure,
            &hint.cancelled,
            &hint.deleted,
            &hint.attention,
        ]
        .iter()
        .any(|words| words.contains(word))
    };
    let mut schema = collection
        .schema
        .map(|schema| data_schema(document, schema));
    for name in hint.state.iter().flat_map(|path| path.split('.')) {
        schema = schema.and_then(|schema| properties_of(document, schema).get(name).copied());
    }
    let words = schema
        .map(|schema| words(document, schema))
        .unwrap_or_default();
    let steps: Vec<String> = words.into_iter().filter(|word| !is_final(word)).collect();
    if steps.is_empty() {
        return vec![STEP.to_owned()];
    }
    steps
}

/// The words of an enum, or of the enums that it is a union of.
fn words<'d>(document: Resolver<'d>, schema: &'d Value) -> Vec<String> {
    let schema = document.resolve(schema);
    let listed = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let own = listed("enum").filter_map(Value::as_str).map(str::to_owned);
    let inner = listed("anyOf").chain(listed("oneOf"));
    own.chain(inner.flat_map(|schema| words(document, schema)))
        .collect()
}
