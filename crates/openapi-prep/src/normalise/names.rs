//! Names of schemas: chosen once, then kept.
//!
//! A ledger that is checked in beside the document has the name of each place
//! that needed one. A document that grows finds its old names there, whatever
//! comes before them in the file. A name belongs to one place. What the document
//! does not have any more keeps no name, and is dropped from the ledger.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::{Error, Pointer, rust_names::camel};

/// Names that would hide what generated code needs by its plain name.
const RESERVED: [&str; 15] = [
    "Self",
    "Option",
    "Vec",
    "String",
    "Box",
    "Result",
    "Default",
    "Some",
    "None",
    "Ok",
    "Err",
    "Error",
    "From",
    "Into",
    "IntoIterator",
];

/// The ledger: the name of each place of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    by_place: BTreeMap<String, String>,
    used: HashSet<String>,
    /// While a document is being named: the names as they were read, and the
    /// places of those.
    previous: BTreeMap<String, String>,
    previous_places: HashMap<String, String>,
}

impl Names {
    /// A ledger with no names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a ledger: an object of places and names.
    ///
    /// # Errors
    ///
    /// Where it is not an object of names, or two places have the same one.
    pub fn from_json(ledger: &Value) -> Result<Self, Error> {
        let mut names = Self::default();
        let Value::Object(entries) = ledger else {
            return Err(Error::new("a ledger of names is an object of places and names").at(""));
        };
        for (place, name) in entries {
            let at = Pointer::root().join(place);
            let name = name.as_str().unwrap_or_default();
            if type_name(name) != name {
                let message = "a name in the ledger must be a Rust type name in camel case";
                let remedy = "correct the name, or take the line out and let one be chosen";
                return Err(Error::new(message).at(at).remedy(remedy));
            }
            if names.used.contains(name) {
                let message = format!("the ledger gives the name {name} twice");
                let remedy = "take one of the lines out and let a name be chosen";
                return Err(Error::new(message).at(at).remedy(remedy));
            }
            names.assign(place, name);
        }
        Ok(names)
    }

    /// The ledger as an object of places and names, sorted by place.
    pub fn to_json(&self) -> Value {
        let entries = self.by_place.iter();
        let entries = entries.map(|(place, name)| (place.clone(), json!(name)));
        Value::Object(entries.collect::<Map<_, _>>())
    }

    /// Starts a document: from now on names are those of the ledger only where
    /// the document still has their place.
    pub(super) fn start(&mut self) {
        self.used.clear();
        self.previous = std::mem::take(&mut self.by_place);
        let places = self.previous.iter();
        self.previous_places = places
            .map(|(place, name)| (name.clone(), place.clone()))
            .collect();
    }

    /// Ends a document: what it did not need is forgotten.
    pub(super) fn finish(&mut self) {
        self.previous.clear();
        self.previous_places.clear();
    }

    /// The name of this place in this document.
    pub(super) fn get(&self, place: &str) -> Option<&String> {
        self.by_place.get(place)
    }

    /// The name that this place had before, if none else has it now.
    pub(super) fn previous(&self, place: &str) -> Option<&String> {
        let name = self.previous.get(place)?;
        (!self.used.contains(name)).then_some(name)
    }

    /// The name of this place: the one it has, or the first of these that is
    /// free, or else the last of them with a number.
    pub(super) fn get_or_assign(&mut self, place: &str, wanted: &[String]) -> String {
        let known = self.get(place).or_else(|| self.previous(place)).cloned();
        let last = wanted.last().map_or("", String::as_str);
        // A number must survive the generator's own camel case.
        let numbered = (2..).map(|number| format!("{}{number}", type_name(last)));
        let names = wanted.iter().cloned().chain(numbered);
        let mut free = names
            .map(|name| type_name(&name))
            .filter(|name| self.is_free(name, place));
        let name = known.or_else(|| free.next()).unwrap_or_default();
        self.assign(place, &name);
        name
    }

    /// Gives a place a name that nothing else has.
    pub(super) fn assign(&mut self, place: &str, name: &str) {
        self.used.insert(name.to_owned());
        self.by_place.insert(place.to_owned(), name.to_owned());
    }

    /// Whether nothing has this name, nor is going to get it back.
    pub(super) fn is_free(&self, name: &str, place: &str) -> bool {
        let previous = self.previous_places.get(name);
        let previous = previous.filter(|other| *other != place);
        let owner = previous.and_then(|place| owner_of_derived(place));
        !self.used.contains(name) && !owner.is_some_and(|owner| self.used.contains(owner))
    }
}

/// The schema that a derived one comes from: derived schemas get their names
/// after all schemas of the document, so it is not known yet whether they are
/// needed. Their places are `#Owner (request)` or `/components/schemas/Owner/...`.
fn owner_of_derived(place: &str) -> Option<&str> {
    let component = place.strip_prefix("/components/schemas/");
    let rest = component.or_else(|| place.strip_prefix('#'))?;
    rest.find([' ', '/']).map(|end| &rest[..end])
}

/// A Rust type name, in the camel case of the generator.
pub(super) fn type_name(text: &str) -> String {
    let text = text.replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    // Twice, as single letters in a row are one word the second time.
    let mut name = camel(&camel(&text));
    if name.is_empty() {
        name = "Unnamed".into();
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name = camel(&format!("N{name}"));
    }
    if RESERVED.contains(&name.as_str()) {
        name.push_str("Value");
    }
    name
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn names_are_kept_while_their_place_is_there() {
        let wanted = |name: &str| [name.to_owned()];
        let mut names = Names::new();
        let a = names.get_or_assign("a.status", &wanted("video status"));
        assert_eq!(a, "VideoStatus");
        let b = names.get_or_assign("b.status", &wanted("VideoStatus"));
        assert_eq!(b, "VideoStatus2");
        let mut again = Names::from_json(&names.to_json()).unwrap();
        assert_eq!(again, names);
        again.start();
        let b = again.get_or_assign("b.status", &wanted("Something"));
        assert_eq!(b, "VideoStatus2");
        // That of `a.status`, which is gone.
        let c = again.get_or_assign("c.status", &wanted("VideoStatus"));
        assert_eq!(c, "VideoStatus");
        again.finish();
        assert_eq!(
            again.to_json(),
            json!({"b.status": "VideoStatus2", "c.status": "VideoStatus"})
        );
    }

    #[test]
    fn derived_schemas_keep_their_names_while_their_owner_is_there() {
        let ledger = json!({"#A": "A", "#A (request)": "AInput", "#B (request)": "BInput"});
        let mut names = Names::from_json(&ledger).unwrap();
        names.start();
        names.get_or_assign("#A", &["A".into()]);
        assert!(!names.is_free("AInput", "#AInput"));
        assert!(names.is_free("BInput", "#BInput"));
        assert!(names.is_free("AInput", "#A (request)"));
    }

    #[test]
    fn names_that_two_places_have_are_refused() {
        let error = Names::from_json(&json!({"#a": "A", "#b": "A"})).unwrap_err();
        assert_eq!(error.pointer(), Some("/#b"));
    }

    #[test]
    fn names_are_what_the_generator_would_write() {
        for (text, name) in [
            ("AIClip", "AiClip"),
            ("v3.video-list", "V3VideoList"),
            ("3d", "N3d"),
            ("Result", "ResultValue"),
            ("日本", "Unnamed"),
            ("Page[Item]", "PageItem"),
            ("a b c", "Abc"),
            ("C0ChatB2Page", "C0ChatB2Page"),
            ("A1B2", "A1b2"),
            ("ABc", "ABc"),
        ] {
            assert_eq!(type_name(text), name);
            assert_eq!(type_name(name), name, "stable");
        }
    }

    #[test]
    fn a_ledger_with_a_bad_name_is_refused() {
        let error = Names::from_json(&json!({"a": "not a name"})).unwrap_err();
        assert_eq!(error.pointer(), Some("/a"));
    }
}
