//! Lists that the API returns page by page: one page, and streams over all of
//! them.

mod decode;
mod lenient;
mod stream;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;

pub use self::stream::{Items, Pages};
use crate::cursor::Cursor;
use crate::request::Request;

/// One page of a list.
///
/// A `Request<Page<T>>` returns the first page, or the one where its token
/// says; [`items`](Request::items) returns the items of all pages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items. May be empty on a page that is not the last.
    pub items: Vec<T>,
    /// The token of the next page. None on the last page, as is an empty one.
    pub next_token: Option<String>,
    /// Whether the server reported more pages, or sent a token without such a
    /// report.
    pub has_more: bool,
}

/// A response that is one page of a list.
///
/// Implemented by [`Page`], and by generated models that have fields beside the
/// items.
pub trait Paged {
    /// The type of the items.
    type Item;

    /// Where the next page begins.
    fn cursor(&self) -> Cursor;

    /// The items of the page.
    fn into_items(self) -> Vec<Self::Item>;
}

/// The only page of a list, for tests of programs.
impl<T> From<Vec<T>> for Page<T> {
    fn from(items: Vec<T>) -> Self {
        Self {
            items,
            next_token: None,
            has_more: false,
        }
    }
}

impl<T> Paged for Page<T> {
    type Item = T;

    fn cursor(&self) -> Cursor {
        Cursor::new(self.next_token.clone(), Some(self.has_more))
    }

    fn into_items(self) -> Vec<T> {
        self.items
    }
}

impl<E> Request<E> {
    /// The same call, which returns a page of items of this type. The operation
    /// declares where in the body the items and the cursor are; for a call by
    /// path they are in `data`, `next_token` and `has_more`.
    ///
    /// A response without items is a `Decode` error, and so is an item that does
    /// not fit, whose index is in [`field`](crate::Error::field).
    pub fn page<T: DeserializeOwned + 'static>(self) -> Request<Page<T>> {
        self.with_decode(decode::page)
    }
}

impl<P: Paged> Request<P> {
    /// The items of all pages, from the page of this request on, as a stream.
    ///
    /// ```no_run
    /// # async fn run(request: heygen_core::Request<heygen_core::Page<String>>) -> Result<(), heygen_core::Error> {
    /// let mut items = request.items();
    /// while let Some(item) = items.next().await {
    ///     println!("{}", item?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A page is requested when the items before it have been taken, with the
    /// options of this request: timeouts and retries are those of each page.
    /// An error ends the stream. Dropping the stream stops it.
    pub fn items(self) -> Items<P> {
        Items::new(self.pages())
    }

    /// All pages, from that of this request on, as a stream; see
    /// [`items`](Self::items).
    pub fn pages(self) -> Pages<P> {
        Pages::new(self)
    }

    /// Skips items that do not fit their model, instead of failing: each is
    /// logged as a warning of `tracing`, with its index in its page and the path
    /// of the field.
    pub fn lenient(self) -> Self
    where
        P::Item: DeserializeOwned,
    {
        self.with_repair(lenient::without_misfits::<P::Item>)
    }
}
