//! The typed view of a prepared document: its operations and types, as the
//! generated code has them.
//!
//! [`prepare()`](crate::prepare()) leaves a document for the generator. [`Api`]
//! is that document for everybody else who has to know what was generated:
//! templates of further code, tables of commands, a mock, a diff. It has the
//! names in Rust next to those on the wire, nullability as a flag, one body and
//! one success for each operation, and defaults and constraints, which the
//! generator reads as part of the description only.
//!
//! Every item has a `pointer` into the document that `prepare` was given. For
//! what a rule made, the pointer is that of what it was made of.
//!
//! ```
//! use openapi_prep::{Document, Names, api::Shape, prepare};
//!
//! let document = Document::parse(
//!     r##"{
//!         "openapi": "3.1.0", "info": {"title": "Videos", "version": "1"},
//!         "paths": {"/videos/{id}": {"get": {
//!             "operationId": "getVideo",
//!             "parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}],
//!             "responses": {"200": {"description": "The video.", "content": {
//!                 "application/json": {"schema": {"$ref": "#/components/schemas/Video"}}
//!             }}}
//!         }}},
//!         "components": {"schemas": {"Video": {"type": "object", "properties": {
//!             "type": {"type": "string"}, "seconds": {"type": "integer", "minimum": 1}
//!         }}}}
//!     }"##,
//! )?;
//! let api = prepare(document, &mut Names::new())?.api;
//! let operation = api.operation("get_video").unwrap();
//! assert_eq!(operation.title(), "GET /videos/{id}");
//! assert_eq!(operation.success.ty().unwrap().to_string(), "Video");
//! let Shape::Struct { fields, .. } = &api.types["Video"].shape else { panic!() };
//! assert_eq!((fields[0].name.as_str(), fields[0].rust_name.as_str()), ("type", "type_"));
//! assert_eq!(fields[1].rust_type(), "Option<i64>");
//! assert_eq!(fields[1].annotations.constraints["minimum"], 1);
//! assert_eq!(fields[1].pointer, "/components/schemas/Video/properties/seconds");
//! # Ok::<(), openapi_prep::Error>(())
//! ```

mod constants;
mod operations;
mod read;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

pub use constants::constants;
pub use operations::{
    Body, BodyContent, ErrorResponse, Location, Operation, Parameter, Part, Style, Success,
    SuccessContent,
};
pub use types::{BaseType, EnumValue, Field, Shape, Type, TypeRef, Variant};

use crate::{Document, Report, pointer::nearest};

/// A prepared document, read.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Api {
    /// The title of the document.
    pub title: String,
    /// The version that the document says it is of.
    pub version: String,
    /// What the document says of the whole API.
    pub description: Option<String>,
    /// Where the API is served, the default first.
    pub servers: Vec<Server>,
    /// The ways to prove who calls, by name.
    pub security_schemes: BTreeMap<String, SecurityScheme>,
    /// The security requirements of operations without their own.
    pub security: Vec<SecurityRequirement>,
    /// The tags of operations that the document describes.
    pub tags: Vec<Tag>,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// The calls that the server makes, where the
    /// [runtime reads them](crate::PrepareOptions::runtime_reads_webhooks).
    pub webhooks: Vec<Webhook>,
    /// The named types, by name.
    pub types: BTreeMap<String, Type>,
}

/// Where an API is served.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Server {
    /// The URL, which may hold variables: `https://{region}.example.com`.
    pub url: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// The default of each variable in the URL.
    pub variables: BTreeMap<String, String>,
}

/// Schemes that prove who calls when used together, each with its scopes. An
/// empty one lets anybody call.
pub type SecurityRequirement = BTreeMap<String, Vec<String>>;

/// A way to prove who calls.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// What the credential is.
    #[serde(flatten)]
    pub credential: Credential,
    /// What the document says of it.
    pub description: Option<String>,
}

/// What proves who calls.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Credential {
    /// A key, sent as a parameter of this name.
    ApiKey {
        /// Where the key is sent.
        #[serde(rename = "in")]
        location: Location,
        /// The name of the parameter.
        name: String,
    },
    /// The header `Authorization` with this scheme, such as `bearer`.
    Http {
        /// The scheme, in lower case.
        #[serde(deserialize_with = "lower_case")]
        scheme: String,
    },
    /// A token of OAuth 2, sent as a bearer token.
    #[serde(rename = "oauth2")]
    OAuth2,
    /// A token of `OpenID` Connect, sent as a bearer token.
    OpenIdConnect {
        /// Where the provider describes itself.
        #[serde(rename = "openIdConnectUrl")]
        url: String,
    },
    /// A client certificate.
    #[serde(rename = "mutualTLS")]
    MutualTls,
}

fn lower_case<'de, D: Deserializer<'de>>(text: D) -> Result<String, D::Error> {
    Ok(String::deserialize(text)?.to_ascii_lowercase())
}

/// A group of operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tag {
    /// The name, as operations give it.
    pub name: String,
    /// What the document says of it.
    pub description: Option<String>,
}

/// A call that the server makes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Webhook {
    /// The name, such as that of an event.
    pub name: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// The type of what it carries.
    pub ty: TypeRef,
    /// Where it is in the document as given.
    pub pointer: String,
}

/// What a document says of an item beyond its shape.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Annotations {
    /// The description, fit for rustdoc: defaults and constraints are sentences
    /// of it too.
    pub description: Option<String>,
    /// Whether it is to be used no longer.
    pub deprecated: bool,
    /// What the server takes where the value is left out.
    pub default: Option<Value>,
    /// What the server asks of a value, by keyword: `maxLength`, `pattern`,
    /// `format` and so on. `const` and `enum` are here where the type takes any
    /// value.
    pub constraints: Map<String, Value>,
    /// Examples.
    pub examples: Vec<Value>,
    /// Whether it is in responses only.
    pub read_only: bool,
    /// Whether it is in requests only.
    pub write_only: bool,
}

impl Api {
    /// Reads a document that [`prepare()`](crate::prepare()) gave, or one that
    /// was changed since: [`Prepared::api`](crate::Prepared::api) is the view of
    /// what it gave. `given` is the document that `prepare` was given, `report`
    /// what it reported of it.
    pub fn read(prepared: &Document, report: &Report, given: &Document) -> Self {
        Self::with_origins(prepared.as_value(), &|at| {
            nearest(given.as_value(), &report.origin(at)).to_owned()
        })
    }

    /// The operation with this function name.
    pub fn operation(&self, function: &str) -> Option<&Operation> {
        self.operations.iter().find(|o| o.function == function)
    }

    /// The type that a reference leads to, if that is a named one.
    pub fn resolve(&self, ty: &TypeRef) -> Option<&Type> {
        match &ty.base {
            BaseType::Named(name) => self.types.get(name),
            _ => None,
        }
    }
}
