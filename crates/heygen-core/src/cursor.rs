//! Pagination in requests and responses: where a page of a list has its parts,
//! and where the next page begins.

/// Pagination of an operation: the query parameter that says where a page
/// begins, and JSON pointers to the parts of a page in the body of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSpec {
    /// The query parameter of the token, for example `token`.
    pub token: &'static str,
    /// The array of items, for example `/data`.
    pub items: &'static str,
    /// The token of the next page, for example `/next_token`.
    pub next_token: &'static str,
    /// Whether there are more pages, for example `/has_more`.
    pub has_more: &'static str,
}

impl PageSpec {
    /// The pagination of most lists of the API, and of operations that declare
    /// none.
    pub const DEFAULT: Self = Self {
        token: "token",
        items: "/data",
        next_token: "/next_token",
        has_more: "/has_more",
    };
}

/// Pagination cursor: where the next page of a list begins, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cursor {
    /// The token of the next page. None on the last page.
    pub next_token: Option<String>,
    /// Whether the server reported more pages.
    pub has_more: Option<bool>,
}

impl Cursor {
    /// A cursor from the fields of a response. An empty token counts as absent.
    pub fn new(next_token: Option<String>, has_more: Option<bool>) -> Self {
        Self {
            next_token: next_token.filter(|token| !token.is_empty()),
            has_more,
        }
    }

    /// The token of the next page. None at the end of the list: where there is
    /// no token, or the server reported that there are no more pages.
    pub fn into_next(self) -> Option<String> {
        self.next_token.filter(|_| self.has_more != Some(false))
    }
}

/// The path of a JSON pointer as errors have it: `data.items` for
/// `/data/items`.
pub(crate) fn path(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

/// Whether a segment of a JSON pointer is this key.
pub(crate) fn is_key(segment: &str, key: &str) -> bool {
    segment == key || segment.contains('~') && segment.replace("~1", "/").replace("~0", "~") == key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_ends_without_token_and_where_the_server_reports_its_end() {
        let next = |token: Option<&str>, has_more| {
            Cursor::new(token.map(str::to_owned), has_more).into_next()
        };
        for has_more in [None, Some(true), Some(false)] {
            assert_eq!(next(None, has_more), None);
            assert_eq!(next(Some(""), has_more), None);
        }
        assert_eq!(next(Some("a"), Some(false)), None);
        assert_eq!(next(Some("a"), Some(true)).as_deref(), Some("a"));
        assert_eq!(next(Some("a"), None).as_deref(), Some("a"));
    }
}
