//! Signed deliveries, for tests of receivers.

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use sha2::Sha256;

use super::verify::{SIGNATURE, TIMESTAMP, hex};
use crate::SecretString;

/// Signs a body as HeyGen does, with a timestamp of now, and returns the headers of the
/// delivery. For tests of your receiver:
///
/// ```
/// use heygen::webhook::{Verifier, sign};
///
/// let body = br#"{"event_type": "avatar_video.success", "event_data": {"video_id": "vid_1"}}"#;
/// let headers = sign("whsec_of_tests", body);
/// assert!(Verifier::new("whsec_of_tests").verify(&headers, body).is_ok());
/// ```
pub fn sign(secret: impl Into<SecretString>, body: &[u8]) -> HeaderMap {
    let secret = secret.into();
    let mut headers = HeaderMap::new();
    // A key may have any length, so this is always one.
    if let Ok(key) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) {
        let signature = hex(&key.chain_update(body).finalize().into_bytes());
        if let Ok(signature) = HeaderValue::from_str(&signature) {
            headers.insert(HeaderName::from_static(SIGNATURE), signature);
        }
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_secs());
    headers.insert(HeaderName::from_static(TIMESTAMP), now.into());
    headers
}
