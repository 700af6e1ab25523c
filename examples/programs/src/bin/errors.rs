//! Error handling: what a program can do about each kind of failure.
//!
//! `cargo run --bin errors -- an-id-that-does-not-exist`

use std::process::ExitCode;
use std::time::Duration;

use heygen::ErrorKind;

#[tokio::main]
async fn main() -> ExitCode {
    let id = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "an-id-that-does-not-exist".to_owned());
    let client = match heygen::Client::from_env() {
        Ok(client) => client,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let result = client
        .v2()
        .avatars()
        .details(id)
        .timeout(Duration::from_secs(10))
        .await;
    let error = match result {
        Ok(avatar) => {
            println!("found {}", avatar.id);
            return ExitCode::SUCCESS;
        }
        Err(error) => error,
    };

    // One line for people, with everything that helps to find the cause.
    eprintln!("{error}");
    // One method for all formats of the API's errors.
    if error.is_not_found() {
        eprintln!("-> there is no such avatar");
    } else if error.is_unauthorized() {
        eprintln!("-> use another key");
    } else if error.is_rate_limited() {
        eprintln!(
            "-> retry in {:?}",
            error.retry_after().unwrap_or(Duration::from_mins(1))
        );
    } else if error.is_retryable() {
        eprintln!("-> the same call may succeed later");
    }
    // The kind: how far the call got. The enum is non-exhaustive.
    match error.kind() {
        ErrorKind::InvalidInput => eprintln!("-> nothing was sent, correct {:?}", error.param()),
        ErrorKind::Decode => eprintln!("-> the response does not fit at {:?}", error.field()),
        kind => eprintln!("-> kind {kind}, after {} attempts", error.attempts()),
    }
    ExitCode::FAILURE
}
