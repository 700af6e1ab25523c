//! Avatars of the second generation.

use heygen_transport::check_segment;

use super::AvatarDetails;
use crate::{Client, Request, raw};

/// Avatars; see [`V2::avatars`](super::V2::avatars).
#[derive(Clone, Copy, Debug)]
pub struct Avatars<'a> {
    pub(super) client: &'a Client,
}

impl Avatars<'_> {
    /// One avatar by its id: name, gender, previews, default voice, tags.
    ///
    /// `GET /v2/avatar/{avatar_id}/details`. The ids are those of HeyGen's
    /// list of avatars. Safe to repeat, so it is tried again when the
    /// connection fails or the server is busy.
    ///
    /// HeyGen has announced that this endpoint ends after 2026-10-31. Its
    /// successor is `GET /v3/avatars/looks/{look_id}`, which takes the same
    /// ids; it says `avatar_type` for `type`, and has neither `premium` nor
    /// `is_public`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an id that is
    /// empty, `.`, `..`, or holds a control character. An id that HeyGen does
    /// not know, or does not show to this key, is
    /// [`Api`](crate::ErrorKind::Api): see
    /// [`is_not_found`](crate::Error::is_not_found) and
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
    pub fn details(self, avatar_id: impl Into<String>) -> Request<AvatarDetails> {
        let avatar_id = avatar_id.into();
        let client = self.client.clone();
        Request::new("retrieve-avatar-details", |options| async move {
            check_segment("avatar_id", &avatar_id)?;
            raw::v2(&client, options)
                .retrieve_avatar_details()
                .avatar_id(avatar_id)
                .send()
                .await?
                .open()
        })
    }
}
