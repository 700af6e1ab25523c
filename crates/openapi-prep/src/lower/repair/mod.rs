//! What real 3.1 documents hold although no version allows it, and a 3.0
//! validator would refuse.

mod document;
mod outline;
mod schema;

pub(crate) use document::repeated_parameters;
pub(super) use document::{component_names, operations, path_items, shared_path_parameters};
pub(crate) use outline::empty_maps;
pub(super) use outline::repeated_tags;
pub(crate) use schema::types;
pub(super) use schema::{defaults, empty_unions, mapping, repeated};
