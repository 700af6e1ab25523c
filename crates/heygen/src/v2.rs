//! Version 2 of the API: its resources and their models.
//!
//! HeyGen retires this version after 2026-10-31. The documentation of each
//! method names its successor.

use heygen_api_gen::v2::client::Client as Generated;
pub use heygen_api_gen::v2::types::AvatarDetails;
use heygen_core::{Client, Request, capture};

/// Resources of version 2; see [`Client::v2`](crate::Client::v2).
#[derive(Clone, Copy, Debug)]
pub struct V2<'a> {
    client: &'a Client,
}

impl<'a> V2<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Avatars.
    pub fn avatars(self) -> Avatars<'a> {
        Avatars {
            client: self.client,
        }
    }
}

/// Avatars; see [`V2::avatars`].
#[derive(Clone, Copy, Debug)]
pub struct Avatars<'a> {
    client: &'a Client,
}

impl Avatars<'_> {
    /// One avatar by its id: name, gender, previews, default voice, tags.
    ///
    /// Calls `GET /v2/avatar/{avatar_id}/details`. The ids are those of
    /// HeyGen's list of avatars. A read: it is retried when the connection
    /// fails or the server is busy.
    ///
    /// HeyGen retires this operation after 2026-10-31. Its successor is
    /// `GET /v3/avatars/looks/{look_id}`, which accepts the same ids; it has
    /// `avatar_type` for `type`, and neither `premium` nor `is_public`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an id that is
    /// empty, `.`, `..`, or has a control character. An id that is unknown to
    /// HeyGen, or not visible to this key, is [`Api`](crate::ErrorKind::Api):
    /// see [`is_not_found`](crate::Error::is_not_found) and
    /// [`is_forbidden`](crate::Error::is_forbidden).
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), heygen::Error> {
    /// let client = heygen::Client::from_env()?;
    /// let avatar = client.v2().avatars().details("Abigail_standing_office_front").await?;
    /// println!("{} speaks with {:?}", avatar.name.as_deref().unwrap_or("?"), avatar.default_voice_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn details(self, avatar_id: impl AsRef<str>) -> Request<AvatarDetails> {
        let avatar_id = avatar_id.as_ref();
        capture::request(
            self.client,
            &[("avatar_id", avatar_id)],
            async |api: Generated| api.retrieve_avatar_details(avatar_id).await,
        )
        .data()
    }
}
