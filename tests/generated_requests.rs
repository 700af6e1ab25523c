//! What generated types of requests, and those of responses under the feature
//! `test-util`, offer to build them, and what they send.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;

use fixture_api::v9::types::{
    AvatarIiiEngine, AvatarIvEngine, Background, BackgroundType, BlankLayer, CreateFolder,
    CreateFromAvatar, CreateFromAvatarAspectRatio, CreateFromImage, CreateVideoRequest, Engine,
    Layer, ListVideosResponse, ShapeLayer, TextLayer, UpdateVideo, UpdateVideoCover, VideoDetail,
    VideoDetailFailure, VideoResolution, VideoStatus,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// What a request sends, which is read as the same again.
fn sent<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(request: &T) -> Value {
    let value = serde_json::to_value(request).unwrap();
    assert_eq!(
        *request,
        serde_json::from_value::<T>(value.clone()).unwrap()
    );
    value
}

#[test]
fn only_what_was_set_is_sent() {
    let least = CreateFromAvatar::new("a", "Hello");
    assert_eq!(sent(&least), json!({"avatar_id": "a", "script": "Hello"}));
    let most = least
        .aspect_ratio(CreateFromAvatarAspectRatio::Ratio16x9)
        .callback_id("c")
        .background(Background::new(BackgroundType::Color).value("#fff"))
        .tags(["x", "y"])
        .labels([("team", "ads")])
        .resolution(VideoResolution::P1080)
        .engine(AvatarIiiEngine::new());
    assert_eq!(
        sent(&most),
        json!({"avatar_id": "a", "script": "Hello", "aspect_ratio": "16:9", "callback_id": "c",
            "background": {"type": "color", "value": "#fff"}, "tags": ["x", "y"],
            "labels": {"team": "ads"}, "resolution": "1080p", "engine": {"type": "avatar_iii"}})
    );
    // Fields are in the order of the document, whatever the order of the calls.
    let text = serde_json::to_string(&most).unwrap();
    assert!(text.starts_with(r#"{"avatar_id":"a","script":"Hello","aspect_ratio""#));
}

#[test]
fn empty_list_and_map_are_sent() {
    let request = CreateFromAvatar::new("a", "Hello")
        .tags(Vec::<String>::new())
        .labels(HashMap::<String, String>::new());
    assert_eq!(
        sent(&request),
        json!({"avatar_id": "a", "script": "Hello", "tags": [], "labels": {}})
    );
}

#[test]
fn update_tells_null_from_absent() {
    assert_eq!(sent(&UpdateVideo::new()), json!({}));
    let update = UpdateVideo::new().title("New").clear_background();
    assert_eq!(update.title, Some(Some("New".to_owned())));
    assert_eq!(sent(&update), json!({"title": "New", "background": null}));
    let update = update
        .clear_title()
        .background(Background::new(BackgroundType::Image))
        .tags(Vec::<String>::new());
    assert_eq!(
        sent(&update),
        json!({"title": null, "background": {"type": "image"}, "tags": []})
    );
}

#[test]
fn request_that_is_no_update_sends_no_null() {
    let folder = CreateFolder::new().name("Ads");
    // Its parent may be null, which is as good as leaving it out.
    assert_eq!(folder.parent, None);
    assert_eq!(sent(&folder), json!({"name": "Ads"}));
    let of_create =
        CreateFromAvatar::new("a", "b").background(Background::new(BackgroundType::Color));
    assert_eq!(sent(&of_create)["background"], json!({"type": "color"}));
}

#[test]
fn nothing_required_is_default() {
    assert_eq!(CreateFolder::default(), CreateFolder::new());
    assert_eq!(UpdateVideo::default(), UpdateVideo::new());
    assert_eq!(AvatarIvEngine::default(), AvatarIvEngine::new());
}

#[test]
fn field_with_the_name_of_a_method_has_a_suffix() {
    let update = UpdateVideo::new().new_(true);
    assert_eq!(update.new, Some(true));
    assert_eq!(sent(&update), json!({"new": true}));
}

#[test]
fn variant_converts_into_its_union_and_sends_its_tag() {
    fn create(body: impl Into<CreateVideoRequest>) -> Value {
        sent(&body.into())
    }
    assert_eq!(
        create(CreateFromAvatar::new("a", "Hello")),
        json!({"type": "avatar", "avatar_id": "a", "script": "Hello"})
    );
    assert_eq!(
        create(CreateFromImage::new("https://example.com/a.png")),
        json!({"type": "image", "image_url": "https://example.com/a.png"})
    );
}

#[test]
fn constant_is_sent_without_being_asked_for() {
    let update = UpdateVideo::new().cover(UpdateVideoCover::new("https://example.com/a.png"));
    assert_eq!(
        sent(&update),
        json!({"cover": {"by": "url", "url": "https://example.com/a.png"}})
    );
}

#[test]
fn variant_of_nothing_but_its_tag_holds_a_struct() {
    let engine = Engine::from(AvatarIiiEngine::new());
    assert_eq!(engine, Engine::AvatarIii(AvatarIiiEngine::default()));
    assert_eq!(sent(&engine), json!({"type": "avatar_iii"}));
    let engine: Engine = serde_json::from_value(json!({"type": "avatar_iv", "new": 1})).unwrap();
    assert!(matches!(engine, Engine::AvatarIv(_)));

    let layer: Layer = serde_json::from_value(json!({"kind": "blank", "new": [1]})).unwrap();
    assert_eq!(layer, Layer::Blank(BlankLayer::default()));
    assert_eq!(
        serde_json::to_value(&layer).unwrap(),
        json!({"kind": "blank"})
    );
}

#[test]
fn enum_of_requests_prints_and_compares() {
    let resolution = VideoResolution::P720;
    assert_eq!(resolution.to_string(), "720p");
    assert_eq!(resolution.as_str(), "720p");
    assert_eq!(resolution, "720p");
    assert_eq!(resolution, *"720p");
    assert_ne!(resolution, "1080p");
    assert_eq!(VideoResolution::KNOWN, ["720p", "1080p"]);
    let error = serde_json::from_value::<VideoResolution>(json!("4k")).unwrap_err();
    assert!(error.to_string().contains("`720p` or `1080p`"), "{error}");
    let schema = serde_json::to_value(schemars::schema_for!(VideoResolution)).unwrap();
    assert_eq!(schema["enum"], json!(["720p", "1080p"]));
}

#[test]
fn enum_of_responses_prints_and_compares() {
    for (status, text) in [
        (VideoStatus::Completed, "completed"),
        (VideoStatus::from("rerendering"), "rerendering"),
    ] {
        assert_eq!(status.to_string(), text);
        assert_eq!(status.as_str(), text);
        assert_eq!(status, text);
        assert_eq!(status, *text);
    }
}

#[test]
fn responses_are_built_in_tests() {
    let video = VideoDetail::new("v", VideoStatus::Completed)
        .duration(12.5)
        .failure(VideoDetailFailure::new().code("c"))
        .layers([
            Layer::from(TextLayer::new().text("Hello")),
            Layer::from(ShapeLayer::new().corners(4)),
        ]);
    let page = ListVideosResponse::new().data([video]).has_more(false);
    assert_eq!(
        serde_json::to_value(&page).unwrap(),
        json!({"has_more": false, "data": [{"id": "v", "status": "completed", "duration": 12.5,
            "failure": {"code": "c"}, "layers": [{"kind": "text", "text": "Hello"}, {"kind": "shape", "corners": 4}]}]})
    );
    // A state may be given as its word.
    assert_eq!(VideoDetail::new("v", "new").status, "new");
}
