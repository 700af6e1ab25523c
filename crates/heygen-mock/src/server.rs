//! The server: start, port, fault injection, recorded requests, and graceful
//! shutdown.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::api::Api;
use crate::clock::{Clock, DEFAULT_SPEED};
use crate::connection;
use crate::error::Error;
use crate::fault::Fault;
use crate::files::{FileRule, Files};
use crate::jobs::JobRule;
use crate::lock::lock;
use crate::operation_name::{self, Target};
use crate::playing::Playing;
use crate::request_log::{Log, RecordedRequest};
use crate::rules::OperationRule;
use crate::scheduler;
use crate::shared::Shared;
use crate::state::State;
use crate::table::Table;
use crate::uploads::Upload;
use crate::webhooks::Delivery;

/// Default number of recorded requests.
const DEFAULT_LOG: usize = 1024;

/// Default number of objects that requests have created, changed or deleted.
const DEFAULT_OBJECTS: usize = 65_536;

/// Grace period of responses in progress once the server stops.
const GRACE: Duration = Duration::from_secs(1);

/// Pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A running mock, on 127.0.0.1 unless [`Builder::listen`] sets another address.
///
/// It stops when dropped: the port is closed at once, responses in progress get
/// one second, then all connections are closed. [`stop`](Self::stop) does the
/// same and waits for it.
pub struct MockServer {
    address: SocketAddr,
    url: String,
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

    /// The URL to call, without a slash at the end: that of [`Builder::url`], else
    /// `http://127.0.0.1:PORT`, or the address it listens on.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Injects a fault into the next `requests` requests, whatever they are for.
    /// Faults added later are queued behind those added before.
    pub fn fail_next(&self, requests: usize, fault: Fault) {
        lock(&self.shared.rules).add(Target::Any, fault, Some(requests));
    }

    /// Makes requests to one operation fail, as the methods of the result say:
    /// `mock.on("create_video").reply(503).times(2)`.
    ///
    /// An operation is named by its `operationId` in any style, where a `V3` at
    /// the end may be left out, or by method and path: `GET /v3/videos/{video_id}`
    /// for all videos, `GET /v3/videos/vid_1` for one. `download_file` and
    /// `upload_file` are the requests to the links that the mock issues, and `*` are all
    /// requests.
    ///
    /// # Panics
    ///
    /// If there is no such operation: the test would test nothing.
    pub fn on(&self, operation: &str) -> OperationRule<'_> {
        OperationRule::new(&self.shared.rules, self.target(operation))
    }

    /// How many requests there were for an operation, named as for
    /// [`on`](Self::on), the failed ones included.
    ///
    /// # Panics
    ///
    /// If there is no such operation.
    pub fn calls(&self, operation: &str) -> usize {
        match self.target(operation) {
            Target::Operation(id) => lock(&self.shared.calls).get(&id).copied().unwrap_or(0),
            target => {
                let requests = self.requests();
                let mut fitting = requests.iter();
                let fits = |request: &&RecordedRequest| {
                    target.fits(None, request.method(), request.path())
                };
                fitting.by_ref().filter(fits).count()
            }
        }
    }

    fn target(&self, operation: &str) -> Target {
        operation_name::resolve(operation, self.shared.names())
            .unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Sets what files are like: their length, and how long links to them live.
    ///
    /// Files are named by the field that has the link (`video_url`), by the
    /// object (`vid_1`), by both (`vid_1/video_url`), or by a link.
    pub fn file<'a>(&'a self, which: &'a str) -> FileRule<'a> {
        FileRule::new(&self.shared.playing.files, which)
    }

    /// Says how jobs go: those of a kind that start from now on, or the one with an
    /// id, as the methods of the result say:
    /// `mock.job("video").fail("rendering_failed", "No.").times(1)`.
    ///
    /// Kinds, in any style: `video`, `agent_session`, `translation`, `proofread`,
    /// `lipsync`, `clipping`, `background_removal`, `filler_word_removal`,
    /// `render`, `avatar`, `avatar_look`, `voice_clone`, `asset`, `brand_kit`,
    /// `video_batch`, `translation_batch`, `lipsync_batch`, `asset_batch`. Any
    /// other text is an id.
    pub fn job(&self, which: &str) -> JobRule<'_> {
        let playing = &self.shared.playing;
        JobRule::new(&playing.jobs, &playing.clock, which)
    }

    /// The deliveries of events to webhooks: oldest first. Those that are still to be
    /// made or retried are all there, and of the finished ones the latest, up to
    /// 1024 in all.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.playing.webhooks.deliveries()
    }

    /// The names of all operations of the API, as [`on`](Self::on) takes them.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.shared.api.names().map(|(id, ..)| id)
    }

    /// What was uploaded as an asset, through the API or to a slot.
    pub fn upload(&self, asset_id: &str) -> Option<Upload> {
        self.shared.playing.uploads.get(asset_id)
    }

    /// Turns the clock: jobs go on and links grow older, at once.
    pub fn advance(&self, by: Duration) {
        self.shared.playing.clock.advance(by);
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

    /// Clears the recorded requests and their counts, the faults, what was said of
    /// files and jobs, and the state: objects are those of the examples again.
    pub fn reset(&self) {
        self.shared.state.clear();
        lock(&self.shared.log).clear();
        lock(&self.shared.rules).clear();
        lock(&self.shared.calls).clear();
        self.shared.playing.reset();
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
    address: SocketAddr,
    url: Option<String>,
    faults: Vec<(String, Fault, Option<usize>)>,
    embedded: bool,
    tables: Vec<&'static Table>,
    strict: bool,
    keep_requests: usize,
    speed: f64,
    keep_objects: usize,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            url: None,
            faults: Vec::new(),
            embedded: true,
            tables: Vec::new(),
            strict: false,
            keep_requests: DEFAULT_LOG,
            speed: DEFAULT_SPEED,
            keep_objects: DEFAULT_OBJECTS,
        }
    }
}

impl Builder {
    /// The port to listen on; 0, the default, selects any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// The address to listen on; `127.0.0.1:0` by default. On any other than a
    /// loopback address everybody who reaches this computer can use the mock.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), heygen_mock::Error> {
    /// let everywhere = ([0, 0, 0, 0], 0).into();
    /// let mock = heygen_mock::MockServer::builder().listen(everywhere).start().await?;
    /// assert_eq!(mock.url(), format!("http://127.0.0.1:{}", mock.port()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// The URL by which clients reach the mock, such as `http://mock:8080` between
    /// containers: links to files and slots begin with it. By default it is that of
    /// the address, or of loopback where the address is that of all interfaces.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Injects a fault into the requests to one operation from the start, as
    /// [`MockServer::on`] names it: into all of them, or the first `requests`.
    ///
    /// ```
    /// use heygen_mock::{Fault, MockServer};
    ///
    /// let busy_twice = MockServer::builder().fault("create_video", Fault::status(503), Some(2));
    /// # let _ = busy_twice;
    /// ```
    #[must_use]
    pub fn fault(mut self, operation: &str, fault: Fault, requests: Option<usize>) -> Self {
        self.faults.push((operation.to_owned(), fault, requests));
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

    /// How much faster than real time the clock runs: 600 by default, so that a
    /// job of ten minutes takes a second. At 1 jobs take as long as they say; at 0
    /// the clock stands until [`MockServer::advance`] turns it.
    #[must_use]
    pub fn speed(mut self, factor: f64) -> Self {
        self.speed = factor;
        self
    }

    /// Starts the server on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] when the address cannot be opened, and
    /// [`Error::UnknownOperation`] when a fault is for none.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<MockServer, Error> {
        let api = self.api();
        let listen = |source| Error::Listen {
            address: self.address,
            source,
        };
        let listener = TcpListener::bind(self.address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let url = self.url.as_deref().map(|url| url.trim_end_matches('/'));
        let url = url.map_or_else(|| url_of(address), str::to_owned);
        let playing = Arc::new(Playing::new(
            Clock::start(self.speed),
            Files::new(url.clone()),
            api.collections(),
        ));
        let world = Box::new(Arc::clone(&playing));
        let shared = Arc::new(Shared {
            api,
            state: State::new(self.keep_objects, self.strict, world),
            playing,
            rules: Mutex::default(),
            log: Mutex::new(Log::new(self.keep_requests)),
            calls: Mutex::default(),
        });
        for (operation, fault, requests) in self.faults {
            let target = operation_name::resolve(&operation, shared.names())
                .map_err(|problem| Error::UnknownOperation { problem })?;
            lock(&shared.rules).add(target, fault, requests);
        }
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(run(listener, Arc::clone(&shared), stopped));
        Ok(MockServer {
            address,
            url,
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

/// The URL of an address; of loopback, where it is that of all interfaces.
fn url_of(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

/// Accepts connections until stopped, then waits for the open ones to finish.
async fn run(listener: TcpListener, shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    connections.spawn(scheduler::run(Arc::clone(&shared), stop.clone()));
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
