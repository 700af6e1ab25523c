//! One read of a job's state: by the operation that reads the job, and by that
//! of several states where only this one has it.

use http::StatusCode;
use serde_json::Value;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

use super::job::{Job, Statuses};
use super::path;
use crate::client::Client;
use crate::decode;
use crate::error::{Error, ErrorKind, build};
use crate::request::Request;
use crate::request::by_operation::next_parameter;
use crate::response::RawResponse;

/// How often a read is begun again after its runtime has ended.
const MAX_LOST: u32 = 3;

/// What a read found.
pub(super) struct Found {
    pub(super) raw: RawResponse,
    /// The job, or its entry among several states.
    pub(super) data: Value,
    pub(super) state: Option<String>,
}

/// Reads a job alone. The read is a task, so that it needs a turn no longer than
/// its request takes, however seldom the wait is polled.
pub(super) async fn alone(client: &Client, job: &'static Job, id: &str) -> Result<Found, Error> {
    for _ in 0..MAX_LOST {
        let (client, id) = (client.clone(), id.to_owned());
        let read = async move {
            let _turn = client.0.waits.turn().await;
            if is_listed_only(job) {
                read_listed(&client, job, &id).await
            } else {
                read_job(&client, job, &id).await
            }
        };
        let mut task = Aborted(tokio::spawn(read.in_current_span()));
        if let Ok(found) = (&mut task.0).await {
            return found;
        }
    }
    Err(build::internal("the runtime of a read has ended"))
}

/// A task that ends with its wait.
struct Aborted<T>(JoinHandle<T>);

impl<T> Drop for Aborted<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Whether only the read of several states has that of such a job.
pub(super) fn is_listed_only(job: &Job) -> bool {
    job.state.is_none() && job.statuses.is_some() && !job.has_readiness()
}

async fn read_job(client: &Client, job: &'static Job, id: &str) -> Result<Found, Error> {
    let (_, parameter, _) = next_parameter(job.read.path).unwrap_or_default();
    let raw = send(client.operation(job.read, &[(parameter, id)], &[])).await?;
    let data = data(&raw)?;
    if !data.is_object() {
        let field = Some("data".to_owned());
        return Err(raw.decode_error("the data of the response is not an object", field));
    }
    let state = job.state.and_then(|path| path::word(&data, path));
    Ok(Found { raw, data, state })
}

/// Reads a state from the list of states, and the job itself if it has
/// succeeded, or is not in the list.
async fn read_listed(client: &Client, job: &'static Job, id: &str) -> Result<Found, Error> {
    let Some(from) = job.statuses else {
        return read_job(client, job, id).await;
    };
    let raw = statuses(client, from, id).await?;
    let entries = entries(&raw)?.into_iter();
    let is_own = |entry: &Value| path::word(entry, from.id).as_deref() == Some(id);
    let entry = entries.into_iter().find(is_own).unwrap_or_default();
    let state = path::word(&entry, from.state);
    match &state {
        Some(word) if !job.is_success(word) && !job.is_missing(word) => Ok(Found {
            raw,
            data: entry,
            state,
        }),
        _ => {
            let found = read_job(client, job, id).await?;
            Ok(Found { state, ..found })
        }
    }
}

/// Reads the states of ids that are separated by commas.
pub(super) async fn statuses(
    client: &Client,
    statuses: Statuses,
    ids: &str,
) -> Result<RawResponse, Error> {
    send(client.operation(statuses.operation, &[], &[(statuses.query, ids)])).await
}

/// The entries of a list of states.
pub(super) fn entries(raw: &RawResponse) -> Result<Vec<Value>, Error> {
    match data(raw)? {
        Value::Array(entries) => Ok(entries),
        _ => {
            let field = Some("data".to_owned());
            Err(raw.decode_error("the data of the response is not an array", field))
        }
    }
}

/// Sends a read once: the wait repeats it.
async fn send(request: Request<bytes::Bytes>) -> Result<RawResponse, Error> {
    let request = request.max_retries(0).with_decode(decode::raw);
    request.await
}

/// The `data` of a response.
pub(super) fn data(raw: &RawResponse) -> Result<Value, Error> {
    let body = decode::parse(raw, &raw.success.body, |text| {
        serde_json::from_str::<Value>(text)
    })?;
    let data = match body {
        Value::Object(mut fields) => fields.remove("data"),
        _ => return Err(raw.decode_error("the response is not an object", None)),
    };
    data.filter(|data| !data.is_null()).ok_or_else(|| {
        raw.bare_error().unwrap_or_else(|| {
            let field = Some("data".to_owned());
            raw.decode_error("the response has no data, or null data", field)
        })
    })
}

/// Whether a read may succeed if it is repeated: as other calls, and after any
/// error of a server or a gateway that is not its answer to this request for good.
pub(super) fn is_transient(error: &Error) -> bool {
    let status = error.status().filter(|_| error.kind() == ErrorKind::Api);
    let is_server_error = status.is_some_and(|status| {
        let never = [
            StatusCode::NOT_IMPLEMENTED,
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
        ];
        status >= 500 && never.iter().all(|never| *never != status)
    });
    error.is_retryable() || is_server_error
}
