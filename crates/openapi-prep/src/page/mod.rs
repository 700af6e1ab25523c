//! A file as a vendor publishes it becomes a document.
//!
//! Three forms are known: a ReadMe page (a JSON fence under the heading
//! "OpenAPI definition"), a Mintlify page (a YAML fence whose info string names
//! file, method and path), and a file that is a document and nothing else. The
//! document is given as it stands: nothing is corrected here.

mod check;
mod fence;

use std::fmt;

use serde_json::Value;

use self::fence::Fence;
use crate::{
    Error, Pointer,
    text::{self, Format},
    walk::METHODS,
};

/// The heading over the document of a ReadMe page.
const README_HEADING: &str = "OpenAPI definition";

/// How a document stands in the file it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// A page with a JSON fence under the heading "OpenAPI definition".
    ReadMe,
    /// A page with a YAML fence that names file, method and path.
    Mintlify,
    /// Nothing but the document, in JSON or YAML.
    Bare,
}

/// One lower-case word for records: `readme`, `mintlify` or `bare`.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadMe => "readme",
            Self::Mintlify => "mintlify",
            Self::Bare => "bare",
        })
    }
}

/// A document and the form it came in.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// The OpenAPI 3.0 or 3.1 document, as published.
    pub document: Value,
    /// The form it came in.
    pub form: Form,
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
            let entries = entries.filter(|(key, value)| is_method(key) && value.is_object());
            entries.map(move |(method, _)| format!("{} {path}", method.to_ascii_uppercase()))
        })
        .collect()
}

fn is_method(key: &str) -> bool {
    METHODS.contains(&key)
}

/// Takes the document out of a file.
///
/// A byte-order mark and carriage returns are let pass.
///
/// # Errors
///
/// Where the file holds no document or more than one, a fence that is never
/// closed, a document that cannot be read, a Swagger document, an OpenAPI
/// version other than 3.0 and 3.1, no operation, or, in a Mintlify page, not
/// the operation that its fence names.
pub fn extract(text: &str) -> Result<Page, Error> {
    // A document of its own, whatever code its descriptions show.
    let whole = text::parse(text);
    let is_versioned = |value: &Value| has_version(value);
    if whole.as_ref().is_ok_and(is_versioned) || fence::starts_with_version(text) {
        let remedy = "correct the file there, or fetch it again if it is damaged";
        let document = whole.map_err(|error| error.remedy(remedy))?;
        return checked(document, Form::Bare);
    }
    let fences = fence::scan(text);
    let mut found: Vec<(Form, &Fence)> = fences
        .iter()
        .filter_map(|fence| form_of(fence).map(|form| (form, fence)))
        .collect();
    if found.len() > 1 {
        // The heading of a ReadMe page may stand over examples too.
        found.retain(|(form, fence)| *form != Form::ReadMe || !is_something_else(fence));
    }
    match found.as_slice() {
        [] => Err(without_document(text, &fences, whole)),
        [(form, fence)] => from_fence(*form, fence),
        [(_, first), (_, second), ..] => Err(Error::new(format!(
            "holds {} documents, in the code fences at lines {} and {}{}",
            found.len(),
            first.line,
            second.line,
            if found.len() > 2 { " and further" } else { "" },
        ))
        .remedy("keep one document in the file; import the others as files of their own")),
    }
}

fn has_version(document: &Value) -> bool {
    ["openapi", "swagger"]
        .iter()
        .any(|key| document.get(key).is_some())
}

/// Whether a fence is whole and can be read, and holds no API document.
fn is_something_else(fence: &Fence) -> bool {
    let read = text::parse_as(&fence.body, Format::Json);
    fence.closed && read.is_ok_and(|value| !has_version(&value))
}

/// The form of a fence that holds a document.
fn form_of(fence: &Fence) -> Option<Form> {
    let language = fence.info.split_whitespace().next()?;
    let is_under_heading = |title: &String| title.eq_ignore_ascii_case(README_HEADING);
    match language.to_ascii_lowercase().as_str() {
        "json" => fence
            .headings
            .iter()
            .any(is_under_heading)
            .then_some(Form::ReadMe),
        "yaml" | "yml" => named_operation(&fence.info).map(|_| Form::Mintlify),
        _ => None,
    }
}

/// The method, in lower case, and path that the info string
/// `yaml FILE METHOD PATH` names.
fn named_operation(info: &str) -> Option<(String, &str)> {
    let mut words = info.split_whitespace().skip(2);
    let method = words.next()?.to_ascii_lowercase();
    let path = words.next()?;
    (is_method(&method) && path.starts_with('/')).then_some((method, path))
}

fn from_fence(form: Form, fence: &Fence) -> Result<Page, Error> {
    let line = fence.line;
    if !fence.closed {
        return Err(cut_off("", line));
    }
    let format = match form {
        Form::ReadMe => Format::Json,
        Form::Mintlify | Form::Bare => Format::Yaml,
    };
    let document = text::parse_as(&fence.body, format).map_err(|error| {
        Error::new(format!(
            "in the code fence that opens at line {line}: {}",
            error.message()
        ))
        .remedy("lines are counted from the fence; fetch the page again if it is damaged")
    })?;
    let page = checked(document, form)?;
    let named = named_operation(&fence.info).filter(|_| form == Form::Mintlify);
    if let Some((method, path)) = named {
        let at = Pointer::root().joins(["paths", path, &method]);
        if page.document.pointer(at.as_str()).is_none() {
            let method = method.to_ascii_uppercase();
            return Err(Error::new(format!(
                "the code fence at line {line} names {method} {path}, which its document does not \
                 hold"
            ))
            .at(at)
            .remedy("fetch the page again; its fence and its document do not belong together"));
        }
    }
    Ok(page)
}

fn checked(document: Value, form: Form) -> Result<Page, Error> {
    check::check(&document)?;
    Ok(Page { document, form })
}

fn cut_off(what: &str, line: usize) -> Error {
    Error::new(format!(
        "{what}the code fence that opens at line {line} is never closed"
    ))
    .remedy("the page seems cut off; fetch it again")
}

/// Why a file with no fence that holds a document is refused.
fn without_document(text: &str, fences: &[Fence], whole: Result<Value, Error>) -> Error {
    if let Some(open) = fences.iter().find(|fence| !fence.closed) {
        return cut_off("holds no OpenAPI document, and ", open.line);
    }
    match whole {
        // Any prose may fail to be YAML; what begins like JSON is meant to be it.
        Err(error) if text.trim_start().starts_with('{') => error,
        _ => check::no_document(),
    }
}
