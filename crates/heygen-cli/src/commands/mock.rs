//! `heygen mock serve`: the mock on its own, for programs in any language.

mod fault;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs as _};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use heygen_mock::MockServer;
use serde_json::json;

use self::fault::Injected;
use crate::error::CliError;
use crate::globals::Globals;
use crate::output;

pub(crate) fn definition() -> Command {
    let option = |name: &'static str, value| Arg::new(name).long(name).value_name(value);
    Command::new("serve")
        .about("Run the mock alone until Ctrl-C; prints its URL once it listens")
        .long_about(
            "Run the mock alone until Ctrl-C; prints its URL once it listens. Any key is accepted, and \
             requests are validated as the documents say. What is created can be read, listed, changed and \
             deleted; jobs go on by themselves and end with links to files. Events are delivered, signed, to \
             endpoints on http://127.0.0.1 and http://localhost.",
        )
        .args([
            option("listen", "ADDRESS")
                .visible_alias("port")
                .default_value("0")
                .value_parser(address)
                .help("HOST:PORT, or a port of 127.0.0.1; port 0 selects any free one"),
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
    let address = matches.get_one("listen").copied();
    let address = address.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let speed = matches.get_one("speed").copied().unwrap_or(600.0);
    let faults: Vec<&Injected> = matches.get_many("fault").into_iter().flatten().collect();
    // No request is recorded: the log is unused, and the server may run for days.
    let mut builder = MockServer::builder()
        .listen(address)
        .speed(speed)
        .keep_requests(0);
    if matches.get_flag("strict") {
        builder = builder.strict();
    }
    if let Some(url) = matches.get_one::<String>("public-url") {
        builder = builder.url(url);
    }
    for known in &faults {
        builder = builder.fault(&known.operation, known.fault.clone(), known.requests);
    }
    let server = builder.start().await.map_err(|error| start_error(&error))?;
    let stop =
        Stop::listen().map_err(|error| CliError::system("Ctrl-C cannot be waited for", &error))?;
    if !server.address().ip().is_loopback() {
        output::notice(&format!(
            "the mock listens on {}: whoever reaches this computer can use it, with any key",
            server.address()
        ));
    }
    let faults: Vec<&str> = faults.iter().map(|known| known.text.as_str()).collect();
    let url = server.url();
    if globals.human {
        let faults = faults.iter().map(|fault| format!("Fault:  {fault}\n"));
        output::text(&format!("URL:    {url}\n{}", faults.collect::<String>()))?;
    } else {
        let operations = server.operations().count();
        let strict = matches.get_flag("strict");
        let data = json!({"url": url, "operations": operations, "speed": speed, "strict": strict, "faults": faults});
        output::body(json!({ "data": data }).to_string().as_bytes(), false)?;
    }
    stop.wait().await;
    server.stop().await;
    Ok(())
}

fn start_error(error: &heygen_mock::Error) -> CliError {
    match error {
        heygen_mock::Error::UnknownOperation { problem } => CliError::usage(
            format!("--fault: {problem}"),
            "name the operation by the words of its command, such as video create, by its operationId, \
             by METHOD /path, or pass * for all",
        ),
        other => CliError::mock(other),
    }
}

/// Ctrl-C, and the signal that supervisors send to end a program.
#[cfg(unix)]
struct Stop {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Stop {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(windows)]
struct Stop(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Stop {
    fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn wait(mut self) {
        self.0.recv().await;
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
