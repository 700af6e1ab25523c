//! Direct uploads: the API issues an address for a file, the file is stored
//! there, and the upload is completed.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep};

use super::checksum::{self, Hasher};
use super::prepare::Prepared;
use super::put::{Target, store};
use super::run::Uploader;
use super::spec::{SlotSpec, UploadSpec};
use crate::content::{Content, Observer};
use crate::error::{Error, build};
use crate::request::Request;
use crate::wait::Data;

/// How often an address is issued anew for a file, where the store refused it.
const MAX_NEW_SLOTS: u32 = 2;

/// How often the API is asked again whether it has found the file.
pub(super) const MAX_POLLS: u32 = 5;

/// The wait before it is asked again, times the number of the poll.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The address that the API issued for a file.
pub(super) struct Slot {
    pub(super) id: String,
    url: String,
    headers: HeaderMap,
    max_bytes: Option<u64>,
    expires: Option<Instant>,
}

impl Uploader {
    /// Uploads a file directly. `id` is that of the file, from when it exists.
    pub(super) async fn direct<T: DeserializeOwned + 'static>(
        &self,
        file: &Prepared,
        id: &mut Option<String>,
    ) -> Result<T, Error> {
        let checksum = self.checksum(file).await?;
        self.direct_with(file, checksum, "", id).await
    }

    /// Uploads a file whose checksum is known. `suffix` is that of the
    /// idempotency key.
    pub(super) async fn direct_with<T: DeserializeOwned + 'static>(
        &self,
        file: &Prepared,
        checksum: Option<String>,
        suffix: &str,
        id: &mut Option<String>,
    ) -> Result<T, Error> {
        let mut number = 1;
        let checksum = loop {
            let suffix = match number {
                1 => suffix.to_owned(),
                number => format!("{suffix}.{number}"),
            };
            let slot = self.slot(file, checksum.as_deref(), &suffix).await?;
            *id = Some(slot.id.clone());
            match self.put(file, &slot).await {
                Ok(streamed) => break checksum.or(streamed),
                Err(error) if number <= MAX_NEW_SLOTS && slot.is_refused(file, &error) => {}
                Err(error) => return Err(error),
            }
            number += 1;
        };
        let Some(id) = id.as_deref() else {
            return Err(build::internal("an upload has no id"));
        };
        self.complete(id, checksum.as_deref()).await
    }

    /// The checksum of a file that can be read twice.
    pub(super) async fn checksum(&self, file: &Prepared) -> Result<Option<String>, Error> {
        let computed = checksum::of_content(&file.content).await;
        computed.map_err(|error| {
            let why = match &file.content {
                Content::Path(path, _) => format!("cannot read {}: {error}", path.display()),
                _ => error.to_string(),
            };
            build::input(format!("the file cannot be uploaded: {why}")).with_param(self.spec.part)
        })
    }

    async fn slot(
        &self,
        file: &Prepared,
        checksum: Option<&str>,
        suffix: &str,
    ) -> Result<Slot, Error> {
        let spec = &self.spec.slot;
        let request = self.request(spec.operation, &[], self.key(suffix));
        let body = announcement(spec, file, checksum);
        let issued = request.json(&body).typed::<Data<Value>>().data();
        let issued = issued.await?;
        Slot::parse(self.spec, &issued)
    }

    /// Stores a file at its address; returns the checksum of a stream.
    pub(super) async fn put(&self, file: &Prepared, slot: &Slot) -> Result<Option<String>, Error> {
        if let Some(most) = slot.max_bytes.filter(|most| file.length > *most) {
            let message = format!("the file has {} bytes, and may have {most}", file.length);
            return Err(build::input(message).with_param(self.spec.part));
        }
        let mut observers: Vec<Observer> =
            self.reporter(file, Some(&slot.id)).into_iter().collect();
        let hasher = (!file.content.is_replayable()).then(|| Arc::new(Hasher::default()));
        observers.extend(hasher.clone().map(|hasher| hasher as Observer));
        let target = Target {
            url: &slot.url,
            headers: &slot.headers,
            content: &file.content,
            length: file.length,
            observer: (!observers.is_empty()).then(|| Arc::new(observers) as Observer),
            max_retries: self.settings.max_retries,
        };
        store(&self.client, target).await?;
        Ok(hasher.map(|hasher| hasher.finish()))
    }

    pub(super) async fn complete<T: DeserializeOwned + 'static>(
        &self,
        id: &str,
        checksum: Option<&str>,
    ) -> Result<T, Error> {
        let spec = &self.spec.complete;
        let mut body = Map::new();
        body.extend(checksum.map(|sum| (spec.checksum.to_owned(), sum.into())));
        self.poll_complete(|| {
            let request = self.request(spec.operation, &[(spec.argument, id)], None);
            request.json(&body).typed::<Data<T>>().data()
        })
        .await
    }

    /// Ends an upload, as soon as the API finds what was stored. Repeating the
    /// call has no further effect.
    pub(super) async fn poll_complete<T>(
        &self,
        request: impl Fn() -> Request<T>,
    ) -> Result<T, Error> {
        let retries = self
            .settings
            .max_retries
            .unwrap_or(self.client.0.max_retries);
        let (mut polls, mut repeats) = (0, 0);
        loop {
            let error = match request().await {
                Ok(completed) => return Ok(completed),
                Err(error) => error,
            };
            let retry_after = error.retry_after().unwrap_or_default();
            if retry_after > self.client.0.max_retry_after {
                return Err(error);
            }
            if error.status() == Some(409) && polls < MAX_POLLS {
                polls += 1;
            } else if error.outcome_unknown() && repeats < retries {
                repeats += 1;
            } else {
                return Err(error);
            }
            sleep(retry_after.max(POLL_INTERVAL * (polls + repeats))).await;
        }
    }
}

/// The announcement of a file, for which the API issues an address.
pub(super) fn announcement(spec: &SlotSpec, file: &Prepared, checksum: Option<&str>) -> Value {
    let mut fields = Map::new();
    fields.insert(spec.name.to_owned(), json!(file.name));
    fields.insert(spec.content_type.to_owned(), json!(file.content_type));
    fields.insert(spec.size.to_owned(), json!(file.length));
    fields.extend(checksum.map(|sum| (spec.checksum.to_owned(), sum.into())));
    Value::Object(fields)
}

impl Slot {
    /// Reads the address of a file, and the headers that belong to it.
    pub(super) fn parse(upload: &UploadSpec, issued: &Value) -> Result<Self, Error> {
        let spec = &upload.slot;
        let text = |field: &str| {
            let value = issued.get(field).and_then(Value::as_str);
            let lacks = || build::decode(format!("the response has no {field}"));
            value.map(str::to_owned).ok_or_else(lacks)
        };
        let number = |field: &str| issued.get(field).and_then(Value::as_u64);
        let id = text(upload.id)?;
        let refuse = |error: Error| error.with_created(upload.name, &id);
        let headers = issued.get(spec.headers).filter(|value| !value.is_null());
        let headers = headers.map(BTreeMap::<String, String>::deserialize);
        // The values may be part of the signature.
        let headers = headers.transpose().map_err(|_| {
            let message = format!("the response has {} that are not strings", spec.headers);
            refuse(build::decode(message))
        })?;
        let lifetime = number(spec.lifetime).map(Duration::from_secs);
        Ok(Self {
            url: text(spec.url).map_err(refuse)?,
            headers: header_map(headers.unwrap_or_default()).map_err(|why| {
                refuse(build::decode(format!(
                    "{} cannot be sent: {why}",
                    spec.headers
                )))
            })?,
            max_bytes: number(spec.max_bytes),
            expires: lifetime.and_then(|lifetime| Instant::now().checked_add(lifetime)),
            id: id.clone(),
        })
    }

    /// Whether a store refused the address, and would take the file at another.
    pub(super) fn is_refused(&self, file: &Prepared, error: &Error) -> bool {
        let is_expired = self
            .expires
            .is_some_and(|expires| expires <= Instant::now());
        let is_refused = error.status() == Some(403) || (is_expired && error.status().is_some());
        is_refused && file.content.is_replayable()
    }
}

fn header_map(headers: BTreeMap<String, String>) -> Result<HeaderMap, String> {
    // The value may be part of the signature.
    let refuse = |name: &str, error: &dyn Display| format!("{name}: {error}");
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let parsed = HeaderName::try_from(&name).map_err(|error| refuse(&name, &error))?;
        let value = HeaderValue::try_from(value).map_err(|error| refuse(&name, &error))?;
        map.append(parsed, value);
    }
    Ok(map)
}
