#![doc = include_str!("../README.md")]
//!
//! # State
//!
//! Objects that are created can be read, listed, updated and deleted; a deleted one is
//! a 404. Lists have pages, select by query parameters that are properties of their
//! items, and contain the examples of the documents from the start. The mock holds
//! 65,536 objects ([`Builder::keep_objects`]); beyond them the oldest is dropped.
//! A create that repeats an idempotency key gets the first response again. An id that
//! was never seen gets the example, under that id, so that snippets of any
//! documentation run; an unknown cursor gets the first page. [`MockServer::strict`]
//! makes the one a 404 and the other a 400.
//!
//! # Time
//!
//! Dates, jobs and links follow the clock of the mock. It runs 600 times as fast as
//! real time ([`Builder::speed`]), so that a video, which takes five minutes, is
//! completed after half a second, and [`MockServer::advance`] turns it. Tests of single
//! states stop it with `speed(0.0)` and turn it by hand.
//!
//! # Jobs
//!
//! A create returns an id; reads show the states of that kind of job in their order,
//! with growing progress where the API has one, and links to files at the end. By
//! default a job succeeds. [`MockServer::job`] makes one job, or all of a kind, fail
//! with or without a reason, get stuck, be cancelled or deleted, wait for its caller,
//! take longer, get its links after its state, or become visible after its create.
//! Batches play their items one by one, an agent session leads to a video, and a look
//! is a 404 for its first 20 seconds.
//!
//! # Files
//!
//! Links in responses lead to files of the mock, of 1 MB for videos and less for
//! others. They are signed and expire after 7 days on the clock; the next read of the
//! object returns a new link. [`MockServer::file`] sets the length of files, which
//! costs no memory, and expires their links. A file has the same bytes whenever it is
//! read, so that a resumed download can be compared with a whole one. Downloads are
//! cut, slowed down and refused as calls of any operation are, under the name
//! `download_file`.
//!
//! Uploads through `POST /v3/assets` and to the slots of direct uploads are hashed and
//! not stored: [`MockServer::upload`]. A slot demands exactly the headers that came with
//! it, and refuses an API key. A form with a file above 32,000,000 bytes is a 413, and
//! completing a direct upload before the file has arrived is a 409. Completing a batch of
//! them is one while no file has arrived; from the first file on it completes those
//! that have, and the others are items that have failed.
//!
//! # Webhooks
//!
//! When a job ends, its event is delivered to the registered endpoints, signed with
//! their secrets, and unsigned to the `callback_url` of the job. A delivery without a
//! response of 200 to 299 is retried three times over the next two seconds. The mock
//! sends to `http://127.0.0.1` and `http://localhost` only; [`MockServer::deliveries`]
//! lists what it sent, and what it did not send.
//!
//! # Faults
//!
//! [`MockServer::on`] makes calls of one operation fail, [`MockServer::fail_next`] the
//! next requests of any, and [`Builder::fault`] does so from the start: with a status, a
//! body, headers, after a delay, or with a part of the response or none of it.
//! [`FaultRule`] parses one from text. A connection that closes without a response does
//! not undo the request: what it created exists.
//!
//! # What it does not play
//!
//! Nothing is rendered: results are the examples of the documents, and files are
//! random bytes after the first ones of their type. Values that only the service
//! knows, such as ids of voices and names of languages, are accepted. Credits, rate
//! limits and scopes of keys exist only as injected errors. Events whose payload is not
//! documented carry the id of the object and its `callback_id`. Version 2 has no state
//! and no jobs.
//!
//! A deprecated operation sends the headers `Deprecation`, `Sunset` (from
//! `x-sunset`) and `Link` to its successor (from `x-successor`).

mod api;
mod batch_jobs;
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
mod fault_rule;
mod files;
#[rustfmt::skip] // generated, and laid out by the generator
mod generated;
mod hash;
mod jobs;
mod json;
mod lock;
mod multipart;
mod object_store;
mod operation_name;
mod outgoing;
mod playing;
mod receive;
mod replies;
mod reply_body;
mod request_log;
mod response;
mod route;
mod rules;
mod scheduler;
mod server;
mod shared;
mod state;
mod store;
#[doc(hidden)] // for generated code
pub mod table;
mod uploads;
mod validate;
mod webhooks;
mod world;

pub use error::Error;
pub use fault::Fault;
pub use fault_rule::FaultRule;
pub use files::FileRule;
pub use jobs::JobRule;
pub use request_log::RecordedRequest;
pub use rules::OperationRule;
pub use server::{Builder, MockServer, known_ids};
pub use uploads::Upload;
pub use webhooks::Delivery;
