//! Traces: on stderr, and only when `RUST_LOG` asks for them, since stderr
//! otherwise holds nothing but the one error object.

use std::io;

use tracing_subscriber::EnvFilter;

/// The variable that asks for traces, for example `RUST_LOG=heygen=debug`.
const VARIABLE: &str = "RUST_LOG";

/// Starts tracing if it is asked for. Where what is asked cannot be read there
/// are no traces, and a notice about it is given back: to print it at once
/// would put a second line beside the error object of a call that fails.
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
            "{VARIABLE} cannot be read, so nothing is traced: {error}"
        )),
    }
}
