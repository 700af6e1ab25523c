//! Slots of direct uploads, and what was uploaded.

use std::sync::Mutex;

use hyper::HeaderMap;

use crate::bounded::Bounded;
use crate::files::FileType;
use crate::lock::lock;
use crate::object_store::refusal;
use crate::receive::Stored;
use crate::response::MockResponse;

/// A file that the mock was sent: its length and hash, since the bytes are not
/// kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    stored: Stored,
    content_type: String,
}

impl Upload {
    pub(crate) fn new(stored: Stored, content_type: &str) -> Self {
        Self {
            stored,
            content_type: content_type.to_owned(),
        }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.stored.length
    }

    /// The SHA-256 of its bytes, in lowercase hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.stored.sha256
    }

    /// The media type: that of its first bytes, else what the caller said.
    pub fn content_type(&self) -> &str {
        let known = FileType::of_bytes(&self.stored.start);
        known.map_or(&self.content_type, |known| known.media_type)
    }
}

/// What a slot demands of the upload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) length: Option<u64>,
    pub(crate) sha256: Option<String>,
}

/// All slots and uploads, by the id of the asset.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    slots: Mutex<Bounded<String, Slot>>,
    stored: Mutex<Bounded<String, Upload>>,
}

/// Why an upload cannot be completed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incomplete {
    Missing,
    Length,
    Checksum,
}

impl Uploads {
    pub(crate) fn open(&self, asset_id: &str, slot: Slot) {
        lock(&self.slots).insert(asset_id.to_owned(), slot);
    }

    pub(crate) fn store(&self, asset_id: &str, upload: Upload) {
        lock(&self.stored).insert(asset_id.to_owned(), upload);
    }

    pub(crate) fn get(&self, asset_id: &str) -> Option<Upload> {
        lock(&self.stored).get(asset_id).cloned()
    }

    /// Whether an asset has a slot, and its upload was not completed.
    pub(crate) fn is_waiting(&self, asset_id: &str) -> bool {
        lock(&self.slots).get(asset_id).is_some()
    }

    /// An upload was completed; a later request to do so changes nothing.
    pub(crate) fn close(&self, asset_id: &str) {
        lock(&self.slots).remove(asset_id);
    }

    /// The upload of a slot, once it is there and as announced, in the slot and
    /// in the request to complete it.
    pub(crate) fn check(&self, asset_id: &str, sha256: Option<&str>) -> Result<Upload, Incomplete> {
        let slot = lock(&self.slots).get(asset_id).cloned().unwrap_or_default();
        let upload = self.get(asset_id).ok_or(Incomplete::Missing)?;
        if slot.length.is_some_and(|length| length != upload.length()) {
            return Err(Incomplete::Length);
        }
        let announced = [slot.sha256.as_deref(), sha256].into_iter().flatten();
        let differs = |sha256: &str| !sha256.eq_ignore_ascii_case(upload.sha256());
        if announced.into_iter().any(differs) {
            return Err(Incomplete::Checksum);
        }
        Ok(upload)
    }

    /// Receives a PUT as an object store does: with exactly the headers of the
    /// slot and no credential but the signature of the link.
    pub(crate) fn put(&self, asset_id: &str, headers: &HeaderMap, stored: Stored) -> MockResponse {
        let Some(slot) = lock(&self.slots).get(asset_id).cloned() else {
            return refusal(404, "NoSuchKey", "The specified key does not exist.");
        };
        if !headers.contains_key("content-length") {
            let message = "You must provide the Content-Length HTTP header.";
            return refusal(411, "MissingContentLength", message);
        }
        if let Some(name) = wrong_header(&slot, headers) {
            let message = format!("The header {name} is not as it was signed.");
            return refusal(403, "SignatureDoesNotMatch", &message);
        }
        let sent = headers
            .get("content-type")
            .and_then(|value| value.to_str().ok());
        let mut response = MockResponse::empty(200);
        response.set("etag", &format!("\"{}\"", &stored.sha256[..32]));
        self.store(asset_id, Upload::new(stored, sent.unwrap_or("")));
        response
    }

    pub(crate) fn reset(&self) {
        lock(&self.slots).clear();
        lock(&self.stored).clear();
    }
}

/// A header that the slot lists and the request lacks, or the other way round.
fn wrong_header(slot: &Slot, headers: &HeaderMap) -> Option<String> {
    let missing = slot.headers.iter().find(|(name, value)| {
        headers
            .get(name.as_str())
            .is_none_or(|sent| sent.as_bytes() != value.as_bytes())
    });
    let signed = |name: &str| {
        matches!(name, "x-api-key" | "authorization" | "content-type") || name.starts_with("x-amz-")
    };
    let listed = |name: &str| {
        slot.headers
            .iter()
            .any(|(listed, _)| listed.eq_ignore_ascii_case(name))
    };
    let extra = headers.keys().map(hyper::header::HeaderName::as_str);
    let extra = extra.into_iter().find(|name| signed(name) && !listed(name));
    missing
        .map(|(name, _)| name.clone())
        .or_else(|| extra.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uploads() -> Uploads {
        let uploads = Uploads::default();
        let headers = vec![("Content-Type".to_owned(), "video/mp4".to_owned())];
        uploads.open(
            "ast_1",
            Slot {
                headers,
                length: Some(3),
                sha256: None,
            },
        );
        uploads
    }

    fn put(uploads: &Uploads, headers: &[(&'static str, &'static str)], body: &[u8]) -> u16 {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        uploads
            .put("ast_1", &headers.collect(), Stored::of(body))
            .status
    }

    #[test]
    fn slot_demands_exactly_its_headers() {
        let uploads = uploads();
        let (length, media) = (("content-length", "3"), ("content-type", "video/mp4"));
        for (headers, status) in [
            (vec![length], 403),
            (vec![length, ("content-type", "video/webm")], 403),
            (vec![length, media, ("x-api-key", "k")], 403),
            (vec![length, media, ("authorization", "Bearer k")], 403),
            (vec![length, media, ("x-amz-acl", "private")], 403),
            (vec![media], 411),
        ] {
            assert_eq!(put(&uploads, &headers, b"abc"), status, "{headers:?}");
            assert_eq!(uploads.get("ast_1"), None);
        }
        assert_eq!(
            put(&uploads, &[length, media, ("user-agent", "x")], b"abc"),
            200
        );
        assert_eq!(uploads.get("ast_1").unwrap().length(), 3);
    }

    #[test]
    fn upload_is_completed_as_announced() {
        let uploads = uploads();
        let headers = [("content-length", "3"), ("content-type", "video/mp4")];
        assert_eq!(uploads.check("ast_1", None), Err(Incomplete::Missing));
        put(&uploads, &headers, b"abcd");
        assert_eq!(uploads.check("ast_1", None), Err(Incomplete::Length));
        put(&uploads, &headers, b"abc");
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(
            uploads.check("ast_1", Some("00")),
            Err(Incomplete::Checksum)
        );
        let upload = uploads
            .check("ast_1", Some(&sha256.to_uppercase()))
            .unwrap();
        assert_eq!(
            (upload.sha256(), upload.content_type()),
            (sha256, "video/mp4")
        );
    }
}
