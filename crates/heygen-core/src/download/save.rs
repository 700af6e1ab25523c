//! Downloads to a path.

use std::fmt;
use std::fs::File;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWriteExt as _;

use super::Download;
use super::content::media_type;
use super::open::context;
use super::part::Paths;
use super::progress::DownloadProgress;
use super::source::ObjectFile;
use super::transfer::{Event, Opened, Transfer};
use crate::error::{Error, build};

type Saving = Pin<Box<dyn Future<Output = Result<Downloaded, Error>> + Send>>;

/// A download to a path, before it is started. It is a future: `.await` starts
/// it and returns what was stored.
///
/// The file is written beside its target, under its name with `.part`, and is
/// renamed when it is complete and stored. A broken connection is resumed where
/// it broke, if the server can tell that the file is still the same, else the
/// file is read from its beginning; so is what an earlier download left, also one
/// of another process. Two downloads to one path do not mix: the second is an
/// error, where the file system has locks.
///
/// # Errors
/// - [`File`](crate::ErrorKind::File) where the target exists, unless
///   [`overwrite`](Self::overwrite) is set, and where a local file cannot be
///   written: [`file_path`](Error::file_path) and [`io_kind`](Error::io_kind).
///   Also where the object has no such file:
///   [`is_file_missing`](Error::is_file_missing).
/// - [`Decode`](crate::ErrorKind::Decode) where the server sent something else
///   than the file: a page, another type, nothing, more bytes than declared.
/// - Any other [`Error`] of a call. Errors omit the query of the address, which
///   may be a signature.
#[must_use = "a download does nothing until it is awaited"]
pub struct DownloadTo<F> {
    ready: Option<Box<(Download<F>, PathBuf, bool)>>,
    saving: Option<Saving>,
}

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Where it is.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its media type as the server sent it, such as `video/mp4`. None if it sent
    /// none, or nothing of the file was left to be sent.
    pub content_type: Option<String>,
    /// How many of the bytes an earlier download had left, and were not received
    /// again.
    pub resumed: u64,
}

impl<F> DownloadTo<F> {
    pub(super) fn new(download: Download<F>, path: PathBuf) -> Self {
        Self {
            ready: Some(Box::new((download, path, false))),
            saving: None,
        }
    }

    /// Whether a file that exists is replaced. It is, in one step, when the new
    /// one is complete; else it is an error, before anything is sent. Not set:
    /// false.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        if let Some(ready) = &mut self.ready {
            ready.2 = overwrite;
        }
        self
    }

    /// Sets a callback for the progress, called after each piece of the file.
    pub fn on_progress(self, on_progress: impl FnMut(&DownloadProgress) + Send + 'static) -> Self {
        self.edit(|download| download.on_progress(on_progress))
    }

    fn edit(mut self, edit: impl FnOnce(Download<F>) -> Download<F>) -> Self {
        self.ready = self.ready.map(|ready| {
            let (download, path, overwrite) = *ready;
            Box::new((edit(download), path, overwrite))
        });
        self
    }
}

impl<F: ObjectFile> DownloadTo<F> {
    /// Selects which file of the object is downloaded.
    pub fn file(self, file: F) -> Self {
        self.edit(|download| download.file(file))
    }
}

impl<F> Future for DownloadTo<F> {
    type Output = Result<Downloaded, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(ready) = self.ready.take() {
            let (download, path, overwrite) = *ready;
            self.saving = Some(Box::pin(save(download.transfer(), path, overwrite)));
        }
        let Some(saving) = &mut self.saving else {
            return Poll::Ready(Err(build::internal("a download was started twice")));
        };
        let result = std::task::ready!(saving.as_mut().poll(context));
        self.saving = None;
        Poll::Ready(result)
    }
}

impl<F> fmt::Debug for DownloadTo<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("DownloadTo");
        if let Some(ready) = &self.ready {
            out.field("path", &ready.1).field("overwrite", &ready.2);
        }
        out.finish_non_exhaustive()
    }
}

/// Removes the `.part` file when a download ends early, unless another one can
/// resume it. Dropped before the file, whose lock keeps others away meanwhile.
struct Cleanup {
    paths: Paths,
    keep: bool,
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if !self.keep {
            self.paths.remove();
        }
    }
}

async fn save(transfer: Transfer, path: PathBuf, overwrite: bool) -> Result<Downloaded, Error> {
    let opened = blocking(move || {
        let paths = Paths::of(path, overwrite)?;
        let part = paths.open()?;
        Ok((paths, part))
    });
    let (paths, part) = opened.await?;
    let keep = part.leftover.is_some();
    let mut transfer = transfer.restartable(part.leftover);
    let mut file = tokio::fs::File::from_std(part.file);
    let mut cleanup = Cleanup {
        paths: paths.clone(),
        keep,
    };
    let mut next = match transfer.open().await? {
        Opened::Start => Event::Restart,
        Opened::Rest => transfer.next().await?,
        Opened::Complete => Event::End,
    };
    loop {
        match next {
            Event::Restart => {
                cleanup.keep = false;
                let (std, paths) = (flushed(file, &paths).await?, paths.clone());
                let content = transfer.content().cloned();
                let started = blocking(move || paths.start(&std, content.as_ref()).map(|()| std));
                file = tokio::fs::File::from_std(started.await?);
            }
            Event::Bytes(bytes) => {
                let written = file.write_all(&bytes).await;
                written.map_err(|error| write_error(&paths, error))?;
                cleanup.keep = transfer.content().is_some();
                transfer.report();
            }
            Event::End => break,
        }
        next = transfer.next().await?;
    }
    let std = flushed(file, &paths).await?;
    let (target, keep) = (paths.target.clone(), cleanup.keep);
    // From here on, files are removed under the lock.
    cleanup.keep = true;
    blocking(move || paths.finish(&std, keep)).await?;
    let content_type = media_type(transfer.headers());
    Ok(Downloaded {
        path: target,
        bytes: transfer.position(),
        content_type: (!content_type.is_empty()).then_some(content_type),
        resumed: transfer.resumed(),
    })
}

/// The file, all of whose writes have succeeded.
async fn flushed(mut file: tokio::fs::File, paths: &Paths) -> Result<File, Error> {
    let flushed = file.flush().await;
    flushed.map_err(|error| write_error(paths, error))?;
    Ok(file.into_std().await)
}

fn write_error(paths: &Paths, error: std::io::Error) -> Error {
    build::file("write", &paths.part, error).with_context(&context())
}

/// Runs a step that blocks.
async fn blocking<T: Send + 'static>(
    step: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let result = tokio::task::spawn_blocking(step).await;
    let result =
        result.unwrap_or_else(|_| Err(build::internal("a step of a download ended early")));
    result.map_err(|error| error.with_context(&context()))
}
