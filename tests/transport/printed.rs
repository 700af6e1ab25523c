//! The key is in nothing that is printed: no trace, no `Debug`, no panic.

use std::fmt::{Debug, Write as _};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fixture_api::v9;
use heygen::raw::generated::hooks::Inner;
use heygen::raw::{CallOptions, generated};
use heygen::{Client, ErrorKind};
use heygen_transport::TransportBuilder;
use tracing_subscriber::fmt::MakeWriter;

use crate::echo::Echo;
use crate::environment::{again, assert_good, is_again};
use crate::server::{Act, KEY, Server, ask};

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

/// Listens to everything that is traced or logged, at any level.
fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    // The HTTP library writes its traffic to this older kind of log.
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
async fn no_trace_and_no_debug_holds_it() {
    // In a process of its own: what is traced depends on whoever first came
    // past, and tests of other threads listen to nothing.
    const NAME: &str = "printed::no_trace_and_no_debug_holds_it";
    if !is_again(NAME) {
        assert_good(&again(NAME, &[]));
        return;
    }
    let (log, guard) = listen();

    let warned = format!(
        r#"{{"error":null,"data":{{"id":"a1"}},"warning":{{"message":"old {KEY}","v3_endpoint":"GET /v3/x"}}}}"#
    );
    let failed = Act::answer(404, &[("deprecation", "true"), ("x-request-id", KEY)], "");
    let server = Server::start([Act::json(&warned), Act::json(&warned), failed]).await;
    let builder = heygen::raw::http(server.builder().max_retries(0), |http| {
        http.connection_verbose(true)
    });
    let mut printed = format!("{builder:?}");
    let client = builder.build().unwrap();
    let request = client.v2().avatars().details("a1").header("x-secret", KEY);
    write!(
        printed,
        "{client:?} {request:?} {:?}",
        client.v2().avatars()
    )
    .unwrap();
    let answer = request.with_response().await.unwrap();
    write!(printed, "{answer:?}").unwrap();
    ask(&client).await.unwrap();
    let error = ask(&client).await.unwrap_err();
    write!(printed, "{error} {error:?}").unwrap();
    // Another client has told nothing yet, and an error may say it too.
    let server = Server::start([Act::answer(404, &[], r#"{"warning":"old"}"#)]).await;
    server.ask().await.unwrap_err();
    drop(guard);

    assert!(!printed.contains(KEY), "{printed}");
    let log = log.text();
    assert!(!log.contains(KEY), "{log}");
    assert!(
        log.contains("reqwest::connect starting new connection"),
        "{log}"
    );
    // Attempts are traced, a notice once for an operation of a client.
    assert_eq!(log.matches("attempt done").count(), 4, "{log}");
    assert_eq!(
        log.matches("calls this operation deprecated").count(),
        2,
        "{log}"
    );
}

#[tokio::test]
async fn no_trace_of_http2_holds_it() {
    const NAME: &str = "printed::no_trace_of_http2_holds_it";
    if !is_again(NAME) {
        assert_good(&again(NAME, &[]));
        return;
    }
    let (log, guard) = listen();
    let server = Echo::start(|_| Duration::ZERO).await;
    let client = crate::http2::client(&server);
    ask(&client).await.unwrap();
    drop(guard);
    assert_eq!((server.over_http2(), server.keyed()), (1, 1));
    let log = log.text();
    assert!(!log.contains(KEY), "{log}");
    assert!(log.contains("h2::"), "the frames were listened to: {log}");
}

static X: heygen::raw::Operation = heygen::raw::Operation {
    id: "x",
    name: "x",
    method: "GET",
    path: "/x",
    idempotent: true,
    idempotency_key: false,
    pagination: None,
    deprecated: false,
    sunset: None,
};

/// `Debug` of a value, in both its forms.
fn printed(value: &dyn Debug) -> String {
    format!("{value:?} {value:#?}")
}

#[tokio::test]
async fn no_debug_of_any_public_type_holds_it() {
    let server = Server::start([Act::avatar()]).await;
    let builder = server.builder();
    let mut texts = vec![printed(&builder)];
    let client = builder.build().unwrap();
    let mut options = CallOptions::default();
    options.set_header("x-copy", KEY).unwrap();
    let transport = heygen::raw::transport(&client).clone();
    let inner = Inner::new(transport.clone(), options.clone());
    let raw = generated::v2::Client::new(inner.clone());
    let call = raw.retrieve_avatar_details().avatar_id("a1");
    let other = fixture_api::hooks::Inner::new(transport.clone(), options.clone());
    let request = client.v2().avatars().details("a1").header("x-copy", KEY);
    texts.extend([
        printed(&client),
        printed(&client.v2()),
        printed(&client.v2().avatars()),
        printed(&request),
        printed(&request.idempotency_key("k").into_future()),
        printed(&transport),
        printed(&transport.http()),
        printed(&options),
        printed(&inner),
        printed(&raw),
        printed(&call),
        printed(&v9::Client::new(other)),
        printed(&TransportBuilder::new().api_key(KEY).base_url(KEY)),
        printed(&heygen::SecretString::from(KEY)),
    ]);
    let answer = call.send().await.unwrap();
    texts.push(printed(&answer));
    texts.push(printed(&answer.open().unwrap()));
    let answer = ask(&client).await.unwrap();
    texts.push(printed(&answer));
    let request = transport.http().get(format!("{}/x", server.url()));
    let answer = transport
        .execute(&X, request.build().unwrap(), &options)
        .await;
    texts.push(printed(&answer.unwrap()));
    texts.push(printed(&transport.download(&server.url()).await.unwrap()));
    for text in texts {
        assert!(!text.contains(KEY), "{text}");
        assert!(text.len() > 4, "{text}");
    }
}

/// What a panic of this says.
fn panic_of(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    let text = payload.downcast_ref::<String>().cloned();
    text.unwrap_or_else(|| (*payload.downcast_ref::<&str>().unwrap()).to_owned())
}

#[tokio::test]
async fn no_panic_says_it() {
    let echo = format!(r#"{{"error":{{"code":"{KEY}","message":"bad {KEY}","param":"{KEY}"}}}}"#);
    let server = Server::start([
        Act::answer(401, &[("x-request-id", KEY)], echo),
        Act::avatar(),
        Act::answer(
            302,
            &[("location", &format!("https://evil.example/{KEY}"))],
            "",
        ),
        Act::silence().close(),
    ])
    .await;
    let client = server.client();
    let failed = ask(&client).await;
    let good = ask(&client).await;
    let moved = ask(&client).await;
    let broken = ask(&client).await;
    let key_as_id = client.v2().avatars().details(format!("{KEY}\n")).await;
    let bad_key = Client::new(format!("{KEY}\n"));
    let bad_url = Client::builder().api_key(KEY).base_url(KEY).build();
    assert_eq!(bad_key.as_ref().unwrap_err().kind(), ErrorKind::Config);
    for text in [
        panic_of(|| drop(failed.unwrap())),
        panic_of(|| drop(good.unwrap_err())),
        panic_of(|| drop(moved.unwrap())),
        panic_of(|| drop(broken.unwrap())),
        panic_of(|| drop(key_as_id.unwrap())),
        panic_of(|| drop(bad_key.unwrap())),
        panic_of(|| drop(bad_url.unwrap())),
        panic_of(|| drop(server.builder().build().unwrap_err())),
    ] {
        assert!(!text.contains(KEY), "{text}");
        assert!(text.contains("unwrap"), "{text}");
    }
}
