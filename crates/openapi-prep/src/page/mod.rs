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

impl Form {
    /// One lower-case word for records: `readme`, `mintlify` or `bare`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadMe => "readme",
            Self::Mintlify => "mintlify",
            Self::Bare => "bare",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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

/// One operation of a document, by name.
///
/// `Display` gives `GET /v2/avatars`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct OperationName {
    /// The path template.
    pub path: String,
    /// The method, in capitals.
    pub method: String,
}

impl OperationName {
    /// The JSON pointer of the operation in its document.
    pub fn pointer(&self) -> String {
        let method = self.method.to_ascii_lowercase();
        Pointer::root()
            .joins(["paths", &self.path, &method])
            .to_string()
    }
}

impl fmt::Display for OperationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// The operations under `paths`, in the order of the document.
pub fn operations(document: &Value) -> Vec<OperationName> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths
        .into_iter()
        .flatten()
        .filter(|(path, _)| !path.starts_with("x-"))
        .flat_map(|(path, item)| {
            let entries = item.as_object().into_iter().flatten();
            entries
                .filter(|(key, value)| is_method(key) && value.is_object())
                .map(|(method, _)| OperationName {
                    path: path.clone(),
                    method: method.to_ascii_uppercase(),
                })
        })
        .collect()
}

fn is_method(key: &str) -> bool {
    crate::walk::METHODS.contains(&key)
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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(check::no_document());
    }
    let fences = fence::scan(text);
    let mut found: Vec<(Form, &Fence)> = fences
        .iter()
        .filter_map(|fence| form_of(fence).map(|form| (form, fence)))
        .collect();
    if fence::has_bare_yaml(text, &fences) {
        match bare(text) {
            // The version stands in what a page says of itself at its top.
            Err(_) if !found.is_empty() && text.starts_with("---") => {}
            outcome => return outcome,
        }
    }
    if found.len() > 1 {
        // The heading of a ReadMe page may stand over examples too.
        found.retain(|(form, fence)| *form != Form::ReadMe || !is_something_else(fence));
    }
    match found.as_slice() {
        [] => without_fence(text, &fences),
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

/// Whether a fence is whole and can be read, and holds no API document.
fn is_something_else(fence: &Fence) -> bool {
    let read = text::parse_as(&fence.body, Format::Json);
    fence.closed
        && read.is_ok_and(|value| {
            ["openapi", "swagger"]
                .iter()
                .all(|key| value.get(key).is_none())
        })
}

/// The form of a fence that holds a document.
fn form_of(fence: &Fence) -> Option<Form> {
    let mut words = fence.info.split_whitespace();
    let language = words.next()?.to_ascii_lowercase();
    match language.as_str() {
        "json" => fence
            .headings
            .iter()
            .any(|title| title.eq_ignore_ascii_case(README_HEADING))
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
        return Err(Error::new(format!(
            "the code fence that opens at line {line} is never closed"
        ))
        .remedy("the page seems cut off; fetch it again"));
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
    check::check(&document)?;
    if form == Form::Mintlify
        && let Some((method, path)) = named_operation(&fence.info)
        && document
            .get("paths")
            .and_then(|paths| paths.get(path)?.get(&method))
            .is_none()
    {
        return Err(Error::new(format!(
            "the code fence at line {line} names {} {path}, which its document does not hold",
            method.to_ascii_uppercase()
        ))
        .at(Pointer::root().joins(["paths", path, &method]))
        .remedy("fetch the page again; its fence and its document do not belong together"));
    }
    Ok(Page { document, form })
}

fn bare(text: &str) -> Result<Page, Error> {
    let document = text::parse(text).map_err(|error| {
        error.remedy("correct the file there, or fetch it again if it is damaged")
    })?;
    check::check(&document)?;
    Ok(Page {
        document,
        form: Form::Bare,
    })
}

/// A file with no fence that holds a document: a bare document, or none.
fn without_fence(text: &str, fences: &[Fence]) -> Result<Page, Error> {
    if let Some(open) = fences.iter().find(|fence| !fence.closed) {
        return Err(Error::new(format!(
            "holds no OpenAPI document, and the code fence that opens at line {} is never closed",
            open.line
        ))
        .remedy("the page seems cut off; fetch it again"));
    }
    // Any prose may fail to be YAML; what begins like JSON is meant to be it.
    if text.trim_start().starts_with('{') || text::parse(text).is_ok() {
        bare(text)
    } else {
        Err(check::no_document())
    }
}
