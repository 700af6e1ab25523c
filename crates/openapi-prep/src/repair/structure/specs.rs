//! The objects of an OpenAPI document: the keys of each, and what each key
//! takes. Keys that only 3.1 has are among them; later stages rewrite or drop
//! those.

use super::{
    Object,
    Spec::{
        Any, Examples, Flag, List, Map, Number, Object as One, OneOf, Open, Required, Schema,
        Schemas, SecurityScheme, Shared, Target, Text, Type,
    },
    fixes,
};

/// Declares objects: their keys, the keys without which there is no object, and
/// after `=>` what completes it.
macro_rules! objects {
    (@fix) => { None };
    (@fix $fix:ident) => { Some(fixes::$fix) };
    ($($name:ident $([$($required:literal),*])? $(=> $fix:ident)? {
        $($key:literal: $spec:expr,)*
    })*) => {$(
        pub(super) static $name: Object = Object {
            keys: &[$(($key, $spec),)*],
            required: &[$($($required),*)?],
            fix: objects!(@fix $($fix)?),
        };
    )*};
}

objects! {
    DOCUMENT => document {
        "openapi": Text, "info": One(&INFO), "servers": List(&One(&SERVER)),
        "paths": Open(&One(&PATH_ITEM)), "components": One(&COMPONENTS),
        "security": List(&Map(&List(&Text))), "tags": List(&One(&TAG)),
        "externalDocs": One(&DOCS), "webhooks": Any, "jsonSchemaDialect": Any, "$schema": Any,
        "$defs": Map(&Schema), "definitions": Map(&Schema),
    }
    INFO => info {
        "title": Text, "version": Text, "description": Text, "summary": Any,
        "termsOfService": Text, "contact": One(&CONTACT), "license": One(&LICENSE),
    }
    CONTACT { "name": Text, "url": Text, "email": Text, }
    LICENSE ["name"] { "name": Text, "url": Text, "identifier": Any, }
    SERVER ["url"] {
        "url": Text, "description": Text, "variables": Map(&One(&SERVER_VARIABLE)),
    }
    SERVER_VARIABLE ["default"] {
        "enum": List(&Text), "default": Text, "description": Text,
    }
    TAG ["name"] { "name": Text, "description": Text, "externalDocs": One(&DOCS), }
    DOCS ["url"] { "description": Text, "url": Text, }
    COMPONENTS {
        "schemas": Map(&Schema), "responses": Map(&Shared(&RESPONSE)),
        "parameters": Map(&Shared(&PARAMETER)), "examples": Map(&Shared(&EXAMPLE)),
        "requestBodies": Map(&Shared(&REQUEST_BODY)), "headers": Map(&Shared(&HEADER)),
        "securitySchemes": Map(&SecurityScheme), "links": Map(&Shared(&LINK)),
        "callbacks": Any, "pathItems": Map(&One(&PATH_ITEM)),
    }
    PATH_ITEM {
        "$ref": Text, "summary": Text, "description": Text, "servers": List(&One(&SERVER)),
        "parameters": List(&Shared(&PARAMETER)), "get": One(&OPERATION), "put": One(&OPERATION),
        "post": One(&OPERATION), "delete": One(&OPERATION), "options": One(&OPERATION),
        "head": One(&OPERATION), "patch": One(&OPERATION), "trace": One(&OPERATION),
    }
    OPERATION => operation {
        "tags": List(&Text), "summary": Text, "description": Text, "externalDocs": One(&DOCS),
        "operationId": Text, "parameters": List(&Shared(&PARAMETER)),
        "requestBody": Shared(&REQUEST_BODY), "responses": Open(&Shared(&RESPONSE)),
        "callbacks": Any, "deprecated": Flag, "security": List(&Map(&List(&Text))),
        "servers": List(&One(&SERVER)),
    }
    PARAMETER ["name", "in"] => parameter {
        "name": Text, "in": OneOf(&["path", "query", "header", "cookie"]), "description": Text,
        "required": Flag, "deprecated": Flag, "allowEmptyValue": Flag, "style": Text,
        "explode": Flag, "allowReserved": Flag, "schema": Schema, "example": Any,
        "examples": Examples, "content": Map(&One(&MEDIA_TYPE)),
    }
    HEADER => header {
        "description": Text, "required": Flag, "deprecated": Flag, "allowEmptyValue": Flag,
        "style": OneOf(&["simple"]), "explode": Flag, "allowReserved": Flag, "schema": Schema,
        "example": Any, "examples": Examples, "content": Map(&One(&MEDIA_TYPE)),
    }
    REQUEST_BODY { "description": Text, "content": Map(&One(&MEDIA_TYPE)), "required": Flag, }
    RESPONSE => response {
        "description": Text, "headers": Map(&Shared(&HEADER)),
        "content": Map(&One(&MEDIA_TYPE)), "links": Map(&Shared(&LINK)),
    }
    MEDIA_TYPE => examples {
        "schema": Schema, "example": Any, "examples": Examples,
        "encoding": Map(&One(&ENCODING)),
    }
    ENCODING {
        "contentType": Text, "headers": Map(&Shared(&HEADER)),
        "style": OneOf(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        "explode": Flag, "allowReserved": Flag,
    }
    EXAMPLE { "summary": Text, "description": Text, "value": Any, "externalValue": Text, }
    LINK {
        "operationId": Text, "operationRef": Text, "parameters": Map(&Any), "requestBody": Any,
        "description": Text, "server": One(&SERVER),
    }
    API_KEY ["name", "in"] {
        "type": Text, "name": Text, "in": OneOf(&["header", "query", "cookie"]),
        "description": Text,
    }
    HTTP ["scheme"] { "type": Text, "scheme": Text, "bearerFormat": Text, "description": Text, }
    OAUTH ["flows"] { "type": Text, "flows": One(&FLOWS), "description": Text, }
    OPEN_ID ["openIdConnectUrl"] {
        "type": Text, "openIdConnectUrl": Text, "description": Text,
    }
    MUTUAL_TLS { "type": Text, "description": Text, }
    FLOWS {
        "implicit": One(&IMPLICIT), "password": One(&BY_TOKEN),
        "clientCredentials": One(&BY_TOKEN), "authorizationCode": One(&BY_CODE),
    }
    IMPLICIT ["authorizationUrl"] => flow {
        "authorizationUrl": Text, "refreshUrl": Text, "scopes": Map(&Text),
    }
    BY_TOKEN ["tokenUrl"] => flow {
        "tokenUrl": Text, "refreshUrl": Text, "scopes": Map(&Text),
    }
    BY_CODE ["authorizationUrl", "tokenUrl"] => flow {
        "authorizationUrl": Text, "tokenUrl": Text, "refreshUrl": Text, "scopes": Map(&Text),
    }
    SCHEMA => schema {
        "$ref": Text, "type": Type, "properties": Map(&Schema), "description": Text,
        "required": Required, "items": Schemas, "enum": List(&Any), "title": Text,
        "format": Text, "default": Any, "nullable": Flag, "example": Any, "examples": Any,
        "allOf": List(&Schema), "anyOf": List(&Schema), "oneOf": List(&Schema), "not": Schema,
        "additionalProperties": Schema, "const": Any, "minimum": Number, "maximum": Number,
        "exclusiveMinimum": Any, "exclusiveMaximum": Any, "multipleOf": Number,
        "minLength": Number, "maxLength": Number, "pattern": Text, "minItems": Number,
        "maxItems": Number, "uniqueItems": Flag, "minProperties": Number,
        "maxProperties": Number, "discriminator": One(&DISCRIMINATOR), "readOnly": Flag, "writeOnly": Flag,
        "deprecated": Flag, "externalDocs": One(&DOCS), "xml": One(&XML),
        "prefixItems": List(&Schema), "patternProperties": Map(&Schema),
        "propertyNames": Schema, "unevaluatedProperties": Schema, "unevaluatedItems": Schema,
        "additionalItems": Schema, "contains": Schema, "minContains": Any, "maxContains": Any,
        "if": Schema, "then": Schema, "else": Schema, "dependentSchemas": Map(&Schema),
        "dependentRequired": Any, "dependencies": Any, "contentEncoding": Any,
        "contentMediaType": Any, "contentSchema": Schema, "$defs": Map(&Schema),
        "definitions": Map(&Schema), "$schema": Any, "$id": Any, "$anchor": Any,
        "$comment": Any, "$dynamicAnchor": Any, "$dynamicRef": Any, "$recursiveAnchor": Any,
        "$recursiveRef": Any, "$vocabulary": Any,
    }
    DISCRIMINATOR ["propertyName"] { "propertyName": Text, "mapping": Map(&Target), }
    XML {
        "name": Text, "namespace": Text, "prefix": Text, "attribute": Flag, "wrapped": Flag,
    }
}
