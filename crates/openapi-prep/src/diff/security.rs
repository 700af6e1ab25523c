//! How a caller proves who it is: what is accepted, and how each way works.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    change::{Class, Kind},
    compare::Compare,
    side::{Place, Side},
    spot::Spot,
    words::code,
};

/// The alternatives that are accepted, each with what it needs. No list means
/// that nothing is needed.
fn accepted<'d>(security: Option<&Place<'d>>) -> BTreeMap<String, Option<Place<'d>>> {
    let alternatives = security.map(Place::items).unwrap_or_default();
    if alternatives.is_empty() {
        return [("no credentials".to_owned(), None)].into();
    }
    alternatives
        .into_iter()
        .map(|alternative| {
            let mut schemes: Vec<String> = alternative
                .entries()
                .iter()
                .map(|(name, scopes)| {
                    let scopes: Vec<_> = scopes.items();
                    let scopes: Vec<_> = scopes.iter().filter_map(|s| s.value.as_str()).collect();
                    if scopes.is_empty() {
                        (*name).to_owned()
                    } else {
                        format!("{name} for {}", scopes.join(", "))
                    }
                })
                .collect();
            schemes.sort();
            let words = if schemes.is_empty() {
                "no credentials".to_owned()
            } else {
                schemes.join(" with ")
            };
            (words, Some(alternative))
        })
        .collect()
}

impl<'d> Compare<'d> {
    /// What an operation accepts. What it inherits is told once, of the
    /// whole document.
    pub(super) fn security_of(&mut self, was: &Place<'d>, is: &Place<'d>, spot: &Spot) {
        if was.get("security").is_none() && is.get("security").is_none() {
            return;
        }
        let effective = |operation: &Place<'d>, side: &Side<'d>| {
            let own = operation.get("security");
            own.or_else(|| side.find(&["security"]))
        };
        let old = effective(was, &self.old);
        let new = effective(is, &self.new);
        self.requirements(old.as_ref(), new.as_ref(), spot);
    }

    fn requirements(&mut self, old: Option<&Place<'d>>, new: Option<&Place<'d>>, spot: &Spot) {
        let (was, is) = (accepted(old), accepted(new));
        let told = spot.told();
        for (words, place) in &was {
            if !is.contains_key(words) {
                let text = format!("{told} does not accept {} any more.", code(words));
                let sides = (place.as_ref().or(old), None);
                let values = (Some(words.clone().into()), None);
                let kind = Kind::SecurityRemoved;
                self.row(Class::Breaking, kind, spot, sides, values, text);
            }
        }
        for (words, place) in &is {
            if !was.contains_key(words) {
                let text = format!("{told} accepts {} now.", code(words));
                let sides = (None, place.as_ref().or(new));
                let values = (None, Some(words.clone().into()));
                let kind = Kind::SecurityAdded;
                self.row(Class::Additive, kind, spot, sides, values, text);
            }
        }
    }

    /// What all operations accept that do not say it themselves, and how each
    /// way works.
    pub(super) fn security(&mut self) {
        let spot = Spot::document();
        let old = self.old.find(&["security"]);
        let new = self.new.find(&["security"]);
        self.requirements(old.as_ref(), new.as_ref(), &spot);

        let schemes = |side: &Side<'d>| {
            let schemes = side.find(&["components", "securitySchemes"]);
            schemes.map(|schemes| schemes.entries()).unwrap_or_default()
        };
        let (was, is) = (schemes(&self.old), schemes(&self.new));
        for (name, old) in &was {
            let Some((_, new)) = is.iter().find(|(other, _)| other == name) else {
                let text = format!("The security scheme {} is gone.", code(name));
                let sides = (Some(old), None);
                self.scheme(Class::Cosmetic, &spot, sides, text);
                continue;
            };
            let (old, new) = (self.old.follow(old.clone()), self.new.follow(new.clone()));
            let how = |scheme: &Place<'d>| -> Vec<Option<Value>> {
                let keys = ["type", "in", "name", "scheme"];
                keys.iter()
                    .map(|key| scheme.value.get(*key).cloned())
                    .collect()
            };
            if how(&old) == how(&new) {
                let done = ["type", "in", "name", "scheme"];
                self.about_objects(&old, &new, &done, &spot);
            } else {
                let text = format!(
                    "The security scheme {} works differently: the credentials go elsewhere.",
                    code(name)
                );
                let sides = (Some(&old), Some(&new));
                self.scheme(Class::Breaking, &spot, sides, text);
            }
        }
        for (name, new) in &is {
            if !was.iter().any(|(other, _)| other == name) {
                let text = format!("The security scheme {} is new.", code(name));
                self.scheme(Class::Cosmetic, &spot, (None, Some(new)), text);
            }
        }
    }

    fn scheme(
        &mut self,
        class: Class,
        spot: &Spot,
        sides: (Option<&Place<'d>>, Option<&Place<'d>>),
        text: String,
    ) {
        let value = |place: Option<&Place<'d>>| place.map(|place| place.value.clone());
        let values = (value(sides.0), value(sides.1));
        self.row(
            class,
            Kind::SecuritySchemeChanged,
            spot,
            sides,
            values,
            text,
        );
    }
}
