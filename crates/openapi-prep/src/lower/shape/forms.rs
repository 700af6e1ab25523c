//! What the objects of an OpenAPI document hold: each key, and what stands
//! under it. Keys that 3.1 alone knows stand here too; other rules say them in
//! words of 3.0 or take them out.

use super::{Form, Kind, rules};
use Kind::{
    Any, Bound, Callback, Count, Example, Flag, Form as One, List, Map, Number, Open, Pattern,
    Positive, Requirement, Schema, Schemas, Scheme, Shared, Text, Word,
};

/// The document.
pub(super) static ROOT: Form = Form {
    keys: &[
        ("openapi", Text),
        ("info", One(&INFO)),
        ("servers", List(&One(&SERVER))),
        ("paths", Open(&One(&PATH_ITEM))),
        ("components", One(&COMPONENTS)),
        ("security", List(&Map(&List(&Text)))),
        ("tags", List(&One(&TAG))),
        ("externalDocs", One(&DOCS)),
        ("webhooks", Any),
        ("jsonSchemaDialect", Any),
        ("$schema", Any),
        ("$defs", Map(&Schema)),
        ("definitions", Map(&Schema)),
    ],
    required: &[],
    rule: Some(rules::root),
};

static INFO: Form = Form {
    keys: &[
        ("title", Text),
        ("description", Text),
        ("termsOfService", Text),
        ("contact", One(&CONTACT)),
        ("license", One(&LICENSE)),
        ("version", Text),
        ("summary", Any),
    ],
    required: &[],
    rule: Some(rules::info),
};
static CONTACT: Form = Form::plain(&[("name", Text), ("url", Text), ("email", Text)]);
static LICENSE: Form = Form {
    keys: &[("name", Text), ("url", Text), ("identifier", Any)],
    required: &["name"],
    rule: None,
};
static SERVER: Form = Form {
    keys: &[
        ("url", Text),
        ("description", Text),
        ("variables", Map(&One(&VARIABLE))),
    ],
    required: &["url"],
    rule: None,
};
static VARIABLE: Form = Form {
    keys: &[
        ("enum", List(&Text)),
        ("default", Text),
        ("description", Text),
    ],
    required: &["default"],
    rule: None,
};
static TAG: Form = Form {
    keys: &[
        ("name", Text),
        ("description", Text),
        ("externalDocs", One(&DOCS)),
    ],
    required: &["name"],
    rule: None,
};
static DOCS: Form = Form {
    keys: &[("description", Text), ("url", Text)],
    required: &["url"],
    rule: None,
};
static COMPONENTS: Form = Form::plain(&[
    ("schemas", Map(&Schema)),
    ("responses", Map(&Shared(&RESPONSE))),
    ("parameters", Map(&Shared(&PARAMETER))),
    ("examples", Map(&Shared(&EXAMPLE))),
    ("requestBodies", Map(&Shared(&BODY))),
    ("headers", Map(&Shared(&HEADER))),
    ("securitySchemes", Map(&Scheme)),
    ("links", Map(&Shared(&LINK))),
    ("callbacks", Map(&CALLBACK)),
    ("pathItems", Map(&One(&PATH_ITEM))),
]);

static PATH_ITEM: Form = Form::plain(&[
    ("$ref", Text),
    ("summary", Text),
    ("description", Text),
    ("servers", List(&One(&SERVER))),
    ("parameters", List(&Shared(&PARAMETER))),
    ("get", One(&OPERATION)),
    ("put", One(&OPERATION)),
    ("post", One(&OPERATION)),
    ("delete", One(&OPERATION)),
    ("options", One(&OPERATION)),
    ("head", One(&OPERATION)),
    ("patch", One(&OPERATION)),
    ("trace", One(&OPERATION)),
]);
static OPERATION: Form = Form {
    keys: &[
        ("tags", List(&Text)),
        ("summary", Text),
        ("description", Text),
        ("externalDocs", One(&DOCS)),
        ("operationId", Text),
        ("parameters", List(&Shared(&PARAMETER))),
        ("requestBody", Shared(&BODY)),
        ("responses", Open(&Shared(&RESPONSE))),
        ("callbacks", Map(&CALLBACK)),
        ("deprecated", Flag),
        ("security", List(&Map(&List(&Text)))),
        ("servers", List(&One(&SERVER))),
    ],
    required: &[],
    rule: Some(rules::operation),
};
/// Path items by expression.
static CALLBACK: Kind = Callback(&One(&PATH_ITEM));
static PARAMETER: Form = Form {
    keys: &[
        ("name", Text),
        ("in", Word(&["path", "query", "header", "cookie"])),
        ("description", Text),
        ("required", Flag),
        ("deprecated", Flag),
        ("allowEmptyValue", Flag),
        ("style", Text),
        ("explode", Flag),
        ("allowReserved", Flag),
        ("schema", Schema),
        ("example", Any),
        ("examples", Example),
        ("content", Map(&One(&MEDIA))),
    ],
    required: &["name", "in"],
    rule: Some(rules::parameter),
};
static HEADER: Form = Form {
    keys: &[
        ("description", Text),
        ("required", Flag),
        ("deprecated", Flag),
        ("allowEmptyValue", Flag),
        ("style", Text),
        ("explode", Flag),
        ("allowReserved", Flag),
        ("schema", Schema),
        ("example", Any),
        ("examples", Example),
        ("content", Map(&One(&MEDIA))),
    ],
    required: &[],
    rule: Some(rules::parameter),
};
static BODY: Form = Form {
    keys: &[
        ("description", Text),
        ("content", Map(&One(&MEDIA))),
        ("required", Flag),
    ],
    required: &[],
    rule: Some(rules::body),
};
static RESPONSE: Form = Form {
    keys: &[
        ("description", Text),
        ("headers", Map(&Shared(&HEADER))),
        ("content", Map(&One(&MEDIA))),
        ("links", Map(&Shared(&LINK))),
    ],
    required: &[],
    rule: Some(rules::response),
};
static MEDIA: Form = Form {
    keys: &[
        ("schema", Schema),
        ("example", Any),
        ("examples", Example),
        ("encoding", Map(&One(&ENCODING))),
    ],
    required: &[],
    rule: Some(rules::examples),
};
static ENCODING: Form = Form::plain(&[
    ("contentType", Text),
    ("headers", Map(&Shared(&HEADER))),
    (
        "style",
        Word(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
    ),
    ("explode", Flag),
    ("allowReserved", Flag),
]);
/// Examples by name.
pub(super) static EXAMPLES: Kind = Map(&Shared(&EXAMPLE));
static EXAMPLE: Form = Form::plain(&[
    ("summary", Text),
    ("description", Text),
    ("value", Any),
    ("externalValue", Text),
]);
static LINK: Form = Form {
    keys: &[
        ("operationId", Text),
        ("operationRef", Text),
        ("parameters", Map(&Any)),
        ("requestBody", Any),
        ("description", Text),
        ("server", One(&SERVER)),
    ],
    required: &[],
    rule: Some(rules::link),
};

pub(super) static API_KEY: Form = Form {
    keys: &[
        ("type", Text),
        ("name", Text),
        ("in", Word(&["header", "query", "cookie"])),
        ("description", Text),
    ],
    required: &["name", "in"],
    rule: None,
};
pub(super) static HTTP: Form = Form {
    keys: &[
        ("type", Text),
        ("scheme", Text),
        ("bearerFormat", Text),
        ("description", Text),
    ],
    required: &["scheme"],
    rule: Some(rules::http),
};
pub(super) static OAUTH: Form = Form {
    keys: &[
        ("type", Text),
        ("flows", One(&FLOWS)),
        ("description", Text),
    ],
    required: &["flows"],
    rule: None,
};
pub(super) static OPEN_ID: Form = Form {
    keys: &[
        ("type", Text),
        ("openIdConnectUrl", Text),
        ("description", Text),
    ],
    required: &["openIdConnectUrl"],
    rule: None,
};
/// Taken out by another rule, with a word of its own.
pub(super) static MUTUAL: Form = Form::plain(&[("type", Text), ("description", Text)]);
static FLOWS: Form = Form::plain(&[
    ("implicit", One(&IMPLICIT)),
    ("password", One(&BY_TOKEN)),
    ("clientCredentials", One(&BY_TOKEN)),
    ("authorizationCode", One(&BY_CODE)),
]);
static IMPLICIT: Form = Form {
    keys: &[
        ("authorizationUrl", Text),
        ("refreshUrl", Text),
        ("scopes", Map(&Text)),
    ],
    required: &["authorizationUrl"],
    rule: Some(rules::flow),
};
static BY_TOKEN: Form = Form {
    keys: &[
        ("tokenUrl", Text),
        ("refreshUrl", Text),
        ("scopes", Map(&Text)),
    ],
    required: &["tokenUrl"],
    rule: Some(rules::flow),
};
static BY_CODE: Form = Form {
    keys: &[
        ("authorizationUrl", Text),
        ("tokenUrl", Text),
        ("refreshUrl", Text),
        ("scopes", Map(&Text)),
    ],
    required: &["authorizationUrl", "tokenUrl"],
    rule: Some(rules::flow),
};

/// A schema, of 3.1 or of 3.0.
pub(super) static SCHEMA: Form = Form::plain(&[
    ("$ref", Text),
    ("type", Any),
    ("properties", Map(&Schema)),
    ("description", Text),
    ("required", Requirement),
    ("items", Schemas),
    ("enum", List(&Any)),
    ("title", Text),
    ("format", Text),
    ("default", Any),
    ("nullable", Flag),
    ("example", Any),
    ("examples", Any),
    ("allOf", List(&Schema)),
    ("anyOf", List(&Schema)),
    ("oneOf", List(&Schema)),
    ("not", Schema),
    ("additionalProperties", Schema),
    ("const", Any),
    ("minimum", Number),
    ("maximum", Number),
    ("exclusiveMinimum", Bound),
    ("exclusiveMaximum", Bound),
    ("multipleOf", Positive),
    ("minLength", Count),
    ("maxLength", Count),
    ("pattern", Pattern),
    ("minItems", Count),
    ("maxItems", Count),
    ("uniqueItems", Flag),
    ("minProperties", Count),
    ("maxProperties", Count),
    ("discriminator", Any),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("deprecated", Flag),
    ("externalDocs", One(&DOCS)),
    ("xml", One(&XML)),
    ("prefixItems", List(&Schema)),
    ("patternProperties", Map(&Schema)),
    ("propertyNames", Schema),
    ("unevaluatedProperties", Schema),
    ("unevaluatedItems", Schema),
    ("additionalItems", Schema),
    ("contains", Schema),
    ("minContains", Any),
    ("maxContains", Any),
    ("if", Schema),
    ("then", Schema),
    ("else", Schema),
    ("dependentSchemas", Map(&Schema)),
    ("dependentRequired", Any),
    ("dependencies", Any),
    ("contentEncoding", Any),
    ("contentMediaType", Any),
    ("contentSchema", Schema),
    ("$defs", Map(&Schema)),
    ("definitions", Map(&Schema)),
    ("$schema", Any),
    ("$id", Any),
    ("$anchor", Any),
    ("$comment", Any),
    ("$dynamicAnchor", Any),
    ("$dynamicRef", Any),
    ("$recursiveAnchor", Any),
    ("$recursiveRef", Any),
    ("$vocabulary", Any),
]);
static XML: Form = Form::plain(&[
    ("name", Text),
    ("namespace", Text),
    ("prefix", Text),
    ("attribute", Flag),
    ("wrapped", Flag),
]);
