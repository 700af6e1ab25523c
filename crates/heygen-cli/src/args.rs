//! Command-line arguments, and usage errors.

use std::ffi::OsString;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::error::CliError;
use crate::output;

/// The HeyGen API on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "heygen",
    version,
    arg_required_else_help = false,
    after_help = "The API key is read from HEYGEN_API_KEY and never from an argument.\n\
        Also read: HEYGEN_BASE_URL, HEYGEN_TIMEOUT_SECS, HEYGEN_MAX_RETRIES, RUST_LOG.\n\n\
        Output: the body of the response as JSON on stdout; an error as one line of\n\
        JSON on stderr, {\"error\": ...}.\n\n\
        Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage,\n\
        3 the key is missing, malformed, refused or not permitted, 4 time ran out."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that are accepted before or after the command.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Ask a built-in mock of the API instead of the real one; needs no key
    #[arg(long, global = true)]
    pub(crate) mock: bool,

    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "Where the API is [default: HEYGEN_BASE_URL or https://api.heygen.com]"
    )]
    pub(crate) base_url: Option<String>,

    #[arg(
        long,
        global = true,
        value_name = "SECS",
        value_parser = seconds,
        help = "Timeout of a whole call, in seconds [default: HEYGEN_TIMEOUT_SECS or 60]"
    )]
    pub(crate) timeout: Option<Duration>,

    /// Print for people, errors too: an aligned layout instead of JSON
    #[arg(long, global = true)]
    pub(crate) human: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Avatars: the figures that speak in a video
    #[command(subcommand, arg_required_else_help = false)]
    Avatar(AvatarCommand),

    /// The built-in mock of the API
    #[command(subcommand, arg_required_else_help = false)]
    Mock(MockCommand),

    /// Print a completion script for a shell
    Completion {
        /// The shell to complete for
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AvatarCommand {
    /// Print the details of one avatar: name, previews, default voice, tags
    Details {
        #[arg(help = "The avatar's id, for example Abigail_standing_office_front")]
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum MockCommand {
    /// Run the mock alone until Ctrl-C; prints its URL once it listens
    Serve {
        /// The port on 127.0.0.1; 0 selects any free one
        #[arg(long, value_name = "N", default_value_t = 0)]
        port: u16,

        /// How much faster than real time jobs go on and links expire; 1 is real
        /// time
        #[arg(long, value_name = "FACTOR", default_value_t = 600.0, value_parser = speed, allow_negative_numbers = true)]
        speed: f64,

        /// Refuse ids and cursors that the mock has not issued: 404 and 400
        #[arg(long)]
        strict: bool,
    },
}

/// Parses the arguments; `None` after `--help` and `--version`, which have been
/// printed.
pub(crate) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<Cli>, CliError> {
    match Cli::try_parse_from(arguments).and_then(checked) {
        Ok(cli) => Ok(Some(cli)),
        Err(error) if !error.use_stderr() => {
            output::text(&error.render().to_string()).map(|()| None)
        }
        Err(error) => Err(usage_error(&error)),
    }
}

/// Whether the arguments contain `--human`; decided before parsing, since parse
/// errors are printed that way, too.
pub(crate) fn wants_human(arguments: &[OsString]) -> bool {
    let mut options = arguments.iter().take_while(|argument| *argument != "--");
    options.any(|argument| argument == "--human")
}

/// Checks a conflict that clap misses when the two options are on different
/// sides of the command.
fn checked(cli: Cli) -> Result<Cli, clap::Error> {
    if cli.options.mock && cli.options.base_url.is_some() {
        return Err(Cli::command().error(
            ErrorKind::ArgumentConflict,
            "the argument '--mock' cannot be used with '--base-url <URL>'",
        ));
    }
    Ok(cli)
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    text.parse()
        .ok()
        .and_then(|number| Duration::try_from_secs_f64(number).ok())
        .filter(|time| !time.is_zero())
        .ok_or("pass a number of seconds above 0, such as 30 or 0.5")
}

fn speed(text: &str) -> Result<f64, &'static str> {
    text.parse()
        .ok()
        .filter(|factor: &f64| factor.is_finite() && *factor > 0.0)
        .ok_or("pass a number above 0, such as 1 or 600")
}

/// The definition of all commands, for completion scripts.
pub(crate) fn definition() -> clap::Command {
    Cli::command()
}

/// The error of invalid arguments. clap prints paragraphs: the message, tips,
/// the usage, and a reference to the help.
fn usage_error(error: &clap::Error) -> CliError {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n").map(one_line);
    let message = paragraphs.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let mut hint: Vec<String> = paragraphs
        .filter(|paragraph| !paragraph.is_empty() && !paragraph.starts_with("For more information"))
        .map(|paragraph| paragraph.trim_start_matches("tip: ").to_owned())
        .collect();
    hint.push("see heygen --help".to_owned());
    CliError::usage(message, hint.join("; "))
}

fn one_line(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Cli, CliError> {
        let all = std::iter::once("heygen").chain(arguments.iter().copied());
        parse(all.map(OsString::from)).map(|cli| cli.expect("not a help text"))
    }

    #[test]
    fn definition_is_valid() {
        definition().debug_assert();
    }

    #[test]
    fn options_precede_or_follow_the_command() {
        let before = parsed(&[
            "--timeout",
            "1.5",
            "--human",
            "--mock",
            "avatar",
            "details",
            "a",
        ]);
        let after = parsed(&[
            "avatar",
            "details",
            "a",
            "--mock",
            "--timeout=1.5",
            "--human",
        ]);
        for cli in [before.unwrap(), after.unwrap()] {
            assert!(cli.options.mock && cli.options.human);
            assert_eq!(cli.options.timeout, Some(Duration::from_millis(1500)));
        }
    }

    #[test]
    fn usage_error_is_one_line_with_a_hint() {
        for (arguments, word) in [
            (&[][..], "subcommand"),
            (&["avatar"], "subcommand"),
            (&["avatar", "details"], "<ID>"),
            (&["avatar", "detail", "a"], "detail"),
            (&["--colour", "avatar", "details", "a"], "--colour"),
            (&["--timeout", "soon", "avatar", "details", "a"], "soon"),
            (&["--timeout", "0", "avatar", "details", "a"], "above 0"),
            (&["--timeout", "inf", "avatar", "details", "a"], "above 0"),
            (&["mock", "serve", "--port", "70000"], "70000"),
            (&["completion", "dosh"], "dosh"),
            (
                &["--mock", "avatar", "details", "a", "--base-url", "http://x"],
                "--base-url",
            ),
        ] {
            let error = parsed(arguments).unwrap_err();
            assert_eq!(error.exit, crate::error::Exit::Usage);
            assert!(error.body.message.contains(word), "{}", error.body.message);
            assert!(!error.body.message.contains('\n') && !error.body.message.starts_with("error"));
            assert!(error.body.hint.as_ref().unwrap().contains("heygen --help"));
        }
    }

    #[test]
    fn near_miss_is_suggested() {
        let error = parsed(&["avatar", "detials", "a"]).unwrap_err();
        assert!(
            error.body.hint.as_ref().unwrap().contains("'details'"),
            "{error:?}"
        );
    }

    #[test]
    fn human_is_recognised_before_parsing() {
        let human = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            wants_human(&arguments)
        };
        assert!(human(&["heygen", "--nonsense", "--human"]));
        assert!(!human(&["heygen", "avatar", "details", "--", "--human"]));
        assert!(!human(&["heygen", "avatar"]));
    }
}
