//! The world of a server: real time, and jobs that are done at once.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::request_log::RecordedRequest;
use crate::state::World;
use crate::table::Collection;

/// Real time, and jobs that are done at once.
pub(crate) struct Running;

impl World for Running {
    fn unix(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.unwrap_or_default().as_secs()
    }

    fn created(&self, _: &'static Collection, _: &str, _: &RecordedRequest) {}

    fn show(&self, _: &'static Collection, _: &str, _: &mut Value) -> bool {
        true
    }

    fn word(&self, _: &'static Collection, _: &str) -> Option<&'static str> {
        None
    }

    fn deleted(&self, _: &'static Collection, _: &str) -> bool {
        false
    }
}
