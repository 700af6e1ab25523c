//! What all connections of a server share: the operations, their state, the
//! faults to inject, and the record of requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::api::Api;
use crate::envelope::usual_message;
use crate::fault::Fault;
use crate::lock::lock;
use crate::object_store::{FILES, SLOTS, refusal};
use crate::operation_name::Named;
use crate::outgoing::Outgoing;
use crate::playing::Playing;
use crate::receive::Stored;
use crate::reply_body::Source;
use crate::request_log::{Log, RecordedRequest};
use crate::response::MockResponse;
use crate::rules::Rules;
use crate::state::State;

/// The requests that no document has: to files, and to slots of uploads.
const STORE: [Named<'_>; 2] = [
    ("downloadFile", "GET", "/files/{object}/{file}"),
    ("uploadFile", "PUT", "/uploads/{asset_id}"),
];

/// State shared by all connections.
pub(crate) struct Shared {
    pub(crate) api: Api,
    pub(crate) state: State,
    pub(crate) playing: Arc<Playing>,
    pub(crate) rules: Mutex<Rules>,
    pub(crate) log: Mutex<Log>,
    pub(crate) calls: Mutex<HashMap<String, usize>>,
}

impl Shared {
    /// Id, method and path template of every operation, and of the requests to
    /// files.
    pub(crate) fn names(&self) -> impl Iterator<Item = Named<'_>> + Clone {
        STORE.into_iter().chain(self.api.names())
    }

    /// Counts the request, and returns the fault to inject.
    pub(crate) fn next_fault(&self, request: &RecordedRequest) -> Fault {
        let operation = if request.path.starts_with(FILES) {
            Some(STORE[0].0)
        } else if request.path.starts_with(SLOTS) {
            Some(STORE[1].0)
        } else {
            self.api.operation_id(request)
        };
        if let Some(operation) = operation {
            *lock(&self.calls).entry(operation.to_owned()).or_default() += 1;
        }
        let mut rules = lock(&self.rules);
        rules
            .next(operation, &request.method, &request.path)
            .unwrap_or_default()
    }

    /// Records the request.
    pub(crate) fn record(&self, request: RecordedRequest) {
        lock(&self.log).push(request);
    }

    /// The response to a request to the API, with the injected fault.
    pub(crate) fn respond(&self, request: &RecordedRequest, fault: &Fault) -> MockResponse {
        self.playing.settle(&self.state);
        let mut response = self.api.respond(&self.state, request, fault);
        if fault.body.is_none()
            && let Some(body) = self.playing.issue_links(&response.body)
        {
            response.body = body.into();
        }
        response
    }

    /// The response to a request for a file.
    pub(crate) fn open_file(&self, request: &RecordedRequest, fault: &Fault) -> Outgoing {
        if let Some(failed) = store_failure(fault, &request.path) {
            return failed.into();
        }
        if !matches!(&*request.method, "GET" | "HEAD") {
            let message = "The specified method is not allowed against this resource.";
            return refusal(405, "MethodNotAllowed", message).into();
        }
        let query = request.query.as_deref().unwrap_or("");
        let playing = &self.playing;
        let (head, file) =
            playing
                .files
                .respond(&playing.clock, &request.path, query, &request.headers);
        let head = fault.apply(&request.path, head);
        match file {
            Some(file) if fault.body.is_none() => Outgoing {
                head,
                body: Source::File(file),
            },
            _ => head.into(),
        }
    }

    /// The response to an upload to a slot.
    pub(crate) fn store_upload(
        &self,
        request: &RecordedRequest,
        stored: Stored,
        fault: &Fault,
    ) -> MockResponse {
        if let Some(failed) = store_failure(fault, &request.path) {
            return failed;
        }
        if request.method != "PUT" {
            let message = "The specified method is not allowed against this resource.";
            return refusal(405, "MethodNotAllowed", message);
        }
        let query = request.query.as_deref().unwrap_or("");
        let playing = &self.playing;
        let response = match playing.files.refuse(&playing.clock, &request.path, query) {
            Some(refusal) => refusal,
            None => {
                let asset_id = request.path.strip_prefix(SLOTS).unwrap_or("");
                playing.uploads.put(asset_id, &request.headers, stored)
            }
        };
        fault.apply(&request.path, response)
    }
}

/// The response of an injected status, as an object store words it.
fn store_failure(fault: &Fault, path: &str) -> Option<MockResponse> {
    let status = fault.status?;
    let (code, message) = match &fault.reason {
        Some((code, message)) => (code.as_str(), message.as_str()),
        None => ("InjectedFault", usual_message(status)),
    };
    let fault = Fault {
        reason: None,
        ..fault.clone()
    };
    Some(fault.apply(path, refusal(status, code, message)))
}
