//! Request bodies of several parts (`multipart/form-data`): values, and files
//! from memory or by path.
//!
//! A form can be sent any number of times: a file given by path is opened when
//! it is sent, and never held in memory as a whole. The length of the body is
//! known before it is sent, unless a path is not a regular file.

pub(crate) mod body;

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http_body::Body as _;
use reqwest::header::HeaderValue;
use serde::Serialize;
use serde_json::Value;

use body::FormBody;
pub use body::PartError;

/// One part of a [`Form`]: a file from memory or by path, or text.
///
/// A file has a file name: the path's, else the part's name. Its content type
/// is the one that the API's description names, unless you set another.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    data: Data,
    is_file: bool,
    file_name: Option<String>,
    content_type: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
enum Data {
    Bytes(Bytes),
    Path(PathBuf),
    /// A value that cannot be written, and why.
    Invalid(String),
}

impl Part {
    /// A file of these bytes.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Data::Bytes(bytes.into()), true)
    }

    /// The file at a path, which is read when it is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into());
        let mut part = Self::new(Data::Path(path), true);
        part.file_name = name;
        part
    }

    /// Text, without a file name.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Data::Bytes(text.into().into()), false)
    }

    fn new(data: Data, is_file: bool) -> Self {
        Self {
            data,
            is_file,
            file_name: None,
            content_type: None,
        }
    }

    /// Sets the file name that the server receives.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the content type, such as `image/png`.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// A value: text and numbers as they are, anything else as JSON.
    fn value(value: Value) -> Self {
        match value {
            Value::String(text) => Self::text(text),
            Value::Array(_) | Value::Object(_) => Self::json(&value),
            other => Self::text(other.to_string()),
        }
    }

    fn json(value: &Value) -> Self {
        Self::text(value.to_string()).content_type("application/json")
    }

    /// The file name of a part of this name.
    fn sent_file_name<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        match &self.file_name {
            None if self.is_file => Some(name),
            given => given.as_deref(),
        }
    }

    fn sent_content_type(&self) -> Option<&str> {
        match &self.content_type {
            None if self.is_file => Some("application/octet-stream"),
            given => given.as_deref(),
        }
    }

    /// Its size, if it is known.
    fn size(&self) -> Option<u64> {
        match &self.data {
            Data::Bytes(bytes) => Some(bytes.len() as u64),
            Data::Path(path) => {
                let about = std::fs::metadata(path).ok()?;
                about.is_file().then_some(about.len())
            }
            Data::Invalid(_) => None,
        }
    }

    /// Why this part cannot be sent.
    fn check(&self) -> Result<(), String> {
        if let Some(media) = &self.content_type
            && !media.chars().all(|c| matches!(c, ' '..='~'))
        {
            return Err(format!("the content type {media:?} cannot be sent"));
        }
        match &self.data {
            Data::Bytes(_) => Ok(()),
            Data::Invalid(why) => Err(why.clone()),
            Data::Path(path) => match std::fs::metadata(path) {
                Ok(about) if about.is_dir() => Err(format!("{} is a directory", path.display())),
                Ok(_) => Ok(()),
                Err(error) => Err(format!("cannot read {}: {error}", path.display())),
            },
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Part");
        match &self.data {
            Data::Bytes(bytes) => out.field("length", &bytes.len()),
            Data::Path(path) => out.field("path", path),
            Data::Invalid(why) => out.field("invalid", why),
        };
        out.field("is_file", &self.is_file)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}

impl From<Vec<u8>> for Part {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Bytes> for Part {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<PathBuf> for Part {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&Path> for Part {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

/// What a part of a form is, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartSummary {
    /// The name of the part.
    pub name: String,
    /// The file name that the server receives; none for a value.
    pub file_name: Option<String>,
    /// The content type, if one is sent.
    pub content_type: Option<String>,
    /// The size in bytes, if it is known.
    pub size: Option<u64>,
}

/// The files of one name in a form: one, one that may be left out, or several.
pub trait IntoParts {
    /// The files.
    fn into_parts(self) -> Vec<Part>;
}

impl IntoParts for Part {
    fn into_parts(self) -> Vec<Part> {
        vec![self]
    }
}

impl<T: IntoParts> IntoParts for Option<T> {
    fn into_parts(self) -> Vec<Part> {
        self.map(T::into_parts).unwrap_or_default()
    }
}

impl<T: IntoParts> IntoParts for Vec<T> {
    fn into_parts(self) -> Vec<Part> {
        self.into_iter().flat_map(T::into_parts).collect()
    }
}

/// A request body of several parts.
///
/// Operations whose parts are known have a type of their own, which converts
/// into this one.
#[derive(Clone)]
pub struct Form {
    parts: Vec<(String, Part)>,
    boundary: String,
}

impl Form {
    /// A form without parts.
    pub fn new() -> Self {
        // Each state is seeded anew, from a random number of the system.
        let random = || RandomState::new().build_hasher().finish();
        Self {
            parts: Vec::new(),
            boundary: format!("form-{:016x}{:016x}", random(), random()),
        }
    }

    /// Adds a part.
    #[must_use]
    pub fn part(mut self, name: impl Into<String>, part: impl Into<Part>) -> Self {
        self.parts.push((name.into(), part.into()));
        self
    }

    /// Adds the files of one name, with the content type of those that have
    /// none.
    #[must_use]
    pub fn files(mut self, name: &str, files: impl IntoParts, content_type: Option<&str>) -> Self {
        for mut file in files.into_parts() {
            if file.content_type.is_none() {
                file.content_type = content_type.map(str::to_owned);
            }
            self = self.part(name, file);
        }
        self
    }

    /// Adds a value: nothing for `null`, a part for each item of a list, text
    /// and numbers as they are, objects as JSON. With a content type of JSON
    /// the value is one part, whatever it is.
    #[must_use]
    pub fn value(
        mut self,
        name: &str,
        value: &(impl Serialize + ?Sized),
        content_type: Option<&str>,
    ) -> Self {
        let is_json = content_type.is_some_and(|media| {
            let essence = media.split(';').next().unwrap_or_default().trim();
            essence == "application/json" || essence.ends_with("+json")
        });
        let parts = match serde_json::to_value(value) {
            Ok(Value::Null) => Vec::new(),
            Ok(value) if is_json => vec![Part::json(&value)],
            Ok(Value::Array(items)) => items.into_iter().map(Part::value).collect(),
            Ok(value) => vec![Part::value(value)],
            Err(error) => {
                let why = format!("cannot be written as JSON: {error}");
                vec![Part::new(Data::Invalid(why), false)]
            }
        };
        for mut part in parts {
            if let Some(media) = content_type {
                part.content_type = Some(media.to_owned());
            }
            self = self.part(name, part);
        }
        self
    }

    /// Whether the form has no parts.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// What separates the parts: random, and different for each form.
    pub fn boundary(&self) -> &str {
        &self.boundary
    }

    /// The header of a request with this body. `media_type` is a form's unless
    /// it is another one of several parts.
    pub fn content_type(&self, media_type: Option<&str>) -> HeaderValue {
        let media_type = media_type.unwrap_or("multipart/form-data");
        let value = format!("{media_type}; boundary={}", self.boundary);
        HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("multipart/form-data"))
    }

    /// Name of the first part that cannot be sent, and why.
    ///
    /// # Errors
    /// If there is one.
    pub fn check(&self) -> Result<(), (&str, String)> {
        self.parts
            .iter()
            .try_for_each(|(name, part)| part.check().map_err(|why| (name.as_str(), why)))
    }

    /// The body, in the form it is sent in. What cannot be read is an error of
    /// the body.
    pub fn body(&self) -> reqwest::Body {
        reqwest::Body::wrap(FormBody::new(self))
    }

    /// The length of the body, if it is known.
    pub fn length(&self) -> Option<u64> {
        FormBody::new(self).size_hint().exact()
    }

    /// What comes before the content of a part.
    pub(crate) fn head(&self, name: &str, part: &Part) -> String {
        let mut head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"",
            self.boundary,
            quoted(name)
        );
        if let Some(file_name) = part.sent_file_name(name) {
            head.extend(["; filename=\"", &quoted(file_name), "\""]);
        }
        if let Some(content_type) = part.sent_content_type() {
            head.extend(["\r\nContent-Type: ", content_type]);
        }
        head + "\r\n\r\n"
    }

    /// What the parts are, without their content.
    pub fn summary(&self) -> Vec<PartSummary> {
        let summary = |(name, part): &(String, Part)| PartSummary {
            name: name.clone(),
            file_name: part.sent_file_name(name).map(str::to_owned),
            content_type: part.sent_content_type().map(str::to_owned),
            size: part.size(),
        };
        self.parts.iter().map(summary).collect()
    }
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Form> for reqwest::Body {
    fn from(form: Form) -> Self {
        form.body()
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts.iter().map(|(name, part)| (name, part));
        f.debug_map().entries(parts).finish()
    }
}

/// A name in a header of a part, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(form: &Form) -> Result<String, String> {
        let mut body = FormBody::new(form);
        let length = body.size_hint().exact();
        let mut all = Vec::new();
        while let Some(frame) =
            std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await
        {
            let frame = frame.map_err(|error| error.to_string())?;
            all.extend_from_slice(&frame.into_data().unwrap());
        }
        assert_eq!(length, Some(all.len() as u64));
        let text = String::from_utf8(all).unwrap();
        Ok(text.replace(form.boundary(), "B").replace("\r\n", "\n"))
    }

    #[tokio::test]
    async fn values_and_files_are_parts() {
        #[derive(Serialize)]
        struct Meta {
            a: u8,
        }
        let form = Form::new()
            .value("text", "a\u{fc}", None)
            .value("number", &1.5, None)
            .value("none", &None::<u8>, None)
            .value("list", &["a", "b"], None)
            .value("meta", &Meta { a: 1 }, None)
            .value("tags", &["a"], Some("application/json"))
            .value("csv", "1,2", Some("text/csv"))
            .files("one", Part::bytes("x"), Some("image/png"))
            .files(
                "many",
                vec![
                    Part::bytes("y").file_name("a\"b\r\n.txt"),
                    Part::bytes("z").content_type("text/plain"),
                ],
                Some("image/png"),
            )
            .files("left", None::<Part>, None);
        let expected = r#"--B
Content-Disposition: form-data; name="text"

aü
--B
Content-Disposition: form-data; name="number"

1.5
--B
Content-Disposition: form-data; name="list"

a
--B
Content-Disposition: form-data; name="list"

b
--B
Content-Disposition: form-data; name="meta"
Content-Type: application/json

{"a":1}
--B
Content-Disposition: form-data; name="tags"
Content-Type: application/json

["a"]
--B
Content-Disposition: form-data; name="csv"
Content-Type: text/csv

1,2
--B
Content-Disposition: form-data; name="one"; filename="one"
Content-Type: image/png

x
--B
Content-Disposition: form-data; name="many"; filename="a%22b%0D%0A.txt"
Content-Type: image/png

y
--B
Content-Disposition: form-data; name="many"; filename="many"
Content-Type: text/plain

z
--B--
"#;
        assert_eq!(sent(&form).await.unwrap(), expected);
        assert_ne!(Form::new().boundary(), form.boundary());
    }

    #[test]
    fn parts_that_cannot_be_sent_are_named() {
        let form = Form::new()
            .part("a", Part::text("a"))
            .part("b", Part::text("b").content_type("text/plain\r\nX: y"));
        assert_eq!(form.check().unwrap_err().0, "b");
        assert_eq!(form.length(), None);
        let debug = format!("{:?}", Form::new().part("a", Part::bytes("secret")));
        assert!(debug.contains("length: 6") && !debug.contains("secret"));
    }
}
