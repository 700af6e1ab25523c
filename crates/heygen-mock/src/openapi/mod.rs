//! OpenAPI documents, parsed into one [`Operation`] for each method of each
//! path.

mod deprecation;
mod example;
mod known;
mod operation;
mod page;
mod parameter;
mod resolve;
mod security;
mod synth;
mod validate;

pub(crate) use example::is_json;
pub(crate) use known::with_ids;
pub(crate) use operation::{Operation, operations};
pub(crate) use parameter::Location;
pub(crate) use resolve::Document;
pub(crate) use security::{Credential, Security};
#[cfg(test)]
pub(crate) use synth::synthesise;
pub(crate) use validate::validate;
