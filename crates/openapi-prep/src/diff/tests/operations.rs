//! Operations, parameters, bodies, security and what belongs to the whole
//! document.

use super::*;

const VIDEO: &str = "/paths/~1v9~1videos~1{video_id}";
const LIST: &str = "/paths/~1v9~1videos/get";

#[test]
fn mutations_have_their_class() {
    run(CASES);
}

fn one(parameters: Value) -> Value {
    let mut document = small(&json!({}), &json!({}));
    document["paths"]["/a"]["post"]["parameters"] = parameters;
    document
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "an operation is gone",
        base: fixture,
        mutate: |d| {
            remove(d, VIDEO, "delete");
        },
        rows: &["breaking operation-removed /paths/~1v9~1videos~1{video_id}/delete"],
    },
    Case {
        name: "an operation is new",
        base: fixture,
        mutate: |d| {
            d["paths"]["/v9/credits"] =
                json!({"get": {"operationId": "getCredits", "responses": {}}});
        },
        rows: &["additive operation-added /paths/~1v9~1credits/get"],
    },
    Case {
        name: "an operation has another id",
        base: avatar,
        mutate: |d| {
            *at(
                d,
                "/paths/~1v2~1avatar~1{avatar_id}~1details/get/operationId",
            ) = json!("get-avatar");
        },
        rows: &["breaking operation-renamed /paths/~1v2~1avatar~1{avatar_id}~1details/get"],
    },
    Case {
        name: "an operation has the same id in another spelling",
        base: fixture,
        mutate: |d| *at(d, &format!("{VIDEO}/get/operationId")) = json!("get_video"),
        rows: &["cosmetic operation-id-respelled /paths/~1v9~1videos~1{video_id}/get"],
    },
    Case {
        name: "an operation without an id gets the one it was given",
        base: || {
            let mut document = fixture();
            remove(&mut document, LIST, "operationId");
            document
        },
        mutate: |d| {
            *at(d, LIST) = {
                let mut operation = at(d, LIST).clone();
                operation["operationId"] = json!("get-v9-videos");
                operation
            }
        },
        rows: &["cosmetic operation-id-respelled /paths/~1v9~1videos/get"],
    },
    Case {
        name: "an operation keeps its id under another path",
        base: fixture,
        mutate: |d| {
            let item = remove(d, "/paths", "/v9/videos");
            d["paths"]["/v9/films"] = item;
        },
        rows: &[
            "additive operation-moved /paths/~1v9~1films/get",
            "additive operation-moved /paths/~1v9~1films/post",
        ],
    },
    Case {
        name: "an operation keeps its id under another method",
        base: fixture,
        mutate: |d| {
            let operation = remove(d, "/paths/~1v9~1videos", "post");
            d["paths"]["/v9/videos"]["put"] = operation;
        },
        rows: &["additive operation-moved /paths/~1v9~1videos/put"],
    },
    Case {
        name: "an operation is deprecated",
        base: fixture,
        mutate: |d| at(d, LIST)["deprecated"] = json!(true),
        rows: &["additive deprecated /paths/~1v9~1videos/get/deprecated"],
    },
    Case {
        name: "an operation is not deprecated any more",
        base: || {
            let mut document = fixture();
            at(&mut document, LIST)["deprecated"] = json!(true);
            document
        },
        mutate: |d| at(d, LIST)["deprecated"] = json!(false),
        rows: &["cosmetic deprecation-lifted /paths/~1v9~1videos/get/deprecated"],
    },
    Case {
        name: "prose about an operation",
        base: fixture,
        mutate: |d| {
            at(d, LIST)["summary"] = json!("All videos");
            at(d, LIST)["tags"] = json!(["Films"]);
            at(d, LIST)["x-mark"] = json!(1);
        },
        rows: &[
            "cosmetic prose-changed /paths/~1v9~1videos/get/summary",
            "cosmetic prose-changed /paths/~1v9~1videos/get/tags",
            "cosmetic other-changed /paths/~1v9~1videos/get/x-mark",
        ],
    },
    Case {
        name: "parameters come",
        base: fixture,
        mutate: |d| {
            let parameters = format!("{LIST}/parameters");
            push(
                d,
                &parameters,
                json!({"name": "sort", "in": "query", "schema": {"type": "string"}}),
            );
            push(
                d,
                &parameters,
                json!({"name": "team", "in": "query", "required": true, "schema": {"type": "string"}}),
            );
            push(
                d,
                &parameters,
                json!({"name": "X-Api-Key", "in": "header", "required": true, "schema": {"type": "string"}}),
            );
        },
        rows: &[
            "breaking parameter-added /paths/~1v9~1videos/get/parameters/4",
            "additive parameter-added /paths/~1v9~1videos/get/parameters/3",
            "cosmetic parameter-added /paths/~1v9~1videos/get/parameters/5",
        ],
    },
    Case {
        name: "parameters go",
        base: fixture,
        mutate: |d| {
            remove_item(d, &format!("{LIST}/parameters"), 0);
            remove_item(d, "/paths/~1v9~1videos/post/parameters", 0);
        },
        rows: &[
            "breaking parameter-removed /paths/~1v9~1videos/get/parameters/0",
            "cosmetic parameter-removed /paths/~1v9~1videos/post/parameters/0",
        ],
    },
    Case {
        name: "a parameter must be given",
        base: fixture,
        mutate: |d| *at(d, &format!("{LIST}/parameters/0/required")) = json!(true),
        rows: &["breaking parameter-became-required /paths/~1v9~1videos/get/parameters/0"],
    },
    Case {
        name: "a parameter may be left out",
        base: || {
            one(
                json!([{"name": "n", "in": "query", "required": true, "schema": {"type": "integer"}}]),
            )
        },
        mutate: |d| *at(d, "/paths/~1a/post/parameters/0/required") = json!(false),
        rows: &["additive parameter-became-optional /paths/~1a/post/parameters/0"],
    },
    Case {
        name: "a part of the path has another name",
        base: fixture,
        mutate: |d| {
            let mut item = remove(d, "/paths", "/v9/videos/{video_id}/file");
            item["get"]["parameters"][0]["name"] = json!("id");
            d["paths"]["/v9/videos/{id}/file"] = item;
        },
        rows: &["breaking parameter-renamed /paths/~1v9~1videos~1{id}~1file/get/parameters/0"],
    },
    Case {
        name: "a parameter loses the braces in its name",
        base: fixture,
        mutate: |d| *at(d, &format!("{VIDEO}/delete/parameters/0/name")) = json!("video_id"),
        rows: &[],
    },
    Case {
        name: "a parameter moves to a header",
        base: fixture,
        mutate: |d| *at(d, &format!("{LIST}/parameters/1/in")) = json!("header"),
        rows: &["additive parameter-moved /paths/~1v9~1videos/get/parameters/1"],
    },
    Case {
        name: "a parameter has another type",
        base: fixture,
        mutate: |d| *at(d, &format!("{LIST}/parameters/0/schema/type")) = json!("string"),
        rows: &["breaking type-changed /paths/~1v9~1videos/get/parameters/0/schema"],
    },
    Case {
        name: "a parameter is described with its type in a list, and told about",
        base: fixture,
        mutate: |d| {
            *at(d, &format!("{LIST}/parameters/1/schema")) = json!({"type": ["string", "null"]});
            *at(d, &format!("{LIST}/parameters/0/schema/maximum")) = json!(50);
            at(d, &format!("{LIST}/parameters/0"))["description"] = json!("How many.");
        },
        rows: &[
            "cosmetic prose-changed /paths/~1v9~1videos/get/parameters/0/description",
            "cosmetic bounds-changed /paths/~1v9~1videos/get/parameters/0/schema/maximum",
        ],
    },
    Case {
        name: "a parameter may be null",
        base: fixture,
        mutate: |d| {
            *at(d, &format!("{LIST}/parameters/0/schema/type")) = json!(["integer", "null"]);
        },
        rows: &["cosmetic nullability-changed /paths/~1v9~1videos/get/parameters/0/schema"],
    },
    Case {
        name: "lists and objects among the parameters are written differently",
        base: || {
            one(json!([
                {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                {"name": "n", "in": "query", "schema": {"type": "integer"}},
                {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
            ]))
        },
        mutate: |d| {
            at(d, "/paths/~1a/post/parameters/0")["explode"] = json!(false);
            at(d, "/paths/~1a/post/parameters/1")["explode"] = json!(false);
            remove(d, "/paths/~1a/post/parameters/2", "style");
        },
        rows: &[
            "breaking type-changed /paths/~1a/post/parameters/0/schema",
            "breaking parameter-form-changed /paths/~1a/post/parameters/2",
            "cosmetic parameter-form-changed /paths/~1a/post/parameters/0",
            "cosmetic parameter-form-changed /paths/~1a/post/parameters/1",
        ],
    },
    Case {
        name: "a parameter of any value was given as text already",
        base: || {
            one(
                json!([{"name": "n", "in": "query", "schema": {}}, {"name": "m", "in": "query", "schema": {"type": ["string", "integer"]}}]),
            )
        },
        mutate: |d| {
            *at(d, "/paths/~1a/post/parameters/0/schema") = json!({"type": "string"});
            *at(d, "/paths/~1a/post/parameters/1/schema") = json!({"type": "string"});
        },
        rows: &[],
    },
    Case {
        name: "parameters are shared by reference and by path, and mean the same",
        base: || one(json!([{"name": "n", "in": "query", "schema": {"type": "integer"}}])),
        mutate: |d| {
            let shared = remove_item(d, "/paths/~1a/post/parameters", 0);
            d["components"] = json!({"parameters": {"N": shared}});
            d["paths"]["/a"]["parameters"] = json!([{"$ref": "#/components/parameters/N"}]);
        },
        rows: &[],
    },
    Case {
        name: "a body comes",
        base: fixture,
        mutate: |d| {
            at(d, &format!("{VIDEO}/delete"))["requestBody"] =
                json!({"content": {"application/json": {"schema": {}}}});
        },
        rows: &["breaking body-added /paths/~1v9~1videos~1{video_id}/delete/requestBody"],
    },
    Case {
        name: "a body goes",
        base: || small(&json!({}), &json!({})),
        mutate: |d| {
            remove(d, "/paths/~1a/post", "requestBody");
        },
        rows: &["breaking body-removed /paths/~1a/post/requestBody"],
    },
    Case {
        name: "the document does not require a body any more",
        base: fixture,
        mutate: |d| *at(d, "/paths/~1v9~1videos/post/requestBody/required") = json!(false),
        rows: &["breaking body-required-changed /paths/~1v9~1videos/post/requestBody"],
    },
    Case {
        name: "a body is sent in parts",
        base: || small(&json!({"type": "object"}), &json!({})),
        mutate: |d| {
            let media = remove(d, "/paths/~1a/post/requestBody/content", "application/json");
            d["paths"]["/a"]["post"]["requestBody"]["content"]["multipart/form-data"] = media;
        },
        rows: &[
            "breaking media-type-changed /paths/~1a/post/requestBody/content/multipart~1form-data",
        ],
    },
    Case {
        name: "an answer is bytes",
        base: || small(&json!({}), &json!({"type": "object"})),
        mutate: |d| *at(d, "/paths/~1a/post/responses/200/content") = json!({"video/mp4": {}}),
        rows: &["breaking media-type-changed /paths/~1a/post/responses/200/content/video~1mp4"],
    },
    Case {
        name: "an answer is JSON where there was none",
        base: fixture,
        mutate: |d| {
            at(d, &format!("{VIDEO}/delete/responses/204"))["content"] =
                json!({"application/json": {"schema": {}}});
        },
        rows: &[
            "breaking media-type-changed /paths/~1v9~1videos~1{video_id}/delete/responses/204/content/application~1json",
        ],
    },
    Case {
        name: "an answer has a media type with a character set",
        base: || small(&json!({}), &json!({"type": "object"})),
        mutate: |d| {
            let media = remove(
                d,
                "/paths/~1a/post/responses/200/content",
                "application/json",
            );
            d["paths"]["/a"]["post"]["responses"]["200"]["content"]["application/json; charset=utf-8"] =
                media;
        },
        rows: &[],
    },
    Case {
        name: "an answer has another status",
        base: || small(&json!({}), &json!({"type": "object"})),
        mutate: |d| {
            let answer = remove(d, "/paths/~1a/post/responses", "200");
            d["paths"]["/a"]["post"]["responses"]["201"] = answer;
        },
        rows: &["cosmetic answer-status-changed /paths/~1a/post/responses/201"],
    },
    Case {
        name: "errors are described differently",
        base: fixture,
        mutate: |d| {
            remove(d, "/paths/~1v9~1videos/post/responses", "400");
            *at(d, "/paths/~1v9~1videos/post/responses/429/description") = json!("Slow down.");
            d["paths"]["/v9/videos"]["post"]["responses"]["500"] =
                json!({"description": "Broken."});
            remove(
                d,
                "/components/schemas/StandardAPIError/properties",
                "param",
            );
        },
        rows: &[
            "cosmetic other-answers-changed /paths/~1v9~1videos/post/responses/400",
            "cosmetic other-answers-changed /paths/~1v9~1videos/post/responses/429",
            "cosmetic other-answers-changed /paths/~1v9~1videos/post/responses/500",
            "cosmetic unused-schema-changed /components/schemas/StandardAPIError",
        ],
    },
    Case {
        name: "an example of an answer",
        base: fixture,
        mutate: |d| {
            *at(
                d,
                &format!("{LIST}/responses/200/content/application~1json/example/has_more"),
            ) = json!(true);
        },
        rows: &[
            "cosmetic example-changed /paths/~1v9~1videos/get/responses/200/content/application~1json/example",
        ],
    },
    Case {
        name: "credentials are accepted and refused",
        base: fixture,
        mutate: |d| {
            remove_item(d, "/paths/~1v9~1videos/post/security", 1);
            push(d, "/security", json!({"BearerAuth": []}));
        },
        rows: &[
            "breaking security-removed /paths/~1v9~1videos/post/security/1",
            "additive security-added /security/1",
        ],
    },
    Case {
        name: "the key goes elsewhere",
        base: fixture,
        mutate: |d| *at(d, "/components/securitySchemes/ApiKeyAuth/name") = json!("x-key"),
        rows: &["breaking security-scheme-changed /components/securitySchemes/ApiKeyAuth"],
    },
    Case {
        name: "servers, version, tags, webhooks",
        base: fixture,
        mutate: |d| {
            *at(d, "/servers/0/url") = json!("https://api2.example.com");
            *at(d, "/info/version") = json!("1.0.1");
            *at(d, "/tags/0/description") = json!("Videos.");
            d["webhooks"] = json!({"done": {"post": {"responses": {}}}});
            d["jsonSchemaDialect"] = json!("https://example.com/dialect");
        },
        rows: &[
            "cosmetic info-changed /info",
            "cosmetic other-changed /jsonSchemaDialect",
            "cosmetic servers-changed /servers",
            "cosmetic info-changed /tags",
            "cosmetic webhooks-changed /webhooks",
        ],
    },
];

fn remove_item(document: &mut Value, pointer: &str, index: usize) -> Value {
    at(document, pointer)
        .as_array_mut()
        .expect(pointer)
        .remove(index)
}
