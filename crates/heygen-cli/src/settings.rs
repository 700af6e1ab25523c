//! Settings of the user outside the command line: variables of the environment, the
//! folder of the program's files, and whether people read the output.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::config_file::{ConfigFile, OUTPUT};
use crate::error::{CliError, Exit};

type Variables = dyn Fn(&str) -> Option<OsString>;

/// The environment, by the function that reads a variable.
pub(crate) struct Environment(Box<Variables>);

impl Environment {
    /// The environment of this process.
    pub(crate) fn of_process() -> Self {
        Self(Box::new(|name| std::env::var_os(name)))
    }

    /// A variable. An empty one counts as not set.
    pub(crate) fn get(&self, name: &str) -> Option<OsString> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// A variable that is text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, CliError> {
        let text = self.get(name).map(OsString::into_string).transpose();
        text.map_err(|_| {
            let message = format!("the environment variable {name} is not UTF-8");
            CliError::usage(message, "set it again, or unset it")
        })
    }

    /// A file in the folder that is shared with the vendor's own program.
    pub(crate) fn file(&self, name: &str) -> Result<PathBuf, CliError> {
        let home = || {
            let home = self.get("HOME").map(PathBuf::from);
            Some(home.or_else(std::env::home_dir)?.join(".heygen"))
        };
        let folder = self.get("HEYGEN_CONFIG_DIR").map(PathBuf::from);
        let folder = folder.or_else(home).ok_or_else(|| {
            CliError::new(Exit::Failed, "error", "this user has no home folder")
                .with_hint("set HEYGEN_CONFIG_DIR to the folder for the program's files")
        })?;
        Ok(folder.join(name))
    }

    /// An environment of these variables only.
    #[cfg(test)]
    pub(crate) fn of(variables: &[(&'static str, &str)]) -> Self {
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, OsString::from(value)))
            .collect();
        Self(Box::new(move |asked| {
            let mut known = variables.iter();
            Some(known.find(|(name, _)| *name == asked)?.1.clone())
        }))
    }
}

/// Whether the output is for people: the option, else the environment, else the config
/// file. It decides how errors are printed, so a broken config file is ignored here;
/// the command `config` reports it.
pub(crate) fn human(option: Option<bool>) -> bool {
    resolve_human(option, &Environment::of_process())
}

fn resolve_human(option: Option<bool>, environment: &Environment) -> bool {
    let set = || environment.get(OUTPUT.1);
    let stored = || ConfigFile::open(environment).ok()?.get(&OUTPUT).ok()?;
    option
        .or_else(|| set().map(|value| value == "human"))
        .or_else(|| stored().map(|value| value == "human"))
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn human_is_resolved_from_option_environment_and_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let resolve = |option, output: &str| {
            let variables = [("HEYGEN_CONFIG_DIR", path), ("HEYGEN_OUTPUT", output)];
            resolve_human(option, &Environment::of(&variables))
        };
        assert!(!resolve(None, ""));
        std::fs::write(folder.path().join("config.toml"), "output = 'human'").unwrap();
        assert!(resolve(None, ""));
        assert!(!resolve(None, "json") && !resolve(None, "yaml"));
        assert!(resolve(Some(true), "json"));
        assert!(!resolve(Some(false), "human"));
        for broken in ["output = ", "output = 1", "\u{0}"] {
            std::fs::write(folder.path().join("config.toml"), broken).unwrap();
            assert!(!resolve(None, "") && resolve(None, "human"), "{broken}");
        }
    }

    #[test]
    fn folder_is_configured_or_in_the_home() {
        let file = |variables: &[_]| Environment::of(variables).file("x").unwrap();
        let configured = [("HOME", "/home/ada"), ("HEYGEN_CONFIG_DIR", "/etc/h")];
        assert_eq!(file(&configured), PathBuf::from("/etc/h/x"));
        let empty = [("HOME", "/home/ada"), ("HEYGEN_CONFIG_DIR", "")];
        assert_eq!(file(&empty), PathBuf::from("/home/ada/.heygen/x"));
    }
}
