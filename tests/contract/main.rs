//! Every operation of every checked-in document, called by its method: what is
//! sent, and what its responses give. A new operation is in these tests by
//! `cargo xtask codegen` alone.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should fail"
)]

mod mock;
mod mock_state;
mod requests;
mod responses;
mod waits;

/// Fails with all faults.
fn report(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "{}\n{} faults",
        faults.join("\n"),
        faults.len()
    );
}
