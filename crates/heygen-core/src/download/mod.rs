//! Downloads of files from the addresses that the API issues. Their servers are
//! not the API's, so no credential is sent. Opening a file has a deadline; its
//! transfer, whose length is unbounded, an idle timeout only.
//!
//! `source` knows where a file is, `open` requests it, `transfer` receives it
//! over any number of connections, `save` and `stream` are what users see.

mod content;
mod open;
mod part;
mod progress;
mod range;
mod save;
mod source;
mod stream;
mod transfer;

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

pub(crate) use self::open::file_url;
pub use self::progress::DownloadProgress;
pub use self::save::{DownloadTo, Downloaded};
pub use self::source::{FileLink, FileOwner, ObjectFile};
pub use self::stream::FileStream;

use self::progress::OnProgress;
use self::source::Source;
use self::transfer::Transfer;
use crate::client::Client;
use crate::error::Error;

/// A download before it is decided where to: [`to`](Self::to) a path, or as a
/// stream by [`open`](Self::open).
#[must_use = "a download does nothing until it is awaited"]
pub struct Download<F = ()> {
    client: Client,
    source: Source,
    on_progress: Option<OnProgress>,
    of: PhantomData<fn() -> F>,
}

impl Client {
    /// A download of a file from an address that the API issued, without the
    /// credential. Opening is retried as other reads are, and redirects are
    /// followed, but never from `https` to `http`. The timeout of the client,
    /// 30 s by default, bounds the opening.
    ///
    /// An address that is not `https` is `InvalidInput`, unless it is on
    /// loopback or `allow_http` is set. Errors omit the query of the address,
    /// which may be a signature.
    pub fn download(&self, url: impl Into<String>) -> Download {
        Download::new(self, Source::Address(url.into()))
    }

    /// A download of a file of an object by its id, whose link is read first, and
    /// once more where it has expired.
    pub fn download_of<F: ObjectFile>(&self, id: impl Into<String>) -> Download<F> {
        let file = F::default().into();
        Download::new(self, Source::object(F::OWNER, id.into(), file))
    }

    /// The same as [`download_of`](Self::download_of), by the data of the object
    /// and its file.
    pub fn download_file(
        &self,
        owner: &'static FileOwner,
        id: impl Into<String>,
        file: FileLink,
    ) -> Download {
        Download::new(self, Source::object(owner, id.into(), file))
    }
}

impl<F> Download<F> {
    fn new(client: &Client, source: Source) -> Self {
        Self {
            client: client.clone(),
            source,
            on_progress: None,
            of: PhantomData,
        }
    }

    /// Sets a callback for the progress, called after each piece of the file.
    pub fn on_progress(
        mut self,
        on_progress: impl FnMut(&DownloadProgress) + Send + 'static,
    ) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    /// The download to this path, whose folder exists.
    pub fn to(self, path: impl Into<PathBuf>) -> DownloadTo<F> {
        DownloadTo::new(self, path.into())
    }

    /// Opens the file as a stream of its bytes.
    ///
    /// # Errors
    /// Any [`Error`]: see [`DownloadTo`].
    pub async fn open(self) -> Result<FileStream, Error> {
        let mut transfer = self.transfer();
        transfer.open().await?;
        Ok(FileStream::new(transfer))
    }

    fn transfer(self) -> Transfer {
        Transfer::new(self.client, self.source, self.on_progress)
    }
}

impl<F: ObjectFile> Download<F> {
    /// Selects which file of the object is downloaded.
    pub fn file(mut self, file: F) -> Self {
        self.source.select(file.into());
        self
    }
}

impl<F> fmt::Debug for Download<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may be signed.
        f.debug_struct("Download").finish_non_exhaustive()
    }
}
