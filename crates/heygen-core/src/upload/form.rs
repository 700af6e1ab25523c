//! The form of an upload: one part, with a content that may be a stream.

use reqwest::header::HeaderValue;

use super::prepare::Prepared;
use crate::content::body::ContentBody;
use crate::content::{Content, Observer};
use crate::multipart::{Form, Part, PartSummary};
use crate::request::form::FormSource;

/// A form with one file, whose content is observed while it is sent.
pub(super) struct UploadForm {
    content: Content,
    content_type: HeaderValue,
    head: String,
    tail: String,
    length: u64,
    observer: Option<Observer>,
    parts: Vec<PartSummary>,
}

impl UploadForm {
    pub(super) fn new(part: &str, file: &Prepared, observer: Option<Observer>) -> Self {
        let form = Form::new();
        let empty = Part::bytes("")
            .file_name(&*file.name)
            .content_type(&*file.content_type);
        let head = form.head(part, &empty);
        let tail = format!("\r\n--{}--\r\n", form.boundary());
        let content_type = form.content_type(None);
        let mut parts = form.part(part, empty).summary();
        for part in &mut parts {
            part.size = Some(file.length);
        }
        Self {
            content: file.content.clone(),
            content_type,
            length: file.length + (head.len() + tail.len()) as u64,
            head,
            tail,
            observer,
            parts,
        }
    }
}

impl FormSource for UploadForm {
    fn is_empty(&self) -> bool {
        false
    }

    fn check(&self) -> Result<(), (&str, String)> {
        // The file was checked before.
        Ok(())
    }

    fn content_type(&self, _: Option<&str>) -> HeaderValue {
        self.content_type.clone()
    }

    fn length(&self) -> Option<u64> {
        Some(self.length)
    }

    fn is_replayable(&self) -> bool {
        self.content.is_replayable()
    }

    fn body(&self) -> reqwest::Body {
        let body = ContentBody::new(&self.content, self.observer.clone());
        reqwest::Body::wrap(body.framed(self.head.clone(), self.tail.clone()))
    }

    fn parts(&self) -> Vec<PartSummary> {
        self.parts.clone()
    }
}
