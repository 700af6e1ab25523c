//! JSON pointers (RFC 6901), built while walking down a document.

use std::fmt::{self, Write as _};

/// A place in a JSON document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub(crate) fn root() -> Self {
        Self::default()
    }

    /// A place written as text, taken as it is.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The place one step further down; `token` is escaped.
    #[must_use]
    pub(crate) fn join(&self, token: impl fmt::Display) -> Self {
        let mut out = Self(String::with_capacity(self.0.len() + 48));
        out.0.push_str(&self.0);
        out.push(token);
        out
    }

    /// Goes one step further down; `token` is escaped.
    pub(crate) fn push(&mut self, token: impl fmt::Display) {
        self.0.push('/');
        // Writing to a text does not fail.
        let _ = write!(Escaped(&mut self.0), "{token}");
    }

    /// Calls `visit` with the place one step further down, and comes back.
    /// Walks over whole documents use it, which go down a million times.
    pub(crate) fn within(&mut self, token: impl fmt::Display, visit: impl FnOnce(&Self)) {
        let length = self.0.len();
        self.push(token);
        visit(self);
        self.0.truncate(length);
    }

    /// Several steps further down.
    #[must_use]
    pub(crate) fn joins<'a>(&self, tokens: impl IntoIterator<Item = &'a str>) -> Self {
        tokens
            .into_iter()
            .fold(self.clone(), |at, token| at.join(token))
    }

    /// The pointer as text, `""` for the root.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Writes to a text, with what is special in pointers escaped.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, token: &str) -> fmt::Result {
        let mut rest = token;
        while let Some(end) = rest.bytes().position(|b| b == b'~' || b == b'/') {
            self.0.push_str(&rest[..end]);
            self.0.push_str(if rest.as_bytes()[end] == b'~' {
                "~0"
            } else {
                "~1"
            });
            rest = &rest[end + 1..];
        }
        self.0.push_str(rest);
        Ok(())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_escaped_and_resolve() {
        let doc = serde_json::json!({"paths": {"/a/{b}~c": [1, 2]}});
        let at = Pointer::root().joins(["paths", "/a/{b}~c"]).join(1);
        assert_eq!(at.as_str(), "/paths/~1a~1{b}~0c/1");
        assert_eq!(doc.pointer(at.as_str()), Some(&serde_json::json!(2)));
    }
}
