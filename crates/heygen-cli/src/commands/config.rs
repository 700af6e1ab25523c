//! `config set`, `config get` and `config list`: settings that are kept between runs.
#![allow(clippy::unused_async, reason = "commands have one type")]

use clap::{Arg, ArgMatches, Command};
use serde_json::json;

use crate::error::CliError;
use crate::globals::Globals;
use crate::settings::{self, SETTINGS};
use crate::{ids, output, private_file};

pub(crate) fn set_definition() -> Command {
    let about = "Store a setting: output, or the vendor's analytics, which has no effect here";
    let set = Command::new("set").about(about);
    set.args(["key", "value"].map(|name| Arg::new(name).required(true)))
}

pub(crate) fn get_definition() -> Command {
    let about = "Print a setting and where it is from: env, file or default";
    let get = Command::new("get").about(about);
    get.arg(Arg::new("key").required(true))
}

pub(crate) fn list_definition() -> Command {
    Command::new("list").about("Print all settings and where they are from")
}

/// Runs any of them: one with a value sets it, one with a key only prints it.
pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let mut file = settings::config()?;
    let key = ids::text(matches, "key");
    let setting = SETTINGS.iter().find(|setting| Some(setting.0) == key);
    let printed = match (setting, ids::text(matches, "value")) {
        (Some(setting), Some(value)) if setting.2.contains(&value) => {
            let flag = value.parse::<bool>().map(toml_edit::value);
            file[setting.0] = flag.unwrap_or_else(|_| toml_edit::value(value));
            private_file::write(&settings::file("config.toml"), &file.to_string())?;
            json!({"key": key, "value": value})
        }
        (Some(setting), None) => setting.resolve(&file),
        (None, _) if key.is_none() => SETTINGS.iter().map(|one| one.resolve(&file)).collect(),
        _ => {
            let hint = "the settings are output, json or human, and analytics, true or false";
            return Err(CliError::usage("there is no such setting or value", hint));
        }
    };
    output::json(&printed.to_string(), &[], globals.human)
}
