//! What a program sees of its calls: spans by the names of OpenTelemetry.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::environment::{again, assert_good, is_again};
use crate::server::{Act, KEY, Server};

/// The spans of a test, in the order of their beginnings.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Seen>>>);

#[derive(Clone, Debug)]
struct Seen {
    id: Id,
    parent: Option<Id>,
    name: &'static str,
    fields: Fields,
    closed: bool,
}

#[derive(Clone, Debug, Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl<S: tracing::Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().target().starts_with("heygen") {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            self.0.lock().unwrap().push(Seen {
                id: id.clone(),
                parent: context.current_span().id().cloned(),
                name: attributes.metadata().name(),
                fields,
                closed: false,
            });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut spans = self.0.lock().unwrap();
        if let Some(span) = spans.iter_mut().rfind(|span| span.id == *id) {
            values.record(&mut span.fields);
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let mut spans = self.0.lock().unwrap();
        if let Some(span) = spans.iter_mut().rfind(|span| span.id == id) {
            span.closed = true;
        }
    }
}

impl Spans {
    /// Takes them all. None of them is open any more.
    fn take(&self) -> Vec<Seen> {
        let spans = std::mem::take(&mut *self.0.lock().unwrap());
        assert!(spans.iter().all(|span| span.closed), "{spans:?}");
        spans
    }
}

impl Seen {
    fn assert(&self, expected: &[(&str, Option<&str>)]) {
        for (name, value) in expected {
            assert_eq!(
                self.fields.0.get(name).map(String::as_str),
                *value,
                "{name} of {self:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_call_and_its_attempts_are_spans() {
    // In a process of its own, where nobody else has been past a span before.
    const NAME: &str = "traces::a_call_and_its_attempts_are_spans";
    if !is_again(NAME) {
        assert_good(&again(NAME, &[]));
        return;
    }
    let spans = Spans::default();
    let subscriber = tracing_subscriber::registry().with(spans.clone());
    let _guard = tracing::subscriber::set_default(subscriber);

    let busy = Act::answer(503, &[("retry-after", "0"), ("x-request-id", "r1")], "");
    let good = r#"{"data":{"id":"a1"}}"#;
    let good = Act::answer(200, &[("x-request-id", "r2")], good);
    let server = Server::start([busy, good, Act::silence().close()]).await;
    let client = server.builder().build().unwrap();
    client.v2().avatars().details("a1").await.unwrap();
    let port = server.port().to_string();
    let [call, first, second] = <[Seen; 3]>::try_from(spans.take()).unwrap();
    assert_eq!(
        (call.name, first.name, second.name),
        ("heygen_call", "heygen_attempt", "heygen_attempt")
    );
    assert_eq!(call.parent, None);
    assert_eq!(
        (&first.parent, &second.parent),
        (&Some(call.id.clone()), &Some(call.id.clone()))
    );
    call.assert(&[
        ("otel.kind", Some("internal")),
        ("heygen.operation_id", Some("retrieve-avatar-details")),
        ("heygen.attempts", Some("2")),
        ("otel.status_code", None),
        ("error.type", None),
    ]);
    let url = format!("{}/v2/avatar/a1/details", server.url());
    for span in [&first, &second] {
        span.assert(&[
            ("otel.name", Some("GET /v2/avatar/{avatar_id}/details")),
            ("otel.kind", Some("client")),
            ("heygen.operation_id", Some("retrieve-avatar-details")),
            ("http.request.method", Some("GET")),
            ("network.protocol.name", Some("http")),
            ("network.protocol.version", Some("1.1")),
            ("server.address", Some("127.0.0.1")),
            ("server.port", Some(&port)),
            ("url.full", Some(&url)),
            ("url.template", Some("/v2/avatar/{avatar_id}/details")),
        ]);
    }
    first.assert(&[
        ("heygen.attempt", Some("1")),
        ("heygen.request_id", Some("r1")),
        ("http.request.resend_count", None),
        ("http.response.status_code", Some("503")),
        ("error.type", Some("503")),
        ("otel.status_code", Some("ERROR")),
    ]);
    second.assert(&[
        ("heygen.attempt", Some("2")),
        ("heygen.request_id", Some("r2")),
        ("http.request.resend_count", Some("1")),
        ("http.response.status_code", Some("200")),
        ("http.response.body.size", Some("20")),
        ("error.type", None),
        ("otel.status_code", None),
    ]);

    let request = client.v2().avatars().details(KEY).max_retries(0);
    request.await.unwrap_err();
    let [call, attempt] = <[Seen; 2]>::try_from(spans.take()).unwrap();
    call.assert(&[
        ("error.type", Some("transport")),
        ("heygen.attempts", Some("1")),
    ]);
    attempt.assert(&[
        ("error.type", Some("transport")),
        ("http.response.status_code", None),
        ("url.full", Some(&url.replace("a1", "[API key]"))),
    ]);

    // What signs the address of a file is not told.
    let server = Server::start([Act::answer(200, &[], "x")]).await;
    let signed = format!("{}/f.mp4?signature=hush", server.url());
    let transport = heygen::raw::transport(&client);
    drop(transport.download(&signed).await.unwrap());
    let body = reqwest::Body::from("x");
    let stored = transport.upload(&signed, http::HeaderMap::new(), body);
    stored.await.unwrap();
    for file in spans.take() {
        let shown = format!("{}/f.mp4", server.url());
        file.assert(&[("url.full", Some(&shown))]);
        assert!(!format!("{file:?}").contains("hush"), "{file:?}");
    }

    // A call that is dropped leaves no span open.
    let server = Server::start([Act::silence()]).await;
    let client = server.client();
    let call = client.v2().avatars().details("a1").into_future();
    let soon = std::time::Duration::from_millis(100);
    assert!(tokio::time::timeout(soon, call).await.is_err());
    assert_eq!(spans.take().len(), 2);
}
