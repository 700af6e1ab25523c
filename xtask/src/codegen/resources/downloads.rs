//! Downloads of the files of objects: an enum of the files of each kind of object,
//! and the methods `download` and `stream` of its handle.

use heck::{ToPascalCase as _, ToShoutySnakeCase as _};
use openapi_prep::{
    Error,
    api::{Api, Operation},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::File;

use super::{
    arguments,
    named::{Example, Named},
    parsed,
};
use crate::codegen::file_hints::{Downloads, LinkedFile, downloads};

/// The methods of a handle.
const METHODS: [&str; 2] = ["download", "stream"];

impl Downloads {
    /// The enum of the files.
    fn name(&self) -> String {
        format!("{}File", self.model)
    }
}

impl LinkedFile {
    fn variant(&self) -> syn::Ident {
        format_ident!("{}", self.name.to_pascal_case())
    }
}

/// The file of the kinds of files, if there are any.
///
/// # Errors
///
/// Where a hint is malformed, or the name of an enum is taken.
pub(super) fn file(api: &Api, all: &[Named<'_>]) -> Result<Option<File>, Error> {
    let mut items = Vec::new();
    for named in all {
        let Some(of) = downloads(api, named.operation)? else {
            continue;
        };
        if api.types.contains_key(&of.name()) {
            let message = format!("a type has the name `{}`, as the files of it", of.name());
            return Err(Error::new(message)
                .at(&named.operation.pointer)
                .remedy("give the type another name by `x-schema-name`"));
        }
        items.push(kind(named.operation, &of));
    }
    if items.is_empty() {
        return Ok(None);
    }
    let file = parsed(
        "the files of objects",
        quote! {
            use ::heygen_core::{FileLink, FileOwner, ObjectFile};
            use super::operations;

            #(#items)*
        },
    );
    file.map(Some)
}

/// The enum of the files of an object, with its static data.
fn kind(operation: &Operation, of: &Downloads) -> TokenStream {
    let (noun, id) = (&of.noun, &of.id);
    let enum_name = format_ident!("{}", of.name());
    let owner = format_ident!("{}", of.model.to_shouty_snake_case());
    let read = format_ident!("{}", operation.function.to_shouty_snake_case());
    let about = format!(" Which file of {} is downloaded.", with_article(noun));
    let state = of.state.as_ref().map(|state| {
        let (ready, failed) = (&of.ready, &of.failed);
        quote!(.state(#state, &[#(#ready),*], &[#(#failed),*]))
    });
    let variants = of.files.iter().enumerate().map(|(at, file)| {
        let variant = file.variant();
        let mut about = format!(" The file at `{}`", file.path);
        let held = file.is_listed().then(|| {
            about.push_str(" of the item with this index, from zero");
            quote!((usize))
        });
        about.push_str(if at == 0 { ". The default." } else { "." });
        quote!(#[doc = #about] #variant #held,)
    });
    let links = of.files.iter().map(|file| {
        let (variant, name, path) = (file.variant(), &file.name, &file.path);
        let class = file.media.as_ref().map(|class| quote!(.class(#class)));
        let (held, index) = if file.is_listed() {
            (Some(quote!((index))), Some(quote!(.index(index))))
        } else {
            (None, None)
        };
        quote!(#enum_name::#variant #held => FileLink::new(#name, #path) #class #index,)
    });
    let default = of.files.first().map(|file| {
        let (variant, held) = (file.variant(), file.is_listed().then(|| quote!((0))));
        quote!(Self::#variant #held)
    });
    quote! {
        static #owner: FileOwner = FileOwner::new(#noun, &operations::#read, #id) #state;

        #[doc = #about]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum #enum_name {
            #(#variants)*
        }

        impl Default for #enum_name {
            fn default() -> Self {
                #default
            }
        }

        impl From<#enum_name> for FileLink {
            fn from(file: #enum_name) -> Self {
                match file {
                    #(#links)*
                }
            }
        }

        impl ObjectFile for #enum_name {
            const OWNER: &'static FileOwner = &#owner;
        }
    }
}

/// The methods of a handle, if one of its operations reads an object with files.
///
/// # Errors
///
/// Where two of them do, or a name is taken.
pub(super) fn of_handle(
    api: &Api,
    module: &str,
    operations: &[&Named<'_>],
    below: &[&[String]],
) -> Result<Option<TokenStream>, Error> {
    let mut found = None;
    for named in operations {
        if let Some(of) = downloads(api, named.operation)? {
            let names = operations.iter().map(|named| &named.method);
            let names = names.chain(below.iter().filter_map(|path| path.last()));
            let is_taken = names
                .into_iter()
                .any(|name| METHODS.contains(&name.as_str()));
            if is_taken || found.is_some() {
                let message = format!(
                    "the handle of {} needs `{}` for its files, and another has them",
                    named.operation.title(),
                    METHODS.join("` and `")
                );
                return Err(Error::new(message)
                    .at(&named.operation.pointer)
                    .remedy("give one of them another handle by `x-resource`"));
            }
            found = Some((*named, of));
        }
    }
    found
        .map(|(named, of)| methods(module, named, &of))
        .transpose()
}

fn methods(module: &str, named: &Named<'_>, of: &Downloads) -> Result<TokenStream, Error> {
    let name = format_ident!("{}", of.name());
    let ids = arguments::of_path(named.operation);
    let id = ids.iter().map(|(_, name)| name);
    let id = quote!(#(#id),*);
    let about = documentation(module, named, of)?;
    let stream = format!(
        "Downloads a file of {} as a stream of its bytes: \
         [`open`](::heygen_core::Download::open). As [`download`](Self::download) otherwise.",
        with_article(&of.noun)
    );
    Ok(quote! {
        #[doc = #about]
        pub fn download(
            self,
            #id: impl AsRef<str>,
            path: impl Into<::std::path::PathBuf>,
        ) -> ::heygen_core::DownloadTo<super::super::files::#name> {
            self.stream(#id).to(path)
        }

        #[doc = #stream]
        pub fn stream(self, #id: impl AsRef<str>) -> ::heygen_core::Download<super::super::files::#name> {
            self.client.download_of(#id.as_ref())
        }
    })
}

fn documentation(module: &str, named: &Named<'_>, of: &Downloads) -> Result<String, Error> {
    let (noun, name) = (with_article(&of.noun), of.name());
    let links: Vec<String> = of
        .files
        .iter()
        .map(|file| format!("`{}`", file.path))
        .collect();
    let which = match of.files.as_slice() {
        [_] => format!("Its link is {}.", links.join("")),
        [first, ..] => format!(
            "It is [`{name}::{variant}`](super::super::files::{name}::{variant}) unless another one \
             is selected by [`file`](::heygen_core::DownloadTo::file); the links are {}.",
            links.join(", "),
            variant = first.variant()
        ),
        [] => String::new(),
    };
    let mut paragraphs = vec![
        format!("Downloads a file of {noun} to a path."),
        format!(
            "{which} Reads `{}` for the link, and once more where it has expired. The file appears \
             under its name once it is complete, and is not overwritten unless that is asked for. A \
             broken connection is resumed, and so is what an earlier download left.",
            named.operation.title()
        ),
        format!(
            "# Errors\n\
             - [`File`](::heygen_core::ErrorKind::File): the path exists or cannot be written, or the \
             {} has no such file or not yet \
             ([`is_file_missing`](::heygen_core::Error::is_file_missing)): the message has its state.\n\
             - [`Decode`](::heygen_core::ErrorKind::Decode): the server sent something else than the \
             file.\n\
             - Any other error of the read, and of the transfer.",
            of.noun
        ),
    ];
    paragraphs.push(example(module, named, of).documentation(module)?);
    Ok(paragraphs.join("\n\n"))
}

/// The example of a download, if the operation reads an object with files.
pub(super) fn example_of(
    api: &Api,
    module: &str,
    named: &Named<'_>,
) -> Result<Option<Example>, Error> {
    let of = downloads(api, named.operation)?;
    Ok(of.map(|of| example(module, named, &of)))
}

fn example(module: &str, named: &Named<'_>, of: &Downloads) -> Example {
    let mut call = quote!(client);
    for name in [module]
        .into_iter()
        .chain(named.resource.iter().map(String::as_str))
    {
        let name = format_ident!("{name}");
        call = quote!(#call.#name());
    }
    let ids = arguments::of_path(named.operation).into_iter();
    let ids = ids.map(|(parameter, _)| {
        let example = parameter
            .annotations
            .examples
            .first()
            .and_then(|it| it.as_str());
        example.unwrap_or(&parameter.name).to_owned()
    });
    let last = of.files.last();
    let extension = match last.and_then(|file| file.media.as_deref()) {
        Some("video") => "mp4",
        Some("image") => "jpg",
        Some("audio") => "mp3",
        Some("text") => "srt",
        _ => "bin",
    };
    let path = format!("out.{extension}");
    let (mut uses, mut selected) = (Vec::new(), None);
    if let (Some(last), true) = (last, of.files.len() > 1) {
        let (name, variant) = (format_ident!("{}", of.name()), last.variant());
        let held = last.is_listed().then(|| quote!((0)));
        selected = Some(quote!(.file(#name::#variant #held)));
        uses.push(of.name());
    }
    Example {
        uses,
        statements: quote! {
            let file = #call.download(#(#ids),*, #path)#selected.await?;
            println!("{} bytes in {}", file.bytes, file.path.display());
        },
    }
}

/// A noun with its article.
fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}
