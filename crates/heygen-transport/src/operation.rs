//! What the transport is told about an operation. The table is generated from
//! the vendor's document, so this crate knows no operation by name.

/// One operation of the API, as its document describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The `operationId` of the document, for example `retrieve-avatar-details`.
    pub id: &'static str,
    /// The same in snake case: the name of the generated method.
    pub name: &'static str,
    /// The HTTP method in capitals.
    pub method: &'static str,
    /// The path template, for example `/v2/avatar/{avatar_id}/details`.
    pub path: &'static str,
    /// Whether sending the request twice has the effect of sending it once.
    pub idempotent: bool,
    /// Whether the operation documents the header `Idempotency-Key`.
    pub idempotency_key: bool,
    /// How the operation pages through a list, if it does.
    pub pagination: Option<Pagination>,
    /// Whether the document or the vendor calls the operation deprecated.
    pub deprecated: bool,
    /// The last day the vendor promised to serve it, as `YYYY-MM-DD`.
    pub sunset: Option<&'static str>,
}

/// Where a list operation keeps its page marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The query parameter that takes the mark of the page wanted.
    pub token_param: &'static str,
    /// The query parameter that takes the size of a page, if there is one.
    pub limit_param: Option<&'static str>,
    /// JSON pointer to the list in the answer.
    pub items: &'static str,
    /// JSON pointer to the mark of the next page in the answer.
    pub next_token: &'static str,
}
