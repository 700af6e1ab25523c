//! One difference: a class, a kind that programs can rely on, the pointers into
//! both documents and a sentence for people.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// What a change means for a program that uses the generated crate: the gravest
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The program may not compile any more, or a call it makes fails until
    /// the program is changed.
    Breaking,
    /// The program goes on as it is; there is more it could use, or a call
    /// travels in another way.
    Additive,
    /// Documentation and other things that no program notices.
    Cosmetic,
}

/// The word for it, as in JSON.
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", format!("{self:?}").to_lowercase())
    }
}

/// One difference between two APIs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What it means for a program.
    pub class: Class,
    /// What happened, in a word: see [the module](super).
    pub kind: String,
    /// The operation it belongs to, such as `GET /videos`; none for what
    /// belongs to a named type or to the whole document.
    pub operation: Option<String>,
    /// The named type it belongs to.
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    /// JSON pointer into the old document; none for what is new.
    pub old: Option<String>,
    /// JSON pointer into the new document; none for what is gone.
    pub new: Option<String>,
    /// The changed value before: a name, a type, a default and so on.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
    /// One sentence for people.
    pub text: String,
}
