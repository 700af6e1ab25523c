//! The body of a form while it is sent: a file given by path is opened when its
//! turn comes.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use super::{Data, Form};

/// Bytes of a file that are read at once.
pub(crate) const CHUNK_SIZE: usize = 64 * 1024;

/// A part that could not be sent.
#[derive(Debug)]
pub struct PartError(pub(crate) String);

impl fmt::Display for PartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PartError {}

/// What is left to be sent of a form.
pub(super) struct FormBody {
    segments: VecDeque<Segment>,
    file: Option<OpenFile>,
}

enum Segment {
    Bytes(Bytes),
    File(PathBuf, Option<u64>),
    Invalid(String),
}

impl FormBody {
    pub(super) fn new(form: &Form) -> Self {
        let mut segments = VecDeque::new();
        let text = |text: String| Segment::Bytes(text.into());
        for (name, part) in &form.parts {
            if let Err(why) = part.check() {
                segments.push_back(Segment::Invalid(format!("the part {name}: {why}")));
                continue;
            }
            segments.push_back(text(form.head(name, part)));
            segments.push_back(match &part.data {
                Data::Bytes(bytes) => Segment::Bytes(bytes.clone()),
                Data::Path(path) => {
                    let about = std::fs::metadata(path).ok();
                    let length = about.filter(std::fs::Metadata::is_file).map(|a| a.len());
                    Segment::File(path.clone(), length)
                }
                Data::Invalid(why) => Segment::Invalid(why.clone()),
            });
            segments.push_back(text("\r\n".to_owned()));
        }
        segments.push_back(text(format!("--{}--\r\n", form.boundary)));
        Self {
            segments,
            file: None,
        }
    }
}

impl Body for FormBody {
    type Data = Bytes;
    type Error = PartError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, PartError>>> {
        loop {
            if let Some(file) = &mut self.file {
                match ready!(file.poll_chunk(context)) {
                    Ok(chunk) if chunk.is_empty() => self.file = None,
                    Ok(chunk) => return Poll::Ready(Some(Ok(Frame::data(chunk)))),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                }
            }
            match self.segments.pop_front() {
                None => return Poll::Ready(None),
                Some(Segment::Bytes(bytes)) if bytes.is_empty() => {}
                Some(Segment::Bytes(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Segment::File(path, left)) => self.file = Some(OpenFile::new(path, left)),
                Some(Segment::Invalid(why)) => return Poll::Ready(Some(Err(PartError(why)))),
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        let open = self.file.as_ref().map_or(Some(0), |file| file.left);
        let lengths = self.segments.iter().map(|segment| match segment {
            Segment::Bytes(bytes) => Some(bytes.len() as u64),
            Segment::File(_, length) => *length,
            Segment::Invalid(_) => None,
        });
        let length = lengths.chain([open]).sum::<Option<u64>>();
        length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }

    fn is_end_stream(&self) -> bool {
        self.segments.is_empty() && self.file.is_none()
    }
}

type Opening = Pin<Box<dyn Future<Output = io::Result<File>> + Send + Sync>>;

/// A file that is being sent.
pub(crate) struct OpenFile {
    path: PathBuf,
    state: FileState,
    /// The rest of the length that was announced.
    pub(crate) left: Option<u64>,
}

enum FileState {
    Opening(Opening),
    Open(File),
}

impl OpenFile {
    pub(crate) fn new(path: PathBuf, left: Option<u64>) -> Self {
        let state = FileState::Opening(Box::pin(File::open(path.clone())));
        Self { path, state, left }
    }

    /// The next bytes; none at the end. Never more than was announced, and an
    /// error if there are fewer.
    pub(crate) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Bytes, PartError>> {
        let failed = |path: &Path, error: &dyn fmt::Display| {
            PartError(format!("cannot read {}: {error}", path.display()))
        };
        if let FileState::Opening(opening) = &mut self.state {
            match ready!(opening.as_mut().poll(context)) {
                Ok(file) => self.state = FileState::Open(file),
                Err(error) => return Poll::Ready(Err(failed(&self.path, &error))),
            }
        }
        let FileState::Open(file) = &mut self.state else {
            return Poll::Ready(Ok(Bytes::new()));
        };
        let left = self.left.and_then(|left| usize::try_from(left).ok());
        let mut chunk = vec![0; left.unwrap_or(CHUNK_SIZE).min(CHUNK_SIZE)];
        let mut buffer = ReadBuf::new(&mut chunk);
        if let Err(error) = ready!(Pin::new(file).poll_read(context, &mut buffer)) {
            return Poll::Ready(Err(failed(&self.path, &error)));
        }
        let read = buffer.filled().len();
        if let Some(left) = &mut self.left {
            *left -= read as u64;
            if read == 0 && *left > 0 {
                let why = "it is shorter than it was";
                return Poll::Ready(Err(failed(&self.path, &why)));
            }
        }
        chunk.truncate(read);
        Poll::Ready(Ok(chunk.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(form: &Form) -> String {
        let mut body = FormBody::new(form);
        let length = body.size_hint().exact();
        let mut all = Vec::new();
        while let Some(frame) =
            std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            all.extend_from_slice(&frame.unwrap().into_data().unwrap());
        }
        assert_eq!(length, Some(all.len() as u64));
        String::from_utf8(all).unwrap()
    }

    #[tokio::test]
    async fn file_is_read_each_time() {
        let path = std::env::temp_dir().join(format!("form-{}.bin", std::process::id()));
        let form = Form::new().part("file", path.as_path());
        assert_eq!(form.check().unwrap_err().0, "file");
        for length in [10, 3 * CHUNK_SIZE + 1, 0] {
            std::fs::write(&path, vec![b'x'; length]).unwrap();
            form.check().unwrap();
            let text = sent(&form).await;
            assert_eq!(text.matches('x').count(), length);
            assert!(text.contains(&format!("filename=\"form-{}.bin\"", std::process::id())));
        }
        let mut body = FormBody::new(&form);
        std::fs::remove_file(&path).unwrap();
        let mut frames = Vec::new();
        while let Some(frame) =
            std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            frames.push(frame.is_ok());
            if frames.last() == Some(&false) {
                break;
            }
        }
        assert_eq!(frames, [true, false]);
    }
}
