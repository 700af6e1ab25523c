//! What deliveries are parsed as.

use heygen::v3::{WebhookEvent, WebhookEventType};
use heygen::webhook::{Error, Event, EventData, Verifier, sign};
use serde_json::{Value, json};

use super::{SECRET, headers};

const DOCUMENT: &str = include_str!("../../openapi/v3/corrected.json");

fn event(body: &Value) -> Event {
    let body = body.to_string();
    let headers = sign(SECRET, body.as_bytes());
    Verifier::new(SECRET)
        .verify(&headers, body.as_bytes())
        .unwrap()
}

fn of(event_type: &str, data: &Value) -> EventData {
    event(&json!({"event_type": event_type, "event_data": data})).into_data()
}

#[test]
fn documented_deliveries_are_read_into_their_types() {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let webhooks = document["webhooks"].as_object().unwrap();
    assert_eq!(webhooks.len(), 7);
    for (name, webhook) in webhooks {
        let body = &webhook["post"]["requestBody"]["content"]["application/json"]["example"];
        let event = event(body);
        assert_eq!(event.event_type().as_str(), name);
        assert_eq!(event.id(), body["event_id"].as_str());
        assert_eq!(event.created_at(), body["created_at"].as_str());
        assert_eq!(
            event.callback_id(),
            body["event_data"]["callback_id"].as_str()
        );
        // Every field of the example reaches the type.
        let (read, sent) = (format!("{:?}", event.data()), &body["event_data"]);
        for (field, value) in sent
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, v)| v.is_string())
        {
            let wanted = [
                format!("{field}: Some({value})"),
                format!("{field}: {value}"),
            ];
            assert!(
                wanted.iter().any(|wanted| read.contains(wanted)),
                "{field}: {read}"
            );
        }
    }
}

#[test]
fn each_name_of_an_event_has_a_variant() {
    assert_eq!(WebhookEventType::KNOWN.len(), 34);
    for name in WebhookEventType::KNOWN {
        let data = of(name, &json!({"video_id": "a", "video_translate_id": "b"}));
        assert!(!matches!(data, EventData::Unknown { .. }), "{name}");
    }
}

#[test]
fn event_of_a_newer_type_is_kept() {
    let data = json!({"dream_id": "d"});
    let body = json!({"event_type": "dream.success", "event_data": data, "callback_id": "c"});
    let event = event(&body);
    assert_eq!(
        *event.event_type(),
        WebhookEventType::Unknown("dream.success".to_owned())
    );
    assert_eq!(event.callback_id(), Some("c"));
    let event_type = "dream.success".to_owned();
    assert_eq!(event.into_data(), EventData::Unknown { event_type, data });
}

#[test]
fn data_that_does_not_fit_its_type_is_kept() {
    for data in [
        json!({"video_id": 7, "url": "u"}),
        json!({"url": "u"}),
        json!(["vid_1"]),
        json!("vid_1"),
        Value::Null,
    ] {
        let event_type = "avatar_video.success".to_owned();
        let kept = EventData::Unknown {
            event_type,
            data: data.clone(),
        };
        assert_eq!(of("avatar_video.success", &data), kept);
    }
}

#[test]
fn fields_are_read_under_the_names_of_all_ages() {
    for name in ["url", "video_url"] {
        for event_type in ["avatar_video.success", "avatar_video_gif.success"] {
            let data = of(event_type, &json!({"video_id": "v", name: "u", "new": 1}));
            let (EventData::AvatarVideoSuccess(video) | EventData::AvatarVideoGifSuccess(video)) =
                data
            else {
                panic!("{data:?}")
            };
            assert_eq!(
                (video.video_id.as_str(), video.url.as_deref()),
                ("v", Some("u"))
            );
        }
    }
    for name in ["msg", "message", "failure_message", "error"] {
        let EventData::AvatarVideoFail(video) = of(
            "avatar_video.fail",
            &json!({"video_id": "v", "msg": null, name: "why"}),
        ) else {
            panic!("{name}")
        };
        assert_eq!(video.msg.as_deref(), Some("why"), "{name}");
    }
    for name in ["video_translate_id", "video_translation_id"] {
        let EventData::VideoTranslateFail(translation) = of(
            "video_translate.fail",
            &json!({name: "t", "failure_message": "why"}),
        ) else {
            panic!("{name}")
        };
        assert_eq!(translation.video_translate_id, "t");
        assert_eq!(translation.message.as_deref(), Some("why"));
    }
}

#[test]
fn reason_of_a_failure_is_found_in_data_without_a_type() {
    for (name, text) in [
        ("failure_message", "why"),
        ("message", "why"),
        ("msg", "why"),
        ("error", "why"),
    ] {
        let body = json!({"event_type": "video_agent.fail", "event_data": {name: text}});
        assert_eq!(event(&body).failure_message(), Some("why"), "{name}");
    }
    let nothing = json!({"event_type": "video_agent.fail", "event_data": {"msg": ""}});
    assert_eq!(event(&nothing).failure_message(), None);
}

#[test]
fn fields_around_the_data_have_two_names() {
    let data = json!({"session_id": "s"});
    for body in [
        json!({"event_type": "video_agent.success", "event_data": data}),
        json!({"event": "video_agent.success", "data": data}),
        json!({"event_type": "video_agent.success", "event": "other", "event_data": null, "data": data}),
    ] {
        assert_eq!(
            event(&body).into_data(),
            EventData::VideoAgentSuccess(data.clone())
        );
    }
}

#[test]
fn id_is_the_signed_one_else_that_of_the_header() {
    let parse = |body: &Value| {
        let headers = headers(&[("heygen-event-id", "evt_header")]);
        Event::from_unverified(&headers, body.to_string().as_bytes()).unwrap()
    };
    let with = json!({"event_type": "batch.finished", "event_id": "evt_body"});
    let without = json!({"event_type": "batch.finished"});
    assert_eq!(parse(&with).id(), Some("evt_body"));
    assert_eq!(parse(&without).id(), Some("evt_header"));
    assert_eq!(event(&without).id(), None);
}

#[test]
fn body_that_is_not_an_event_is_refused() {
    for (body, is) in [
        ("", "text that is not JSON"),
        ("event_type=a", "text that is not JSON"),
        ("[]", "JSON of another type"),
        ("null", "JSON of another type"),
        ("{}", "an object without an `event_type`"),
        (
            r#"{"event_type": null}"#,
            "an object without an `event_type`",
        ),
        (
            r#"{"event_type": ["a"]}"#,
            "an object without an `event_type`",
        ),
    ] {
        let headers = sign(SECRET, body.as_bytes());
        let refused = Verifier::new(SECRET).verify(&headers, body.as_bytes());
        assert_eq!(refused, Err(Error::NotAnEvent { is }), "{body}");
    }
}

#[test]
fn item_of_the_list_of_events_is_the_same_event() {
    let item = json!({
        "event_id": "evt_1", "event_type": "avatar_video.fail", "created_at": "2026-09-21T13:40:12Z",
        "event_data": {"video_id": "v", "msg": "why", "callback_id": "c"},
    });
    let listed: WebhookEvent = serde_json::from_value(item.clone()).unwrap();
    assert_eq!(Event::from(listed), event(&item));
    let bare: WebhookEvent = serde_json::from_value(json!({"event_id": "evt_1"})).unwrap();
    let (event_type, data) = (String::new(), Value::Null);
    assert_eq!(
        Event::from(bare).into_data(),
        EventData::Unknown { event_type, data }
    );
}
