//! Settings of the user outside the command line: variables of the environment, the
//! folder of the program's files, and the file `config.toml` there.

use std::ffi::OsString;
use std::path::PathBuf;

use serde_json::{Value, json};
use toml_edit::{DocumentMut, TomlError};

use crate::error::CliError;
use crate::private_file;

/// A setting that is kept between runs: its name, the variable of the environment that
/// overrides the file, and its values, the default first.
pub(crate) struct Setting(pub &'static str, &'static str, pub [&'static str; 2]);

/// `analytics` is a setting of the vendor's program, which shares the file. Nothing is
/// measured here, so it has no effect.
pub(crate) static SETTINGS: [Setting; 2] = [
    Setting("analytics", "HEYGEN_NO_ANALYTICS", ["false", "true"]),
    Setting("output", "HEYGEN_OUTPUT", ["json", "human"]),
];

impl Setting {
    /// The setting as it is printed: its name, its value and where that is from. What
    /// is not a value of it counts as the default.
    pub(crate) fn resolve(&self, file: &DocumentMut) -> Value {
        let Self(name, variable, values) = self;
        let stored = file.get(name).and_then(|item| {
            let flag = item.as_bool().map(|flag| flag.to_string());
            let text = item.as_str().or(flag.as_deref())?;
            values.iter().find(|value| **value == text)
        });
        let (value, source) = match (self::variable(variable), stored) {
            (Some(set), _) if set == "human" => ("human", "env"),
            (Some(_), _) => (values[0], "env"),
            (None, Some(stored)) => (*stored, "file"),
            (None, None) => (values[0], "default"),
        };
        json!({"key": name, "value": value, "source": source})
    }
}

/// A variable of the environment. An empty one counts as not set.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// A file in the folder that is shared with the vendor's own program.
pub(crate) fn file(name: &str) -> PathBuf {
    let home = || std::env::home_dir().unwrap_or_else(|| "/".into());
    let folder = variable("HEYGEN_CONFIG_DIR").map(PathBuf::from);
    folder.unwrap_or_else(|| home().join(".heygen")).join(name)
}

/// The file `config.toml`, which is empty where there is none.
pub(crate) fn config() -> Result<DocumentMut, CliError> {
    let path = file("config.toml");
    let parsed = private_file::read(&path)?.unwrap_or_default().parse();
    parsed.map_err(|error: TomlError| private_file::unusable(&path, error.message()))
}

/// Whether the output is for people: the option, else the environment, else the config
/// file. It decides how errors are printed, so a broken config file is ignored here;
/// the command `config` reports it.
pub(crate) fn human(option: Option<bool>) -> bool {
    let [_, output] = &SETTINGS;
    let kept = || output.resolve(&config().unwrap_or_default())["value"] == "human";
    option.unwrap_or_else(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_values_are_texts_or_flags() {
        let stored = |text: &str| {
            let [analytics, _] = &SETTINGS;
            let resolved = analytics.resolve(&text.parse().unwrap());
            (resolved["value"].clone(), resolved["source"].clone())
        };
        let file = (json!("true"), json!("file"));
        assert_eq!(stored("analytics = true"), file);
        assert_eq!(stored("analytics = 'true' # mine"), file);
        let default = (json!("false"), json!("default"));
        for bad in ["", "analytics = 1", "analytics = 'x'", "[analytics]"] {
            assert_eq!(stored(bad), default, "{bad}");
        }
    }
}
