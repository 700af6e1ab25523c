//! Signed URLs: the signature of a file is redacted from errors, wherever the
//! server echoes it.

use std::time::Duration;

use heygen::{Error, Method};
use heygen_tests::client::{download, error_of, file_client, upload};
use heygen_tests::scripted::{Reply, ScriptedServer};
use http::HeaderMap;

const IDLE: Duration = Duration::from_millis(200);
const TIMEOUT: Duration = Duration::from_secs(2);

fn assert_no_signature(error: &Error) {
    let output = format!(
        "{error} {error:?} {error:#?} {} {:?}",
        error.message(),
        error.headers()
    );
    assert!(!output.contains("hush"), "{output}");
    for value in error.headers().values() {
        let value = String::from_utf8_lossy(value.as_bytes());
        assert!(!value.contains("hush"), "{value}");
    }
}

/// The errors of a download and of an upload that get this reply, neither of
/// which contains the signature.
async fn redacted_errors_of(reply: Reply) -> [Error; 2] {
    let server = ScriptedServer::start([reply]).await;
    let url = format!("{}/file?Signature=hush", server.url());
    let client = file_client(IDLE, TIMEOUT);
    let downloaded = download(&client, &url).await;
    let uploaded = upload(&client, &url, HeaderMap::new(), "x").await;
    let errors = [downloaded.unwrap_err(), uploaded.unwrap_err()];
    errors.iter().for_each(assert_no_signature);
    errors
}

/// The URL that a server redirects to may be signed, like the file's own.
#[tokio::test]
async fn signature_in_location_is_redacted() {
    for location in [
        "https://user@files.example/a?Signature=hush#hush",
        "http://files.example/a?Signature=hush",
        "/again?Signature=hush",
    ] {
        for error in redacted_errors_of(Reply::redirect(302, location)).await {
            assert_eq!(error.status(), Some(302));
            assert!(error.hint().unwrap().contains("file"), "{error}");
        }
    }
}

#[tokio::test]
async fn signature_in_text_body_is_redacted() {
    let text = "Cannot GET /file?Signature=hush";
    redacted_errors_of(Reply::response(404, &[], text)).await;
}

#[tokio::test]
async fn signature_in_json_body_is_redacted() {
    let text = r#"{"message":"Cannot GET /file?Signature=hush"}"#;
    redacted_errors_of(Reply::response(404, &[], text)).await;
}

#[tokio::test]
async fn signature_in_non_ascii_location_is_redacted() {
    let location = "ftp://files.example/caf\u{e9}?Signature=hush";
    redacted_errors_of(Reply::redirect(302, location)).await;
}

#[tokio::test]
async fn signature_in_other_headers_is_redacted() {
    for name in ["content-location", "refresh", "link", "x-original-url"] {
        redacted_errors_of(Reply::response(
            403,
            &[(name, "https://x.example/a?Signature=hush")],
            "",
        ))
        .await;
    }
}

/// An endpoint of the API that redirects to a file.
#[tokio::test]
async fn signature_in_api_redirect_is_redacted() {
    let location = "https://files.example/a?Signature=hush";
    let error = error_of(Reply::redirect(302, location)).await;
    assert_no_signature(&error);
}

#[tokio::test]
async fn query_in_api_redirect_is_redacted() {
    let server = ScriptedServer::start([Reply::redirect(302, "/x?token=hush")]).await;
    let request = server
        .client()
        .request(Method::GET, "/x")
        .query("token", "hush");
    let error = request.await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hush"), "{error}");
}
