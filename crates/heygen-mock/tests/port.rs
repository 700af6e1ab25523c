//! The port of a server. Alone in its file, so that no other test of this
//! process can bind a port that has just been freed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use heygen_mock::{Error, MockServer};
use tokio::net::TcpStream;

#[tokio::test]
async fn port_is_configurable_and_freed() {
    let first = MockServer::start().await.unwrap();
    let port = first.port();
    assert_eq!(first.url(), format!("http://127.0.0.1:{port}"));

    let error = MockServer::builder().port(port).start().await.unwrap_err();
    assert!(matches!(error, Error::Listen { .. }));
    assert!(error.to_string().contains(&port.to_string()), "{error}");

    first.stop().await;
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    let second = MockServer::builder().port(port).start().await.unwrap();
    assert_eq!(second.port(), port);
}
