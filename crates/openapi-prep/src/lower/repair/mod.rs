//! What real 3.1 documents hold although no version allows it, and a 3.0
//! validator would refuse.

mod components;
mod defaults;
mod document;
mod members;
mod outline;
mod schema;

pub(super) use components::{dangling, names as component_names};
pub(super) use defaults::refused as defaults;
pub(crate) use document::repeated_parameters;
pub(super) use document::{operations, path_items, shared_path_parameters};
pub(super) use members::{recursive_members, required_beside_members};
pub(crate) use outline::empty_maps;
pub(crate) use schema::types;
pub(super) use schema::{empty_unions, mapping, repeated};
