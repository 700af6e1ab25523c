//! `config set`, `config get` and `config list`: settings that are kept between runs.

use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};

use crate::config_file::{ConfigFile, Key};
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

pub(crate) async fn set(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let key = Key::parse(text(matches, "key"))?;
    let mut file = ConfigFile::open(&Environment::of_process())?;
    file.set(key, text(matches, "value"))?;
    file.save()?;
    let value = file.get(key)?;
    print(&json!({"key": key.name(), "value": value}), globals)
}

pub(crate) async fn get(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let key = Key::parse(text(matches, "key"))?;
    print(&resolved(key, &Environment::of_process())?, globals)
}

pub(crate) async fn list(_: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let environment = Environment::of_process();
    let all = Key::ALL.map(|key| resolved(key, &environment));
    let all: Vec<Value> = all.into_iter().collect::<Result<_, _>>()?;
    print(&all.into(), globals)
}

/// A setting and where it is from. A broken file is an error, also where it is
/// overridden: whoever asks for the settings wants to know.
fn resolved(key: Key, environment: &Environment) -> Result<Value, CliError> {
    let stored = ConfigFile::open(environment)?.get(key)?;
    let set = environment.get(key.variable());
    let (value, source) = match (set, stored) {
        (Some(set), _) => (key.of_variable(&set.to_string_lossy()).to_owned(), "env"),
        (None, Some(stored)) => (stored, "file"),
        (None, None) => (key.default().to_owned(), "default"),
    };
    Ok(json!({"key": key.name(), "value": value, "source": source}))
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
        assert_eq!(get(Key::Output, "").unwrap(), expect("json", "default"));
        std::fs::write(home.path().join("config.toml"), "output = 'human'").unwrap();
        assert_eq!(get(Key::Output, "").unwrap(), expect("human", "file"));
        assert_eq!(get(Key::Output, "yaml").unwrap(), expect("json", "env"));
        assert_eq!(get(Key::Analytics, "").unwrap()["source"], "default");
    }
}
