//! Pages of lists, as a server sends them.

use heygen::raw::{Capture, GeneratedClient};
use heygen::{Client, Request};
use heygen_core::{Cursor, Operation, PageSpec, Paged, capture};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::core;
use crate::scripted::Reply;

/// A page of items with these ids. The last one has no token.
pub fn page(ids: &[&str], next_token: Option<&str>) -> Reply {
    let rest = json!({"has_more": next_token.is_some(), "next_token": next_token});
    page_with(ids, &rest)
}

/// A page of items with these ids, and these fields beside them.
pub fn page_with(ids: &[&str], rest: &Value) -> Reply {
    let items: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
    let mut body = rest.clone();
    body["data"] = json!(items);
    Reply::json(body.to_string())
}

/// The ids of items.
pub fn ids(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .filter_map(|item| item["id"].as_str())
        .collect()
}

/// An operation that lists the items of a batch: its page is inside the data,
/// beside a state.
static GET_BATCH: Operation =
    Operation::new("getBatch", "GET", "/v3/batches/{batch_id}").page(PageSpec {
        token: "cursor",
        items: "/data/items",
        next_token: "/data/page/next",
        has_more: "/data/page/more",
    });

/// A model that is a page of a list and has other fields.
#[derive(Debug, Default, Deserialize)]
pub struct Batch {
    /// The state of the batch.
    pub status: String,
    /// The items of the page.
    #[serde(default)]
    pub items: Vec<Option<Item>>,
    page: BatchPage,
}

#[derive(Debug, Default, Deserialize)]
struct BatchPage {
    next: Option<String>,
    more: Option<bool>,
}

/// An item of the batch.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// A field of another type.
    pub size: Option<u8>,
}

impl Paged for Batch {
    type Item = Item;

    fn cursor(&self) -> Cursor {
        Cursor::new(self.page.next.clone(), self.page.more)
    }

    fn into_items(self) -> Vec<Item> {
        self.items.into_iter().flatten().collect()
    }
}

/// The envelope of the batch.
#[derive(Debug, Deserialize)]
pub struct BatchEnvelope {
    data: Option<Batch>,
}

impl heygen_core::Envelope for BatchEnvelope {
    type Data = Batch;

    fn into_data(self) -> Option<Batch> {
        self.data
    }
}

/// A generated client with this one operation.
struct Batches {
    base_url: String,
    http: reqwest::Client,
    capture: Capture,
}

impl GeneratedClient for Batches {
    fn for_call(base_url: &str, http: reqwest::Client, capture: Capture) -> Self {
        let base_url = base_url.to_owned();
        Self {
            base_url,
            http,
            capture,
        }
    }
}

/// A request for the batch, as its envelope.
pub fn batch(client: &Client) -> Request<BatchEnvelope> {
    capture::request(core(client), &[], async |api: Batches| {
        let url = format!("{}/v3/batches/b1?limit=2", api.base_url);
        let mut request = api.http.get(url).build()?;
        api.capture.take::<()>(&mut request, Some(&GET_BATCH))?;
        unreachable!("the capture ends the method")
    })
}
