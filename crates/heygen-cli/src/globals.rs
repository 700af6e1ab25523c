//! The options that every command takes, before or after its words.

use std::time::Duration;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::{ids, settings, value};

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

/// An option that has a value, which is text unless a parser is added.
pub(crate) fn option(name: &'static str, value: &'static str, help: impl Into<StyledStr>) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value)
        .help(help.into())
}

/// A switch, which takes `=false`, too.
pub(crate) fn boolean(name: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("BOOL")
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .value_parser(value::boolean)
}

/// Adds the options to a command, for it and those below it.
pub(crate) fn add(command: Command) -> Command {
    let time = |name, help| option(name, "TIME", help).value_parser(value::duration);
    let all = [
        boolean("mock").help("Call a built-in mock of the API; needs no key"),
        boolean("human").help("Print for people: tables and aligned fields, no JSON"),
        option(
            "base-url",
            "URL",
            "Address of the API [default: https://api.heygen.com]",
        ),
        time(
            "timeout",
            "Timeout of the call; with --wait, of the wait [20m]",
        ),
        time("request-timeout", "Timeout of each call, with --wait too"),
        option(
            "max-retries",
            "N",
            "How often a call is retried [default: 2]",
        )
        .value_parser(value_parser!(u32)),
        option("headers", "NAME:VALUE", "A header to send")
            .action(ArgAction::Append)
            .hide(true),
        Arg::new("help")
            .short('h')
            .long("help")
            .action(ArgAction::Help)
            .help("Print help"),
    ];
    command.args(all.map(|arg| arg.global(true).help_heading("Global options")))
}

/// Reads the options of a parsed command line.
pub(crate) fn read(matches: &ArgMatches) -> Globals {
    let headers = matches.get_many("headers").unwrap_or_default();
    Globals {
        mock: ids::is_on(matches, "mock"),
        base_url: matches.get_one("base-url").cloned(),
        timeout: matches.get_one("timeout").copied(),
        request_timeout: matches.get_one("request-timeout").copied(),
        wait: ids::is_on(matches, ids::WAIT),
        max_retries: matches.get_one("max-retries").copied(),
        human: settings::human(matches.get_one("human").copied()),
        headers: headers.cloned().collect(),
    }
}
