//! Waits for jobs.

mod bulk;
mod creates;
mod errors;
mod kinds;
mod progress;
mod single;

use std::time::Duration;

use heygen::raw::{Operation, core};
use heygen::wait::{Created, Job, PollSchedule, Statuses};
use heygen::{Client, Finished, Outcome, Request, Wait};
use heygen_tests::played::PlayedServer;
use heygen_tests::scripted::{Reply, ScriptedServer};
use serde::Deserialize;
use serde_json::{Value, json};

static CREATE: Operation =
    Operation::new("createVideo", "POST", "/v3/videos").reads_idempotency_key();
static GET_VIDEO: Operation = Operation::new("getVideo", "GET", "/v3/videos/{video_id}");
static GET_SESSION: Operation = Operation::new("getSession", "GET", "/v3/agents/{session_id}");
static GET_LOOK: Operation = Operation::new("getLook", "GET", "/v3/looks/{look_id}");
static GET_ASSET: Operation = Operation::new("getAsset", "GET", "/v3/assets/{asset_id}");
static ASSETS: Operation = Operation::new("assetStatuses", "GET", "/v3/assets/statuses");

static VIDEO: Job = Job::new("video", &GET_VIDEO)
    .state("status")
    .success(&["completed"])
    .failure(&["failed"])
    .cancelled(&["cancelled"])
    .deleted(&["deleted"])
    .result(&["video_url"])
    .reason("failure_code", "failure.message")
    .progress("progress")
    .deadline_secs(60);
static SESSION: Job = Job::new("agent session", &GET_SESSION)
    .state("status")
    .success(&["completed"])
    .failure(&["failed"])
    .attention(&["waiting_for_input"])
    .then(&VIDEO, "video_id")
    .deadline_secs(60);
static LOOK: Job = Job::new("look", &GET_LOOK)
    .state("status")
    .success(&["completed"])
    .failure(&["failed"])
    .ready(&["preview_image_url"], &["image_width", "image_height"]);
static ASSET: Job = Job::new("asset", &GET_ASSET)
    .success(&["completed"])
    .failure(&["failed"])
    .reason("error.code", "error.message")
    .statuses(Statuses::new(&ASSETS, "asset_ids", "video_id", "status"));

#[derive(Debug, Deserialize, PartialEq)]
struct Video {
    id: String,
    video_url: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Session {
    session_id: String,
    status: String,
}

#[derive(Debug, Deserialize)]
struct VideoCreated {}

#[derive(Debug, Deserialize)]
struct SessionCreated {}

#[derive(Debug, Deserialize)]
struct TranslationsCreated {}

impl Created for VideoCreated {
    type Job = Video;
    type Output = Video;
    const JOB: &'static Job = &VIDEO;
    const ID: &'static str = "video.id";
}

impl Created for SessionCreated {
    type Job = Outcome<Video, Session>;
    type Output = Outcome<Video, Session>;
    const JOB: &'static Job = &SESSION;
    const ID: &'static str = "session_id";
}

impl Created for TranslationsCreated {
    type Job = Video;
    type Output = Vec<Finished<Video>>;
    const JOB: &'static Job = &VIDEO;
    const ID: &'static str = "ids[]";
}

/// A request of the create, whose response is this model.
fn create<C: serde::de::DeserializeOwned + 'static>(client: &Client) -> Request<C> {
    let request = core(client).operation(&CREATE, &[], &[]);
    request.json(&json!({"script": "Hello"})).typed()
}

/// A wait with a short schedule.
fn wait<O: heygen::wait::JobOutput>(client: &Client, job: &'static Job, id: &str) -> Wait<O> {
    Wait::new(core(client), job, id).schedule(quick())
}

fn quick() -> PollSchedule {
    PollSchedule::new(Duration::from_millis(4)).factor(1.0)
}

/// A response with this data.
fn data(data: &Value) -> Reply {
    Reply::json(json!({ "data": data }).to_string())
}

/// A response with a job in this state.
fn state(state: &str) -> Reply {
    data(&json!({"id": "vid_1", "status": state}))
}

fn completed() -> Reply {
    data(&json!({"id": "vid_1", "status": "completed", "video_url": "https://files.example/a"}))
}

fn not_found() -> Reply {
    let body = r#"{"error":{"code":"not_found","message":"There is no such video"}}"#;
    Reply::response(404, &[], body)
}

fn video() -> Video {
    Video {
        id: "vid_1".to_owned(),
        video_url: Some("https://files.example/a".to_owned()),
    }
}

async fn server(replies: impl IntoIterator<Item = Reply>) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start(replies).await;
    // As by default: the reads of a wait are not retried by their calls.
    let client = server.builder().build().unwrap();
    (server, client)
}

/// The request lines so far, without the version.
fn lines(server: &ScriptedServer) -> Vec<String> {
    let requests = server.requests();
    let lines = requests
        .iter()
        .map(|request| request.line.trim_end_matches(" HTTP/1.1"));
    lines.map(str::to_owned).collect()
}
