//! `config set`, `config get` and `config list`: settings that are kept between runs.

use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};

use crate::config_file::{ANALYTICS, ConfigFile, Key, OUTPUT};
use crate::error::CliError;
use crate::globals::Globals;
use crate::output;
use crate::settings::Environment;

pub(crate) fn set_definition() -> Command {
    Command::new("set")
        .about("Store a setting")
        .long_about(
            "Store a setting. `output` is `json` or `human`. `analytics` is a setting of the \
             vendor's program, which shares the file; it has no effect here, as this program \
             measures nothing.",
        )
        .args([argument("key", 1), argument("value", 2)])
}

pub(crate) fn get_definition() -> Command {
    Command::new("get")
        .about("Print a setting and where it is from: env, file or default")
        .arg(argument("key", 1))
}

pub(crate) fn list_definition() -> Command {
    Command::new("list").about("Print all settings and where they are from")
}

fn argument(name: &'static str, index: usize) -> Arg {
    Arg::new(name).index(index).required(true)
}

pub(crate) fn set(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let (key, value) = (key(matches)?, text(matches, "value"));
    ConfigFile::open(&Environment::of_process())?.set(key, value)?;
    print(&json!({"key": key.name, "value": value}), globals)
}

pub(crate) fn get(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    print(
        &resolved(key(matches)?, &Environment::of_process())?,
        globals,
    )
}

pub(crate) fn list(_: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let environment = Environment::of_process();
    let all = json!([
        resolved(&ANALYTICS, &environment)?,
        resolved(&OUTPUT, &environment)?,
    ]);
    print(&all, globals)
}

/// A setting and where it is from. A broken file is an error, also where it is
/// overridden: whoever asks for the settings wants to know.
fn resolved(key: &Key, environment: &Environment) -> Result<Value, CliError> {
    let [default, _] = key.values;
    let stored = ConfigFile::open(environment)?.get(key)?;
    let set = environment.get(key.variable);
    let set = set.map(|set| if set == "human" { "human" } else { default });
    let (value, source) = match (set, stored) {
        (Some(set), _) => (set, "env"),
        (None, Some(stored)) => (stored, "file"),
        (None, None) => (default, "default"),
    };
    Ok(json!({"key": key.name, "value": value, "source": source}))
}

fn key(matches: &ArgMatches) -> Result<&'static Key, CliError> {
    let name = text(matches, "key");
    let known = [&ANALYTICS, &OUTPUT]
        .into_iter()
        .find(|key| key.name == name);
    known.ok_or_else(|| {
        let message = format!("there is no setting {}", name.escape_debug());
        CliError::usage(message, "the settings are analytics and output")
    })
}

fn text<'a>(matches: &'a ArgMatches, name: &str) -> &'a str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

fn print(value: &Value, globals: &Globals) -> Result<(), CliError> {
    output::body(value.to_string().as_bytes(), globals.human)
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
