//! The file `config.toml`: settings that are kept between runs. Keys of other programs
//! and comments in it are kept.

use std::path::PathBuf;

use toml_edit::{DocumentMut, Item, value};

use crate::error::{CliError, Exit};
use crate::settings::Environment;
use crate::{private_file, value as values};

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// `json` or `human`.
    Output,
    /// A setting of the vendor's program, which shares the file. Nothing is measured
    /// here, so it has no effect.
    Analytics,
}

impl Key {
    pub(crate) const ALL: [Self; 2] = [Self::Analytics, Self::Output];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Output => "output",
            Self::Analytics => "analytics",
        }
    }

    /// The variable of the environment that overrides the file.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Output => "HEYGEN_OUTPUT",
            Self::Analytics => "HEYGEN_NO_ANALYTICS",
        }
    }

    /// The value that this variable means.
    pub(crate) fn of_variable(self, text: &str) -> &'static str {
        match (self, text) {
            (Self::Output, "human") => "human",
            (Self::Output, _) => "json",
            (Self::Analytics, _) => "false",
        }
    }

    pub(crate) fn default(self) -> &'static str {
        match self {
            Self::Output => "json",
            Self::Analytics => "false",
        }
    }

    pub(crate) fn parse(name: &str) -> Result<Self, CliError> {
        let known = Self::ALL.into_iter().find(|key| key.name() == name);
        known.ok_or_else(|| {
            let message = format!("there is no setting {}", name.escape_debug());
            CliError::usage(message, "the settings are analytics and output")
        })
    }

    /// The value as it is stored, if it is one.
    fn item(self, text: &str) -> Option<Item> {
        match self {
            Self::Output => ["human", "json"].contains(&text).then(|| value(text)),
            Self::Analytics => values::boolean(text).ok().map(value),
        }
    }

    fn values(self) -> &'static str {
        match self {
            Self::Output => "human or json",
            Self::Analytics => "true or false",
        }
    }
}

/// The config file, or an empty one where there is none.
pub(crate) struct ConfigFile {
    path: PathBuf,
    document: DocumentMut,
}

impl ConfigFile {
    pub(crate) fn open(environment: &Environment) -> Result<Self, CliError> {
        let path = environment.required_file("config.toml")?;
        let text = private_file::read(&path)
            .map_err(|error| broken(&path, &format!("cannot be read: {error}")))?;
        let document = text.as_ref().map_or("", |text| text).parse();
        let document = document.map_err(|error: toml_edit::TomlError| {
            broken(&path, &format!("is not TOML: {}", error.message()))
        })?;
        Ok(Self { path, document })
    }

    /// What the file says of a setting.
    pub(crate) fn get(&self, key: Key) -> Result<Option<String>, CliError> {
        let Some(item) = self.document.get(key.name()) else {
            return Ok(None);
        };
        let text = match (item.as_str(), item.as_bool()) {
            (Some(text), _) => Some(text.to_owned()),
            (None, Some(flag)) => Some(flag.to_string()),
            _ => None,
        };
        let valid = text.filter(|text| key.item(text).is_some());
        let why = || format!("has a value of {} that is not {}", key.name(), key.values());
        valid.map(Some).ok_or_else(|| broken(&self.path, &why()))
    }

    /// Changes a setting; the file is written by [`save`](Self::save).
    pub(crate) fn set(&mut self, key: Key, text: &str) -> Result<(), CliError> {
        let item = key.item(text).ok_or_else(|| {
            let message = format!("{} is not a value of {}", text.escape_debug(), key.name());
            CliError::usage(message, format!("pass {}", key.values()))
        })?;
        let entry = self.document.entry(key.name()).or_insert(Item::None);
        // A comment behind the old value stays.
        let decor = entry.as_value().map(|old| old.decor().clone());
        *entry = item;
        if let (Some(new), Some(decor)) = (entry.as_value_mut(), decor) {
            *new.decor_mut() = decor;
        }
        Ok(())
    }

    pub(crate) fn save(&self) -> Result<(), CliError> {
        private_file::write(&self.path, &self.document.to_string()).map_err(|error| {
            let what = format!("the config file {} cannot be written", self.path.display());
            CliError::system(&what, &error)
        })
    }
}

fn broken(path: &std::path::Path, why: &str) -> CliError {
    let message = format!("the config file {} {why}", path.display());
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
        assert_eq!(file.get(Key::Output).unwrap().unwrap(), "json");
        file.set(Key::Output, "human").unwrap();
        file.set(Key::Analytics, "1").unwrap();
        file.save().unwrap();
        let after = std::fs::read_to_string(&path).unwrap();
        let expected = before.replace("\"json\"", "\"human\"");
        assert_eq!(after.replace("analytics = true\n", ""), expected);
        let file = ConfigFile::open(&environment).unwrap();
        assert_eq!(file.get(Key::Analytics).unwrap().unwrap(), "true");
    }

    #[test]
    fn bad_keys_and_values_are_usage_errors() {
        assert_eq!(Key::parse("api_base").unwrap_err().exit, Exit::Usage);
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::of(&[("HEYGEN_CONFIG_DIR", home.path().to_str().unwrap())]);
        let mut file = ConfigFile::open(&environment).unwrap();
        for (key, text) in [
            (Key::Output, "xml"),
            (Key::Output, ""),
            (Key::Analytics, "no"),
        ] {
            assert_eq!(file.set(key, text).unwrap_err().exit, Exit::Usage, "{text}");
        }
        for broken in ["output = ", "output = 7", "output = 'xml'"] {
            std::fs::write(home.path().join("config.toml"), broken).unwrap();
            let error = ConfigFile::open(&environment).and_then(|file| file.get(Key::Output));
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
