//! Files that links lead to: served by the mock, of any length, with links that
//! expire.

mod content;
mod issue;
mod link;
mod range;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::clock::Clock;
use crate::lock::lock;
use crate::object_store::{FILES, SLOTS, refusal};
use crate::response::MockResponse;

use content::Content;
pub(crate) use content::{FileType, Reader};
pub(crate) use issue::EXAMPLE;
use link::Grant;
use range::{Asked, asked};

/// How long the slot of an upload is open: longer than at the service, since the
/// clock is faster than the upload.
pub(crate) const SLOT_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// All files of a mock: none is stored, each is made from its path.
#[derive(Debug)]
pub(crate) struct Files {
    /// `http://127.0.0.1:PORT`.
    base: String,
    issued: AtomicU64,
    rules: Mutex<Vec<Rule>>,
}

/// What a test has set for some files.
#[derive(Debug, Default)]
struct Rule {
    which: String,
    length: Option<u64>,
    version: u64,
    lifetime: Option<Duration>,
    /// The status of links with a lower number than this.
    dead: Option<(u64, u16)>,
    whole_only: bool,
}

/// Settings of one file, merged from all rules for it.
struct Settings {
    content: Content,
    lifetime: Duration,
    dead: Option<(u64, u16)>,
    whole_only: bool,
}

impl Files {
    pub(crate) fn new(base: String) -> Self {
        Self {
            base,
            issued: AtomicU64::default(),
            rules: Mutex::default(),
        }
    }

    /// A new link to a file of an object. The name is that of the field with an
    /// extension: `video_url.mp4`.
    pub(crate) fn link(&self, clock: &Clock, owner: &str, name: &str) -> String {
        let path = format!("{FILES}{}/{name}", segment(owner));
        let lifetime = self.settings(&path).lifetime;
        self.issue(clock, &path, lifetime)
    }

    /// A new link to the slot of an upload.
    pub(crate) fn slot(&self, clock: &Clock, asset_id: &str) -> String {
        let path = format!("{SLOTS}{}", segment(asset_id));
        self.issue(clock, &path, SLOT_LIFETIME)
    }

    fn issue(&self, clock: &Clock, path: &str, lifetime: Duration) -> String {
        let expires = clock.now().saturating_add(lifetime);
        let grant = Grant {
            expires: clock.unix_at(expires),
            number: self.issued.fetch_add(1, Ordering::Relaxed),
        };
        format!("{}{path}?{}", self.base, grant.sign(path))
    }

    /// The response to a request for a file, with the bytes of its body.
    pub(crate) fn respond(
        &self,
        clock: &Clock,
        path: &str,
        query: &str,
        headers: &HeaderMap,
    ) -> (MockResponse, Option<Reader>) {
        match self.refuse(clock, path, query) {
            None => serve(&self.settings(path), path, headers, clock),
            Some(refusal) => (refusal, None),
        }
    }

    /// Refuses a link that was not issued, or that is not valid any more.
    pub(crate) fn refuse(&self, clock: &Clock, path: &str, query: &str) -> Option<MockResponse> {
        let Some(grant) = Grant::verify(path, query) else {
            let message = "The signature is not that of a link of this mock.";
            return Some(refusal(403, "SignatureDoesNotMatch", message));
        };
        let dead = self.settings(path).dead;
        match dead.filter(|(below, _)| grant.number < *below) {
            Some((_, 404)) => {
                let message = "The specified key does not exist.";
                Some(refusal(404, "NoSuchKey", message))
            }
            Some(_) => Some(expired()),
            None => (clock.unix() >= grant.expires).then(expired),
        }
    }

    fn settings(&self, path: &str) -> Settings {
        let mut length = None;
        let mut version = 0;
        let mut lifetime = link::LIFETIME;
        let mut dead = None;
        let mut whole_only = false;
        for rule in lock(&self.rules)
            .iter()
            .filter(|rule| matches(&rule.which, path))
        {
            length = rule.length.or(length);
            version += rule.version;
            lifetime = rule.lifetime.unwrap_or(lifetime);
            dead = rule.dead.or(dead);
            whole_only |= rule.whole_only;
        }
        Settings {
            content: Content::new(path, version, length),
            lifetime,
            dead,
            whole_only,
        }
    }

    /// Changes the rule for some files.
    fn edit(&self, which: &str, change: impl FnOnce(&mut Rule)) {
        let mut rules = lock(&self.rules);
        let at = rules
            .iter()
            .position(|rule| rule.which == which)
            .unwrap_or_else(|| {
                rules.push(Rule {
                    which: which.to_owned(),
                    ..Rule::default()
                });
                rules.len() - 1
            });
        change(&mut rules[at]);
    }

    pub(crate) fn reset(&self) {
        lock(&self.rules).clear();
    }
}

/// An id as a segment of a path, the characters that ids usually have readable.
fn segment(id: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.');
    utf8_percent_encode(id, ESCAPED).to_string()
}

/// Whether `which` names the file at a path: a link to it, its owner, its field,
/// or both.
fn matches(which: &str, path: &str) -> bool {
    if let Some(asset_id) = path.strip_prefix(SLOTS) {
        return which == asset_id;
    }
    let Some((owner, name)) = path
        .strip_prefix(FILES)
        .and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let field = name.split('.').next().unwrap_or(name);
    let both = which
        .split_once('/')
        .is_some_and(|both| both == (owner, field));
    let link = which
        .split('?')
        .next()
        .and_then(|link| link.split_once(FILES));
    let link = link.is_some_and(|(_, rest)| path.strip_prefix(FILES) == Some(rest));
    which == owner || which == field || which == name || both || link
}

fn serve(
    settings: &Settings,
    path: &str,
    headers: &HeaderMap,
    clock: &Clock,
) -> (MockResponse, Option<Reader>) {
    let content = &settings.content;
    let (length, etag) = (content.length(), content.etag());
    let modified = httpdate::fmt_http_date(clock.date());
    let mut response = MockResponse::empty(200).with_type(FileType::of_name(path).media_type);
    response.set(ETAG.as_str(), &etag);
    response.set(LAST_MODIFIED.as_str(), &modified);
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let unchanged = text(&IF_RANGE).is_none_or(|known| known == etag || known == modified);
    let range = text(&RANGE).filter(|_| unchanged && !settings.whole_only);
    if !settings.whole_only {
        response.set(ACCEPT_RANGES.as_str(), "bytes");
    }
    let (from, to) = match range.map_or(Asked::Whole, |range| asked(range, length)) {
        Asked::Whole => (0, length),
        Asked::Part(from, to) => {
            response.status = 206;
            let part = format!("bytes {from}-{}/{length}", to - 1);
            response.set(CONTENT_RANGE.as_str(), &part);
            (from, to)
        }
        Asked::Nothing => {
            let mut response = refusal(
                416,
                "InvalidRange",
                "The requested range is not satisfiable",
            );
            response.set(CONTENT_RANGE.as_str(), &format!("bytes */{length}"));
            return (response, None);
        }
    };
    response.set(CONTENT_LENGTH.as_str(), &(to - from).to_string());
    (response, Some(content.reader(from, to)))
}

fn expired() -> MockResponse {
    refusal(403, "AccessDenied", "Request has expired")
}

/// What a test sets for files, made by [`MockServer::file`](crate::MockServer::file).
/// Each method takes effect at once.
#[derive(Clone, Copy, Debug)]
pub struct FileRule<'a> {
    files: &'a Files,
    which: &'a str,
}

impl<'a> FileRule<'a> {
    pub(crate) fn new(files: &'a Files, which: &'a str) -> Self {
        Self { files, which }
    }

    fn edit(self, change: impl FnOnce(&mut Rule)) -> Self {
        self.files.edit(self.which, change);
        self
    }

    /// Sets the length in bytes. The bytes are made while they are sent, so that
    /// any length costs no memory.
    #[allow(
        clippy::return_self_not_must_use,
        reason = "a rule holds as soon as it is set"
    )]
    pub fn length(self, bytes: u64) -> Self {
        self.edit(|rule| rule.length = Some(bytes))
    }

    /// Sets how long links that are issued from now on live, on the clock of the
    /// mock; 7 days by default. After that they get a 403.
    #[allow(
        clippy::return_self_not_must_use,
        reason = "a rule holds as soon as it is set"
    )]
    pub fn lifetime(self, lifetime: Duration) -> Self {
        self.edit(|rule| rule.lifetime = Some(lifetime))
    }

    /// Ends the links issued so far: they get a 403. Whoever reads the object
    /// again gets a link that works.
    #[allow(
        clippy::return_self_not_must_use,
        reason = "a rule holds as soon as it is set"
    )]
    pub fn expire(self) -> Self {
        self.end(403)
    }

    /// Ends the links issued so far as [`expire`](Self::expire) does, with the
    /// 404 of a store that has no such file.
    #[allow(
        clippy::return_self_not_must_use,
        reason = "a rule holds as soon as it is set"
    )]
    pub fn remove(self) -> Self {
        self.end(404)
    }

    fn end(self, status: u16) -> Self {
        let issued = self.files.issued.load(Ordering::Relaxed);
        self.edit(|rule| rule.dead = Some((issued, status)))
    }

    /// Replaces the content by other bytes of the same length, with another
    /// entity tag, as if the file had been rendered again.
    #[allow(
        clippy::return_self_not_must_use,
        reason = "a rule holds as soon as it is set"
    )]
    pub fn change(self) -> Self {
        self.edit(|rule| rule.version += 1)
    }

    /// Ignores `Range`, so that every request gets the whole file.
    #[allow(
        clippy::return_self_not_must_use,
        reason = "a rule holds as soon as it is set"
    )]
    pub fn without_ranges(self) -> Self {
        self.edit(|rule| rule.whole_only = true)
    }
}
