#![doc = include_str!("../README.md")]

mod document;
mod equality;
mod error;
mod lint;
mod lower;
mod media;
mod normalise;
mod options;
mod overlay;
mod pipeline;
mod pointer;
mod reference;
mod repair;
mod report;
mod rust_names;
mod schema;
mod stages;
mod subject;
mod text;
mod trace;
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
pub use options::PrepareOptions;
pub use overlay::overlay;
pub use report::{Effect, Entry, Report};
pub use rust_names::{function as function_name, wire_name};
pub use stages::{Prepared, lint, lower, normalise, prepare, prepare_with, repair, trace};
pub use subject::Subject;
pub use text::{Format, count};
pub use trace::TraceStep;
pub use wire_names::{restore_mock_wire_names, restore_wire_names, wire_paths};

pub(crate) use pointer::Pointer;
