//! The file `config.toml`: settings that are kept between runs. Keys of other programs
//! and comments in it are kept.

use std::path::PathBuf;

use toml_edit::{DocumentMut, Item, TomlError, value};

use crate::error::{CliError, Exit};
use crate::private_file;
use crate::settings::Environment;

/// A setting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// The variable of the environment that overrides the file.
    pub(crate) variable: &'static str,
    /// Its values, the default first.
    pub(crate) values: [&'static str; 2],
}

pub(crate) static OUTPUT: Key = Key {
    name: "output",
    variable: "HEYGEN_OUTPUT",
    values: ["json", "human"],
};

/// A setting of the vendor's program, which shares the file. Nothing is measured here,
/// so it has no effect.
pub(crate) static ANALYTICS: Key = Key {
    name: "analytics",
    variable: "HEYGEN_NO_ANALYTICS",
    values: ["false", "true"],
};

/// The config file, or an empty one where there is none.
pub(crate) struct ConfigFile {
    path: PathBuf,
    document: DocumentMut,
}

impl ConfigFile {
    pub(crate) fn open(environment: &Environment) -> Result<Self, CliError> {
        let path = environment.file("config.toml")?;
        let text = private_file::read(&path);
        let document = text.map_err(|error| error.to_string()).and_then(|text| {
            let document = text.as_ref().map_or("", |text| text).parse();
            document.map_err(|error: TomlError| error.message().to_owned())
        });
        match document {
            Ok(document) => Ok(Self { path, document }),
            Err(why) => Err(broken(&path, &why)),
        }
    }

    /// What the file has of a setting.
    pub(crate) fn get(&self, key: &Key) -> Result<Option<&'static str>, CliError> {
        let Some(item) = self.document.get(key.name) else {
            return Ok(None);
        };
        let flag = item
            .as_bool()
            .map(|flag| if flag { "true" } else { "false" });
        let text = item.as_str().or(flag);
        let known = key.values.into_iter().find(|value| text == Some(value));
        let why = || format!("{} is not {}", key.name, key.values.join(" or "));
        known.map(Some).ok_or_else(|| broken(&self.path, &why()))
    }

    /// Changes a setting, and writes the file.
    pub(crate) fn set(&mut self, key: &Key, text: &str) -> Result<(), CliError> {
        if !key.values.contains(&text) {
            let message = format!("{} is not a value of {}", text.escape_debug(), key.name);
            let hint = format!("pass {}", key.values.join(" or "));
            return Err(CliError::usage(message, hint));
        }
        let entry = self.document.entry(key.name).or_insert(Item::None);
        // A comment behind the old value stays.
        let decor = entry.as_value().map(|old| old.decor().clone());
        *entry = text.parse::<bool>().map_or_else(|_| value(text), value);
        if let (Some(new), Some(decor)) = (entry.as_value_mut(), decor) {
            *new.decor_mut() = decor;
        }
        private_file::write(&self.path, &self.document.to_string()).map_err(|error| {
            let what = format!("the config file {} cannot be written", self.path.display());
            CliError::system(&what, &error)
        })
    }
}

fn broken(path: &std::path::Path, why: &str) -> CliError {
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
