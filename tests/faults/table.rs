//! What a row is, and how it is held against the client.

use std::fmt;
use std::time::{Duration, Instant};

use fixture_api::hooks::Inner;
use fixture_api::v9::types;
use heygen::{Client, ClientBuilder, ErrorKind};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::server::{Act, KEY, Server, ask};

/// Nothing here should take longer, whatever else the machine does.
const LONG: Duration = Duration::from_secs(20);

/// Rows that belong together, under their name. They are made when their turn
/// comes: dates in them are soon past.
pub(crate) type Group = (&'static str, fn() -> Vec<Row>);

/// Who is called.
#[derive(Clone, Debug)]
enum Peer {
    /// A server that performs one act for each request.
    Acts(Vec<Act>),
    /// Nobody: the port is closed.
    Nobody,
    /// Somebody who sends these bytes to every connection and closes it.
    Slam(&'static str),
}

/// What is called.
#[derive(Clone, Copy, Debug)]
enum Call {
    /// An operation that reads.
    Read,
    /// The same twice on one connection; the second one counts.
    Again,
    /// One that creates, and reads an idempotency key.
    Create,
}

/// One row: what happens, and what is to come of it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    name: String,
    peer: Peer,
    scheme: &'static str,
    call: Call,
    set: fn(ClientBuilder) -> ClientBuilder,
    kind: Option<ErrorKind>,
    status: Option<u16>,
    attempts: u32,
    at_least: Duration,
    within: Duration,
}

impl Row {
    fn new(name: impl Into<String>, peer: Peer) -> Self {
        Self {
            name: name.into(),
            peer,
            scheme: "http",
            call: Call::Read,
            set: |builder| builder,
            kind: None,
            status: Some(200),
            attempts: 1,
            at_least: Duration::ZERO,
            within: LONG,
        }
    }

    /// A server performs these acts, one for each request, the last for all
    /// further ones.
    pub(crate) fn on(name: impl Into<String>, acts: impl IntoIterator<Item = Act>) -> Self {
        Self::new(name, Peer::Acts(acts.into_iter().collect()))
    }

    /// Nobody listens.
    pub(crate) fn nobody(name: &str) -> Self {
        Self::new(name, Peer::Nobody)
    }

    /// Every connection gets these bytes and is closed.
    pub(crate) fn slam(name: &str, bytes: &'static str) -> Self {
        Self::new(name, Peer::Slam(bytes))
    }

    /// The client speaks TLS.
    pub(crate) fn over_tls(mut self) -> Self {
        self.scheme = "https";
        self
    }

    /// The call creates something and carries an idempotency key.
    pub(crate) fn creating(mut self) -> Self {
        self.call = Call::Create;
        self
    }

    /// The call is made twice, and the second one counts.
    pub(crate) fn again(mut self) -> Self {
        self.call = Call::Again;
        self
    }

    /// The client has other settings than by default.
    pub(crate) fn set(mut self, set: fn(ClientBuilder) -> ClientBuilder) -> Self {
        self.set = set;
        self
    }

    /// The call fails in this way.
    pub(crate) fn fails(mut self, kind: ErrorKind, status: impl Into<Option<u16>>) -> Self {
        self.kind = Some(kind);
        self.status = status.into();
        self
    }

    /// After so many attempts; one unless said otherwise.
    pub(crate) fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Not sooner than this.
    pub(crate) fn after(mut self, time: Duration) -> Self {
        self.at_least = time;
        self
    }

    /// Sooner than this.
    pub(crate) fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    async fn judge(self) -> Verdict {
        let (port, _server) = self.peer.start().await;
        let url = format!("{}://127.0.0.1:{port}", self.scheme);
        let builder = Client::builder().api_key(KEY).base_url(url);
        let client = (self.set)(builder).build().unwrap();
        if let Call::Again = self.call {
            ask(&client).await.unwrap();
        }
        let start = Instant::now();
        let outcome = self.call.make(&client).await;
        let took = start.elapsed();
        let wanted = Outcome {
            kind: self.kind,
            status: self.status,
            attempts: self.attempts,
        };
        let fault = if outcome != wanted {
            Some(format!("expected {wanted}"))
        } else if took < self.at_least || took > self.within {
            Some(format!("expected {:?} to {:?}", self.at_least, self.within))
        } else {
            None
        };
        Verdict {
            name: self.name,
            outcome,
            took,
            fault,
        }
    }
}

impl Peer {
    /// Starts it and gives its port, and what has to be kept as long as it is
    /// needed.
    async fn start(&self) -> (u16, Option<Server>) {
        if let Self::Acts(acts) = self {
            let server = Server::start(acts.clone()).await;
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
    async fn make(self, client: &Client) -> Outcome {
        let result = match self {
            Self::Read | Self::Again => ask(client).await.map(|avatar| {
                assert_eq!(avatar.id, "a1", "the answer of another call");
                (avatar.status(), avatar.attempts())
            }),
            Self::Create => create(client).await,
        };
        match result {
            Ok((status, attempts)) => Outcome {
                kind: None,
                status: Some(status),
                attempts,
            },
            Err(error) => Outcome {
                kind: Some(error.kind()),
                status: error.status(),
                attempts: error.attempts(),
            },
        }
    }
}

async fn create(client: &Client) -> Result<(u16, u32), heygen::Error> {
    let avatar = types::CreateFromAvatar::builder()
        .avatar_id("a1")
        .script("Hello");
    let transport = heygen::raw::transport(client).clone();
    let inner = Inner::new(transport, heygen::raw::CallOptions::default());
    let answer = fixture_api::v9::Client::new(inner)
        .create_video()
        .body(types::CreateVideoRequest::Avatar(
            avatar.try_into().unwrap(),
        ))
        .send()
        .await?
        .open()?;
    Ok((answer.status().as_u16(), answer.attempts()))
}

/// What came of a call.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    kind: Option<ErrorKind>,
    status: Option<u16>,
    attempts: u32,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.map_or("good", ErrorKind::as_str);
        let status = self
            .status
            .map_or("-".to_owned(), |status| status.to_string());
        write!(f, "{kind:<10} {status:>3}  {} sent", self.attempts)
    }
}

/// A row, and whether it holds.
pub(crate) struct Verdict {
    name: String,
    outcome: Outcome,
    took: Duration,
    pub(crate) fault: Option<String>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.fault.is_some() { "✗" } else { "✓" };
        let took = self.took.as_millis();
        write!(f, "{mark} {:<58} {} {took:>6} ms", self.name, self.outcome)?;
        match &self.fault {
            Some(fault) => write!(f, "  {fault}"),
            None => Ok(()),
        }
    }
}

/// Judges the rows, all at once, and gives them in their order.
pub(crate) async fn run(rows: Vec<Row>) -> Vec<Verdict> {
    let mut tasks = JoinSet::new();
    for (number, row) in rows.into_iter().enumerate() {
        tasks.spawn(async move { (number, row.judge().await) });
    }
    let mut verdicts = tasks.join_all().await;
    verdicts.sort_by_key(|(number, _)| *number);
    verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}
