//! A client that is nothing but a socket, so that tests see each byte.

#![allow(dead_code, reason = "each test uses a part")]

pub(crate) mod bodies;
pub(crate) mod receiver;

use std::time::Duration;

use heygen_mock::MockServer;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A response, possibly truncated.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn status(&self) -> u16 {
        let status = self.head.split(' ').nth(1).unwrap();
        status.parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a request to a path or a link of the mock, with these headers.
pub(crate) async fn send(
    server: &MockServer,
    method: &str,
    link: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<Reply> {
    let url = server.url();
    let path = link.strip_prefix(&url).unwrap_or(link);
    let start = format!("{method} {path} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n");
    let length = ("content-length", &*body.len().to_string());
    let length = (!body.is_empty()).then_some(length);
    let headers = headers.iter().copied().chain(length);
    let lines = headers.map(|(name, value)| [name, ": ", value, "\r\n"].concat());
    let headers = lines.collect::<String>();
    exchange(server, &format!("{start}{headers}\r\n"), body).await
}

pub(crate) async fn open(server: &MockServer) -> TcpStream {
    let address = ("127.0.0.1", server.port());
    TcpStream::connect(address).await.unwrap()
}

/// Sends a request and reads until the server closes the connection.
pub(crate) async fn exchange(server: &MockServer, head: &str, body: &[u8]) -> Option<Reply> {
    let mut stream = open(server).await;
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut bytes = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes));
    // A reset after the last byte counts as the end.
    let _ = end.await.expect("the server must close the connection");
    split(&bytes)
}

pub(crate) fn split(bytes: &[u8]) -> Option<Reply> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(Reply {
        head: String::from_utf8(bytes[..end].to_vec()).unwrap(),
        body: bytes[end + 4..].to_vec(),
    })
}

const KEY: (&str, &str) = ("x-api-key", "k");

/// A GET with a key.
pub(crate) async fn get(server: &MockServer, path: &str) -> Reply {
    send(server, "GET", path, &[KEY], b"").await.unwrap()
}

/// The `data` of a GET.
pub(crate) async fn data(server: &MockServer, path: &str) -> Value {
    let reply = get(server, path).await;
    assert!(
        (200..300).contains(&reply.status()),
        "{path}: {}",
        reply.text()
    );
    reply.json()["data"].take()
}

/// A DELETE with a key.
pub(crate) async fn delete(server: &MockServer, path: &str) -> Reply {
    send(server, "DELETE", path, &[KEY], b"").await.unwrap()
}

/// A POST of JSON with a key.
pub(crate) async fn post(server: &MockServer, path: &str, body: &Value) -> Reply {
    let headers = [KEY, ("content-type", "application/json")];
    let body = body.to_string();
    send(server, "POST", path, &headers, body.as_bytes())
        .await
        .unwrap()
}

/// The `data` of a POST.
pub(crate) async fn create(server: &MockServer, path: &str, body: Value) -> Value {
    let reply = post(server, path, &body).await;
    assert!(
        (200..300).contains(&reply.status()),
        "{path}: {}",
        reply.text()
    );
    reply.json()["data"].take()
}

/// A GET without a key, as of a file.
pub(crate) async fn fetch(server: &MockServer, link: &str, headers: &[(&str, &str)]) -> Reply {
    send(server, "GET", link, headers, b"").await.unwrap()
}
