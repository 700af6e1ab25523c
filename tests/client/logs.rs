//! Logs and traces, at any level: the API key and the signatures of files are
//! redacted, those of the HTTP library included. Each test runs in a child
//! process, as the first subscriber decides which spans are enabled.

use std::fmt::Write as _;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen_tests::child;
use heygen_tests::client::{
    API_KEY, configure_http, download, example_avatar, file_builder, file_client, get_avatar,
    http2, upload,
};
use heygen_tests::echo::{EchoServer, no_delay};
use heygen_tests::scripted::{Reply, ScriptedServer};
use heygen_tests::store::StoredFile;
use http::HeaderMap;
use tracing_subscriber::fmt::MakeWriter;

const SOON: Duration = Duration::from_millis(200);

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(self.clone(), "{} {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Records all events and log lines, at any level.
fn record_logs() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    // The HTTP library writes to the crate `log`.
    log::set_boxed_logger(Box::new(log.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test]
async fn key_is_redacted_from_logs_and_debug_output() {
    const NAME: &str = "logs::key_is_redacted_from_logs_and_debug_output";
    if !child::is_child(NAME) {
        return child::run(NAME, &[]).await;
    }
    let (log, subscriber) = record_logs();

    let warned = format!(
        r#"{{"error":null,"data":{{"id":"a1"}},"warning":{{"message":"old {API_KEY}","v3_endpoint":"GET /v3/x"}}}}"#
    );
    let failed = Reply::response(
        404,
        &[("deprecation", "true"), ("x-request-id", API_KEY)],
        "",
    );
    let server = ScriptedServer::start([Reply::json(&warned), Reply::json(&warned), failed]).await;
    let builder = configure_http(server.builder().max_retries(0), |http| {
        http.connection_verbose(true)
    });
    let mut output = format!("{builder:?}");
    let client = builder.build().unwrap();
    let request = example_avatar(&client).header("x-secret", API_KEY);
    write!(output, "{client:?} {request:?} {:?}", client.v2().avatars()).unwrap();
    let response = request.with_response().await.unwrap();
    write!(output, "{response:?}").unwrap();
    get_avatar(&client).await.unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    write!(output, "{error} {error:?}").unwrap();
    // Each client warns of a deprecation once, on success or error.
    let server = ScriptedServer::start([Reply::response(404, &[], r#"{"warning":"old"}"#)]).await;
    server.get_avatar().await.unwrap_err();
    drop(subscriber);

    assert!(!output.contains(API_KEY), "{output}");
    let log = log.text();
    assert!(!log.contains(API_KEY), "{log}");
    assert!(
        log.contains("reqwest::connect starting new connection"),
        "{log}"
    );
    // Each attempt is logged, a deprecation once per operation and client.
    assert_eq!(log.matches("attempt finished").count(), 4, "{log}");
    assert_eq!(
        log.matches("calls this operation deprecated").count(),
        2,
        "{log}"
    );
}

#[tokio::test]
async fn key_is_redacted_from_http2_logs() {
    const NAME: &str = "logs::key_is_redacted_from_http2_logs";
    if !child::is_child(NAME) {
        return child::run(NAME, &[]).await;
    }
    let (log, subscriber) = record_logs();
    let server = EchoServer::start(no_delay).await;
    let client = http2(server.builder()).build().unwrap();
    get_avatar(&client).await.unwrap();
    drop(subscriber);
    assert_eq!(
        (server.counts().http2(), server.counts().authenticated()),
        (1, 1)
    );
    let log = log.text();
    assert!(!log.contains(API_KEY), "{log}");
    assert!(log.contains("h2::"), "frames are logged: {log}");
}

#[tokio::test]
async fn signature_is_not_logged() {
    const NAME: &str = "logs::signature_is_not_logged";
    if !child::is_child(NAME) {
        return child::run(NAME, &[]).await;
    }
    let (log, subscriber) = record_logs();
    let server = EchoServer::start(no_delay).await;
    let plain = ScriptedServer::start([
        Reply::redirect(302, "/other?Signature=hush"),
        Reply::response(200, &[], "x"),
        Reply::redirect(307, "/other?Signature=hush"),
    ])
    .await;
    for client in [
        file_client(SOON, 10 * SOON),
        http2(file_builder(SOON, 10 * SOON)).build().unwrap(),
    ] {
        let url = format!("{}/a/b/c?Signature=hush", server.url());
        download(&client, &url).await.unwrap();
        upload(&client, &url, HeaderMap::new(), "x").await.unwrap();
    }
    let client = file_client(SOON, 10 * SOON);
    download(&client, &format!("{}/a?Signature=hush", plain.url()))
        .await
        .unwrap();
    // Resumed, which has lines of its own.
    let stored = StoredFile::new("0123456789").header("etag", "\"1\"");
    let store = ScriptedServer::start_with(move |at, request| match at {
        0 => stored.whole().cut(4),
        _ => stored.reply(request),
    })
    .await;
    let resumed = client.download(format!("{}/a?Signature=hush", store.url()));
    let mut resumed = resumed.open().await.unwrap();
    while resumed.chunk().await.unwrap().is_some() {}
    assert_eq!(store.requests().len(), 2);
    upload(
        &client,
        &format!("{}/a?Signature=hush", plain.url()),
        HeaderMap::new(),
        "x",
    )
    .await
    .unwrap_err();
    drop(subscriber);
    let text = log.text();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("hush"))
        .take(5)
        .collect();
    assert!(text.len() > 1000 && lines.is_empty(), "{lines:#?}");
}
