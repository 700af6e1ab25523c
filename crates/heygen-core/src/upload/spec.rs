//! How an API takes files: operations, limits, types and names of fields.
//! Static data, generated from its document.

use crate::operation::Operation;

/// How an API takes files.
#[derive(Clone, Copy, Debug)]
pub struct UploadSpec {
    /// The noun of what a file becomes, for messages, for example `asset`.
    pub name: &'static str,
    /// The operation that takes a file as a form.
    pub form: &'static Operation,
    /// The part of the form with the file.
    pub part: &'static str,
    /// Largest file of the form, in bytes; larger ones are uploaded directly.
    pub max_bytes: u64,
    /// The field of a response with the id of the uploaded file.
    pub id: &'static str,
    /// The types that are accepted.
    pub types: &'static [MediaType],
    /// The operation that issues an address for a file.
    pub slot: SlotSpec,
    /// The operation that ends a direct upload.
    pub complete: CompleteSpec,
    /// The operations for several files.
    pub batch: BatchSpec,
}

/// A type of files that is accepted.
#[derive(Clone, Copy, Debug)]
pub struct MediaType {
    /// The name of the type, for example `image/png`.
    pub name: &'static str,
    /// The extensions of file names, without their dot.
    pub extensions: &'static [&'static str],
    /// Whether the form takes it.
    pub form: bool,
    /// Largest file of this type, in bytes, where it is known.
    pub max_bytes: Option<u64>,
}

/// The operation that issues an address for a file, and its fields.
#[derive(Clone, Copy, Debug)]
pub struct SlotSpec {
    /// The operation.
    pub operation: &'static Operation,
    /// The name of the file, in the request.
    pub name: &'static str,
    /// The content type, in the request.
    pub content_type: &'static str,
    /// The size in bytes, in the request.
    pub size: &'static str,
    /// The SHA-256 checksum, in the request.
    pub checksum: &'static str,
    /// The signed address, in the response.
    pub url: &'static str,
    /// The headers that belong to the signature, in the response.
    pub headers: &'static str,
    /// Largest size in bytes, in the response.
    pub max_bytes: &'static str,
    /// How long the address can be used, in seconds, in the response.
    pub lifetime: &'static str,
}

/// The operation that ends a direct upload, and its fields.
#[derive(Clone, Copy, Debug)]
pub struct CompleteSpec {
    /// The operation; the argument of its path is the id.
    pub operation: &'static Operation,
    /// The name of the path argument.
    pub argument: &'static str,
    /// The SHA-256 checksum, in the request.
    pub checksum: &'static str,
}

/// The operations for several files, and their fields.
#[derive(Clone, Copy, Debug)]
pub struct BatchSpec {
    /// The operation that issues an address for each file.
    pub operation: &'static Operation,
    /// The files, in its request.
    pub files: &'static str,
    /// At most this many of them.
    pub max_files: usize,
    /// The addresses in its response, in the order of the request.
    pub slots: &'static str,
    /// The id of the batch, in its response and in the request of `complete`.
    pub id: &'static str,
    /// The operation that ends the batch.
    pub complete: &'static Operation,
}
