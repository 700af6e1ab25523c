//! Names of schemas: chosen once, then kept.
//!
//! Every name stands in a ledger that is checked in beside the document, by
//! the place that first needed it. A document that grows finds its old names
//! there, whatever came before them in the file.

use std::collections::{BTreeMap, HashMap, HashSet};

use heck::ToUpperCamelCase;
use serde_json::{Map, Value};

use super::{rule, unions::VARIANTS};
use crate::{Error, Pointer, Report, references, schema, walk};

/// Names that would hide what generated code needs by its plain name.
const RESERVED: [&str; 12] = [
    "Self", "Option", "Vec", "String", "Box", "Result", "Default", "Some", "None", "Ok", "Err",
    "Error",
];

/// The ledger: which place in the document gave which schema its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    given: BTreeMap<String, String>,
    used: HashSet<String>,
}

impl Names {
    /// A ledger with no names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a ledger: an object of places and names.
    pub fn from_json(ledger: &Value) -> Result<Self, Error> {
        let mut names = Self::default();
        let Value::Object(entries) = ledger else {
            return Err(Error::new("a ledger of names is an object of places and names").at(""));
        };
        for (place, name) in entries {
            let name = name.as_str().filter(|n| is_name(n)).ok_or_else(|| {
                Error::new("a name in the ledger must be a Rust type name in camel case")
                    .at(Pointer::root().join(place))
                    .remedy("correct the name, or take the line out and let one be chosen")
            })?;
            names.used.insert(name.to_owned());
            names.given.insert(place.clone(), name.to_owned());
        }
        Ok(names)
    }

    /// The ledger as an object of places and names, sorted by place.
    pub fn to_json(&self) -> Value {
        self.given
            .iter()
            .map(|(place, name)| (place.clone(), Value::String(name.clone())))
            .collect::<Map<_, _>>()
            .into()
    }

    /// The name this place was given before.
    pub(super) fn known(&self, place: &str) -> Option<&str> {
        self.given.get(place).map(String::as_str)
    }

    /// The name of this place: the one it has, or a new one like `wanted`.
    pub(super) fn give(&mut self, place: &str, wanted: &str) -> String {
        if let Some(name) = self.known(place) {
            return name.to_owned();
        }
        self.give_new(place, wanted)
    }

    /// The name of this place: the one it has, or the first of these that
    /// nothing has yet.
    pub(super) fn give_any(&mut self, place: &str, wanted: &[String]) -> String {
        if let Some(name) = self.known(place) {
            return name.to_owned();
        }
        self.give_new_of(place, wanted)
    }

    /// The first of these names that nothing has yet, for this place.
    pub(super) fn give_new_of(&mut self, place: &str, wanted: &[String]) -> String {
        for name in wanted {
            let name = type_name(name);
            if !self.used.contains(&name) {
                self.share(place, &name);
                return name;
            }
        }
        let longest = wanted.last().map_or("", String::as_str);
        self.give_new(place, longest)
    }

    /// A name that nothing has yet, like `wanted`, for this place.
    pub(super) fn give_new(&mut self, place: &str, wanted: &str) -> String {
        let wanted = type_name(wanted);
        let mut name = wanted.clone();
        let mut count = 2;
        while self.used.contains(&name) {
            // The number must survive the generator's own camel case.
            name = type_name(&format!("{wanted}{count}"));
            count += 1;
        }
        self.share(place, &name);
        name
    }

    /// Notes that this place goes by a name that is there already.
    pub(super) fn share(&mut self, place: &str, name: &str) {
        self.used.insert(name.to_owned());
        self.given.insert(place.to_owned(), name.to_owned());
    }
}

fn is_name(name: &str) -> bool {
    type_name(name) == name
}

/// A Rust type name, in the camel case of the generator.
pub(super) fn type_name(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    // Twice, as single letters in a row are one word the second time.
    let mut name = text.to_upper_camel_case().to_upper_camel_case();
    if name.is_empty() {
        name = "Unnamed".into();
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'N');
        name = name.to_upper_camel_case();
    }
    if RESERVED.contains(&name.as_str()) {
        name.push_str("Value");
    }
    name
}

/// Gives the document's own schemas names that Rust can have, and notes them
/// in the ledger before any schema is named by us.
pub(super) fn rename_components(document: &mut Value, names: &mut Names, report: &mut Report) {
    let at = Pointer::root().joins(["components", "schemas"]);
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let mut renamed = HashMap::new();
    let mut moved = Vec::new();
    let old = std::mem::take(schemas);
    for (name, schema) in old {
        let place = format!("#{name}");
        let wanted = schema
            .get(super::strip::NAME)
            .and_then(Value::as_str)
            .unwrap_or(&name)
            .to_owned();
        let new = names.give(&place, &wanted);
        if new != name {
            report.changed(rule("schema-name"), &at.join(&name), format!("named {new}"));
            moved.push((at.join(&new), at.join(&name)));
        }
        schemas.insert(new.clone(), schema);
        renamed.insert(name, new);
    }
    report.all_moved(&moved);
    rename_references(document, &renamed);
}

/// Follows schemas to their new names.
pub(super) fn rename_references(document: &mut Value, renamed: &HashMap<String, String>) {
    if renamed.iter().all(|(old, new)| old == new) {
        return;
    }
    walk::schemas(document, &mut |value, _| rename_in(value, renamed));
}

/// Follows the references of one schema, its discriminator's included.
pub(crate) fn rename_in(value: &mut Value, renamed: &HashMap<String, String>) {
    let new = schema::ref_name(value).and_then(|name| renamed.get(name));
    if let Some(new) = new {
        value["$ref"] = schema::reference(new)["$ref"].clone();
    }
    if let Some(Value::Object(mapping)) = value.pointer_mut("/discriminator/mapping") {
        for (_, target) in mapping.iter_mut() {
            let name = mapping_target(target);
            if let Some(new) = name.and_then(|name| renamed.get(&name)) {
                *target = Value::String(format!("{}{new}", schema::SCHEMAS));
            }
        }
    }
    let variants = value.get_mut(VARIANTS).and_then(Value::as_object_mut);
    for (_, target) in variants.into_iter().flatten() {
        if let Some(new) = target.as_str().and_then(|name| renamed.get(name)) {
            *target = Value::String(new.clone());
        }
    }
}

/// The schema a mapping's value names: text, a reference in text, or (as
/// some tools write it) a reference object.
pub(super) fn mapping_target(target: &Value) -> Option<String> {
    let text = match target {
        Value::String(text) => text.as_str(),
        other => other.get("$ref")?.as_str()?,
    };
    let name = text.rsplit('/').next().unwrap_or(text);
    let plain = references::decoded(&format!("/{name}"))?;
    Some(plain[1..].replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_once_given_is_kept() {
        let mut names = Names::new();
        assert_eq!(names.give("a.status", "video status"), "VideoStatus");
        assert_eq!(names.give("b.status", "VideoStatus"), "VideoStatus2");
        assert_eq!(names.give("a.status", "Something"), "VideoStatus");
        let again = Names::from_json(&names.to_json()).unwrap();
        assert_eq!(again, names);
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

    #[test]
    fn references_follow() {
        let mut document = json!({"components": {"schemas": {
            "foo_bar": {"type": "object"},
            "Union": {"oneOf": [{"$ref": "#/components/schemas/foo_bar"}],
                      "discriminator": {"propertyName": "t", "mapping": {"f": {"$ref": "#/components/schemas/foo_bar"}}}},
        }}});
        rename_components(&mut document, &mut Names::new(), &mut Report::new());
        assert_eq!(
            document["components"]["schemas"]["Union"]["oneOf"][0]["$ref"],
            "#/components/schemas/FooBar"
        );
        assert_eq!(
            document["components"]["schemas"]["Union"]["discriminator"]["mapping"]["f"],
            "#/components/schemas/FooBar"
        );
    }
}
