//! What kind of thing a stage lost.

use serde::Serialize;

use crate::{Pointer, walk::METHODS};

/// What an entry of a [`Report`](crate::Report) lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Subject {
    /// An operation, a webhook or a callback.
    Operation,
    /// A parameter of an operation.
    Parameter,
    /// A request body, or one of its media types.
    Body,
    /// A part of a form, or how it is encoded.
    Part,
    /// A successful response, or one of its media types.
    Response,
    /// The type of an error response.
    Error,
    /// A property of an object.
    Field,
    /// A variant of a union, or what tells variants apart.
    Variant,
    /// A value of an enum.
    EnumValue,
    /// A type: any value is accepted, or a string that the caller writes.
    Type,
    /// A keyword that restricts values of a type.
    Constraint,
    /// Documentation, examples, and components that nothing refers to.
    Annotation,
    /// A header of a response.
    Header,
    /// A security scheme or requirement.
    Security,
    /// What an action of an overlay removed.
    Removal,
}

impl Subject {
    /// Whether code that is generated lacks something that callers could use:
    /// not so for constraints, annotations, headers of responses and security,
    /// which the code does not hold, and for what an overlay removed.
    pub fn is_missing_from_code(self) -> bool {
        !matches!(
            self,
            Self::Constraint | Self::Annotation | Self::Header | Self::Security | Self::Removal
        )
    }

    /// What stands at a location of a document.
    pub(crate) fn at(location: &Pointer) -> Self {
        let tokens: Vec<&str> = location.as_str().split('/').skip(1).collect();
        let last = tokens.last().copied().unwrap_or_default();
        let holder = tokens.iter().rev().nth(1).copied().unwrap_or_default();
        if let [.., "paths" | "webhooks", _, method] = tokens.as_slice()
            && METHODS.contains(method)
        {
            return Self::Operation;
        }
        let is_request = || tokens.contains(&"requestBody") || tokens.contains(&"requestBodies");
        match (holder, last) {
            ("parameters", _) => Self::Parameter,
            ("requestBodies", _) | (_, "requestBody") => Self::Body,
            ("encoding", _) | (_, "encoding") => Self::Part,
            ("responses", _) | (_, "responses") if is_request() => Self::Body,
            ("responses", _) | (_, "responses") => Self::Response,
            ("headers", _) | (_, "headers") => Self::Header,
            ("examples" | "links" | "tags", _) => Self::Annotation,
            ("securitySchemes", _) => Self::Security,
            ("properties", _) | (_, "properties") => Self::Field,
            ("oneOf" | "anyOf" | "discriminator" | "mapping", _)
            | (_, "oneOf" | "anyOf" | "discriminator" | "mapping") => Self::Variant,
            ("enum", _) | (_, "enum" | "const") => Self::EnumValue,
            ("paths" | "webhooks" | "callbacks", _) => Self::Operation,
            ("content", _) | (_, "content") if is_request() => Self::Body,
            ("content", _) | (_, "content") => Self::Response,
            ("allOf" | "schemas", _) | (_, "allOf" | "items" | "schema" | "type" | "$ref") => {
                Self::Type
            }
            (
                _,
                "description" | "summary" | "title" | "example" | "examples" | "externalDocs"
                | "tags" | "info" | "contact" | "license" | "servers" | "links" | "xml"
                | "deprecated" | "default" | "$comment",
            ) => Self::Annotation,
            ("security", _) | (_, "security") => Self::Security,
            _ => Self::Constraint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_have_the_kind_of_what_is_there() {
        for (location, wanted) in [
            ("/paths/~1a", Subject::Operation),
            ("/paths/~1a/get", Subject::Operation),
            ("/paths/~1a/get/parameters/0", Subject::Parameter),
            ("/paths/~1a/post/requestBody", Subject::Body),
            (
                "/paths/~1a/post/requestBody/content/text~1csv",
                Subject::Body,
            ),
            ("/paths/~1a/get/responses/200", Subject::Response),
            (
                "/paths/~1a/get/responses/200/content/a~1b",
                Subject::Response,
            ),
            ("/paths/~1a/get/responses/200/headers/X", Subject::Header),
            ("/components/schemas/A", Subject::Type),
            ("/components/schemas/A/properties/b", Subject::Field),
            ("/components/schemas/A/oneOf/0", Subject::Variant),
            ("/components/schemas/A/enum/0", Subject::EnumValue),
            ("/components/schemas/A/minLength", Subject::Constraint),
            ("/components/schemas/A/description", Subject::Annotation),
            ("/components/securitySchemes/k", Subject::Security),
        ] {
            assert_eq!(Subject::at(&Pointer::parse(location)), wanted, "{location}");
        }
    }
}
