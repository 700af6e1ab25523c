//! The second generation of the API: its resources and their models.
//!
//! HeyGen has announced that this generation ends after 2026-10-31. The
//! documentation of each method names its successor.

mod avatars;

pub use heygen_api_gen::v2::types::AvatarDetails;

pub use self::avatars::Avatars;
use crate::Client;

/// The resources of the second generation; see
/// [`Client::v2`](crate::Client::v2).
#[derive(Clone, Copy, Debug)]
pub struct V2<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> V2<'a> {
    /// Avatars.
    pub fn avatars(self) -> Avatars<'a> {
        Avatars {
            client: self.client,
        }
    }
}
