//! An upload with its options, before it is sent.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::prepare::Way;
use super::progress::UploadProgress;
use super::run::{Settings, Uploader};
use super::source::Upload;
use super::spec::UploadSpec;
use crate::client::Client;
use crate::error::{Error, build};

type Sent<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// An upload with its options, before it is sent. It is a future: `.await`
/// uploads the file and returns the asset.
///
/// The way follows from size and type: up to 32,000,000 bytes as a form, by one
/// call; what is larger, or no type of the form, directly: the API issues an
/// address, the file is stored there without the API key, and the upload is
/// completed. A form that the API finds too large (413) is uploaded directly,
/// too. For a direct upload, a file at a path is read twice: its SHA-256 checksum
/// is sent before its bytes.
///
/// A direct upload is bounded by its progress, not by its length: it fails when
/// no byte was sent for the idle timeout of the client. A form has the timeout of
/// other calls, and more for a slow uplink. A file from a path or from
/// memory is sent again when the connection breaks, the store is busy, or its
/// address has expired.
///
/// # Errors
/// - `InvalidInput` before anything is sent: there is no such file, or it is
///   empty, a directory, too large, or of a type that is not accepted. A file
///   that changes while it is uploaded is `InvalidInput`, too.
/// - Any other [`Error`] of its calls. Once there is an asset, its id is
///   [`job_id`](Error::job_id) of the error.
///
/// Needs a Tokio runtime with its I/O and timer enabled. Dropping the future
/// ends the upload.
#[must_use = "an upload does nothing until it is awaited"]
pub struct UploadRequest<T> {
    pub(super) ready: Option<Box<(Uploader, Upload)>>,
    sent: Option<Sent<T>>,
    output: PhantomData<fn() -> T>,
}

impl<T> UploadRequest<T> {
    /// An upload as the API takes it. Called by generated code.
    pub fn new(client: &Client, spec: &'static UploadSpec, upload: Upload) -> Self {
        let uploader = Uploader {
            client: client.clone(),
            spec,
            settings: Settings::default(),
        };
        Self {
            ready: Some(Box::new((uploader, upload))),
            sent: None,
            output: PhantomData,
        }
    }

    /// Uploads the file directly, whatever its size.
    pub fn direct(self) -> Self {
        self.set(|settings| settings.way = Some(Way::Direct))
    }

    /// Uploads the file as a form. One that is too large for it is
    /// `InvalidInput`.
    pub fn multipart(self) -> Self {
        self.set(|settings| settings.way = Some(Way::Form))
    }

    /// Sets the content type, such as `video/mp4`, instead of the one that the
    /// first bytes show, or the extension of the name. It is sent as it is, even
    /// if it is none of those that are known to be accepted.
    pub fn content_type(self, content_type: impl Into<String>) -> Self {
        self.set(|settings| settings.content_type = Some(content_type.into()))
    }

    /// Calls a function with the progress: at the beginning, with each percent,
    /// several times a second, and when all was sent. It is called between the
    /// chunks of the file, so it should return soon.
    pub fn on_progress(self, callback: impl FnMut(&UploadProgress) + Send + 'static) -> Self {
        self.set(|settings| settings.callback = Some(Arc::new(Mutex::new(callback))))
    }

    /// Timeout of the whole upload, all its calls and retries included. Above
    /// zero; none unless it is set.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.timeout = Some(timeout))
    }

    /// How often each call of the upload may be retried, instead of the client's
    /// number.
    pub fn max_retries(self, retries: u32) -> Self {
        self.set(|settings| settings.max_retries = Some(retries))
    }

    /// The idempotency key of the call that creates the asset, by which the
    /// server recognises the same upload after a restart: 1 to 255 ASCII
    /// letters, digits, `_`, `-`, `:` and `.`. The client generates one unless
    /// it is set.
    pub fn idempotency_key(self, key: impl Into<String>) -> Self {
        self.set(|settings| settings.idempotency_key = Some(key.into()))
    }

    /// The same upload, whose asset is decoded as this type.
    pub fn typed<U>(self) -> UploadRequest<U> {
        UploadRequest {
            ready: self.ready,
            sent: None,
            output: PhantomData,
        }
    }

    fn set(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        if let Some(ready) = &mut self.ready {
            set(&mut ready.0.settings);
        }
        self
    }
}

impl<T: DeserializeOwned + Send + 'static> UploadRequest<T> {
    /// Uploads the file. The same as awaiting it.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn send(self) -> Result<T, Error> {
        self.await
    }
}

impl<T: DeserializeOwned + Send + 'static> Future for UploadRequest<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(ready) = self.ready.take() {
            let (uploader, upload) = *ready;
            self.sent = Some(Box::pin(async move { uploader.upload(upload).await }));
        }
        let Some(sent) = &mut self.sent else {
            return Poll::Ready(Err(build::internal("an upload was sent twice")));
        };
        let result = ready!(sent.as_mut().poll(context));
        self.sent = None;
        Poll::Ready(result)
    }
}

impl<T> fmt::Debug for UploadRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("UploadRequest");
        if let Some(ready) = &self.ready {
            out.field("upload", &ready.1);
        }
        out.finish_non_exhaustive()
    }
}
