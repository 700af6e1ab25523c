//! Operations: what is sent, and what is received.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Annotations, BaseType, Field, SecurityRequirement, Server, TypeRef};

/// A call that the API offers, and the generated client has a method for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The name of the method in Rust.
    pub function: String,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path template, with the names of its parameters on the wire.
    pub path: String,
    /// The tags, of which the first is the group it belongs to.
    pub tags: Vec<String>,
    /// What it does, in a line.
    pub summary: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Whether it is to be used no longer.
    pub deprecated: bool,
    /// The keys that start with `x-`, such as `x-sunset` and `x-timeout`.
    pub extensions: Map<String, Value>,
    /// The parameters, in the order of the document.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub body: Option<Body>,
    /// The response that is not an error.
    pub success: Success,
    /// The responses that are errors, as far as the document lists them.
    pub errors: Vec<ErrorResponse>,
    /// Its security requirements, if they are not those of the API.
    pub security: Option<Vec<SecurityRequirement>>,
    /// Its servers, if they are not those of the API.
    pub servers: Vec<Server>,
    /// Where it is in the document as given.
    pub pointer: String,
}

impl Operation {
    /// Method and path, such as `GET /videos/{id}`.
    pub fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The parameters at a location, in the order of the document; those of the
    /// path in that of the path.
    pub fn parameters_in(&self, location: Location) -> Vec<&Parameter> {
        let mut found: Vec<_> = self
            .parameters
            .iter()
            .filter(|parameter| parameter.location == location)
            .collect();
        if location == Location::Path {
            found.sort_by_key(|parameter| self.path.find(&format!("{{{}}}", parameter.name)));
        }
        found
    }

    /// The types of everything that is sent.
    pub(crate) fn request_types(&self) -> Vec<&TypeRef> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.ty);
        let body = match self.body.as_ref().map(|body| &body.content) {
            Some(BodyContent::Json(ty) | BodyContent::Form(ty)) => vec![ty],
            Some(BodyContent::Multipart { parts, .. }) => {
                parts.iter().map(|part| &part.field.ty).collect()
            }
            _ => Vec::new(),
        };
        parameters.chain(body).collect()
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The name of the argument in Rust.
    pub rust_name: String,
    /// Where it is sent.
    pub location: Location,
    /// How its value is written.
    pub style: Style,
    /// Whether a call must give it.
    pub required: bool,
    /// The type of its value.
    pub ty: TypeRef,
    /// What the document says of it.
    pub annotations: Annotations,
    /// Where it is in the document as given.
    pub pointer: String,
}

/// Where a parameter is sent, by the words of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "named as in OpenAPI")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// The word of OpenAPI.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", format!("{self:?}").to_lowercase())
    }
}

/// How the value of a parameter is written, by the name of the generated type
/// that writes it. Its other styles are none of these: each property of an object
/// with `deepObject` or an exploded `form` is a parameter of its own, and what no
/// type is for is a string.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Style {
    /// A single value as it is, and each item of a list as a parameter of its own:
    /// `form` with `explode`. No type is needed.
    #[default]
    Plain,
    /// `form` or `simple` without `explode`: `a,b`.
    CommaSeparated,
    /// `spaceDelimited` without `explode`: `a b`.
    SpaceSeparated,
    /// `pipeDelimited` without `explode`: `a|b`.
    PipeSeparated,
    /// As JSON.
    Json,
}

impl Parameter {
    /// The type of the argument in Rust, without paths and boxes. An optional one
    /// is not called rather than given `None`.
    pub fn rust_type(&self) -> String {
        match self.style {
            Style::Plain => self.ty.to_string(),
            style => format!("{style:?}<{}>", self.ty),
        }
    }
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Body {
    /// What it is made of.
    pub content: BodyContent,
    /// The media type that it is sent as.
    pub content_type: String,
    /// Whether the generator's code alone would send it as another media type.
    pub overrides_content_type: bool,
    /// Whether a call must give it.
    pub required: bool,
    /// What the document says of it.
    pub annotations: Annotations,
    /// Where it is in the document as given.
    pub pointer: String,
}

impl Body {
    /// Whether it has several parts.
    pub fn is_multipart(&self) -> bool {
        matches!(self.content, BodyContent::Multipart { .. })
    }

    /// The struct of a multipart body.
    pub fn form(&self) -> Option<&str> {
        match &self.content {
            BodyContent::Multipart { form, .. } => form.as_deref(),
            _ => None,
        }
    }
}

/// What the body of a request is made of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum BodyContent {
    /// A value, as JSON.
    Json(TypeRef),
    /// The fields of an object, as an HTML form without files.
    Form(TypeRef),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Parts, files among them.
    Multipart {
        /// The struct with a setter for each part, unless any parts may be sent.
        form: Option<String>,
        /// The parts, in the order of the document.
        parts: Vec<Part>,
    },
}

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// Its name, value and documentation; in Rust, the field of the form.
    pub field: Field,
    /// Whether it is a file: bytes, with a name.
    pub file: bool,
    /// The media type that it is sent as, if the document says so.
    pub content_type: Option<String>,
}

impl Part {
    /// The type of the form's field in Rust, without paths and boxes.
    pub fn rust_type(&self) -> String {
        let ty = &self.field.ty;
        let value = match (&ty.base, self.file) {
            (BaseType::List(_), true) => "Vec<Part>".to_owned(),
            (_, true) => "Part".to_owned(),
            (_, false) => ty.without_null().to_string(),
        };
        if self.field.required {
            value
        } else {
            format!("Option<{value}>")
        }
    }
}

/// The response that is not an error.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Success {
    /// The status, such as `200`.
    pub status: String,
    /// What the body is.
    pub content: SuccessContent,
    /// The media types that a call asks for, where these are not those that the
    /// generator asks for.
    pub accept: Option<String>,
    /// What the document says of it.
    pub annotations: Annotations,
    /// Where it is in the document as given.
    pub pointer: String,
}

impl Success {
    /// The type of the body, where it is JSON.
    pub fn ty(&self) -> Option<&TypeRef> {
        match &self.content {
            SuccessContent::Json(ty) => Some(ty),
            _ => None,
        }
    }
}

/// What the body of a response is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SuccessContent {
    /// A value, as JSON.
    Json(TypeRef),
    /// Bytes of this media type, text and events among them, as they arrive.
    Bytes(String),
    /// There is none.
    None,
}

/// A response that is an error.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// The status: `404`, `4XX` or `default`.
    pub status: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// The type of the body, where it is JSON and
    /// [`PrepareOptions`](crate::PrepareOptions) keep it.
    pub ty: Option<TypeRef>,
    /// The codes of the errors in its examples.
    pub codes: Vec<String>,
    /// Where it is in the document as given.
    pub pointer: String,
}
