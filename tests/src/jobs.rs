//! The kinds of jobs of every checked-in document, as `x-job` of the document
//! alone describes them, and a server that plays them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::operations::{self, Operation};

/// A kind of job.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The operation that reads it.
    pub operation: &'static Operation,
    hint: &'static Value,
}

/// The kinds of jobs of all documents.
pub fn kinds() -> Vec<Kind> {
    let kinds = operations::all().iter().filter_map(|operation| {
        let hint = operation.value.get("x-job")?;
        Some(Kind { operation, hint })
    });
    kinds.collect()
}

/// What the reason of a failure is in responses of the server.
pub const CODE: &str = "it_broke";
/// The message of a failure.
pub const MESSAGE: &str = "the job broke";

impl Kind {
    /// The noun of messages.
    pub fn name(&self) -> &str {
        self.hint["name"].as_str().unwrap()
    }

    /// The states of a list, such as `success`.
    pub fn states(&self, list: &str) -> Vec<&'static str> {
        texts(&self.hint[list])
    }

    /// The operations that start it, with the path of the id or ids.
    pub fn creates(&self) -> Vec<(&'static Operation, &'static str)> {
        let created = operations::members(&self.hint["created"]);
        let created = created.map(|(id, path)| (self.other(id), path.as_str().unwrap()));
        created.collect()
    }

    /// Whether a reason of this kind, `code` or `message`, is in its responses.
    pub fn has(&self, reason: &str) -> bool {
        self.hint[reason].is_string()
    }

    /// The job that goes on after it, with the path of the id.
    pub fn then(&self) -> Option<(Self, &'static str)> {
        let operation = self.other(self.hint["then"]["operation"].as_str()?);
        let hint = &operation.value["x-job"];
        Some((Self { operation, hint }, self.hint["then"]["id"].as_str()?))
    }

    /// The paths of the fields that are there once it is ready, with a value of
    /// each that says it is not.
    pub fn ready(&self) -> Vec<(&'static str, Value)> {
        let ready = &self.hint["ready"];
        let set = texts(&ready["set"])
            .into_iter()
            .map(|path| (path, Value::Null));
        let positive = texts(&ready["positive"])
            .into_iter()
            .map(|path| (path, json!(0)));
        set.chain(positive).collect()
    }

    /// The paths of its results.
    pub fn results(&self) -> Vec<&'static str> {
        texts(&self.hint["result"])
    }

    /// Whether only the read of several states has its state.
    fn is_listed_only(&self) -> bool {
        !self.hint["state"].is_string()
    }

    /// The path of its state in the data of a response.
    pub fn state(&self) -> Option<&'static str> {
        self.path("state")
    }

    /// The data of a response in this state, in which every field is set.
    pub fn data(&self, state: &str) -> Value {
        let mut body = self.operation.full_responses().swap_remove(0);
        let mut data = body["data"].take();
        for (key, value) in [("state", state), ("code", CODE), ("message", MESSAGE)] {
            if let Some(path) = self.path(key) {
                set(&mut data, path, json!(value));
            }
        }
        data
    }

    /// A path in the data of a response.
    fn path(&self, key: &str) -> Option<&'static str> {
        self.hint[key].as_str().filter(|_| !self.is_listed_only())
    }

    fn other(&self, id: &str) -> &'static Operation {
        let document = &self.operation.document;
        let mut all = operations::all().iter();
        all.find(|other| other.document == *document && other.id == id)
            .unwrap()
    }
}

fn texts(list: &'static Value) -> Vec<&'static str> {
    let list = list.as_array().into_iter().flatten();
    list.map(|text| text.as_str().unwrap()).collect()
}

/// Sets a value at a path of names with dots between them.
pub fn set(data: &mut Value, path: &str, value: Value) {
    let pointer = format!("/{}", path.replace('.', "/"));
    match data.pointer_mut(&pointer) {
        Some(found) => *found = value,
        None => {
            let (holder, name) = pointer.rsplit_once('/').unwrap();
            data.pointer_mut(holder).unwrap()[name] = value;
        }
    }
}

/// A state of a job on the server.
#[derive(Clone, Debug)]
pub struct Step {
    state: String,
    data: Value,
    has_reason: bool,
}

impl Step {
    /// The job in this state, in which every field is set.
    pub fn new(kind: Kind, state: &str) -> Self {
        Self {
            state: state.to_owned(),
            data: kind.data(state),
            has_reason: true,
        }
    }

    /// The same without the reason of a failure.
    #[must_use]
    pub fn without_reason(mut self, kind: Kind) -> Self {
        self.has_reason = false;
        for path in ["code", "message"].iter().filter_map(|key| kind.path(key)) {
            set(&mut self.data, path, Value::Null);
        }
        self
    }

    /// The same with this at a path.
    #[must_use]
    pub fn with(mut self, path: &str, value: Value) -> Self {
        set(&mut self.data, path, value);
        self
    }

    /// The data of the response.
    pub fn data(&self) -> &Value {
        &self.data
    }
}

/// What the server plays: jobs, and responses of operations that start them. What
/// is neither is not found.
#[derive(Debug, Default)]
pub struct Play {
    jobs: HashMap<String, Job>,
    /// The data of responses.
    creates: Vec<(&'static Operation, Value)>,
}

#[derive(Debug)]
struct Job {
    kind: Kind,
    steps: Vec<Step>,
    reads: usize,
}

impl Play {
    /// Adds a job, which each read of its state takes to the next of these steps.
    #[must_use]
    pub fn job(mut self, kind: Kind, id: &str, steps: Vec<Step>) -> Self {
        let reads = 0;
        self.jobs.insert(id.to_owned(), Job { kind, steps, reads });
        self
    }

    /// Adds a job that nobody knows, whose reads are counted.
    #[must_use]
    pub fn unknown(self, kind: Kind, id: &str) -> Self {
        self.job(kind, id, Vec::new())
    }

    /// Adds the response of an operation that starts the jobs with these ids.
    #[must_use]
    pub fn create(mut self, operation: &'static Operation, path: &str, ids: &[&str]) -> Self {
        let mut body = operation.full_responses().swap_remove(0);
        let mut data = body["data"].take();
        match path.strip_suffix("[]") {
            Some(path) => set(&mut data, path, json!(ids)),
            None => set(&mut data, path, json!(ids[0])),
        }
        self.creates.push((operation, data));
        self
    }

    /// The response to a request, as status and body.
    fn respond(&mut self, method: &str, path: &str, query: &str) -> (u16, Value) {
        let is_asked = |(operation, _): &&(&Operation, Value)| matches(operation, method, path);
        if let Some((_, data)) = self.creates.iter().find(is_asked) {
            return (200, json!({"data": data}));
        }
        let (_, last) = path.rsplit_once('/').unwrap();
        if let Some(job) = self.jobs.get_mut(last)
            && matches(job.kind.operation, method, path)
        {
            let is_listed_only = job.kind.is_listed_only();
            let step = if is_listed_only {
                job.last()
            } else {
                job.read()
            };
            if let Some(step) = step {
                return (200, json!({"data": step.data}));
            }
        }
        if let Some(entries) = self.entries(method, path, query) {
            return (
                200,
                json!({"data": entries, "has_more": false, "next_token": null}),
            );
        }
        let error = json!({"code": "not_found", "message": "There is no such thing."});
        (404, json!({"error": error}))
    }

    /// The states of the ids in a query.
    fn entries(&mut self, method: &str, path: &str, query: &str) -> Option<Vec<Value>> {
        let kinds = kinds();
        let kind = kinds.iter().find(|kind| {
            let list = kind.hint["statuses"]["operation"].as_str();
            list.is_some_and(|id| matches(kind.other(id), method, path))
        })?;
        let list = &kind.hint["statuses"];
        let (name, ids) = query.split_once('=')?;
        assert_eq!(name, list["query"], "{path}");
        let ids = ids.split("%2C").map(|id| {
            let mut entry = json!({"error": {}});
            set(&mut entry, list["id"].as_str().unwrap(), json!(id));
            let step = self.jobs.get_mut(id).and_then(Job::read);
            let state = step.map_or("not_found", |step| &step.state);
            set(&mut entry, list["state"].as_str().unwrap(), json!(state));
            if kind.is_listed_only() && step.is_some_and(|step| step.has_reason) {
                for (key, value) in [("code", CODE), ("message", MESSAGE)] {
                    set(&mut entry, kind.hint[key].as_str().unwrap(), json!(value));
                }
            }
            entry
        });
        Some(ids.collect())
    }
}

impl Job {
    /// The step of this read of the state, after which comes the next.
    fn read(&mut self) -> Option<&Step> {
        let step = self.reads.min(self.steps.len().saturating_sub(1));
        self.reads += 1;
        self.steps.get(step)
    }

    /// The step of the last read.
    fn last(&self) -> Option<&Step> {
        let step = self.reads.saturating_sub(1);
        self.steps.get(step.min(self.steps.len().saturating_sub(1)))
    }
}

/// Whether a request is one of this operation.
fn matches(operation: &Operation, method: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let is_same = |wanted: &str| {
        let segment = segments.next();
        segment.is_some_and(|segment| segment == wanted || wanted.starts_with('{'))
    };
    operation.method == method
        && operation.path.split('/').all(is_same)
        && segments.next().is_none()
}

/// A running server.
#[derive(Debug)]
pub struct JobServer {
    port: u16,
    play: Arc<Mutex<Play>>,
    task: JoinHandle<()>,
}

impl JobServer {
    /// Starts a server that plays these jobs.
    pub async fn start(play: Play) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let play = Arc::new(Mutex::new(play));
        let shared = Arc::clone(&play);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let play = Arc::clone(&shared);
                let service = service_fn(move |request| {
                    std::future::ready(Ok::<_, Infallible>(respond(&request, &play)))
                });
                tokio::spawn(async move {
                    let server = auto::Builder::new(TokioExecutor::new());
                    // An error is a client that closed the connection.
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { port, play, task }
    }

    /// The base URL of the server.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How often the state of a job was read.
    pub fn reads(&self, id: &str) -> usize {
        self.play.lock().unwrap().jobs[id].reads
    }
}

impl Drop for JobServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn respond(request: &Request<Incoming>, play: &Mutex<Play>) -> Response<Full<Bytes>> {
    let (path, query) = (request.uri().path(), request.uri().query());
    let method = request.method().as_str();
    let (status, body) = play
        .lock()
        .unwrap()
        .respond(method, path, query.unwrap_or_default());
    let response = Response::builder()
        .status(status)
        .header("content-type", "application/json");
    response
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap()
}
