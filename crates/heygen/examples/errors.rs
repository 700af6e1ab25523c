//! What a program can do about each sort of failure.
//!
//! Run it with `HEYGEN_API_KEY=... cargo run -p heygen --example errors --
//! an-id-that-does-not-exist`.

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
    // What the failure means does not depend on how it was said.
    if error.is_not_found() {
        eprintln!("-> there is no such avatar");
    } else if error.is_unauthorized() {
        eprintln!("-> ask for another key");
    } else if error.is_rate_limited() {
        eprintln!(
            "-> come back in {:?}",
            error.retry_after().unwrap_or(Duration::from_secs(60))
        );
    } else if error.is_retryable() {
        eprintln!("-> the same call may succeed later");
    }
    // The kind says how far the call got; there may be more of them one day.
    match error.kind() {
        ErrorKind::InvalidInput => eprintln!("-> nothing was sent, mend {:?}", error.param()),
        ErrorKind::Decode => eprintln!("-> the answer does not fit at {:?}", error.field()),
        kind => eprintln!("-> kind {kind}, after {} attempts", error.attempts()),
    }
    ExitCode::FAILURE
}
