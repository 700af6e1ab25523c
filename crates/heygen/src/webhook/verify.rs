//! Checks of signatures, timestamps and callback tokens.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use secrecy::ExposeSecret as _;
use sha2::Sha256;

use super::{Error, Event};
use crate::SecretString;

/// Signature of the body.
pub(super) const SIGNATURE: &str = "heygen-signature";
/// Name of the same header in older deliveries.
const OLDER_SIGNATURE: &str = "signature";
/// When the delivery was sent, in seconds since 1970; it is not signed.
pub(super) const TIMESTAMP: &str = "heygen-timestamp";

/// What the token of a callback is made of, before the `callback_id`. No event begins so:
/// else a token would be the signature of a body that the id was chosen to be.
const TOKEN_PREFIX: &[u8] = b"callback_url token of ";

/// How far a timestamp may be from now.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Verifier of deliveries: refuses those that HeyGen has not signed with the secret of your
/// webhook endpoint, and parses the others.
///
/// It is cheap to clone and can be shared between tasks. See the [module](super) for the
/// whole of a receiver.
#[derive(Clone)]
pub struct Verifier {
    /// Empty where there is no secret, so that nothing is accepted.
    keys: Vec<Hmac<Sha256>>,
    tolerance: Duration,
}

impl Verifier {
    /// Creates a verifier with the `secret` of a webhook endpoint, as its create or
    /// `rotate_secret` returned it: the whole text, `whsec_` included. Blanks around it, such
    /// as the line break at the end of a file, are left out. With an empty secret every check
    /// fails.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        let verifier = Self {
            keys: Vec::new(),
            tolerance: TOLERANCE,
        };
        verifier.also(secret)
    }

    /// Accepts deliveries that are signed with this secret as well: that of a second endpoint,
    /// or the former one while a secret is replaced.
    #[must_use]
    pub fn also(mut self, secret: impl Into<SecretString>) -> Self {
        let secret = secret.into();
        let secret = secret.expose_secret().trim();
        if !secret.is_empty() {
            // A key may have any length, so this is always one.
            self.keys.extend(Hmac::new_from_slice(secret.as_bytes()));
        }
        self
    }

    /// Sets how far `Heygen-Timestamp` may be from now, in the past or in the future: five
    /// minutes unless set.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Checks a delivery and parses it. `body` has to be the bytes as they were received:
    /// JSON that was parsed and written again has another signature.
    ///
    /// The signature is that of `Heygen-Signature`, else of the older header `Signature`; of
    /// several values one has to match. `Heygen-Timestamp` is checked where it is there.
    ///
    /// # Errors
    ///
    /// The first check that failed: secret, signature, timestamp, body.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Event, Error> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// [`verify`](Self::verify) as of another time than now: that at which a delivery was
    /// received, if it is checked later.
    pub fn verify_at(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<Event, Error> {
        self.check_signature(headers, body)?;
        self.check_timestamp(headers, now)?;
        Event::from_unverified(headers, body)
    }

    /// Makes the token of a job for its `callback_url`, such as
    /// `https://example.com/heygen/done?token=...`: 64 hexadecimal digits that only who has
    /// the secret can make for this `callback_id`. Any secret of your own will do.
    ///
    /// # Errors
    ///
    /// [`Error::MissingSecret`].
    pub fn callback_token(&self, callback_id: &str) -> Result<String, Error> {
        let key = self.keys.first().ok_or(Error::MissingSecret)?;
        let mac = key.clone().chain_update(TOKEN_PREFIX);
        Ok(hex(&mac.chain_update(callback_id).finalize().into_bytes()))
    }

    /// Parses a delivery of a `callback_url`, which is not signed, if `token` is that of the
    /// `callback_id` in it. This shows that the sender knows the URL, not that the body is
    /// genuine: read the job by its id before you rely on it.
    ///
    /// # Errors
    ///
    /// The first check that failed: secret, body, `callback_id`, token.
    pub fn verify_callback(&self, token: &str, body: &[u8]) -> Result<Event, Error> {
        if self.keys.is_empty() {
            return Err(Error::MissingSecret);
        }
        let event = Event::from_unverified(&HeaderMap::new(), body)?;
        let id = event.callback_id().ok_or(Error::MissingCallbackId)?;
        self.check([token.as_bytes()], &[TOKEN_PREFIX, id.as_bytes()])?;
        Ok(event)
    }

    fn check_signature(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Error> {
        if self.keys.is_empty() {
            return Err(Error::MissingSecret);
        }
        // Proxies have headers called `Signature` of their own, so there may be several.
        let signatures = [SIGNATURE, OLDER_SIGNATURE]
            .into_iter()
            .find(|name| headers.contains_key(*name))
            .ok_or(Error::MissingSignature)?;
        let signatures = headers.get_all(signatures).iter();
        self.check(signatures.map(http::HeaderValue::as_bytes), &[body])
    }

    /// Checks that one of the codes is that of the text, in time that does not depend on
    /// how much of it is right.
    fn check<'a>(
        &self,
        codes: impl IntoIterator<Item = &'a [u8]>,
        text: &[&[u8]],
    ) -> Result<(), Error> {
        let codes: Vec<_> = codes.into_iter().filter_map(unhex).collect();
        if codes.is_empty() {
            return Err(Error::MalformedSignature);
        }
        for key in &self.keys {
            let mut mac = key.clone();
            for part in text {
                mac.update(part);
            }
            if codes
                .iter()
                .any(|code| mac.clone().verify_slice(code).is_ok())
            {
                return Ok(());
            }
        }
        Err(Error::SignatureMismatch)
    }

    fn check_timestamp(&self, headers: &HeaderMap, now: SystemTime) -> Result<(), Error> {
        for value in headers.get_all(TIMESTAMP) {
            let sent = seconds(value.as_bytes())
                .and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)))
                .ok_or(Error::MalformedTimestamp)?;
            match now.duration_since(sent) {
                Ok(age) if age > self.tolerance => return Err(Error::TooOld { age }),
                Err(ahead) if ahead.duration() > self.tolerance => {
                    let ahead = ahead.duration();
                    return Err(Error::InFuture { ahead });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("secrets", &self.keys.len())
            .field("tolerance", &self.tolerance)
            .finish_non_exhaustive()
    }
}

/// A number of digits only, as `parse` also takes a sign.
fn seconds(text: &[u8]) -> Option<u64> {
    let is_number = text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text)
        .ok()
        .filter(|_| is_number)?
        .parse()
        .ok()
}

/// Hexadecimal digits in lower case.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The code that these digits are. HeyGen writes them in lower case, without anything
/// around them, and its receivers compare text; so nothing else is one.
fn unhex(text: &[u8]) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut code = [0; 32];
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != code.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in code.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(code)
}
