//! Signed links to files, as a content delivery network issues them.

use std::time::Duration;

use url::form_urlencoded;

use crate::hash::hmac_hex;

/// The secret of the mock's own links: anybody may know it, but no link without
/// a signature works.
const SECRET: &str = "mock";

/// What the query of a link says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// When it expires, in seconds since 1970.
    pub(crate) expires: u64,
    /// Its number among all links that were issued.
    pub(crate) number: u64,
}

impl Grant {
    /// The query for this path, without the question mark.
    pub(crate) fn sign(&self, path: &str) -> String {
        let Self { expires, number } = self;
        let signature = self.signature(path);
        format!("Expires={expires}&Key-Pair-Id=MOCK{number}&Signature={signature}")
    }

    /// The grant of a link with a valid signature.
    pub(crate) fn verify(path: &str, query: &str) -> Option<Self> {
        let value = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        let grant = Self {
            expires: value("Expires")?.parse().ok()?,
            number: value("Key-Pair-Id")?.strip_prefix("MOCK")?.parse().ok()?,
        };
        (value("Signature")? == grant.signature(path)).then_some(grant)
    }

    fn signature(&self, path: &str) -> String {
        let signed = format!("{path}\n{}\n{}", self.expires, self.number);
        hmac_hex(SECRET, signed.as_bytes())
    }
}

/// How long links live by default: as long as those of the service are said to.
pub(crate) const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_signed_link_is_valid() {
        let grant = Grant {
            expires: 1_790_000_000,
            number: 7,
        };
        let query = grant.sign("/files/vid_1/video_url.mp4");
        assert_eq!(
            Grant::verify("/files/vid_1/video_url.mp4", &query),
            Some(grant)
        );
        assert_eq!(Grant::verify("/files/vid_2/video_url.mp4", &query), None);
        let longer = query.replace("1790000000", "1890000000");
        assert_eq!(Grant::verify("/files/vid_1/video_url.mp4", &longer), None);
        assert_eq!(Grant::verify("/files/vid_1/video_url.mp4", ""), None);
    }
}
