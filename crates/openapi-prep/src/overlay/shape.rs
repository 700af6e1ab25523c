//! Whether a value has the shape of an overlay, down to the types of the fields
//! of its actions; what is wrong is told with its place.

use serde_json::{Map, Value};

use crate::{Error, Pointer};

/// The actions of an overlay that is one.
pub(super) fn check(overlay: &Value) -> Result<&[Value], Error> {
    let root = Pointer::root();
    let top = object(overlay, &root)?;
    for key in top.keys() {
        if !["overlay", "info", "extends", "actions"].contains(&key.as_str())
            && !key.starts_with("x-")
        {
            return Err(Error::new(format!("`{key}` is no field of an overlay"))
                .at(root.join(key))
                .remedy("an overlay has overlay, info, extends, actions, and x- fields"));
        }
    }
    let at = root.join("info");
    let info = object(required(top, "info", &root)?, &at)?;
    for key in ["title", "version"] {
        required(info, key, &at)?;
    }
    texts(info, &["title", "version", "description"], &at)?;
    texts(top, &["extends"], &root)?;
    let at = root.join("actions");
    let Value::Array(actions) = required(top, "actions", &root)? else {
        return Err(misplaced("a list", &at));
    };
    // With extensions alone, an overlay corrects nothing and is meant to.
    if actions.is_empty() && !top.keys().any(|key| key.starts_with("x-")) {
        return Err(Error::new("the overlay has no action")
            .at(at)
            .remedy("give it at least one"));
    }
    for (index, action) in actions.iter().enumerate() {
        self::action(action, &at.join(index))?;
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

fn action(action: &Value, at: &Pointer) -> Result<(), Error> {
    let action = object(action, at)?;
    required(action, "target", at)?;
    texts(action, &["target", "description", "copy"], at)?;
    match action.get("remove") {
        None | Some(Value::Bool(_)) => Ok(()),
        Some(_) => Err(misplaced("true or false", &at.join("remove"))),
    }
}

fn required<'a>(
    object: &'a Map<String, Value>,
    key: &str,
    at: &Pointer,
) -> Result<&'a Value, Error> {
    object.get(key).ok_or_else(|| {
        Error::new(format!("the field `{key}` is missing"))
            .at(at)
            .remedy(
                "an overlay needs `info` with title and version, and `actions`, each with a target",
            )
    })
}

fn texts(object: &Map<String, Value>, keys: &[&str], at: &Pointer) -> Result<(), Error> {
    match keys
        .iter()
        .find(|key| object.get(**key).is_some_and(|value| !value.is_string()))
    {
        None => Ok(()),
        Some(key) => Err(misplaced("a text", &at.join(key))),
    }
}

fn object<'a>(value: &'a Value, at: &Pointer) -> Result<&'a Map<String, Value>, Error> {
    value.as_object().ok_or_else(|| misplaced("an object", at))
}

fn misplaced(wanted: &str, at: &Pointer) -> Error {
    Error::new(format!(
        "the overlay is not of the right shape: wanted {wanted} here"
    ))
    .at(at)
    .remedy("correct the overlay; a text that looks like a number needs quotes")
}
