//! Static tables of an API: its operations, the shapes of its requests, and the
//! collections of its objects.
//!
//! `cargo xtask codegen` writes one [`Table`] for each document;
//! [`Builder::tables`](crate::Builder::tables) takes more of them. The types are
//! public for generated code, and have no promise of stability.

mod collection;
mod shape;

pub use collection::{Collection, Creation, Job, Listing, Statuses};
pub use shape::{Field, Range, Shape, Text};

/// The operations of one document.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The operations, by resource.
    pub operations: &'static [&'static [Operation]],
}

/// An operation that the server responds to.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The method, in capitals.
    pub method: &'static str,
    /// The path template: `/v3/videos/{video_id}`.
    pub path: &'static str,
    /// The parameters of path, query and headers.
    pub parameters: &'static [Parameter],
    /// What the request body must be; `None` if there is no constraint.
    pub body: Option<Body>,
    /// Alternatives, each a list of credentials that are all required. Empty if
    /// the operation requires none.
    pub security: &'static [&'static [Credential]],
    /// The success response, from the document's example.
    pub success: Reply,
    /// The documented failures that have an example.
    pub failures: &'static [Reply],
    /// The ids in the document's examples, by path parameter.
    pub known: &'static [KnownIds],
    /// Where a list has its cursor.
    pub page: Option<Page>,
    /// Deprecation and retirement.
    pub deprecation: Deprecation,
    /// The parameters that name an object of a collection, in the order of the
    /// path. The last one is the object of a role that reads or changes one.
    pub objects: &'static [(&'static str, &'static Collection)],
    /// What the operation does to the server's state.
    pub role: Role,
}

impl Operation {
    /// An operation without parameters, whose success response is empty.
    pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            parameters: &[],
            body: None,
            security: &[],
            success: Reply::empty(200),
            failures: &[],
            known: &[],
            page: None,
            deprecation: Deprecation {
                deprecated: false,
                sunset: "",
                successor: "",
            },
            objects: &[],
            role: Role::Action,
        }
    }
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $ty:ty = $value:expr;)*) => {
        impl Operation {$(
            $(#[$doc])*
            #[must_use]
            pub const fn $name(mut self, $name: $ty) -> Self {
                self.$name = $value;
                self
            }
        )*}
    };
}

setters! {
    /// Sets the parameters.
    parameters: &'static [Parameter] = parameters;
    /// Sets the constraint on the body.
    body: Body = Some(body);
    /// Sets the credentials.
    security: &'static [&'static [Credential]] = security;
    /// Sets the success response.
    success: Reply = success;
    /// Sets the documented failures.
    failures: &'static [Reply] = failures;
    /// Sets the known ids.
    known: &'static [KnownIds] = known;
    /// Sets the location of the cursor.
    page: Page = Some(page);
    /// Sets deprecation and retirement.
    deprecation: Deprecation = deprecation;
    /// Sets the parameters that name objects.
    objects: &'static [(&'static str, &'static Collection)] = objects;
    /// Sets the role.
    role: Role = role;
}

/// What an operation does to the server's state.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// Nothing: it responds with its example.
    Action,
    /// It creates objects.
    Create(&'static [Creation]),
    /// It reads one object.
    Read(&'static Collection),
    /// It lists objects.
    List(Listing),
    /// It changes one object: the named fields of the body are merged into it.
    Update(&'static Collection, &'static [&'static str]),
    /// It deletes one object.
    Delete(&'static Collection),
    /// It reads the states of many objects.
    Statuses(Statuses),
}

impl Role {
    /// The collections whose objects it creates, reads or changes.
    pub(crate) fn collections(&self) -> impl Iterator<Item = &'static Collection> {
        let (one, created): (_, &[Creation]) = match *self {
            Self::Action => (None, &[]),
            Self::Create(creations) => (None, creations),
            Self::Read(one) | Self::Update(one, _) | Self::Delete(one) => (Some(one), &[]),
            Self::List(listing) => (Some(listing.collection), &[]),
            Self::Statuses(statuses) => (Some(statuses.collection), &[]),
        };
        one.into_iter()
            .chain(created.iter().map(|creation| creation.collection))
    }
}

/// Location of a parameter in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// A declared parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name, as sent.
    pub name: &'static str,
    /// Where it is sent.
    pub location: Location,
    /// Whether it must be sent.
    pub required: bool,
    /// What its value must be; of an array: each item.
    pub shape: &'static Shape,
    /// How the values of an array are sent.
    pub array: Array,
}

/// How the values of an array are sent in a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Array {
    /// The parameter is one value.
    No,
    /// One parameter for each value.
    Repeated,
    /// One parameter, its values joined by commas.
    Joined,
}

/// Constraints on a request body.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// Whether it must be sent.
    pub required: bool,
    /// The media types it may have, in lower case.
    pub media_types: &'static [&'static str],
    /// What it must be, where it is JSON.
    pub shape: &'static Shape,
}

/// A credential. Its presence is checked, never its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A header that must not be empty.
    Header(&'static str),
    /// A query parameter that must not be empty.
    Query(&'static str),
    /// `Authorization` with this scheme before a value.
    Authorization(&'static str),
}

/// A response of the document's examples.
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The media type; empty if there is no body.
    pub media_type: &'static str,
    /// The body.
    pub body: &'static str,
    /// Further headers.
    pub headers: &'static [(&'static str, &'static str)],
}

impl Reply {
    /// A response without a body.
    pub const fn empty(status: u16) -> Self {
        Self {
            status,
            media_type: "",
            body: "",
            headers: &[],
        }
    }

    /// A response whose body is this JSON.
    pub const fn json(status: u16, body: &'static str) -> Self {
        Self::new(status, "application/json", body)
    }

    /// A response with a body.
    pub const fn new(status: u16, media_type: &'static str, body: &'static str) -> Self {
        Self {
            status,
            media_type,
            body,
            headers: &[],
        }
    }

    /// Sets further headers.
    #[must_use]
    pub const fn headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }
}

/// The ids of one path parameter in the document's examples.
#[derive(Clone, Copy, Debug)]
pub struct KnownIds {
    /// The parameter.
    pub parameter: &'static str,
    /// The parameter's own examples first, then the id in the response example.
    pub ids: &'static [&'static str],
    /// The JSON pointer to the id in the response example; empty if it is not
    /// there.
    pub pointer: &'static str,
}

/// Where a list has its cursor and its items: a query parameter, and JSON
/// pointers into the response.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The query parameter of the cursor.
    pub token: &'static str,
    /// The items.
    pub items: &'static str,
    /// The cursor of the next page.
    pub next_token: &'static str,
    /// Whether there is a next page.
    pub has_more: &'static str,
    /// The number of items of a page that sets no `limit`.
    pub limit: usize,
}

/// Deprecation and retirement of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Deprecation {
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The date of retirement, an HTTP-date; empty if there is none.
    pub sunset: &'static str,
    /// What to use instead, a URI reference that may have parameters in braces;
    /// empty if there is nothing.
    pub successor: &'static str,
}
