//! A row of the table, and how it is run.

use std::fmt;
use std::time::{Duration, Instant};

use heygen::{Client, ClientBuilder, ErrorKind, Method};
use heygen_tests::client::{CallOptions, builder, create_video, get_avatar};
use heygen_tests::document::avatar_id;
use heygen_tests::scripted::{Reply, ScriptedServer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::outcome::{Expected, Outcome};

/// No row takes longer, whatever the load of the machine.
const MAX_DURATION: Duration = Duration::from_secs(20);

/// The request id in the responses of `Row::response`.
const REQUEST_ID: &str = "req-7";

/// The path of a call that may be sent only once.
pub(crate) const WRITE_PATH: &str = "/v3/things";

/// A group of rows, under its name. The rows are built when the group runs, as
/// some contain dates.
pub(crate) type Group = (&'static str, fn() -> Vec<Row>);

/// The other end of the connection.
#[derive(Clone, Debug)]
enum Peer {
    /// A scripted server.
    Scripted(Vec<Reply>),
    /// Nothing: the port is closed.
    Nothing,
    /// Sends these bytes to every connection and closes it.
    Slam(&'static str),
}

/// The call of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    /// An operation that reads.
    Read,
    /// The same twice on one connection; the second call counts.
    ReadTwice,
    /// An operation that creates, and reads an idempotency key.
    Create,
    /// An operation that may be sent only once.
    Write,
}

/// One row: a fault, and the expected outcome.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    name: String,
    peer: Peer,
    scheme: &'static str,
    call: Call,
    configure: fn(ClientBuilder) -> ClientBuilder,
    expected: Expected,
    min_duration: Duration,
    max_duration: Duration,
}

impl Row {
    fn new(name: impl Into<String>, peer: Peer) -> Self {
        Self {
            name: name.into(),
            peer,
            scheme: "http",
            call: Call::Read,
            configure: |builder| builder,
            expected: Expected::default(),
            min_duration: Duration::ZERO,
            max_duration: MAX_DURATION,
        }
    }

    /// A server that plays these replies.
    pub(crate) fn on(name: impl Into<String>, replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::new(name, Peer::Scripted(replies.into_iter().collect()))
    }

    /// A server that sends one response to all requests. An error has to keep
    /// the body and the request id.
    pub(crate) fn response(
        name: impl Into<String>,
        status: u16,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Self {
        let headers = [&[("x-request-id", REQUEST_ID)], headers].concat();
        let reply = Reply::response(status, &headers, &body);
        Self::on(name, [reply]).request_id(REQUEST_ID).body(body)
    }

    /// A closed port.
    pub(crate) fn closed_port(name: &str) -> Self {
        Self::new(name, Peer::Nothing)
    }

    /// A server that sends these bytes to every connection and closes it.
    pub(crate) fn slam(name: &str, bytes: &'static str) -> Self {
        Self::new(name, Peer::Slam(bytes))
    }

    /// Over TLS, which the server does not speak.
    pub(crate) fn over_tls(mut self) -> Self {
        self.scheme = "https";
        self
    }

    /// Another call than `Read`.
    pub(crate) fn call(mut self, call: Call) -> Self {
        self.call = call;
        self
    }

    /// Other settings of the client than the defaults.
    pub(crate) fn configure(mut self, configure: fn(ClientBuilder) -> ClientBuilder) -> Self {
        self.configure = configure;
        self
    }

    /// The call fails with this kind.
    pub(crate) fn fails(mut self, kind: ErrorKind, status: impl Into<Option<u16>>) -> Self {
        self.expected.kind = Some(kind);
        self.expected.status = status.into();
        self
    }

    /// The number of attempts; 1 by default.
    pub(crate) fn attempts(mut self, attempts: u32) -> Self {
        self.expected.attempts = attempts;
        self
    }

    /// The number of requests that the server receives; as many as attempts by
    /// default.
    pub(crate) fn requests(mut self, requests: usize) -> Self {
        self.expected.requests = Some(requests);
        self
    }

    /// The code of the error.
    pub(crate) fn code(mut self, code: impl Into<Option<&'static str>>) -> Self {
        self.expected.code = code.into();
        self
    }

    /// A part of the printed error. `{port}` in it is the port of the server.
    pub(crate) fn message(mut self, part: impl Into<String>) -> Self {
        self.expected.message = part.into();
        self
    }

    /// The field that cannot be decoded.
    pub(crate) fn field(mut self, field: impl Into<Option<&'static str>>) -> Self {
        self.expected.field = field.into();
        self
    }

    /// The request id of the error.
    pub(crate) fn request_id(mut self, request_id: &'static str) -> Self {
        self.expected.request_id = Some(request_id);
        self
    }

    /// The body that the error keeps.
    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.expected.body = Some(body.as_ref().to_vec());
        self
    }

    /// Not sooner than this.
    pub(crate) fn after(mut self, duration: Duration) -> Self {
        self.min_duration = duration;
        self
    }

    /// Not later than this.
    pub(crate) fn within(mut self, duration: Duration) -> Self {
        self.max_duration = duration;
        self
    }

    async fn run(mut self) -> Verdict {
        let (port, server) = self.peer.start().await;
        let url = format!("{}://127.0.0.1:{port}", self.scheme);
        let client = (self.configure)(builder(&url)).build().unwrap();
        let mut expected_requests = self.expected.attempts as usize;
        if let Call::ReadTwice = self.call {
            get_avatar(&client).await.unwrap();
            expected_requests += 1;
        }
        let start = Instant::now();
        let outcome = self.call.send(&client).await;
        let duration = start.elapsed();
        let message = &mut self.expected.message;
        *message = message.replace("{port}", &port.to_string());
        let mut faults = self.expected.compare(self.call, &outcome);
        if let Some(server) = server {
            let expected = self.expected.requests.unwrap_or(expected_requests);
            let received = server.requests().len();
            if received != expected {
                faults.push(format!("{received} requests, expected {expected}"));
            }
        }
        if duration < self.min_duration || duration > self.max_duration {
            let (min, max) = (self.min_duration, self.max_duration);
            faults.push(format!("expected {min:?} to {max:?}"));
        }
        Verdict {
            name: self.name,
            outcome,
            duration,
            faults,
        }
    }
}

impl Peer {
    /// Starts the peer and returns its port, and the server if it records.
    async fn start(&self) -> (u16, Option<ScriptedServer>) {
        if let Self::Scripted(replies) = self {
            let server = ScriptedServer::start(replies.clone()).await;
            return (server.port(), Some(server));
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        if let Self::Slam(bytes) = *self {
            tokio::spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    let _ = stream.write_all(bytes.as_bytes()).await;
                }
            });
        }
        (port, None)
    }
}

impl Call {
    async fn send(self, client: &Client) -> Outcome {
        match self {
            Self::Read | Self::ReadTwice => Outcome::new(get_avatar(client).await, |avatar| {
                assert_eq!(
                    avatar.data().id,
                    avatar_id(),
                    "the response of another call"
                );
                (avatar.status(), avatar.attempts())
            }),
            Self::Create => {
                let video = create_video(client, CallOptions::new());
                let video = video.with_response().await;
                Outcome::new(video, |video| (video.status(), video.attempts()))
            }
            Self::Write => {
                let request = client.request(Method::POST, WRITE_PATH);
                let response = request.with_response().await;
                Outcome::new(response, |response| {
                    (response.status(), response.attempts())
                })
            }
        }
    }
}

/// The outcome of a row, and its differences from the expected one.
pub(crate) struct Verdict {
    name: String,
    outcome: Outcome,
    duration: Duration,
    faults: Vec<String>,
}

impl Verdict {
    pub(crate) fn passed(&self) -> bool {
        self.faults.is_empty()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.passed() { "✓" } else { "✗" };
        let duration = self.duration.as_millis();
        let outcome = &self.outcome;
        write!(f, "{mark} {:<58} {outcome} {duration:>6} ms", self.name)?;
        for fault in &self.faults {
            write!(f, "\n    {fault}")?;
        }
        Ok(())
    }
}

/// Runs the rows concurrently, and returns the verdicts in their order.
pub(crate) async fn run(rows: Vec<Row>) -> Vec<Verdict> {
    let mut tasks = JoinSet::new();
    for (number, row) in rows.into_iter().enumerate() {
        tasks.spawn(async move { (number, row.run().await) });
    }
    let mut verdicts = tasks.join_all().await;
    verdicts.sort_by_key(|(number, _)| *number);
    verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}
