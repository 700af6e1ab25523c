//! Types that are one of several: enums by their values, unions by what tells
//! their variants apart.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    change::{Class, Kind},
    compare::{Compare, Null},
    form::{Way, alike, describe, fixed},
    side::{Place, Side},
    spot::Spot,
    view::{View, peel, view},
    words::{code, shown},
};
use crate::Pointer;

/// How a union's variants are told apart.
#[derive(Debug)]
struct Variants<'d> {
    /// The property that holds the tag, if there is one.
    tag: Option<String>,
    /// Each with the value of its tag, or else with what it is.
    arms: Vec<(String, Place<'d>)>,
}

impl<'d> Compare<'d> {
    /// Compares the values of two enums.
    pub(super) fn values(
        &mut self,
        was: &View<'d>,
        is: &View<'d>,
        (old, new): (&Place<'d>, &Place<'d>),
        way: Way,
        spot: &Spot,
    ) {
        let none = Vec::new();
        let (was, is) = (
            was.values.as_ref().unwrap_or(&none),
            is.values.as_ref().unwrap_or(&none),
        );
        let sides = (Some(old), Some(new));
        let told = spot.told();
        for value in was.iter().filter(|value| !is.contains(value)) {
            let text = match way {
                Way::Request => format!("{told} does not take {} any more.", shown(value)),
                Way::Response => {
                    format!("{told} has no variant for {} any more.", shown(value))
                }
            };
            let values = (Some((*value).clone()), None);
            let kind = Kind::EnumValueRemoved;
            self.row(Class::Breaking, kind, spot, sides, values, text);
        }
        for value in is.iter().filter(|value| !was.contains(value)) {
            let text = format!("{told} knows the value {} now.", shown(value));
            let values = (None, Some((*value).clone()));
            let kind = Kind::EnumValueAdded;
            self.row(Class::Additive, kind, spot, sides, values, text);
        }
        let same = was.len() == is.len() && was.iter().all(|value| is.contains(value));
        if same && was != is {
            let list = |values: &[&Value]| Some(values.iter().map(|v| (*v).clone()).collect());
            let text = format!("{told} has its values in another order.");
            let values = (list(was), list(is));
            self.row(
                Class::Cosmetic,
                Kind::EnumReordered,
                spot,
                sides,
                values,
                text,
            );
        }
    }

    /// Compares the variants of two unions.
    pub(super) fn variants(
        &mut self,
        was: &View<'d>,
        is: &View<'d>,
        (old, new): (&Place<'d>, &Place<'d>),
        way: Way,
        spot: &Spot,
    ) {
        let was = variants(&self.old, was, way);
        let is = variants(&self.new, is, way);
        let told = spot.told();
        let sides = (Some(old), Some(new));
        if was.tag != is.tag {
            let name = |tag: &Option<String>| match tag {
                Some(tag) => code(tag),
                None => "their shapes".to_owned(),
            };
            let class = if was.tag.is_some() && is.tag.is_some() {
                Class::Additive
            } else {
                Class::Breaking
            };
            let text = format!(
                "The variants of {} are told apart by {} now, not by {}.",
                spot.told_inside(),
                name(&is.tag),
                name(&was.tag)
            );
            let values = (was.tag.map(Value::from), is.tag.map(Value::from));
            self.row(class, Kind::TagChanged, spot, sides, values, text);
            if class == Class::Breaking {
                return;
            }
        }
        let mut gone = Vec::new();
        let mut fresh = is.arms;
        for (key, arm) in was.arms {
            match fresh.iter().position(|(other, _)| *other == key) {
                Some(index) => {
                    let (_, other) = fresh.remove(index);
                    let spot = spot.inside(&format!("|{key}"));
                    self.slot(arm, other, Null::Matters, &spot);
                }
                None => gone.push((key, arm)),
            }
        }
        for (key, arm) in gone {
            let before = peel(&self.old, arm.clone());
            let same = |(_, other): &(String, Place<'d>)| {
                let after = peel(&self.new, other.clone());
                let replaced = match (&before.component, &after.component) {
                    (Some(was), Some(is)) => self.replaced(was, is),
                    _ => false,
                };
                let replaced = replaced && {
                    let views = (
                        view(&self.old, &before.place),
                        view(&self.new, &after.place),
                    );
                    alike((&self.old, &views.0), (&self.new, &views.1), way)
                };
                replaced || (before.name.is_some() && before.name == after.name)
            };
            let (class, kind, values, text, other) = match fresh.iter().position(same) {
                Some(index) => {
                    let (now, other) = fresh.remove(index);
                    let text = format!(
                        "The variant {} of {} is called {} now.",
                        code(&key),
                        spot.told_inside(),
                        code(&now)
                    );
                    let values = (Some(key.clone().into()), Some(now.into()));
                    let kind = Kind::VariantRenamed;
                    (Class::Breaking, kind, values, text, Some(other))
                }
                None => {
                    let text = format!("{told} has no variant {} any more.", code(&key));
                    let values = (Some(key.clone().into()), None);
                    (Class::Breaking, Kind::VariantRemoved, values, text, None)
                }
            };
            let sides = (Some(&arm), other.as_ref());
            self.row(class, kind, spot, sides, values, text);
            if let Some(other) = other {
                let spot = spot.inside(&format!("|{key}"));
                self.slot(arm, other, Null::Matters, &spot);
            }
        }
        for (key, arm) in fresh {
            let text = format!("{told} has a variant {} now.", code(&key));
            let values = (None, Some(key.into()));
            let sides = (None, Some(&arm));
            self.row(
                Class::Additive,
                Kind::VariantAdded,
                spot,
                sides,
                values,
                text,
            );
        }
    }
}

/// The variants of a union, each with what tells it apart: as its
/// discriminator says, else by a property that must be there and has one fixed
/// value of its own in every variant, else by what the variants are.
fn variants<'d>(side: &Side<'d>, union: &View<'d>, way: Way) -> Variants<'d> {
    let views: Vec<View<'d>> = union
        .arms
        .iter()
        .map(|arm| view(side, &peel(side, arm.clone()).place))
        .collect();
    let discriminator = union.discriminator.as_ref();
    let tag = match discriminator.and_then(|d| d.text("propertyName")) {
        Some(tag) => Some(tag.to_owned()),
        None => told_apart(side, &views),
    };
    let objects = views.iter().all(|view| !view.properties.is_empty());
    let tag = tag.filter(|_| objects);
    let mapping = discriminator
        .and_then(|d| d.get("mapping"))
        .map(|mapping| mapping.entries())
        .unwrap_or_default();
    let mut arms: Vec<(String, Place<'d>)> = Vec::new();
    for (arm, view) in union.arms.iter().zip(&views) {
        let peeled = peel(side, arm.clone());
        let named = |target: &Place<'d>| {
            let text = target.value.as_str().or_else(|| target.text("$ref"));
            text.and_then(|text| text.rsplit('/').next()) == peeled.name.as_deref()
        };
        let mut keys: Vec<String> = match &tag {
            None => Vec::new(),
            Some(tag) => {
                let mapped = mapping.iter().filter(|(_, target)| named(target));
                let keys: Vec<_> = mapped.map(|(value, _)| (*value).to_owned()).collect();
                if keys.is_empty() {
                    fixed_values(side, view, tag)
                } else {
                    keys
                }
            }
        };
        if keys.is_empty() {
            keys.push(describe(side, &peeled, way));
        }
        for mut key in keys {
            while arms.iter().any(|(known, _)| *known == key) {
                key.push('\'');
            }
            arms.push((key, arm.clone()));
        }
    }
    Variants { tag, arms }
}

/// The variants that are used in tagged unions and nowhere else, with the
/// name of the tag: it is said by the union and is no field of theirs.
pub(super) fn tagged(side: &Side<'_>) -> HashMap<Pointer, String> {
    let mut uses: HashMap<Pointer, usize> = HashMap::new();
    let mut tags: HashMap<Pointer, Vec<String>> = HashMap::new();
    for place in side.everything() {
        // What a discriminator names, its union refers to as well.
        let mapping = place.at.as_str().contains("/discriminator/mapping/");
        if let Some(target) = side.target(&place).filter(|_| !mapping) {
            *uses.entry(target.at).or_default() += 1;
        }
        if place.get("oneOf").or_else(|| place.get("anyOf")).is_none() {
            continue;
        }
        let union = view(side, &place);
        if union.arms.len() < 2 && union.discriminator.is_none() {
            continue;
        }
        let Some(tag) = variants(side, &union, Way::Response).tag else {
            continue;
        };
        for arm in union.arms {
            let named = side.target(&arm).map(|target| target.at);
            tags.entry(named.unwrap_or(arm.at))
                .or_default()
                .push(tag.clone());
        }
    }
    tags.into_iter()
        .filter(|(at, tags)| uses.get(at).is_none_or(|count| *count == tags.len()))
        .filter_map(|(at, mut tags)| {
            let tag = tags.pop()?;
            tags.iter().all(|other| *other == tag).then_some((at, tag))
        })
        .collect()
}

/// The property that every variant must hold with one fixed value, each with
/// another.
fn told_apart(side: &Side<'_>, views: &[View<'_>]) -> Option<String> {
    let (first, others) = views.split_first()?;
    let value = |view: &View<'_>, name: &str| {
        let place = view.property(name).filter(|_| view.required.contains(name));
        let place = place?.clone();
        let inner = super::view::view(side, &peel(side, place).place);
        fixed(&inner).map(str::to_owned)
    };
    let tag = first.properties.iter().find(|(name, _)| {
        let mut seen: Vec<String> = value(first, name).into_iter().collect();
        !seen.is_empty()
            && others.iter().all(|view| match value(view, name) {
                Some(value) if !seen.contains(&value) => {
                    seen.push(value);
                    true
                }
                _ => false,
            })
    });
    tag.map(|(name, _)| (*name).to_owned())
}

/// The texts that a variant's tag can be.
fn fixed_values(side: &Side<'_>, variant: &View<'_>, tag: &str) -> Vec<String> {
    let Some(place) = variant.property(tag) else {
        return Vec::new();
    };
    let inner = view(side, &peel(side, place.clone()).place);
    let values = inner.values.iter().flatten();
    values
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}
