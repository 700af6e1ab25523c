//! A local HeyGen API, for tests, and for experiments without an account.
//!
//! [`MockServer`] listens on 127.0.0.1 and responds to every operation of the
//! documents of this workspace, from tables that are written when the client is.
//! Requests are validated as the documents say; a wrong one is a 400 that names
//! the parameter. Any non-empty key is accepted.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), heygen_mock::Error> {
//! use std::time::Duration;
//! use heygen_mock::MockServer;
//!
//! let mock = MockServer::start().await?;
//! // The first create is refused twice; its video then fails.
//! mock.on("create_video").reply(503).retry_after(1).times(2);
//! mock.job("video").fail("rendering_failed", "The avatar could not be rendered.").times(1);
//!
//! // Point the client under test at `mock.url()`, and let an hour pass at once.
//! mock.advance(Duration::from_secs(3600));
//!
//! // Then look at what it did.
//! assert_eq!(mock.calls("create_video"), 0);
//! assert!(mock.requests().is_empty());
//! assert!(mock.deliveries().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # State
//!
//! What is created can be read, listed, changed and deleted, after which it is not
//! found. Lists have pages, and what the examples of the documents have is there
//! from the start. A create that repeats an idempotency key gets the first response
//! again. An id that was never seen gets the example, under that id, so
//! that snippets of any documentation run; an unknown cursor is the first page.
//! [`MockServer::strict`] makes the one a 404 and the other a 400.
//!
//! # Time
//!
//! The mock has a clock of its own, which dates, jobs and links follow. It runs 600
//! times as fast as real time ([`Builder::speed`]), so that a video, which takes
//! five minutes, is done after half a second, and [`MockServer::advance`] turns it.
//! In a test that is about states, stop it (`speed(0.0)`) and turn it by hand.
//!
//! # Jobs
//!
//! What takes time at HeyGen does so here: a create returns an id, reads show the
//! states of that kind of job in their order, with growing progress where it has
//! one, and at the end links to files. By default a job succeeds. [`MockServer::job`] makes one, or all of a kind, fail with or without
//! a reason, get stuck, be cancelled or deleted, wait for its caller, take longer,
//! have its links later than its state, or be found later than its create. Batches
//! play their items one by one; an agent session leads to a video; a look is a 404
//! for its first 20 seconds.
//!
//! # Files
//!
//! Links in responses lead to files of the mock, of 1 MB for videos and less for
//! others. They are signed and expire after 7 days on the clock; a new read of the
//! object has a new link. [`MockServer::file`] sets their length, which costs no
//! memory, and ends links. The bytes of a file are the same whenever they are read,
//! so that a download that was resumed can be compared with a whole one. A download
//! is cut, slowed or refused as any operation is: `mock.on("download_file")`.
//!
//! Uploads through `POST /v3/assets` and to the slots of direct uploads are hashed
//! and not kept: [`MockServer::upload`]. A slot demands exactly the headers that were
//! given with it, and refuses an API key; a file of more than 32,000,000 bytes in a
//! form is a 413; a direct upload that is completed before it has arrived is a 409.
//!
//! # Webhooks
//!
//! When a job ends, its event is delivered to the endpoints that were registered,
//! signed with their secrets, and without a signature to the `callback_url` of the
//! job. One that is not accepted is delivered up to three more times, within two
//! seconds. The mock sends to `http://127.0.0.1` and `http://localhost` only;
//! [`MockServer::deliveries`] has what it sent and what it did not.
//!
//! # Faults
//!
//! [`MockServer::on`] makes requests to one operation fail, [`MockServer::fail_next`]
//! the next ones whatever they are for: with a status, a body, headers, after a
//! delay, with a part of the response or none. A connection that is closed without a
//! response leaves what the request did: a create has created.
//!
//! # What it does not do
//!
//! Nothing is rendered: results are the examples of the documents, and files are
//! random bytes behind the first ones of their type. Values that only the service
//! knows are not checked, such as whether an avatar exists or a language is known.
//! Nothing costs credits, no limit is reached, and keys have no scopes, unless a test
//! injects the error. Lists filter nothing but by their cursor, and states of many
//! are read by ids, not by batches. Payloads of events that are not documented have
//! the id of the object and its `callback_id`. Version 2 has no jobs.
//!
//! A deprecated operation sends the headers `Deprecation`, `Sunset` (from
//! `x-sunset`) and `Link` to its successor (from `x-successor`).

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
