//! Files of an object store: whole, in ranges, and only if they are unchanged.

use crate::scripted::{RecordedRequest, Reply};

/// A file as a store has it.
#[derive(Clone, Debug)]
pub struct StoredFile {
    bytes: Vec<u8>,
    headers: Vec<(&'static str, String)>,
}

impl StoredFile {
    /// A video of these bytes without a validator.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            headers: Vec::new(),
        }
        .header("content-type", "video/mp4")
    }

    /// Sets a header, such as `etag`.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// The response to a request, as RFC 9110 has it: what is asked for by
    /// `Range`, if `If-Range` has the file's validator, else all of it.
    pub fn reply(&self, request: &RecordedRequest) -> Reply {
        let range = request.header("range");
        let range = range.map(|range| range.strip_prefix("bytes=").unwrap().trim_end_matches('-'));
        let start: Option<usize> = range.map(|start| start.parse().unwrap());
        match start.filter(|_| self.matches(request.header("if-range"))) {
            Some(start) if start < self.bytes.len() => self.part(start, self.bytes.len()),
            Some(_) => {
                let range = format!("bytes */{}", self.bytes.len());
                self.response(416, &[("content-range", range)], b"")
            }
            None => self.whole(),
        }
    }

    /// All of the file, whatever is asked for.
    pub fn whole(&self) -> Reply {
        self.response(200, &[], &self.bytes)
    }

    /// A part of the file, from a byte to before another, whatever is asked for.
    pub fn part(&self, start: usize, end: usize) -> Reply {
        let range = format!("bytes {start}-{}/{}", end - 1, self.bytes.len());
        self.response(206, &[("content-range", range)], &self.bytes[start..end])
    }

    fn matches(&self, if_range: Option<&str>) -> bool {
        if_range.is_none_or(|validator| {
            let known = |(name, value): &(&str, String)| {
                ["etag", "last-modified"].contains(name) && value == validator
            };
            self.headers.iter().any(known)
        })
    }

    fn response(&self, status: u16, more: &[(&str, String)], body: &[u8]) -> Reply {
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let more = more.iter().map(|(name, value)| (*name, value.as_str()));
        let headers: Vec<_> = own.chain(more).collect();
        Reply::response(status, &headers, body)
    }
}
