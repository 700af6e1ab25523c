//! One of the two documents, asked for what stands where. References are
//! followed here and nowhere else.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::Pointer;

/// How many references may lead on to another before we call it a circle.
pub(super) const HOPS: usize = 32;

/// What stands where a reference leads nowhere.
static NOTHING: Value = Value::Null;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Place<'d> {
    pub(super) value: &'d Value,
    pub(super) at: Pointer,
}

impl<'d> Place<'d> {
    /// The value of a key, if this is an object that has it.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        Some(Self {
            value: self.value.as_object()?.get(key)?,
            at: self.at.join(key),
        })
    }

    /// The text of a key.
    pub(super) fn text(&self, key: &str) -> Option<&'d str> {
        self.value.get(key)?.as_str()
    }

    /// Whether a key is `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The keys and values of an object; none of anything else.
    pub(super) fn entries(&self) -> Vec<(&'d str, Self)> {
        let object = self.value.as_object().into_iter().flatten();
        object
            .map(|(key, value)| {
                let at = self.at.join(key);
                (key.as_str(), Self { value, at })
            })
            .collect()
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items
            .map(|(index, value)| Self {
                value,
                at: self.at.join(index),
            })
            .collect()
    }

    /// The place as it stands in a report.
    pub(super) fn pointer(&self) -> String {
        self.at.to_string()
    }
}

/// A document and the names that places in it have.
#[derive(Debug)]
pub(super) struct Side<'d> {
    root: &'d Value,
    anchors: HashMap<String, Place<'d>>,
}

impl<'d> Side<'d> {
    pub(super) fn new(root: &'d Value) -> Self {
        let mut side = Self {
            root,
            anchors: HashMap::new(),
        };
        for place in side.everything() {
            for key in ["$anchor", "$dynamicAnchor"] {
                if let Some(anchor) = place.text(key) {
                    side.anchors.insert(format!("#{anchor}"), place.clone());
                }
            }
            if let Some(id) = place.text("$id") {
                side.anchors.insert(id.to_owned(), place.clone());
            }
        }
        side
    }

    /// Every object of the document.
    pub(super) fn everything(&self) -> Vec<Place<'d>> {
        let mut found = Vec::new();
        let mut open = vec![self.root()];
        while let Some(place) = open.pop() {
            open.extend(place.entries().into_iter().map(|(_, inner)| inner));
            open.extend(place.items());
            if place.value.is_object() {
                found.push(place);
            }
        }
        found
    }

    /// The whole document.
    pub(super) fn root(&self) -> Place<'d> {
        Place {
            value: self.root,
            at: Pointer::root(),
        }
    }

    /// The value at these keys, and where it is.
    pub(super) fn find(&self, keys: &[&str]) -> Option<Place<'d>> {
        keys.iter()
            .try_fold(self.root(), |place, key| place.get(key))
    }

    /// The named schemas.
    pub(super) fn schemas(&self) -> Option<&'d Map<String, Value>> {
        self.find(&["components", "schemas"])?.value.as_object()
    }

    /// The named schema of this name.
    pub(super) fn schema(&self, name: &str) -> Option<Place<'d>> {
        self.find(&["components", "schemas", name])
    }

    /// What the `$ref` of a place points at.
    pub(super) fn target(&self, place: &Place<'d>) -> Option<Place<'d>> {
        let reference = place.text("$ref").or_else(|| place.text("$dynamicRef"))?;
        if let Some(anchor) = self.anchors.get(reference) {
            return Some(anchor.clone());
        }
        let pointer = crate::reference::pointer(reference)?;
        if let Some(found) = self.at(&pointer) {
            return Some(found);
        }
        // A reference into the definitions of the nearest schema around it.
        if !["/$defs/", "/definitions/"]
            .iter()
            .any(|definitions| pointer.starts_with(definitions))
        {
            return None;
        }
        let mut around = place.at.as_str();
        loop {
            if let Some(found) = self.at(&format!("{around}{pointer}")) {
                return Some(found);
            }
            around = &around[..around.rfind('/')?];
        }
    }

    fn at(&self, pointer: &str) -> Option<Place<'d>> {
        Some(Place {
            value: self.root.pointer(pointer)?,
            at: Pointer::parse(pointer),
        })
    }

    /// Follows references from what is no schema (a parameter, a body, an
    /// answer, a path) to the thing itself.
    pub(super) fn follow(&self, mut place: Place<'d>) -> Place<'d> {
        for _ in 0..HOPS {
            if place.text("$ref").is_none() {
                return place;
            }
            match self.target(&place) {
                Some(target) => place = target,
                None => break,
            }
        }
        Place {
            value: &NOTHING,
            at: place.at,
        }
    }
}

/// The name in a pointer to a named schema.
pub(super) fn component(at: &Pointer) -> Option<String> {
    let name = at.as_str().strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_followed_wherever_they_lead() {
        let document = json!({
            "components": {"schemas": {
                "A": {"$anchor": "here", "$defs": {"In": {"x": 1}}, "items": {"$ref": "#/$defs/In"}},
                "B": {"$ref": "#here"},
                "C": {"$ref": "#/components/schemas/A/$defs/I%6E"},
                "D": {"$ref": "other.yaml#/X"},
                "E": {"$ref": "#/components/schemas/E"},
            }},
        });
        let side = Side::new(&document);
        let target = |keys: &[&str]| {
            let place = side.find(keys).unwrap();
            side.target(&place).map(|found| found.at.to_string())
        };
        let schemas = "/components/schemas";
        assert_eq!(
            target(&["components", "schemas", "A", "items"]),
            Some(format!("{schemas}/A/$defs/In"))
        );
        assert_eq!(
            target(&["components", "schemas", "B"]),
            Some(format!("{schemas}/A"))
        );
        assert_eq!(
            target(&["components", "schemas", "C"]),
            Some(format!("{schemas}/A/$defs/In"))
        );
        assert_eq!(target(&["components", "schemas", "D"]), None);
        let circle = side.schema("E").unwrap();
        assert!(side.follow(circle).value.is_null());
    }
}
