//! Redaction: the API key is in no log, no error, no `Debug` and no panic.

use std::fmt::{Debug, Write as _};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use heygen::raw::generated::hooks::Inner;
use heygen::{Client, ErrorKind};
use heygen_tests::child;
use heygen_tests::client::{
    API_KEY, CallOptions, Operation, avatar, builder, configure_http, download, example_avatar,
    fixture_client, generated_client, get_avatar, http2, operation, send_raw, transport,
};
use heygen_tests::document::avatar_id;
use heygen_tests::echo::{EchoServer, no_delay};
use heygen_tests::scripted::{Reply, ScriptedServer};
use tracing_subscriber::fmt::MakeWriter;

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
async fn key_is_in_no_log_and_no_debug_output() {
    // In a child process: the first subscriber decides which spans are enabled.
    const NAME: &str = "redaction::key_is_in_no_log_and_no_debug_output";
    if !child::is_child(NAME) {
        return child::run(NAME, &[]).await;
    }
    let (log, guard) = record_logs();

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
    drop(guard);

    assert!(!output.contains(API_KEY), "{output}");
    let log = log.text();
    assert!(!log.contains(API_KEY), "{log}");
    assert!(
        log.contains("reqwest::connect starting new connection"),
        "{log}"
    );
    // Each attempt is logged, a deprecation once per operation and client.
    assert_eq!(log.matches("attempt done").count(), 4, "{log}");
    assert_eq!(
        log.matches("calls this operation deprecated").count(),
        2,
        "{log}"
    );
}

#[tokio::test]
async fn key_is_in_no_http2_log() {
    const NAME: &str = "redaction::key_is_in_no_http2_log";
    if !child::is_child(NAME) {
        return child::run(NAME, &[]).await;
    }
    let (log, guard) = record_logs();
    let server = EchoServer::start(no_delay).await;
    let client = http2(server.builder()).build().unwrap();
    get_avatar(&client).await.unwrap();
    drop(guard);
    assert_eq!(
        (server.counts().http2(), server.counts().authenticated()),
        (1, 1)
    );
    let log = log.text();
    assert!(!log.contains(API_KEY), "{log}");
    assert!(log.contains("h2::"), "frames are logged: {log}");
}

#[tokio::test]
async fn key_echoed_by_server_is_redacted_from_error() {
    for reply in [
        Reply::response(
            401,
            &[],
            format!(
                r#"{{"error":{{"code":"{API_KEY}","message":"bad key {API_KEY}","param":"{API_KEY}"}}}}"#
            ),
        ),
        Reply::response(401, &[], format!("bad key {API_KEY}")),
        Reply::json(format!(r#"{{"data":{{"id":"a1","tags":"{API_KEY}"}}}}"#)),
        Reply::redirect(302, &format!("https://evil.example/?key={API_KEY}")),
        Reply::redirect(
            302,
            &format!("https://evil.example/{}{API_KEY}", "x".repeat(270)),
        ),
        Reply::response(500, &[], format!("{}{API_KEY}", "x".repeat(290))),
        Reply::json(format!(
            r#"{{"data":{{"id":"a1","tags":"{}{API_KEY}"}}}}"#,
            "x".repeat(265)
        )),
        Reply::response(404, &[("x-request-id", API_KEY), ("x-echo", API_KEY)], ""),
    ] {
        let server = ScriptedServer::start([reply]).await;
        let error = server.get_avatar().await.unwrap_err();
        let output = format!(
            "{error} {error:?} {} {:?} {:?}",
            error.message(),
            error.code(),
            error.headers()
        );
        // No prefix of it is left where a message was truncated.
        assert!(!output.contains(&API_KEY[..4]), "{output}");
    }
}

static OTHER: Operation = operation("other", "GET", "/other");

/// `Debug` of a value, plain and alternate.
fn debug(value: &dyn Debug) -> String {
    format!("{value:?} {value:#?}")
}

#[tokio::test]
async fn key_is_in_no_debug_of_public_types() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let mut outputs = vec![debug(&server.builder())];
    let client = server.builder().build().unwrap();
    let mut options = CallOptions::default();
    options.set_header("x-copy", API_KEY).unwrap();
    let transport = transport(&client);
    let generated = generated_client(&client, options.clone());
    let call = generated.retrieve_avatar_details().avatar_id(avatar_id());
    let request = example_avatar(&client).header("x-copy", API_KEY);
    outputs.extend([
        debug(&client),
        debug(&client.v2()),
        debug(&client.v2().avatars()),
        debug(&request),
        debug(&request.idempotency_key("k").into_future()),
        debug(&transport),
        debug(&transport.http()),
        debug(&options),
        debug(&Inner::new(transport.clone(), options.clone())),
        debug(&generated),
        debug(&call),
        debug(&fixture_client(&client, options.clone())),
        debug(&builder(API_KEY)),
        debug(&heygen_transport::TransportBuilder::new().api_key(API_KEY)),
        debug(&heygen::SecretString::from(API_KEY)),
    ]);
    let response = call.send().await.unwrap();
    outputs.push(debug(&response));
    outputs.push(debug(&response.open().unwrap()));
    outputs.push(debug(&get_avatar(&client).await.unwrap()));
    let url = format!("{}/other", server.url());
    let response = send_raw(&client, &OTHER, url, &options).await;
    outputs.push(debug(&response.unwrap()));
    outputs.push(debug(&download(&client, &server.url()).await.unwrap()));
    for text in outputs {
        assert!(!text.contains(API_KEY), "{text}");
        assert!(text.len() > 4, "{text}");
    }
}

/// The message of the panic.
fn panic_of(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    let text = payload.downcast_ref::<String>().cloned();
    text.unwrap_or_else(|| (*payload.downcast_ref::<&str>().unwrap()).to_owned())
}

#[tokio::test]
async fn key_is_in_no_panic_message() {
    let echo = format!(
        r#"{{"error":{{"code":"{API_KEY}","message":"bad {API_KEY}","param":"{API_KEY}"}}}}"#
    );
    let server = ScriptedServer::start([
        Reply::response(401, &[("x-request-id", API_KEY)], echo),
        Reply::avatar(),
        Reply::redirect(302, &format!("https://evil.example/{API_KEY}")),
        Reply::silence().close(),
    ])
    .await;
    let client = server.client();
    let failed = get_avatar(&client).await;
    let succeeded = get_avatar(&client).await;
    let redirected = get_avatar(&client).await;
    let broken = get_avatar(&client).await;
    let key_as_id = avatar(&client, format!("{API_KEY}\n")).await;
    let bad_key = Client::new(format!("{API_KEY}\n"));
    let bad_url = builder(API_KEY).build();
    assert_eq!(bad_key.as_ref().unwrap_err().kind(), ErrorKind::Config);
    for text in [
        panic_of(|| drop(failed.unwrap())),
        panic_of(|| drop(succeeded.unwrap_err())),
        panic_of(|| drop(redirected.unwrap())),
        panic_of(|| drop(broken.unwrap())),
        panic_of(|| drop(key_as_id.unwrap())),
        panic_of(|| drop(bad_key.unwrap())),
        panic_of(|| drop(bad_url.unwrap())),
        panic_of(|| drop(server.builder().build().unwrap_err())),
    ] {
        assert!(!text.contains(API_KEY), "{text}");
        assert!(text.contains("unwrap"), "{text}");
    }
}
