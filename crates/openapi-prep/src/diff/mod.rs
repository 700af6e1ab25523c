//! What changed between two APIs, as a user of the generated crate feels it.
//!
//! Two [`Api`]s are compared, of documents that were prepared with one ledger of
//! names: first the document as it was, then, with the ledger that this left,
//! the document as it is. So everything is judged by what was really generated:
//! an operation that the generator cannot take is not announced, and a type that
//! has another name in Rust is renamed whatever the document calls it.
//!
//! # What the classes mean
//!
//! - [`Breaking`](Class::Breaking): a program may not compile any more, or a
//!   call it makes fails until it is changed. A method, parameter, field, enum
//!   value, variant or type is gone or has another name; a type differs, which
//!   includes a `T` that became an `Option<T>`; something must be given that
//!   was not; credentials are not accepted any more.
//! - [`Additive`](Class::Additive): it goes on as it is. Something is there
//!   that was not, or a call travels in another way (a method sends to another
//!   path, a parameter moved from the query to a header).
//! - [`Cosmetic`](Class::Cosmetic): nobody but a reader notices. Descriptions,
//!   examples, constraints and defaults are documentation in the generated
//!   crate, and errors are read without types.
//!
//! The program calls methods by name. All generated types are `#[non_exhaustive]`:
//! it builds those of requests by `new` and setters, and has an arm for the rest
//! where it matches.
//!
//! # The kinds
//!
//! Later versions add words and do not change these.
//!
//! | kind | what happened |
//! |---|---|
//! | `operation-added` | A new method. |
//! | `operation-removed` | A method that is gone. |
//! | `operation-renamed` | The same operation under another method name. |
//! | `operation-moved` | The same method name, another path or HTTP method. |
//! | `parameter-added` | A new parameter. |
//! | `parameter-removed` | A parameter that is gone. |
//! | `parameter-renamed` | The same parameter under another name in Rust. |
//! | `parameter-moved` | A parameter that travels elsewhere, such as in a header. |
//! | `parameter-became-required` | A parameter that every call must give now. |
//! | `parameter-became-optional` | A parameter that a call may leave out now. |
//! | `body-added` | An operation that takes a body now. |
//! | `body-removed` | An operation that takes no body any more. |
//! | `body-became-required` | A body that every call must give now. |
//! | `body-became-optional` | A body that a call may leave out now. |
//! | `media-type-changed` | A body, a part of a form or a response in another form, such as JSON or bytes, or of another media type. |
//! | `status-changed` | The same response with another status of success. |
//! | `errors-changed` | Which errors the document lists. |
//! | `field-added` | A new field of a struct, or part of a form. |
//! | `field-removed` | A field that is gone. |
//! | `field-renamed` | The same property under another name in Rust. |
//! | `field-became-required` | A field that must be there now. |
//! | `field-became-optional` | A field that may be left out or null now. |
//! | `nullability-changed` | A field of requests that can be sent as null now, or no longer. |
//! | `type-changed` | A value of another type, or a type of another shape. |
//! | `type-renamed` | A type that goes by another name. |
//! | `type-added` | A new type. |
//! | `type-removed` | A type that is gone. |
//! | `enum-value-added` | A new value of an enum, or documented value of an integer. |
//! | `enum-value-removed` | A value of an enum, or documented value of an integer, that is gone. |
//! | `enum-value-renamed` | The same value under another variant or constant name. |
//! | `openness-changed` | Whether values that are not listed are kept. |
//! | `variant-added` | A new variant of a union. |
//! | `variant-removed` | A variant of a union that is gone. |
//! | `variant-renamed` | The same variant under another name. |
//! | `tag-changed` | The property, or the values, that tell the variants of a union apart. |
//! | `documentation-changed` | Titles, summaries, descriptions, tags; the version of the document. |
//! | `examples-changed` | Examples. |
//! | `default-changed` | What the server takes where a value is left out. |
//! | `constraints-changed` | What the server asks of values: documentation in Rust. |
//! | `deprecated` | Something is marked as deprecated now. |
//! | `deprecation-lifted` | Something is not marked as deprecated any more. |
//! | `security-added` | A way to prove who calls is accepted now. |
//! | `security-removed` | A way to prove who calls is not accepted any more. |
//! | `security-scheme-changed` | A way to prove who calls works differently. |
//! | `servers-changed` | Where the API is served. |
//! | `extensions-changed` | Extensions of an operation, such as a date of retirement. |
//!
//! # The JSON form
//!
//! [`Diff::to_json`] gives, and later versions will only add to:
//!
//! ```json
//! {
//!   "format": 2,
//!   "counts": {"breaking": 1, "additive": 0, "cosmetic": 0},
//!   "changes": [
//!     {
//!       "class": "breaking",
//!       "kind": "field-removed",
//!       "operation": null,
//!       "type": "Video",
//!       "old": "/components/schemas/Video/properties/title",
//!       "new": null,
//!       "before": null,
//!       "after": null,
//!       "text": "`Video.title` is gone."
//!     }
//!   ]
//! }
//! ```
//!
//! - `format`: 2. Another number means that a reader of this form must stop.
//! - `counts`: how many changes there are of each class.
//! - `changes`: breaking first, then additive, then cosmetic; the same two
//!   documents give the same list, byte for byte.
//! - `class`: `breaking`, `additive` or `cosmetic`.
//! - `kind`: a word of the table above; words may be added.
//! - `operation`: method and path in the new document (in the old one where it
//!   is gone), such as `GET /videos`; null for what belongs to a named type or
//!   the whole document.
//! - `type`: the named type it belongs to, or null.
//! - `old`, `new`: JSON pointers into the two documents as they were given to
//!   `prepare`; null on the side where the thing is not.
//! - `before`, `after`: the changed value on either side, or null: a name, a
//!   type, a default and so on.
//! - `text`: one sentence. Its wording may change.

mod change;
mod context;
mod document;
mod members;
mod operations;
mod pairs;
mod renames;
mod render;
#[cfg(test)]
mod tests;
mod types;

use serde_json::{Value, json};

pub use self::change::{Change, Class};
use self::context::Compare;
use crate::api::Api;

/// The differences between two APIs.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    changes: Vec<Change>,
}

/// Compares two APIs, the old one first.
pub fn diff(old: &Api, new: &Api) -> Diff {
    let mut compare = Compare {
        old,
        new,
        renamed: renames::find(old, new),
        rows: Vec::new(),
    };
    document::compare(&mut compare);
    operations::compare(&mut compare);
    types::compare(&mut compare);
    let mut changes = compare.rows;
    changes.sort_by_cached_key(|c| {
        let at = c.new.clone().or_else(|| c.old.clone());
        let owner = (
            c.operation.is_none(),
            c.operation.clone(),
            c.type_name.clone(),
        );
        (c.class, owner, at, c.kind.clone(), c.text.clone())
    });
    Diff { changes }
}

impl Diff {
    /// The changes: breaking first, then additive, then cosmetic.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// How many changes there are of a class.
    pub fn count(&self, class: Class) -> usize {
        self.changes.iter().filter(|c| c.class == class).count()
    }

    /// Whether a user notices nothing.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The report as JSON, in the form of the module's documentation.
    pub fn to_json(&self) -> Value {
        json!({
            "format": 2,
            "counts": {
                "breaking": self.count(Class::Breaking),
                "additive": self.count(Class::Additive),
                "cosmetic": self.count(Class::Cosmetic),
            },
            "changes": self.changes,
        })
    }
}
