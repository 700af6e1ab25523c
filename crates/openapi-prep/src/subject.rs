//! What kind of thing a stage lost.

use serde::Serialize;

use crate::Pointer;

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
        match self {
            Self::Operation
            | Self::Parameter
            | Self::Body
            | Self::Part
            | Self::Response
            | Self::Error
            | Self::Field
            | Self::Variant
            | Self::EnumValue
            | Self::Type => true,
            Self::Constraint | Self::Annotation | Self::Header | Self::Security | Self::Removal => {
                false
            }
        }
    }

    /// What stands at a location of a document.
    pub(crate) fn at(location: &Pointer) -> Self {
        let tokens: Vec<&str> = location.as_str().split('/').skip(1).collect();
        let named = |key: &str| tokens.len() >= 2 && tokens[tokens.len() - 2] == key;
        let last = tokens.last().copied().unwrap_or_default();
        if named("parameters") {
            Self::Parameter
        } else if named("requestBodies") || last == "requestBody" {
            Self::Body
        } else if named("encoding") || last == "encoding" {
            Self::Part
        } else if named("responses") || last == "responses" {
            Self::Response
        } else if named("headers") || last == "headers" {
            Self::Header
        } else if ["examples", "links", "tags"].iter().any(|key| named(key)) {
            Self::Annotation
        } else if named("securitySchemes") {
            Self::Security
        } else if named("properties") || last == "properties" {
            Self::Field
        } else if ["oneOf", "anyOf", "discriminator", "mapping"]
            .iter()
            .any(|key| named(key) || last == *key)
        {
            Self::Variant
        } else if last == "enum" || last == "const" || named("enum") {
            Self::EnumValue
        } else if named("paths")
            || named("webhooks")
            || named("callbacks")
            || Self::is_method(&tokens)
        {
            Self::Operation
        } else if named("content") || last == "content" {
            let is_request = tokens.contains(&"requestBody") || tokens.contains(&"requestBodies");
            if is_request {
                Self::Body
            } else {
                Self::Response
            }
        } else if ["allOf", "items", "schema", "type", "$ref"].contains(&last)
            || ["allOf", "schemas"].iter().any(|key| named(key))
        {
            Self::Type
        } else if [
            "description",
            "summary",
            "title",
            "example",
            "examples",
            "externalDocs",
            "tags",
            "info",
            "contact",
            "license",
            "servers",
            "links",
            "xml",
            "deprecated",
            "default",
            "$comment",
        ]
        .contains(&last)
        {
            Self::Annotation
        } else if last == "security" || named("security") {
            Self::Security
        } else {
            Self::Constraint
        }
    }

    fn is_method(tokens: &[&str]) -> bool {
        matches!(tokens, [.., holder, _, method]
            if ["paths", "webhooks"].contains(holder) && crate::walk::METHODS.contains(method))
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
