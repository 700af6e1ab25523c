#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
#[cfg(feature = "httpmock")]
pub mod httpmock;
pub mod raw;
#[cfg(feature = "v2")]
pub mod v2;

#[doc(no_inline)]
pub use bytes::Bytes;
#[doc(inline)]
pub use heygen_core::{
    CallOptions, Cursor, Deprecation, Envelope, Error, ErrorKind, Items, Page, Paged, Pages,
    Request, Response, SecretString, encode_path,
};
#[doc(no_inline)]
pub use http::{HeaderMap, Method};
#[doc(no_inline)]
pub use serde_json::Value;

pub use crate::client::{Client, ClientBuilder};
