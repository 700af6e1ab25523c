//! The file `config.toml`: settings that are kept between runs. Keys of other programs
//! and comments in it are kept.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, TomlError, value};

use crate::error::{CliError, Exit};
use crate::private_file;
use crate::settings::Environment;

/// A setting: its name, the variable of the environment that overrides the file, and
/// its values, the default first.
pub(crate) struct Key(pub &'static str, pub &'static str, pub [&'static str; 2]);

pub(crate) static OUTPUT: Key = Key("output", "HEYGEN_OUTPUT", ["json", "human"]);

/// A setting of the vendor's program, which shares the file. Nothing is measured here,
/// so it has no effect.
pub(crate) static ANALYTICS: Key = Key("analytics", "HEYGEN_NO_ANALYTICS", ["false", "true"]);

/// The config file, or an empty one where there is none.
pub(crate) struct ConfigFile(PathBuf, DocumentMut);

impl ConfigFile {
    pub(crate) fn open(environment: &Environment) -> Result<Self, CliError> {
        let path = environment.file("config.toml")?;
        let text = private_file::read(&path).map_err(|error| broken(&path, &error.to_string()))?;
        let document = text.as_ref().map_or("", |text| text).parse();
        let document = document.map_err(|error: TomlError| broken(&path, error.message()))?;
        Ok(Self(path, document))
    }

    /// What the file has of a setting.
    pub(crate) fn get(&self, key: &Key) -> Result<Option<&'static str>, CliError> {
        let Self(path, document) = self;
        let Some(item) = document.get(key.0) else {
            return Ok(None);
        };
        let flag = item.as_bool().map(|flag| flag.to_string());
        let text = item.as_str().or(flag.as_deref());
        let known = key.2.into_iter().find(|value| text == Some(value));
        let why = || format!("{} is not {}", key.0, key.2.join(" or "));
        known.map(Some).ok_or_else(|| broken(path, &why()))
    }

    /// Changes a setting, and writes the file.
    pub(crate) fn set(&mut self, key: &Key, text: &str) -> Result<(), CliError> {
        if !key.2.contains(&text) {
            let message = format!("{} is not a value of {}", text.escape_debug(), key.0);
            return Err(CliError::usage(
                message,
                format!("pass {}", key.2.join(" or ")),
            ));
        }
        let entry = self.1.entry(key.0).or_insert(Item::None);
        // A comment behind the old value stays.
        let decor = entry.as_value().map(|old| old.decor().clone());
        *entry = text.parse::<bool>().map_or_else(|_| value(text), value);
        if let (Some(new), Some(decor)) = (entry.as_value_mut(), decor) {
            *new.decor_mut() = decor;
        }
        private_file::write(&self.0, &self.1.to_string())
            .map_err(|error| broken(&self.0, &error.to_string()))
    }
}

fn broken(path: &Path, why: &str) -> CliError {
    let message = format!("the config file {} cannot be used: {why}", path.display());
    CliError::new(Exit::Failed, "error", message).with_hint("mend the file, or delete it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_keys_and_comments_survive() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::of(&[("HEYGEN_CONFIG_DIR", home.path().to_str().unwrap())]);
        let path = home.path().join("config.toml");
        let before = "# mine\noutput = \"json\" # for scripts\n\n[other]\nkey = [1, 2]\n";
        std::fs::write(&path, before).unwrap();
        let mut file = ConfigFile::open(&environment).unwrap();
        assert_eq!(file.get(&OUTPUT).unwrap().unwrap(), "json");
        file.set(&OUTPUT, "human").unwrap();
        file.set(&ANALYTICS, "true").unwrap();
        let after = std::fs::read_to_string(&path).unwrap();
        let expected = before.replace("\"json\"", "\"human\"");
        assert_eq!(after.replace("analytics = true\n", ""), expected);
        let file = ConfigFile::open(&environment).unwrap();
        assert_eq!(file.get(&ANALYTICS).unwrap().unwrap(), "true");
    }

    #[test]
    fn bad_keys_and_values_are_usage_errors() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::of(&[("HEYGEN_CONFIG_DIR", home.path().to_str().unwrap())]);
        let mut file = ConfigFile::open(&environment).unwrap();
        for (key, text) in [(&OUTPUT, "xml"), (&OUTPUT, ""), (&ANALYTICS, "no")] {
            assert_eq!(file.set(key, text).unwrap_err().exit, Exit::Usage, "{text}");
        }
        for broken in ["output = ", "output = 7", "output = 'xml'"] {
            std::fs::write(home.path().join("config.toml"), broken).unwrap();
            let error = ConfigFile::open(&environment).and_then(|file| file.get(&OUTPUT));
            let error = error.unwrap_err();
            assert_eq!(error.exit, Exit::Failed, "{broken}");
            assert!(
                error.body.message.contains("config.toml"),
                "{:?}",
                error.body
            );
        }
    }
}
