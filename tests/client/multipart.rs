//! Forms of several parts: what is on the wire, and retries.

use fixture_api::v9::types::{UploadAssetForm, UploadAssetResponse};
use heygen::ErrorKind;
use heygen_core::Request;
use heygen_core::multipart::{Form, Part};
use heygen_tests::client::fixture;
use heygen_tests::scripted::{RecordedRequest, Reply, ScriptedServer};

const STORED: &str = r#"{"data":{"asset_id":"a1"}}"#;

fn upload(client: &heygen::Client, form: impl Into<Form>) -> Request<UploadAssetResponse> {
    fixture(client, async |api| api.upload_asset("").await).multipart(form)
}

/// The body with the boundary of its content type replaced.
fn body(request: &RecordedRequest) -> String {
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let body = String::from_utf8(request.body.clone()).unwrap();
    body.replace(boundary, "B").replace("\r\n", "\n")
}

#[tokio::test]
async fn file_is_sent_with_its_length_and_again() {
    let server = ScriptedServer::start([Reply::retry_after(429, "0"), Reply::json(STORED)]).await;
    let client = server.builder().max_retries(1).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    std::fs::write(&path, "first").unwrap();
    let form = UploadAssetForm::new().file(Part::path(&path).content_type("image/png"));
    let call = upload(&client, form);
    std::fs::write(&path, "second").unwrap();
    let stored = call.data().await.unwrap();
    assert_eq!(stored.asset_id.as_deref(), Some("a1"));

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        let length = request.body.len().to_string();
        assert_eq!(request.header("content-length"), Some(length.as_str()));
        assert_eq!(
            body(request),
            "--B\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\n\
             Content-Type: image/png\n\nsecond\n--B--\n"
        );
    }
}

#[tokio::test]
async fn form_that_may_have_been_stored_is_not_sent_again() {
    let server = ScriptedServer::start([Reply::response(503, &[], ""), Reply::json(STORED)]).await;
    let form = UploadAssetForm::new().file(vec![1, 2, 3]);
    let error = upload(&server.client(), form).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn parts_are_checked_before_anything_is_sent() {
    let server = ScriptedServer::start([Reply::json(STORED)]).await;
    let form = UploadAssetForm::new().file(Part::path("/does/not/exist"));
    let error = upload(&server.client(), form).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.param(), Some("file"));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn optional_form_is_left_out() {
    let server = ScriptedServer::start([Reply::json(STORED)]).await;
    upload(&server.client(), UploadAssetForm::new())
        .await
        .unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.header("content-type"), None);
    assert_eq!(request.header("content-length"), Some("0"));
    assert!(request.body.is_empty());
}
