//! A file as a vendor publishes it becomes a document.
//!
//! Three forms are known: pages with one code fence that holds a document, in
//! JSON as ReadMe writes them or in YAML as Mintlify does, and a file that is a
//! document and nothing else. The document is given as it stands: what is wrong
//! inside it is for the repair to mend and to report.

mod fence;

use serde_json::Value;

use self::fence::Fence;
use crate::{
    Error, Pointer,
    document::version_of,
    text::{self, Format},
    walk::METHODS,
};

/// A document and the form it came in.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// The OpenAPI 3.0 or 3.1 document, as published.
    pub document: Value,
    /// The form it came in, for records: `readme` for a page with the document in
    /// JSON, `mintlify` for one with it in YAML, `bare` for the document alone.
    pub form: &'static str,
}

/// The operations under `paths`, such as `GET /v2/avatars`, in the order of the
/// document.
pub fn operations(document: &Value) -> Vec<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let paths = paths.into_iter().flatten();
    paths
        .filter(|(path, _)| !path.starts_with("x-"))
        .flat_map(|(path, item)| {
            let entries = item.as_object().into_iter().flatten();
            let entries =
                entries.filter(|(key, value)| METHODS.contains(&key.as_str()) && value.is_object());
            entries.map(move |(method, _)| format!("{} {path}", method.to_ascii_uppercase()))
        })
        .collect()
}

/// Takes the document out of a file.
///
/// A byte-order mark and carriage returns are let pass.
///
/// # Errors
///
/// Where the file holds no document or more than one, a fence that is never
/// closed, a document that cannot be read, a Swagger document, an OpenAPI
/// version other than 3.0 and 3.1, or no operation.
pub fn extract(text: &str) -> Result<Page, Error> {
    // A document of its own, whatever code its descriptions show.
    let whole = text::parse(text);
    let is_meant = STARTS.iter().any(|start| text.starts_with(start));
    if whole.as_ref().is_ok_and(has_version) || is_meant {
        let remedy = "correct the file there, or fetch it again if it is damaged";
        let document = whole.map_err(|error| error.remedy(remedy))?;
        return checked(document, "bare");
    }
    let fences = fence::scan(text);
    let mut found = fences.iter().filter_map(|fence| {
        let (form, document) = document_in(fence)?;
        Some((form, document, fence))
    });
    match (found.next(), found.next()) {
        (Some((form, document, fence)), None) if fence.closed => {
            let document = document.map_err(|error| {
                let (line, why) = (fence.line, error.message());
                Error::new(format!(
                    "in the code fence that opens at line {line}: {why}"
                ))
                .remedy("lines are counted from the fence; fetch the page again if it is damaged")
            })?;
            checked(document, form)
        }
        (Some((.., first)), Some((.., second))) => Err(Error::new(format!(
            "holds several documents, in the code fences at lines {} and {}",
            first.line, second.line,
        ))
        .remedy("keep one document in the file; import the others as files of their own")),
        _ => Err(match (fences.iter().find(|fence| !fence.closed), whole) {
            (Some(Fence { line, .. }), _) => Error::new(format!(
                "holds no OpenAPI document, and the code fence that opens at line {line} is never \
                 closed"
            ))
            .remedy("the page seems cut off; fetch it again"),
            // Any prose may fail to be YAML; what begins like JSON is meant to be it.
            (_, Err(error)) if text.trim_start().starts_with('{') => error,
            _ => Error::new("holds no OpenAPI document").remedy(
                "wanted: a code fence of ```json or ```yaml that holds one, or nothing but an \
                 OpenAPI document in JSON or YAML",
            ),
        }),
    }
}

fn has_version(document: &Value) -> bool {
    VERSION_KEYS.iter().any(|key| document.get(key).is_some())
}

/// How only a document in YAML starts: what is wrong in it is reported as YAML.
const STARTS: [&str; 4] = ["openapi: 3", "openapi: '", "openapi: \"", "swagger: "];

/// The keys of a document that say its version.
const VERSION_KEYS: [&str; 2] = ["openapi", "swagger"];

/// The document in a fence, if it is one as far as can be read.
fn document_in(fence: &Fence) -> Option<(&'static str, Result<Value, Error>)> {
    let language = fence.info.split_whitespace().next()?;
    let (form, format) = match language.to_ascii_lowercase().as_str() {
        "json" => ("readme", Format::Json),
        "yaml" | "yml" => ("mintlify", Format::Yaml),
        _ => return None,
    };
    let read = text::parse_as(&fence.body, format);
    let is_document = match &read {
        Ok(value) => has_version(value),
        Err(_) => VERSION_KEYS.iter().any(|key| fence.body.contains(key)),
    };
    is_document.then_some((form, read))
}

fn checked(document: Value, form: &'static str) -> Result<Page, Error> {
    version_of(&document)?;
    if operations(&document).is_empty() {
        return Err(Error::new("the document holds no operation")
            .at(Pointer::root().join("paths"))
            .remedy("import a page or file that describes at least one, such as GET /v2/avatars"));
    }
    Ok(Page { document, form })
}
