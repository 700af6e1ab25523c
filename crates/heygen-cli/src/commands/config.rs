//! `config set`, `config get` and `config list`: settings that are kept between runs.
#![allow(clippy::unused_async, reason = "commands have one type")]

use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};

use crate::config_file::{ANALYTICS, ConfigFile, Key, OUTPUT};
use crate::error::CliError;
use crate::globals::Globals;
use crate::settings::Environment;
use crate::{ids, output};

pub(crate) fn set_definition() -> Command {
    let long = "Store a setting. `output` is `json` or `human`. `analytics` is a setting of the \
        vendor's program, which shares the file; it has no effect here, as this program \
        measures nothing.";
    let value = Arg::new("value").index(2).required(true);
    key_of(
        Command::new("set")
            .about("Store a setting")
            .long_about(long),
    )
    .arg(value)
}

pub(crate) fn get_definition() -> Command {
    let about = "Print a setting and where it is from: env, file or default";
    key_of(Command::new("get").about(about))
}

pub(crate) fn list_definition() -> Command {
    Command::new("list").about("Print all settings and where they are from")
}

fn key_of(command: Command) -> Command {
    command.arg(Arg::new("key").index(1).required(true))
}

pub(crate) async fn set(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let (key, value) = (
        key(matches)?,
        ids::text(matches, "value").unwrap_or_default(),
    );
    ConfigFile::open(&Environment::of_process())?.set(key, value)?;
    let stored = json!({"key": key.0, "value": value});
    output::json(&stored.to_string(), &[], globals.human)
}

pub(crate) async fn get(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let resolved = resolved(key(matches)?, &Environment::of_process())?;
    output::json(&resolved.to_string(), &[], globals.human)
}

pub(crate) async fn list(_: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let all = [&ANALYTICS, &OUTPUT].map(|key| resolved(key, &Environment::of_process()));
    let all: Result<Vec<Value>, CliError> = all.into_iter().collect();
    output::json(&Value::from(all?).to_string(), &[], globals.human)
}

/// A setting and where it is from. A broken file is an error, also where it is
/// overridden: whoever asks for the settings wants to know.
fn resolved(key: &Key, environment: &Environment) -> Result<Value, CliError> {
    let Key(name, variable, [default, _]) = *key;
    let stored = ConfigFile::open(environment)?.get(key)?;
    let set = environment.get(variable);
    let (value, source) = match (set, stored) {
        (Some(set), _) if set == "human" => ("human", "env"),
        (Some(_), _) => (default, "env"),
        (None, Some(stored)) => (stored, "file"),
        (None, None) => (default, "default"),
    };
    Ok(json!({"key": name, "value": value, "source": source}))
}

fn key(matches: &ArgMatches) -> Result<&'static Key, CliError> {
    let name = ids::text(matches, "key").unwrap_or_default();
    let mut all = [&ANALYTICS, &OUTPUT].into_iter();
    all.find(|key| key.0 == name).ok_or_else(|| {
        let message = format!("there is no setting {}", name.escape_debug());
        CliError::usage(message, "the settings are analytics and output")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_name_their_source() {
        let home = tempfile::tempdir().unwrap();
        let folder = ("HEYGEN_CONFIG_DIR", home.path().to_str().unwrap());
        let get =
            |key, output| resolved(key, &Environment::of(&[folder, ("HEYGEN_OUTPUT", output)]));
        let expect =
            |value: &str, source: &str| json!({"key": "output", "value": value, "source": source});
        assert_eq!(get(&OUTPUT, "").unwrap(), expect("json", "default"));
        std::fs::write(home.path().join("config.toml"), "output = 'human'").unwrap();
        assert_eq!(get(&OUTPUT, "").unwrap(), expect("human", "file"));
        assert_eq!(get(&OUTPUT, "yaml").unwrap(), expect("json", "env"));
        assert_eq!(get(&ANALYTICS, "").unwrap()["source"], "default");
    }
}
