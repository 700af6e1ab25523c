//! `heygen mock`: the mock on its own, for programs in any language.

use std::io;

use heygen_mock::{Builder, MockServer};
use serde_json::{Value, json};

use crate::args::{MockCommand, Options};
use crate::error::CliError;
use crate::output;

pub(crate) async fn run(command: MockCommand, options: &Options) -> Result<(), CliError> {
    let MockCommand::Serve {
        port,
        speed,
        strict,
    } = command;
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
    serve(server, settings, options).await
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
async fn serve(server: Builder, settings: Value, options: &Options) -> Result<(), CliError> {
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
