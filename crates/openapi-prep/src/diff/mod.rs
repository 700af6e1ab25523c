//! What changed between two documents, as a user of the generated crate would
//! feel it.
//!
//! Two documents, OpenAPI 3.0 or 3.1 in any mixture, are compared as the
//! pipeline reads them: references followed, `allOf` merged, null in all its
//! spellings understood, the one success of each operation, types named by
//! the document. Nothing is generated for it; any document will do.
//!
//! # What the classes mean
//!
//! The program that is thought of fills requests through the builders, and
//! matches on enums with an arm for the rest.
//!
//! - [`Breaking`](Class::Breaking): it may not compile any more, or a call it
//!   makes fails until it is changed. A method, parameter, field, enum value,
//!   variant or type is gone or has another name; a type differs, which
//!   includes a `T` that became an `Option<T>`; something must be given that
//!   was not; credentials are not accepted any more.
//! - [`Additive`](Class::Additive): it goes on as it is. Something is there
//!   that was not, or a call travels in another way (a method sends to another
//!   path, a parameter moved from the query to a header).
//! - [`Cosmetic`](Class::Cosmetic): nobody but a reader notices. Prose,
//!   examples, bounds, defaults and formats are documentation in the generated
//!   crate; errors are read without types; in answers every field but the
//!   identifying one is an `Option`, whatever the document says.
//!
//! A schema that requests and answers share is looked at from both sides and
//! told once, with the graver class.
//!
//! # The JSON form
//!
//! [`Diff::to_json`] gives, and later versions will only add to:
//!
//! ```json
//! {
//!   "format": 1,
//!   "counts": {"breaking": 1, "additive": 0, "cosmetic": 0},
//!   "changes": [
//!     {
//!       "class": "breaking",
//!       "kind": "field-removed",
//!       "direction": "response",
//!       "operation": null,
//!       "schema": "Video",
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
//! - `format`: 1. Another number means that a reader of this form must stop.
//! - `counts`: how many changes there are of each class.
//! - `changes`: breaking first, then additive, then cosmetic; the same two
//!   documents give the same list, byte for byte.
//! - `class`: `breaking`, `additive` or `cosmetic`.
//! - `kind`: a word of [`Kind`]; words may be added.
//! - `direction`: `request`, `response` or `both`; null where neither fits.
//! - `operation`: HTTP method and path in the new document (in the old one
//!   where it is gone), such as `GET /videos`; null for what belongs to a
//!   named schema or the whole document.
//! - `schema`: the named schema it belongs to, or null.
//! - `old`, `new`: JSON pointers into the two documents as they were given;
//!   null on the side where the thing is not.
//! - `before`, `after`: the changed value on either side, or null: a type in
//!   words, an enum value, a flag, a text.
//! - `text`: one sentence. Its wording may change.

mod about;
mod bodies;
mod change;
mod choices;
mod compare;
mod components;
mod fields;
mod form;
mod names;
mod operations;
mod parameters;
mod render;
mod security;
mod side;
mod spot;
#[cfg(test)]
mod tests;
mod view;
mod words;

use serde_json::{Value, json};

pub use self::change::{Change, Class, Direction, Kind};
use self::{compare::Compare, spot::Spot};

/// The differences between two documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    changes: Vec<Change>,
}

/// Compares two documents. What is no OpenAPI in them counts as not there.
pub(crate) fn diff(old: &Value, new: &Value) -> Diff {
    let mut compare = Compare::new(old, new);
    compare.document();
    compare.operations();
    compare.security();
    compare.finish();
    compare.components();
    Diff {
        changes: compare.into_rows(),
    }
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

    /// Whether the documents say the same.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The report as JSON, in the form that the module's documentation tells.
    pub fn to_json(&self) -> Value {
        json!({
            "format": 1,
            "counts": {
                "breaking": self.count(Class::Breaking),
                "additive": self.count(Class::Additive),
                "cosmetic": self.count(Class::Cosmetic),
            },
            "changes": self.changes,
        })
    }

    /// The report as lines for a terminal.
    pub fn to_text(&self) -> String {
        render::text(self)
    }

    /// The report as Markdown for a pull request.
    pub fn to_markdown(&self) -> String {
        render::markdown(self)
    }
}

impl Compare<'_> {
    /// Compares what belongs to no operation and no schema.
    fn document(&mut self) {
        let spot = Spot::document();
        let (old, new) = (self.old.root(), self.new.root());
        let elsewhere = [
            "paths",
            "components",
            "webhooks",
            "security",
            "servers",
            "info",
            "tags",
            "openapi",
        ];
        self.about_objects(&old, &new, &elsewhere, &spot);
        self.calls_of_the_server(&old, &new, "webhooks", &spot);
        let servers = (old.get("servers"), new.get("servers"));
        self.servers(servers.0.as_ref(), servers.1.as_ref(), &spot);
        for key in ["openapi", "info", "tags"] {
            let (was, is) = (old.get(key), new.get(key));
            let values = (
                was.as_ref().map(|p| p.value.clone()),
                is.as_ref().map(|p| p.value.clone()),
            );
            if values.0 != values.1 {
                let text = format!("The document has another {}.", words::code(key));
                let sides = (was.as_ref(), is.as_ref());
                self.row(
                    Class::Cosmetic,
                    Kind::InfoChanged,
                    &spot,
                    sides,
                    values,
                    text,
                );
            }
        }
    }
}
