//! Typed mocks of the API, for the tests of programs that use this crate.
//!
//! Each operation is a method of the mock server. It matches method, path and
//! parameters, and responds with the models of the API, which are built from
//! JSON:
//!
//! ```
//! use heygen::Client;
//! use heygen::httpmock::v2::{MockServerExt, types};
//! use heygen::httpmock::{MockServer, error};
//! use serde_json::json;
//!
//! /// The program under test.
//! async fn voice_of(client: &Client, avatar: &str) -> Result<Option<String>, heygen::Error> {
//!     match client.v2().avatars().details(avatar).await {
//!         Ok(avatar) => Ok(avatar.default_voice_id),
//!         Err(error) if error.is_not_found() => Ok(None),
//!         Err(error) => Err(error),
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::start_async().await;
//! let client = Client::builder().api_key("any").base_url(server.base_url()).build()?;
//!
//! let anna: types::RetrieveAvatarDetailsResponse = serde_json::from_value(json!({
//!     "data": {"id": "anna", "default_voice_id": "v1"},
//! }))?;
//! let found = server.retrieve_avatar_details(|when, then| {
//!     when.avatar_id("anna");
//!     then.ok(&anna);
//! });
//! server.retrieve_avatar_details(|when, then| {
//!     when.avatar_id("gone");
//!     error(then.into_inner(), 404, "avatar_not_found", "avatar look not found");
//! });
//!
//! assert_eq!(voice_of(&client, "anna").await?.as_deref(), Some("v1"));
//! assert_eq!(voice_of(&client, "gone").await?, None);
//! found.assert_calls(1);
//! # Ok(())
//! # }
//! ```
//!
//! The server is that of the crate `httpmock`, which is re-exported so that
//! versions cannot disagree. Build the client with `max_retries(0)` to test a
//! busy server without retries.

pub use httpmock;
pub use httpmock::{Mock, MockServer, Then, When};

#[allow(
    unused_imports,
    unreachable_pub,
    reason = "without its features there is no version"
)]
pub use crate::versions::mocks::*;

/// Responds with an error envelope of version 2.
///
/// `code` is the API's own, for example `avatar_not_found`.
pub fn error(then: Then, status: u16, code: &str, message: &str) -> Then {
    then.status(status).json_body(serde_json::json!({
        "data": null,
        "error": { "code": code, "message": message },
    }))
}
