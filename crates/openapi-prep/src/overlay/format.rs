//! An overlay as it is written: its fields, and those of its actions.

use std::cell::{Cell, RefCell};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::action::Action;
use crate::{Error, Pointer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Overlay {
    #[serde(rename = "overlay")]
    series: Value,
    #[expect(dead_code, reason = "checked only")]
    info: Map<String, Value>,
    pub extends: Option<String>,
    actions: Vec<Value>,
}

impl Overlay {
    pub(super) fn read(overlay: &Value) -> Result<Self, Error> {
        let root = Pointer::root();
        if overlay.get("overlay").is_none() {
            let no = Error::new("this is no overlay: the field `overlay` is missing");
            return Err(no.at(root).remedy("begin the file with `overlay: 1.0.0`"));
        }
        fields(overlay, &root)
    }

    /// Whether it is of version 1.1, not 1.0.
    fn is_1_1(&self) -> Result<bool, Error> {
        let patch = |series| self.series.as_str()?.strip_prefix(series);
        let is_of = |series| patch(series).is_some_and(|patch| patch.parse::<u32>().is_ok());
        let (old, new) = (is_of("1.0."), is_of("1.1."));
        (old || new).then_some(new).ok_or_else(|| {
            let series = &self.series;
            Error::new(format!(
                "Overlay version {series} is not one this pipeline reads"
            ))
            .at("/overlay")
            .remedy("1.0.x and 1.1.x are read; write it in full, such as 1.0.0")
        })
    }

    /// The actions, all checked: a slip in the last is reported before the first is done.
    pub(super) fn actions<'a>(&self, room: &'a Cell<usize>) -> Result<Vec<Action<'a>>, Error> {
        let is_1_1 = self.is_1_1()?;
        let action = |(index, action)| {
            let at = Pointer::root().join("actions").join(index);
            Action {
                index,
                fields: fields(action, &at)?,
                is_1_1,
                room,
                hints_on_nothing: RefCell::default(),
            }
            .checked()
        };
        self.actions.iter().enumerate().map(action).collect()
    }
}

/// The fields of an object of an overlay, all known but those of extensions.
fn fields<T: DeserializeOwned>(object: &Value, at: &Pointer) -> Result<T, Error> {
    let mut object = object.clone();
    if let Value::Object(entries) = &mut object {
        entries.retain(|key, _| !key.starts_with("x-"));
    }
    serde_json::from_value(object).map_err(|error| {
        Error::new(format!("the overlay has another form here: {error}"))
            .at(at)
            .remedy("correct the overlay; a string that looks like a number needs quotes")
    })
}
