//! The objects of an OpenAPI document: the keys of each, and what each key
//! takes. Keys that only 3.1 has are among them; later stages rewrite or drop
//! those.

use serde_json::Value;

use super::{
    Object,
    Spec::{
        self, Any, Flag, List, Map, Number, Object as One, OneOf, Open, Or, Schema, Schemas,
        SecurityScheme, Shared, Target, Text, Type,
    },
    fixes,
};

/// Declares objects: their keys, the keys without which there is no object, and
/// after `=>` what completes it.
macro_rules! objects {
    (@fix) => { None };
    (@fix $fix:ident) => { Some(fixes::$fix) };
    ($($name:ident $([$($required:literal),*])? $(=> $fix:ident)? {
        $($spec:expr => $($key:literal)+;)*
    })*) => {$(
        pub(super) static $name: Object = Object {
            keys: &[$((&[$($key),+], $spec),)*],
            required: &[$($($required),*)?],
            fix: objects!(@fix $($fix)?),
        };
    )*};
}

/// Examples by name, or a list of them as schemas have it.
const EXAMPLES: Spec = Or(Value::is_array, &EXAMPLES_BY_NAME);
static EXAMPLES_BY_NAME: Spec = Map(&EXAMPLE_OR_REFERENCE);
static EXAMPLE_OR_REFERENCE: Spec = Shared(&EXAMPLE);
/// Names of properties, or a flag as parameters have it.
const NAMES: Spec = Or(Value::is_boolean, &List(&Text));

objects! {
    DOCUMENT => document {
        Text => "openapi"; One(&INFO) => "info"; List(&One(&SERVER)) => "servers";
        Open(&One(&PATH_ITEM)) => "paths"; One(&COMPONENTS) => "components";
        List(&Map(&List(&Text))) => "security"; List(&One(&TAG)) => "tags";
        One(&DOCS) => "externalDocs"; Any => "webhooks" "jsonSchemaDialect" "$schema";
        Map(&Schema) => "$defs" "definitions";
    }
    INFO => info {
        Text => "title" "version" "description" "termsOfService"; Any => "summary";
        One(&CONTACT) => "contact"; One(&LICENSE) => "license";
    }
    CONTACT { Text => "name" "url" "email"; }
    LICENSE ["name"] { Text => "name" "url"; Any => "identifier"; }
    SERVER ["url"] { Text => "url" "description"; Map(&One(&SERVER_VARIABLE)) => "variables"; }
    SERVER_VARIABLE ["default"] { List(&Text) => "enum"; Text => "default" "description"; }
    TAG ["name"] { Text => "name" "description"; One(&DOCS) => "externalDocs"; }
    DOCS ["url"] { Text => "description" "url"; }
    COMPONENTS {
        Map(&Schema) => "schemas"; Map(&Shared(&RESPONSE)) => "responses";
        Map(&Shared(&PARAMETER)) => "parameters"; Map(&Shared(&EXAMPLE)) => "examples";
        Map(&Shared(&REQUEST_BODY)) => "requestBodies"; Map(&Shared(&HEADER)) => "headers";
        Map(&SecurityScheme) => "securitySchemes"; Map(&Shared(&LINK)) => "links";
        Any => "callbacks"; Map(&One(&PATH_ITEM)) => "pathItems";
    }
    PATH_ITEM {
        Text => "$ref" "summary" "description"; List(&One(&SERVER)) => "servers";
        List(&Shared(&PARAMETER)) => "parameters";
        One(&OPERATION) => "get" "put" "post" "delete" "options" "head" "patch" "trace";
    }
    OPERATION => operation {
        List(&Text) => "tags"; Text => "summary" "description" "operationId";
        One(&DOCS) => "externalDocs"; List(&Shared(&PARAMETER)) => "parameters";
        Shared(&REQUEST_BODY) => "requestBody"; Open(&Shared(&RESPONSE)) => "responses";
        Any => "callbacks"; Flag => "deprecated"; List(&Map(&List(&Text))) => "security";
        List(&One(&SERVER)) => "servers";
    }
    PARAMETER ["name", "in"] => parameter {
        Text => "name" "description" "style"; OneOf(&["path", "query", "header", "cookie"]) => "in";
        Flag => "required" "deprecated" "allowEmptyValue" "explode" "allowReserved";
        Schema => "schema"; Any => "example"; EXAMPLES => "examples";
        Map(&One(&MEDIA_TYPE)) => "content";
    }
    HEADER => header {
        Text => "description";
        Flag => "required" "deprecated" "allowEmptyValue" "explode" "allowReserved";
        OneOf(&["simple"]) => "style"; Schema => "schema"; Any => "example"; EXAMPLES => "examples";
        Map(&One(&MEDIA_TYPE)) => "content";
    }
    REQUEST_BODY { Text => "description"; Flag => "required"; Map(&One(&MEDIA_TYPE)) => "content"; }
    RESPONSE => response {
        Text => "description"; Map(&Shared(&HEADER)) => "headers";
        Map(&One(&MEDIA_TYPE)) => "content"; Map(&Shared(&LINK)) => "links";
    }
    MEDIA_TYPE => examples {
        Schema => "schema"; Any => "example"; EXAMPLES => "examples";
        Map(&One(&ENCODING)) => "encoding";
    }
    ENCODING {
        Text => "contentType"; Map(&Shared(&HEADER)) => "headers";
        OneOf(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]) => "style";
        Flag => "explode" "allowReserved";
    }
    EXAMPLE { Text => "summary" "description" "externalValue"; Any => "value"; }
    LINK {
        Text => "operationId" "operationRef" "description"; Map(&Any) => "parameters";
        Any => "requestBody"; One(&SERVER) => "server";
    }
    API_KEY ["name", "in"] {
        Text => "type" "name" "description"; OneOf(&["header", "query", "cookie"]) => "in";
    }
    HTTP ["scheme"] { Text => "type" "scheme" "bearerFormat" "description"; }
    OAUTH ["flows"] { Text => "type" "description"; One(&FLOWS) => "flows"; }
    OPEN_ID ["openIdConnectUrl"] { Text => "type" "openIdConnectUrl" "description"; }
    MUTUAL_TLS { Text => "type" "description"; }
    FLOWS {
        One(&IMPLICIT) => "implicit"; One(&BY_TOKEN) => "password" "clientCredentials";
        One(&BY_CODE) => "authorizationCode";
    }
    IMPLICIT ["authorizationUrl"] => flow {
        Text => "authorizationUrl" "refreshUrl"; Map(&Text) => "scopes";
    }
    BY_TOKEN ["tokenUrl"] => flow { Text => "tokenUrl" "refreshUrl"; Map(&Text) => "scopes"; }
    BY_CODE ["authorizationUrl", "tokenUrl"] => flow {
        Text => "authorizationUrl" "tokenUrl" "refreshUrl"; Map(&Text) => "scopes";
    }
    SCHEMA => schema {
        Text => "$ref" "description" "title" "format" "pattern"; Type => "type";
        Map(&Schema) => "properties" "patternProperties" "dependentSchemas" "$defs" "definitions";
        NAMES => "required"; Schemas => "items"; List(&Any) => "enum";
        Any => "default" "example" "examples" "const" "exclusiveMinimum" "exclusiveMaximum"
            "minContains" "maxContains" "dependentRequired" "dependencies" "contentEncoding"
            "contentMediaType" "$schema" "$id" "$anchor" "$comment" "$dynamicAnchor" "$dynamicRef"
            "$recursiveAnchor" "$recursiveRef" "$vocabulary";
        Flag => "nullable" "uniqueItems" "readOnly" "writeOnly" "deprecated";
        List(&Schema) => "allOf" "anyOf" "oneOf" "prefixItems";
        Schema => "not" "additionalProperties" "propertyNames" "unevaluatedProperties"
            "unevaluatedItems" "additionalItems" "contains" "if" "then" "else" "contentSchema";
        Number => "minimum" "maximum" "multipleOf" "minLength" "maxLength" "minItems" "maxItems"
            "minProperties" "maxProperties";
        One(&DISCRIMINATOR) => "discriminator"; One(&DOCS) => "externalDocs"; One(&XML) => "xml";
    }
    DISCRIMINATOR ["propertyName"] { Text => "propertyName"; Map(&Target) => "mapping"; }
    XML { Text => "name" "namespace" "prefix"; Flag => "attribute" "wrapped"; }
}
