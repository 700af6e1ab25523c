//! The options that every command takes, before or after its words.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::value;

/// The options that every command takes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Globals {
    /// Ask the built-in mock.
    pub(crate) mock: bool,
    /// `--base-url`; the environment is read by the session.
    pub(crate) base_url: Option<String>,
    /// `--timeout`: of a call; with `--wait`, of the wait.
    pub(crate) timeout: Option<Duration>,
    /// `--request-timeout`: of a call everywhere.
    pub(crate) request_timeout: Option<Duration>,
    /// Whether the command has `--wait`, so that `--timeout` is that of the wait.
    pub(crate) wait: bool,
    pub(crate) max_retries: Option<u32>,
    /// Whether people read the output: option, environment and settings file, in this
    /// order.
    pub(crate) human: bool,
    /// `--headers`, as given.
    pub(crate) headers: Vec<String>,
}

const HEADING: &str = "Global options";

/// A switch. As every switch of the program it also takes `=false`.
pub(crate) fn boolean(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

/// Adds the options to a command, for it and those below it.
pub(crate) fn add(command: Command) -> Command {
    let global = |arg: Arg| arg.global(true).help_heading(HEADING);
    let option = |name: &'static str| global(Arg::new(name).long(name));
    let flag = |name| global(boolean(name));
    command.args([
        flag("mock").help("Call a built-in mock of the API; needs no key"),
        // Unlike other switches, whether it is given matters: the environment has one, too.
        option("human")
            .value_name("BOOL")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .hide_possible_values(true)
            .value_parser(value::boolean)
            .help("Print for people: tables and aligned fields, no JSON"),
        option("base-url")
            .value_name("URL")
            .help("Address of the API [default: https://api.heygen.com]"),
        option("timeout")
            .value_name("TIME")
            .value_parser(value::duration)
            .help("Timeout of the call; with --wait, of the wait [20m]"),
        option("request-timeout")
            .value_name("TIME")
            .value_parser(value::duration)
            .help("Timeout of each call, with --wait too"),
        option("max-retries")
            .value_name("N")
            .value_parser(clap::value_parser!(u32))
            .help("How often a call is retried [default: 2]"),
        option("headers")
            .value_name("NAME:VALUE")
            .action(ArgAction::Append)
            .hide(true),
        option("help")
            .short('h')
            .action(ArgAction::Help)
            .help("Print help"),
    ])
}

/// Reads the options of a parsed command line.
pub(crate) fn read(matches: &ArgMatches, human: bool) -> Globals {
    Globals {
        mock: matches.get_one("mock").copied().unwrap_or(false),
        base_url: matches.get_one("base-url").cloned(),
        timeout: matches.get_one("timeout").copied(),
        request_timeout: matches.get_one("request-timeout").copied(),
        wait: false,
        max_retries: matches.get_one("max-retries").copied(),
        human,
        headers: matches
            .get_many("headers")
            .map(|headers| headers.cloned().collect())
            .unwrap_or_default(),
    }
}
