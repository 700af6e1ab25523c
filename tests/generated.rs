//! The contract of generated code, tested on a fixture API with features that
//! no checked-in page of the vendor has yet.

use std::time::Duration;

use fixture_api::v9::{operations, types};
use heygen_core::{Envelope as _, IdempotencyKey};
use serde_json::{Value, json};

fn video(body: &Value) -> Result<types::VideoDetail, serde_json::Error> {
    serde_json::from_value(body.clone())
}

#[test]
fn open_enum_keeps_unknown_value() {
    let detail = video(&json!({"id": "v", "status": "rerendering"})).unwrap();
    let status = detail.status;
    assert_eq!(status, types::VideoStatus::Unknown("rerendering".into()));
    assert_eq!(status.to_string(), "rerendering");
    assert_eq!(serde_json::to_value(&status).unwrap(), "rerendering");

    let known: types::VideoStatus = "completed".parse().unwrap();
    assert_eq!(known, types::VideoStatus::Completed);
    assert_eq!(types::VideoStatus::from("completed"), known);
    assert_eq!(serde_json::to_value(&known).unwrap(), "completed");
    assert!(types::VideoStatus::KNOWN.contains(&"completed"));
    // A documented value may have the name of the catch-all variant.
    assert_eq!(
        types::VideoStatus::from("unknown"),
        types::VideoStatus::UnknownValue
    );
    // It is still a string.
    assert!(video(&json!({"id": "v", "status": 5})).is_err());
}

#[test]
fn union_is_parsed_by_its_tag() {
    let source =
        |source: Value| video(&json!({"id": "v", "source": source})).map(|v| v.source.unwrap());
    let known = source(json!({"type": "avatar", "avatar_id": "a"})).unwrap();
    let types::VideoDetailSource::Avatar(avatar) = &known else {
        panic!("{known:?}")
    };
    assert_eq!(avatar.avatar_id.as_deref(), Some("a"));
    assert_eq!(
        serde_json::to_value(&known).unwrap(),
        json!({"type": "avatar", "avatar_id": "a"})
    );

    let new = json!({"type": "hologram", "projector": [1, 2]});
    let unknown = source(new.clone()).unwrap();
    assert_eq!(unknown, types::VideoDetailSource::Unknown(new.clone()));
    assert_eq!(serde_json::to_value(&unknown).unwrap(), new);
    let untagged = source(json!({"avatar_id": "a"})).unwrap();
    assert!(matches!(untagged, types::VideoDetailSource::Unknown(_)));

    for malformed in [
        json!({"type": "avatar", "avatar_id": 5}),
        json!({"type": "image", "image_url": []}),
        json!(["avatar", "a"]),
        json!("avatar"),
    ] {
        assert!(source(malformed.clone()).is_err(), "{malformed}");
    }
    assert!(
        video(&json!({"id": "v", "source": null}))
            .unwrap()
            .source
            .is_none()
    );
}

#[test]
fn union_may_be_recursive() {
    let body = json!({"id": "v", "layers": [
        {"kind": "shape", "corners": 4, "inside": [{"kind": "text", "text": "deep"}]},
    ]});
    let detail = video(&body).unwrap();
    assert_eq!(serde_json::to_value(&detail).unwrap(), body);
}

#[test]
fn array_is_not_parsed_as_object() {
    for body in [
        json!([]),
        json!(["v"]),
        json!(["v", "completed", 1.0, null, null, null]),
        json!({"id": "v", "failure": []}),
        json!({"id": "v", "failure": ["code", "message"]}),
    ] {
        assert!(video(&body).is_err(), "{body}");
    }
    assert!(serde_json::from_value::<types::GetVideoResponse>(json!([])).is_err());
    assert!(serde_json::from_value::<types::GetVideoResponse>(json!({"data": []})).is_err());
}

#[test]
fn response_requires_its_id_only() {
    assert!(video(&json!({"id": "v", "new": {"deep": [1]}})).is_ok());
    assert!(video(&json!({"status": "completed"})).is_err());
    assert!(video(&json!({"id": null})).is_err());
    let nulls = json!({"id": "v", "status": null, "duration": null, "source": null, "layers": null, "failure": null});
    assert_eq!(
        serde_json::to_value(video(&nulls).unwrap()).unwrap(),
        json!({"id": "v"})
    );
}

#[test]
fn state_is_never_missing() {
    for body in [
        json!({"id": "v"}),
        json!({"id": "v", "status": null}),
        json!({"id": "v", "status": ""}),
    ] {
        let detail = video(&body).unwrap();
        assert_eq!(detail.status, types::VideoStatus::Unknown(String::new()));
        assert_eq!(serde_json::to_value(detail).unwrap(), json!({"id": "v"}));
    }
    let made: types::VideoCreated =
        serde_json::from_value(json!({"video_id": "v", "status": "waiting"})).unwrap();
    assert_eq!(made.status, types::VideoStatus::Waiting);
}

#[test]
fn operation_table_has_every_operation() {
    let create = operations::find("create_video").unwrap();
    assert_eq!(
        (create.id, create.method, create.path),
        ("createVideo", "POST", "/v9/videos")
    );
    assert_eq!(create.idempotency_key, IdempotencyKey::Generated);
    assert!(!create.idempotent);
    assert_eq!(create.timeout, Duration::from_secs(120));
    let list = operations::find("list_videos").unwrap();
    assert_eq!(list.timeout, Duration::from_secs(30));
    assert!(operations::find("delete_video").unwrap().idempotent);
    let upload = operations::find("upload_asset").unwrap();
    assert!(upload.multipart, "a body of several parts");
    assert!(operations::find("no_such").is_none());
}

#[test]
fn null_in_a_list_is_skipped() {
    let body =
        json!({"data": [{"id": "v"}, null, {"id": "w"}], "has_more": true, "next_token": "t"});
    let page: types::ListVideosResponse = serde_json::from_value(body).unwrap();
    let cursor = page.cursor().unwrap();
    assert_eq!(cursor.next_token.as_deref(), Some("t"));
    assert_eq!(cursor.has_more, Some(true));
    let ids: Vec<_> = page.into_data().unwrap();
    assert_eq!(ids.len(), 2);
}

#[test]
fn open_enums_compare_with_strings() {
    assert_eq!(types::VideoStatus::Completed, "completed");
    assert_ne!(types::VideoStatus::from("new"), "completed");
}

#[test]
fn models_have_json_schema() {
    let schema = serde_json::to_value(schemars::schema_for!(types::VideoDetail)).unwrap();
    assert_eq!(schema["type"], "object");
    assert!(schema["properties"]["status"].is_object(), "{schema}");
    assert_eq!(schema["required"], json!(["id"]));
    let status = &schema["$defs"]["VideoStatus"]["anyOf"];
    assert_eq!(status[1], json!({"type": "string"}), "open: {schema}");
}
