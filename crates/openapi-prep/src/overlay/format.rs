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
    info: Info,
    pub extends: Option<String>,
    actions: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "checked only")]
struct Info {
    title: String,
    version: String,
    description: Option<String>,
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
        let root = Pointer::root();
        if overlay.get("overlay").is_none() {
            let no = Error::new("this is no overlay: the field `overlay` is missing");
            return Err(no.at(root).remedy("begin the file with `overlay: 1.0.0`"));
        }
        let read: Self = fields(overlay, &root)?;
        let mut keys = overlay.as_object().into_iter().flat_map(|top| top.keys());
        // With extensions alone, an overlay corrects nothing and is meant to.
        if read.actions.is_empty() && !keys.any(|key| key.starts_with("x-")) {
            return Err(Error::new("the overlay has no action")
                .at(root.join("actions"))
                .remedy("give it at least one"));
        }
        Ok(read)
    }

    pub(super) fn version(&self) -> Result<Version, Error> {
        let patch = |series| self.series.as_str()?.strip_prefix(series);
        let is_of = |series| patch(series).is_some_and(|patch| patch.parse::<u32>().is_ok());
        match (is_of("1.0."), is_of("1.1.")) {
            (true, _) => Ok(Version::V1_0),
            (_, true) => Ok(Version::V1_1),
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
        let mut actions = Vec::new();
        for (index, action) in self.actions.iter().enumerate() {
            let at = Pointer::root().join("actions").join(index);
            let twin = self.actions[..index]
                .iter()
                .position(|other| other == action);
            if let Some(twin) = twin {
                let what = format!("actions[{index}] is the same as actions[{twin}]");
                return Err(Error::new(what).at(at).remedy("delete one of the two"));
            }
            actions.push(fields(action, &at)?);
        }
        Ok(actions)
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
