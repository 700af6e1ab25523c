//! Traces: on stderr, and only when `RUST_LOG` asks for them, since stderr
//! otherwise holds nothing but the one error object.

use std::io;

use tracing_subscriber::EnvFilter;

/// The variable that asks for traces, for example `RUST_LOG=heygen=debug`.
const VARIABLE: &str = "RUST_LOG";

/// Starts tracing if it is asked for. A directive that cannot be read is named
/// on stderr and left out.
pub(crate) fn start() {
    let Some(directives) = std::env::var(VARIABLE).ok().filter(|text| !text.is_empty()) else {
        return;
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::builder().parse_lossy(directives))
        .with_writer(io::stderr)
        .init();
}
