//! Telemetry: spans of calls and attempts, with the names of OpenTelemetry.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use heygen_tests::child;
use heygen_tests::client::{API_KEY, avatar, download, example_avatar, upload};
use heygen_tests::document::{avatar_body, avatar_id, avatar_path, operation};
use heygen_tests::scripted::{Reply, ScriptedServer};

/// Records the spans of a test, in the order they were opened.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Recorded>>>);

#[derive(Clone, Debug)]
struct Recorded {
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
            self.0.lock().unwrap().push(Recorded {
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
    /// Takes the spans, all of which are closed.
    fn take(&self) -> Vec<Recorded> {
        let spans = std::mem::take(&mut *self.0.lock().unwrap());
        assert!(spans.iter().all(|span| span.closed), "{spans:?}");
        spans
    }
}

impl Recorded {
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
async fn calls_and_attempts_are_spans() {
    // In a child process: the first subscriber decides which spans are enabled.
    const NAME: &str = "telemetry::calls_and_attempts_are_spans";
    if !child::is_child(NAME) {
        return child::run(NAME, &[]).await;
    }
    let spans = Spans::default();
    let subscriber = tracing_subscriber::registry().with(spans.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    retried_call_has_two_attempts(&spans).await;
    file_url_has_no_signature(&spans).await;
    dropped_call_closes_spans(&spans).await;
}

async fn retried_call_has_two_attempts(spans: &Spans) {
    let busy = Reply::response(503, &[("retry-after", "0"), ("x-request-id", "r1")], "");
    let body = avatar_body(avatar_id());
    let success = Reply::response(200, &[("x-request-id", "r2")], &body);
    let server = ScriptedServer::start([busy, success, Reply::silence().close()]).await;
    let client = server.builder().build().unwrap();
    example_avatar(&client).await.unwrap();
    let port = server.port().to_string();
    let [call, first, second] = <[Recorded; 3]>::try_from(spans.take()).unwrap();
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
        ("heygen.operation_id", Some(&operation().id)),
        ("heygen.attempts", Some("2")),
        ("otel.status_code", None),
        ("error.type", None),
    ]);
    let url = format!("{}{}", server.url(), server.requests()[0].target());
    let name = format!("{} {}", operation().method, operation().path_template);
    for span in [&first, &second] {
        span.assert(&[
            ("otel.name", Some(&name)),
            ("otel.kind", Some("client")),
            ("heygen.operation_id", Some(&operation().id)),
            ("http.request.method", Some(&operation().method)),
            ("network.protocol.name", Some("http")),
            ("network.protocol.version", Some("1.1")),
            ("server.address", Some("127.0.0.1")),
            ("server.port", Some(&port)),
            ("url.full", Some(&url)),
            ("url.template", Some(&operation().path_template)),
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
        ("http.response.body.size", Some(&body.len().to_string())),
        ("error.type", None),
        ("otel.status_code", None),
    ]);

    // The API key as the id is redacted from the URL.
    let request = avatar(&client, API_KEY).max_retries(0);
    request.await.unwrap_err();
    let [call, attempt] = <[Recorded; 2]>::try_from(spans.take()).unwrap();
    call.assert(&[
        ("error.type", Some("transport")),
        ("heygen.attempts", Some("1")),
    ]);
    let redacted = format!("{}{}", server.url(), avatar_path("[API key]"));
    attempt.assert(&[
        ("error.type", Some("transport")),
        ("http.response.status_code", None),
        ("url.full", Some(&redacted)),
    ]);
}

async fn file_url_has_no_signature(spans: &Spans) {
    let server = ScriptedServer::start([Reply::response(200, &[], "x")]).await;
    let client = server.client();
    let signed = format!("{}/f.mp4?signature=secret", server.url());
    drop(download(&client, &signed).await.unwrap());
    let uploaded = upload(&client, &signed, http::HeaderMap::new(), "x");
    uploaded.await.unwrap();
    let spans = spans.take();
    assert_eq!(spans.len(), 4, "{spans:?}");
    let url = format!("{}/f.mp4", server.url());
    for span in spans {
        let is_attempt = span.name == "heygen_attempt";
        span.assert(&[("url.full", is_attempt.then_some(&*url))]);
        assert!(!format!("{span:?}").contains("secret"), "{span:?}");
    }
}

async fn dropped_call_closes_spans(spans: &Spans) {
    let server = ScriptedServer::start([Reply::silence()]).await;
    let client = server.client();
    let call = example_avatar(&client).into_future();
    let soon = std::time::Duration::from_millis(100);
    assert!(tokio::time::timeout(soon, call).await.is_err());
    assert_eq!(spans.take().len(), 2);
}
