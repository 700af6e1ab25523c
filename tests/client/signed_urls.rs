//! Signed URLs: the signature of a file is redacted from errors, wherever the
//! server echoes it.

use std::fmt::Write as _;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::{Error, ErrorKind, Method};
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

/// What is printed of a download, as an error and otherwise, from a server that
/// sends these replies.
async fn downloaded_to_path(replies: impl IntoIterator<Item = Reply>) -> Option<Error> {
    let server = ScriptedServer::start(replies).await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("{}/file?Signature=hush", server.url());
    let (printed, client) = (
        Arc::new(Mutex::new(String::new())),
        file_client(IDLE, TIMEOUT),
    );
    let progress = printed.clone();
    let download = client.download(&url).on_progress(move |it| {
        write!(progress.lock().unwrap(), "{it} {it:?}").unwrap();
    });
    write!(printed.lock().unwrap(), "{download:?}").unwrap();
    let download = download.to(folder.path().join("out.mp4"));
    write!(printed.lock().unwrap(), "{download:?}").unwrap();
    let result = download.await;
    write!(printed.lock().unwrap(), "{result:?}").unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = fs::read(file.unwrap().path()).unwrap();
        *printed.lock().unwrap() += &String::from_utf8_lossy(&file);
    }
    let printed = printed.lock().unwrap().clone();
    assert!(!printed.contains("hush"), "{printed}");
    let error = result.err();
    error.iter().for_each(assert_no_signature);
    error
}

#[tokio::test]
async fn signature_is_redacted_from_downloads_to_a_path() {
    const ECHO: (&str, &str) = ("x-original-url", "/file?Signature=hush");
    let whole = Reply::response(200, &[ECHO, ("etag", "\"1\"")], "some bytes");
    assert!(downloaded_to_path([whole.clone()]).await.is_none());
    // Broken, and not resumed: what was received is kept.
    let broken = [
        whole.clone().cut(4),
        Reply::response(403, &[ECHO], "/file?Signature=hush"),
    ];
    assert_eq!(
        downloaded_to_path(broken).await.unwrap().status(),
        Some(403)
    );
    let broken = downloaded_to_path([whole.cut(0)]).await.unwrap();
    assert_eq!(broken.kind(), ErrorKind::Transport);
    let page = "<html><title>/file?Signature=hush</title>";
    for content_type in ["text/html", "binary/octet-stream"] {
        let page = Reply::response(200, &[ECHO, ("content-type", content_type)], page);
        let error = downloaded_to_path([page]).await.unwrap();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}

/// A store may echo the signature of the address that it has redirected to.
#[tokio::test]
async fn signature_of_a_redirect_is_redacted_from_downloads_to_a_path() {
    let page = "<html><title>/moved?Signature=quiet</title>";
    for content_type in ["text/html", "binary/octet-stream"] {
        let echo = [("x-signature", "quiet"), ("content-type", content_type)];
        let replies = [
            Reply::redirect(302, "/moved?Signature=quiet"),
            Reply::response(200, &echo, page),
        ];
        let error = downloaded_to_path(replies).await.unwrap();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(!format!("{error} {error:?} {:?}", error.headers()).contains("quiet"));
    }
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
