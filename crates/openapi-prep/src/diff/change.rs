//! What a comparison gives: rows, each with a class, a kind that programs can
//! rely on, the places in both documents and a sentence for people.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

/// What a change means for a program that uses the generated crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The program may not compile any more, or a call it makes fails until
    /// the program is changed.
    Breaking,
    /// The program goes on as it is; there is more it could use, or a call
    /// travels in another way.
    Additive,
    /// Documentation and other things that no program notices.
    Cosmetic,
}

impl Class {
    /// All classes, the gravest first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Additive, Self::Cosmetic];

    /// The class as it is written in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Cosmetic => "cosmetic",
        }
    }
}

/// On which side of a call the changed thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// What the program sends.
    Request,
    /// What the program is answered.
    Response,
    /// A schema that is used for both.
    Both,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal,)+) => {
        /// What happened. The words are stable: later versions add words and
        /// do not change these.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $name,)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable word for this kind, such as `field-added`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

kinds! {
    /// A new operation.
    OperationAdded = "operation-added",
    /// An operation that is gone.
    OperationRemoved = "operation-removed",
    /// The same operation under another method name.
    OperationRenamed = "operation-renamed",
    /// The same method name, another path or HTTP method.
    OperationMoved = "operation-moved",
    /// Another `operationId` that gives the same method name.
    OperationIdRespelled = "operation-id-respelled",
    /// A new parameter.
    ParameterAdded = "parameter-added",
    /// A parameter that is gone.
    ParameterRemoved = "parameter-removed",
    /// The same part of the path under another name.
    ParameterRenamed = "parameter-renamed",
    /// A parameter that travels elsewhere, such as in a header.
    ParameterMoved = "parameter-moved",
    /// A parameter that every call must give now.
    ParameterBecameRequired = "parameter-became-required",
    /// A parameter that a call may leave out now.
    ParameterBecameOptional = "parameter-became-optional",
    /// A list or object that is written in another way.
    ParameterFormChanged = "parameter-form-changed",
    /// An operation that takes a body now.
    BodyAdded = "body-added",
    /// An operation that takes no body any more.
    BodyRemoved = "body-removed",
    /// Whether the document requires the body.
    BodyRequiredChanged = "body-required-changed",
    /// A body or an answer in another language, such as JSON or bytes.
    MediaTypeChanged = "media-type-changed",
    /// The same answer with another status of success.
    AnswerStatusChanged = "answer-status-changed",
    /// Answers that have no type of their own: errors, further successes.
    OtherAnswersChanged = "other-answers-changed",
    /// A new field.
    FieldAdded = "field-added",
    /// A field that is gone.
    FieldRemoved = "field-removed",
    /// A field that is always there now.
    FieldBecameRequired = "field-became-required",
    /// A field that may be left out now.
    FieldBecameOptional = "field-became-optional",
    /// A field that no longer is the one that identifies the thing answered.
    IdBecameOptional = "id-became-optional",
    /// A field that is now the one that identifies the thing answered.
    IdBecameRequired = "id-became-required",
    /// Whether a value may be null.
    NullabilityChanged = "nullability-changed",
    /// An object with named fields takes others too, or takes them no more.
    ExtraFieldsChanged = "extra-fields-changed",
    /// A value of another type.
    TypeChanged = "type-changed",
    /// The same shape as a type of another name.
    TypeRenamed = "type-renamed",
    /// A named schema that goes by another name.
    SchemaRenamed = "schema-renamed",
    /// A named schema that operations use now.
    SchemaAdded = "schema-added",
    /// A named schema that no operation uses any more.
    SchemaRemoved = "schema-removed",
    /// A named schema that is used for errors only or not at all.
    UnusedSchemaChanged = "unused-schema-changed",
    /// A new value of an enum.
    EnumValueAdded = "enum-value-added",
    /// A value of an enum that is gone.
    EnumValueRemoved = "enum-value-removed",
    /// The values of an enum in another order.
    EnumReordered = "enum-reordered",
    /// A new variant of a union.
    VariantAdded = "variant-added",
    /// A variant of a union that is gone.
    VariantRemoved = "variant-removed",
    /// The same variant under another name.
    VariantRenamed = "variant-renamed",
    /// How the variants of a union are told apart.
    TagChanged = "tag-changed",
    /// Titles, summaries, descriptions, links.
    ProseChanged = "prose-changed",
    /// Examples.
    ExampleChanged = "example-changed",
    /// What the server takes where a value is left out.
    DefaultChanged = "default-changed",
    /// Bounds, lengths, patterns and formats: documentation in Rust.
    BoundsChanged = "bounds-changed",
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
    /// Title, version and the like of the document, its tags.
    InfoChanged = "info-changed",
    /// Calls that the server makes.
    WebhooksChanged = "webhooks-changed",
    /// Anything else that generated code does not show.
    OtherChanged = "other-changed",
}

/// One difference between two documents.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What it means for a program.
    pub class: Class,
    /// What happened.
    pub kind: Kind,
    /// The side of a call it is on, where it is on one.
    pub direction: Option<Direction>,
    /// The operation it belongs to, such as `GET /videos`; none for what
    /// belongs to a named schema or to the whole document.
    pub operation: Option<String>,
    /// The named schema it belongs to.
    pub schema: Option<String>,
    /// JSON pointer to the place in the old document; none for what is new.
    pub old: Option<String>,
    /// JSON pointer to the place in the new document; none for what is gone.
    pub new: Option<String>,
    /// What was there before, where that is worth telling.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
    /// One sentence for people.
    pub text: String,
}

/// Rows on their way to a report: the same thing found from the side of
/// requests and of answers is one row, with the graver class.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: Vec<Change>,
    known: HashMap<(Kind, Option<String>, Option<String>, String), usize>,
}

impl Rows {
    pub(super) fn add(&mut self, change: Change) {
        let sides = format!("{:?} {:?}", change.before, change.after);
        let key = (change.kind, change.old.clone(), change.new.clone(), sides);
        let Some(known) = self.known.get(&key).map(|index| &mut self.rows[*index]) else {
            self.known.insert(key, self.rows.len());
            self.rows.push(change);
            return;
        };
        let direction = if known.direction == change.direction {
            known.direction
        } else {
            Some(Direction::Both)
        };
        if change.class < known.class {
            *known = change;
        }
        known.direction = direction;
    }

    /// The rows, gravest first, then by what they belong to.
    pub(super) fn sorted(mut self) -> Vec<Change> {
        self.rows.sort_by(|a, b| {
            let key = |c: &Change| {
                (
                    c.class,
                    c.operation.is_none(),
                    c.operation.clone(),
                    c.schema.clone(),
                    c.new.clone().or_else(|| c.old.clone()),
                    c.kind,
                    c.text.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
        self.rows
    }
}
