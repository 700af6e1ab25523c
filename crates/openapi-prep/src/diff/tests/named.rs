//! Enum values, unions, names of schemas, and what is said about them.

use super::*;

const SCHEMAS: &str = "/components/schemas";
const ANSWER: &str = "/paths/~1a/post/responses/200/content/application~1json/schema";

#[test]
fn mutations_have_their_class() {
    run(CASES);
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "values of a request's enum",
        base: fixture,
        mutate: |d| {
            *at(
                d,
                &format!("{SCHEMAS}/CreateFromAvatar/properties/aspect_ratio/enum"),
            ) = json!(["16:9", "1:1"]);
        },
        rows: &[
            "breaking enum-value-removed /components/schemas/CreateFromAvatar/properties/aspect_ratio",
            "additive enum-value-added /components/schemas/CreateFromAvatar/properties/aspect_ratio",
        ],
    },
    Case {
        name: "values of an answer's enum",
        base: || {
            small(
                &json!({}),
                &json!({"type": "string", "enum": ["a", "b", "c"]}),
            )
        },
        mutate: |d| *at(d, &format!("{ANSWER}/enum")) = json!(["a", "b", "d"]),
        rows: &[
            "breaking enum-value-removed /paths/~1a/post/responses/200/content/application~1json/schema",
            "additive enum-value-added /paths/~1a/post/responses/200/content/application~1json/schema",
        ],
    },
    Case {
        name: "a value of an enum of both",
        base: fixture,
        mutate: |d| push(d, &format!("{SCHEMAS}/VideoStatus/enum"), json!("archived")),
        rows: &["additive enum-value-added /components/schemas/VideoStatus"],
    },
    Case {
        name: "values of an enum in another order",
        base: fixture,
        mutate: |d| {
            at(d, &format!("{SCHEMAS}/VideoStatus/enum"))
                .as_array_mut()
                .unwrap()
                .reverse();
        },
        rows: &["cosmetic enum-reordered /components/schemas/VideoStatus"],
    },
    Case {
        name: "an enum is any text",
        base: fixture,
        mutate: |d| {
            remove(d, &format!("{SCHEMAS}/Background/properties/type"), "enum");
        },
        rows: &["breaking type-changed /components/schemas/Background/properties/type"],
    },
    Case {
        name: "the values of a number, and a fixed value of an answer, are documentation",
        base: || {
            small(
                &json!({}),
                &json!({"type": "object", "properties": {"n": {"enum": [0.5, 1.5]}, "o": {"const": "list"}}}),
            )
        },
        mutate: |d| {
            *at(d, &format!("{ANSWER}/properties/n/enum")) = json!([0.5, 1.5, 2.5]);
            *at(d, &format!("{ANSWER}/properties/o/const")) = json!("page");
        },
        rows: &[
            "cosmetic bounds-changed /paths/~1a/post/responses/200/content/application~1json/schema/properties/n",
            "cosmetic bounds-changed /paths/~1a/post/responses/200/content/application~1json/schema/properties/o",
        ],
    },
    Case {
        name: "a variant comes",
        base: fixture,
        mutate: |d| {
            d["components"]["schemas"]["VideoSource"] = json!({"type": "object", "properties": {"type": {"const": "video"}, "url": {"type": "string"}}, "required": ["type"]});
            let source = format!("{SCHEMAS}/VideoDetail/properties/source");
            push(
                d,
                &format!("{source}/oneOf"),
                json!({"$ref": "#/components/schemas/VideoSource"}),
            );
            at(d, &source)["discriminator"]["mapping"]["video"] =
                json!("#/components/schemas/VideoSource");
        },
        rows: &[
            "additive variant-added /components/schemas/VideoDetail/properties/source/oneOf/2",
            "additive schema-added /components/schemas/VideoSource",
        ],
    },
    Case {
        name: "a variant goes",
        base: fixture,
        mutate: |d| {
            push(
                d,
                &format!("{SCHEMAS}/Layer/oneOf"),
                json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "line"}}}),
            );
            remove_first(d, &format!("{SCHEMAS}/Layer/oneOf"));
        },
        rows: &[
            "breaking variant-removed /components/schemas/Layer/oneOf/0",
            "breaking schema-removed /components/schemas/TextLayer",
            "additive variant-added /components/schemas/Layer/oneOf/1",
        ],
    },
    Case {
        name: "a variant has another tag",
        base: fixture,
        mutate: |d| {
            let mapping = format!("{SCHEMAS}/VideoDetail/properties/source/discriminator/mapping");
            let image = remove(d, &mapping, "image");
            at(d, &mapping)["picture"] = image;
        },
        rows: &[
            "breaking variant-renamed /components/schemas/VideoDetail/properties/source/oneOf/1",
        ],
    },
    Case {
        name: "variants are not told apart any more",
        base: fixture,
        mutate: |d| {
            *at(d, &format!("{SCHEMAS}/TextLayer/properties/kind")) = json!({"type": "string"});
        },
        rows: &[
            "breaking tag-changed /components/schemas/Layer",
            "additive field-added /components/schemas/ShapeLayer/properties/kind",
            "additive field-added /components/schemas/TextLayer/properties/kind",
        ],
    },
    Case {
        name: "a named schema has another name",
        base: fixture,
        mutate: |d| rename(d, "VideoDetail", "Video"),
        rows: &["breaking schema-renamed /components/schemas/Video"],
    },
    Case {
        name: "a named schema has another name and a new field",
        base: fixture,
        mutate: |d| {
            rename(d, "CreateFromImage", "ImageVideo");
            at(d, &format!("{SCHEMAS}/ImageVideo"))["properties"]["title"] =
                json!({"type": "string"});
        },
        rows: &[
            "breaking schema-renamed /components/schemas/ImageVideo",
            "additive field-added /components/schemas/ImageVideo/properties/title",
        ],
    },
    Case {
        name: "a named schema is spelled so that its type keeps its name",
        base: fixture,
        mutate: |d| rename(d, "VideoStatus", "video_status"),
        rows: &["cosmetic schema-renamed /components/schemas/video_status"],
    },
    Case {
        name: "an overlay's name for a schema is another one",
        base: || {
            let mut document = small(
                &json!({}),
                &json!({"type": "object", "properties": {"a": {"type": "string"}}}),
            );
            at(&mut document, ANSWER)["x-schema-name"] = json!("Made");
            document
        },
        mutate: |d| *at(d, &format!("{ANSWER}/x-schema-name")) = json!("Thing"),
        rows: &[
            "breaking type-renamed /paths/~1a/post/responses/200/content/application~1json/schema",
        ],
    },
    Case {
        name: "a type that was named after its place has a name",
        base: fixture,
        mutate: |d| {
            let failure = at(d, &format!("{SCHEMAS}/VideoDetail/properties/failure")).take();
            d["components"]["schemas"]["Failure"] = failure;
            *at(d, &format!("{SCHEMAS}/VideoDetail/properties/failure")) =
                json!({"$ref": "#/components/schemas/Failure"});
        },
        rows: &[
            "breaking type-renamed /components/schemas/VideoDetail/properties/failure",
            "additive schema-added /components/schemas/Failure",
        ],
    },
    Case {
        name: "a type that was named after its place has that name",
        base: fixture,
        mutate: |d| {
            let failure = at(d, &format!("{SCHEMAS}/VideoDetail/properties/failure")).take();
            d["components"]["schemas"]["VideoDetailFailure"] = failure;
            *at(d, &format!("{SCHEMAS}/VideoDetail/properties/failure")) =
                json!({"$ref": "#/components/schemas/VideoDetailFailure"});
        },
        rows: &["additive schema-added /components/schemas/VideoDetailFailure"],
    },
    Case {
        name: "a field is of another named type",
        base: fixture,
        mutate: |d| {
            *at(d, &format!("{SCHEMAS}/VideoDetail/properties/source")) =
                json!({"$ref": "#/components/schemas/Background"});
        },
        rows: &[
            "breaking schema-removed /components/schemas/AvatarSource",
            "breaking schema-removed /components/schemas/ImageSource",
            "breaking type-changed /components/schemas/VideoDetail/properties/source",
        ],
    },
    Case {
        name: "prose, examples, defaults, bounds, marks of schemas",
        base: fixture,
        mutate: |d| {
            *at(d, &format!("{SCHEMAS}/Background/description")) = json!("Behind the avatar.");
            *at(
                d,
                &format!("{SCHEMAS}/CreateFromAvatar/properties/script/maxLength"),
            ) = json!(6000);
            *at(
                d,
                &format!("{SCHEMAS}/CreateFromAvatar/properties/aspect_ratio/default"),
            ) = json!("9:16");
            *at(
                d,
                &format!("{SCHEMAS}/CreateFromImage/properties/expressiveness/examples"),
            ) = json!(["low"]);
            at(d, &format!("{SCHEMAS}/VideoDetail/properties/duration"))["deprecated"] =
                json!(true);
            at(d, &format!("{SCHEMAS}/VideoDetail/properties/duration"))["x-unit"] = json!("s");
        },
        rows: &[
            "additive deprecated /components/schemas/VideoDetail/properties/duration/deprecated",
            "cosmetic prose-changed /components/schemas/Background/description",
            "cosmetic default-changed /components/schemas/CreateFromAvatar/properties/aspect_ratio/default",
            "cosmetic bounds-changed /components/schemas/CreateFromAvatar/properties/script/maxLength",
            "cosmetic example-changed /components/schemas/CreateFromImage/properties/expressiveness/examples",
            "cosmetic other-changed /components/schemas/VideoDetail/properties/duration/x-unit",
        ],
    },
    Case {
        name: "schemas that nothing uses",
        base: fixture,
        mutate: |d| d["components"]["schemas"]["Idle"] = json!({"type": "string"}),
        rows: &["cosmetic unused-schema-changed /components/schemas/Idle"],
    },
];

fn remove_first(document: &mut Value, pointer: &str) {
    at(document, pointer).as_array_mut().unwrap().remove(0);
}
