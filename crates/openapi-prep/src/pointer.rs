//! JSON pointers (RFC 6901), built while walking down a document.

use std::fmt;

use serde_json::{Map, Value};

use crate::{reference::unescaped, schema};

/// One step down in a document: the name of a member, or the index of an item.
pub(crate) trait Token {
    /// Writes the step to the end of a pointer, escaped.
    fn write(&self, out: &mut String);
}

impl Token for str {
    fn write(&self, out: &mut String) {
        let mut rest = self;
        // Byte by byte: a walk over a document does this for every key.
        while let Some(at) = rest.bytes().position(|b| b == b'~' || b == b'/') {
            out.push_str(&rest[..at]);
            out.push_str(if rest[at..].starts_with('~') {
                "~0"
            } else {
                "~1"
            });
            rest = &rest[at + 1..];
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
        if *self > 9 {
            (self / 10).write(out);
        }
        out.push(char::from(b"0123456789"[self % 10]));
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
        let mut out = self.clone();
        tokens.into_iter().for_each(|token| out.push(token));
        out
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

/// The pointer, up to the last location of it that the document has.
pub(crate) fn nearest<'a>(document: &Value, pointer: &'a str) -> &'a str {
    let (mut here, mut end) = (document, 0);
    for token in pointer.split('/').skip(1) {
        let inner = match here {
            // Few have an escape, and many are looked up.
            Value::Object(entries) if token.contains('~') => entries.get(&unescaped(token)),
            Value::Object(entries) if entries.len() > 16 => entries.get(token),
            Value::Array(items) => token.parse().ok().and_then(|at: usize| items.get(at)),
            few => schema::get(few, token),
        };
        let Some(inner) = inner else { break };
        (here, end) = (inner, end + 1 + token.len());
    }
    &pointer[..end]
}

/// Puts a value at a location, with the objects on the way to it.
pub(crate) fn put(document: &mut Value, at: &str, value: Value) {
    let mut slot = document;
    for token in at.split('/').skip(1).map(unescaped) {
        let index: Option<usize> = token.parse().ok();
        if let (Value::Array(items), Some(index)) = (&*slot, index)
            && index <= items.len()
        {
            let Value::Array(items) = slot else { return };
            if index == items.len() {
                items.push(Value::Null);
            }
            slot = &mut items[index];
        } else {
            if !slot.is_object() {
                *slot = Value::Object(Map::new());
            }
            slot = &mut slot[token];
        }
    }
    *slot = value;
}

/// Removes what is at a location; what is around it keeps its order.
pub(crate) fn remove(document: &mut Value, at: &str) -> Option<Value> {
    let (around, token) = at.rsplit_once('/')?;
    match document.pointer_mut(around)? {
        Value::Object(entries) => entries.shift_remove(&unescaped(token)),
        Value::Array(items) => {
            let index = token.parse().ok().filter(|index| *index < items.len())?;
            Some(items.remove(index))
        }
        _ => None,
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
    #[test]
    fn pointers_end_where_the_document_does() {
        let document = serde_json::json!({"a/b": [{"~": 1}, 2], "": {}});
        for (pointer, wanted) in [
            ("", ""),
            ("/", "/"),
            ("/a~1b/0/~0", "/a~1b/0/~0"),
            ("/a~1b/0/~0/more", "/a~1b/0/~0"),
            ("/a~1b/2", "/a~1b"),
            ("/a/b", ""),
            ("no pointer", ""),
        ] {
            assert_eq!(nearest(&document, pointer), wanted, "{pointer}");
        }
    }
}
