//! An overlay as it is written: its fields, and those of its actions.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use crate::{Error, Pointer};

/// The feature sets of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V1_0,
    V1_1,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Overlay {
    #[serde(rename = "overlay")]
    series: Value,
    #[expect(dead_code, reason = "checked only")]
    info: Value,
    pub extends: Option<String>,
    actions: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    pub target: String,
    pub description: Option<String>,
    #[serde(default, deserialize_with = "value")]
    pub update: Option<Value>,
    pub copy: Option<String>,
    #[serde(default)]
    pub remove: bool,
}

/// A value that is there, `null` too.
fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Overlay {
    pub(super) fn read(overlay: &Value) -> Result<Self, Error> {
        fields(overlay, &Pointer::root())
    }

    pub(super) fn version(&self) -> Result<Version, Error> {
        match self
            .series
            .as_str()
            .and_then(|version| version.rsplit_once('.'))
        {
            Some(("1.0", _)) => Ok(Version::V1_0),
            Some(("1.1", _)) => Ok(Version::V1_1),
            _ => Err(Error::new(format!(
                "Overlay version {} is not one this pipeline reads",
                self.series
            ))
            .at(Pointer::root().join("overlay"))
            .remedy("1.0.x and 1.1.x are read; write it in full, such as 1.0.0")),
        }
    }

    /// The fields of all actions.
    pub(super) fn actions(&self) -> Result<Vec<Fields>, Error> {
        let at = Pointer::root().join("actions");
        let actions = self.actions.iter().enumerate();
        actions
            .map(|(index, action)| fields(action, &at.join(index)))
            .collect()
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
