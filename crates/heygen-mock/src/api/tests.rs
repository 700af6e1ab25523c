//! Requests to a fixture document, one rule at a time.

use hyper::HeaderMap;
use serde_json::{Value, json};

use super::*;
use crate::documents::DOCUMENTS;
use crate::openapi::synthesise;

fn api() -> Api {
    let ok =
        |example: Value| json!({"200": {"content": {"application/json": {"example": example}}}});
    let mut api = Api::default();
    let document = json!({
        "openapi": "3.1.0",
        "components": {"securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            "token": {"type": "http", "scheme": "bearer"},
        }},
        "security": [{"key": []}, {"token": []}],
        "paths": {
            "/v3/looks/{look_id}": {"get": {
                "parameters": [
                    {"name": "look_id", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"name": "limit", "in": "query", "required": true, "schema": {"type": "integer"}},
                    {"name": "X-Source", "in": "header", "schema": {"enum": ["cli"]}},
                ],
                "responses": ok(json!({"data": {"id": "a/b"}})),
            }},
            "/v3/looks/all": {"get": {"security": [], "responses": ok(json!({"data": "all"}))}},
            "/v3/looks": {
                "post": {
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}},
                    }}}},
                    "responses": ok(json!({"data": {"id": "made"}})),
                },
                "get": {"responses": ok(json!({"data": []}))},
            },
        },
    });
    api.add("test", document).unwrap();
    api
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

/// Status and error message of a response.
fn error_of(
    method: &str,
    target: &str,
    headers: &[(&'static str, &str)],
    body: &str,
) -> (u16, String) {
    let response = api().respond(&request(method, target, headers, body), &Fault::default());
    let value: Value = serde_json::from_slice(&response.body).unwrap();
    let message = value["error"]["message"].as_str().unwrap_or("").to_owned();
    (response.status, message)
}

#[test]
fn valid_request_gets_the_example() {
    let response = api().respond(
        &request("GET", "/v3/looks/a%2Fb?limit=3", &[KEY], ""),
        &Fault::default(),
    );
    assert_eq!(response.status, 200);
    assert_eq!(response.body, r#"{"data":{"id":"a/b"}}"#);
    assert_eq!(
        error_of("HEAD", "/v3/looks/a%2Fb?limit=3", &[KEY], "").0,
        200
    );
    assert_eq!(error_of("GET", "/v3/looks/all", &[], "").0, 200);
    assert_eq!(
        error_of("POST", "/v3/looks", &[KEY, JSON], r#"{"name":"x"}"#).0,
        200
    );
}

#[test]
fn credentials_are_checked_first_and_any_alternative_is_accepted() {
    let look = "/v3/looks/unknown";
    assert_eq!(error_of("GET", look, &[], "").0, 401);
    assert_eq!(error_of("GET", look, &[("x-api-key", "")], "").0, 401);
    assert_eq!(
        error_of("GET", look, &[("authorization", "Basic abc")], "").0,
        401
    );
    assert_eq!(
        error_of("GET", look, &[("authorization", "Bearer ")], "").0,
        401
    );
    assert_eq!(
        error_of("GET", "/v3/looks", &[("authorization", "bearer abc")], "").0,
        200
    );
}

#[test]
fn parameters_are_required_and_typed() {
    let (status, message) = error_of("GET", "/v3/looks/a%2Fb", &[KEY], "");
    assert_eq!(
        (status, &*message),
        (400, "The query parameter limit is required.")
    );
    let (status, message) = error_of("GET", "/v3/looks/a%2Fb?limit=many", &[KEY], "");
    assert_eq!(status, 400);
    assert!(
        message.contains("limit") && message.contains("whole number"),
        "{message}"
    );
    let (status, message) = error_of(
        "GET",
        "/v3/looks/a%2Fb?limit=1",
        &[KEY, ("x-source", "web")],
        "",
    );
    assert_eq!(status, 400);
    assert!(message.contains("X-Source"), "{message}");
}

#[test]
fn bodies_are_required_and_typed() {
    for (headers, body, word) in [
        (&[KEY, JSON][..], "", "required"),
        (&[KEY][..], "{}", "application/json"),
        (
            &[KEY, ("content-type", "text/plain")][..],
            "{}",
            "application/json",
        ),
        (&[KEY, JSON][..], "{", "not JSON"),
        (&[KEY, JSON][..], "{}", "name must be present"),
        (&[KEY, JSON][..], r#"{"name":1}"#, "name must be a string"),
    ] {
        let (status, message) = error_of("POST", "/v3/looks", headers, body);
        assert_eq!(status, 400, "{body}");
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn unknown_path_method_and_id_are_refused() {
    let (status, message) = error_of("GET", "/v3/looks/c?limit=1", &[KEY], "");
    assert_eq!(status, 404);
    assert!(message.contains("a/b"), "{message}");
    assert_eq!(error_of("GET", "/v3/nothing", &[KEY], "").0, 404);

    let response = api().respond(
        &request("DELETE", "/v3/looks", &[KEY], ""),
        &Fault::default(),
    );
    assert_eq!(response.status, 405);
    assert_eq!(response.headers["allow"], "GET, POST");
}

#[test]
fn later_document_replaces_an_operation() {
    let mut api = api();
    let replacement = json!({"openapi": "3.1.0", "paths": {"/v3/looks": {"get": {"responses": {
        "200": {"content": {"application/json": {"example": "new"}}},
        "404": {"content": {"application/json": {"example": "documented"}}},
    }}}}});
    api.add("later", replacement).unwrap();
    let get = request("GET", "/v3/looks", &[], "");
    assert_eq!(api.respond(&get, &Fault::default()).body, "\"new\"");
    assert_eq!(
        api.respond(&get, &Fault::status(404)).body,
        "\"documented\""
    );
    assert_eq!(
        api.respond(&request("POST", "/v3/looks", &[], ""), &Fault::default())
            .status,
        401
    );

    let error = api.add("#1", json!({})).unwrap_err().to_string();
    assert!(
        error.starts_with("the document #1 cannot be used"),
        "{error}"
    );
}

#[test]
fn documented_failures_are_used_except_for_400() {
    let failure = |text: &str| json!({"content": {"application/json": {"example": text}}});
    let mut api = Api::default();
    let document = json!({
        "openapi": "3.1.0",
        "components": {"securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "key"},
        }},
        "paths": {"/v3/x/{x_id}": {"get": {
            "security": [{"key": []}],
            "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
            "responses": {
                "200": {"content": {"application/json": {"example": {"data": {"x_id": "a"}}}}},
                "400": failure("documented 400"),
                "401": failure("documented 401"),
                "404": failure("documented 404"),
            },
        }}},
    });
    api.add("test", document).unwrap();
    let error_of = |target: &str| {
        api.respond(&request("GET", target, &[], ""), &Fault::default())
            .body
    };
    assert_eq!(error_of("/v3/x/a"), "\"documented 401\"");
    assert_eq!(error_of("/v3/x/b?key=k"), "\"documented 404\"");
    let ours = String::from_utf8(error_of("/v3/x/a?key=k&limit=z").to_vec()).unwrap();
    assert!(ours.contains("whole number"), "{ours}");
}

#[test]
fn fault_sets_status_headers_and_body() {
    let get = request("GET", "/v3/looks", &[KEY], "");
    let busy = api().respond(&get, &Fault::status(429).retry_after(5));
    assert_eq!(
        (busy.status, &busy.headers["retry-after"]),
        (429, &"5".parse().unwrap())
    );
    let body: Value = serde_json::from_slice(&busy.body).unwrap();
    assert_eq!(body["error"]["code"], "rate_limit_exceeded");

    let html = Fault::status(200)
        .header("content-type", "text/html")
        .body("<p>");
    let html = api().respond(&get, &html);
    assert_eq!((html.status, &html.body[..]), (200, &b"<p>"[..]));
    assert_eq!(html.headers["content-type"], "text/html");

    assert_eq!(
        api().respond(&get, &Fault::status(204)).body,
        r#"{"data":[]}"#
    );
    assert_eq!(api().respond(&get, &Fault::status(7)).status, 500);
    assert_eq!(api().respond(&get, &Fault::cut_after(1)).status, 200);
}

#[test]
fn example_id_of_the_vendor_may_change() {
    const OF_THE_README: &str = "Abigail_standing_office_front";
    const DETAILS: &str = "retrieve-avatar-details";
    let (_, text) = DOCUMENTS.iter().find(|(name, _)| *name == "v2").unwrap();
    let mut document: Value = serde_json::from_str(text).unwrap();
    let details = &mut document["paths"]["/v2/avatar/{avatar_id}/details"]["get"];
    let media = &mut details["responses"]["200"]["content"]["application/json"];
    media["example"] = json!({"error": null, "data": {"id": "Another_avatar"}});

    let mut api = Api::default();
    api.add("changed", document).unwrap();
    assert_eq!(
        api.known_ids(DETAILS, "avatar_id"),
        [OF_THE_README, "Another_avatar"]
    );
    assert!(api.known_ids(DETAILS, "other").is_empty());
    assert!(api.known_ids("other", "avatar_id").is_empty());
    let get = |id: &str, fault: &Fault| {
        let target = format!("/v2/avatar/{id}/details");
        let response = api.respond(&request("GET", &target, &[KEY], ""), fault);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        (response.status, body["data"]["id"].clone())
    };
    for id in [OF_THE_README, "Another_avatar"] {
        assert_eq!(get(id, &Fault::default()), (200, json!(id)));
        assert_eq!(get(id, &Fault::status(201)), (201, json!(id)));
    }
    assert_eq!(get("nobody", &Fault::default()).0, 404);
}

#[test]
fn deprecated_operation_sends_its_headers_with_every_response() {
    let mut api = Api::default();
    let operation = json!({
        "deprecated": true,
        "x-sunset": "2026-10-31",
        "x-successor": "GET /v3/looks/{look_id}",
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        "responses": {"200": {"content": {"application/json": {"example": {"id": "a"}}}}},
    });
    let document = json!({"openapi": "3.1.0", "paths": {
        "/v2/avatar/{avatar_id}": {"get": operation},
        "/v2/avatars": {"get": {}},
    }});
    api.add("test", document).unwrap();
    for (target, fault, status) in [
        ("/v2/avatar/a", Fault::default(), 200),
        ("/v2/avatar/a?limit=x", Fault::default(), 400),
        ("/v2/avatar/a", Fault::status(503), 503),
    ] {
        let response = api.respond(&request("GET", target, &[], ""), &fault);
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
    assert_eq!(api.respond(&get, &later).headers["sunset"], "later");
    let current = api.respond(&request("GET", "/v2/avatars", &[], ""), &Fault::default());
    assert!(!current.headers.contains_key("deprecation"));

    let undated = json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"x-sunset": "soon"}}}});
    let error = api.add("#1", undated).unwrap_err().to_string();
    assert!(error.contains("get /a: x-sunset"), "{error}");
}

/// A request with everything that an operation requires.
fn valid_request(operation: &Operation) -> RecordedRequest {
    let made = |schema: &Value| match synthesise(&operation.document, schema) {
        Value::String(text) => text,
        Value::Null | Value::Array(_) | Value::Object(_) => "x".to_owned(),
        other => other.to_string(),
    };
    let mut request = request(operation.method.as_str(), "", &[KEY], "");
    request
        .headers
        .insert("authorization", "Bearer k".parse().unwrap());
    let mut path = operation.template.to_string();
    let mut query = form_urlencoded::Serializer::new(String::new());
    for parameter in &operation.parameters {
        let mut known = operation.known.iter();
        let known = known.find(|known| known.parameter == parameter.name);
        let value = known.and_then(|known| known.ids.first().cloned());
        let value = value.unwrap_or_else(|| made(&parameter.schema));
        match parameter.location {
            Location::Path => path = path.replace(&format!("{{{}}}", parameter.name), &value),
            Location::Query if parameter.required => {
                query.append_pair(&parameter.name, &value);
            }
            Location::Header if parameter.required => {
                let name = hyper::header::HeaderName::try_from(&*parameter.name).unwrap();
                request.headers.insert(name, value.parse().unwrap());
            }
            Location::Query | Location::Header => {}
        }
    }
    if let Some(body) = &operation.body {
        let json = body.media_types.iter().find(|name| is_json(name));
        let media_type = json.unwrap_or(&body.media_types[0]);
        request
            .headers
            .insert("content-type", media_type.parse().unwrap());
        let schema = body.schema.as_ref().filter(|_| json.is_some());
        let value = schema.map(|schema| synthesise(&operation.document, schema).to_string());
        request.body = value.unwrap_or_else(|| "x".to_owned()).into();
    }
    request.path = path;
    request.query = Some(query.finish());
    request
}

#[test]
fn every_operation_of_the_embedded_documents_responds() {
    let api = Api::embedded().unwrap();
    assert!(!api.operations.is_empty());
    for operation in &api.operations {
        let request = valid_request(operation);
        let response = api.respond(&request, &Fault::default());
        assert!(
            (200..300).contains(&response.status),
            "{request:?} {response:?}"
        );
        if response
            .headers
            .get("content-type")
            .is_some_and(|name| name == "application/json")
        {
            assert!(
                serde_json::from_slice::<Value>(&response.body).is_ok(),
                "{request:?}"
            );
        }
    }
}
