//! JSON pointers (RFC 6901), built while walking down a document.

use std::fmt::{self, Write as _};

/// One step down in a document: the name of a member, or the index of an item.
pub(crate) trait Token {
    /// Writes the step to the end of a pointer, escaped.
    fn write(&self, out: &mut String);
}

impl Token for str {
    fn write(&self, out: &mut String) {
        let mut rest = self;
        while let Some(end) = rest.bytes().position(|b| b == b'~' || b == b'/') {
            out.push_str(&rest[..end]);
            out.push_str(if rest.as_bytes()[end] == b'~' {
                "~0"
            } else {
                "~1"
            });
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
    }
}

impl Token for String {
    fn write(&self, out: &mut String) {
        self.as_str().write(out);
    }
}

impl Token for usize {
    fn write(&self, out: &mut String) {
        // Writing to a text does not fail.
        let _ = write!(out, "{self}");
    }
}

impl<T: Token + ?Sized> Token for &T {
    fn write(&self, out: &mut String) {
        T::write(self, out);
    }
}

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
    pub(crate) fn join(&self, token: impl Token) -> Self {
        let mut out = Self(String::with_capacity(self.0.len() + 48));
        out.0.push_str(&self.0);
        out.push(token);
        out
    }

    /// Goes one step further down; `token` is escaped.
    pub(crate) fn push(&mut self, token: impl Token) {
        self.0.push('/');
        token.write(&mut self.0);
    }

    /// Calls `visit` with the place one step further down, and comes back.
    /// Walks over whole documents use it, which go down a million times.
    pub(crate) fn within<T>(&mut self, token: impl Token, visit: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.0.len();
        self.push(token);
        let done = visit(self);
        self.0.truncate(length);
        done
    }

    /// Several steps further down.
    #[must_use]
    pub(crate) fn joins<'a>(&self, tokens: impl IntoIterator<Item = &'a str>) -> Self {
        tokens
            .into_iter()
            .fold(self.clone(), |at, token| at.join(token))
    }

    /// The key of what holds this: `properties`, for a property.
    pub(crate) fn holder(&self) -> Option<&str> {
        self.0.rsplit('/').nth(1)
    }

    /// Whether this is a schema of the components, not one inside.
    pub(crate) fn is_component_schema(&self) -> bool {
        let name = self.0.strip_prefix("/components/schemas/");
        name.is_some_and(|name| !name.contains('/'))
    }

    /// The pointer as text, `""` for the root.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
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
