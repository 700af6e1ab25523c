//! A TCP relay between client and server: a connection through it can stall
//! without closing, or become slow.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::ClientBuilder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::client::{builder, trust};
use crate::echo::Counts;
use crate::tls::{Authority, TlsServer};

/// A running relay to a port of loopback.
#[derive(Debug)]
pub struct Relay {
    port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    /// Bytes per second in each direction; 0 is unlimited.
    throttle: AtomicU32,
    accepted: AtomicUsize,
    connections: Mutex<Vec<Arc<Cut>>>,
    cut_when: Mutex<Option<Box<dyn Fn() -> bool + Send>>>,
}

/// Which directions of a connection are cut.
#[derive(Debug, Default)]
struct Cut {
    requests: AtomicBool,
    responses: AtomicBool,
}

impl Cut {
    fn is_cut(&self) -> bool {
        self.requests.load(Ordering::SeqCst) || self.responses.load(Ordering::SeqCst)
    }
}

impl Relay {
    /// Starts a relay to this port.
    pub async fn start(upstream: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            // Dropped with this task, which closes the connections.
            let mut running = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let cut = Arc::<Cut>::default();
                shared.accepted.fetch_add(1, Ordering::SeqCst);
                shared.connections.lock().unwrap().push(Arc::clone(&cut));
                running.spawn(relay(client, upstream, cut, Arc::clone(&shared)));
            }
        });
        Self { port, state, task }
    }

    /// The port for clients.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.state.accepted.load(Ordering::SeqCst)
    }

    /// Silences the present connections in both directions. They stay open;
    /// later connections are relayed.
    pub fn cut(&self) {
        for cut in &*self.state.connections.lock().unwrap() {
            cut.requests.store(true, Ordering::SeqCst);
            cut.responses.store(true, Ordering::SeqCst);
        }
    }

    /// Silences the present connections once the server has sent this many
    /// responses: what a client sends from then on is dropped, so that no
    /// response follows. The responses before it arrive whole, which a cut by
    /// a count of encrypted bytes could not promise.
    pub fn cut_after_responses(&self, responses: usize, counts: &Arc<Counts>) {
        let counts = Arc::clone(counts);
        let reached = move || counts.responses() >= responses;
        *self.state.cut_when.lock().unwrap() = Some(Box::new(reached));
    }

    /// Limits each direction of each connection to this many bytes per second.
    pub fn throttle(&self, bytes_per_second: u32) {
        let throttle = &self.state.throttle;
        throttle.store(bytes_per_second, Ordering::SeqCst);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    /// Cuts all requests if the condition is met. It fires once.
    fn cut_if_due(&self) {
        let mut cut_when = self.cut_when.lock().unwrap();
        if cut_when.as_ref().is_some_and(|due| due()) {
            *cut_when = None;
            for cut in &*self.connections.lock().unwrap() {
                cut.requests.store(true, Ordering::SeqCst);
            }
        }
    }

    /// How many bytes are read at once.
    fn chunk_size(&self) -> usize {
        match self.throttle.load(Ordering::SeqCst) {
            0 => 16 * 1024,
            rate => (rate as usize / 20).clamp(1, 16 * 1024),
        }
    }

    /// Waits as long as this many bytes take.
    async fn pace(&self, bytes: usize) {
        let rate = self.throttle.load(Ordering::SeqCst);
        if rate > 0 {
            let bytes = u32::try_from(bytes).unwrap();
            sleep(Duration::from_secs(1) * bytes / rate).await;
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connections = self.connections.lock().unwrap();
        f.debug_struct("State")
            .field("throttle", &self.throttle)
            .field("connections", &*connections)
            .finish_non_exhaustive()
    }
}

async fn relay(client: TcpStream, upstream: u16, cut: Arc<Cut>, state: Arc<State>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)).await else {
        return;
    };
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let mut requests = pin!(requests(from_client, to_server, &cut, &state));
    let mut responses = pin!(responses(from_server, to_client, &cut, &state));
    tokio::select! {
        () = requests.as_mut() => if !cut.is_cut() { responses.await },
        () = responses.as_mut() => requests.await,
    }
}

async fn requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, cut: &Cut, state: &State) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer[..state.chunk_size()]).await {
        state.cut_if_due();
        state.pace(length).await;
        if !cut.requests.load(Ordering::SeqCst) && to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    // The client has closed its side: the server should close, cut or not.
    let _ = to.shutdown().await;
}

async fn responses(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, cut: &Cut, state: &State) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer[..state.chunk_size()]).await {
        state.pace(length).await;
        if !cut.responses.load(Ordering::SeqCst) && to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    if cut.is_cut() {
        // Keeps the client's connection open until the client closes it.
        std::future::pending::<()>().await;
    }
    let _ = to.shutdown().await;
}

/// An HTTP/2 server over TLS, behind a relay.
#[derive(Debug)]
pub struct RelayedTlsServer {
    authority: Authority,
    /// The server.
    pub server: TlsServer,
    /// The relay to the server.
    pub relay: Relay,
}

impl RelayedTlsServer {
    /// Starts a server and its relay.
    pub async fn start() -> Self {
        let authority = Authority::new();
        let server = TlsServer::start(authority.server_config("localhost", &["h2"])).await;
        let relay = Relay::start(server.port()).await;
        Self {
            authority,
            server,
            relay,
        }
    }

    /// A server whose first connection stalls after one response.
    pub async fn start_stalling() -> Self {
        let relayed = Self::start().await;
        let counts = relayed.server.counts();
        relayed.relay.cut_after_responses(1, counts);
        relayed
    }

    /// A builder of clients that speak HTTP/2 over TLS through the relay.
    pub fn builder(&self) -> ClientBuilder {
        let builder = builder(format!("https://localhost:{}", self.relay.port()));
        trust(builder, &self.authority, &["h2"])
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use heygen::{Client, ErrorKind};

    use super::{Relay, RelayedTlsServer};
    use crate::client::{client, get_avatar};
    use crate::document::{avatar_body, avatar_id};
    use crate::scripted::{Reply, ScriptedServer};

    const IDLE: Duration = Duration::from_millis(300);

    fn impatient_client(relayed: &RelayedTlsServer) -> Client {
        let builder = relayed.builder().timeout(IDLE).max_retries(0);
        builder.build().unwrap()
    }

    #[tokio::test]
    async fn cut_after_first_response_silences_http2_over_tls() {
        let relayed = RelayedTlsServer::start_stalling().await;
        let client = impatient_client(&relayed);
        get_avatar(&client).await.unwrap();
        let error = get_avatar(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        let counts = relayed.server.counts();
        assert_eq!((counts.http2(), relayed.relay.connections()), (1, 1));
    }

    #[tokio::test]
    async fn cut_silences_present_connections() {
        let relayed = RelayedTlsServer::start().await;
        let first = impatient_client(&relayed);
        get_avatar(&first).await.unwrap();
        relayed.relay.cut();
        let error = get_avatar(&first).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        get_avatar(&impatient_client(&relayed)).await.unwrap();
        let counts = relayed.server.counts();
        assert_eq!((counts.http2(), relayed.relay.connections()), (2, 2));
    }

    #[tokio::test]
    async fn throttle_delays_response() {
        let padded = avatar_body(avatar_id()) + &" ".repeat(1000);
        let server = ScriptedServer::start([Reply::json(padded)]).await;
        let relay = Relay::start(server.port()).await;
        relay.throttle(4000);
        let url = format!("http://127.0.0.1:{}", relay.port());
        let start = Instant::now();
        get_avatar(&client(url)).await.unwrap();
        assert!(start.elapsed() > IDLE / 2, "{:?}", start.elapsed());
    }
}
