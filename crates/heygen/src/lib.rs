#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
#[cfg(feature = "httpmock")]
pub mod httpmock;
pub mod raw;
#[rustfmt::skip]
mod versions;
#[cfg(feature = "webhook")]
pub mod webhook;

#[doc(no_inline)]
pub use bytes::Bytes;
#[doc(inline)]
pub use heygen_core::{
    CallOptions, Cursor, Deprecation, Download, DownloadProgress, DownloadTo, Downloaded, Envelope,
    Error, ErrorKind, FileStream, Items, Page, Paged, Pages, Request, Response, SecretString,
    Upload, UploadAndWait, UploadBatchRequest, UploadProgress, UploadRequest, UploadedFile,
    encode_path,
};
#[doc(no_inline)]
pub use http::{HeaderMap, Method};
#[doc(no_inline)]
pub use serde_json::Value;

#[doc(inline)]
pub use heygen_core::wait::{
    self, AndWait, Finished, JobProgress, Outcome, PollSchedule, States, Wait,
};

#[doc(inline)]
pub use heygen_core::multipart;

pub use crate::client::{Client, ClientBuilder};
#[allow(
    unused_imports,
    unreachable_pub,
    reason = "without its features there is no version"
)]
pub use crate::versions::*;

/// Compiles the examples of the repository's README.
#[cfg(all(doctest, feature = "v2", feature = "v3"))]
#[doc = include_str!("../../../README.md")]
struct RepositoryReadme;

/// Compiles the examples of the page on migrating.
#[cfg(all(doctest, feature = "v2", feature = "v3"))]
#[doc = include_str!("../../../docs/migrating-from-v2.md")]
struct MigratingFromV2;
