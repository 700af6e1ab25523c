//! What the document says about an operation beside its types: the generated
//! module `operations` has one for each.

/// An operation of the API.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts, each set by its own method"
)]
pub struct Operation {
    /// Its `operationId`.
    pub id: &'static str,
    /// Its HTTP method.
    pub method: &'static str,
    /// Its path template, as the server has it.
    pub path: &'static str,
    /// Its own server, where that is another than the document's.
    pub server: Option<&'static str>,
    /// The alternatives of its security requirement: names of schemes. `None`
    /// where the document does not say, and then every key that is set is sent.
    pub security: Option<&'static [&'static [&'static str]]>,
    /// The `Content-Type` of its request body, where that is another than the
    /// one that the generated code sends.
    pub content_type: Option<&'static str>,
    /// The media types to ask for, where these are others than the generated
    /// code asks for.
    pub accept: Option<&'static str>,
    /// Whether its request body may be left out: one that is empty or `null` is
    /// not sent.
    pub optional_body: bool,
    /// Whether its request body has several parts.
    pub multipart: bool,
    /// Whether it has a header parameter `api-version`.
    pub has_api_version: bool,
    /// Whether its request or response body is a stream of bytes of any length.
    pub streams: bool,
}

impl Operation {
    /// An operation that asks for no key and has nothing special about it.
    pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            server: None,
            security: None,
            content_type: None,
            accept: None,
            optional_body: false,
            multipart: false,
            has_api_version: false,
            streams: false,
        }
    }

    /// Sets its own server.
    #[must_use]
    pub const fn server(mut self, url: &'static str) -> Self {
        self.server = Some(url);
        self
    }

    /// Sets the alternatives of its security requirement.
    #[must_use]
    pub const fn security(mut self, alternatives: &'static [&'static [&'static str]]) -> Self {
        self.security = Some(alternatives);
        self
    }

    /// Sets the `Content-Type` of its request body.
    #[must_use]
    pub const fn content_type(mut self, content_type: &'static str) -> Self {
        self.content_type = Some(content_type);
        self
    }

    /// Sets the media types to ask for.
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Says that its request body may be left out.
    #[must_use]
    pub const fn optional_body(mut self) -> Self {
        self.optional_body = true;
        self
    }

    /// Says that its request body has several parts.
    #[must_use]
    pub const fn multipart(mut self) -> Self {
        self.multipart = true;
        self
    }

    /// Says that it has a header parameter `api-version`.
    #[must_use]
    pub const fn has_api_version(mut self) -> Self {
        self.has_api_version = true;
        self
    }

    /// Says that a body of it is a stream of bytes.
    #[must_use]
    pub const fn streams(mut self) -> Self {
        self.streams = true;
        self
    }
}

/// A security scheme of the document whose credential is sent with requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its name in the document.
    pub name: &'static str,
    /// Where its credential goes.
    pub placement: Placement,
}

/// Where a credential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Placement {
    /// A header of this name.
    Header(&'static str),
    /// A query parameter of this name.
    Query(&'static str),
    /// A cookie of this name.
    Cookie(&'static str),
    /// `Authorization: Bearer`, or another scheme of HTTP authentication.
    Authorization(&'static str),
}
