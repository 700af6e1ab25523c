//! Log of the requests that the server has read, for assertions of tests.

use std::collections::VecDeque;
use std::fmt;

use bytes::Bytes;
use hyper::HeaderMap;
use serde_json::Value;

/// Headers whose values are always redacted, whether or not a document declares
/// them.
const SECRET_HEADERS: [&str; 4] = [
    "x-api-key",
    "authorization",
    "proxy-authorization",
    "cookie",
];

/// The largest body that is kept in the log.
const MAX_KEPT_BODY: usize = 1_000_000;

/// A request as received. Its `Debug` output redacts credentials.
#[derive(Clone)]
pub struct RecordedRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl RecordedRequest {
    /// The method, in capitals: `GET`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path exactly as sent, percent signs and all, without the query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as sent, without the question mark.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The first header of this name, in any case; `None` too if its value is
    /// not visible ASCII. Credentials are returned as they were sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers in the order received, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The body's bytes, without transfer coding. Empty for uploads to a slot and
    /// for bodies above 1 MB, which are not kept:
    /// [`MockServer::upload`](crate::MockServer::upload) has length and hash of
    /// files.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON, or `None` when it is not JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &Redacted(&self.headers))
            .field("body", &self.body)
            .finish()
    }
}

/// Headers with the values of credentials redacted.
struct Redacted<'a>(&'a HeaderMap);

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            if value.is_sensitive() || SECRET_HEADERS.contains(&name.as_str()) {
                map.entry(&name.as_str(), &"[redacted]");
            } else {
                map.entry(&name.as_str(), value);
            }
        }
        map.finish()
    }
}

/// The latest requests, oldest first, at most `limit` of them.
#[derive(Debug)]
pub(crate) struct Log {
    limit: usize,
    requests: VecDeque<RecordedRequest>,
}

impl Log {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            requests: VecDeque::new(),
        }
    }

    pub(crate) fn push(&mut self, mut request: RecordedRequest) {
        if self.limit == 0 {
            return;
        }
        if request.body.len() > MAX_KEPT_BODY {
            request.body = Bytes::new();
        }
        if self.requests.len() == self.limit {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str) -> RecordedRequest {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", "hush-hush".parse().unwrap());
        headers.insert("authorization", "Bearer quiet".parse().unwrap());
        headers.insert("accept", "application/json".parse().unwrap());
        RecordedRequest {
            method: "GET".into(),
            path: path.into(),
            query: None,
            headers,
            body: Bytes::from_static(b"{\"a\":1}"),
        }
    }

    #[test]
    fn credentials_are_readable_but_not_printed() {
        let request = request("/a");
        assert_eq!(request.header("X-API-Key"), Some("hush-hush"));
        assert_eq!(request.json().unwrap()["a"], 1);
        let text = format!("{request:?}");
        assert!(
            !text.contains("hush-hush") && !text.contains("quiet"),
            "{text}"
        );
        assert!(
            text.contains("[redacted]") && text.contains("application/json"),
            "{text}"
        );
    }

    #[test]
    fn only_the_latest_requests_are_kept() {
        let mut log = Log::new(2);
        for path in ["/1", "/2", "/3"] {
            log.push(request(path));
        }
        let paths: Vec<_> = log.all().into_iter().map(|r| r.path).collect();
        assert_eq!(paths, ["/2", "/3"]);

        let mut none = Log::new(0);
        none.push(request("/1"));
        assert!(none.all().is_empty());
    }
}
