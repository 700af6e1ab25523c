//! The mutations, with the rows of their reports.

use serde_json::json;

use super::{Case, RECEIVED, SENT, at, fixture, push, receives, remove, sends, small, tagged};

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
            "cosmetic errors-changed /paths/~1v9~1videos/get",
            "cosmetic documentation-changed /paths/~1v9~1videos/get",
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
            "cosmetic info-changed /info/version",
            "cosmetic servers-changed /servers",
            "cosmetic info-changed /tags",
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
            "additive body-became-optional /paths/~1a/post/requestBody",
            "cosmetic status-changed /paths/~1a/post/responses/201",
        ],
    },
    Case {
        name: "a value that collides with another gets a name of its own",
        base: || sends(&json!({"enum": ["a", "b"]})),
        mutate: |d| push(d, &format!("{SENT}/properties/f/enum"), json!("A")),
        rows: &[
            "breaking enum-value-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "a value that differs in its signs renames no other",
        base: || receives(&json!({"enum": ["16:9", "b"]})),
        mutate: |d| push(d, &format!("{RECEIVED}/properties/f/enum"), json!("16 9")),
        rows: &[
            "additive enum-value-added /paths/~1a/post/responses/200/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "a value of an enum goes, and one comes",
        base: || receives(&json!({"enum": ["a", "b"]})),
        mutate: |d| at(d, RECEIVED)["properties"]["f"]["enum"] = json!(["b", "c"]),
        rows: &[
            "breaking enum-value-removed /paths/~1a/post/responses/200/content/application~1json/schema/properties/f",
            "additive enum-value-added /paths/~1a/post/responses/200/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "a type of requests is in responses too",
        base: || {
            let shared = json!({"$ref": "#/components/schemas/S"});
            let mut document = small(
                &shared,
                &json!({"type": "object", "properties": {"f": {"type": "string"}}}),
            );
            document["components"]["schemas"]["S"] =
                json!({"type": "object", "properties": {"e": {"enum": ["a", "b"]}}});
            document
        },
        mutate: |d| {
            at(d, RECEIVED)["properties"]["s"] = json!({"$ref": "#/components/schemas/S"});
        },
        rows: &[
            "breaking openness-changed /components/schemas/S",
            "breaking openness-changed /components/schemas/S/properties/e",
            "additive field-added /paths/~1a/post/responses/200/content/application~1json/schema/properties/s",
        ],
    },
    Case {
        name: "a variant that is only a tag gains a field",
        base: || sends(&tagged()),
        mutate: |d| {
            at(d, &format!("{SENT}/properties/f/oneOf/0/properties"))["speed"] =
                json!({"type": "integer"});
        },
        rows: &[
            "breaking type-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f/oneOf/0",
            "breaking type-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "variants come and go, and the tag is elsewhere",
        base: || receives(&tagged()),
        mutate: |d| {
            let variant = |tag: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": tag}}});
            at(d, RECEIVED)["properties"]["f"] = json!({"oneOf": [variant("on"), variant("auto")]});
        },
        rows: &[
            "breaking type-removed /paths/~1a/post/responses/200/content/application~1json/schema/properties/f/oneOf/1",
            "breaking variant-removed /paths/~1a/post/responses/200/content/application~1json/schema/properties/f",
            "additive type-added /paths/~1a/post/responses/200/content/application~1json/schema/properties/f/oneOf/1",
            "additive variant-added /paths/~1a/post/responses/200/content/application~1json/schema/properties/f",
            "additive tag-changed /paths/~1a/post/responses/200/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "variants of a union without tags",
        base: || sends(&json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})),
        mutate: |d| {
            push(
                d,
                &format!("{SENT}/properties/f/oneOf"),
                json!({"type": "array", "items": {"type": "string"}}),
            );
        },
        rows: &[
            "breaking variant-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "a new optional field of a request",
        base: || sends(&json!({"type": "string"})),
        mutate: |d| at(d, SENT)["properties"]["g"] = json!({"type": "string"}),
        rows: &[
            "breaking field-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/g",
        ],
    },
    Case {
        name: "fields come, go, are renamed, required and optional",
        base: || {
            let text = json!({"type": "string"});
            small(
                &json!({"type": "object", "required": ["b"], "properties": {"a": text, "b": text, "c": text, "d": {"type": "array", "items": text}}}),
                &json!({"type": "object", "properties": {"a": text, "b": text}}),
            )
        },
        mutate: |d| {
            at(d, SENT)["required"] = json!(["a", "d"]);
            at(d, SENT)["properties"]["c"] = json!({"type": "integer"});
            at(d, RECEIVED)["properties"] =
                json!({"b": {"type": "string", "description": "B."}, "new": {"type": "string"}});
        },
        rows: &[
            "breaking field-became-required /paths/~1a/post/requestBody/content/application~1json/schema/properties/a",
            "breaking field-became-optional /paths/~1a/post/requestBody/content/application~1json/schema/properties/b",
            "breaking type-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/c",
            "breaking field-became-required /paths/~1a/post/requestBody/content/application~1json/schema/properties/d",
            "breaking field-removed /paths/~1a/post/responses/200/content/application~1json/schema/properties/a",
            "additive field-added /paths/~1a/post/responses/200/content/application~1json/schema/properties/new",
            "cosmetic documentation-changed /paths/~1a/post/responses/200/content/application~1json/schema/properties/b",
        ],
    },
    Case {
        name: "an equal type of an operation that was not touched stays",
        base: || {
            let mut document = receives(
                &json!({"type": "object", "title": "Owner", "properties": {"a": {"type": "string"}}}),
            );
            let other = receives(
                &json!({"type": "object", "title": "Owner", "properties": {"a": {"type": "string"}}}),
            );
            document["paths"]["/b"] = other["paths"]["/a"].clone();
            document["paths"]["/b"]["post"]["operationId"] = json!("other");
            document
        },
        mutate: |d| {
            at(d, RECEIVED)["properties"]["f"]["properties"]["b"] = json!({"type": "string"});
        },
        rows: &[
            "additive field-added /paths/~1a/post/responses/200/content/application~1json/schema/properties/f/properties/b",
        ],
    },
    Case {
        name: "a schema has the name of a type of Rust",
        base: || {
            let mut document = receives(&json!({"$ref": "#/components/schemas/Outcome"}));
            document["components"]["schemas"]["Outcome"] =
                json!({"type": "object", "properties": {"a": {"type": "string"}}});
            document
        },
        mutate: |d| {
            let schema = remove(d, "/components/schemas", "Outcome");
            d["components"]["schemas"]["Result"] = schema;
            *at(d, &format!("{RECEIVED}/properties/f")) =
                json!({"$ref": "#/components/schemas/Result"});
        },
        rows: &["breaking type-renamed /components/schemas/Result"],
    },
    Case {
        name: "variants that shared a first word do so no more",
        base: || {
            let mut document = sends(&json!({"oneOf": [
                {"$ref": "#/components/schemas/VideoText"}, {"$ref": "#/components/schemas/VideoImage"}]}));
            for name in ["VideoText", "VideoImage", "Sound"] {
                document["components"]["schemas"][name] =
                    json!({"type": "object", "properties": {(name): {"type": "string"}}});
            }
            document
        },
        mutate: |d| {
            push(
                d,
                &format!("{SENT}/properties/f/oneOf"),
                json!({"$ref": "#/components/schemas/Sound"}),
            );
        },
        rows: &[
            "breaking variant-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "breaking variant-renamed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "breaking variant-renamed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "additive type-added /components/schemas/Sound",
        ],
    },
    Case {
        name: "defaults and examples",
        base: || sends(&json!({"type": "string", "default": "a", "example": "x"})),
        mutate: |d| {
            let property = at(d, &format!("{SENT}/properties/f"));
            property["default"] = json!("b");
            property["example"] = json!("y");
        },
        rows: &[
            "cosmetic example-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "cosmetic default-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "a named type takes further properties",
        base: || sends(&json!({"type": "string"})),
        mutate: |d| at(d, SENT)["additionalProperties"] = json!({"type": "string"}),
        rows: &[
            "breaking field-added /paths/~1a/post/requestBody/content/application~1json/schema",
        ],
    },
    Case {
        name: "a type of an untouched operation is renamed: requests and responses have a type each",
        base: || {
            let mut document = small(
                &json!({"$ref": "#/components/schemas/S"}),
                &json!({"type": "string"}),
            );
            document["components"]["schemas"]["S"] = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}});
            document
        },
        mutate: |d| {
            let mut other = small(
                &json!({"type": "string"}),
                &json!({"$ref": "#/components/schemas/S"}),
            );
            d["paths"]["/b"] = other["paths"]["/a"].take();
            d["paths"]["/b"]["post"]["operationId"] = json!("other");
        },
        rows: &[
            "breaking type-changed /paths/~1a/post/requestBody",
            "breaking openness-changed /components/schemas/S",
            "breaking field-became-optional /components/schemas/S/properties/a",
            "additive operation-added /paths/~1b/post",
            "additive type-added /components/schemas/S",
        ],
    },
];
