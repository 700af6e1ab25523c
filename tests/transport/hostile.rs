//! A campaign of hostile ids: whatever an argument holds, the server sees the
//! operation's own method and path, with the argument as one segment that
//! decodes to it, or sees nothing.

use fixture_api::hooks::Inner;
use fixture_api::v9;
use heygen::ErrorKind;
use heygen::raw::CallOptions;
use percent_encoding::percent_decode_str;

use crate::server::{Act, Seen, Server};

/// What paths, URLs, headers, shells, databases and terminals trip over.
const PARTS: [&str; 52] = [
    ".", "..", "...", "/", "//", "\\", "\\\\", "%", "%2e", "%2E", "%2e%2e", "%252e", "%2f", "%5c",
    "%00", "%0d%0a", "?", "&", "=", "#", ";", ":", "@", "!", "$", "'", "\"", "(", ")", "*", "+",
    ",", " ", "\t", "\r", "\n", "\r\n", "\0", "\u{7f}", "\u{85}", "\u{2028}", "\u{feff}",
    "\u{202e}", "\u{ff0e}", "\u{ff0f}", "[", "]", "{", "}", "|", "<", "a",
];

/// Whole ids that have worked somewhere.
const KNOWN: [&str; 14] = [
    "../../../v1/video.list",
    "..\\..\\..\\v1\\video.list",
    "%2e%2e%2fv1",
    "..%2f..%2fv1",
    "..;/v1",
    "a/../../../x",
    "a HTTP/1.1\r\nx-evil: 1\r\n\r\nGET /stolen",
    "a\r\nx-api-key: other",
    "http://evil.example/",
    "//evil.example/",
    "@evil.example",
    "?x=1#y",
    "{avatar_id}",
    "\u{301}a\u{200d}\u{1f468}",
];

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

fn ids() -> Vec<String> {
    let mut ids: Vec<String> = KNOWN.iter().map(|id| (*id).to_owned()).collect();
    ids.push(String::new());
    // Every character of a byte, alone and inside.
    for byte in 0..=255_u8 {
        ids.extend([
            char::from(byte).to_string(),
            format!("a{}b", char::from(byte)),
        ]);
    }
    // Every plane of Unicode: its ends and some between.
    for plane in 0..=16_u32 {
        for place in [
            0, 1, 0x2e, 0x2f, 0x5c, 0x1000, 0x8000, 0xfdff, 0xfffd, 0xffff,
        ] {
            ids.extend(char::from_u32(plane << 16 | place).map(String::from));
        }
    }
    // Every pair of parts, then longer ones at random.
    for first in PARTS {
        ids.extend(PARTS.iter().map(|second| format!("{first}{second}")));
    }
    let mut dice = Dice(7);
    for _ in 0..1000 {
        let length = 1 + dice.roll(9);
        ids.push((0..length).map(|_| PARTS[dice.roll(PARTS.len())]).collect());
    }
    for length in [255, 4096, 9_000, 19_000, 70_000] {
        ids.extend(["x", ".", "%", "\u{1f600}"].map(|part| part.repeat(length / part.len())));
    }
    ids
}

/// The id that a request line holds between these, checked to be one segment.
fn segment<'a>(seen: &'a Seen, before: &str, after: &str) -> &'a str {
    let middle = seen
        .line
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    let middle = middle.unwrap_or_else(|| panic!("{}", seen.line));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
    assert!(middle.bytes().all(plain), "{}", seen.line);
    assert!(![".", ".."].contains(&middle), "{}", seen.line);
    middle
}

/// Holds what arrived against what was sent.
fn compare(server: &Server, sent: &[String], before: &str, after: &str) {
    let seen = server.seen();
    assert_eq!(seen.len(), sent.len(), "each call is one request");
    let names = seen[0].names();
    for (seen, id) in seen.iter().zip(sent) {
        let segment = segment(seen, before, after);
        assert_eq!(percent_decode_str(segment).decode_utf8().unwrap(), *id);
        assert_eq!(seen.names(), names, "{id:?}");
        assert!(seen.body.is_empty());
    }
}

/// Whether an id has to be refused. Nothing else should be.
fn is_refused(id: &str) -> bool {
    ["", ".", ".."].contains(&id) || id.contains(char::is_control) || id.len() > 9_000
}

#[tokio::test]
async fn no_id_reads_another_endpoint() {
    let server = Server::start([Act::avatar()]).await;
    let client = server.client();
    let ids = ids();
    assert!(ids.len() > 4000, "{}", ids.len());
    let mut sent = Vec::new();
    for id in ids {
        match client.v2().avatars().details(&id).await {
            Ok(_) => sent.push(id),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
                assert!(is_refused(&id), "{id:?}: {error}");
                assert_eq!(error.attempts(), 0);
            }
        }
    }
    assert!(sent.len() > 2000, "{}", sent.len());
    compare(&server, &sent, "GET /v2/avatar/", "/details HTTP/1.1");
}

#[tokio::test]
async fn no_id_deletes_something_else() {
    let server = Server::start([Act::answer(204, &[], "")]).await;
    let transport = heygen::raw::transport(&server.client()).clone();
    let client = v9::Client::new(Inner::new(transport, CallOptions::default()));
    let mut sent = Vec::new();
    for id in ids() {
        match client.delete_video().video_id(&id).send().await {
            Ok(_) => sent.push(id),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
                assert!(is_refused(&id), "{id:?}: {error}");
            }
        }
    }
    assert!(sent.len() > 2000, "{}", sent.len());
    compare(&server, &sent, "DELETE /v9/videos/", " HTTP/1.1");
}

#[tokio::test]
async fn no_mark_of_a_page_leaves_the_query() {
    let server = Server::start([Act::json(r#"{"data":[]}"#)]).await;
    let transport = heygen::raw::transport(&server.client()).clone();
    let client = v9::Client::new(Inner::new(transport, CallOptions::default()));
    let mut sent = Vec::new();
    for token in ids().into_iter().step_by(4) {
        match client.list_videos().token(&token).limit(5).send().await {
            Ok(_) => sent.push(token),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{token:?}: {error}");
                assert!(token.len() > 9_000, "{token:?}: {error}");
            }
        }
    }
    let seen = server.seen();
    assert_eq!(seen.len(), sent.len());
    let names = seen[0].names();
    for (seen, token) in seen.iter().zip(&sent) {
        let query = seen.line.strip_prefix("GET /v9/videos?limit=5&token=");
        let query = query
            .and_then(|rest| rest.strip_suffix(" HTTP/1.1"))
            .unwrap();
        assert!(!query.contains(['&', '#', ' ', '/', '?']), "{}", seen.line);
        let query = query.replace('+', " ");
        assert_eq!(percent_decode_str(&query).decode_utf8().unwrap(), *token);
        assert_eq!(seen.names(), names, "{token:?}");
    }
}
