//! How a call is sent, and what its response becomes.

mod base_url;
mod client_builder;
mod credentials;
mod error;
mod hooks;
mod media_types;
mod operation;
mod path;
mod response;
mod settings;
#[cfg(feature = "rustls")]
mod tls;

pub use client_builder::ClientBuilder;
pub use error::{Error, ErrorKind, NotSent};
pub use hooks::{ClientHooks, RequestBuilderExt};
pub use operation::{Operation, Placement, SecurityScheme};
pub use path::encode_path;
pub use response::{RawResponse, ResponseValue};
pub use settings::{Settings, same_origin_redirects};
