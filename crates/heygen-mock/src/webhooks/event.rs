//! The event of a job that has ended: its type, and what it carries.

use serde_json::{Map, Value, json};

use crate::jobs::{Ending, Play};

/// Something that has happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: String,
    /// What has happened: `avatar_video.success`.
    pub(crate) name: String,
    pub(crate) data: Value,
    /// When it happened, as a date and time.
    pub(crate) created_at: String,
}

/// What the events of a collection are named, and which field has the id.
struct Source {
    collection: &'static str,
    event: &'static str,
    id: &'static str,
}

const fn source(collection: &'static str, event: &'static str, id: &'static str) -> Source {
    Source {
        collection,
        event,
        id,
    }
}

/// The events of the API by collection. Jobs that have none get one for their
/// `callback_url` alone, named after their noun.
const SOURCES: &[Source] = &[
    source("/v3/videos", "avatar_video", "video_id"),
    source(
        "/v3/video-translations",
        "video_translate",
        "video_translate_id",
    ),
    source(
        "/v3/video-translations/proofreads",
        "proofread_creation",
        "proofread_id",
    ),
    source("/v3/video-agents", "video_agent", "session_id"),
    source("/v3/hyperframes/renders", "hyperframes_video", "render_id"),
    source("/v3/ai-clipping", "ai_clipping", "ai_clipping_id"),
    source(
        "/v3/filler-word-removals",
        "filler_word_removal",
        "filler_word_removal_id",
    ),
    source("/v3/avatars", "photo_avatar_generation", "avatar_group_id"),
];

impl Event {
    /// The event as it is delivered and listed.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "event_id": self.id,
            "event_type": self.name,
            "event_data": self.data,
            "created_at": self.created_at,
        })
    }

    /// The event of a job that has ended; `None` where the API has none. It is
    /// for the job's own URL alone where the second part is false.
    pub(crate) fn of(
        collection: &str,
        object_id: &str,
        play: &Play,
        object: &Value,
    ) -> Option<(String, Value, bool)> {
        let success = match play.plan.ending {
            Ending::Success => true,
            Ending::Failure(_) => false,
            // The API has no event for these.
            Ending::Cancelled | Ending::Deleted | Ending::Attention | Ending::Stuck => return None,
        };
        if collection.ends_with("/batches") {
            let data = json!({"batch_id": object_id, "status": play.plan.word_at_end(play.job)});
            return Some((
                "batch.finished".to_owned(),
                data,
                collection != "/v3/assets/batches",
            ));
        }
        let source = SOURCES
            .iter()
            .find(|source| source.collection == collection);
        let noun = play.job.name.replace(' ', "_");
        let id = source.map_or_else(|| format!("{noun}_id"), |source| source.id.to_owned());
        let event = match source {
            // Avatars are trained from a video or made from pictures.
            Some(_) if object["avatar_type"] == "digital_twin" => "instant_avatar",
            Some(source) => source.event,
            None => &noun,
        };
        let mut data = Map::from_iter([(id, json!(object_id))]);
        if success {
            data.insert("url".to_owned(), object["video_url"].clone());
            if collection == "/v3/video-agents" {
                data.insert("video_id".to_owned(), object["video_id"].clone());
            }
        } else {
            let message = match &play.plan.ending {
                Ending::Failure(Some((_, message))) => json!(message),
                _ => Value::Null,
            };
            let name = if collection == "/v3/videos" {
                "msg"
            } else {
                "message"
            };
            data.insert(name.to_owned(), message);
        }
        data.insert("callback_id".to_owned(), json!(play.callback.id));
        if let Some(language) = object.get("output_language") {
            data.insert("output_language".to_owned(), language.clone());
        }
        let ending = if success { "success" } else { "fail" };
        Some((
            format!("{event}.{ending}"),
            Value::Object(data),
            source.is_some(),
        ))
    }
}
