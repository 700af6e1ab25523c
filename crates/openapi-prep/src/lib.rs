#![doc = include_str!("../README.md")]

mod document;
mod error;
mod graph;
mod json;
mod lint;
mod lower;
mod normalise;
mod origin;
mod overlay;
mod parts;
mod pointer;
mod references;
mod report;
mod rust_names;
mod schema;
mod stages;
mod subject;
mod text;
mod walk;
mod wire_names;

pub mod api;
pub mod diff;
pub mod merge;
pub mod page;

pub use document::{Document, MAX_BYTES};
pub use error::Error;
pub use lint::Finding;
pub use normalise::Names;
pub use report::{Effect, Entry, Report};
pub use stages::{Prepared, lint, lower, lower_for_generator, normalise, overlay, prepare};
pub use subject::Subject;
pub use text::{Format, count};
pub use wire_names::restore_wire_names;

pub(crate) use pointer::Pointer;
