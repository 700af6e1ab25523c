//! Path and query parameters: whatever an argument contains, the server receives
//! the operation's own method and path, with the argument as one segment that
//! decodes to it, or receives no request.

use heygen::ErrorKind;
use heygen_tests::client::{avatar, fixture};
use heygen_tests::document::avatar_path;
use heygen_tests::scripted::{RecordedRequest, Reply, ScriptedServer};
use percent_encoding::percent_decode_str;

/// What is special in paths, URLs, headers, shells, databases and terminals.
const PARTS: [&str; 52] = [
    ".", "..", "...", "/", "//", "\\", "\\\\", "%", "%2e", "%2E", "%2e%2e", "%252e", "%2f", "%5c",
    "%00", "%0d%0a", "?", "&", "=", "#", ";", ":", "@", "!", "$", "'", "\"", "(", ")", "*", "+",
    ",", " ", "\t", "\r", "\n", "\r\n", "\0", "\u{7f}", "\u{85}", "\u{2028}", "\u{feff}",
    "\u{202e}", "\u{ff0e}", "\u{ff0f}", "[", "]", "{", "}", "|", "<", "a",
];

/// Attacks that have succeeded against other clients.
const ATTACKS: [&str; 14] = [
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

/// A pseudo-random generator with a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

fn ids() -> Vec<String> {
    let mut ids: Vec<String> = ATTACKS.iter().map(|id| (*id).to_owned()).collect();
    ids.push(String::new());
    // Every character of a byte, alone and inside.
    for byte in 0..=255_u8 {
        ids.extend([
            char::from(byte).to_string(),
            format!("a{}b", char::from(byte)),
        ]);
    }
    // Every plane of Unicode: its ends and some code points between.
    for plane in 0..=16_u32 {
        for offset in [
            0, 1, 0x2e, 0x2f, 0x5c, 0x1000, 0x8000, 0xfdff, 0xfffd, 0xffff,
        ] {
            ids.extend(char::from_u32(plane << 16 | offset).map(String::from));
        }
    }
    // Every pair of parts, then longer ones at random.
    for first in PARTS {
        ids.extend(PARTS.iter().map(|second| format!("{first}{second}")));
    }
    let mut random = Random(7);
    for _ in 0..1000 {
        let length = 1 + random.below(9);
        ids.push(
            (0..length)
                .map(|_| PARTS[random.below(PARTS.len())])
                .collect(),
        );
    }
    for length in [255, 4096, 9_000, 19_000, 70_000] {
        ids.extend(["x", ".", "%", "\u{1f600}"].map(|part| part.repeat(length / part.len())));
    }
    ids
}

/// The id in a request line between these, which has to be one segment.
fn segment<'a>(request: &'a RecordedRequest, before: &str, after: &str) -> &'a str {
    let line = &request.line;
    let segment = line.strip_prefix(before);
    let segment = segment.and_then(|rest| rest.strip_suffix(after));
    let segment = segment.unwrap_or_else(|| panic!("{line}"));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
    assert!(segment.bytes().all(is_plain), "{line}");
    assert!(![".", ".."].contains(&segment), "{line}");
    segment
}

/// Compares the recorded requests with the ids that were sent.
fn compare(server: &ScriptedServer, sent: &[String], before: &str, after: &str) {
    let requests = server.requests();
    assert_eq!(requests.len(), sent.len(), "each call is one request");
    let names = requests[0].header_names();
    for (request, id) in requests.iter().zip(sent) {
        let segment = segment(request, before, after);
        assert_eq!(percent_decode_str(segment).decode_utf8().unwrap(), *id);
        assert_eq!(request.header_names(), names, "{id:?}");
        assert!(request.body.is_empty());
    }
}

/// Whether an id has to be refused. No other is.
fn is_refused(id: &str) -> bool {
    ["", ".", ".."].contains(&id) || id.contains(char::is_control) || id.len() > 9_000
}

fn assert_refused(id: &str, error: &heygen::Error) {
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
    assert!(is_refused(id), "{id:?}: {error}");
    assert_eq!((error.attempts(), error.status()), (0, None));
    assert!(!error.is_retryable() && error.to_string().len() < 1000);
}

#[tokio::test]
async fn hostile_id_cannot_change_endpoint() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server.client();
    let ids = ids();
    assert!(ids.len() > 4000, "{}", ids.len());
    let mut sent = Vec::new();
    for id in ids {
        match avatar(&client, &id).await {
            Ok(_) => sent.push(id),
            Err(error) => assert_refused(&id, &error),
        }
    }
    assert!(sent.len() > 2000, "{}", sent.len());
    let path = avatar_path("{}");
    let (before, after) = path.split_once("{}").unwrap();
    let (before, after) = (format!("GET {before}"), format!("{after} HTTP/1.1"));
    compare(&server, &sent, &before, &after);
}

#[tokio::test]
async fn hostile_id_cannot_delete_another_resource() {
    let server = ScriptedServer::start([Reply::response(204, &[], "")]).await;
    let client = server.client();
    let mut sent = Vec::new();
    for id in ids() {
        match fixture(&client, async |api| api.delete_video(&id).await).await {
            Ok(()) => sent.push(id),
            Err(error) => assert_refused(&id, &error),
        }
    }
    assert!(sent.len() > 2000, "{}", sent.len());
    compare(&server, &sent, "DELETE /v9/videos/", " HTTP/1.1");
}

#[tokio::test]
async fn hostile_page_token_stays_one_query_parameter() {
    let server = ScriptedServer::start([Reply::json(r#"{"data":[]}"#)]).await;
    let client = server.client();
    let mut sent = Vec::new();
    for token in ids().into_iter().step_by(4) {
        let call = fixture(&client, async |api| {
            api.list_videos(Some(5), None, Some(&token)).await
        });
        match call.await {
            Ok(_) => sent.push(token),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{token:?}: {error}");
                assert!(token.len() > 9_000, "{token:?}: {error}");
            }
        }
    }
    let requests = server.requests();
    assert_eq!(requests.len(), sent.len());
    let names = requests[0].header_names();
    for (request, token) in requests.iter().zip(&sent) {
        let target = request.target();
        let query = target.strip_prefix("/v9/videos?limit=5&token=").unwrap();
        assert!(!query.contains(['&', '#', '/', '?']), "{}", request.line);
        assert_eq!(request.line, format!("GET {target} HTTP/1.1"));
        let query = query.replace('+', " ");
        assert_eq!(percent_decode_str(&query).decode_utf8().unwrap(), *token);
        assert_eq!(request.header_names(), names, "{token:?}");
    }
}
