//! Links in responses: where an example leads to a file, the response leads to
//! one of the mock.

use serde_json::{Map, Value};

use super::Files;
use crate::clock::Clock;

/// Where the examples of the documents have their files. No program could fetch
/// one from there.
pub(crate) const EXAMPLE: &str = "https://files.example.com/";

impl Files {
    /// Replaces the links of a response body by new ones; `None` if it has none.
    pub(crate) fn issue_links(&self, clock: &Clock, body: &[u8]) -> Option<Vec<u8>> {
        memchr::memmem::find(body, EXAMPLE.as_bytes())?;
        let mut value = serde_json::from_slice(body).ok()?;
        self.replace(clock, &mut value, "file", "file");
        serde_json::to_vec(&value).ok()
    }

    fn replace(&self, clock: &Clock, value: &mut Value, owner: &str, field: &str) {
        match value {
            Value::String(text) => {
                if let Some(rest) = text.strip_prefix(EXAMPLE) {
                    *text = match rest.strip_prefix("uploads/") {
                        Some(_) => self.slot(clock, owner),
                        None => self.link(clock, owner, &name(field, rest)),
                    };
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.replace(clock, item, owner, &format!("{field}_{index}"));
                }
            }
            Value::Object(fields) => {
                let owner = id(fields).unwrap_or(owner).to_owned();
                for (field, value) in fields {
                    self.replace(clock, value, &owner, field);
                }
            }
            _ => {}
        }
    }
}

/// The name of a file: its field, with the extension of the example.
fn name(field: &str, example: &str) -> String {
    let path = example.split('?').next().unwrap_or("");
    match path.rsplit_once('.') {
        Some((_, extension)) => format!("{field}.{extension}"),
        None => field.to_owned(),
    }
}

/// The id of an object: `id`, else the first field that ends in `_id`.
fn id(object: &Map<String, Value>) -> Option<&str> {
    let own = object.get("id").and_then(Value::as_str);
    own.or_else(|| {
        let mut ids = object.iter().filter(|(field, _)| field.ends_with("_id"));
        ids.find_map(|(_, id)| id.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn issued(body: &Value) -> Option<Value> {
        let files = Files::new("http://mock".to_owned());
        let bytes = files.issue_links(&Clock::start(0.0), body.to_string().as_bytes())?;
        Some(serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn link_is_named_by_its_object_and_field() {
        let found = issued(&json!({"data": {
            "id": "clp/1", "preview": "https://files.example.com/x.png", "text": "https://example.com/a",
            "clips": [{"id": "c_1", "video_url": "https://files.example.com/c.mp4?Expires=1"}],
            "layers": {"mask": "https://files.example.com/m.webm"}, "all": ["https://files.example.com/n"],
        }}))
        .unwrap();
        for (pointer, path) in [
            ("/data/preview", "clp%2F1/preview.png"),
            ("/data/clips/0/video_url", "c_1/video_url.mp4"),
            ("/data/layers/mask", "clp%2F1/mask.webm"),
            ("/data/all/0", "clp%2F1/all_0"),
        ] {
            let link = found.pointer(pointer).unwrap().as_str().unwrap();
            let start = format!("http://mock/files/{path}?Expires=");
            assert!(link.starts_with(&start), "{link}");
        }
        assert_eq!(found["data"]["text"], "https://example.com/a");
    }

    #[tokio::test]
    async fn slot_of_an_upload_is_that_of_its_asset() {
        let found = issued(&json!({"data": {
            "asset_id": "ast_9", "upload_url": "https://files.example.com/uploads/ast_1?Expires=1",
        }}));
        let link = found.unwrap()["data"]["upload_url"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            link.starts_with("http://mock/uploads/ast_9?Expires="),
            "{link}"
        );
        assert_eq!(issued(&json!({"data": {}})), None);
    }
}
