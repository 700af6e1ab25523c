//! Streams over the pages of a list, and over their items. A page is requested
//! when it is asked for, so memory is that of one page.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Paged;
use crate::cursor;
use crate::error::{Error, build};
use crate::operation::{CallContext, Operation};
use crate::request::Request;
use crate::request::template::Template;
use crate::response::Response;

/// The pages of a list, as a stream; see [`Request::pages`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<P> {
    operation: &'static Operation,
    template: Option<Template<P>>,
    state: State<P>,
    /// Where the page that is requested next begins, or that failed.
    token: Option<String>,
    seen: SeenTokens,
}

enum State<P> {
    /// A page is being requested.
    Request(Request<P>),
    /// The next page begins at the token.
    Next,
    /// The list cannot be continued.
    Failed(Error),
    End,
}

impl<P: Paged> Pages<P> {
    pub(super) fn new(request: Request<P>) -> Self {
        let operation = request.operation();
        let template = request.template();
        let name = operation.page_spec().token;
        let token = template.as_ref().and_then(|template| template.query(name));
        let mut seen = SeenTokens::default();
        if let Some(token) = &token {
            seen.insert(token);
        }
        Self {
            operation,
            template,
            state: State::Request(request),
            token,
            seen,
        }
    }

    /// The next page. None after the last one, and after an error. Dropping the
    /// future loses nothing: the page that was requested is returned by the next
    /// call.
    ///
    /// # Errors
    /// Any [`Error`]. A page that continues where an earlier one began is
    /// followed by a `Decode` error, as the list would not end.
    pub async fn next(&mut self) -> Option<Result<P, Error>> {
        let response = self.next_response().await?;
        Some(response.map(Response::into_data))
    }

    /// The next page with the metadata of its response.
    ///
    /// # Errors
    /// Those of [`next`](Self::next).
    pub async fn next_response(&mut self) -> Option<Result<Response<P>, Error>> {
        poll_fn(|context| self.poll_response(context)).await
    }

    /// The token of the page that is requested next, or that failed: a list that
    /// failed can be continued from it. None at the beginning of a list and after
    /// its end.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    fn poll_response(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Response<P>, Error>>> {
        if matches!(self.state, State::Next) {
            self.state = self.request_next();
        }
        let result = match &mut self.state {
            State::Request(request) => ready!(request.poll_response(context)),
            _ => match std::mem::replace(&mut self.state, State::End) {
                State::Failed(error) => Err(error),
                _ => return Poll::Ready(None),
            },
        };
        self.state = match &result {
            Ok(response) => self.after(response),
            Err(_) => State::End,
        };
        Poll::Ready(Some(result))
    }

    fn request_next(&self) -> State<P> {
        let name = self.operation.page_spec().token;
        let template = self.template.as_ref().zip(self.token.as_deref());
        match template.and_then(|(template, token)| template.with_query(name, token)) {
            Some(request) => State::Request(request),
            None => State::Failed(build::internal("the request of a page cannot be repeated")),
        }
    }

    /// What follows a page.
    fn after(&mut self, response: &Response<P>) -> State<P> {
        self.token = response.data().cursor().into_next();
        match &self.token {
            None => State::End,
            Some(token) if self.seen.insert(token) => State::Next,
            Some(_) => State::Failed(repeated_token(self.operation, response)),
        }
    }
}

impl<P: Paged> Stream for Pages<P> {
    type Item = Result<P, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let response = ready!(self.poll_response(context));
        Poll::Ready(response.map(|response| response.map(Response::into_data)))
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation.id)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// The items of all pages of a list, as a stream; see [`Request::items`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<P: Paged> {
    pages: Pages<P>,
    items: std::vec::IntoIter<P::Item>,
}

impl<P: Paged> Items<P> {
    pub(super) fn new(pages: Pages<P>) -> Self {
        let items = Vec::new().into_iter();
        Self { pages, items }
    }

    /// The next item. None after the last one, and after an error. Dropping the
    /// future loses nothing.
    ///
    /// # Errors
    /// Those of [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<P::Item, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// All items that are left, in memory at once.
    ///
    /// # Errors
    /// The first one; the items before it are lost.
    pub async fn into_vec(mut self) -> Result<Vec<P::Item>, Error> {
        let mut all: Vec<_> = self.items.collect();
        while let Some(page) = self.pages.next().await {
            all.extend(page?.into_items());
        }
        Ok(all)
    }

    /// The token of the page that is requested after the items of this one, or
    /// that failed; see [`Pages::token`].
    pub fn token(&self) -> Option<&str> {
        self.pages.token()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P::Item, Error>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let page = match ready!(self.pages.poll_response(context)) {
                Some(Ok(response)) => response.into_data(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            self.items = page.into_items().into_iter();
        }
    }
}

// No item is pinned in place.
impl<P: Paged> Unpin for Items<P> {}

impl<P: Paged> Stream for Items<P> {
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len(), None)
    }
}

impl<P: Paged> fmt::Debug for Items<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("left_of_page", &self.items.len())
            .finish_non_exhaustive()
    }
}

/// Tokens of a list, as hashes: a token may be long, and a list have many.
#[derive(Default)]
struct SeenTokens {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

impl SeenTokens {
    /// Adds a token. False if it was seen before.
    fn insert(&mut self, token: &str) -> bool {
        self.hashes.insert(self.hasher.hash_one(token))
    }
}

/// The error of a page that continues where an earlier one began.
fn repeated_token<P>(operation: &'static Operation, response: &Response<P>) -> Error {
    let field = cursor::path(operation.page_spec().next_token);
    let status = http::StatusCode::from_u16(response.status()).unwrap_or_default();
    let call = CallContext::unsent(operation).into();
    build::decode("the list would not end: the next page is one that was returned before")
        .with_hint("the server may ignore the token of the page; report it to the vendor")
        .with_field(Some(field))
        .with_head(status, response.headers().clone())
        .with_body(response.raw_body())
        .with_call(&call, response.attempts())
}
