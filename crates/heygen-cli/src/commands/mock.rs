//! `heygen mock serve`: the mock on its own, for programs in any language.

use std::future;
use std::net::{SocketAddr, ToSocketAddrs as _};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use heygen_mock::{Error, FaultRule, MockServer};
use serde_json::json;

use crate::error::CliError;
use crate::generated::LEAVES;
use crate::globals::{Globals, boolean};
use crate::{ids, interrupt, output};

pub(crate) fn definition() -> Command {
    let option = |name: &'static str, value| Arg::new(name).long(name).value_name(value);
    Command::new("serve")
        .about("Run the mock alone until Ctrl-C; prints its URL once it listens")
        .long_about(
            "Run the mock alone until Ctrl-C; prints its URL once it listens. Any key is accepted; objects have \
             state, jobs go on by themselves, and signed events go to endpoints on this computer.",
        )
        .args([
            option("listen", "ADDRESS")
                .visible_alias("port")
                .default_value("0")
                .value_parser(address)
                .help("HOST:PORT, or a port of 127.0.0.1; 0 is any free one"),
            option("speed", "FACTOR")
                .default_value("600")
                .value_parser(value_parser!(u32).range(1..))
                .help("How much faster than real time jobs go on and links expire"),
            boolean("strict").help("Refuse ids and cursors that the mock has not issued"),
            option("fault", "OPERATION=FAULT")
                .action(ArgAction::Append)
                .value_parser(str::parse::<FaultRule>)
                .help(format!(
                    "Make calls fail, such as 'video create=503x2' or '*=429,retry-after=1,x3'; may be repeated. \
                     OPERATION is a command, an operationId, METHOD /path, download_file, upload_file, or * for \
                     all; FAULT is one or more of {}",
                    FaultRule::FORMS
                )),
        ])
}

/// Other interfaces than loopback have to be named.
fn address(text: &str) -> Result<SocketAddr, &'static str> {
    let port: Option<u16> = text.parse().ok();
    let text = port.map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    let known = text.to_socket_addrs().into_iter().flatten();
    // `localhost` has both, and clients may only know the older one.
    known
        .min_by_key(SocketAddr::is_ipv6)
        .ok_or("pass HOST:PORT of this computer, such as 127.0.0.1:8080, or a port")
}

/// Serves until a signal stops it. The URL is printed once requests are
/// accepted and signals handled, so that a script may wait for that line.
pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    // No request is recorded: the log is unused, and the server may run for days.
    let mut builder = MockServer::builder().keep_requests(0);
    if let Some(address) = matches.get_one("listen") {
        builder = builder.listen(*address);
    }
    if let Some(speed) = matches.get_one::<u32>("speed") {
        builder = builder.speed(f64::from(*speed));
    }
    if ids::is_on(matches, "strict") {
        builder = builder.strict();
    }
    let rules = matches.get_many::<FaultRule>("fault").unwrap_or_default();
    for rule in rules.cloned() {
        builder = builder.fault(operation(&rule.operation), rule.fault, rule.requests);
    }
    let server = builder.start().await.map_err(|error| match error {
        Error::UnknownOperation { problem } => {
            CliError::usage(problem, "see heygen mock serve --help")
        }
        other => CliError::system("the mock cannot be started", &other),
    })?;
    let address = server.address();
    if !address.ip().is_loopback() {
        output::notice(&format!("whoever reaches {address} can use the mock"));
    }
    let until_stopped = interrupt::or_stop(async {
        let body = json!({"data": {"url": server.url()}});
        output::body(body.to_string().as_bytes(), globals.human)?;
        future::pending().await
    });
    let result = until_stopped.await;
    server.stop().await;
    result.unwrap_or(Ok(()))
}

/// The id of the operation of the command with these words; other names are for the
/// mock to resolve.
fn operation(text: &str) -> &str {
    let words = || text.split_whitespace().skip_while(|word| *word == "heygen");
    let mut leaves = LEAVES.iter();
    let leaf = leaves.find(|leaf| words().eq(leaf.words.iter().copied()));
    leaf.map_or(text, |leaf| leaf.command.operation.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_host_and_port_or_a_port_of_loopback() {
        for (text, expected) in [
            ("0", "127.0.0.1:0"),
            ("8080", "127.0.0.1:8080"),
            ("0.0.0.0:1", "0.0.0.0:1"),
            ("[::1]:2", "[::1]:2"),
            ("localhost:3", "127.0.0.1:3"),
        ] {
            assert_eq!(address(text).unwrap().to_string(), expected);
        }
        for text in [
            "",
            "0.0.0.0",
            "127.0.0.1:",
            "127.0.0.1:65536",
            "http://127.0.0.1:80",
            "-1",
        ] {
            assert!(address(text).unwrap_err().contains("127.0.0.1"), "{text}");
        }
    }

    #[test]
    fn operation_may_be_named_by_its_command() {
        for (text, expected) in [
            ("video create", "createVideo"),
            (" heygen video  create ", "createVideo"),
            ("video", "video"),
            ("GET /v3/videos/a", "GET /v3/videos/a"),
        ] {
            assert_eq!(operation(text), expected);
        }
    }
}
