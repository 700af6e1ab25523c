//! The state of the mock: what every create of the documents makes can be read,
//! listed, changed and deleted.

use std::time::Duration;

use heygen_mock::MockServer;
use heygen_tests::operations::{self, Operation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::report;

/// Each create, the pointer to its id, and the collection of its objects.
const CREATES: [(&str, &str, &str); 22] = [
    (
        "createAiClippingV3",
        "/data/ai_clipping_id",
        "/v3/ai-clipping",
    ),
    ("createAssetUpload", "/data/asset_id", "/v3/assets"),
    ("createAvatar", "/data/avatar_item/id", "/v3/avatars/looks"),
    ("createAvatar", "/data/avatar_group/id", "/v3/avatars"),
    (
        "createBackgroundRemoval",
        "/data/id",
        "/v3/background-removals",
    ),
    (
        "createBrandGlossary",
        "/data/brand_glossary_id",
        "/v3/brand-glossaries",
    ),
    ("createBrandKit", "/data/brand_kit_id", "/v3/brand-kits"),
    (
        "createFillerWordRemovalV3",
        "/data/filler_word_removal_id",
        "/v3/filler-word-removals",
    ),
    ("createFolder", "/data/folder_id", "/v3/folders"),
    (
        "createHyperframesRenderV3",
        "/data/render_id",
        "/v3/hyperframes/renders",
    ),
    ("createLipsyncV3", "/data/lipsync_id", "/v3/lipsyncs"),
    (
        "createLipsyncBatchV3",
        "/data/batch_id",
        "/v3/lipsyncs/batches",
    ),
    ("generateFromTemplateV3", "/data/id", "/v3/videos"),
    ("createVideoAgentV3", "/data/session_id", "/v3/video-agents"),
    (
        "createVideoTranslationV3",
        "/data/video_translation_ids/1",
        "/v3/video-translations",
    ),
    (
        "createVideoTranslationBatchV3",
        "/data/batch_id",
        "/v3/video-translations/batches",
    ),
    (
        "createProofreadV3",
        "/data/proofread_ids/0",
        "/v3/video-translations/proofreads",
    ),
    (
        "generateFromProofreadV3",
        "/data/video_translation_id",
        "/v3/video-translations",
    ),
    ("createVideo", "/data/video_id", "/v3/videos"),
    ("createVideoBatchV3", "/data/batch_id", "/v3/videos/batches"),
    ("cloneVoice", "/data/voice_clone_id", "/v3/voices"),
    (
        "createWebhookEndpoint",
        "/data/endpoint_id",
        "/v3/webhooks/endpoints",
    ),
];

/// A mock, and requests to it.
struct Mock {
    server: MockServer,
    client: reqwest::Client,
}

impl Mock {
    async fn start() -> Self {
        let server = MockServer::builder().strict().start().await.unwrap();
        // Fails where another test has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::new();
        Self { server, client }
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{path}", self.server.url());
        let mut request = self.client.request(method, url).header("x-api-key", "k");
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Reads an object, which may be there a moment after its create only.
    async fn read(&self, path: &str) -> (StatusCode, Value) {
        for _ in 0..50 {
            let read = self.send("GET", path, None).await;
            if read.0.is_success() {
                return read;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.send("GET", path, None).await
    }

    /// All ids of a list, through pages of two items, or of as few as it allows.
    async fn ids(&self, path: &str, field: &str) -> Vec<String> {
        let needed = find("GET", path).unwrap().arguments(false);
        let mut base = format!("{path}?");
        for name in needed.names("query.") {
            let value = needed.get(&format!("query.{name}")).unwrap();
            base.extend([name, "=", value.as_str().unwrap(), "&"]);
        }
        let refused = self.send("GET", &format!("{base}limit=2"), None).await.0;
        let limit = if refused.is_client_error() { 10 } else { 2 };
        base.extend(["limit=", &limit.to_string()]);
        let (mut ids, mut target) = (Vec::new(), base.clone());
        for _ in 0..100 {
            let (status, body) = self.send("GET", &target, None).await;
            assert!(status.is_success(), "{target}: {status}");
            let items = body["data"].as_array().unwrap();
            assert!(items.len() <= limit, "{target}");
            let found = items.iter().map(|item| item[field].as_str().unwrap());
            ids.extend(found.map(str::to_owned));
            let Some(token) = body["next_token"].as_str() else {
                return ids;
            };
            target = format!("{base}&token={token}");
        }
        panic!("{path} does not end");
    }
}

fn find(method: &str, path: &str) -> Option<&'static Operation> {
    let mut all = operations::all()
        .iter()
        .filter(|found| found.document == "v3");
    all.find(|found| found.method == method && found.path == path)
}

/// The operation of one object: `/v3/videos/{video_id}`.
fn of_object(method: &str, collection: &str) -> Option<&'static Operation> {
    let mut all = operations::all()
        .iter()
        .filter(|found| found.document == "v3");
    all.find(|found| {
        let item = found.path.strip_prefix(collection);
        found.method == method
            && item.is_some_and(|item| item.starts_with("/{") && !item[1..].contains('/'))
    })
}

/// The property with the id of an example that an operation responds with.
fn id_field(operation: &Operation, collection: &str) -> String {
    let parameter = operation.path[collection.len() + 2..].trim_end_matches('}');
    let example = operation.examples(true)[0].body["data"].clone();
    let names = [parameter, "id"].into_iter();
    let mut names = names.filter(|name| example.get(name).is_some());
    names.next().unwrap_or(parameter).to_owned()
}

fn body_of(operation: &Operation) -> Value {
    let arguments = operation.arguments(false);
    arguments.get("body").cloned().unwrap_or_default()
}

#[tokio::test]
async fn created_objects_are_read_listed_changed_and_deleted() {
    let mock = Mock::start().await;
    let mut faults = Vec::new();
    for (create, pointer, collection) in CREATES {
        let mut all = operations::all().iter();
        let create = all.find(|found| found.id == create).unwrap();
        if let Err(fault) = life(&mock, create, pointer, collection).await {
            faults.push(format!("{}: {fault}", create.title()));
        }
    }
    report(&faults);
}

/// The whole life of an object.
async fn life(
    mock: &Mock,
    create: &Operation,
    pointer: &str,
    collection: &str,
) -> Result<(), String> {
    let example = create.examples(true)[0].body.pointer(pointer).cloned();
    let target = create.path.replace("{template_id}", "tpl_6b12");
    let target = target.replace("{proofread_id}", "prf_83bd");
    let sent = body_of(create);
    let (status, created) = mock.send("POST", &target, Some(&sent)).await;
    let id = created.pointer(pointer).and_then(Value::as_str);
    let id = id.ok_or_else(|| format!("{status} {created}"))?.to_owned();
    if Some(json!(id)) == example {
        return Err("the id is that of the example".to_owned());
    }

    let path = format!("{collection}/{id}");
    let read = of_object("GET", collection);
    let by = read.or_else(|| of_object("PATCH", collection)).unwrap();
    let field = id_field(by, collection);
    let title = ["title", "name"]
        .into_iter()
        .find(|name| sent.get(name).is_some());
    if read.is_some() {
        let (status, body) = mock.read(&path).await;
        let data = &body["data"];
        if !status.is_success() || data[&field] != id {
            return Err(format!("read: {status} {body}"));
        }
        if let Some(title) = title.filter(|name| data.get(name).is_some())
            && data[title] != sent[title]
        {
            return Err(format!("{title} of {data} is not that of {sent}"));
        }
    }
    let is_listed = find("GET", collection).is_some();
    if is_listed {
        let ids = mock.ids(collection, &field).await;
        if ids[0] != id || ids.len() < 2 {
            return Err(format!("list: {ids:?} does not begin with {id}"));
        }
    }
    if let Some(update) = of_object("PATCH", collection) {
        let changes = body_of(update);
        let (status, updated) = mock.send("PATCH", &path, Some(&changes)).await;
        let (_, read) = match read {
            Some(_) => mock.read(&path).await,
            None => (status, updated.clone()),
        };
        for (name, value) in changes.as_object().unwrap() {
            if !status.is_success() || read["data"].get(name).is_some_and(|now| now != value) {
                return Err(format!("update: {status} {name} of {read} is not {value}"));
            }
        }
    }
    if of_object("DELETE", collection).is_some() {
        let (status, _) = mock.send("DELETE", &path, None).await;
        if !status.is_success() {
            return Err(format!("delete: {status}"));
        }
        let methods = ["DELETE", "GET"].into_iter();
        for method in methods.filter(|method| of_object(method, collection).is_some()) {
            let (status, body) = mock.send(method, &path, None).await;
            // A background removal that was deleted says so.
            let says_so = collection == "/v3/background-removals";
            if status != StatusCode::NOT_FOUND && !says_so {
                return Err(format!("{method} after the delete: {status} {body}"));
            }
        }
        if is_listed && mock.ids(collection, &field).await.contains(&id) {
            return Err("it is listed after its delete".to_owned());
        }
    }
    Ok(())
}

#[tokio::test]
async fn idempotency_key_gives_the_first_response_again() {
    let mock = Mock::start().await;
    let create = find("POST", "/v3/videos").unwrap();
    let send = async |key: &str| -> Value {
        let url = format!("{}/v3/videos", mock.server.url());
        let request = mock.client.post(url).header("x-api-key", "k");
        let request = request
            .header("idempotency-key", key)
            .json(&body_of(create));
        let body = request.send().await.unwrap().bytes().await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        body["data"]["video_id"].clone()
    };
    let (first, again, other) = (send("one").await, send("one").await, send("two").await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    let ids = mock.ids("/v3/videos", "id").await;
    assert_eq!(ids[..2], [other.as_str().unwrap(), first.as_str().unwrap()]);

    mock.server.reset();
    assert!(!mock.ids("/v3/videos", "id").await.contains(&ids[0]));
}

#[tokio::test]
async fn invalid_field_is_named() {
    let mock = Mock::start().await;
    let valid = body_of(find("POST", "/v3/videos").unwrap());
    for (change, param) in [
        (json!({"type": null}), "type"),
        (json!({"type": "hologram"}), "type"),
        (json!({"aspect_ratio": "1:9"}), "aspect_ratio"),
        (json!({"no_such_field": 1}), "no_such_field"),
        (json!({"title": 5}), "title"),
    ] {
        let mut body = valid.clone();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let (status, error) = mock.send("POST", "/v3/videos", Some(&body)).await;
        let error = &error["error"];
        assert_eq!(status, StatusCode::BAD_REQUEST, "{change}");
        assert_eq!(
            (&error["code"], &error["param"]),
            (&json!("invalid_parameter"), &json!(param)),
            "{error}"
        );
    }
}
