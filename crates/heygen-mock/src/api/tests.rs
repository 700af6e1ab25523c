//! Requests to a table made for these tests, one rule at a time.

use hyper::HeaderMap;
use serde_json::{Value, json};

use super::*;
use crate::state::Still;
use crate::table::{
    Array, Body, Collection, Creation, Credential, Deprecation, Field, KnownIds, Listing, Location,
    Page, Parameter, Range, Reply, Role, Shape, Text,
};

mod state;

static LOOKS: Collection = Collection {
    path: "/v3/looks",
    id: "id",
    object: r#"{"id":"lk/1","name":"A","created_at":1,"url":"https://h.test/lk/1.png"}"#,
    seeds: r#"[{"id":"lk/1","name":"A"}]"#,
    job: None,
};

const SECURITY: &[&[Credential]] = &[
    &[Credential::Header("x-api-key")],
    &[Credential::Authorization("bearer")],
];

const LOOK_ID: Parameter = Parameter {
    name: "look_id",
    location: Location::Path,
    required: true,
    shape: &Shape::Text(Text::ANY),
    array: Array::No,
};

static LOOK: Shape = Shape::Object(
    &[Field::required("name", &Shape::Text(Text::ANY))],
    &Shape::Any,
);

static OPERATIONS: &[Operation] = &[
    Operation::new("getLook", "GET", "/v3/looks/{look_id}")
        .security(SECURITY)
        .parameters(&[
            LOOK_ID,
            Parameter {
                name: "limit",
                location: Location::Query,
                required: true,
                shape: &Shape::Integer(Range::ANY),
                array: Array::No,
            },
            Parameter {
                name: "X-Source",
                location: Location::Header,
                required: false,
                shape: &Shape::Values(&["\"cli\""]),
                array: Array::No,
            },
        ])
        .known(&[KnownIds {
            parameter: "look_id",
            ids: &["lk/1"],
            pointer: "/data/id",
        }])
        .objects(&[("look_id", &LOOKS)])
        .success(Reply::json(
            200,
            r#"{"data":{"id":"lk/1","name":"A","created_at":1,"url":"https://h.test/lk/1.png"}}"#,
        ))
        .failures(&[Reply::json(404, r#"{"documented":404}"#)])
        .role(Role::Read(&LOOKS)),
    Operation::new("all", "GET", "/v3/looks/all").success(Reply::json(200, r#"{"data":"all"}"#)),
    Operation::new("createLook", "POST", "/v3/looks")
        .security(SECURITY)
        .body(Body {
            required: true,
            media_types: &["application/json"],
            shape: &LOOK,
        })
        .success(Reply::json(200, r#"{"data":{"id":"look_1","name":"B"}}"#))
        .role(Role::Create(&[Creation {
            collection: &LOOKS,
            id: "/data/id",
            many: false,
            existing: "",
            fields: &[("name", "name")],
        }])),
    Operation::new("listLooks", "GET", "/v3/looks")
        .security(SECURITY)
        .page(Page {
            token: "token",
            items: "/data",
            next_token: "/next_token",
            has_more: "/has_more",
            limit: 2,
        })
        .success(Reply::json(
            200,
            r#"{"data":[{"id":"lk/1"}],"has_more":true,"next_token":"x"}"#,
        ))
        .role(Role::List(Listing {
            collection: &LOOKS,
            items: "/data",
            filters: &["name"],
            fields: None,
        })),
    Operation::new("updateLook", "PATCH", "/v3/looks/{look_id}")
        .objects(&[("look_id", &LOOKS)])
        .success(Reply::json(200, r#"{"data":{"id":"lk/1"}}"#))
        .role(Role::Update(&LOOKS, &["name", "tags"])),
    Operation::new("deleteLook", "DELETE", "/v3/looks/{look_id}")
        .objects(&[("look_id", &LOOKS)])
        .success(Reply::empty(204))
        .role(Role::Delete(&LOOKS)),
    Operation::new("useLook", "POST", "/v3/looks/{look_id}/use")
        .objects(&[("look_id", &LOOKS)])
        .success(Reply::json(200, "{}")),
    Operation::new("old", "GET", "/v2/avatar/{avatar_id}")
        .parameters(&[Parameter {
            name: "limit",
            location: Location::Query,
            required: false,
            shape: &Shape::Integer(Range::ANY),
            array: Array::No,
        }])
        .deprecation(Deprecation {
            deprecated: true,
            sunset: "Sat, 31 Oct 2026 00:00:00 GMT",
            successor: "/v3/looks/{look_id}",
        })
        .success(Reply::json(200, r#"{"id":"a"}"#)),
];

static TABLE: Table = Table {
    operations: &[OPERATIONS],
};

/// An API and its state.
struct Mock(Api, State);

impl Mock {
    fn new() -> Self {
        let mut api = Api::default();
        api.add(&TABLE);
        Self(api, State::new(100, false, Box::new(Still)))
    }

    fn strict() -> Self {
        let mock = Self::new();
        mock.1.set_strict();
        mock
    }

    fn respond(&self, request: &RecordedRequest, fault: &Fault) -> MockResponse {
        self.0.respond(&self.1, request, fault)
    }

    fn get(&self, target: &str) -> (u16, Value) {
        let response = self.respond(&request("GET", target, &[KEY], ""), &Fault::default());
        (response.status, body_of(&response))
    }
}

fn body_of(response: &MockResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

fn request(
    method: &str,
    target: &str,
    headers: &[(&'static str, &str)],
    body: &str,
) -> RecordedRequest {
    let (path, query) = target
        .split_once('?')
        .map_or((target, None), |(p, q)| (p, Some(q)));
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, value.parse().unwrap());
    }
    RecordedRequest {
        method: method.into(),
        path: path.into(),
        query: query.map(str::to_owned),
        headers: map,
        body: body.to_owned().into(),
    }
}

const KEY: (&str, &str) = ("x-api-key", "k");
const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

/// Status and error of a response.
fn error_of(
    method: &str,
    target: &str,
    headers: &[(&'static str, &str)],
    body: &str,
) -> (u16, Value) {
    let response = Mock::new().respond(&request(method, target, headers, body), &Fault::default());
    (response.status, body_of(&response)["error"].clone())
}

#[test]
fn valid_request_gets_the_example() {
    let example =
        json!({"id": "lk/1", "name": "A", "created_at": 1, "url": "https://h.test/lk/1.png"});
    let expected = (200, json!({"data": example}));
    assert_eq!(Mock::new().get("/v3/looks/lk%2F1?limit=3"), expected);
    assert_eq!(Mock::strict().get("/v3/looks/lk%2F1?limit=3"), expected);
    assert_eq!(
        Mock::new().get("/v3/looks/all"),
        (200, json!({"data": "all"}))
    );
    let head = request("HEAD", "/v3/looks/lk%2F1?limit=3", &[KEY], "");
    assert_eq!(Mock::new().respond(&head, &Fault::default()).status, 200);
}

#[test]
fn credentials_are_checked_first_and_any_alternative_is_accepted() {
    let look = "/v3/looks/unknown";
    for (headers, status) in [
        (&[][..], 401),
        (&[("x-api-key", "")], 401),
        (&[("authorization", "Basic abc")], 401),
        (&[("authorization", "Bearer ")], 401),
        (&[("authorization", "bearer abc")], 400),
        (&[KEY], 400),
    ] {
        assert_eq!(error_of("GET", look, headers, "").0, status, "{headers:?}");
    }
}

#[test]
fn parameters_are_required_and_typed() {
    for (target, header, param, word) in [
        ("/v3/looks/a", "cli", "limit", "required"),
        ("/v3/looks/a?limit=many", "cli", "limit", "whole number"),
        ("/v3/looks/a?limit=1&limit=2", "cli", "limit", "only once"),
        ("/v3/looks/a?limit=1", "web", "X-Source", "\"cli\""),
    ] {
        let (status, error) = error_of("GET", target, &[KEY, ("x-source", header)], "");
        assert_eq!((status, &error["param"]), (400, &json!(param)), "{target}");
        assert_eq!(error["code"], "invalid_parameter");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains(param) && message.contains(word),
            "{message}"
        );
    }
}

#[test]
fn bodies_are_required_and_typed() {
    for (headers, body, param, word) in [
        (&[KEY, JSON][..], "", Value::Null, "required"),
        (&[KEY][..], "{}", Value::Null, "application/json"),
        (
            &[KEY, ("content-type", "text/plain")],
            "{}",
            Value::Null,
            "application/json",
        ),
        (&[KEY, JSON], "{", Value::Null, "not JSON"),
        (&[KEY, JSON], "{}", json!("name"), "name must be present"),
        (
            &[KEY, JSON],
            r#"{"name":1}"#,
            json!("name"),
            "name must be a string",
        ),
    ] {
        let (status, error) = error_of("POST", "/v3/looks", headers, body);
        assert_eq!((status, &error["param"]), (400, &param), "{body}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn unknown_path_and_method_are_refused() {
    assert_eq!(error_of("GET", "/v3/nothing", &[KEY], "").0, 404);
    let delete = request("DELETE", "/v3/looks", &[KEY], "");
    let response = Mock::new().respond(&delete, &Fault::default());
    assert_eq!(response.status, 405);
    assert_eq!(response.headers["allow"], "GET, POST");
}

#[test]
fn unseen_id_is_the_example_and_not_found_in_strict_mode() {
    let (status, body) = Mock::new().get("/v3/looks/c-1?limit=1");
    let example =
        json!({"id": "c-1", "name": "A", "created_at": 1, "url": "https://h.test/c-1.png"});
    assert_eq!((status, &body["data"]), (200, &example));
    assert_eq!(
        Mock::strict().get("/v3/looks/c-1?limit=1"),
        (404, json!({"documented": 404}))
    );
}

#[test]
fn later_table_replaces_an_operation() {
    static LATER: Table = Table {
        operations: &[&[
            Operation::new("new", "GET", "/v3/looks/{other}").success(Reply::json(200, "\"new\""))
        ]],
    };
    let mut mock = Mock::new();
    mock.0.add(&LATER);
    assert_eq!(mock.get("/v3/looks/x"), (200, json!("new")));
    assert_eq!(mock.get("/v3/looks/all").0, 200);
}

#[test]
fn fault_sets_status_headers_and_body() {
    let get = request("GET", "/v3/looks", &[KEY], "");
    let mock = Mock::new();
    let busy = mock.respond(&get, &Fault::status(429).retry_after(5));
    assert_eq!(
        (busy.status, &busy.headers["retry-after"]),
        (429, &"5".parse().unwrap())
    );
    assert_eq!(body_of(&busy)["error"]["code"], "rate_limit_exceeded");
    let documented = request("GET", "/v3/looks/x", &[KEY], "");
    let documented = mock.respond(&documented, &Fault::status(404));
    assert_eq!(body_of(&documented), json!({"documented": 404}));

    let html = Fault::status(200)
        .header("content-type", "text/html")
        .body("<p>");
    let html = mock.respond(&get, &html);
    assert_eq!((html.status, &html.body[..]), (200, &b"<p>"[..]));
    assert_eq!(html.headers["content-type"], "text/html");

    let other = mock.respond(&get, &Fault::status(204));
    assert_eq!(
        (other.status, &body_of(&other)["data"][0]["id"]),
        (204, &json!("lk/1"))
    );
    assert_eq!(mock.respond(&get, &Fault::status(7)).status, 500);
    assert_eq!(mock.respond(&get, &Fault::cut_after(1)).status, 200);
}

#[test]
fn deprecated_operation_sends_its_headers_with_every_response() {
    let mock = Mock::new();
    for (target, fault, status) in [
        ("/v2/avatar/a", Fault::default(), 200),
        ("/v2/avatar/a?limit=x", Fault::default(), 400),
        ("/v2/avatar/a", Fault::status(503), 503),
    ] {
        let response = mock.respond(&request("GET", target, &[], ""), &fault);
        assert_eq!(response.status, status);
        for (name, value) in [
            ("deprecation", "true"),
            ("sunset", "Sat, 31 Oct 2026 00:00:00 GMT"),
            ("link", "</v3/looks/a>; rel=\"successor-version\""),
        ] {
            assert_eq!(response.headers[name], value);
        }
    }
    let get = request("GET", "/v2/avatar/a", &[], "");
    let later = Fault::status(200).header("sunset", "later");
    assert_eq!(mock.respond(&get, &later).headers["sunset"], "later");
    let current = request("GET", "/v3/looks/all", &[], "");
    let current = mock.respond(&current, &Fault::default());
    assert!(!current.headers.contains_key("deprecation"));
}

#[test]
fn known_ids_are_those_of_the_table() {
    let Mock(api, _) = Mock::new();
    assert_eq!(api.known_ids("getLook", "look_id"), ["lk/1"]);
    assert!(api.known_ids("getLook", "other").is_empty());
    assert!(api.known_ids("other", "look_id").is_empty());
}

#[test]
fn every_example_of_the_embedded_tables_is_json() {
    let api = Api::embedded();
    assert!(api.operations.len() > 100);
    let is_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    for Route { operation, .. } in &api.operations {
        let success = &operation.success;
        for reply in operation.failures.iter().chain([success]) {
            let is_valid = reply.media_type != "application/json" || is_json(reply.body);
            assert!(is_valid, "{} {}", operation.method, operation.path);
        }
        for (_, collection) in operation.objects {
            assert!(is_json(collection.object) && is_json(collection.seeds));
        }
    }
}

/// The operations that respond with their examples, whatever was created: reads of
/// what only the vendor has, and actions whose effect no read of theirs shows.
const STATELESS: [&str; 27] = [
    "create-an-avatar-video-v2",
    "createAvatarConsent",
    "createSpeechV3",
    "delete-a-video",
    "designVoice",
    "downloadProofreadSrtV3",
    "generate-from-template-v2",
    "get-remaining-quota-v2",
    "get-template-v2",
    "getCurrentApiKey",
    "getCurrentUserV3",
    "getVideoAgentResource",
    "getVideoScenesV3",
    "list-all-avatar-groups",
    "list-all-avatars-in-one-avatar-group",
    "list-avatars-v2",
    "list-templates-v2",
    "list-voices-v2",
    "listVideoAgentSessionVideos",
    "listVideoTranslationLanguagesV3",
    "listWebhookEventTypes",
    "retrieve-avatar-details",
    "rotateWebhookEndpointSecret",
    "sendVideoAgentMessage",
    "stopVideoAgentSession",
    "uploadProofreadSrtV3",
    "video-status",
];

#[test]
fn operations_without_state_are_these() {
    let api = Api::embedded();
    let mut stateless: Vec<&str> = (api.operations.iter())
        .filter(|route| matches!(route.operation.role, Role::Action))
        .map(|route| route.operation.id)
        .collect();
    stateless.sort_unstable();
    assert_eq!(stateless, STATELESS);
}
