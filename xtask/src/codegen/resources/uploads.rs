//! The methods that upload files, and how the API takes these, as static data.

use openapi_prep::{
    Error,
    api::{Api, Operation},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::named::{Example, Named};
use crate::codegen::upload_hint::{self, MediaType, Upload};

/// The methods of a handle.
pub(super) fn methods(
    api: &Api,
    module: &str,
    operations: &[&Named<'_>],
) -> Result<Vec<TokenStream>, Error> {
    let mut methods = Vec::new();
    for named in operations {
        let Some(upload) = upload_hint::read(api, named.operation)? else {
            continue;
        };
        let output = format_ident!("{}", upload.output);
        let about = about(&upload, &example(module, named).documentation(module)?);
        let of_batch = about_batch(&upload);
        methods.push(quote! {
            #[doc = #about]
            pub fn upload(
                self,
                file: impl Into<::heygen_core::Upload>,
            ) -> ::heygen_core::UploadRequest<types::#output> {
                ::heygen_core::UploadRequest::new(self.client, &UPLOAD, file.into())
            }

            #[doc = #of_batch]
            pub fn upload_batch(
                self,
                files: impl IntoIterator<Item = ::heygen_core::Upload>,
            ) -> ::heygen_core::UploadBatchRequest<types::#output> {
                ::heygen_core::UploadBatchRequest::new(self.client, &UPLOAD, files)
            }
        });
    }
    Ok(methods)
}

/// How the API takes files.
pub(super) fn data(api: &Api, operations: &[&Named<'_>]) -> Result<Vec<TokenStream>, Error> {
    let uploads = operations
        .iter()
        .map(|named| upload_hint::read(api, named.operation));
    let uploads: Vec<_> = uploads.collect::<Result<_, _>>()?;
    Ok(uploads.iter().flatten().map(spec).collect())
}

fn spec(upload: &Upload<'_>) -> TokenStream {
    let hint = &upload.hint;
    let (noun, part, id, max_bytes) = (&hint.name, &hint.part, &hint.id, hint.max_bytes);
    let types = hint.types.iter().map(|(name, media_type)| {
        let MediaType {
            extensions,
            form,
            max_bytes,
        } = media_type;
        let max_bytes = match max_bytes {
            Some(most) => quote!(Some(#most)),
            None => quote!(None),
        };
        quote! {
            ::heygen_core::MediaType {
                name: #name,
                extensions: &[#(#extensions),*],
                form: #form,
                max_bytes: #max_bytes,
            }
        }
    });
    let of_slot = &hint.slot;
    let (name, content_type, size) = (&of_slot.name, &of_slot.content_type, &of_slot.size);
    let (url, headers, checksum) = (&of_slot.url, &of_slot.headers, &of_slot.checksum);
    let (most, lifetime) = (&of_slot.max_bytes, &of_slot.lifetime);
    let (argument, of_complete) = (upload.argument, &hint.complete.checksum);
    let (files, slots, batch_id) = (&hint.batch.files, &hint.batch.slots, &hint.batch.id);
    let max_files = proc_macro2::Literal::u64_unsuffixed(upload.max_files);
    let [form, slot, complete, batch, batch_complete] = [
        upload.form,
        upload.slot,
        upload.complete,
        upload.batch,
        upload.batch_complete,
    ]
    .map(table_entry);
    quote! {
        /// How files are uploaded.
        static UPLOAD: ::heygen_core::UploadSpec = ::heygen_core::UploadSpec {
            name: #noun,
            form: #form,
            part: #part,
            max_bytes: #max_bytes,
            id: #id,
            types: &[#(#types),*],
            slot: ::heygen_core::SlotSpec {
                operation: #slot,
                name: #name,
                content_type: #content_type,
                size: #size,
                checksum: #checksum,
                url: #url,
                headers: #headers,
                max_bytes: #most,
                lifetime: #lifetime,
            },
            complete: ::heygen_core::CompleteSpec {
                operation: #complete,
                argument: #argument,
                checksum: #of_complete,
            },
            batch: ::heygen_core::BatchSpec {
                operation: #batch,
                files: #files,
                max_files: #max_files,
                slots: #slots,
                id: #batch_id,
                complete: #batch_complete,
            },
        };
    }
}

/// An operation in the table of operations.
fn table_entry(operation: &Operation) -> TokenStream {
    let name = format_ident!("{}", operation.function.to_ascii_uppercase());
    quote!(&super::super::operations::#name)
}

/// The example of an upload, as a function.
pub(super) fn example_function(module: &str, named: &Named<'_>) -> Option<TokenStream> {
    named.operation.extensions.get(upload_hint::UPLOAD)?;
    let name = format!("upload_by_{}", named.operation.function);
    Some(example(module, named).function(module, &name))
}

/// The example of an upload.
fn example(module: &str, named: &Named<'_>) -> Example {
    let path = [module]
        .into_iter()
        .chain(named.resource.iter().map(String::as_str));
    let path = path.map(|name| format_ident!("{name}"));
    Example {
        uses: vec!["Upload".to_owned()],
        statements: quote! {
            let asset = client
                #(.#path())*
                .upload(Upload::path("lecture.mp4"))
                .on_progress(|progress| eprintln!("{progress}"))
                .await?;
            println!("{asset:?}");
        },
    }
}

fn about(upload: &Upload<'_>, example: &str) -> String {
    let hint = &upload.hint;
    let extensions = |form: bool| {
        let types = hint.types.values().filter(|ty| ty.form == form);
        let first = types.filter_map(|ty| ty.extensions.first());
        first.map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    let form = upload.form.title();
    let direct = [upload.slot, upload.complete]
        .map(Operation::title)
        .join("` and `");
    let mut types = format!("Accepted are {}", extensions(true));
    let only_direct = extensions(false);
    if !only_direct.is_empty() {
        types.extend([", and uploaded directly ", &only_direct]);
    }
    let (most, output) = (hint.max_bytes, upload.output);
    format!(
        "Upload a file of any size: by path, from memory, or from a stream.\n\n\
         Calls `{form}` for files of up to {most} bytes, else `{direct}`, and stores the file \
         in between at the address that was issued for it, without the API key. {types}. The \
         type is recognised by the first bytes, else by the extension of the name. Memory is \
         the same for any size. Retried by an idempotency key.\n\n\
         Returns [`{output}`](types::{output}) in both ways, as it has all that either returns: \
         its `status` is absent where the file can be used at once, after a form. After a \
         direct upload the file is checked in the background, which \
         [`and_wait`](::heygen_core::UploadRequest::and_wait) waits for.\n\n\
         # Errors\n\
         [`InvalidInput`](::heygen_core::ErrorKind::InvalidInput) before anything is sent, for a \
         file that is missing, empty, too large, or of a type that is not accepted; those of the \
         operations. See [`UploadRequest`](::heygen_core::UploadRequest).\n\n{example}"
    )
}

fn about_batch(upload: &Upload<'_>) -> String {
    let calls = [upload.batch, upload.batch_complete]
        .map(Operation::title)
        .join("` and `");
    let most = upload.max_files;
    format!(
        "Upload several files, each with its own result.\n\n\
         Calls `{calls}` for each {most} files, and stores four files at once, without the API \
         key. A file that fails ends no other. Returns what became of each file, in their order: \
         its id where it has one, whether or not its upload succeeded. See \
         [`UploadBatchRequest`](::heygen_core::UploadBatchRequest)."
    )
}
