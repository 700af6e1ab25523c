//! Which Rust type a schema becomes, as far as two documents can differ in
//! it: an enum, a struct, a list, text.

use heck::ToUpperCamelCase;
use serde_json::Value;

use crate::count;

use super::{
    side::{Place, Side},
    view::{Peeled, View, peel, view},
};

/// How deep a type is told before it is cut short.
const DEPTH: usize = 4;

/// From which side of a call a schema is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// The program writes it.
    Request,
    /// The program reads it.
    Response,
}

/// The form of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Any JSON value.
    Any,
    /// One or more of the types that need no name.
    Scalar(String),
    /// One of several texts.
    Enum,
    /// An object with fields.
    Object,
    /// An object whose keys are data.
    Map,
    List,
    /// A list of so many values, each with a type.
    Tuple(usize),
    /// One of several schemas.
    Union,
}

/// The form of a schema for one side of a call. Answers read a fixed value as
/// any value of its type.
pub(super) fn form(view: &View<'_>, way: Way) -> Form {
    if !view.arms.is_empty() {
        return Form::Union;
    }
    if let Some(values) = &view.values
        && values.iter().all(|value| value.is_string())
        && (way == Way::Request || values.len() > 1)
    {
        return Form::Enum;
    }
    let kinds: Vec<&str> = view.kinds.iter().copied().collect();
    match kinds.as_slice() {
        [] => Form::Any,
        ["object"] if !view.properties.is_empty() => Form::Object,
        ["object"] => Form::Map,
        ["array"] => match &view.tuple {
            Some(tuple) if !tuple.is_empty() => Form::Tuple(tuple.len()),
            _ => Form::List,
        },
        ["string"] if view.binary => Form::Scalar("bytes".into()),
        kinds => Form::Scalar(kinds.join(" or ")),
    }
}

/// Whether a type of this form has a name of its own even where the document
/// gives none.
pub(super) fn has_name(form: &Form) -> bool {
    matches!(form, Form::Enum | Form::Object | Form::Union)
}

/// The name of a Rust type, made of the name a document has.
pub(super) fn type_name(text: &str) -> String {
    let words: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    words.to_upper_camel_case()
}

/// A type in words.
pub(super) fn describe(side: &Side<'_>, peeled: &Peeled<'_>, way: Way) -> String {
    words(side, peeled, way, 0)
}

fn words(side: &Side<'_>, peeled: &Peeled<'_>, way: Way, depth: usize) -> String {
    if let Some(name) = &peeled.name {
        return name.clone();
    }
    plain(side, &view(side, &peeled.place), way, depth)
}

/// The type of a view in words, its name aside.
pub(super) fn describe_view(side: &Side<'_>, view: &View<'_>, way: Way) -> String {
    plain(side, view, way, 0)
}

fn plain(side: &Side<'_>, view: &View<'_>, way: Way, depth: usize) -> String {
    let inner = |place: Option<&Place<'_>>| match place {
        Some(place) if depth < DEPTH => {
            let peeled = peel(side, place.clone());
            let null = if peeled.nullable { " or null" } else { "" };
            words(side, &peeled, way, depth + 1) + null
        }
        _ => "any value".to_owned(),
    };
    match form(view, way) {
        Form::Any => "any value".to_owned(),
        Form::Scalar(kinds) => kinds,
        Form::Enum => {
            let values = view.values.iter().flatten().filter_map(|v| v.as_str());
            format!("one of {}", values.collect::<Vec<_>>().join(", "))
        }
        Form::Object => {
            let names: Vec<_> = view.properties.iter().map(|(name, _)| *name).collect();
            format!("object with {}", names.join(", "))
        }
        Form::Map => format!("map of {}", inner(view.extra.as_ref())),
        Form::List => format!("list of {}", inner(view.items.as_ref())),
        Form::Tuple(length) => format!("list of {}", count(length, "value")),
        Form::Union => {
            let arms: Vec<_> = view.arms.iter().map(|arm| inner(Some(arm))).collect();
            format!("either {}", arms.join(" or "))
        }
    }
}

/// Whether two types are the same thing under two names: of one form, with
/// more than half of their fields, values or variants in common.
pub(super) fn alike(old: (&Side<'_>, &View<'_>), new: (&Side<'_>, &View<'_>), way: Way) -> bool {
    if form(old.1, way) != form(new.1, way) {
        return false;
    }
    match form(old.1, way) {
        Form::Enum | Form::Object | Form::Union => {
            let (old, new) = (words_of(old.0, old.1, way), words_of(new.0, new.1, way));
            let shared = old.iter().filter(|word| new.contains(word)).count();
            old == new || shared * 2 > old.len().max(new.len())
        }
        Form::Map | Form::List => plain(old.0, old.1, way, 0) == plain(new.0, new.1, way, 0),
        Form::Any | Form::Scalar(_) | Form::Tuple(_) => true,
    }
}

fn words_of(side: &Side<'_>, view: &View<'_>, way: Way) -> Vec<String> {
    match form(view, way) {
        Form::Enum => {
            let values = view.values.iter().flatten();
            values.map(ToString::to_string).collect()
        }
        Form::Union => {
            let arms = view.arms.iter();
            arms.map(|arm| describe(side, &peel(side, arm.clone()), way))
                .collect()
        }
        _ => view.properties.iter().map(|p| p.0.to_owned()).collect(),
    }
}

/// The property that identifies what a response is about: the one marked with
/// `x-id`, else a required `id`.
pub(super) fn identifying<'d>(side: &Side<'d>, view: &View<'d>) -> Option<&'d str> {
    let marked = |place: &Place<'_>| {
        place
            .get("x-id")
            .is_some_and(|x| *x.value == Value::Bool(true))
    };
    let by_mark = view.properties.iter().find(|(_, place)| marked(place));
    let is_id = |name: &str, place: &Place<'d>| {
        name == "id" && view.required.contains(name) && !peel(side, place.clone()).nullable
    };
    by_mark
        .or_else(|| {
            view.properties
                .iter()
                .find(|(name, place)| is_id(name, place))
        })
        .map(|(name, _)| *name)
}

/// The only value a schema lets a text have.
pub(super) fn fixed<'d>(view: &View<'d>) -> Option<&'d str> {
    match view.values.as_deref() {
        Some([Value::String(value)]) => Some(value),
        _ => None,
    }
}
