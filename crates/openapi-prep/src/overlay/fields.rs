//! The fields that an overlay, its `info` and its actions have.

use serde_json::{Map, Value};

use crate::{Error, Pointer};

/// A field: its name, whether it must be there, and what it holds.
type Field = (&'static str, bool, Holds);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    String,
    Boolean,
    Object,
    List,
    Any,
}

const OVERLAY: [Field; 4] = [
    ("overlay", true, Holds::String),
    ("info", true, Holds::Object),
    ("extends", false, Holds::String),
    ("actions", true, Holds::List),
];
const INFO: [Field; 3] = [
    ("title", true, Holds::String),
    ("version", true, Holds::String),
    ("description", false, Holds::String),
];
const ACTION: [Field; 5] = [
    ("target", true, Holds::String),
    ("description", false, Holds::String),
    ("update", false, Holds::Any),
    ("copy", false, Holds::String),
    ("remove", false, Holds::Boolean),
];

/// Checks the fields of an overlay; returns its actions.
pub(super) fn check(overlay: &Value) -> Result<&[Value], Error> {
    let root = Pointer::root();
    let top = fields(overlay, &OVERLAY, "an overlay", &root)?;
    fields(&top["info"], &INFO, "`info`", &root.join("info"))?;
    let at = root.join("actions");
    let actions = top["actions"].as_array().map_or(&[][..], Vec::as_slice);
    // With extensions alone, an overlay corrects nothing and is meant to.
    if actions.is_empty() && !top.keys().any(|key| key.starts_with("x-")) {
        return Err(Error::new("the overlay has no action")
            .at(at)
            .remedy("give it at least one"));
    }
    for (index, action) in actions.iter().enumerate() {
        fields(action, &ACTION, "an action", &at.join(index))?;
        if let Some(twin) = actions[..index].iter().position(|other| other == action) {
            return Err(
                Error::new(format!("actions[{index}] is the same as actions[{twin}]"))
                    .at(at.join(index))
                    .remedy("delete one of the two"),
            );
        }
    }
    Ok(actions)
}

fn fields<'a>(
    value: &'a Value,
    known: &[Field],
    owner: &str,
    at: &Pointer,
) -> Result<&'a Map<String, Value>, Error> {
    let object = value
        .as_object()
        .ok_or_else(|| misplaced("an object", at))?;
    let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
    let remedy = format!("the fields of {owner} are {}, and x-...", names.join(", "));
    let is_known = |key: &String| key.starts_with("x-") || names.contains(&key.as_str());
    if let Some(key) = object.keys().find(|key| !is_known(key)) {
        return Err(Error::new(format!("`{key}` is no field of {owner}"))
            .at(at.join(key))
            .remedy(remedy));
    }
    for (name, is_required, holds) in known {
        match object.get(*name) {
            Some(value) => check_type(value, *holds, &at.join(*name))?,
            None if *is_required => {
                return Err(Error::new(format!("the field `{name}` is missing"))
                    .at(at)
                    .remedy(remedy));
            }
            None => {}
        }
    }
    Ok(object)
}

fn check_type(value: &Value, holds: Holds, at: &Pointer) -> Result<(), Error> {
    let (is_right, wanted) = match holds {
        Holds::String => (value.is_string(), "a string"),
        Holds::Boolean => (value.is_boolean(), "true or false"),
        Holds::Object => (value.is_object(), "an object"),
        Holds::List => (value.is_array(), "a list"),
        Holds::Any => (true, ""),
    };
    if is_right {
        Ok(())
    } else {
        Err(misplaced(wanted, at))
    }
}

fn misplaced(wanted: &str, at: &Pointer) -> Error {
    Error::new(format!("the overlay has something else than {wanted} here"))
        .at(at)
        .remedy("correct the overlay; a string that looks like a number needs quotes")
}
