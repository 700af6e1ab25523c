//! The classes of `spec diff`, held against the compiler: programs that use
//! the old API, each in one way, are compiled against what is generated from
//! the new document. What is breaking stops the program that uses it; what is
//! additive or cosmetic stops none.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod common;

#[path = "common/crates.rs"]
mod crates;

use std::{collections::BTreeSet, path::Path};

use common::Checkout;
use serde_json::{Value, json};

/// Reads text as a JSON value.
fn parse(text: &str) -> Result<Value, openapi_prep::Error> {
    openapi_prep::Document::parse(text).map(openapi_prep::Document::into_value)
}

/// Programs against the fixture API, by name, and for each the kind and place
/// of the one breaking change that must stop it.
const PROGRAMS: &[(&str, &str, &str)] = &[
    (
        "operation_removed",
        "operation-removed /paths/~1v9~1videos~1{video_id}/delete",
        "client.delete_video().video_id(\"v\");",
    ),
    (
        "operation_renamed",
        "operation-renamed /paths/~1v9~1videos~1{video_id}~1file/get",
        "client.get_video_file();",
    ),
    (
        "parameter_removed",
        "parameter-removed /paths/~1v9~1videos/get/parameters/1",
        "client.list_videos().token(\"t\");",
    ),
    (
        "parameter_type",
        "type-changed /paths/~1v9~1videos/get/parameters/0/schema",
        "client.list_videos().limit(10_i64);",
    ),
    (
        "parameter_renamed",
        "parameter-renamed /paths/~1v9~1videos~1{id}/get/parameters/0",
        "client.get_video().video_id(\"v\");",
    ),
    (
        "field_removed_from_request",
        "field-removed /components/schemas/CreateFromAvatar/properties/callback_id",
        "types::CreateFromAvatar::builder().callback_id(String::new());",
    ),
    (
        "field_removed_from_answer",
        "field-removed /components/schemas/VideoDetail/properties/failure/properties/message",
        "let _ = |failure: types::VideoDetailFailure| failure.message;",
    ),
    (
        "field_optional",
        "field-became-optional /components/schemas/CreateFromAvatar/properties/script",
        "types::CreateFromAvatar::builder().script(\"Hello\");",
    ),
    (
        "field_required",
        "field-became-required /components/schemas/CreateFromAvatar/properties/aspect_ratio",
        "types::CreateFromAvatar::builder().aspect_ratio(Some(types::CreateFromAvatarAspectRatio::Ratio16x9));",
    ),
    (
        "field_null",
        "nullability-changed /components/schemas/CreateFromImage/properties/image_url",
        "types::CreateFromImage::builder().image_url(\"https://example.com\");",
    ),
    (
        "field_type",
        "type-changed /components/schemas/VideoDetail/properties/duration",
        "let _ = |detail: types::VideoDetail| -> Option<f64> { detail.duration };",
    ),
    (
        "id_optional",
        "id-became-optional /components/schemas/VideoDetail/properties/id",
        "let _ = |detail: types::VideoDetail| -> String { detail.id };",
    ),
    (
        "request_value_removed",
        "enum-value-removed /components/schemas/Background/properties/type",
        "let _ = types::BackgroundType::Color;",
    ),
    (
        "answer_value_removed",
        "enum-value-removed /components/schemas/VideoStatus",
        "let _ = types::VideoStatus::Waiting;",
    ),
    (
        "variant_removed",
        "variant-removed /components/schemas/VideoDetail/properties/source/oneOf/0",
        "let _ = |source| matches!(source, types::VideoDetailSource::Avatar(_));",
    ),
    (
        "schema_removed",
        "schema-removed /components/schemas/AvatarSource",
        "let _ = |_: types::AvatarSource| ();",
    ),
    (
        "schema_renamed",
        "schema-renamed /components/schemas/Words",
        "let _ = |_: types::TextLayer| ();",
    ),
    (
        "answer_bytes",
        "media-type-changed /paths/~1v9~1videos/post/responses/200/content/video~1mp4",
        "let _ = async || client.create_video().send().await.ok()?.into_inner().data;",
    ),
];

fn fixture() -> Value {
    parse(include_str!(
        "../../tests/fixture-api/openapi/v9/heygen.json"
    ))
    .unwrap()
}

fn at<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Value {
    document.pointer_mut(pointer).expect(pointer)
}

fn remove(document: &mut Value, pointer: &str, key: &str) -> Value {
    let object = at(document, pointer).as_object_mut().expect(pointer);
    object.shift_remove(key).expect(key)
}

fn retain(document: &mut Value, pointer: &str, keep: impl Fn(&Value) -> bool) {
    at(document, pointer)
        .as_array_mut()
        .expect(pointer)
        .retain(keep);
}

/// The fixture with a breaking change of each kind that types can show.
fn broken() -> Value {
    let text = fixture().to_string().replace("TextLayer", "Words");
    let mut d = parse(&text).unwrap();
    let schemas = "/components/schemas";
    remove(&mut d, "/paths/~1v9~1videos~1{video_id}", "delete");
    *at(
        &mut d,
        "/paths/~1v9~1videos~1{video_id}~1file/get/operationId",
    ) = json!("download");
    let mut item = remove(&mut d, "/paths", "/v9/videos/{video_id}");
    item["get"]["parameters"][0]["name"] = json!("id");
    d["paths"]["/v9/videos/{id}"] = item;
    let list = "/paths/~1v9~1videos/get/parameters";
    retain(&mut d, list, |p| p["name"] != "token");
    *at(&mut d, &format!("{list}/0/schema")) = json!({"type": "string"});
    let create = "/paths/~1v9~1videos/post/responses/200/content";
    *at(&mut d, create) = json!({"video/mp4": {}});

    let avatar = format!("{schemas}/CreateFromAvatar");
    remove(&mut d, &format!("{avatar}/properties"), "callback_id");
    let required = at(&mut d, &format!("{avatar}/required"));
    *required = json!(["type", "avatar_id", "aspect_ratio"]);
    let url = format!("{schemas}/CreateFromImage/properties/image_url/type");
    *at(&mut d, &url) = json!(["string", "null"]);
    let background = format!("{schemas}/Background/properties/type/enum");
    *at(&mut d, &background) = json!(["image", "video"]);

    let detail = format!("{schemas}/VideoDetail");
    let failure = format!("{detail}/properties/failure/properties");
    remove(&mut d, &failure, "message");
    *at(&mut d, &format!("{detail}/properties/duration")) = json!({"type": "string"});
    *at(&mut d, &format!("{detail}/required")) = json!(["status"]);
    retain(&mut d, &format!("{schemas}/VideoStatus/enum"), |v| {
        v != "waiting"
    });
    let source = format!("{detail}/properties/source");
    d["components"]["schemas"]["ClipSource"] = json!({"type": "object", "required": ["type"],
        "properties": {"type": {"const": "clip"}, "clip_id": {"type": "string"}}});
    at(&mut d, &source)["oneOf"][0] = json!({"$ref": "#/components/schemas/ClipSource"});
    at(&mut d, &source)["discriminator"]["mapping"] = json!({
        "clip": "#/components/schemas/ClipSource", "image": "#/components/schemas/ImageSource"});
    remove(&mut d, schemas, "AvatarSource");
    d
}

/// The fixture with changes that no program must feel.
fn grown() -> Value {
    let mut d = fixture();
    let schemas = "/components/schemas";
    let item = remove(&mut d, "/paths", "/v9/videos/{video_id}/file");
    d["paths"]["/v9/films/{video_id}/file"] = item;
    d["paths"]["/v9/credits"] = json!({"get": {"operationId": "getCredits", "responses": {"204": {"description": "none"}}}});
    let list = "/paths/~1v9~1videos/get";
    at(&mut d, list)["deprecated"] = json!(true);
    *at(&mut d, &format!("{list}/parameters/2/in")) = json!("header");
    *at(&mut d, &format!("{list}/parameters/0/schema")) =
        json!({"type": ["integer", "null"], "maximum": 5});
    at(&mut d, &format!("{list}/parameters"))
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "sort", "in": "query", "schema": {"type": "string"}}));
    *at(&mut d, "/paths/~1v9~1videos/post/requestBody/required") = json!(false);
    remove(&mut d, "/paths/~1v9~1videos/post/responses", "400");
    *at(&mut d, "/info/version") = json!("2");

    let field = |d: &mut Value, schema: &str, name: &str| {
        at(d, &format!("{schemas}/{schema}/properties"))[name] = json!({"type": "string"});
    };
    field(&mut d, "CreateFromImage", "title");
    field(&mut d, "VideoDetail", "gif_url");
    let avatar = format!("{schemas}/CreateFromAvatar/properties");
    *at(&mut d, &format!("{avatar}/aspect_ratio/enum")) = json!(["16:9", "1:1", "9:16"]);
    *at(&mut d, &format!("{avatar}/aspect_ratio/default")) = json!("1:1");
    *at(&mut d, &format!("{avatar}/callback_id")) = json!({"type": "string"});
    *at(&mut d, &format!("{avatar}/script/maxLength")) = json!(10);
    let status = at(&mut d, &format!("{schemas}/VideoStatus/enum"));
    *status = json!([
        "archived",
        "unknown",
        "failed",
        "completed",
        "processing",
        "waiting"
    ]);
    let detail = format!("{schemas}/VideoDetail");
    *at(&mut d, &format!("{detail}/required")) = json!(["id", "layers"]);
    *at(&mut d, &format!("{detail}/properties/failure/type")) = json!(["object", "null"]);
    at(&mut d, &format!("{detail}/properties/duration"))["description"] = json!("In seconds.");
    d["components"]["schemas"]["ClipSource"] = json!({"type": "object", "required": ["type"],
        "properties": {"type": {"const": "clip"}, "clip_id": {"type": "string"}}});
    let source = at(&mut d, &format!("{detail}/properties/source"));
    source["discriminator"]["mapping"]["clip"] = json!("#/components/schemas/ClipSource");
    let arms = source["oneOf"].as_array_mut().unwrap();
    arms.push(json!({"$ref": "#/components/schemas/ClipSource"}));
    d
}

/// Generates the crate anew, beside the programs that are there.
fn generate(checkout: &Checkout, document: &Value) {
    checkout.put("doc.json", document.to_string());
    checkout.ok(&["codegen", "--document", "doc.json", "--out", "api"]);
}

/// The programs that the compiler refuses.
fn refused(folder: &Path) -> BTreeSet<String> {
    let words = [
        "check",
        "--examples",
        "--keep-going",
        "--message-format=json",
    ];
    let output = crates::command(folder, &words).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let mut refused = BTreeSet::new();
    for line in said.lines() {
        let message = parse(line).unwrap();
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            let target = &message["target"];
            // The crate itself must compile whatever the document says.
            let rendered = &message["message"]["rendered"];
            assert_eq!(
                target["kind"][0],
                "example",
                "{}",
                rendered.as_str().unwrap()
            );
            refused.insert(target["name"].as_str().unwrap().to_owned());
        }
    }
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.success(), refused.is_empty(), "{log}");
    refused
}

/// Class, kind and place of each row, and how many are breaking.
fn rows(checkout: &Checkout, new: &Value) -> (BTreeSet<String>, u64) {
    checkout.put("old.json", fixture().to_string());
    checkout.put("new.json", new.to_string());
    let report = checkout.ok(&["spec", "diff", "old.json", "new.json", "--format", "json"]);
    let report = parse(&report).unwrap();
    let rows = report["changes"].as_array().unwrap().iter().map(|change| {
        let word = |key: &str| change[key].as_str().unwrap_or_default().to_owned();
        let place = change["new"].as_str().or(change["old"].as_str());
        let (class, kind) = (word("class"), word("kind"));
        format!("{class} {kind} {}", place.unwrap_or_default())
    });
    (
        rows.collect(),
        report["counts"]["breaking"].as_u64().unwrap(),
    )
}

#[test]
fn the_compiler_agrees() {
    let checkout = Checkout::new();
    for (name, _, body) in PROGRAMS {
        let program = format!(
            "#![allow(unused)]\nuse fixture_api::{{Client, types}};\n\
             fn uses(client: &Client) {{\n    {body}\n}}\nfn main() {{}}\n"
        );
        checkout.put(&format!("api/examples/{name}.rs"), program);
    }
    // `codegen` reads the generator's version from it.
    checkout.put("Cargo.lock", include_str!("../../Cargo.lock"));
    let folder = checkout.path("api");

    generate(&checkout, &fixture());
    assert_eq!(refused(&folder), BTreeSet::new(), "the programs are right");

    let new = grown();
    let (found, breaking) = rows(&checkout, &new);
    assert_eq!(breaking, 0, "{found:#?}");
    assert!(found.len() > 18, "{found:#?}");
    generate(&checkout, &new);
    assert_eq!(refused(&folder), BTreeSet::new(), "{found:#?}");

    let new = broken();
    let (found, _) = rows(&checkout, &new);
    for (name, row, _) in PROGRAMS {
        let row = format!("breaking {row}");
        assert!(found.contains(&row), "{name}: no {row} in {found:#?}");
    }
    generate(&checkout, &new);
    let all: BTreeSet<String> = PROGRAMS.iter().map(|p| p.0.to_owned()).collect();
    assert_eq!(refused(&folder), all);
}
