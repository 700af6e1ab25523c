//! What real 3.1 documents hold although no version allows it.

mod components;
mod document;
mod outline;
mod schema;

pub(super) use components::dangling;
pub(crate) use document::repeated_parameters;
pub(super) use document::{operations, path_items};
pub(crate) use outline::empty_maps;
pub(crate) use schema::types;
pub(super) use schema::{empty_unions, mapping, repeated};
