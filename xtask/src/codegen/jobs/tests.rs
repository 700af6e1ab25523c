//! Hints that fit a document, and those that do not.

use openapi_prep::{Document, Names, api::Api, prepare};
use serde_json::{Value, json};

use super::*;

/// A document with a video job, changed at JSON pointers.
fn api(changes: &[(&str, Value)]) -> Api {
    let text = json!({"type": "string"});
    let response = |data: Value| {
        json!({"200": {"description": "ok", "content": {"application/json": {"schema": {
            "type": "object", "properties": {"data": data}}}}}})
    };
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let id = json!({"name": "video_id", "in": "path", "required": true, "schema": text});
    let limit = json!({"name": "limit", "in": "query", "schema": {"type": "integer"}});
    let ids = json!({"name": "video_ids", "in": "query", "schema": text});
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    let job = json!({
        "name": "video", "state": "status", "success": ["completed"], "failure": ["failed"],
        "attention": ["waiting"], "ready": {"set": ["url"], "positive": ["width"]},
        "result": ["url"], "code": "error.code", "message": "error.message",
        "progress": "progress", "deadline": 60,
        "statuses": {"operation": "videoStatuses", "query": "video_ids", "id": "id",
            "state": "status", "missing": ["not_found"]},
        "created": {"createVideo": "video.id", "translateVideo": "ids[]"},
        "then": {"operation": "getFile", "id": "file_id"},
    });
    let file = json!({"name": "file", "state": "status", "success": ["done"], "deadline": 60});
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/videos": {"post": {"operationId": "createVideo", "responses": response(to("Created"))}},
            "/videos/translate": {"post": {"operationId": "translateVideo", "responses": response(to("Translated"))}},
            "/videos/statuses": {"get": {"operationId": "videoStatuses", "parameters": [ids],
                "responses": response(json!({"type": "array", "items": to("Entry")}))}},
            "/videos/{video_id}": {"get": {"operationId": "getVideo", "parameters": [id, limit],
                "responses": response(to("Video")), "x-job": job}},
            "/files/{video_id}": {"get": {"operationId": "getFile", "parameters": [id],
                "responses": response(to("File")), "x-job": file}},
        },
        "components": {"schemas": {
            "Created": object(json!({"video": object(json!({"id": text}))})),
            "Translated": object(json!({"ids": {"type": "array", "items": text}})),
            "Entry": object(json!({"id": text, "status": text, "error": {"type": "object"}})),
            "Video": object(json!({"status": {"type": "string", "enum": ["completed", "failed", "waiting"]},
                "url": text, "width": {"type": "integer"}, "progress": {"type": "number"}, "file_id": text,
                "error": object(json!({"code": text, "message": text}))})),
            "File": object(json!({"status": text})),
        }},
    });
    for (pointer, value) in changes {
        let (holder, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        document.pointer_mut(holder).unwrap()[key] = value.clone();
    }
    let document = Document::from_value(document).unwrap();
    prepare(document, &mut Names::new()).unwrap().api
}

const VIDEO: &str = "/paths/~1videos~1{video_id}/get";

#[test]
fn hint_leads_to_the_operations_it_names() {
    let api = api(&[]);
    let jobs = read(&api).unwrap();
    let [video, file] = jobs.as_slice() else {
        panic!("{jobs:?}")
    };
    assert_eq!(
        (video.constant().as_str(), video.hint.deadline),
        ("VIDEO", 60)
    );
    let created = video.created.iter().map(|c| {
        (
            c.operation.id.as_str(),
            c.response.as_str(),
            c.id.as_str(),
            c.several,
        )
    });
    let wanted = [
        ("createVideo", "Created", "video.id", false),
        ("translateVideo", "Translated", "ids", true),
    ];
    assert_eq!(created.collect::<Vec<_>>(), wanted);
    assert_eq!(video.statuses.map(|o| o.id.as_str()), Some("videoStatuses"));
    assert_eq!(video.then, Some(file.operation));
    assert!(file.created.is_empty() && file.statuses.is_none());
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn hint_that_does_not_fit_is_refused() {
    let read_error = |changes: &[(&str, Value)]| {
        let error = read(&api(changes)).map(|_| ()).unwrap_err();
        assert!(
            error.pointer().is_some_and(|at| at.ends_with("/get/x-job")),
            "{error}"
        );
        error.to_string()
    };
    for (of_job, value, wanted) in [
        ("name", json!("Video"), "`Video` is not a noun"),
        (
            "name",
            json!("file"),
            "its `name` is also that of GET /videos/{video_id}",
        ),
        (
            "sucess",
            json!([]),
            "unknown field `sucess`, expected one of",
        ),
        ("deadline", json!(0), "`deadline` is zero"),
        ("deadline", json!("1h"), "invalid type"),
        (
            "state",
            json!("state"),
            "the data of GET /videos/{video_id} has no `state`",
        ),
        (
            "state",
            json!("width"),
            "`width` of GET /videos/{video_id} is not a string",
        ),
        (
            "progress",
            json!("url"),
            "`url` of GET /videos/{video_id} is not a number",
        ),
        (
            "ready",
            json!({"positive": ["url"]}),
            "`url` of GET /videos/{video_id} is not a number",
        ),
        ("ready", json!({"set": ["error.url"]}), "has no `error.url`"),
        ("result", json!(["link"]), "has no `link`"),
        (
            "code",
            json!("error"),
            "`error` of GET /videos/{video_id} is not a string",
        ),
        ("message", json!("error."), "has no `error.`"),
        ("success", json!([]), "nothing says that the job succeeded"),
        (
            "success",
            json!(["succeeded"]),
            "`succeeded` is not a state (the document has `completed`, `failed`, `waiting`;",
        ),
        (
            "failure",
            json!(["completed"]),
            "`completed` is listed twice",
        ),
        (
            "statuses/operation",
            json!("statuses"),
            "there is no operation `statuses`",
        ),
        (
            "statuses/query",
            json!("ids"),
            "GET /videos/statuses takes no ids as `ids`",
        ),
        (
            "statuses/operation",
            json!("getVideo"),
            "GET /videos/{video_id} takes no ids as `video_ids`",
        ),
        (
            "statuses/state",
            json!("state"),
            "the data of GET /videos/statuses has no `state`",
        ),
        (
            "statuses/missing",
            json!(["failed"]),
            "`failed` is listed twice",
        ),
        (
            "created",
            json!({"makeVideo": "id"}),
            "there is no operation `makeVideo`",
        ),
        (
            "created",
            json!({"createVideo": "video"}),
            "`video` of POST /videos is not a string",
        ),
        (
            "created",
            json!({"createVideo": "video.id[]"}),
            "`video.id` of POST /videos is not a list of ids",
        ),
        (
            "created",
            json!({"translateVideo": "ids"}),
            "`ids` of POST /videos/translate is not a string",
        ),
        (
            "created",
            json!({"videoStatuses": "[]"}),
            "is not a list of ids",
        ),
        (
            "then",
            json!({"operation": "getFile", "id": "file"}),
            "has no `file`",
        ),
        (
            "then",
            json!({"operation": "videoStatuses", "id": "file_id"}),
            "GET /videos/statuses has no `x-job`",
        ),
        (
            "then",
            json!({"operation": "getVideo", "id": "file_id"}),
            "`then` leads in a cycle",
        ),
    ] {
        let pointer = format!("{VIDEO}/x-job/{of_job}");
        let error = read_error(&[(&pointer, value.clone())]);
        assert!(error.contains(wanted), "{of_job} {value}: {error}");
    }
    let stateless = ["state", "statuses"].map(|key| format!("{VIDEO}/x-job/{key}"));
    let stateless = stateless.each_ref().map(|at| (at.as_str(), Value::Null));
    let error = read_error(&stateless);
    assert!(
        error.contains("it has words, and no path of a state"),
        "{error}"
    );
    for (pointer, value, wanted) in [
        ("parameters/1/required", json!(true), "a read needs `limit`"),
        (
            "parameters/0/schema",
            json!({"type": "integer"}),
            "`video_id` is not a string",
        ),
        (
            "responses",
            json!({"204": {"description": "ok"}}),
            "the response of GET /videos/{video_id} has no `data`",
        ),
    ] {
        let error = read_error(&[(&format!("{VIDEO}/{pointer}"), value)]);
        assert!(error.contains(wanted), "{pointer}: {error}");
    }
    let hint = json!({"name": "part", "deadline": 1});
    let read = json!({"get": {"operationId": "getPart", "x-job": hint,
        "responses": {"204": {"description": "ok"}}}});
    for (path, wanted) in [
        ("/part", "its path has no id"),
        ("/{a}/{b}", "its path has 2 parameters, and a job one id"),
    ] {
        let error = read_error(&[(&format!("/paths/{}", path.replace('/', "~1")), read.clone())]);
        assert!(error.contains(wanted), "{path}: {error}");
    }
    let other = json!({"name": "file", "state": "status", "success": ["done"], "deadline": 60,
        "created": {"createVideo": "video.id"}});
    let file = "/paths/~1files~1{video_id}/get/x-job";
    let error = read_error(&[(file, other.clone())]);
    assert!(
        error.contains("`createVideo` starts the job of GET /videos/{video_id} too"),
        "{error}"
    );
    let another = json!({"post": {"operationId": "makeFile", "responses": {"200": {"description": "ok",
        "content": {"application/json": {"schema": {"type": "object", "properties": {
            "data": {"$ref": "#/components/schemas/Created"}}}}}}}}});
    let mut other = other;
    other["created"] = json!({"makeFile": "video.id"});
    let error = read_error(&[("/paths/~1files", another), (file, other)]);
    assert!(
        error.contains("both return `Created`") && error.contains("`x-schema-name`"),
        "{error}"
    );
    let asking = json!({"name": "file", "state": "status", "success": ["done"],
        "attention": ["asks"], "deadline": 60});
    let error = read_error(&[(file, asking)]);
    assert!(
        error.contains("`then`: GET /files/{video_id} has an outcome of its own"),
        "{error}"
    );
}

#[test]
fn reason_is_in_the_entry_where_only_entries_have_a_state() {
    let at = |key: &str| format!("{VIDEO}/x-job/{key}");
    let listed = [(at("state"), Value::Null), (at("code"), json!("error.why"))];
    let listed = listed
        .each_ref()
        .map(|(at, value)| (at.as_str(), value.clone()));
    assert_eq!(read(&api(&listed)).map(|jobs| jobs.len()), Ok(2));
    let of_video = [(at("state"), Value::Null), (at("message"), json!("url"))];
    let of_video = of_video
        .each_ref()
        .map(|(at, value)| (at.as_str(), value.clone()));
    let error = read(&api(&of_video)).map(|_| ()).unwrap_err().to_string();
    assert!(
        error.contains("the data of GET /videos/statuses has no `url`"),
        "{error}"
    );
}
