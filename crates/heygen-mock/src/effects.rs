//! What operations do beyond the objects that they create: uploads, secrets of
//! endpoints, and jobs that lead to others.

use serde_json::{Value, json};

use crate::envelope::Generation;
use crate::files::SLOT_LIFETIME;
use crate::multipart::{FilePart, file_part};
use crate::playing::{ASSETS, ENDPOINTS, Playing};
use crate::receive::Stored;
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::state::{Call, State};
use crate::uploads::{Incomplete, Slot, Upload};

/// The largest file that the API takes in a form, in bytes.
const MAX_FILE: usize = 32_000_000;

/// The name of the form's part that has the file.
const FILE_PART: &str = "file";

/// Code and message of a file of a batch that had not arrived when the batch was
/// completed.
const MISSING: (&str, &str) = ("upload_missing", "The file was not uploaded.");

impl Playing {
    /// Refuses a valid request that cannot be done now.
    pub(crate) fn refuse_now(&self, call: &Call<'_>) -> Option<MockResponse> {
        let v3 = Generation::V3;
        let (request, id) = (call.request, call.id);
        match call.operation.id {
            "uploadAsset" => match form_file(request) {
                None => {
                    let message = "The form has no part with the name file.";
                    Some(v3.failure(400, message, Some(FILE_PART)))
                }
                Some(file) if file.data.len() > MAX_FILE => {
                    let message = "The file is larger than 32 MB; use a direct upload.";
                    Some(v3.failure(413, message, Some(FILE_PART)))
                }
                Some(_) => None,
            },
            "completeAssetUpload" => self.refuse_complete(id, request),
            "completeAssetBatchV3" => {
                let batch = request.json()?;
                let mut items = self.batches.items(batch["batch_id"].as_str()?);
                // Whatever has arrived is completed, but not nothing.
                if items.iter().any(|id| !self.is_missing(id)) {
                    items.retain(|id| !self.is_missing(id));
                }
                items
                    .iter()
                    .find_map(|id| self.refuse_complete(id, request))
            }
            _ => None,
        }
    }

    /// Whether the file of an asset's slot has not arrived.
    fn is_missing(&self, asset_id: &str) -> bool {
        self.uploads.is_waiting(asset_id) && self.uploads.get(asset_id).is_none()
    }

    fn refuse_complete(&self, asset_id: &str, request: &RecordedRequest) -> Option<MockResponse> {
        if !self.uploads.is_waiting(asset_id) {
            return None;
        }
        let sha256 = request
            .json()
            .and_then(|body| Some(body["checksum_sha256"].as_str()?.to_owned()));
        let v3 = Generation::V3;
        match self.uploads.check(asset_id, sha256.as_deref()) {
            Ok(_) => None,
            Err(Incomplete::Missing) => {
                let message = "Uploaded object not found yet. Retry after upload PUT returns 200.";
                Some(v3.failure_with(409, "conflict", message, None))
            }
            Err(Incomplete::Length) => {
                let message = "The upload does not have the size of its slot.";
                Some(v3.failure(400, message, Some("size_bytes")))
            }
            Err(Incomplete::Checksum) => {
                let message = "The upload does not have the checksum that was announced.";
                Some(v3.failure(400, message, Some("checksum_sha256")))
            }
        }
    }

    /// What an operation does beyond its objects; changes the response.
    pub(crate) fn follow(&self, state: &State, call: &Call<'_>, body: &mut Value) {
        let Some(data) = body.get_mut("data") else {
            return;
        };
        let (request, id) = (call.request, call.id);
        let sent = request.json().unwrap_or_default();
        match call.operation.id {
            "uploadAsset" => self.store_form(state, request, data),
            "createAssetUpload" => self.open_slot(state, &sent, data),
            "createAssetUploadBatchV3" => self.open_slots(state, &sent, data),
            "completeAssetUpload" => self.complete(id, data),
            "completeAssetBatchV3" => {
                let batch_id = sent["batch_id"].as_str().unwrap_or_default();
                self.complete_batch(batch_id, request);
            }
            "createWebhookEndpoint" | "rotateWebhookEndpointSecret" => {
                let id = data["endpoint_id"].as_str().unwrap_or_default().to_owned();
                data["secret"] = json!(if call.operation.id == "createWebhookEndpoint" {
                    self.webhooks.register(&id, sent["entity_id"].as_str())
                } else {
                    self.webhooks.new_secret(&id)
                });
                if let Some(endpoints) = self.collection(ENDPOINTS) {
                    state.edit(endpoints, &id, "secret", Value::Null);
                }
            }
            "createVideoAgentV3" => self.announce_video(state, data),
            "sendVideoAgentMessage" => {
                let key = ("/v3/video-agents", id.to_owned());
                self.jobs.resume(&key, self.clock.now());
            }
            _ => {
                let batches = self
                    .collection(&request.path)
                    .filter(|_| request.method == "POST");
                if let Some(batches) = batches.filter(|batches| batches.path.ends_with("/batches"))
                    && let Some(batch_id) = data["batch_id"].as_str()
                {
                    self.start_batch(state, batches, batch_id, &sent);
                }
            }
        }
    }

    /// A session has its video once it is done: the id is known to the mock alone
    /// before.
    fn announce_video(&self, state: &State, data: &mut Value) {
        let sessions = self.collection("/v3/video-agents");
        if let (Some(sessions), Some(session_id)) = (sessions, data["session_id"].as_str()) {
            let video_id = state.fresh_id(data["video_id"].as_str().unwrap_or("vid_"));
            state.edit(sessions, session_id, "video_id", json!(video_id));
        }
        data["video_id"] = Value::Null;
    }

    fn store_form(&self, state: &State, request: &RecordedRequest, data: &mut Value) {
        let (Some(file), Some(asset_id)) = (form_file(request), data["asset_id"].as_str()) else {
            return;
        };
        let asset_id = asset_id.to_owned();
        let upload = Upload::new(Stored::of(&file.data), "application/octet-stream");
        describe(&upload, data);
        if let Some(assets) = self.collection(ASSETS) {
            state.edit(assets, &asset_id, "name", json!(file.filename));
        }
        self.uploads.store(&asset_id, upload);
    }

    fn open_slots(&self, state: &State, sent: &Value, data: &mut Value) {
        let (Some(assets), Some(example)) =
            (self.collection(ASSETS), data["items"].get(0).cloned())
        else {
            return;
        };
        let mut ids = Vec::new();
        let mut slots = Vec::new();
        for file in sent["files"].as_array().into_iter().flatten() {
            let id = file
                .as_object()
                .map(|fields| state.create_object(assets, fields));
            let Some(id) = id else { continue };
            let mut slot = example.clone();
            slot["asset_id"] = json!(id);
            self.open_slot(state, file, &mut slot);
            slots.push(slot);
            ids.push(id);
        }
        data["items"] = json!(slots);
        if let Some(batch_id) = data["batch_id"].as_str() {
            self.batches.insert(batch_id, assets, ids);
        }
    }

    /// Opens the slot that a response describes, for the file of a request.
    fn open_slot(&self, state: &State, file: &Value, data: &mut Value) {
        let asset_id = data["asset_id"].as_str().unwrap_or_default().to_owned();
        if let Some(assets) = self.collection(ASSETS) {
            state.edit(assets, &asset_id, "name", file["filename"].clone());
        }
        let content_type = file["content_type"].as_str().unwrap_or_default();
        data["upload_headers"] = json!({"Content-Type": content_type});
        data["max_bytes"] = file["size_bytes"].clone();
        data["expires_in_seconds"] = json!(SLOT_LIFETIME.as_secs());
        let slot = Slot {
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            length: file["size_bytes"].as_u64(),
            sha256: file["checksum_sha256"].as_str().map(str::to_owned),
        };
        self.uploads.open(&asset_id, slot);
    }

    /// Completes the files that have arrived; the others have failed.
    fn complete_batch(&self, batch_id: &str, request: &RecordedRequest) {
        let Some(assets) = self.collection(ASSETS) else {
            return;
        };
        let mut items = self.batches.items(batch_id);
        items.retain(|id| self.uploads.is_waiting(id));
        for id in items {
            if self.is_missing(&id) {
                self.fail(assets, &id, MISSING);
            } else {
                self.start(assets, &id, request);
            }
            self.uploads.close(&id);
        }
    }

    fn complete(&self, asset_id: &str, data: &mut Value) {
        if let Some(upload) = self.uploads.get(asset_id) {
            describe(&upload, data);
        }
        self.uploads.close(asset_id);
    }
}

/// Sets what a response says of a file.
fn describe(upload: &Upload, data: &mut Value) {
    data["mime_type"] = json!(upload.content_type());
    data["size_bytes"] = json!(upload.length());
}

fn form_file(request: &RecordedRequest) -> Option<FilePart> {
    file_part(request.header("content-type")?, &request.body, FILE_PART)
}
