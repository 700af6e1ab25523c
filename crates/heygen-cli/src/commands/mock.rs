//! `heygen mock`: the mock on its own, for programs in any language.

use std::io;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use heygen_mock::{Builder, MockServer};
use serde_json::{Value, json};

use crate::error::CliError;
use crate::globals::Globals;
use crate::output;

pub(crate) fn definition() -> Command {
    Command::new("serve")
        .about("Run the mock alone until Ctrl-C; prints its URL once it listens")
        .args([
            Arg::new("port")
                .long("port")
                .value_name("N")
                .default_value("0")
                .value_parser(value_parser!(u16))
                .help("The port on 127.0.0.1; 0 selects any free one"),
            Arg::new("speed")
                .long("speed")
                .value_name("FACTOR")
                .default_value("600")
                .allow_negative_numbers(true)
                .value_parser(speed)
                .help("How much faster than real time jobs go on and links expire; 1 is real time"),
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help("Refuse ids and cursors that the mock has not issued: 404 and 400"),
        ])
}

fn speed(text: &str) -> Result<f64, &'static str> {
    text.parse()
        .ok()
        .filter(|factor: &f64| factor.is_finite() && *factor > 0.0)
        .ok_or("pass a number above 0, such as 1 or 600")
}

pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let port = matches.get_one("port").copied().unwrap_or(0);
    let speed = matches.get_one("speed").copied().unwrap_or(600.0);
    let strict = matches.get_flag("strict");
    // No request is recorded: the log is unused, and the server may run for
    // days.
    let mut server = MockServer::builder()
        .port(port)
        .speed(speed)
        .keep_requests(0);
    if strict {
        server = server.strict();
    }
    let settings = json!({ "speed": speed, "strict": strict });
    serve(server, settings, globals).await
}

/// What the mock plays, for whoever starts it.
const OFFERS: [&str; 5] = [
    "any key is accepted, and requests are validated as the documents say",
    "what is created can be read, listed, changed and deleted",
    "jobs go on by themselves and end with links to files, which are served here",
    "files up to 32 MB can be sent to POST /v3/assets, larger ones to slots",
    "events are delivered, signed, to endpoints on http://127.0.0.1 and http://localhost",
];

/// Serves until a signal stops it. The URL is printed once requests are
/// accepted and signals handled, so that a script may wait for that line.
async fn serve(server: Builder, settings: Value, options: &Globals) -> Result<(), CliError> {
    let server = server
        .start()
        .await
        .map_err(|error| CliError::mock(&error))?;
    let stop =
        Stop::listen().map_err(|error| CliError::system("Ctrl-C cannot be waited for", &error))?;
    let body = json!({ "data": {
        "url": server.url(),
        "operations": server.operations().count(),
        "speed": settings["speed"],
        "strict": settings["strict"],
        "offers": OFFERS,
    } });
    let body = body.to_string();
    output::body(body.as_bytes(), options.human)?;
    stop.wait().await;
    server.stop().await;
    Ok(())
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
