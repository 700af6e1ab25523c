//! The kinds of jobs as static data of the core, and the responses that name a
//! job which was started.

use std::collections::BTreeSet;

use openapi_prep::{
    Error,
    api::{BaseType, TypeRef},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::File;

use super::{named::Named, pages::Returned, parsed, rust_type::rust_type};
use crate::codegen::jobs::{Created, Job};

/// The jobs of a document, with what its operations are called.
#[derive(Clone, Copy)]
pub(super) struct Jobs<'a> {
    pub(super) jobs: &'a [Job<'a>],
    pub(super) named: &'a [Named<'a>],
}

impl<'a> Jobs<'a> {
    /// The job that an operation reads.
    pub(super) fn read_by(self, named: &Named<'_>) -> Option<&'a Job<'a>> {
        let is_read = |job: &&Job<'_>| job.operation.id == named.operation.id;
        self.jobs.iter().find(is_read)
    }

    /// The job that an operation starts.
    pub(super) fn started_by(self, named: &Named<'_>) -> Option<(&'a Job<'a>, &'a Created<'a>)> {
        let is_create = |created: &&Created<'_>| created.operation.id == named.operation.id;
        let started = |job: &'a Job<'a>| Some((job, job.created.iter().find(is_create)?));
        self.jobs.iter().find_map(started)
    }

    /// What the operation that reads a job is called.
    pub(super) fn named(self, job: &Job<'_>) -> Option<&'a Named<'a>> {
        self.named
            .iter()
            .find(|named| named.operation.id == job.operation.id)
    }

    /// The job that goes on after a job.
    pub(super) fn after(self, job: &Job<'_>) -> Option<&'a Job<'a>> {
        let then = job.then?;
        self.jobs.iter().find(|job| job.operation.id == then.id)
    }

    /// The job whose result a wait returns.
    pub(super) fn last(self, job: &'a Job<'a>) -> &'a Job<'a> {
        self.after(job).map_or(job, |then| self.last(then))
    }

    /// The model of a job.
    pub(super) fn model(self, job: &Job<'_>) -> TypeRef {
        match self.named(job).map(|named| &named.returned) {
            Some(Returned::Data(model)) => model.clone(),
            // The hint was checked: the response has data.
            _ => BaseType::Any.into(),
        }
    }

    /// What a wait for a job returns.
    pub(super) fn output(self, job: &'a Job<'a>) -> TokenStream {
        let result = rust_type(&self.model(self.last(job)));
        if job.hint.attention.is_empty() {
            return result;
        }
        let job = rust_type(&self.model(job));
        quote!(::heygen_core::wait::Outcome<#result, #job>)
    }
}

/// The file of the jobs.
pub(super) fn file(jobs: Jobs<'_>) -> Result<File, Error> {
    let statics = jobs.jobs.iter().map(|job| static_of(jobs, job));
    let mut seen = BTreeSet::new();
    let created = jobs
        .jobs
        .iter()
        .flat_map(|job| job.created.iter().map(move |created| (job, created)));
    let created = created.filter(|(_, created)| seen.insert(&created.response));
    let created = created.map(|(job, created)| implementation(jobs, job, created));
    parsed(
        "the jobs",
        quote! {
            use ::heygen_core::wait::{Created, Job, Statuses};
            use super::{operations, types};

            #(#statics)*
            #(#created)*
        },
    )
}

/// The static of a kind.
fn static_of<'a>(jobs: Jobs<'a>, job: &'a Job<'a>) -> TokenStream {
    let hint = &job.hint;
    let (constant, name) = (format_ident!("{}", job.constant()), &hint.name);
    let about = format!(" The {name} that `{}` reads.", job.operation.title());
    let read = constant_of(&job.operation.function);
    let mut setters = Vec::new();
    if let Some(path) = &hint.state {
        setters.push(quote!(.state(#path)));
    }
    for (setter, words) in [
        ("success", &hint.success),
        ("failure", &hint.failure),
        ("cancelled", &hint.cancelled),
        ("deleted", &hint.deleted),
        ("attention", &hint.attention),
        ("result", &hint.result),
    ] {
        if !words.is_empty() {
            let setter = format_ident!("{setter}");
            setters.push(quote!(.#setter(&[#(#words),*])));
        }
    }
    let (set, positive) = (&hint.ready.set, &hint.ready.positive);
    if !set.is_empty() || !positive.is_empty() {
        setters.push(quote!(.ready(&[#(#set),*], &[#(#positive),*])));
    }
    if hint.code.is_some() || hint.message.is_some() {
        let code = hint.code.as_deref().unwrap_or_default();
        let message = hint.message.as_deref().unwrap_or_default();
        setters.push(quote!(.reason(#code, #message)));
    }
    if let Some(path) = &hint.progress {
        setters.push(quote!(.progress(#path)));
    }
    let deadline = hint.deadline;
    setters.push(quote!(.deadline_secs(#deadline)));
    if let (Some(statuses), Some(operation)) = (&hint.statuses, job.statuses) {
        let operation = constant_of(&operation.function);
        let (query, id, state) = (&statuses.query, &statuses.id, &statuses.state);
        let missing = &statuses.missing;
        setters.push(quote!(.statuses(
            Statuses::new(&operations::#operation, #query, #id, #state).missing(&[#(#missing),*])
        )));
    }
    if let (Some(hint), Some(then)) = (&hint.then, jobs.after(job)) {
        let (then, id) = (format_ident!("{}", then.constant()), &hint.id);
        setters.push(quote!(.then(&#then, #id)));
    }
    quote! {
        #[doc = #about]
        pub static #constant: Job = Job::new(#name, &operations::#read) #(#setters)*;
    }
}

/// What the response of a create says of the job that it has started.
fn implementation<'a>(jobs: Jobs<'a>, job: &'a Job<'a>, created: &Created<'_>) -> TokenStream {
    let response = format_ident!("{}", created.response);
    let constant = format_ident!("{}", job.constant());
    let of_one = jobs.output(job);
    let (of_all, id) = if created.several {
        (
            quote!(Vec<::heygen_core::wait::Finished<#of_one>>),
            format!("{}[]", created.id),
        )
    } else {
        (of_one.clone(), created.id.clone())
    };
    quote! {
        impl Created for types::#response {
            type Job = #of_one;
            type Output = #of_all;
            const JOB: &'static Job = &#constant;
            const ID: &'static str = #id;
        }
    }
}

fn constant_of(function: &str) -> proc_macro2::Ident {
    format_ident!("{}", function.to_ascii_uppercase())
}
