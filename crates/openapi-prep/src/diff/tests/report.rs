//! The report: its forms, its order, its sentences.

use super::*;
use crate::diff::Class;

fn mutated() -> (Value, Value) {
    let old = fixture();
    let mut new = fixture();
    remove(&mut new, "/paths/~1v9~1videos~1{video_id}", "delete");
    push(
        &mut new,
        "/components/schemas/VideoStatus/enum",
        json!("archived"),
    );
    at(&mut new, "/components/schemas/Background")["description"] = json!("Behind.");
    (old, new)
}

#[test]
fn the_json_form_is_the_documented_one() {
    let (old, new) = mutated();
    let wanted = json!({
        "format": 1,
        "counts": {"breaking": 1, "additive": 1, "cosmetic": 1},
        "changes": [
            {
                "class": "breaking", "kind": "operation-removed", "direction": null,
                "operation": "DELETE /v9/videos/{video_id}", "schema": null,
                "old": "/paths/~1v9~1videos~1{video_id}/delete", "new": null,
                "before": "delete_video", "after": null,
                "text": "The method `delete_video` is gone: `DELETE /v9/videos/{video_id}`.",
            },
            {
                "class": "additive", "kind": "enum-value-added", "direction": "both",
                "operation": null, "schema": "VideoStatus",
                "old": "/components/schemas/VideoStatus", "new": "/components/schemas/VideoStatus",
                "before": null, "after": "archived",
                "text": "`VideoStatus` knows the value `archived` now.",
            },
            {
                "class": "cosmetic", "kind": "prose-changed", "direction": "request",
                "operation": null, "schema": "Background",
                "old": "/components/schemas/Background/description",
                "new": "/components/schemas/Background/description",
                "before": "What stands behind the avatar.", "after": "Behind.",
                "text": "`Background` has another `description`.",
            },
        ],
    });
    let found = diff(&old, &new).to_json();
    assert_eq!(found, wanted);
    let order =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(order(&found), order(&wanted));
    assert_eq!(order(&found["changes"][0]), order(&wanted["changes"][0]));
}

#[test]
fn the_text_is_for_people() {
    let (old, new) = mutated();
    assert_eq!(
        diff(&old, &new).to_text(),
        "\
1 breaking, 1 additive, 1 cosmetic

BREAKING
- The method `delete_video` is gone: `DELETE /v9/videos/{video_id}`.
  operation-removed /paths/~1v9~1videos~1{video_id}/delete (old)

ADDITIVE
- `VideoStatus` knows the value `archived` now.
  enum-value-added /components/schemas/VideoStatus

COSMETIC
- `Background` has another `description`.
  prose-changed /components/schemas/Background/description
"
    );
}

#[test]
fn the_markdown_is_for_pull_requests() {
    let (old, new) = mutated();
    assert_eq!(
        diff(&old, &new).to_markdown(),
        "\
**1 breaking, 1 additive, 1 cosmetic**

### Breaking

- The method `delete_video` is gone: `DELETE /v9/videos/{video_id}`. `operation-removed`

### Additive

- `VideoStatus` knows the value `archived` now. `enum-value-added`

<details>
<summary>Cosmetic (1)</summary>

- `Background` has another `description`. `prose-changed`

</details>
"
    );
}

#[test]
fn no_difference_is_said() {
    let same = diff(&fixture(), &fixture());
    assert!(same.to_text().starts_with("No differences"));
    assert_eq!(same.to_markdown(), same.to_text());
    assert_eq!(
        same.to_json(),
        json!({"format": 1, "counts": {"breaking": 0, "additive": 0, "cosmetic": 0}, "changes": []})
    );
}

#[test]
fn the_same_documents_give_the_same_report() {
    let old = fixture();
    let mut new = fixture();
    for case in cases() {
        if (case.base)() == old {
            let mut next = new.clone();
            let tried = std::panic::catch_unwind(move || {
                (case.mutate)(&mut next);
                next
            });
            new = tried.unwrap_or(new);
        }
    }
    let first = diff(&old, &new);
    assert!(
        Class::ALL.iter().all(|class| first.count(*class) > 5),
        "{}",
        first.to_text()
    );
    for _ in 0..5 {
        assert_eq!(
            diff(&old, &new).to_json().to_string(),
            first.to_json().to_string()
        );
    }
}

#[test]
fn sentences_say_what_the_place_is() {
    let said = |base: fn() -> Value, mutate: fn(&mut Value)| {
        let old = base();
        let mut new = base();
        mutate(&mut new);
        diff(&old, &new).changes()[0].text.clone()
    };
    assert_eq!(
        said(fixture, |d| *at(
            d,
            "/paths/~1v9~1videos/get/parameters/0/schema/type"
        ) = json!("string")),
        "The parameter `limit` of `list_videos` was `integer` and is `string` now."
    );
    assert_eq!(
        said(avatar, |d| {
            let data = "/paths/~1v2~1avatar~1{avatar_id}~1details/get/responses/200/content/application~1json/schema/properties/data/properties";
            *at(d, &format!("{data}/premium")) =
                json!({"type": "array", "items": {"type": "string"}});
        }),
        "`data.premium` in the answer of `retrieve_avatar_details` was `boolean` and is `list of string` now."
    );
    assert_eq!(
        said(fixture, |d| rename(d, "VideoDetail", "Video")),
        "The type `VideoDetail` is called `Video` now."
    );
    assert_eq!(
        said(fixture, |d| *at(d, "/paths/~1v9~1videos/get/operationId") =
            json!("videos")),
        "The method `list_videos` is called `videos` now."
    );
    assert_eq!(
        said(fixture, |d| {
            remove(
                d,
                "/components/schemas/VideoDetail/properties/failure/properties",
                "code",
            );
        }),
        "`VideoDetail.failure.code` is gone."
    );
}
