//! What requests do to the objects of the table.

use super::*;

impl Mock {
    fn send(&self, method: &str, target: &str, key: &str, body: &Value) -> (u16, Value) {
        let headers = [KEY, JSON, ("idempotency-key", key)];
        let headers = if key.is_empty() {
            &headers[..2]
        } else {
            &headers
        };
        let request = request(method, target, headers, &body.to_string());
        let response = self.respond(&request, &Fault::default());
        let body = serde_json::from_slice(&response.body).unwrap_or_default();
        (response.status, body)
    }

    fn create(&self, name: &str) -> String {
        let (status, body) = self.send("POST", "/v3/looks", "", &json!({"name": name}));
        assert_eq!((status, &body["data"]["name"]), (200, &json!(name)));
        body["data"]["id"].as_str().unwrap().to_owned()
    }

    fn read(&self, id: &str) -> (u16, Value) {
        let (status, mut body) = self.get(&format!("/v3/looks/{id}?limit=1"));
        (status, body["data"].take())
    }

    fn list(&self, query: &str) -> Vec<String> {
        let (status, body) = self.get(&format!("/v3/looks?{query}"));
        assert_eq!(status, 200);
        let items = body["data"].as_array().unwrap();
        let ids = items.iter().map(|item| item["id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    }
}

#[test]
fn created_object_has_a_fresh_id_a_date_and_the_fields_of_the_request() {
    let mock = Mock::strict();
    let id = mock.create("New");
    assert_ne!(id, "look_1");
    let url = format!("https://h.test/{id}.png");
    let object = json!({"id": id, "name": "New", "created_at": 1_789_997_600, "url": url});
    assert_eq!(mock.read(&id), (200, object));
    assert_eq!(mock.list(""), [&id, "lk/1"]);
}

#[test]
fn patch_merges_the_fields_it_has() {
    let mock = Mock::strict();
    let id = mock.create("New");
    let patch = json!({"name": "Other", "tags": [1], "id": "stolen"});
    let (_, updated) = mock.send("PATCH", &format!("/v3/looks/{id}"), "", &patch);
    let (_, read) = mock.read(&id);
    assert_eq!(updated["data"], read);
    let fields = ["id", "name", "created_at"].map(|name| read[name].clone());
    assert_eq!(fields, [json!(id), json!("Other"), json!(1_789_997_600)]);
    // An example is changed as well, and stays where it is in the list.
    mock.send("PATCH", "/v3/looks/lk%2F1", "", &patch);
    assert_eq!(mock.read("lk%2F1").1["name"], "Other");
    assert_eq!(mock.list(""), [&id, "lk/1"]);
}

#[test]
fn deleted_object_is_not_found_by_any_operation() {
    let mock = Mock::new();
    let id = mock.create("New");
    for id in [&id, "lk%2F1", "never_seen"] {
        let path = format!("/v3/looks/{id}");
        assert_eq!(mock.read(id).0, 200, "{id}");
        assert_eq!(mock.send("DELETE", &path, "", &json!(null)).0, 204, "{id}");
        assert_eq!(mock.read(id).0, 404, "{id}");
        for (method, path) in [
            ("DELETE", path.clone()),
            ("PATCH", path.clone()),
            ("POST", format!("{path}/use")),
        ] {
            let (status, _) = mock.send(method, &path, "", &json!({}));
            assert_eq!(status, 404, "{method} {path}");
        }
    }
    assert!(mock.list("").is_empty());
    mock.1.clear();
    assert_eq!(mock.list(""), ["lk/1"]);
    assert_eq!(mock.read(&id).0, 200);
}

#[test]
fn pages_follow_their_cursors_while_objects_are_created() {
    let mock = Mock::strict();
    let ids = ["a", "b", "c"].map(|name| mock.create(name));
    let (_, first) = mock.get("/v3/looks?limit=2");
    assert_eq!(first["has_more"], true);
    mock.create("later");
    let token = first["next_token"].as_str().unwrap();
    assert_eq!(
        mock.list(&format!("limit=2&token={token}")),
        [&ids[0], "lk/1"]
    );
    let (_, last) = mock.get(&format!("/v3/looks?token={token}"));
    assert_eq!(
        (&last["has_more"], &last["next_token"]),
        (&json!(false), &Value::Null)
    );

    assert_eq!(mock.get("/v3/looks?token=eyJvIjoyMH0").0, 400);
    let lenient = Mock::new();
    assert_eq!(lenient.list("token=eyJvIjoyMH0"), ["lk/1"]);
}

#[test]
fn list_is_selected_by_properties() {
    let mock = Mock::new();
    let id = mock.create("Blue sky");
    assert_eq!(mock.list("name=SKY"), [id]);
    assert!(mock.list("name=green").is_empty());
}

#[test]
fn concurrent_creates_with_one_key_create_one_object() {
    let mock = Mock::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| mock.send("POST", "/v3/looks", "k1", &json!({"name": "x"})));
        }
    });
    mock.send("POST", "/v3/looks", "k2", &json!({"name": "x"}));
    assert_eq!(mock.list("limit=9").len(), 3);
    // A request that was refused leaves its key free.
    assert_eq!(mock.send("POST", "/v3/looks", "k3", &json!({})).0, 400);
    assert_eq!(
        mock.send("POST", "/v3/looks", "k3", &json!({"name": "x"}))
            .0,
        200
    );
}
