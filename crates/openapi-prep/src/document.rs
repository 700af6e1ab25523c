//! The document that goes through the stages: read from text within bounds, so
//! that whatever holds one can count on its size and depth.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::{
    Error, Pointer,
    text::{self, Format},
};

/// How many bytes of text [`Document::parse`] reads: 20 MiB. The largest
/// published API descriptions are around 12 MB.
pub const MAX_BYTES: usize = 20 << 20;

/// How many objects and lists may stand inside one another.
const MAX_DEPTH: usize = 128;

/// A document in JSON or YAML: an object or a list, of at most 128 levels.
///
/// What it holds is not looked at before a stage needs it; overlays and
/// ledgers are read as documents too. Keys keep their order.
///
/// ```
/// use openapi_prep::{Document, Format};
///
/// let document = Document::parse("openapi: 3.1.0\npaths: {}\n")?;
/// assert_eq!(document.version()?, "3.1.0");
/// assert_eq!(document.as_value()["paths"], serde_json::json!({}));
/// assert_eq!(document.print(Format::Yaml)?, "openapi: 3.1.0\npaths: {}\n");
/// # Ok::<(), openapi_prep::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Document(pub(crate) Value);

impl Document {
    /// Reads a document in either language, of at most [`MAX_BYTES`].
    ///
    /// Aliases of YAML are followed, merge keys (`<<`) taken in, and keys that
    /// are no text (`200:`) read as text.
    ///
    /// # Errors
    ///
    /// Where the text is neither language, with line and column; where a key
    /// stands twice in one object, with the key; where the text is larger, or
    /// what it holds deeper, than is read; where there is a value that JSON has
    /// no form for, such as a YAML tag.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::parse_within(text, MAX_BYTES)
    }

    /// Reads a document in either language, of at most so many bytes.
    pub fn parse_within(text: &str, max_bytes: usize) -> Result<Self, Error> {
        if text.len() > max_bytes {
            let bytes = text.len();
            return Err(Error::new(format!(
                "holds {bytes} bytes, more than the {max_bytes} that are read"
            ))
            .remedy("allow more if you have the memory, about forty times its size"));
        }
        Self::of(text::parse(text)?)
    }

    /// Takes a value that was made or read elsewhere.
    ///
    /// # Errors
    ///
    /// Where it is neither an object nor a list, or deeper than 128 levels.
    pub fn from_value(value: Value) -> Result<Self, Error> {
        if !is_deeper(&value, MAX_DEPTH) {
            return Self::of(value);
        }
        Err(Error::new(format!(
            "more than {MAX_DEPTH} objects and lists stand inside one another"
        ))
        .remedy("no description of an API is as deep"))
    }

    fn of(value: Value) -> Result<Self, Error> {
        if value.is_object() || value.is_array() {
            return Ok(Self(value));
        }
        Err(
            Error::new("holds no document: wanted an object in JSON or YAML")
                .remedy("check that this is the file you mean"),
        )
    }

    /// The version of OpenAPI that the document says it is of, such as `3.1.0`.
    ///
    /// # Errors
    ///
    /// Where there is none, or it is neither 3.0 nor 3.1: the stages read no
    /// other.
    pub fn version(&self) -> Result<&str, Error> {
        version_of(&self.0)
    }

    /// The document as a JSON value.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The document as a JSON value, such as for `serde_json::from_value`.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// Writes the document: two spaces of indent, keys in their order, a line
    /// feed at the end.
    pub fn print(&self, format: Format) -> Result<String, Error> {
        text::print(&self.0, format)
    }
}

/// As JSON on one line.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    let inner = |value| levels == 0 || is_deeper(value, levels - 1);
    match value {
        Value::Array(items) => levels == 0 || items.iter().any(inner),
        Value::Object(entries) => levels == 0 || entries.values().any(inner),
        _ => false,
    }
}

/// The version of a document, if it is one that can be read.
pub(crate) fn version_of(document: &Value) -> Result<&str, Error> {
    let at = |key| Pointer::root().join(key);
    let is_known = |version: &str| {
        let series = ["3.0", "3.1"].iter();
        let mut rest = series.filter_map(|series| version.strip_prefix(series));
        rest.any(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
    let error = match (document.get("openapi"), document.get("swagger")) {
        (Some(Value::String(version)), _) if is_known(version) => return Ok(version),
        (Some(Value::String(version)), _) => {
            let shown = text::shown(version, 20);
            Error::new(format!("OpenAPI {shown} cannot be read"))
                .at(at("openapi"))
                .remedy("only documents of OpenAPI 3.0 and 3.1 can be read")
        }
        (Some(_), _) => {
            Error::new("the version of OpenAPI is no text, but a number or another value")
                .at(at("openapi"))
                .remedy("write it in full and in quotes, such as \"3.1.0\"")
        }
        (None, Some(_)) => {
            Error::new("a Swagger document, which is older than OpenAPI 3, cannot be read")
                .at(at("swagger"))
                .remedy("convert it to OpenAPI 3 first")
        }
        (None, None) => Error::new("holds no OpenAPI document: there is no key `openapi`")
            .remedy("an OpenAPI document starts with its version, such as openapi: \"3.1.0\""),
    };
    Err(error)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_objects_and_lists_are_documents() {
        for text in ["", "words", "3", "null", "# nothing"] {
            let error = Document::parse(text).unwrap_err().to_string();
            assert!(error.contains("holds no document"), "{text}: {error}");
        }
        assert_eq!(Document::parse("[1]").unwrap().into_value(), json!([1]));
    }

    #[test]
    fn size_is_bounded_and_the_bound_can_be_moved() {
        let text = format!("a: {}\n", "x".repeat(MAX_BYTES));
        let error = Document::parse(&text).unwrap_err().to_string();
        assert!(
            error.contains("20971524 bytes") && error.contains("20971520"),
            "{error}"
        );
        assert!(Document::parse_within("a: xxx", 5).is_err());
        assert!(Document::parse_within("a: xxx", 6).is_ok());
        assert!(Document::parse_within(&text, usize::MAX).is_ok());
    }

    #[test]
    fn depth_is_bounded_for_values_too() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert!(Document::from_value(nested(128)).is_ok());
        let error = Document::from_value(nested(129)).unwrap_err().to_string();
        assert!(error.contains("more than 128"), "{error}");
        assert!(Document::from_value(json!("text")).is_err());
    }

    #[test]
    fn the_version_is_read_or_named() {
        for version in ["3.0.0", "3.0", "3.1.1", "3.1", "3.1.0-rc1"] {
            let document = Document::from_value(json!({"openapi": version})).unwrap();
            assert_eq!(document.version().unwrap(), version);
        }
        for (document, wanted) in [
            (
                json!({"openapi": "3.2.0"}),
                "at /openapi: OpenAPI 3.2.0 cannot",
            ),
            (json!({"openapi": "3.10"}), "OpenAPI 3.10 cannot"),
            (json!({"openapi": "x\n".repeat(99)}), "x?x?x?"),
            (json!({"openapi": 3.1}), "is no text, but a number"),
            (json!({"openapi": null}), "is no text"),
            (json!({"swagger": "2.0"}), "at /swagger: a Swagger document"),
            (json!({"asyncapi": "3.0.0"}), "no OpenAPI document"),
            (json!([]), "no OpenAPI document"),
        ] {
            let document = Document::from_value(document).unwrap();
            let error = document.version().unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}
