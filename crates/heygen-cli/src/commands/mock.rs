//! `heygen mock`: the mock on its own, for programs in any language.

use std::io;

use heygen_mock::MockServer;
use serde_json::json;

use crate::args::{MockCommand, Options};
use crate::error::CliError;
use crate::output;

pub(crate) async fn run(command: MockCommand, options: &Options) -> Result<(), CliError> {
    let MockCommand::Serve { port } = command;
    serve(port, options).await
}

/// Serves until a signal stops it. The URL is printed once requests are
/// accepted and signals handled, so that a script may wait for that line.
async fn serve(port: u16, options: &Options) -> Result<(), CliError> {
    // No request is recorded: the log is unused, and the server may run for
    // days.
    let server = MockServer::builder().port(port).keep_requests(0);
    let server = server
        .start()
        .await
        .map_err(|error| CliError::mock(&error))?;
    let stop =
        Stop::listen().map_err(|error| CliError::system("Ctrl-C cannot be waited for", &error))?;
    let body = json!({ "data": { "url": server.url() } }).to_string();
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
