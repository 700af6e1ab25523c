//! Pages of every shape, compared with a second way to read them: a tree of
//! values.

use std::fmt::Debug;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Page, decode, lenient};
use crate::attempt::Success;
use crate::client::{Client, ClientBuilder};
use crate::cursor::PageSpec;
use crate::error::{Error, ErrorKind};
use crate::operation::{CallContext, Operation};
use crate::response::{RawResponse, Response};

static TOP: Operation = Operation::new("list", "GET", "/x").page(PageSpec::DEFAULT);
static NESTED: Operation = Operation::new("list", "GET", "/x").page(PageSpec {
    token: "token",
    items: "/data/it~1ems",
    next_token: "/data/page/next",
    has_more: "/has_more",
});
static ROOT: Operation = Operation::new("list", "GET", "/x").page(PageSpec {
    token: "token",
    items: "",
    next_token: "/next_token",
    has_more: "/has_more",
});

fn response(client: &Client, operation: &'static Operation, body: impl Into<Bytes>) -> RawResponse {
    RawResponse {
        context: Arc::new(CallContext::unsent(operation)),
        attempts: 1,
        client: client.clone(),
        success: Success {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: body.into(),
        },
    }
}

fn client() -> Client {
    ClientBuilder::new().api_key("sk_secret").build().unwrap()
}

/// A page read strictly, and with its misfits skipped.
fn read<T: DeserializeOwned>(raw: &RawResponse) -> [Result<Page<T>, Error>; 2] {
    let strict = decode::page::<T>(raw.clone()).map(Response::into_data);
    let lenient = match lenient::without_misfits::<T>(raw) {
        Some(body) => decode::page::<T>(raw.clone().with_body(body)),
        None => decode::page::<T>(raw.clone()),
    };
    [strict, lenient.map(Response::into_data)]
}

/// The page of a tree of values. None where it does not fit.
fn expected<T: DeserializeOwned>(
    body: &Value,
    operation: &Operation,
    is_lenient: bool,
) -> Option<Page<T>> {
    let spec = operation.page_spec();
    // An array that is the whole body has no cursor.
    let cursor = |pointer| match spec.items {
        "" => Some(None),
        _ => at(body, pointer),
    };
    let token = match cursor(spec.next_token)? {
        None | Some(Value::Null) => None,
        Some(Value::String(token)) => Some(token.clone()).filter(|token| !token.is_empty()),
        Some(Value::Number(token)) => Some(token.to_string()),
        Some(_) => return None,
    };
    let has_more = match cursor(spec.has_more)? {
        None | Some(Value::Null) => None,
        Some(Value::Bool(flag)) => Some(*flag),
        Some(Value::Number(flag)) => Some(flag.as_u64()? != 0),
        Some(Value::String(flag)) => match flag.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            "" => None,
            _ => return None,
        },
        Some(_) => return None,
    };
    let items = match at(body, spec.items)? {
        Some(Value::Array(items)) => items.as_slice(),
        Some(Value::Null) if token.is_some() || has_more.is_some() => &[],
        _ => return None,
    };
    let items = items.iter().filter(|item| !item.is_null());
    let items = items.map(|item| serde_json::from_value(item.clone()).ok());
    let items: Option<Vec<T>> = if is_lenient {
        Some(items.flatten().collect())
    } else {
        items.collect()
    };
    Some(Page {
        items: items?,
        has_more: has_more.unwrap_or(token.is_some()),
        next_token: token,
    })
}

/// What is at a pointer, if there is something. None where another type than an
/// object is on the way.
#[expect(clippy::option_option, reason = "misfit, absent and a value")]
fn at<'a>(body: &'a Value, pointer: &str) -> Option<Option<&'a Value>> {
    let mut value = body;
    for segment in pointer.split('/').skip(1) {
        value = match value {
            Value::Object(fields) => match fields.get(&segment.replace("~1", "/")) {
                Some(value) => value,
                None => return Some(None),
            },
            Value::Null => return Some(None),
            _ => return None,
        };
    }
    Some(Some(value))
}

/// Replaces each value of a document in turn, and removes it.
fn mutants(value: &Value) -> Vec<Value> {
    let mut all = vec![
        json!(null),
        json!(7),
        json!(-1.5),
        json!(0),
        json!(true),
        json!(""),
        json!("true"),
        json!("x y&=%\u{1f600}"),
        json!([]),
        json!([null, 3, "x", ["y"]]),
        json!({}),
        json!({"a": 1}),
    ];
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let mut rest = fields.clone();
                rest.remove(name);
                all.push(rest.clone().into());
                for mutant in mutants(inner) {
                    rest.insert(name.clone(), mutant);
                    all.push(rest.clone().into());
                }
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                for mutant in mutants(inner) {
                    let mut items = items.clone();
                    items[index] = mutant;
                    all.push(items.into());
                }
            }
        }
        _ => {}
    }
    all
}

fn check<T: DeserializeOwned + Debug + PartialEq>(operation: &'static Operation, document: &Value) {
    let client = client();
    let mut seen = [0; 2];
    for first in mutants(document) {
        let twice = mutants(&first).into_iter().step_by(7);
        for body in twice.chain([first]) {
            let raw = response(&client, operation, body.to_string());
            for (is_lenient, page) in [false, true].into_iter().zip(read::<T>(&raw)) {
                let expected = expected::<T>(&body, operation, is_lenient);
                seen[usize::from(expected.is_some())] += 1;
                match (page, expected) {
                    (Ok(page), Some(expected)) => assert_eq!(page, expected, "{body}"),
                    (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Decode, "{body}"),
                    (Ok(page), None) => panic!("lenient {is_lenient}: {body}: {page:?}"),
                    (Err(error), Some(_)) => panic!("lenient {is_lenient}: {body}: {error}"),
                }
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
}

#[test]
fn pages_equal_those_of_a_tree_of_values() {
    let items = json!(["a", "b", {"id": "c"}]);
    let document = json!({"data": items, "has_more": true, "next_token": "t", "x": {"data": 1}});
    check::<String>(&TOP, &document);
    let page = json!({"it/ems": items, "page": {"next": "t", "prev": [1]}});
    check::<String>(
        &NESTED,
        &json!({"data": page, "has_more": true, "it/ems": 1}),
    );
    check::<Vec<u8>>(&ROOT, &json!([[1, 2], [3], [], [4, 5]]));
}

#[test]
fn truncated_and_distorted_pages_do_not_panic() {
    let client = client();
    let text = r#" {"x":"\u00e9\"}]","data":["a",7,{"id":[1,"\\"]},null,"é"],"next_token":"t","has_more":true} "#;
    let whole = response(&client, &TOP, text);
    let [strict, lenient] = read::<String>(&whole);
    assert_eq!(strict.unwrap_err().field(), Some("data[1]"));
    assert_eq!(lenient.unwrap().items, ["a", "é"]);
    for end in 0..text.len() - 2 {
        let cut = response(&client, &TOP, &text.as_bytes()[..end]);
        for page in read::<String>(&cut) {
            assert_eq!(page.unwrap_err().kind(), ErrorKind::Decode);
        }
    }
    for at in 0..text.len() {
        for byte in [0, b'"', b'\\', b'{', b']', b',', b'1', 0xff, 0xc3, 0xa9] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = read::<String>(&response(&client, &TOP, bytes.clone()));
            bytes.insert(at, byte);
            let _ = read::<String>(&response(&client, &TOP, bytes));
        }
    }
}
