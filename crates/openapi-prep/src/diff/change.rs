//! One difference: a class, a kind that programs can rely on, the pointers into
//! both documents and a sentence for people.

use serde::Serialize;
use serde_json::Value;

use crate::api::words;

words! {
    /// What a change means for a program that uses the generated crate: the gravest
    /// first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Class {
        /// The program may not compile any more, or a call it makes fails until
        /// the program is changed.
        Breaking = "breaking",
        /// The program goes on as it is; there is more it could use, or a call
        /// travels in another way.
        Additive = "additive",
        /// Documentation and other things that no program notices.
        Cosmetic = "cosmetic",
    }
}

impl Class {
    pub(super) fn breaking_if(breaking: bool) -> Self {
        if breaking {
            Self::Breaking
        } else {
            Self::Additive
        }
    }
}

words! {
    /// What happened. The words are stable: later versions add words and do not
    /// change these.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[serde(rename_all = "kebab-case")]
    #[non_exhaustive]
    pub enum Kind {
        /// A new method.
        OperationAdded = "operation-added",
        /// A method that is gone.
        OperationRemoved = "operation-removed",
        /// The same operation under another method name.
        OperationRenamed = "operation-renamed",
        /// The same method name, another path or HTTP method.
        OperationMoved = "operation-moved",
        /// A new parameter.
        ParameterAdded = "parameter-added",
        /// A parameter that is gone.
        ParameterRemoved = "parameter-removed",
        /// The same parameter under another name in Rust.
        ParameterRenamed = "parameter-renamed",
        /// A parameter that travels elsewhere, such as in a header.
        ParameterMoved = "parameter-moved",
        /// A parameter that every call must give now.
        ParameterBecameRequired = "parameter-became-required",
        /// A parameter that a call may leave out now.
        ParameterBecameOptional = "parameter-became-optional",
        /// An operation that takes a body now.
        BodyAdded = "body-added",
        /// An operation that takes no body any more.
        BodyRemoved = "body-removed",
        /// A body that every call must give now.
        BodyBecameRequired = "body-became-required",
        /// A body that a call may leave out now.
        BodyBecameOptional = "body-became-optional",
        /// A body, a part of a form or a response in another form, such as JSON or
        /// bytes, or of another media type.
        MediaTypeChanged = "media-type-changed",
        /// The same response with another status of success.
        StatusChanged = "status-changed",
        /// Which errors the document lists.
        ErrorsChanged = "errors-changed",
        /// A new field of a struct, or part of a form.
        FieldAdded = "field-added",
        /// A field that is gone.
        FieldRemoved = "field-removed",
        /// The same property under another name in Rust.
        FieldRenamed = "field-renamed",
        /// A field that must be there now.
        FieldBecameRequired = "field-became-required",
        /// A field that may be left out or null now.
        FieldBecameOptional = "field-became-optional",
        /// A field of requests that can be sent as null now, or no longer.
        NullabilityChanged = "nullability-changed",
        /// A value of another type, or a type of another shape.
        TypeChanged = "type-changed",
        /// A type that goes by another name.
        TypeRenamed = "type-renamed",
        /// A new type.
        TypeAdded = "type-added",
        /// A type that is gone.
        TypeRemoved = "type-removed",
        /// A new value of an enum, or documented value of an integer.
        EnumValueAdded = "enum-value-added",
        /// A value of an enum, or documented value of an integer, that is gone.
        EnumValueRemoved = "enum-value-removed",
        /// The same value under another variant or constant name.
        EnumValueRenamed = "enum-value-renamed",
        /// Whether values that are not listed are kept.
        OpennessChanged = "openness-changed",
        /// A new variant of a union.
        VariantAdded = "variant-added",
        /// A variant of a union that is gone.
        VariantRemoved = "variant-removed",
        /// The same variant under another name.
        VariantRenamed = "variant-renamed",
        /// The property, or the values, that tell the variants of a union apart.
        TagChanged = "tag-changed",
        /// Titles, summaries, descriptions, tags; the version of the document.
        DocumentationChanged = "documentation-changed",
        /// Examples.
        ExamplesChanged = "examples-changed",
        /// What the server takes where a value is left out.
        DefaultChanged = "default-changed",
        /// What the server asks of values: documentation in Rust.
        ConstraintsChanged = "constraints-changed",
        /// Something is marked as deprecated now.
        Deprecated = "deprecated",
        /// Something is not marked as deprecated any more.
        DeprecationLifted = "deprecation-lifted",
        /// A way to prove who calls is accepted now.
        SecurityAdded = "security-added",
        /// A way to prove who calls is not accepted any more.
        SecurityRemoved = "security-removed",
        /// A way to prove who calls works differently.
        SecuritySchemeChanged = "security-scheme-changed",
        /// Where the API is served.
        ServersChanged = "servers-changed",
        /// Extensions of an operation, such as a date of retirement.
        ExtensionsChanged = "extensions-changed",
    }
}

/// One difference between two APIs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What it means for a program.
    pub class: Class,
    /// What happened.
    pub kind: Kind,
    /// The operation it belongs to, such as `GET /videos`; none for what
    /// belongs to a named type or to the whole document.
    pub operation: Option<String>,
    /// The named type it belongs to.
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    /// JSON pointer into the old document; none for what is new.
    pub old: Option<String>,
    /// JSON pointer into the new document; none for what is gone.
    pub new: Option<String>,
    /// The changed value before: a name, a type, a default and so on.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
    /// One sentence for people.
    pub text: String,
}
