#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod client;
#[cfg(feature = "httpmock")]
pub mod httpmock;
pub mod raw;
mod request;
mod response;
#[cfg(feature = "v2")]
pub mod v2;

pub use heygen_transport::{Error, ErrorKind, Notice, SecretString};

pub use crate::builder::ClientBuilder;
pub use crate::client::Client;
pub use crate::request::{Request, RequestFuture};
pub use crate::response::Response;
