//! What a caller of [`prepare_with`](crate::prepare_with) chooses.

/// What the program around the generated code does itself, so that the
/// prepared document need not hold it, and what it offers of a request. By
/// default every parameter stays a parameter, errors stay typed, and every
/// request tells null from absent.
///
/// ```
/// use openapi_prep::{Document, Names, PrepareOptions, prepare_with};
///
/// let document = Document::parse("openapi: 3.1.0\npaths: {}\n")?;
/// let options = PrepareOptions::new().runtime_reads_errors();
/// let prepared = prepare_with(document, &mut Names::new(), options)?;
/// # Ok::<(), openapi_prep::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent choices")]
pub struct PrepareOptions {
    pub(crate) idempotency_keys: bool,
    pub(crate) credentials: bool,
    pub(crate) reads_errors: bool,
    pub(crate) reads_webhooks: bool,
    pub(crate) null_in_updates_only: bool,
}

impl PrepareOptions {
    /// The default.
    pub fn new() -> Self {
        Self::default()
    }

    /// The runtime makes and repeats the `Idempotency-Key` of a call: the
    /// header is not a parameter, and its operations have the mark
    /// `x-idempotency-key: true`.
    #[must_use]
    pub fn runtime_sends_idempotency_keys(mut self) -> Self {
        self.idempotency_keys = true;
        self
    }

    /// The runtime sends the headers `Authorization` and `X-Api-Key`, whether
    /// or not the document has a security scheme for them. Those of a declared
    /// scheme are never parameters.
    #[must_use]
    pub fn runtime_sends_credentials(mut self) -> Self {
        self.credentials = true;
        self
    }

    /// The runtime parses all errors as one type of its own: error responses
    /// and their schemas are dropped.
    #[must_use]
    pub fn runtime_reads_errors(mut self) -> Self {
        self.reads_errors = true;
        self
    }

    /// The runtime receives webhooks: the named schemas of what they carry become types, which
    /// are read like responses, and [`Api::webhooks`](crate::api::Api::webhooks) names them. Where the
    /// schema of a webhook's body has `x-payload`, the type is that of the property
    /// which the mark names.
    #[must_use]
    pub fn runtime_reads_webhooks(mut self) -> Self {
        self.reads_webhooks = true;
        self
    }

    /// Only the bodies of `PATCH` and `PUT` tell null from absent: there null
    /// clears a value. In every other request an optional property that may be
    /// null is left out instead, and has no
    /// [`explicit_null`](crate::api::Field::explicit_null).
    #[must_use]
    pub fn null_in_updates_only(mut self) -> Self {
        self.null_in_updates_only = true;
        self
    }
}
