//! Mutations of operations and of the whole document, with the rows of their reports.

use serde_json::{Value, json};

use super::{Case, SENT, at, fixture, remove, sends, small};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "an operation is gone, and one is new",
        base: fixture,
        mutate: |d| {
            remove(d, "/paths/~1v9~1videos~1{video_id}", "delete");
            d["paths"]["/v9/credits"] = json!({"get": {"operationId": "getCredits", "responses": {"204": {"description": "none"}}}});
        },
        rows: &[
            "breaking operation-removed /paths/~1v9~1videos~1{video_id}/delete",
            "additive operation-added /paths/~1v9~1credits/get",
        ],
    },
    Case {
        name: "an operation that is not generated is not announced",
        base: fixture,
        mutate: |d| {
            d["paths"]["/v9/credits"] = json!({"trace": {"operationId": "traceCredits",
                "responses": {"204": {"description": "none"}}}});
        },
        rows: &[],
    },
    Case {
        name: "an operation is renamed",
        base: || sends(&json!({"enum": ["a", "b"]})),
        mutate: |d| at(d, "/paths/~1a/post")["operationId"] = json!("create"),
        rows: &[
            "breaking operation-renamed /paths/~1a/post",
            "breaking type-renamed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "breaking type-renamed /paths/~1a/post/requestBody/content/application~1json/schema",
        ],
    },
    Case {
        name: "an operation moves",
        base: || small(&json!({"type": "string"}), &json!({"type": "string"})),
        mutate: |d| {
            let item = remove(d, "/paths", "/a");
            d["paths"]["/b"] = item;
        },
        rows: &["additive operation-moved /paths/~1b/post"],
    },
    Case {
        name: "documentation, deprecation, extensions, servers, errors and security of an operation",
        base: fixture,
        mutate: |d| {
            let operation = at(d, "/paths/~1v9~1videos/get");
            operation["summary"] = json!("All videos");
            operation["deprecated"] = json!(true);
            operation["x-mark"] = json!(1);
            operation["responses"]["418"] = json!({"description": "Teapot."});
            operation["security"] = json!([{}]);
        },
        rows: &[
            "breaking security-removed /paths/~1v9~1videos/get",
            "additive deprecated /paths/~1v9~1videos/get",
            "additive security-added /paths/~1v9~1videos/get",
            "cosmetic documentation-changed /paths/~1v9~1videos/get",
            "cosmetic errors-changed /paths/~1v9~1videos/get",
            "cosmetic extensions-changed /paths/~1v9~1videos/get",
        ],
    },
    Case {
        name: "the document",
        base: fixture,
        mutate: |d| {
            at(d, "/info")["version"] = json!("10");
            d["tags"] = json!([{"name": "New"}]);
            d["servers"] = json!([{"url": "https://elsewhere.example.com"}]);
            let scheme = at(d, "/components/securitySchemes")
                .as_object_mut()
                .unwrap();
            *scheme.values_mut().next().unwrap() = json!({"type": "http", "scheme": "bearer"});
        },
        rows: &[
            "breaking security-scheme-changed /components/securitySchemes/ApiKeyAuth",
            "cosmetic documentation-changed /info/version",
            "cosmetic servers-changed /servers",
            "cosmetic documentation-changed /tags",
        ],
    },
    Case {
        name: "parameters come, go, move, change their types and must be given",
        base: || {
            let mut document = small(&json!({"type": "string"}), &json!({"type": "string"}));
            let query = |name: &str, kind: &str| json!({"name": name, "in": "query", "schema": {"type": kind}});
            document["paths"]["/a"]["post"]["parameters"] = json!([
                query("gone", "string"),
                query("moved", "string"),
                query("typed", "string"),
                query("required", "string"),
                query("bounded", "integer")
            ]);
            document
        },
        mutate: |d| {
            let all = at(d, "/paths/~1a/post/parameters").as_array_mut().unwrap();
            all.remove(0);
            all[0]["in"] = json!("header");
            all[1]["schema"]["type"] = json!("integer");
            all[2]["required"] = json!(true);
            all[3]["schema"]["maximum"] = json!(9);
            all.push(json!({"name": "new", "in": "query", "schema": {"type": "string"}}));
        },
        rows: &[
            "breaking parameter-removed /paths/~1a/post/parameters/0",
            "breaking type-changed /paths/~1a/post/parameters/1",
            "breaking parameter-became-required /paths/~1a/post/parameters/2",
            "additive parameter-moved /paths/~1a/post/parameters/0",
            "additive parameter-added /paths/~1a/post/parameters/4",
            "cosmetic constraints-changed /paths/~1a/post/parameters/3",
        ],
    },
    Case {
        name: "a parameter of the path is renamed, one has a reserved name",
        base: fixture,
        mutate: |d| {
            let mut item = remove(d, "/paths", "/v9/videos/{video_id}/file");
            item["get"]["parameters"][0]["name"] = json!("client");
            d["paths"]["/v9/videos/{client}/file"] = item;
        },
        rows: &["breaking parameter-renamed /paths/~1v9~1videos~1{client}~1file/get/parameters/0"],
    },
    Case {
        name: "a body is another type, and a response bytes",
        base: || small(&json!({"type": "string"}), &json!({"type": "string"})),
        mutate: |d| {
            *at(d, SENT) = json!({"type": "integer"});
            at(d, "/paths/~1a/post/responses/200")["content"] = json!({"video/mp4": {}});
        },
        rows: &[
            "breaking type-changed /paths/~1a/post/requestBody",
            "breaking media-type-changed /paths/~1a/post/responses/200",
        ],
    },
    Case {
        name: "a body goes",
        base: || small(&json!({"type": "string"}), &json!({"type": "string"})),
        mutate: |d| {
            remove(d, "/paths/~1a/post", "requestBody");
        },
        rows: &["breaking body-removed /paths/~1a/post/requestBody"],
    },
    Case {
        name: "a body may be left out, and a success has another status",
        base: || small(&json!({"type": "string"}), &json!({"type": "string"})),
        mutate: |d| {
            at(d, "/paths/~1a/post/requestBody")["required"] = json!(false);
            let response = remove(d, "/paths/~1a/post/responses", "200");
            d["paths"]["/a"]["post"]["responses"]["201"] = response;
        },
        rows: &[
            "breaking body-became-optional /paths/~1a/post/requestBody",
            "cosmetic status-changed /paths/~1a/post/responses/201",
        ],
    },
    Case {
        name: "the parts of a form, described anew on another path",
        base: form,
        mutate: |d| {
            at(d, &format!("{FORM}/properties/note"))["description"] = json!("A note.");
            let item = remove(d, "/paths", "/a");
            d["paths"]["/b"] = item;
        },
        rows: &[
            "additive operation-moved /paths/~1b/post",
            "cosmetic documentation-changed /paths/~1b/post/requestBody/content/multipart~1form-data/schema/properties/note",
        ],
    },
    Case {
        name: "parts come, go, are required, optional and another type or media type",
        base: form,
        mutate: |d| {
            let schema = at(d, FORM);
            schema["required"] = json!(["note"]);
            let parts = schema["properties"].as_object_mut().unwrap();
            parts.shift_remove("gone");
            parts["count"] = json!({"type": "string"});
            parts.insert("new".into(), json!({"type": "string"}));
            at(
                d,
                "/paths/~1a/post/requestBody/content/multipart~1form-data",
            )["encoding"] = json!({"file": {"contentType": "image/png"}});
        },
        rows: &[
            "breaking type-changed /paths/~1a/post/requestBody/content/multipart~1form-data/schema/properties/count",
            "breaking field-became-optional /paths/~1a/post/requestBody/content/multipart~1form-data/schema/properties/file",
            "breaking field-removed /paths/~1a/post/requestBody/content/multipart~1form-data/schema/properties/gone",
            "breaking field-became-required /paths/~1a/post/requestBody/content/multipart~1form-data/schema/properties/note",
            "additive media-type-changed /paths/~1a/post/requestBody/content/multipart~1form-data/schema/properties/file",
            "additive field-added /paths/~1a/post/requestBody/content/multipart~1form-data/schema/properties/new",
        ],
    },
    Case {
        name: "a form is renamed with its operation",
        base: form,
        mutate: |d| at(d, "/paths/~1a/post")["operationId"] = json!("create"),
        rows: &[
            "breaking operation-renamed /paths/~1a/post",
            "breaking type-renamed /paths/~1a/post/requestBody",
        ],
    },
    Case {
        name: "required parts are in another order",
        base: || {
            let mut document = form();
            at(&mut document, FORM)["required"] = json!(["note", "count"]);
            document
        },
        mutate: |d| {
            let parts = at(d, FORM)["properties"].as_object_mut().unwrap();
            let note = parts.shift_remove("note").unwrap();
            parts.insert("note".into(), note);
        },
        rows: &["breaking type-changed /paths/~1a/post/requestBody"],
    },
    Case {
        name: "an array in a query is joined",
        base: || lists("form", true),
        mutate: |d| *d = lists("form", false),
        rows: &[
            "breaking type-changed /paths/~1a/post/parameters/0",
            "cosmetic documentation-changed /paths/~1a/post/parameters/0",
        ],
    },
    Case {
        name: "an array in a query is joined by another sign",
        base: || lists("form", false),
        mutate: |d| *d = lists("pipeDelimited", false),
        rows: &[
            "breaking type-changed /paths/~1a/post/parameters/0",
            "cosmetic documentation-changed /paths/~1a/post/parameters/0",
        ],
    },
    Case {
        name: "an optional body becomes required",
        base: || {
            let mut document = small(&json!({"type": "string"}), &json!({"type": "string"}));
            document["paths"]["/a"]["post"]["requestBody"]["required"] = json!(false);
            document
        },
        mutate: |d| at(d, "/paths/~1a/post/requestBody")["required"] = json!(true),
        rows: &["breaking body-became-required /paths/~1a/post/requestBody"],
    },
    Case {
        name: "the error of an operation has another type",
        base: || errors("Old"),
        mutate: |d| *d = errors("New"),
        rows: &[
            "breaking type-removed /components/schemas/Old",
            "additive type-added /components/schemas/New",
            "cosmetic errors-changed /paths/~1a/post",
        ],
    },
    Case {
        name: "the parameters of a path are in another order",
        base: || route("/a/{x}/{y}"),
        mutate: |d| *d = route("/a/{y}/{x}"),
        rows: &["additive operation-moved /paths/~1a~1{y}~1{x}/get"],
    },
];

const FORM: &str = "/paths/~1a/post/requestBody/content/multipart~1form-data/schema";

/// A document with one operation that sends a form.
fn form() -> Value {
    let mut document = small(&json!({}), &json!({"type": "string"}));
    let text = json!({"type": "string"});
    document["paths"]["/a"]["post"]["requestBody"]["content"] = json!({"multipart/form-data": {"schema": {
        "type": "object", "required": ["file"], "properties": {
            "file": {"type": "string", "format": "binary"},
            "note": text, "gone": text, "count": {"type": "integer"},
        },
    }}});
    document
}

/// A document with one operation that takes a list in its query.
fn lists(style: &str, explode: bool) -> Value {
    let mut document = small(&json!({"type": "string"}), &json!({"type": "string"}));
    document["paths"]["/a"]["post"]["parameters"] = json!([{"name": "ids", "in": "query", "style": style,
        "explode": explode, "schema": {"type": "array", "items": {"type": "integer"}}}]);
    document
}

/// A document with one operation that fails with a body of this name.
fn errors(name: &str) -> Value {
    let mut document = small(&json!({"type": "string"}), &json!({"type": "string"}));
    let schema = json!({"$ref": format!("#/components/schemas/{name}")});
    document["paths"]["/a"]["post"]["responses"]["400"] =
        json!({"description": "bad", "content": {"application/json": {"schema": schema}}});
    document["components"]["schemas"][name] =
        json!({"type": "object", "properties": {(name): {"type": "string"}}});
    document
}

/// A document with one operation on this path.
fn route(path: &str) -> Value {
    let parameter = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
    json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {(path): {"get": {
        "operationId": "get", "parameters": [parameter("x"), parameter("y")],
        "responses": {"204": {"description": "none"}},
    }}}})
}
