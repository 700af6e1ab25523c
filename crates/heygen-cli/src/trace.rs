//! Traces: on stderr, and only when `RUST_LOG` asks for them, since stderr
//! otherwise contains the one error object only.

use std::io;

use tracing_subscriber::EnvFilter;

/// The variable that asks for traces, for example `RUST_LOG=heygen=debug`.
const VARIABLE: &str = "RUST_LOG";

/// Starts tracing if the variable asks for it. A value that cannot be parsed is
/// returned as a notice: printed at once, it would be a second line beside the
/// error object of a call that fails.
pub(crate) fn start() -> Option<String> {
    let directives = std::env::var(VARIABLE)
        .ok()
        .filter(|text| !text.is_empty())?;
    match EnvFilter::builder().parse(directives) {
        Ok(filter) => {
            tracing_subscriber::fmt()
                .with_env_filter(filter)
                .with_writer(io::stderr)
                .init();
            None
        }
        Err(error) => Some(format!(
            "{VARIABLE} cannot be parsed, so nothing is traced: {error}"
        )),
    }
}
