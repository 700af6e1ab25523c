//! A server that plays scripted replies and faults, byte by byte, and records
//! the requests.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::document::{avatar_body, avatar_id};

/// What the server sends for one request, and how.
#[derive(Clone, Debug)]
pub struct Reply {
    bytes: Vec<u8>,
    delay: Duration,
    pace: Option<Duration>,
    close: bool,
    repeat: Option<Vec<u8>>,
}

impl Reply {
    /// These bytes; the connection stays open.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            delay: Duration::ZERO,
            pace: None,
            close: false,
            repeat: None,
        }
    }

    /// A complete response. `{port}` in it becomes the port of the server.
    pub fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut head = format!(
            "HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        head += "\r\n";
        Self::bytes([head.as_bytes(), body].concat())
    }

    /// A success response of JSON.
    pub fn json(body: impl AsRef<[u8]>) -> Self {
        Self::response(200, &[("content-type", "application/json")], body)
    }

    /// A success response: the avatar of the document's example.
    pub fn avatar() -> Self {
        Self::json(avatar_body(avatar_id()))
    }

    /// A success response with this `content-encoding`.
    pub fn encoded(encoding: &str, body: impl AsRef<[u8]>) -> Self {
        Self::response(200, &[("content-encoding", encoding)], body)
    }

    /// A response without a body that asks to retry after this long.
    pub fn retry_after(status: u16, retry_after: &str) -> Self {
        Self::response(status, &[("retry-after", retry_after)], "")
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::response(status, &[("location", location)], "moved")
    }

    /// No byte; the connection stays open.
    pub fn silence() -> Self {
        Self::bytes("")
    }

    /// Closes the connection afterwards.
    #[must_use]
    pub fn close(mut self) -> Self {
        self.close = true;
        self
    }

    /// Sends no more than so many bytes of the body; the connection stays open.
    #[must_use]
    pub fn stall(mut self, body_bytes: usize) -> Self {
        let head = self.bytes.windows(4).position(|it| it == b"\r\n\r\n");
        self.bytes.truncate(head.unwrap() + 4 + body_bytes);
        self
    }

    /// Closes the connection after so many bytes of the body.
    #[must_use]
    pub fn cut(self, body_bytes: usize) -> Self {
        self.stall(body_bytes).close()
    }

    /// Sends these bytes afterwards, without end.
    #[must_use]
    pub fn repeat(mut self, bytes: &str) -> Self {
        self.repeat = Some(bytes.as_bytes().to_vec());
        self
    }

    /// Waits before the first byte.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Waits before every single byte.
    #[must_use]
    pub fn trickle(mut self, pace: Duration) -> Self {
        self.pace = Some(pace);
        self
    }

    fn with_port(mut self, port: u16) -> Self {
        if let Ok(text) = std::str::from_utf8(&self.bytes) {
            self.bytes = text.replace("{port}", &port.to_string()).into_bytes();
        }
        self
    }
}

/// One request, as it arrived.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// The request line.
    pub line: String,
    headers: Vec<(String, String)>,
    /// The body, as long as its `content-length`.
    pub body: Vec<u8>,
}

impl RecordedRequest {
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

    /// The first value of this header, whose name is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of this header, whose name is in lower case.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let values = self.headers.iter().filter(|(known, _)| known == name);
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// The names of the headers, in lower case and in their order.
    pub fn header_names(&self) -> Vec<String> {
        self.headers.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The request target: path and query.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap()
    }
}

/// The reply to a request, of which so many came before.
type Script = dyn Fn(usize, &RecordedRequest) -> Reply + Send + Sync;

/// A running server. The n-th request gets the n-th reply; the last reply
/// serves all further ones.
#[derive(Debug)]
pub struct ScriptedServer {
    port: u16,
    requests: Arc<Mutex<Vec<RecordedRequest>>>,
    connections: Arc<AtomicUsize>,
    closed: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl ScriptedServer {
    /// Starts a server with these replies.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies: Vec<Reply> = replies.into_iter().collect();
        Self::start_with(move |number, _| replies[number.min(replies.len() - 1)].clone()).await
    }

    /// Starts a server whose reply depends on the request.
    pub async fn start_with(
        script: impl Fn(usize, &RecordedRequest) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let script: Arc<Script> =
            Arc::new(move |number, request| script(number, request).with_port(port));
        let requests = Arc::<Mutex<Vec<RecordedRequest>>>::default();
        let connections = Arc::<AtomicUsize>::default();
        let closed = Arc::<AtomicUsize>::default();
        let (recorded, opened, ended) = (requests.clone(), connections.clone(), closed.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                opened.fetch_add(1, Ordering::SeqCst);
                let (script, recorded, ended) = (script.clone(), recorded.clone(), ended.clone());
                tokio::spawn(async move {
                    serve(stream, script, recorded).await;
                    ended.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Self {
            port,
            requests,
            connections,
            closed,
            task,
        }
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// How many of them have been closed.
    pub fn closed_connections(&self) -> usize {
        self.closed.load(Ordering::SeqCst)
    }

    /// The port of the server.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The base URL of the server.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests so far, in their order.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    script: Arc<Script>,
    recorded: Arc<Mutex<Vec<RecordedRequest>>>,
) {
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer).await {
        let number = {
            let mut recorded = recorded.lock().unwrap();
            recorded.push(request.clone());
            recorded.len() - 1
        };
        let reply = script(number, &request);
        sleep(reply.delay).await;
        if play(&mut stream, &reply).await.is_err() || reply.close {
            return;
        }
    }
}

/// Reads the next request, unless the client closes the connection first.
async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<RecordedRequest> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        read_more(stream, buffer).await?;
    };
    let head: Vec<u8> = buffer.drain(..end + 4).collect();
    let mut request = RecordedRequest::parse(&String::from_utf8_lossy(&head[..end]));
    let length = request.header("content-length").map(str::parse::<usize>);
    let length = length.transpose().unwrap().unwrap_or_default();
    while buffer.len() < length {
        read_more(stream, buffer).await?;
    }
    request.body = buffer.drain(..length).collect();
    Some(request)
}

async fn read_more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    match stream.read_buf(buffer).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(()),
    }
}

async fn play(stream: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    write(stream, &reply.bytes, reply.pace).await?;
    if let Some(bytes) = &reply.repeat {
        loop {
            write(stream, bytes, reply.pace).await?;
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
