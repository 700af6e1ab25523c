//! A server that takes files as assets: as forms, and directly at addresses that
//! it signs, whose store is strict as object stores are. It keeps checksums of
//! files, not their bytes, so that their size does not matter.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::client::API_KEY;

/// The signature in every address of the store.
pub const SIGNATURE: &str = "hush-signature";

/// What happens to one request of the store instead of success.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A response of this status, after the body was read.
    Status(u16),
    /// The connection is closed after the first bytes.
    Cut,
}

/// A file of the server.
#[derive(Clone, Debug, Default)]
pub struct StoredAsset {
    /// What was announced of it.
    pub announced: Value,
    /// How often it was stored as a whole.
    pub puts: usize,
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256 checksum.
    pub sha256: String,
    /// Whether its upload is complete.
    pub is_complete: bool,
    batch: Option<String>,
}

/// What the server knows, and how it behaves.
#[derive(Debug, Default)]
pub struct State {
    /// The files, by their ids.
    pub assets: BTreeMap<String, StoredAsset>,
    /// Method and path of each request.
    pub log: Vec<String>,
    /// Bodies of calls of the API that are JSON.
    pub bodies: Vec<Value>,
    /// Idempotency keys of calls of the API, if they had one.
    pub keys: Vec<Option<String>>,
    /// Headers and body of the last form.
    pub form: Option<(HeaderMap, Bytes)>,
    /// Faults of the next requests of the store.
    pub put_faults: VecDeque<Fault>,
    /// Statuses of the next calls of the API instead of success, by a part of
    /// their paths.
    pub api_faults: VecDeque<(&'static str, u16, Value)>,
    /// How many seconds an address can be used.
    pub lifetime: u64,
    /// Largest file, if not the announced one.
    pub max_bytes: Option<u64>,
    /// How long the store takes to respond.
    pub delay: Duration,
    /// How many reads find a complete file still being processed.
    pub processing_reads: usize,
    /// The files that cannot be used, by their names.
    pub unusable: Vec<&'static str>,
    /// What a client must never do.
    pub violations: Vec<String>,
    /// Most requests of the store at once.
    pub most_at_once: usize,
    at_once: usize,
}

/// A running server.
#[derive(Debug)]
pub struct AssetServer {
    port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl AssetServer {
    /// Starts a server.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State {
            lifetime: 3600,
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                let service = service_fn(move |request| serve(request, Arc::clone(&state), port));
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
        Self { port, state, task }
    }

    /// The base URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the server knows, to be read or set.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The file of this id.
    pub fn asset(&self, id: &str) -> StoredAsset {
        self.state().assets[id].clone()
    }

    /// The requests, and a failure if one of them was wrong.
    pub fn log(&self) -> Vec<String> {
        let state = self.state();
        assert_eq!(state.violations, [""; 0]);
        state.log.clone()
    }
}

impl Drop for AssetServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Reply = Result<Response<Full<Bytes>>, io::Error>;

async fn serve(request: Request<Incoming>, state: Arc<Mutex<State>>, port: u16) -> Reply {
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    state.lock().unwrap().log.push(format!("{method} {path}"));
    if let Some(id) = path.strip_prefix("/store/") {
        let id = id.to_owned();
        enter(&state, 1);
        let reply = store(request, &state, &id).await;
        enter(&state, -1);
        return reply;
    }
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let mut state = state.lock().unwrap();
    if head
        .headers
        .get("x-api-key")
        .is_none_or(|key| key != API_KEY)
    {
        state.violations.push(format!("{path} has no API key"));
    }
    let key = head.headers.get("idempotency-key");
    state
        .keys
        .push(key.map(|key| key.to_str().unwrap().to_owned()));
    if let Some(at) = state
        .api_faults
        .iter()
        .position(|(part, ..)| path.ends_with(part))
    {
        let (_, status, body) = state.api_faults.remove(at).unwrap();
        return reply(status, &body);
    }
    if path == "/v3/assets" {
        state.form = Some((head.headers, body));
        let id = state.add(json!({}), None);
        return reply(
            200,
            &data(json!({"asset_id": id, "url": "https://files.example/x"})),
        );
    }
    if head.method == "GET" {
        return state.read(&path, head.uri.query().unwrap_or_default());
    }
    let body: Value = serde_json::from_slice(&body).map_err(io::Error::other)?;
    state.bodies.push(body.clone());
    match path.as_str() {
        "/v3/assets/direct-uploads" => {
            let slot = state.slot(body, None, port);
            reply(200, &data(slot))
        }
        "/v3/assets/direct-uploads/batches" => {
            let batch = format!("bat_{}", state.log.len());
            let files = body["files"].as_array().unwrap().clone();
            let slots: Vec<Value> = files
                .into_iter()
                .map(|file| state.slot(file, Some(batch.clone()), port))
                .collect();
            reply(200, &data(json!({"batch_id": batch, "items": slots})))
        }
        "/v3/assets/complete/batches" => {
            let batch = body["batch_id"].as_str().unwrap().to_owned();
            for asset in state.assets.values_mut() {
                asset.is_complete |= asset.batch.as_ref() == Some(&batch) && asset.puts > 0;
            }
            reply(202, &data(json!({"batch_id": batch})))
        }
        _ => {
            let id = path.split('/').nth(3).unwrap().to_owned();
            complete(&mut state, &id, &body)
        }
    }
}

fn complete(state: &mut State, id: &str, body: &Value) -> Reply {
    let Some(asset) = state.assets.get_mut(id) else {
        return reply(404, &failure("asset_not_found", "Asset not found."));
    };
    if asset.puts == 0 {
        return reply(409, &not_found_yet());
    }
    for sums in [body, &asset.announced] {
        let sum = sums.get("checksum_sha256").and_then(Value::as_str);
        if sum.is_some_and(|sum| sum != asset.sha256) {
            return reply(400, &failure("invalid_parameter", "The checksum differs."));
        }
    }
    asset.is_complete = true;
    let (mime, size) = (asset.announced["content_type"].clone(), asset.length);
    reply(
        200,
        &data(
            json!({"asset_id": id, "status": "processing", "mime_type": mime, "size_bytes": size,
            "url": "https://files.example/x"}),
        ),
    )
}

/// The response of the API before it has found a file in the store.
pub fn not_found_yet() -> Value {
    failure(
        "conflict",
        "Uploaded object not found yet. Retry after upload PUT returns 200.",
    )
}

/// A failure as the API reports one.
pub fn failure(code: &str, message: &str) -> Value {
    json!({"error": {"code": code, "message": message, "param": null}})
}

async fn store(request: Request<Incoming>, state: &Mutex<State>, id: &str) -> Reply {
    let (head, mut body) = request.into_parts();
    let fault = state.lock().unwrap().put_faults.pop_front();
    let mut hasher = Sha256::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(io::Error::other)?;
        let chunk = frame.into_data().unwrap_or_default();
        hasher.update(&chunk);
        length += chunk.len() as u64;
        if matches!(fault, Some(Fault::Cut)) {
            return Err(io::Error::other("cut"));
        }
    }
    let delay = state.lock().unwrap().delay;
    tokio::time::sleep(delay).await;
    let mut state = state.lock().unwrap();
    state.check_put(&head, id, length);
    if let Some(Fault::Status(status)) = fault {
        let echo = format!("<Error>{}</Error>", head.uri);
        return Ok(response(status, echo.into()));
    }
    let asset = state.assets.get_mut(id).unwrap();
    asset.puts += 1;
    asset.length = length;
    asset.sha256 = hex(&hasher.finalize());
    Ok(response(200, Bytes::new()))
}

impl State {
    fn add(&mut self, announced: Value, batch: Option<String>) -> String {
        let id = format!("ast_{}", self.assets.len() + 1);
        let asset = StoredAsset {
            announced,
            batch,
            ..StoredAsset::default()
        };
        self.assets.insert(id.clone(), asset);
        id
    }

    /// The states of files, or one file.
    fn read(&mut self, path: &str, query: &str) -> Reply {
        if path != "/v3/assets/statuses" {
            let id = path.rsplit('/').next().unwrap_or_default();
            return match self.assets.get(id) {
                Some(_) => reply(200, &data(json!({"id": id, "name": "a.mp4"}))),
                None => reply(404, &failure("asset_not_found", "Asset not found.")),
            };
        }
        let is_processing = self.processing_reads > 0;
        self.processing_reads = self.processing_reads.saturating_sub(1);
        let ids = query.strip_prefix("asset_ids=").unwrap_or_default();
        let entries = ids.split("%2C").map(|id| {
            let asset = self.assets.get(id).filter(|asset| asset.is_complete);
            let Some(asset) = asset else {
                return json!({"video_id": id, "status": "not_found"});
            };
            let name = asset.announced["filename"].as_str().unwrap_or_default();
            if is_processing {
                json!({"video_id": id, "status": "processing"})
            } else if self.unusable.contains(&name) {
                let error = json!({"code": "invalid_parameter", "message": "No video."});
                json!({"video_id": id, "status": "failed", "error": error})
            } else {
                json!({"video_id": id, "status": "completed"})
            }
        });
        let entries: Value = entries.collect();
        reply(200, &data(entries))
    }

    fn slot(&mut self, announced: Value, batch: Option<String>, port: u16) -> Value {
        let most = self
            .max_bytes
            .map_or(announced["size_bytes"].clone(), Value::from);
        let content_type = announced["content_type"].clone();
        let id = self.add(announced, batch);
        json!({
            "asset_id": id,
            "status": "pending_upload",
            "upload_url": format!("http://127.0.0.1:{port}/store/{id}?X-Amz-Signature={SIGNATURE}"),
            "upload_headers": {"Content-Type": content_type, "x-amz-meta-asset": id},
            "expires_in_seconds": self.lifetime,
            "max_bytes": most,
        })
    }

    /// What would void the signature of an address.
    fn check_put(&mut self, head: &http::request::Parts, id: &str, length: u64) {
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let announced = &self.assets[id].announced;
        let mut wrong = Vec::new();
        if format!("{head:?}").contains(API_KEY) || header("authorization").is_some() {
            wrong.push("the store was sent the API key");
        }
        if head.method != "PUT"
            || head
                .uri
                .query()
                .is_none_or(|query| !query.contains(SIGNATURE))
        {
            wrong.push("the address is not the signed one");
        }
        if header("content-type") != announced["content_type"].as_str()
            || header("x-amz-meta-asset") != Some(id)
        {
            wrong.push("the headers are not the signed ones");
        }
        // Beside the signed ones, those that every client of HTTP sends.
        let usual = [
            "accept",
            "accept-encoding",
            "content-length",
            "host",
            "user-agent",
        ];
        let signed = ["content-type", "x-amz-meta-asset"];
        let mut names = head.headers.keys().map(http::HeaderName::as_str);
        if names.any(|name| !usual.contains(&name) && !signed.contains(&name)) {
            wrong.push("there are more headers than the signed ones");
        }
        if header("content-length") != Some(&*length.to_string())
            || announced["size_bytes"] != length
        {
            wrong.push("the length is not the announced one");
        }
        let wrong = wrong
            .into_iter()
            .map(|what| format!("{id}: {what}: {head:?}"));
        self.violations.extend(wrong);
    }
}

fn enter(state: &Mutex<State>, change: isize) {
    let mut state = state.lock().unwrap();
    state.at_once = state.at_once.checked_add_signed(change).unwrap();
    state.most_at_once = state.most_at_once.max(state.at_once);
}

fn data(data: Value) -> Value {
    Value::from_iter([("data", data)])
}

/// The SHA-256 checksum of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[expect(clippy::unnecessary_wraps, reason = "as all replies")]
fn reply(status: u16, body: &Value) -> Reply {
    Ok(response(status, body.to_string().into()))
}

fn response(status: u16, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}
