//! A client that sends to this computer only.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::{Host, Url};

/// Time that a receiver has for its response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why a request got no response.
#[derive(Debug)]
pub(super) enum Problem {
    /// The URL is not one of this computer: nothing was sent.
    NotLocal(String),
    Failed(String),
}

/// Sends a POST and returns the status of the response.
pub(super) async fn post(
    url: &str,
    headers: &[(&'static str, String)],
    body: &Bytes,
) -> Result<u16, Problem> {
    let url = local(url).map_err(Problem::NotLocal)?;
    let sent = tokio::time::timeout(TIMEOUT, send(&url, headers, body.clone())).await;
    match sent {
        Ok(Ok(status)) => Ok(status),
        Ok(Err(problem)) => Err(Problem::Failed(problem)),
        Err(_) => Err(Problem::Failed(
            "the receiver did not respond within 10 seconds".to_owned(),
        )),
    }
}

/// The URL, if it leads to this computer.
fn local(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("the URL is not valid: {error}"))?;
    let is_local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "http" && is_local {
        Ok(url)
    } else {
        Err("the mock delivers to http://127.0.0.1 and http://localhost only".to_owned())
    }
}

async fn send(url: &Url, headers: &[(&'static str, String)], body: Bytes) -> Result<u16, String> {
    let host = url.host_str().unwrap_or_default();
    let address = url
        .socket_addrs(|| None)
        .map_err(|error| error.to_string())?;
    let local: Vec<_> = address
        .into_iter()
        .filter(|address| address.ip().is_loopback())
        .collect();
    let stream = TcpStream::connect(&*local)
        .await
        .map_err(|error| error.to_string())?;
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| error.to_string())?;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let port = url.port_or_known_default().unwrap_or(80);
    let request = Request::post(path).header(HOST, format!("{host}:{port}"));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, value)
    });
    let request = request
        .body(Full::new(body))
        .map_err(|error| error.to_string())?;
    let exchange = async {
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        // What the receiver has to say is read, so that it can end in peace.
        let _ = response.into_body().collect().await;
        Ok(status)
    };
    tokio::pin!(exchange);
    tokio::select! {
        status = &mut exchange => status,
        // The connection is over: the response was read, or never will be.
        _ = connection => exchange.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_sent_to() {
        for url in [
            "http://127.0.0.1:80/a?b",
            "http://localhost:1",
            "http://[::1]:9/x",
        ] {
            assert!(local(url).is_ok(), "{url}");
        }
        for url in [
            "http://example.com/",
            "http://192.168.0.1/",
            "http://localhost.example.com/",
            "https://127.0.0.1/",
            "http://127.0.0.1@example.com/",
            "nothing",
        ] {
            assert!(local(url).is_err(), "{url}");
        }
    }
}
