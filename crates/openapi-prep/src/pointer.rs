//! JSON pointers (RFC 6901), built while walking down a document.

use std::fmt;

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
        let token = token.to_string();
        let mut out = String::with_capacity(self.0.len() + token.len() + 1);
        out.push_str(&self.0);
        out.push('/');
        out.push_str(&token.replace('~', "~0").replace('/', "~1"));
        Self(out)
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
