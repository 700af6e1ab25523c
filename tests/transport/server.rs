//! A server that does what it is told, byte by byte, and remembers what it
//! was asked.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::v2::AvatarDetails;
use heygen::{Client, ClientBuilder, Error, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub(crate) const KEY: &str = "sk_test_0123456789";

/// What to do with one request.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    bytes: Vec<u8>,
    before: Duration,
    pace: Option<Duration>,
    close: bool,
    forever: Option<Vec<u8>>,
}

impl Act {
    /// Sends these bytes and keeps the connection.
    pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            before: Duration::ZERO,
            pace: None,
            close: false,
            forever: None,
        }
    }

    /// Sends a whole answer.
    pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut bytes = format!(
            "HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            write!(bytes, "{name}: {value}\r\n").unwrap();
        }
        bytes += "\r\n";
        let mut bytes = bytes.into_bytes();
        bytes.extend_from_slice(body);
        Self::bytes(bytes)
    }

    /// Sends a good answer with JSON in it.
    pub(crate) fn json(body: impl AsRef<[u8]>) -> Self {
        Self::answer(200, &[("content-type", "application/json")], body)
    }

    /// Sends an avatar.
    pub(crate) fn avatar() -> Self {
        Self::json(r#"{"error":null,"data":{"id":"a1","name":"Anna"}}"#)
    }

    /// Sends nothing and keeps the connection.
    pub(crate) fn silence() -> Self {
        Self::bytes("")
    }

    /// Puts the port of the server in the place of `{port}`.
    fn at(mut self, port: u16) -> Self {
        if let Ok(text) = std::str::from_utf8(&self.bytes) {
            self.bytes = text.replace("{port}", &port.to_string()).into_bytes();
        }
        self
    }

    /// Closes the connection afterwards.
    pub(crate) fn close(mut self) -> Self {
        self.close = true;
        self
    }

    /// Sends these bytes afterwards, again and again.
    pub(crate) fn then_forever(mut self, bytes: &str) -> Self {
        self.forever = Some(bytes.as_bytes().to_vec());
        self
    }

    /// Waits before the first byte.
    pub(crate) fn after(mut self, wait: Duration) -> Self {
        self.before = wait;
        self
    }

    /// Waits before every single byte.
    pub(crate) fn trickle(mut self, pace: Duration) -> Self {
        self.pace = Some(pace);
        self
    }
}

/// Makes the one call of most tests.
pub(crate) async fn ask(client: &Client) -> Result<Response<AvatarDetails>, Error> {
    let avatars = client.v2().avatars();
    avatars.details("a1").with_response().await
}

/// One request, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    fn parse(head: &str) -> Self {
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap_or_default().to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Self {
            line,
            headers,
            body: Vec::new(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The names of the headers, as they came.
    pub(crate) fn names(&self) -> Vec<String> {
        self.headers.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The segments of the path, as they came.
    pub(crate) fn segments(&self) -> Vec<&str> {
        let target = self.line.split(' ').nth(1).unwrap();
        target.split('/').skip(1).collect()
    }
}

/// A running server. The n-th request gets the n-th act; the last act serves
/// all further ones.
pub(crate) struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    closed: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acts: Arc<[Act]> = acts.into_iter().map(|act| act.at(port)).collect();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let connections = Arc::<AtomicUsize>::default();
        let closed = Arc::<AtomicUsize>::default();
        let (remembered, counted, ended) = (seen.clone(), connections.clone(), closed.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (acts, remembered, ended) = (acts.clone(), remembered.clone(), ended.clone());
                tokio::spawn(async move {
                    serve(stream, acts, remembered).await;
                    ended.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Self {
            port,
            seen,
            connections,
            closed,
            task,
        }
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// How many of them are over.
    pub(crate) fn closed(&self) -> usize {
        self.closed.load(Ordering::SeqCst)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A client for this server that does not try again.
    pub(crate) fn client(&self) -> Client {
        self.builder().max_retries(0).build().unwrap()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder().api_key(KEY).base_url(self.url())
    }

    /// Makes the one call of most tests, with such a client.
    pub(crate) async fn ask(&self) -> Result<Response<AvatarDetails>, Error> {
        ask(&self.client()).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, acts: Arc<[Act]>, seen: Arc<Mutex<Vec<Seen>>>) {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
            match stream.read_buf(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        };
        let head: Vec<u8> = buffer.drain(..end + 4).collect();
        let mut request = Seen::parse(&String::from_utf8_lossy(&head[..end]));
        let length = request.header("content-length").map(str::parse::<usize>);
        let length = length.transpose().unwrap().unwrap_or_default();
        while buffer.len() < length {
            match stream.read_buf(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
        request.body = buffer.drain(..length).collect();
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(request);
            seen.len() - 1
        };
        let act = &acts[number.min(acts.len() - 1)];
        sleep(act.before).await;
        if perform(&mut stream, act).await.is_err() || act.close {
            return;
        }
    }
}

async fn perform(stream: &mut TcpStream, act: &Act) -> std::io::Result<()> {
    write(stream, &act.bytes, act.pace).await?;
    if let Some(bytes) = &act.forever {
        loop {
            write(stream, bytes, act.pace).await?;
        }
    }
    Ok(())
}

async fn write(
    stream: &mut TcpStream,
    bytes: &[u8],
    pace: Option<Duration>,
) -> std::io::Result<()> {
    let Some(pace) = pace else {
        return stream.write_all(bytes).await;
    };
    for byte in bytes {
        sleep(pace).await;
        stream.write_all(&[*byte]).await?;
    }
    Ok(())
}
