//! Fields and their types.

use super::*;

const SCHEMAS: &str = "/components/schemas";

#[test]
fn mutations_have_their_class() {
    run(CASES);
}

/// A field of the one operation's request.
fn field(schema: &Value, required: bool) -> Value {
    let required: &[&str] = if required { &["f"] } else { &[] };
    let request = json!({"type": "object", "properties": {"f": schema}, "required": required});
    small(&request, &json!({}))
}

const FIELD: &str = "/paths/~1a/post/requestBody/content/application~1json/schema/properties/f";
const BODY: &str = "/paths/~1a/post/requestBody/content/application~1json/schema";
const ANSWER: &str = "/paths/~1a/post/responses/200/content/application~1json/schema";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "fields of a request come",
        base: fixture,
        mutate: |d| {
            let schema = format!("{SCHEMAS}/CreateFromImage");
            at(d, &schema)["properties"]["title"] = json!({"type": "string"});
            at(d, &schema)["properties"]["voice_id"] = json!({"type": "string"});
            push(d, &format!("{schema}/required"), json!("voice_id"));
        },
        rows: &[
            "breaking field-added /components/schemas/CreateFromImage/properties/voice_id",
            "additive field-added /components/schemas/CreateFromImage/properties/title",
        ],
    },
    Case {
        name: "fields of an answer come, required or not",
        base: fixture,
        mutate: |d| {
            let schema = format!("{SCHEMAS}/VideoDetail");
            at(d, &schema)["properties"]["title"] = json!({"type": "string"});
            at(d, &schema)["properties"]["gif"] = json!({"type": "string"});
            push(d, &format!("{schema}/required"), json!("gif"));
        },
        rows: &[
            "additive field-added /components/schemas/VideoDetail/properties/gif",
            "additive field-added /components/schemas/VideoDetail/properties/title",
        ],
    },
    Case {
        name: "fields go",
        base: fixture,
        mutate: |d| {
            remove(
                d,
                &format!("{SCHEMAS}/CreateFromAvatar/properties"),
                "callback_id",
            );
            remove(
                d,
                &format!("{SCHEMAS}/VideoDetail/properties/failure/properties"),
                "code",
            );
        },
        rows: &[
            "breaking field-removed /components/schemas/CreateFromAvatar/properties/callback_id",
            "breaking field-removed /components/schemas/VideoDetail/properties/failure/properties/code",
        ],
    },
    Case {
        name: "a field deep in an answer without names goes",
        base: avatar,
        mutate: |d| {
            let data = "/paths/~1v2~1avatar~1{avatar_id}~1details/get/responses/200/content/application~1json/schema/properties/data/properties";
            remove(d, data, "premium");
        },
        rows: &[
            "breaking field-removed /paths/~1v2~1avatar~1{avatar_id}~1details/get/responses/200/content/application~1json/schema/properties/data/properties/premium",
        ],
    },
    Case {
        name: "a field must be in a request",
        base: fixture,
        mutate: |d| {
            push(
                d,
                &format!("{SCHEMAS}/CreateFromAvatar/required"),
                json!("aspect_ratio"),
            );
        },
        rows: &[
            "breaking field-became-required /components/schemas/CreateFromAvatar/properties/aspect_ratio",
        ],
    },
    Case {
        name: "a field that may be null must be in a request",
        base: fixture,
        mutate: |d| {
            push(
                d,
                &format!("{SCHEMAS}/CreateFromAvatar/required"),
                json!("callback_id"),
            );
        },
        rows: &[
            "breaking field-became-required /components/schemas/CreateFromAvatar/properties/callback_id",
        ],
    },
    Case {
        name: "a field may be left out of a request, which makes its type an option",
        base: fixture,
        mutate: |d| without(d, &format!("{SCHEMAS}/CreateFromAvatar/required"), "script"),
        rows: &[
            "breaking field-became-optional /components/schemas/CreateFromAvatar/properties/script",
        ],
    },
    Case {
        name: "a field that may be null may be left out of a request",
        base: || field(&json!({"type": ["string", "null"]}), true),
        mutate: |d| without(d, &format!("{BODY}/required"), "f"),
        rows: &[
            "additive field-became-optional /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "a required field of a request may be null",
        base: || field(&json!({"type": "string"}), true),
        mutate: |d| *at(d, FIELD) = json!({"type": ["string", "null"]}),
        rows: &[
            "breaking nullability-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "an optional field of a request may be null",
        base: || field(&json!({"type": "string"}), false),
        mutate: |d| *at(d, FIELD) = json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        rows: &[
            "breaking nullability-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "an item of a list may be null",
        base: || {
            field(
                &json!({"type": "array", "items": {"type": "string"}}),
                false,
            )
        },
        mutate: |d| {
            *at(d, FIELD) = json!({"type": "array", "items": {"type": "string", "nullable": true}});
        },
        rows: &[
            "breaking nullability-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f/items",
        ],
    },
    Case {
        name: "what an answer always has, and what may be null there",
        base: fixture,
        mutate: |d| {
            without(d, &format!("{SCHEMAS}/VideoDetail/required"), "status");
            push(
                d,
                &format!("{SCHEMAS}/VideoDetail/required"),
                json!("layers"),
            );
            *at(d, &format!("{SCHEMAS}/VideoDetail/properties/failure/type")) =
                json!(["object", "null"]);
        },
        rows: &[
            "cosmetic nullability-changed /components/schemas/VideoDetail/properties/failure",
            "cosmetic field-became-required /components/schemas/VideoDetail/properties/layers",
            "cosmetic field-became-optional /components/schemas/VideoDetail/properties/status",
        ],
    },
    Case {
        name: "an id may be left out",
        base: fixture,
        mutate: |d| without(d, &format!("{SCHEMAS}/VideoDetail/required"), "id"),
        rows: &["breaking id-became-optional /components/schemas/VideoDetail/properties/id"],
    },
    Case {
        name: "an id may be null",
        base: fixture,
        mutate: |d| {
            *at(d, &format!("{SCHEMAS}/VideoDetail/properties/id/type")) =
                json!(["string", "null"]);
        },
        rows: &["breaking id-became-optional /components/schemas/VideoDetail/properties/id"],
    },
    Case {
        name: "an id is always there",
        base: || {
            let mut document = fixture();
            without(
                &mut document,
                &format!("{SCHEMAS}/VideoDetail/required"),
                "id",
            );
            document
        },
        mutate: |d| {
            push(d, &format!("{SCHEMAS}/VideoDetail/required"), json!("id"));
        },
        rows: &["breaking id-became-required /components/schemas/VideoDetail/properties/id"],
    },
    Case {
        name: "types of fields",
        base: fixture,
        mutate: |d| {
            *at(d, &format!("{SCHEMAS}/ShapeLayer/properties/corners/type")) = json!("number");
            *at(d, &format!("{SCHEMAS}/VideoDetail/properties/layers")) =
                json!({"$ref": "#/components/schemas/Layer"});
            *at(d, &format!("{SCHEMAS}/CreateFromAvatar/properties/script")) =
                json!({"type": "array", "items": {"type": "string"}});
        },
        rows: &[
            "breaking type-changed /components/schemas/CreateFromAvatar/properties/script",
            "breaking type-changed /components/schemas/ShapeLayer/properties/corners",
            "breaking type-changed /components/schemas/VideoDetail/properties/layers",
            "cosmetic bounds-changed /components/schemas/CreateFromAvatar/properties/script/maxLength",
            "cosmetic prose-changed /components/schemas/CreateFromAvatar/properties/script/title",
        ],
    },
    Case {
        name: "the items of a list",
        base: fixture,
        mutate: |d| {
            *at(d, &format!("{SCHEMAS}/VideoDetail/properties/layers/items")) =
                json!({"type": "string"});
        },
        rows: &[
            "breaking schema-removed /components/schemas/Layer",
            "breaking schema-removed /components/schemas/ShapeLayer",
            "breaking schema-removed /components/schemas/TextLayer",
            "breaking type-changed /components/schemas/VideoDetail/properties/layers/items",
        ],
    },
    Case {
        name: "the values of a map",
        base: || {
            small(
                &json!({}),
                &json!({"type": "object", "additionalProperties": {"type": "string"}}),
            )
        },
        mutate: |d| *at(d, &format!("{ANSWER}/additionalProperties/type")) = json!("integer"),
        rows: &[
            "breaking type-changed /paths/~1a/post/responses/200/content/application~1json/schema/additionalProperties",
        ],
    },
    Case {
        name: "one of the two values that a list holds",
        base: || {
            small(
                &json!({}),
                &json!({"type": "array", "items": false, "prefixItems": [{"type": "string"}, {"type": "integer"}]}),
            )
        },
        mutate: |d| *at(d, &format!("{ANSWER}/prefixItems/1/type")) = json!("boolean"),
        rows: &[
            "breaking type-changed /paths/~1a/post/responses/200/content/application~1json/schema/prefixItems/1",
        ],
    },
    Case {
        name: "one of the first two values of a list that may hold others",
        base: || {
            small(
                &json!({}),
                &json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}),
            )
        },
        mutate: |d| *at(d, &format!("{ANSWER}/prefixItems/1/type")) = json!("boolean"),
        rows: &[
            "cosmetic other-changed /paths/~1a/post/responses/200/content/application~1json/schema/prefixItems",
        ],
    },
    Case {
        name: "text becomes bytes",
        base: || field(&json!({"type": "string"}), true),
        mutate: |d| at(d, FIELD)["format"] = json!("binary"),
        rows: &[
            "breaking type-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "cosmetic bounds-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f/format",
        ],
    },
    Case {
        name: "an object takes fields of other names",
        base: fixture,
        mutate: |d| {
            at(d, &format!("{SCHEMAS}/Background"))["additionalProperties"] =
                json!({"type": "string"});
        },
        rows: &[
            "additive extra-fields-changed /components/schemas/Background/additionalProperties",
        ],
    },
    Case {
        name: "an object takes no fields of other names any more",
        base: || {
            small(
                &json!({"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "string"}}),
                &json!({}),
            )
        },
        mutate: |d| *at(d, &format!("{BODY}/additionalProperties")) = json!(false),
        rows: &[
            "breaking extra-fields-changed /paths/~1a/post/requestBody/content/application~1json/schema",
        ],
    },
    Case {
        name: "a closed object is opened: it was read as open",
        base: fixture,
        mutate: |d| {
            remove(d, &format!("{SCHEMAS}/VideoDetail"), "additionalProperties");
        },
        rows: &[],
    },
];
