//! What all connections of a server share: the operations, their state, the
//! faults to inject, and the record of requests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::api::Api;
use crate::fault::{Fault, Faults};
use crate::request_log::{Log, RecordedRequest};
use crate::response::MockResponse;
use crate::state::State;

/// State shared by all connections.
pub(crate) struct Shared {
    pub(crate) api: Api,
    pub(crate) state: State,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) log: Mutex<Log>,
}

impl Shared {
    /// Records the request and returns its response with the injected fault.
    pub(crate) fn respond(&self, request: RecordedRequest) -> (MockResponse, Fault) {
        let fault = lock(&self.faults).next().unwrap_or_default();
        let response = self.api.respond(&self.state, &request, &fault);
        lock(&self.log).push(request);
        (response, fault)
    }
}

/// Ignores poisoning: a panic cannot leave the data in an inconsistent state.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
