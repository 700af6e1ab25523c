//! The server: start, port, fault injection, recorded requests, and graceful
//! shutdown.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::api::Api;
use crate::connection;
use crate::error::Error;
use crate::fault::Fault;
use crate::request_log::{Log, RecordedRequest};
use crate::shared::{Shared, lock};
use crate::state::State;
use crate::table::Table;
use crate::world::Running;

/// Default number of recorded requests.
const DEFAULT_LOG: usize = 1024;

/// Default number of objects that requests have created, changed or deleted.
const DEFAULT_OBJECTS: usize = 65_536;

/// Grace period of responses in progress once the server stops.
const GRACE: Duration = Duration::from_secs(1);

/// Pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A running mock on 127.0.0.1.
///
/// It stops when dropped: the port is closed at once, responses in progress get
/// one second, then all connections are closed. [`stop`](Self::stop) does the
/// same and waits for it.
pub struct MockServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Dropping it stops the server.
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl MockServer {
    /// Starts a server of all documents on a free port, on the
    /// current Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] when no port can be opened.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with I/O and time enabled.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// A server with options of your own.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Injects a fault into the next `requests` requests. Faults added later
    /// are queued behind those added before.
    pub fn fail_next(&self, requests: usize, fault: Fault) {
        lock(&self.shared.faults).push(requests, fault);
    }

    /// The requests read so far, oldest first: the latest 1024 of them, or as
    /// many as [`Builder::keep_requests`] sets.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.log).all()
    }

    /// The known ids of a path parameter: its examples in the documents served,
    /// and the id in the example response. Empty where there is no such
    /// operation or parameter, or where it has no example.
    pub fn known_ids(&self, operation_id: &str, parameter: &str) -> Vec<String> {
        self.shared.api.known_ids(operation_id, parameter)
    }

    /// Refuses ids and cursors that the mock does not know from now on: 404 and
    /// 400, as the service does. See [`Builder::strict`].
    pub fn strict(&self) {
        self.shared.state.set_strict();
    }

    /// Clears the recorded requests, the queued faults, and the state: objects are
    /// those of the examples again.
    pub fn reset(&self) {
        self.shared.state.clear();
        lock(&self.shared.log).clear();
        lock(&self.shared.faults).clear();
    }

    /// Stops the server, and returns when all its tasks have ended: after a
    /// second at most.
    pub async fn stop(self) {
        drop(self.stop);
        // It fails only when the runtime shuts down, which ends the task, too.
        let _ = self.task.await;
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// The known ids of a path parameter in the embedded documents, as
/// [`MockServer::known_ids`]: for tests that call a server of their own.
pub fn known_ids(operation_id: &str, parameter: &str) -> Vec<String> {
    Api::embedded().known_ids(operation_id, parameter)
}

/// How a [`MockServer`] is to be started.
#[derive(Clone, Debug)]
pub struct Builder {
    port: u16,
    embedded: bool,
    tables: Vec<&'static Table>,
    strict: bool,
    keep_requests: usize,
    keep_objects: usize,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            port: 0,
            embedded: true,
            tables: Vec::new(),
            strict: false,
            keep_requests: DEFAULT_LOG,
            keep_objects: DEFAULT_OBJECTS,
        }
    }
}

impl Builder {
    /// The port to listen on; 0, the default, selects any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Adds the tables of another API, which `cargo xtask codegen` has written.
    /// Their operations take precedence over those of the same method and path in
    /// embedded tables and in tables added earlier.
    #[must_use]
    pub fn tables(mut self, tables: &[&'static Table]) -> Self {
        self.tables.extend(tables);
        self
    }

    /// Leaves the embedded tables out, so that only those added with
    /// [`tables`](Self::tables) are served.
    #[must_use]
    pub fn without_embedded(mut self) -> Self {
        self.embedded = false;
        self
    }

    /// Responds with 404 to an id that is neither of the examples nor was created,
    /// and with 400 to a cursor that no list has given. By default the example is
    /// the response, under that id, and the first page.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// How many objects that requests have created, changed or deleted are kept,
    /// 65,536 by default; beyond them the oldest one is like one never seen.
    #[must_use]
    pub fn keep_objects(mut self, objects: usize) -> Self {
        self.keep_objects = objects;
        self
    }

    /// How many requests [`MockServer::requests`] records, 1024 by default; 0
    /// for none.
    #[must_use]
    pub fn keep_requests(mut self, requests: usize) -> Self {
        self.keep_requests = requests;
        self
    }

    /// Starts the server on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] when the port cannot be opened.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<MockServer, Error> {
        let shared = Arc::new(Shared {
            api: self.api(),
            state: State::new(self.keep_objects, self.strict, Box::new(Running)),
            faults: Mutex::default(),
            log: Mutex::new(Log::new(self.keep_requests)),
        });
        let listen = |source| Error::Listen {
            port: self.port,
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))
            .await
            .map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(run(listener, Arc::clone(&shared), stopped));
        Ok(MockServer {
            address,
            shared,
            stop,
            task,
        })
    }

    fn api(&self) -> Api {
        let mut api = if self.embedded {
            Api::embedded()
        } else {
            Api::default()
        };
        for table in &self.tables {
            api.add(table);
        }
        api
    }
}

/// Accepts connections until stopped, then waits for the open ones to finish.
async fn run(listener: TcpListener, shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Small responses should not wait for more to send.
                    let _ = stream.set_nodelay(true);
                    connections.spawn(connection::serve(stream, Arc::clone(&shared), stop.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
    drop(listener);
    let all_done = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, all_done).await;
    connections.shutdown().await;
}
