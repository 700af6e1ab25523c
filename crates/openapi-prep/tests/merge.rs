//! Pages merged into documents: what is taken, what is refused, what changes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "written in place")]

use openapi_prep::{
    merge::{Change, merge, replace_whole, withdraw},
    page::extract,
};
use serde_json::{Value, json};

fn document(text: &str) -> Value {
    extract(text).unwrap().document
}

fn create() -> Value {
    document(include_str!("fixtures/pages/create-video.md"))
}

fn get() -> Value {
    document(include_str!("fixtures/pages/get-video.md"))
}

fn small(path: &str, item: Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {path: item}})
}

fn merged(base: &Value, page: &Value) -> Value {
    merge(Some(base.clone()), page, false).unwrap().document
}

fn refusal(base: &Value, page: &Value) -> String {
    let refused = merge(Some(base.clone()), page, false);
    refused.unwrap_err().to_string()
}

fn replaced(base: &Value, page: &Value) -> (Value, Vec<Change>) {
    let merged = merge(Some(base.clone()), page, true).unwrap();
    (merged.document, merged.changes)
}

fn lines(changes: &[Change]) -> Vec<String> {
    let line = |c: &Change| match (&c.before, &c.after) {
        (None, _) => format!("added {}", c.pointer),
        (_, None) => format!("removed {}", c.pointer),
        _ => format!("changed {}", c.pointer),
    };
    changes.iter().map(line).collect()
}

#[test]
fn the_first_page_is_the_document_key_for_key() {
    let mut page = create();
    page["paths"]["/v3/videos"]["x-odd"] = json!([null, {"b": 1, "a": 2}]);
    page["x-anything"] = json!(1.5);
    let merged = merge(None, &page, false).unwrap();
    assert_eq!(merged.document.to_string(), page.to_string());
    let lines = lines(&merged.changes);
    assert!(
        lines.contains(&"added /paths/~1v3~1videos/post".to_owned()),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"added /components/schemas/VoiceSettings".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn a_second_page_adds_what_is_new_behind_what_is_held() {
    let (first, second) = (create(), get());
    let merged = merge(Some(first.clone()), &second, false).unwrap();
    assert_eq!(
        lines(&merged.changes),
        [
            "added /tags/1",
            "added /paths/~1v3~1videos~1{video_id}/get",
            "added /components/schemas/VideoDetail",
        ]
    );
    let document = merged.document;
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/v3/videos", "/v3/videos/{video_id}"]);
    assert_eq!(
        document["tags"],
        json!([
            {"name": "Videos", "description": "Create and read videos."},
            {"name": "Webhooks"},
        ]),
        "the first description stays"
    );
    let again = merge(Some(document.clone()), &second, false).unwrap();
    assert_eq!(again.document.to_string(), document.to_string());
    assert_eq!(again.changes, []);
    assert_eq!(merged_again(&document, &first), document);
}

fn merged_again(base: &Value, page: &Value) -> Value {
    let merged = merge(Some(base.clone()), page, false).unwrap();
    assert_eq!(merged.changes, []);
    merged.document
}

#[test]
fn operations_of_one_path_meet_in_it() {
    let get = small(
        "/a/{id}",
        json!({"get": {"operationId": "read"}, "summary": "A"}),
    );
    let delete = small("/a/{id}", json!({"delete": {"operationId": "drop"}}));
    let document = merged(&get, &delete);
    assert_eq!(
        document["paths"].to_string(),
        r#"{"/a/{id}":{"get":{"operationId":"read"},"summary":"A","delete":{"operationId":"drop"}}}"#
    );
}

#[test]
fn what_differs_is_refused_with_both_sides_of_every_place() {
    let base = create();
    let mut page = create();
    page["paths"]["/v3/videos"]["post"]["operationId"] = json!("makeVideo");
    page["components"]["schemas"]["VoiceSettings"]["properties"]["speed"]["maximum"] = json!(2);
    page["info"]["title"] = json!("Another API");
    page["servers"] = json!([]);
    let error = refusal(&base, &page);
    assert!(
        error.starts_with(
            "at /info/title: this definition and 2 more differ from those held \
             (pass --replace to take the new definitions)\n"
        ),
        "{error}"
    );
    for wanted in [
        "/info/title\n    held: \"Example External API\"\n    new : \"Another API\"",
        "/paths/~1v3~1videos/post/operationId\n    held: \"createVideo\"\n    new : \"makeVideo\"",
        "/components/schemas/VoiceSettings/properties/speed/maximum\n    held: 1.5\n    new : 2",
        "/paths/~1v3~1videos/post/servers\n    held: (not there)\n    new : []",
    ] {
        assert!(error.contains(wanted), "{wanted}\n{error}");
    }
}

#[test]
fn what_says_nothing_about_the_api_stays_as_first_read() {
    let mut base = create();
    base["x-readme"] = json!({"headers": []});
    let mut page = base.clone();
    page["openapi"] = json!("3.1.1");
    page["info"]["version"] = json!("1.0.1");
    page["x-readme"] = json!({"headers": [1]});
    page["tags"][0]["description"] = json!("Other words.");
    assert_eq!(merged_again(&base, &page), base);

    let (document, changes) = replaced(&base, &page);
    assert_eq!(
        lines(&changes),
        [
            "changed /info/version",
            "changed /tags/0",
            "changed /x-readme"
        ]
    );
    assert_eq!(document["info"]["version"], "1.0.1");
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn what_a_page_leaves_out_at_the_top_stays() {
    let base = create();
    let mut page = get();
    for key in ["servers", "security", "tags"] {
        page.as_object_mut().unwrap().shift_remove(key);
    }
    let document = merged(&base, &page);
    assert_eq!(document["security"], base["security"]);
    assert_eq!(merged(&page, &base)["security"], base["security"]);
    page["x-own"] = json!(true);
    assert_eq!(merged(&base, &page)["x-own"], true);
    page["x-own"] = json!(false);
    let error = refusal(&merged(&base, &json!({"x-own": 1})), &page);
    assert!(error.starts_with("at /x-own: "), "{error}");
}

#[test]
fn with_replace_the_new_wins_in_its_old_place_and_is_told() {
    let base = merged(&create(), &get());
    let mut page = get();
    page["paths"]["/v3/videos/{video_id}"]["get"]["operationId"] = json!("readVideo");
    page["components"]["schemas"]["StandardAPIError"]["required"] = json!(["code"]);
    let (document, changes) = replaced(&base, &page);
    assert_eq!(
        lines(&changes),
        [
            "changed /tags/0",
            "changed /paths/~1v3~1videos~1{video_id}/get",
            "changed /components/schemas/StandardAPIError",
        ]
    );
    let places = changes[1].places();
    assert_eq!(places.len(), 1);
    assert_eq!(places[0].before, Some(json!("getVideo")));
    assert_eq!(places[0].after, Some(json!("readVideo")));
    let order = |document: &Value| -> Vec<String> {
        document["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    assert_eq!(order(&document), order(&base));
    assert_eq!(replaced(&document, &page), (document.clone(), Vec::new()));
}

#[test]
fn one_template_spelled_in_two_ways_is_one_path() {
    let base = small("/a/{id}/b", json!({"get": {"operationId": "x"}, "put": {}}));
    let page = small("/a/{key}/b", json!({"get": {"operationId": "x"}}));
    let twice = "at /paths/~1a~1{key}~1b: one path is spelled in two ways, here and as /a/{id}/b";
    let error = refusal(&base, &page);
    assert!(error.starts_with(twice), "{error}");
    // The page does not bring PUT.
    let error = merge(Some(base.clone()), &page, true).unwrap_err();
    assert!(error.to_string().starts_with(twice), "{error}");

    let page = small(
        "/a/{key}/b",
        json!({"put": {}, "get": {"operationId": "x"}}),
    );
    let (document, changes) = replaced(&base, &page);
    assert_eq!(document["paths"], page["paths"]);
    assert_eq!(lines(&changes)[2], "removed /paths/~1a~1{id}~1b/get");

    let both = json!({"paths": {"/a/{x}": {"get": {}}, "/a/{y}": {"get": {}}}});
    let error = merge(None, &both, true).unwrap_err().to_string();
    assert!(
        error.contains("at /paths/~1a~1{y}: one path is spelled in two ways"),
        "{error}"
    );
    let apart = small("/a/me/b", json!({"get": {}}));
    assert_eq!(merged(&base, &apart)["paths"].as_object().unwrap().len(), 2);
}

#[test]
fn what_a_path_shares_is_handed_down_where_pages_differ() {
    let id = json!({"name": "id", "in": "path", "required": true});
    let page_size = json!({"name": "limit", "in": "query"});
    let own_size = json!({"name": "limit", "in": "query", "required": true});
    let base = small(
        "/a/{id}",
        json!({"parameters": [id, page_size], "put": {}, "delete": {"parameters": [own_size]}}),
    );
    let page = small(
        "/a/{id}",
        json!({"get": {"parameters": [id]}, "parameters": []}),
    );
    let wanted = json!({
        "put": {"parameters": [id, page_size]},
        "delete": {"parameters": [id, own_size]},
        "get": {"parameters": [id]},
    });
    for replace in [false, true] {
        let done = merge(Some(base.clone()), &page, replace).unwrap();
        assert_eq!(done.document["paths"]["/a/{id}"], wanted);
        assert_eq!(done.changes.len(), 4, "{:?}", lines(&done.changes));
        assert_eq!(merged(&page, &base)["paths"]["/a/{id}"], wanted);
        assert_eq!(merged_again(&done.document, &base), done.document);
    }

    let same = small("/a/{id}", json!({"parameters": [id, page_size], "get": {}}));
    assert_eq!(
        merged(&base, &same)["paths"]["/a/{id}"]
            .as_object()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn an_operation_whose_shared_parameters_differ_is_refused_or_replaced() {
    let base = small("/a", json!({"parameters": [{"name": "x"}], "get": {}}));
    for (page, wanted) in [
        (json!({"get": {}}), json!({"get": {}})),
        (
            json!({"parameters": [{"name": "y"}], "get": {}}),
            json!({"get": {"parameters": [{"name": "y"}]}}),
        ),
    ] {
        let page = small("/a", page);
        for error in [refusal(&base, &page), refusal(&page, &base)] {
            assert!(error.starts_with("at /paths/~1a/get: "), "{error}");
            assert!(error.contains("/paths/~1a/get/parameters"), "{error}");
        }
        assert_eq!(replaced(&base, &page).0["paths"]["/a"], wanted);
    }
}

#[test]
fn documents_of_two_openapi_series_are_not_merged() {
    let mut old = create();
    old["openapi"] = json!("3.0.3");
    let error = merge(Some(create()), &old, true).unwrap_err().to_string();
    assert!(
        error.contains("at /openapi: the document held is of OpenAPI 3.1, this one of 3.0"),
        "{error}"
    );
}

#[test]
fn what_no_page_says_any_more_is_withdrawn() {
    let (one, two) = (create(), get());
    let both = merged(&one, &two);
    // The page on creating turns into another one.
    let mut newer = small(
        "/v3/images",
        json!({"post": {"x": {"$ref": "#/components/schemas/ImageVideo"}}}),
    );
    newer["components"] = json!({"schemas": {"Kept": {"$ref": "#/components/schemas/VoiceSettings/properties/speed"}}});
    let now = merge(
        Some(both.clone()),
        &json!({"paths": newer["paths"], "components": newer["components"]}),
        false,
    );
    let withdrawn = withdraw(&now.unwrap().document, &one, &newer, &[two]);
    assert_eq!(
        lines(&withdrawn.changes),
        [
            "removed /paths/~1v3~1videos/post",
            "removed /components/schemas/AvatarVideo",
            "removed /components/schemas/CreatedVideo",
        ],
        "ImageVideo and VoiceSettings are still referred to, StandardAPIError and the tag stand \
         on the other page"
    );
    let document = withdrawn.document;
    assert_eq!(document["paths"].get("/v3/videos"), None);
    let left: Vec<_> = document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(
        left,
        [
            "ImageVideo",
            "VoiceSettings",
            "StandardAPIError",
            "VideoDetail",
            "Kept"
        ]
    );
    assert_eq!(
        document["components"]["securitySchemes"],
        both["components"]["securitySchemes"]
    );
    assert_eq!(document["tags"].as_array().unwrap().len(), 2);

    let nothing = withdraw(&both, &one, &one, &[]);
    assert_eq!((nothing.document, nothing.changes), (both, Vec::new()));
}

#[test]
fn a_component_that_refers_to_itself_alone_does_not_keep_itself() {
    let tree = json!({"schemas": {
        "Tree": {"items": {"$ref": "#/components/schemas/Leaf"}},
        "Leaf": {"items": {"$ref": "#/components/schemas/Tree"}},
        "Cat": {},
    }});
    let pets = json!({"Pet": {"discriminator": {"mapping": {"cat": "Cat"}}}});
    let mut before = small("/a", json!({"get": {}}));
    before["components"] = tree;
    before["tags"] = json!([{"name": "Gone"}]);
    let mut after = small("/a", json!({"get": {}}));
    after["components"] = json!({"schemas": pets});
    let document = merged(&before, &after);
    let withdrawn = withdraw(&document, &before, &after, &[]);
    assert_eq!(
        lines(&withdrawn.changes),
        [
            "removed /components/schemas/Tree",
            "removed /components/schemas/Leaf",
            "removed /tags/0"
        ],
        "Cat is named by a discriminator"
    );
}

#[test]
fn a_page_of_another_server_keeps_it_on_its_operations() {
    let mut base = small("/a", json!({"get": {}}));
    base["servers"] = json!([{"url": "https://one"}]);
    let mut page = small("/b", json!({"get": {}, "post": {"servers": []}}));
    page["servers"] = json!([{"url": "https://two"}]);
    for replace in [false, true] {
        let merged = merge(Some(base.clone()), &page, replace).unwrap();
        assert_eq!(merged.document["servers"], base["servers"]);
        assert_eq!(
            merged.document["paths"]["/b"],
            json!({"get": {"servers": page["servers"]}, "post": {"servers": []}})
        );
        let again = merge(Some(merged.document), &page, false).unwrap();
        assert_eq!(again.changes, []);
    }
    page["paths"]["/b"]["servers"] = json!([{"url": "https://three"}]);
    assert_eq!(merged(&base, &page)["paths"]["/b"], page["paths"]["/b"]);
}

#[test]
fn numbers_are_compared_by_value() {
    let base = small("/a", json!({"get": {"x": [1, {"y": 2.0}]}}));
    let page = small("/a", json!({"get": {"x": [1.0, {"y": 2}]}}));
    assert_eq!(merged(&base, &page), base);
    assert!(refusal(&base, &small("/a", json!({"get": {"x": [1.5, {"y": 2}]}}))).contains("1.5"));
}

#[test]
fn what_a_whole_document_lacks_is_removed_and_listed() {
    let mut held = merged(&create(), &get());
    held["x-gone"] = json!(1);
    let mut new = create();
    new["servers"] = json!([{"url": "https://new"}]);
    new["components"]["schemas"]["ImageVideo"] = json!({"type": "object"});
    let whole = replace_whole(&held, &new);
    assert_eq!(whole.document, new);
    let changes = lines(&whole.changes);
    for wanted in [
        "removed /paths/~1v3~1videos~1{video_id}/get",
        "removed /components/schemas/VideoDetail",
        "changed /components/schemas/ImageVideo",
        "changed /servers",
        "removed /x-gone",
    ] {
        assert!(
            changes.iter().any(|line| line == wanted),
            "{wanted}: {changes:#?}"
        );
    }
    let again = replace_whole(&whole.document, &new);
    assert_eq!((again.document, again.changes), (new, Vec::new()));
}

#[test]
fn no_shape_makes_merging_panic() {
    let odd = [
        json!(null),
        json!(1),
        json!([]),
        json!("x"),
        json!({}),
        json!({"x": null}),
        json!([1, {"name": 2}, {"name": "Videos"}, null]),
        json!({"/v3/videos": 1}),
        json!({"/v3/videos": {"post": [], "parameters": 1}}),
        json!({"schemas": 1}),
    ];
    let base = create();
    for key in [
        "openapi",
        "info",
        "tags",
        "paths",
        "components",
        "servers",
        "webhooks",
        "x-readme",
    ] {
        for value in &odd {
            let mut page = base.clone();
            page[key] = value.clone();
            for replace in [false, true] {
                for (held, new) in [(&base, &page), (&page, &base), (&page, &page)] {
                    if let Ok(merged) = merge(Some(held.clone()), new, replace) {
                        let _ = withdraw(&merged.document, held, new, &[]);
                        let _ = replace_whole(held, new);
                    }
                }
            }
        }
    }
    for value in &odd[..4] {
        assert!(merge(None, value, false).is_err());
        assert!(merge(Some(value.clone()), &base, false).is_err());
    }
}

#[test]
fn a_document_of_very_many_paths_is_merged_in_no_time() {
    let paths: serde_json::Map<String, Value> = (0..20_000)
        .map(|n| (format!("/p{n}/{{id}}"), json!({"get": {"operationId": n}})))
        .collect();
    let page = json!({"openapi": "3.1.0", "paths": paths});
    let start = std::time::Instant::now();
    let merged = merge(Some(page.clone()), &page, false).unwrap();
    assert_eq!(merged.changes, []);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
