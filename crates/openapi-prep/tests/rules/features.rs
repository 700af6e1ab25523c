//! What documents hold that the stages have to deal with, each with the folder
//! that shows it. A folder of a rule's name shows the rule as well.

const LOWER: &str = "lower";
const REPAIR: &str = "repair";
const NORMALISE: &str = "normalise";

/// A feature, the stage that deals with it, and the folder.
pub(crate) const FEATURES: &[(&str, &str, &str)] = &[
    ("a type and null", LOWER, "type-list"),
    ("anyOf or oneOf with null", LOWER, "nullable"),
    ("enum holding null", LOWER, "null-in-enum"),
    ("null next to $ref", LOWER, "null-beside-reference"),
    ("null alone", LOWER, "null-alone"),
    ("several types at once", LOWER, "several-types"),
    ("const", LOWER, "const"),
    ("examples to example", LOWER, "examples"),
    ("examples that their schema refuses", LOWER, "examples"),
    ("$ref with siblings", LOWER, "reference-siblings"),
    (
        "$defs, definitions and references into them",
        REPAIR,
        "definitions",
    ),
    (
        "definitions at the top, and a mapping to them",
        REPAIR,
        "top-definitions",
    ),
    (
        "references into the nearest $defs",
        REPAIR,
        "nested-definitions",
    ),
    ("boolean schemas", LOWER, "boolean-schema"),
    ("prefixItems and tuples", NORMALISE, "tuple"),
    ("contentEncoding and contentMediaType", LOWER, "content"),
    ("patternProperties", LOWER, "pattern-properties"),
    ("propertyNames", LOWER, "inexpressible"),
    (
        "unevaluatedProperties and unevaluatedItems",
        LOWER,
        "inexpressible",
    ),
    ("if, then, else", LOWER, "inexpressible"),
    (
        "dependentSchemas and dependentRequired",
        LOWER,
        "inexpressible",
    ),
    ("contains, minContains, maxContains", LOWER, "inexpressible"),
    ("path items by $ref", REPAIR, "path-items"),
    ("mutualTLS", LOWER, "security-scheme"),
    ("$dynamicRef", REPAIR, "dynamic-reference"),
    ("operations without responses", REPAIR, "required-parts"),
    ("documents without paths", REPAIR, "no-paths"),
    ("nullable", REPAIR, "nullable"),
    ("empty required", REPAIR, "required"),
    ("empty enum", REPAIR, "empty-enum"),
    ("repeated required and enum", REPAIR, "repeated"),
    ("references to nothing", REPAIR, "reference"),
    ("integers beyond 64 bits", REPAIR, "large-number"),
    ("names with braces", NORMALISE, "path-parameter-name"),
    (
        "missing required: true",
        NORMALISE,
        "path-parameter-required",
    ),
    (
        "undeclared path parameters",
        NORMALISE,
        "path-parameter-missing",
    ),
    ("duplicate parameters", REPAIR, "repeated-parameter"),
    ("explode: false arrays", NORMALISE, "parameter-style"),
    ("deep objects", NORMALISE, "parameter-object"),
    (
        "an optional parameter named body",
        NORMALISE,
        "parameter-name",
    ),
    (
        "a required parameter named body",
        NORMALISE,
        "parameter-body",
    ),
    (
        "missing or duplicate operationIds",
        NORMALISE,
        "operation-id",
    ),
    ("several success responses", NORMALISE, "one-success"),
    ("several request media types", NORMALISE, "media-type"),
    ("multipart bodies", NORMALISE, "multipart"),
    ("bodies of other media types", NORMALISE, "content-type"),
    ("optional bodies", NORMALISE, "optional-body"),
    ("responses of other media types", NORMALISE, "response-type"),
    ("values written as strings in default", NORMALISE, "default"),
    (
        "default, bounds, patterns, formats to descriptions",
        NORMALISE,
        "bounds",
    ),
    ("additionalProperties: false", NORMALISE, "closed-object"),
    (
        "inline object and enum schemas hoisted",
        NORMALISE,
        "inline-schema",
    ),
    (
        "inline answers and requests hoisted",
        NORMALISE,
        "inline-answers",
    ),
    ("maps of inline objects", NORMALISE, "additional-properties"),
    ("equal shapes shared", NORMALISE, "inline-schema"),
    ("title clashes", NORMALISE, "title"),
    ("discriminated unions", NORMALISE, "tagged-union"),
    (
        "discriminated unions without a mapping",
        NORMALISE,
        "tags-by-name",
    ),
    ("what selects a variant", NORMALISE, "tags"),
    (
        "discriminators that select nothing",
        NORMALISE,
        "discriminator-of-one",
    ),
    ("unions of lists and maps", NORMALISE, "union-of-lists"),
    ("allOf that merges", NORMALISE, "all-of"),
    ("allOf that cannot", NORMALISE, "all-of-contradiction"),
    ("allOf in a circle", NORMALISE, "all-of-circle"),
    ("allOf and unions", NORMALISE, "all-of-union"),
    ("anyOf of objects", NORMALISE, "any-of-objects"),
    (
        "anyOf of objects in requests",
        NORMALISE,
        "any-of-objects-sent",
    ),
    (
        "enum values that collide or have no name",
        NORMALISE,
        "enum",
    ),
    ("recursive types", NORMALISE, "recursive"),
    ("prose", NORMALISE, "prose"),
    ("a schema that both sides use", NORMALISE, "split"),
    (
        "a union that is its own variant",
        NORMALISE,
        "circle-of-variants",
    ),
    ("null in a variant", NORMALISE, "nullable-variant"),
];

/// Whether a folder is that of a feature.
pub(crate) fn named(stage: &str, folder: &str) -> bool {
    let mut all = FEATURES.iter();
    all.any(|(_, other, name)| *other == stage && *name == folder)
}
