//! Typed mocks of the API, for the tests of programs that use this crate.
//!
//! Each operation is a method of the mock server. It knows the method and the
//! path, takes the parameters, and answers with the models of the API:
//!
//! ```
//! use heygen::Client;
//! use heygen::httpmock::v2::{MockServerExt, types};
//! use heygen::httpmock::{MockServer, error};
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
//! let anna: types::AvatarDetails = types::AvatarDetails::builder()
//!     .id("anna")
//!     .default_voice_id("v1".to_owned())
//!     .try_into()?;
//! let answer: types::RetrieveAvatarDetailsResponse =
//!     types::RetrieveAvatarDetailsResponse::builder().data(anna).try_into()?;
//! let found = server.retrieve_avatar_details(|when, then| {
//!     when.avatar_id("anna");
//!     then.ok(&answer);
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
//! versions cannot disagree. A client built for it should be told not to try
//! again, with `max_retries(0)`, where the test is about a busy server.

pub use httpmock;
pub use httpmock::{Mock, MockServer, Then, When};

/// The operations of the second generation, and the models they answer with.
#[cfg(feature = "v2")]
pub mod v2 {
    pub use heygen_api_gen::v2::httpmock::*;
    pub use heygen_api_gen::v2::types;
}

/// Answers with an error in the shape of the API's second generation.
///
/// `code` is the API's own, for example `avatar_not_found`; what it means for
/// the caller is the status together with it.
pub fn error(then: Then, status: u16, code: &str, message: &str) -> Then {
    then.status(status).json_body(serde_json::json!({
        "data": null,
        "error": { "code": code, "message": message },
    }))
}
