//! Events, parsed from the body of a delivery or from the list of events.

use http::HeaderMap;
use serde_json::{Map, Value};

use super::{Error, EventData};
use crate::v3::{WebhookEvent, WebhookEventType};

/// Identifier of an event in a delivery, which is not signed.
const EVENT_ID: &str = "heygen-event-id";

/// The names of the field that says why a job has failed, in deliveries of several ages.
const REASONS: [&str; 4] = ["failure_message", "message", "msg", "error"];

/// Something that has happened, such as a video that is completed.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    id: Option<String>,
    kind: WebhookEventType,
    created_at: Option<String>,
    callback_id: Option<String>,
    failure_message: Option<String>,
    data: EventData,
}

impl Event {
    /// Parses the body of a delivery **without any check of who sent it**. It serves for
    /// deliveries that were checked in another place; for those of a `callback_url` there is
    /// [`Verifier::verify_callback`](super::Verifier::verify_callback).
    ///
    /// # Errors
    ///
    /// [`Error::NotAnEvent`].
    pub fn from_unverified(headers: &HeaderMap, body: &[u8]) -> Result<Self, Error> {
        let is = match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => match Self::from_fields(headers, fields) {
                Some(event) => return Ok(event),
                None => "an object without an `event_type`",
            },
            Ok(_) => "JSON of another type",
            Err(_) => "text that is not JSON",
        };
        Err(Error::NotAnEvent { is })
    }

    fn from_fields(headers: &HeaderMap, mut fields: Map<String, Value>) -> Option<Self> {
        let header = headers.get(EVENT_ID).and_then(|id| id.to_str().ok());
        let header = header.filter(|id| !id.is_empty()).map(str::to_owned);
        // The body is signed and the header is not.
        let id = text(&fields, &["event_id"]).or(header);
        let created_at = text(&fields, &["created_at"]);
        let callback_id = text(&fields, &["callback_id"]);
        let kind = text(&fields, &["event_type", "event"])?;
        let mut data = ["event_data", "data"]
            .into_iter()
            .filter_map(|name| fields.remove(name));
        let data = data.find(|data| !data.is_null()).unwrap_or_default();
        let event = Self::new(id, kind.into(), created_at, data);
        Some(Self {
            callback_id: event.callback_id.or(callback_id),
            ..event
        })
    }

    fn new(
        id: Option<String>,
        kind: WebhookEventType,
        created_at: Option<String>,
        data: Value,
    ) -> Self {
        let of = |names: &[&str]| text(data.as_object()?, names);
        Self {
            id,
            created_at,
            callback_id: of(&["callback_id"]),
            failure_message: of(&REASONS),
            data: EventData::from_json(kind.as_str(), data),
            kind,
        }
    }

    /// Identifier of the event, by which to recognise one that is delivered again: that of
    /// the body, which is signed, else of the header `Heygen-Event-Id`.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// What has happened, as the list of events and webhook endpoints name it.
    pub fn event_type(&self) -> &WebhookEventType {
        &self.kind
    }

    /// When it has happened, as a date and time.
    pub fn created_at(&self) -> Option<&str> {
        self.created_at.as_deref()
    }

    /// Identifier that the create of the job was given as `callback_id`: your own, of up to
    /// 128 characters.
    pub fn callback_id(&self) -> Option<&str> {
        self.callback_id.as_deref()
    }

    /// Why a job has failed, whatever the name of the field is in this type of event.
    pub fn failure_message(&self) -> Option<&str> {
        self.failure_message.as_deref()
    }

    /// What the event carries.
    pub fn data(&self) -> &EventData {
        &self.data
    }

    /// What the event carries, by value.
    pub fn into_data(self) -> EventData {
        self.data
    }
}

/// An event of `GET /v3/webhooks/events`, so that events that were missed are handled
/// like those that were delivered.
impl From<WebhookEvent> for Event {
    fn from(event: WebhookEvent) -> Self {
        let kind = event.event_type.unwrap_or_else(|| "".into());
        let data = event.event_data.map(Value::Object).unwrap_or_default();
        Self::new(Some(event.event_id), kind, event.created_at, data)
    }
}

/// The first of these fields that is a string with something in it.
fn text(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let mut found = names.iter().filter_map(|name| fields.get(*name)?.as_str());
    found.find(|text| !text.is_empty()).map(str::to_owned)
}
