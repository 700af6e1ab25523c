//! Metadata of one operation of the API, generated from its document, and the
//! context of one call of it.

use std::time::Duration;

use crate::cursor::PageSpec;

/// Default timeout of a call that reads (GET, HEAD).
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Default timeout of a call that writes.
const WRITE_TIMEOUT: Duration = Duration::from_secs(120);

/// Path template of a call by path: it matches any path, which `by_path`
/// checks.
pub(crate) const ANY_PATH: &str = "(any)";

/// Path template of a file transfer, whose address is never printed.
const FILE_PATH: &str = "(file)";

/// One operation of the API, as its document describes it.
///
/// Built by const setters, so that a table of operations is static data:
///
/// ```
/// use heygen_core::Operation;
///
/// static CREATE_VIDEO: Operation =
///     Operation::new("createVideo", "POST", "/v3/videos").reads_idempotency_key();
/// assert!(!CREATE_VIDEO.idempotent);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts of the document, each of which may be set alone"
)]
pub struct Operation {
    /// The `operationId` of the document, for example `retrieve-avatar-details`.
    pub id: &'static str,
    /// The HTTP method in capitals.
    pub method: &'static str,
    /// The path template, for example `/v2/avatar/{avatar_id}/details`.
    pub path: &'static str,
    /// Whether sending the request twice has the effect of sending it once.
    pub idempotent: bool,
    /// How the operation uses the header `Idempotency-Key`.
    pub idempotency_key: IdempotencyKey,
    /// Timeout of a call, retries included, unless the caller or the client
    /// sets another: 30 s for reads, 120 s for writes, or the one in the
    /// document.
    pub timeout: Duration,
    /// Whether the document declares the operation deprecated.
    pub deprecated: bool,
    /// The last day the vendor promised to serve it, as `YYYY-MM-DD`.
    pub sunset: Option<&'static str>,
    /// The operation to use instead, for example `GET /v3/avatars/looks/{look_id}`.
    pub successor: Option<&'static str>,
    /// The `Content-Type` of the body, if it differs from the generated
    /// method's; of a form, without its boundary.
    pub content_type: Option<&'static str>,
    /// The media types to ask for, if they differ from the generated method's.
    pub accept: Option<&'static str>,
    /// Whether the body may be left out: one that is empty or `null` is not
    /// sent.
    pub optional_body: bool,
    /// Whether the body is a form of several parts.
    pub multipart: bool,
    /// How the operation is paginated, if it lists.
    pub page: Option<PageSpec>,
}

/// How an operation uses the header `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdempotencyKey {
    /// The operation does not read it.
    Ignored,
    /// The operation reads it; the client generates one for each call.
    Generated,
    /// The operation may read it; one is sent only if the caller sets it.
    CallerOnly,
}

impl Operation {
    /// An operation with what follows from its method: GET, HEAD, PUT, DELETE,
    /// OPTIONS and TRACE are idempotent; GET and HEAD are reads.
    pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        let idempotent = matches!(
            method.as_bytes(),
            b"GET" | b"HEAD" | b"PUT" | b"DELETE" | b"OPTIONS" | b"TRACE"
        );
        let read = matches!(method.as_bytes(), b"GET" | b"HEAD");
        Self {
            id,
            method,
            path,
            idempotent,
            idempotency_key: IdempotencyKey::Ignored,
            timeout: if read { READ_TIMEOUT } else { WRITE_TIMEOUT },
            deprecated: false,
            sunset: None,
            successor: None,
            content_type: None,
            accept: None,
            optional_body: false,
            multipart: false,
            page: None,
        }
    }

    /// Declares that the operation reads the header `Idempotency-Key`.
    #[must_use]
    pub const fn reads_idempotency_key(mut self) -> Self {
        self.idempotency_key = IdempotencyKey::Generated;
        self
    }

    /// Sets the default timeout of a call, in seconds.
    #[must_use]
    pub const fn timeout_secs(mut self, seconds: u64) -> Self {
        self.timeout = Duration::from_secs(seconds);
        self
    }

    /// Declares the operation deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Sets the last day of service, as `YYYY-MM-DD`.
    #[must_use]
    pub const fn sunset(mut self, date: &'static str) -> Self {
        self.sunset = Some(date);
        self
    }

    /// Sets the operation to use instead.
    #[must_use]
    pub const fn successor(mut self, operation: &'static str) -> Self {
        self.successor = Some(operation);
        self
    }

    /// Sets the `Content-Type` of the body.
    #[must_use]
    pub const fn content_type(mut self, media_type: &'static str) -> Self {
        self.content_type = Some(media_type);
        self
    }

    /// Sets the media types to ask for.
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Declares that the body may be left out.
    #[must_use]
    pub const fn optional_body(mut self) -> Self {
        self.optional_body = true;
        self
    }

    /// Declares that the body is a form of several parts.
    #[must_use]
    pub const fn multipart(mut self) -> Self {
        self.multipart = true;
        self
    }

    /// Declares that the operation lists page by page, and how.
    #[must_use]
    pub const fn page(mut self, page: PageSpec) -> Self {
        self.page = Some(page);
        self
    }

    /// How the operation is paginated: as most are where it declares nothing,
    /// such as a call by path.
    pub(crate) fn page_spec(&self) -> PageSpec {
        self.page.unwrap_or(PageSpec::DEFAULT)
    }

    /// A transfer of a file, at an address that the API issued.
    pub(crate) const fn file(id: &'static str, method: &'static str) -> Self {
        Self::new(id, method, FILE_PATH)
    }

    /// Whether this is a transfer of a file.
    pub(crate) fn is_file(&self) -> bool {
        self.path == FILE_PATH
    }

    /// Whether a call can change anything on the server.
    pub fn is_write(&self) -> bool {
        !matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }
}

/// Whether a request can be sent twice with the effect of once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeatability {
    /// It cannot.
    Never,
    /// The operation itself is idempotent.
    Idempotent,
    /// The server recognises the repeated request by its idempotency key.
    Keyed,
}

/// Context of a call, for its errors and responses.
#[derive(Clone, Debug)]
pub(crate) struct CallContext {
    pub(crate) operation: &'static Operation,
    pub(crate) repeatability: Repeatability,
    /// The path that was called, API key redacted, without its query.
    pub(crate) path: Box<str>,
    pub(crate) idempotency_key: Option<Box<str>>,
}

impl CallContext {
    /// The context of a call that was refused before anything was sent.
    pub(crate) fn unsent(operation: &'static Operation) -> Self {
        Self {
            operation,
            // Transfers have no context of another kind.
            repeatability: if operation.is_file() {
                Repeatability::Idempotent
            } else {
                Repeatability::Never
            },
            path: operation.path.into(),
            idempotency_key: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn method_decides_idempotency_and_timeout() {
        for (method, idempotent, seconds) in [
            ("GET", true, 30),
            ("HEAD", true, 30),
            ("PUT", true, 120),
            ("DELETE", true, 120),
            ("POST", false, 120),
            ("PATCH", false, 120),
        ] {
            let operation = Operation::new("o", method, "/x");
            assert_eq!(operation.idempotent, idempotent, "{method}");
            assert_eq!(operation.timeout, Duration::from_secs(seconds), "{method}");
        }
    }
}
