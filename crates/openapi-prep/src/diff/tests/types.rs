//! Mutations of types, with the rows of their reports.

use serde_json::json;

use super::{Case, RECEIVED, SENT, at, push, receives, remove, sends, small, tagged};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a value that collides with another gets a name of its own",
        base: || sends(&json!({"enum": ["a", "b"]})),
        mutate: |d| push(d, &format!("{SENT}/properties/f/enum"), json!("A")),
        rows: &[
            "additive enum-value-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
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
            "additive field-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/f/oneOf/0/properties/speed",
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
            "additive tag-changed /paths/~1a/post/responses/200/content/application~1json/schema/properties/f",
            "additive variant-added /paths/~1a/post/responses/200/content/application~1json/schema/properties/f",
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
            "additive variant-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "a new optional field of a request",
        base: || sends(&json!({"type": "string"})),
        mutate: |d| at(d, SENT)["properties"]["g"] = json!({"type": "string"}),
        rows: &[
            "additive field-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/g",
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
            "breaking variant-renamed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "breaking variant-renamed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "additive variant-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
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
            "cosmetic default-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "cosmetic examples-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "a named type takes further properties",
        base: || sends(&json!({"type": "string"})),
        mutate: |d| at(d, SENT)["additionalProperties"] = json!({"type": "string"}),
        rows: &[
            "additive field-added /paths/~1a/post/requestBody/content/application~1json/schema",
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
            "breaking field-became-optional /components/schemas/S/properties/a",
            "additive operation-added /paths/~1b/post",
            "additive type-added /components/schemas/S",
        ],
    },
    Case {
        name: "a field can be cleared",
        base: || sends(&json!({"type": "string"})),
        mutate: |d| at(d, SENT)["properties"]["f"]["type"] = json!(["string", "null"]),
        rows: &[
            "breaking nullability-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "documented values of an integer come, go and are renamed",
        base: || sends(&json!({"enum": [1, 2, 3], "x-enum-varnames": ["LOW", "MID", "HIGH"]})),
        mutate: |d| {
            at(d, SENT)["properties"]["f"] =
                json!({"enum": [1, 2, 4], "x-enum-varnames": ["LOW", "MEDIUM", "TOP"]});
        },
        rows: &[
            "breaking enum-value-removed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "breaking enum-value-renamed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "additive enum-value-added /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "cosmetic constraints-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
            "cosmetic documentation-changed /paths/~1a/post/requestBody/content/application~1json/schema/properties/f",
        ],
    },
    Case {
        name: "an integer of requests is in responses too",
        base: || {
            let mut document = small(
                &json!({"$ref": "#/components/schemas/N"}),
                &json!({"type": "string"}),
            );
            document["components"]["schemas"]["N"] = json!({"enum": [1, 2]});
            document
        },
        mutate: |d| *at(d, RECEIVED) = json!({"$ref": "#/components/schemas/N"}),
        rows: &["breaking type-changed /paths/~1a/post/responses/200"],
    },
];
