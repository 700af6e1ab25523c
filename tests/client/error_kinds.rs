//! The meaning of API errors, by the statuses and codes of the vendor: which
//! predicate is true, and whether the call is retried.

use heygen::{Error, ErrorKind, Method};
use heygen_tests::client::{CallOptions, create_video};
use heygen_tests::scripted::{Reply, ScriptedServer};

type Is = fn(&Error) -> bool;

const ALL: [(&str, Is); 13] = [
    ("unauthorized", Error::is_unauthorized),
    ("credit", Error::is_insufficient_credit),
    ("quota", Error::is_quota_exceeded),
    ("forbidden", Error::is_forbidden),
    ("scope", Error::is_scope_missing),
    ("not found", Error::is_not_found),
    ("conflict", Error::is_conflict),
    ("in progress", Error::is_request_in_progress),
    ("gone", Error::is_gone),
    ("unprocessable", Error::is_unprocessable),
    ("rate limited", Error::is_rate_limited),
    ("unavailable", Error::is_unavailable),
    ("gateway timeout", Error::is_gateway_timeout),
];

/// Status, code, the predicates that are true, and whether a read is retried.
const ERRORS: [(u16, &str, &[&str], bool); 36] = [
    (400, "invalid_parameter", &[], false),
    (400, "video_too_long", &[], false),
    (400, "no_audio_track", &[], false),
    (400, "voice_expired", &[], false),
    (400, "download_failed", &[], false),
    (400, "resource_limit_exceeded", &["quota"], false),
    (401, "unauthorized", &["unauthorized"], false),
    (401, "authentication_failed", &["unauthorized"], false),
    (402, "insufficient_credit", &["credit"], false),
    (402, "quota_exceeded", &["quota"], false),
    (
        403,
        "insufficient_api_key_scope",
        &["forbidden", "scope"],
        false,
    ),
    (403, "voice_not_usable", &["forbidden"], false),
    (403, "resource_access_denied", &["forbidden"], false),
    (403, "phone_verification_required", &["forbidden"], false),
    (404, "resource_not_found", &["not found"], false),
    (404, "template_not_found", &["not found"], false),
    (404, "not_found", &["not found"], false),
    (404, "hyperframes_render_not_found", &["not found"], false),
    (409, "conflict", &["conflict"], false),
    (409, "brand_kit_not_ready", &["conflict"], false),
    (409, "resource_not_ready", &["conflict"], false),
    (409, "voice_not_ready", &["conflict"], false),
    (409, "voice_training_failed", &["conflict"], false),
    (409, "stale_workflow_draft", &["conflict"], false),
    (409, "workflow_archived", &["conflict"], false),
    (409, "workflow_run_admission_refused", &["conflict"], false),
    (409, "request_in_progress", &["in progress"], false),
    (410, "gone", &["gone"], false),
    (422, "graph_invalid", &["unprocessable"], false),
    (422, "unknown_node_type", &["unprocessable"], false),
    (429, "rate_limit_exceeded", &["rate limited"], true),
    (429, "trial_video_limit_exceeded", &["quota"], false),
    (429, "quota_exceeded", &["quota"], false),
    (500, "internal_error", &[], true),
    (503, "service_unavailable", &["unavailable"], true),
    (504, "gateway_timeout", &["gateway timeout"], true),
];

fn reply(status: u16, code: &str) -> Reply {
    let body = format!(r#"{{"error":{{"code":"{code}","message":"no","param":null}}}}"#);
    Reply::response(status, &[("retry-after", "0")], body)
}

#[tokio::test]
async fn status_and_code_decide_the_meaning() {
    for (status, code, meanings, retried) in ERRORS {
        let server = ScriptedServer::start([reply(status, code)]).await;
        let client = server.builder().max_retries(1).build().unwrap();
        let error = client.request(Method::GET, "/x").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Api, Some(status))
        );
        assert_eq!(error.code(), Some(code), "{error}");
        let found: Vec<_> = ALL
            .iter()
            .filter(|(_, is)| is(&error))
            .map(|(name, _)| *name)
            .collect();
        let mut expected = meanings.to_vec();
        expected.sort_by_key(|name| ALL.iter().position(|(known, _)| known == name));
        assert_eq!(found, expected, "{error}");
        assert_eq!(error.is_retryable(), retried, "{error}");
        assert_eq!(server.requests().len(), 1 + usize::from(retried), "{error}");
        assert!(error.hint().is_some(), "{error}");
        assert!(!error.is_timeout(), "{error}");
    }
}

#[tokio::test]
async fn write_with_a_key_is_retried_as_a_read_is() {
    for (status, code, _, retried) in ERRORS {
        // It is waited for until the call has no more time.
        if code == "request_in_progress" {
            continue;
        }
        let server = ScriptedServer::start([reply(status, code)]).await;
        let client = server.builder().max_retries(1).build().unwrap();
        let error = create_video(&client, CallOptions::new()).await.unwrap_err();
        assert_eq!(error.is_retryable(), retried, "{error}");
        assert_eq!(server.requests().len(), 1 + usize::from(retried), "{error}");
    }
}

#[tokio::test]
async fn write_without_a_key_is_retried_only_where_it_was_not_executed() {
    for (status, code, ..) in ERRORS {
        let server = ScriptedServer::start([reply(status, code)]).await;
        let client = server.builder().max_retries(1).build().unwrap();
        let error = client.request(Method::POST, "/x").await.unwrap_err();
        assert_eq!(
            error.is_retryable(),
            code == "rate_limit_exceeded",
            "{error}"
        );
    }
}

#[tokio::test]
async fn error_beside_data_is_an_error() {
    let body = r#"{"data":{"video_id":"v1","session_id":"s1"},
        "error":{"code":"insufficient_credit","message":"no","doc_url":"https://d.example"}}"#;
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let client = server.client();
    let error = create_video(&client, CallOptions::new()).await.unwrap_err();
    assert!(error.is_insufficient_credit(), "{error}");
    assert_eq!(
        (error.status(), error.doc_url()),
        (Some(200), Some("https://d.example"))
    );
    let list = client.request(Method::GET, "/x").page::<heygen::Value>();
    let error = list.lenient().items().into_vec().await.unwrap_err();
    assert!(error.is_insufficient_credit(), "{error}");
}
