//! Webhooks: what is accepted, what each refusal says, and what events are parsed as.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

mod callbacks;
mod events;
mod properties;
mod signatures;
mod timestamps;

use heygen::HeaderMap;
use http::{HeaderName, HeaderValue};

const SECRET: &str = "whsec_k7x9m2";
const BODY: &[u8] = br#"{"event_type":"avatar_video.success","event_data":{"video_id":"vid_1"}}"#;

/// HMAC-SHA256 of [`BODY`] with the text of [`SECRET`] as the key, made by `openssl dgst`.
const SIGNATURE: &str = "9f62b2745019611469b065cd665b877eaf6a277205636f8005145349c8aeb0b3";

fn headers(entries: &[(&'static str, &str)]) -> HeaderMap {
    let entry = |(name, value): &(&'static str, &str)| {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        (HeaderName::from_static(name), value)
    };
    let mut headers = HeaderMap::new();
    for (name, value) in entries.iter().map(entry) {
        headers.append(name, value);
    }
    headers
}
