//! Lists with items that do not fit their model, which `lenient` skips, and
//! lists inside the data of a model.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use fixture_api::v9::types::VideoDetail;
use heygen::{ErrorKind, Method, Page, Request, Value};
use heygen_tests::child;
use heygen_tests::client::fixture;
use heygen_tests::lists::{Item, batch, page};
use heygen_tests::scripted::{RecordedRequest, Reply, ScriptedServer};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

const MISFITS: &str = r#"{"data":[7,{"id":"a"},{"id":"b","layers":[{"kind":"text","text":7}]},null,
    {"id":"c","new":"\u00e9{[\"\\"},[],{"id":{"id":"x"}},{"id":"d"}],"has_more":true,"next_token":"t1"}"#;

fn videos(server: &ScriptedServer) -> Request<Page<VideoDetail>> {
    let client = server.client();
    fixture(&client, async |api| api.list_videos(None, None, None).await).page()
}

async fn ids(list: Request<Page<VideoDetail>>) -> Vec<String> {
    let items = list.items().into_vec().await.unwrap();
    items.into_iter().map(|video| video.id).collect()
}

/// Records the fields of warnings.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<Fields>>>);

#[derive(Debug, Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl<S: tracing::Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == tracing::Level::WARN {
            let mut fields = Fields::default();
            event.record(&mut fields);
            self.0.lock().unwrap().push(fields);
        }
    }
}

#[tokio::test]
async fn lenient_list_skips_items_and_warns() {
    const NAME: &str = "lenient_pages::lenient_list_skips_items_and_warns";
    if !child::is_child(NAME) {
        return child::run(NAME, &[]).await;
    }
    let warnings = Warnings::default();
    let subscriber = tracing_subscriber::registry().with(warnings.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = ScriptedServer::start([Reply::json(MISFITS), page(&["e"], None)]).await;
    assert_eq!(ids(videos(&server).lenient()).await, ["a", "c", "d", "e"]);
    let warnings = warnings.0.lock().unwrap();
    let field = |fields: &Fields, name| fields.0[name].clone();
    let found: Vec<_> = warnings
        .iter()
        .map(|fields| (field(fields, "index"), field(fields, "field")))
        .collect();
    let expected = [
        ("0", "data[0]"),
        ("2", "data[2].layers[0].text"),
        ("5", "data[5]"),
        ("6", "data[6].id"),
    ];
    let expected = expected.map(|(index, field)| (index.to_owned(), field.to_owned()));
    assert_eq!(found, expected);
    for fields in &*warnings {
        assert_eq!(fields.0["operation"], "listVideos");
    }
}

#[tokio::test]
async fn later_pages_are_lenient_too() {
    let misfits = r#"{"data":[7,{"id":"b"}],"next_token":"t2"}"#;
    let replies = [
        page(&["a"], Some("t1")),
        Reply::json(misfits),
        Reply::json(misfits.replace("t2", "")),
    ];
    let server = ScriptedServer::start(replies).await;
    assert_eq!(ids(videos(&server).lenient()).await, ["a", "b", "b"]);
}

#[tokio::test]
async fn lenient_page_keeps_the_body_as_received() {
    let server = ScriptedServer::start([Reply::json(MISFITS)]).await;
    let response = videos(&server).lenient().with_response().await.unwrap();
    assert_eq!(response.raw_body(), MISFITS);
    assert_eq!(response.data().items.len(), 3);
    assert_eq!(response.data().next_token.as_deref(), Some("t1"));
    let error = videos(&server).await.unwrap_err();
    assert_eq!(error.field(), Some("data[0]"), "{error}");
}

#[tokio::test]
async fn lenient_list_still_fails_for_everything_else() {
    for (body, kind) in [
        (r#"{"data":[7],"next_token":{}}"#, ErrorKind::Decode),
        (r#"{"data":{"id":7}}"#, ErrorKind::Decode),
        (r#"{"data":[7]"#, ErrorKind::Decode),
        (r#"{"data":[{"id":7}"#, ErrorKind::Decode),
        ("{}", ErrorKind::Decode),
        ("", ErrorKind::Decode),
        ("7", ErrorKind::Decode),
        (r#"{"data":[7],"error":{"code":"x"}}"#, ErrorKind::Api),
        (
            r#"{"code":"gone","message":"m","data":null}"#,
            ErrorKind::Api,
        ),
    ] {
        let server = ScriptedServer::start([Reply::json(body)]).await;
        let error = videos(&server).lenient().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{body}: {error}");
    }
}

#[tokio::test]
async fn lenient_list_skips_items_that_are_not_utf8() {
    let body =
        b"{\"x\":\"\xff\xfe\",\"data\":[{\"id\":\"a\xff\"},{\"id\":\"b\",\"new\":\"\xe9\"}]}";
    let server = ScriptedServer::start([Reply::json(body)]).await;
    assert_eq!(ids(videos(&server).lenient()).await, ["b"]);
    let error = videos(&server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("UTF-8"), "{error}");
}

#[tokio::test]
async fn list_inside_the_data_of_a_model_has_items() {
    let replies = [
        r#"{"data":{"status":"s","items":[{"id":"a"}],"page":{"next":"c1","more":true}}}"#,
        r#"{"data":{"status":"s","items":[],"page":{"next":"c2"}}}"#,
        r#"{"data":{"status":"s","items":[{"id":"b"}],"page":{"next":"c3","more":false}}}"#,
    ];
    let server = ScriptedServer::start(replies.map(Reply::json)).await;
    let all = batch(&server.client()).data().items().into_vec().await;
    let all: Vec<_> = all.unwrap().into_iter().map(|item| item.id).collect();
    assert_eq!(all, ["a", "b"]);
    let requests = server.requests();
    let targets: Vec<_> = requests.iter().map(RecordedRequest::target).collect();
    let path = "/v3/batches/b1?limit=2";
    let next = |token| format!("{path}&cursor={token}");
    assert_eq!(targets, [path, &next("c1"), &next("c2")]);
}

#[tokio::test]
async fn page_is_read_from_where_its_operation_declares_it() {
    let body = r#"{"next_token":"wrong","data":{"page":{"more":true,"next":"c1"},
        "items":[{"id":"a","next_token":"wrong"}],"has_more":false}}"#;
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let page = batch(&server.client()).page::<Item>().await.unwrap();
    assert_eq!((page.items.len(), page.has_more), (1, true));
    assert_eq!(page.next_token.as_deref(), Some("c1"));
    for (body, field) in [
        (
            r#"{"data":{"items":[{"id":"a"},{}],"page":{}}}"#,
            "data.items[1].id",
        ),
        (
            r#"{"data":{"page":{"next":[]},"items":[]}}"#,
            "data.page.next",
        ),
        (r#"{"data":{"page":{"next":"c"}}}"#, "data.items"),
        (r#"{"data":[]}"#, "data"),
        (r#"{"data":null}"#, "data.items"),
    ] {
        let server = ScriptedServer::start([Reply::json(body)]).await;
        let error = batch(&server.client()).page::<Item>().await.unwrap_err();
        assert_eq!(error.field(), Some(field), "{body}: {error}");
    }
}

#[tokio::test]
async fn lenient_model_skips_items() {
    let body = r#"{"data":{"status":"s","items":[{"id":"a","size":300},{"id":"b"}],"page":{}}}"#;
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let error = batch(&server.client()).data().await.unwrap_err();
    assert_eq!(error.field(), Some("data.items[0].size"), "{error}");
    let batch = batch(&server.client()).data().lenient().await.unwrap();
    assert_eq!(batch.status, "s");
    assert_eq!(batch.items.len(), 2);
    let items: Vec<_> = batch.items.into_iter().flatten().collect();
    assert_eq!(items[0].id, "b");
}

#[tokio::test]
async fn items_of_any_type_can_be_lenient() {
    let server = ScriptedServer::start([Reply::json(r#"{"data":["a",7,null,"b"]}"#)]).await;
    let list = || server.client().request(Method::GET, "/x");
    let texts = list().page::<String>().lenient().await.unwrap();
    assert_eq!(texts.items, ["a", "b"]);
    let values = list().page::<Value>().lenient().await.unwrap();
    assert_eq!(values.items.len(), 3);
}
