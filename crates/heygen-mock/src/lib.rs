//! A local HeyGen API, for tests, and for experiments without an account.
//!
//! [`MockServer`] listens on 127.0.0.1 and responds to every operation of the
//! embedded OpenAPI documents with the example of the document (or a small
//! response synthesised from its schema if it has none). It validates requests:
//! the method and path, the presence of credentials, required parameters and
//! bodies, and their types. It does not simulate the service behind the API:
//! nothing is stored, nothing is rendered, and any non-empty key is accepted.
//!
//! An id in the path is known when it is an example of the path parameter or
//! the id in the example of the response ([`MockServer::known_ids`]); any other
//! id gets a 404, as from the service.
//!
//! A deprecated operation sends the headers `Deprecation`, `Sunset` (from
//! `x-sunset`) and `Link` to its successor (from `x-successor`).
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), heygen_mock::Error> {
//! use heygen_mock::{Fault, MockServer};
//!
//! let server = MockServer::start().await?;
//! // The next two requests are refused, the third succeeds.
//! server.fail_next(2, Fault::status(429).retry_after(1));
//!
//! // Point the client under test at `server.url()`, then look at what it sent.
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! assert!(server.requests().is_empty());
//! # Ok(())
//! # }
//! ```

mod api;
mod batches;
mod bounded;
mod check;
mod clock;
mod connection;
mod cursor;
mod deprecation;
mod effects;
mod envelope;
mod error;
mod fault;
mod files;
#[rustfmt::skip] // generated, and laid out by the generator
mod generated;
mod hash;
mod jobs;
mod json;
mod multipart;
mod operation_name;
mod playing;
mod receive;
mod replies;
mod reply_body;
mod request_log;
mod response;
mod route;
mod rules;
mod server;
mod shared;
mod state;
mod store;
#[doc(hidden)] // for generated code
pub mod table;
mod uploads;
mod validate;
mod webhooks;

pub use error::Error;
pub use fault::Fault;
pub use files::FileRule;
pub use jobs::JobRule;
pub use request_log::RecordedRequest;
pub use rules::OperationRule;
pub use server::{Builder, MockServer, known_ids};
pub use uploads::Upload;
pub use webhooks::Delivery;
