//! Types: the named ones, and references to them.

use std::fmt;

use super::Annotations;

/// A named type.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Type {
    /// The name, in Rust and in the prepared document.
    pub name: String,
    /// What values it has.
    pub shape: Shape,
    /// Whether a request can hold it.
    pub in_request: bool,
    /// Whether a response can hold it. Such a type is `#[non_exhaustive]` and
    /// read tolerantly.
    pub in_response: bool,
    /// What the document says of it.
    pub annotations: Annotations,
    /// Where it is in the document as given.
    pub pointer: String,
}

/// What values a named type has.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// An object with properties that are known.
    Struct {
        /// The fields, in the order of the document.
        fields: Vec<Field>,
        /// The type of further properties, held by a field `extra`.
        additional: Option<TypeRef>,
    },
    /// A string, one of several.
    Enum {
        /// The values, in the order of the document.
        values: Vec<EnumValue>,
        /// Whether values that are not among them are kept, by a variant
        /// `Unknown`.
        open: bool,
    },
    /// An object whose tag says which of several types it is.
    TaggedUnion {
        /// The property that holds the tag.
        tag: String,
        /// The variants, in the order of the document.
        variants: Vec<Variant>,
        /// Whether objects with other tags are kept, by a variant `Unknown`.
        open: bool,
    },
    /// A value of one of several types, the first that it fits.
    Union {
        /// The variants, in the order of the document.
        variants: Vec<Variant>,
    },
    /// An integer, any one, of which some are documented.
    Integer {
        /// The type that it is a newtype of.
        rust_type: &'static str,
        /// The documented values, which the newtype has as constants.
        constants: Vec<EnumValue<i64>>,
    },
    /// A type of its own around another: a scalar, list, map, any value or
    /// another named type.
    Alias(TypeRef),
}

impl Shape {
    /// The types that its values hold.
    pub fn types(&self) -> Vec<&TypeRef> {
        match self {
            Self::Struct { fields, additional } => {
                let fields = fields.iter().map(|field| &field.ty);
                fields.chain(additional).collect()
            }
            Self::TaggedUnion { variants, .. } | Self::Union { variants } => {
                variants.iter().map(|v| &v.ty).collect()
            }
            Self::Alias(ty) => vec![ty],
            Self::Enum { .. } | Self::Integer { .. } => Vec::new(),
        }
    }

    /// The shape in a word, with its article.
    pub fn noun(&self) -> String {
        match self {
            Self::Integer { rust_type, .. } => return format!("an {rust_type} with constants"),
            Self::Struct { .. } => "a struct",
            Self::Enum { .. } => "an enum",
            Self::TaggedUnion { .. } => "a tagged union",
            Self::Union { .. } => "an untagged union",
            Self::Alias(_) => "an alias",
        }
        .to_owned()
    }
}

/// A field of a struct.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// The name of the property in JSON.
    pub name: String,
    /// The name of the field in Rust.
    pub rust_name: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it is optional in requests and null is not absence: the outer
    /// `None` is not sent, the inner one is sent as null.
    pub explicit_null: bool,
    /// Whether it says how far a job is, in a response: absent and null are read
    /// as the empty text, a state that is not known.
    pub state: bool,
    /// The type of the property's value.
    pub ty: TypeRef,
    /// What the document says of it.
    pub annotations: Annotations,
    /// Where it is in the document as given.
    pub pointer: String,
}

impl Field {
    /// The type of the field in Rust, without paths and boxes.
    pub fn rust_type(&self) -> String {
        let ty = &self.ty;
        let has_null = ty.nullable || ty.base == BaseType::Null;
        if self.explicit_null {
            format!("Option<Option<{}>>", ty.without_null())
        } else if self.required || has_null {
            ty.to_string()
        } else {
            format!("Option<{ty}>")
        }
    }
}

/// A value of an enum, or a documented one of an integer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnumValue<T = String> {
    /// The value in JSON.
    pub value: T,
    /// The name of the variant or constant in Rust.
    pub rust_name: String,
}

/// A variant of a union.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Variant {
    /// The name of the variant in Rust.
    pub rust_name: String,
    /// The values of the tag that choose it; none in an untagged union.
    pub tags: Vec<String>,
    /// What it holds. In a tagged union always a struct, of no fields where only
    /// the tag is known.
    pub ty: TypeRef,
}

/// The type of a value, which may be null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRef {
    /// The type of a value that is not null.
    pub base: BaseType,
    /// Whether the value may be null.
    pub nullable: bool,
}

/// The type of a value that is not null.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseType {
    /// Any JSON value.
    Any,
    /// Null and nothing else.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer, by its type in Rust: `i64` unless the document has a format.
    Integer(&'static str),
    /// A number, by its type in Rust: `f64` or `f32`.
    Number(&'static str),
    /// A string.
    String,
    /// The named type of this name, one of [`Api::types`](super::Api::types).
    Named(String),
    /// A list.
    List(Box<TypeRef>),
    /// An object with any properties, all of one type.
    Map(Box<TypeRef>),
}

impl From<BaseType> for TypeRef {
    fn from(base: BaseType) -> Self {
        Self {
            base,
            nullable: false,
        }
    }
}

impl TypeRef {
    /// The same, of a value that is not null.
    #[must_use]
    pub fn without_null(&self) -> Self {
        self.base.clone().into()
    }

    /// The named type in it, below lists and maps.
    pub fn name(&self) -> Option<&str> {
        match &self.base {
            BaseType::Named(name) => Some(name),
            BaseType::List(inner) | BaseType::Map(inner) => inner.name(),
            _ => None,
        }
    }
}

/// The type in Rust, without paths and boxes.
impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nullable {
            return write!(f, "Option<{}>", self.without_null());
        }
        match &self.base {
            BaseType::Any => f.write_str("Value"),
            BaseType::Null => f.write_str("()"),
            BaseType::Boolean => f.write_str("bool"),
            BaseType::Integer(name) | BaseType::Number(name) => f.write_str(name),
            BaseType::String => f.write_str("String"),
            BaseType::Named(name) => f.write_str(name),
            BaseType::List(item) => write!(f, "Vec<{item}>"),
            BaseType::Map(value) if **value == BaseType::Any.into() => {
                f.write_str("Map<String, Value>")
            }
            BaseType::Map(value) => write!(f, "HashMap<String, {value}>"),
        }
    }
}
