//! One change, or one conflict, between what is held and what is new, and how
//! it is shown: at the innermost places that differ, cut to a readable length.

use serde_json::Value;

use crate::{Pointer, equality::equal_options, error::shown, text};

/// How many characters of a value are shown.
const MAX_WIDTH: usize = 500;
/// How many places that differ are shown of one change.
const MAX_PLACES: usize = 8;

/// One thing that differs between the document before and after.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// JSON pointer of the thing, such as `/paths/~1v2~1avatars/get`.
    pub pointer: String,
    /// The value before; `None` where the thing is new.
    pub before: Option<Value>,
    /// The value after; `None` where the thing is gone.
    pub after: Option<Value>,
}

impl Change {
    pub(super) fn new(at: &Pointer, before: Option<&Value>, after: Option<&Value>) -> Self {
        Self {
            pointer: at.to_string(),
            before: before.cloned(),
            after: after.cloned(),
        }
    }

    /// The innermost places at which the two values differ, each as a change
    /// of its own. Lists of different length count as one place.
    pub fn places(&self) -> Vec<Change> {
        let (at, mut places) = (Pointer::parse(&self.pointer), Vec::new());
        descend(self.before.as_ref(), self.after.as_ref(), &at, &mut places);
        places
    }

    /// Both sides of every place that differs, as JSON under the given names. Long
    /// values and long lists of places are cut, and it is said where.
    pub fn sides(&self, before: &str, after: &str) -> String {
        let places = self.places();
        let mut lines = Vec::new();
        for place in places.iter().take(MAX_PLACES) {
            lines.push(format!("  {}", shown(&place.pointer)));
            for (name, value) in [(before, &place.before), (after, &place.after)] {
                let value = value.as_ref();
                let value = value.map_or_else(|| "(not there)".to_owned(), Value::to_string);
                lines.push(format!("    {name}: {}", text::shown(&value, MAX_WIDTH)));
            }
        }
        if places.len() > MAX_PLACES {
            let more = places.len() - MAX_PLACES;
            lines.push(format!("  and {more} more places inside {}", self.pointer));
        }
        lines.join("\n")
    }
}

fn descend(before: Option<&Value>, after: Option<&Value>, at: &Pointer, out: &mut Vec<Change>) {
    match (before, after) {
        (before, after) if equal_options(before, after) => {}
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let added = new.keys().filter(|key| !old.contains_key(*key));
            for key in old.keys().chain(added) {
                descend(old.get(key), new.get(key), &at.join(key), out);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                descend(Some(old), Some(new), &at.join(index), out);
            }
        }
        (before, after) => out.push(Change::new(at, before, after)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_innermost_places_are_found() {
        let change = Change {
            pointer: "/a".into(),
            before: Some(json!({"x/y": [1, {"k": 1}], "same": 0, "gone": 1, "list": [1]})),
            after: Some(json!({"x/y": [1, {"k": 2}], "same": 0, "new": 1, "list": [1, 2]})),
        };
        let places = change.places();
        let pointers: Vec<_> = places.iter().map(|p| p.pointer.as_str()).collect();
        assert_eq!(pointers, ["/a/x~1y/1/k", "/a/gone", "/a/list", "/a/new"]);
        assert_eq!(
            (&places[0].before, &places[0].after),
            (&Some(json!(1)), &Some(json!(2)))
        );
        assert_eq!(places[1].after, None);
    }

    #[test]
    fn long_values_are_cut_and_say_so() {
        let change = Change {
            pointer: "/a".into(),
            before: Some(json!(vec![1; 400])),
            after: Some(json!("é".repeat(600))),
        };
        let text = change.sides("held", "new");
        assert!(text.contains("held: [1,1,1"), "{text}");
        assert!(text.contains(",1..."), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() < 600),
            "{text}"
        );
    }
}
