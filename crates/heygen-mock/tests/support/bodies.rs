//! Requests that create jobs, one for each kind.

use serde_json::{Value, json};

/// A kind of job: how it is created and read.
pub(crate) struct Kind {
    /// As `MockServer::job` takes it.
    pub(crate) name: &'static str,
    pub(crate) create: &'static str,
    /// JSON pointer to the id in `data` of the create.
    pub(crate) id: &'static str,
    /// Where it is read, before the id.
    pub(crate) read: &'static str,
    pub(crate) success: &'static str,
    pub(crate) failure: &'static str,
    /// A field that is set at the end only.
    pub(crate) result: &'static str,
    pub(crate) body: Value,
}

const fn kind(
    name: &'static str,
    create: &'static str,
    id: &'static str,
    read: &'static str,
) -> Kind {
    let body = Value::Null;
    Kind {
        name,
        create,
        id,
        read,
        success: "completed",
        failure: "failed",
        result: "",
        body,
    }
}

impl Kind {
    fn result(self, result: &'static str) -> Self {
        Self { result, ..self }
    }

    fn body(self, body: Value) -> Self {
        Self { body, ..self }
    }
}

fn source() -> Value {
    json!({"type": "url", "url": "https://example.com/a.mp4"})
}

pub(crate) fn video() -> Value {
    json!({"type": "avatar", "avatar_id": "look_1", "script": "Hello", "voice_id": "voice_1", "title": "My video"})
}

pub(crate) fn translation(languages: &[&str]) -> Value {
    json!({"video": source(), "output_languages": languages})
}

pub(crate) fn agent() -> Value {
    json!({"prompt": "A presenter says hello."})
}

/// Every kind whose object says how far it is.
pub(crate) fn kinds() -> Vec<Kind> {
    [videos(), translations(), media(), avatars()]
        .into_iter()
        .flatten()
        .collect()
}

fn videos() -> Vec<Kind> {
    let project = json!({"type": "asset_id", "asset_id": "ast_1"});
    vec![
        kind("video", "/v3/videos", "/video_id", "/v3/videos")
            .result("video_url")
            .body(video()),
        kind("video", "/v3/templates/tpl_1", "/id", "/v3/videos")
            .result("video_url")
            .body(json!({"variables": {}})),
        kind(
            "agent_session",
            "/v3/video-agents",
            "/session_id",
            "/v3/video-agents",
        )
        .result("video_id")
        .body(agent()),
        kind(
            "render",
            "/v3/hyperframes/renders",
            "/render_id",
            "/v3/hyperframes/renders",
        )
        .result("video_url")
        .body(json!({"project": project})),
        Kind {
            failure: "error",
            ..kind(
                "brand kit",
                "/v3/brand-kits",
                "/brand_kit_id",
                "/v3/brand-kits",
            )
            .body(json!({"url": "https://www.example.com"}))
        },
    ]
}

fn translations() -> Vec<Kind> {
    let path = "/v3/video-translations";
    let proofreads = "/v3/video-translations/proofreads";
    let generate = "/v3/video-translations/proofreads/prf_83bd/generate";
    let proofread = json!({"video": source(), "output_languages": ["Japanese"], "title": "t"});
    vec![
        kind("translation", path, "/video_translation_ids/0", path)
            .result("video_url")
            .body(translation(&["Japanese"])),
        kind("proofread", proofreads, "/proofread_ids/0", proofreads).body(proofread),
        kind("translation", generate, "/video_translation_id", path)
            .result("video_url")
            .body(json!({})),
    ]
}

fn media() -> Vec<Kind> {
    let video = json!({"video": source()});
    let lipsync = json!({"video": source(), "audio": source()});
    let removals = "/v3/background-removals";
    let fillers = "/v3/filler-word-removals";
    let clippings = "/v3/ai-clipping";
    vec![
        kind("lipsync", "/v3/lipsyncs", "/lipsync_id", "/v3/lipsyncs")
            .result("video_url")
            .body(lipsync),
        kind("clipping", clippings, "/ai_clipping_id", clippings)
            .result("clips")
            .body(video.clone()),
        kind("background_removal", removals, "/id", removals)
            .result("layers")
            .body(video.clone()),
        kind(
            "filler word removal",
            fillers,
            "/filler_word_removal_id",
            fillers,
        )
        .result("video_url")
        .body(video),
    ]
}

fn avatars() -> Vec<Kind> {
    let photo = json!({"type": "photo", "name": "Ada", "file": source()});
    let voice = json!({"voice_name": "Mine", "audio": source()});
    vec![
        kind("avatar", "/v3/avatars", "/avatar_group/id", "/v3/avatars").body(photo.clone()),
        kind(
            "avatar look",
            "/v3/avatars",
            "/avatar_item/id",
            "/v3/avatars/looks",
        )
        .result("preview_image_url")
        .body(photo),
        Kind {
            success: "complete",
            ..kind(
                "voice clone",
                "/v3/voices/clone",
                "/voice_clone_id",
                "/v3/voices",
            )
            .body(voice)
        },
    ]
}
