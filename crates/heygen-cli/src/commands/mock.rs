//! `heygen mock serve`: the mock on its own, for programs in any language.

mod fault;

use std::future;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs as _};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use heygen_mock::MockServer;
use serde_json::json;

use self::fault::Injected;
use crate::error::CliError;
use crate::globals::Globals;
use crate::{interrupt, output};

/// What the mock plays, for whoever starts it.
const OFFERS: [&str; 5] = [
    "any key is accepted, and requests are validated as the documents say",
    "what is created can be read, listed, changed and deleted",
    "jobs go on by themselves and end with links to files, which are served here",
    "files up to 32 MB can be sent to POST /v3/assets, larger ones to slots",
    "events are delivered, signed, to endpoints on http://127.0.0.1 and http://localhost",
];

pub(crate) fn definition() -> Command {
    let option = |name: &'static str, value| Arg::new(name).long(name).value_name(value);
    Command::new("serve")
        .about("Run the mock alone until Ctrl-C; prints its URL once it listens")
        .args([
            option("listen", "ADDRESS")
                .value_parser(address)
                .help("HOST:PORT, or a port of 127.0.0.1; 0, the default, is any free one"),
            option("port", "N")
                .value_parser(value_parser!(u16))
                .conflicts_with("listen")
                .help("The same as --listen 127.0.0.1:N"),
            option("public-url", "URL")
                .value_parser(public_url)
                .help("How clients reach the mock, if not by its address: links to files begin with it"),
            option("speed", "FACTOR")
                .default_value("600")
                .allow_negative_numbers(true)
                .value_parser(speed)
                .help("How much faster than real time jobs go on and links expire; 1 is real time"),
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help("Refuse ids and cursors that the mock has not issued: 404 and 400"),
            option("fault", "OPERATION=FAULT")
                .action(ArgAction::Append)
                .value_parser(fault::parse)
                .help("Make calls fail, such as 'video create=503x2'; may be repeated")
                .long_help(format!(
                    "Make calls fail, such as 'video create=503x2' or '*=429,retry-after=1,x3'. OPERATION is \
                     the words of a command, an operationId, METHOD /path, download_file, upload_file, or * \
                     for all. FAULT is {}. May be repeated: those with TIMES are used up first, in their order",
                    fault::FORMS
                )),
        ])
}

fn speed(text: &str) -> Result<f64, &'static str> {
    text.parse()
        .ok()
        .filter(|factor: &f64| factor.is_finite() && *factor > 0.0)
        .ok_or("pass a number above 0, such as 1 or 600")
}

/// Other interfaces than loopback have to be named.
fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    if text.starts_with(':') {
        return Err(format!(
            "pass 127.0.0.1{text}, or 0.0.0.0{text} to listen on all interfaces"
        ));
    }
    let known: Vec<SocketAddr> = text
        .to_socket_addrs()
        .map_err(|error| format!("pass HOST:PORT, such as 127.0.0.1:8080, or a port ({error})"))?
        .collect();
    // `localhost` has both, and clients may only know the older one.
    let first = known.iter().find(|known| known.is_ipv4()).or(known.first());
    first
        .copied()
        .ok_or_else(|| "the host has no address".to_owned())
}

fn public_url(text: &str) -> Result<String, &'static str> {
    let is_url = text.starts_with("http://") || text.starts_with("https://");
    is_url
        .then(|| text.to_owned())
        .ok_or("pass a URL such as http://mock:8080")
}

/// Serves until a signal stops it. The URL is printed once requests are
/// accepted and signals handled, so that a script may wait for that line.
pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    // No request is recorded: the log is unused, and the server may run for days.
    let mut builder = MockServer::builder().keep_requests(0);
    if let Some(address) = matches.get_one("listen") {
        builder = builder.listen(*address);
    }
    if let Some(port) = matches.get_one("port") {
        builder = builder.port(*port);
    }
    if let Some(speed) = matches.get_one("speed") {
        builder = builder.speed(*speed);
    }
    if matches.get_flag("strict") {
        builder = builder.strict();
    }
    if let Some(url) = matches.get_one::<String>("public-url") {
        builder = builder.url(url);
    }
    for known in matches.get_many::<Injected>("fault").unwrap_or_default() {
        builder = builder.fault(&known.operation, known.fault.clone(), known.requests);
    }
    let server = builder.start().await.map_err(|error| start_error(&error))?;
    if !server.address().ip().is_loopback() {
        output::notice(&format!(
            "the mock listens on {}: whoever reaches this computer can use it, with any key",
            server.address()
        ));
    }
    let until_stopped = interrupt::or_stop(async {
        print(&server, matches, globals.human)?;
        future::pending().await
    });
    let result = until_stopped.await;
    server.stop().await;
    result.unwrap_or(Ok(()))
}

/// Prints where the mock is, and how it was started.
fn print(server: &MockServer, matches: &ArgMatches, human: bool) -> Result<(), CliError> {
    let faults = matches.get_many::<Injected>("fault").unwrap_or_default();
    let faults = faults.map(|known| known.text.as_str());
    let url = server.url();
    if human {
        let faults = faults.map(|fault| format!("Fault:  {fault}\n"));
        return output::text(&format!("URL:    {url}\n{}", faults.collect::<String>()));
    }
    let body = json!({ "data": {
        "url": url,
        "operations": server.operations().count(),
        "speed": matches.get_one::<f64>("speed"),
        "strict": matches.get_flag("strict"),
        "faults": faults.collect::<Vec<_>>(),
        "offers": OFFERS,
    } });
    output::body(body.to_string().as_bytes(), false)
}

fn start_error(error: &heygen_mock::Error) -> CliError {
    match error {
        heygen_mock::Error::UnknownOperation { problem } => CliError::usage(
            format!("--fault: {problem}"),
            "name the operation by the words of its command, such as video create, by its operationId, \
             by METHOD /path, or pass * for all",
        ),
        other => CliError::system("the mock failed", other),
    }
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
            assert_eq!(
                address(text).map(|address| address.to_string()).as_deref(),
                Ok(expected)
            );
        }
        for text in [
            "",
            ":80",
            "0.0.0.0",
            "127.0.0.1:",
            "127.0.0.1:65536",
            "http://127.0.0.1:80",
            "-1",
        ] {
            assert!(address(text).unwrap_err().contains("127.0.0.1"), "{text}");
        }
    }
}
