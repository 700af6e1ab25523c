//! The table as Rust: a file for each group of commands of a document, and the lists.

use std::collections::BTreeMap;

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{
    Command, Download, JobId,
    body::{Body, JsonBody},
    flags::{Bounds, Flag, FlagType, Source},
    groups::Group,
    response::Container,
    text::plain,
};

/// The files of the table, by path without the extension.
pub(super) fn files(
    commands: &[Command<'_>],
    downloads: &[Download],
    groups: &[Group],
) -> Vec<(String, TokenStream)> {
    let mut by_file: BTreeMap<(&str, String), Vec<TokenStream>> = BTreeMap::new();
    let mut leaves: Vec<(&[String], TokenStream)> = Vec::new();
    for command in commands {
        let file = file_of(command);
        let path = path_of(command, &file);
        let (own, all) = (&command.named.words, &command.named.aliases);
        leaves.push((own, leaf(own, &path, None)));
        for alias in all {
            let renamed = alias.hidden.then(|| own.join(" "));
            leaves.push((&alias.words, leaf(&alias.words, &path, renamed.as_deref())));
        }
        let items = by_file.entry((command.module, file)).or_default();
        items.push(item(command));
    }
    leaves.sort_by(|a, b| a.0.cmp(b.0));
    let mut modules: BTreeMap<&str, Vec<Ident>> = BTreeMap::new();
    let mut files = Vec::new();
    for ((module, file), items) in by_file {
        let version = format_ident!("{module}");
        let own = commands
            .iter()
            .filter(|it| it.module == module && file_of(it) == file);
        let jobs = own
            .clone()
            .any(|command| command.job.is_some())
            .then(|| quote!(jobs,));
        let code = quote! {
            use std::ops::Bound;

            use heygen::raw::generated::#version::{#jobs operations};
            use crate::table::*;
            use super::super::defaults::FLAG;

            #(#items)*
        };
        modules
            .entry(module)
            .or_default()
            .push(format_ident!("{file}"));
        files.push((format!("{module}/{file}"), code));
    }
    for (module, names) in &modules {
        let about = format!(" Commands of the {module} document, a file for each group.");
        let code = quote! {
            #![doc = #about]

            #(pub(super) mod #names;)*
        };
        files.push((format!("{module}/mod"), code));
    }
    files.push(("defaults".to_owned(), defaults()));
    let mut sorted: Vec<&Download> = downloads.iter().collect();
    sorted.sort_by(|a, b| a.words.cmp(&b.words));
    let downloads = sorted.into_iter().map(download);
    files.push((
        "downloads".to_owned(),
        quote! {
            use heygen::raw::generated as documents;
            use heygen::raw::heygen_core::{FileLink, ObjectFile};
            use crate::table::*;

            /// The commands that store the files of objects, sorted by their words.
            pub(crate) static DOWNLOADS: &[DownloadCommand] = &[#(#downloads),*];
        },
    ));
    let versions = modules.keys().map(|module| format_ident!("{module}"));
    let groups = groups.iter().map(group);
    let leaves = leaves.into_iter().map(|(_, leaf)| leaf);
    files.push((
        "mod".to_owned(),
        quote! {
            #![doc = " The table of commands."]
            #![allow(unused_imports, clippy::all, clippy::pedantic)]

            mod defaults;
            mod downloads;
            #(mod #versions;)*

            use crate::table::*;

            pub(crate) use downloads::DOWNLOADS;

            /// The groups of commands, also those within groups, sorted by their words.
            pub(crate) static GROUPS: &[Group] = &[#(#groups),*];

            /// The commands that are made from documents, sorted by their words.
            pub(crate) static LEAVES: &[Leaf] = &[#(#leaves),*];
        },
    ));
    files
}

/// The file of a command: its group within those of its document.
fn file_of(command: &Command<'_>) -> String {
    let words = &command.named.words;
    let within = usize::from(words[0] == command.module && words.len() > 2);
    words[within].replace('-', "_")
}

fn path_of(command: &Command<'_>, file: &str) -> TokenStream {
    let (module, file) = (format_ident!("{}", command.module), format_ident!("{file}"));
    let constant = format_ident!("{}", command.constant());
    quote!(#module::#file::#constant)
}

fn defaults() -> TokenStream {
    quote! {
        #![doc = " What most options have, so that the table has only what differs."]

        use std::ops::Bound;

        use crate::table::*;

        /// An optional string of the body.
        pub(super) const FLAG: Flag = Flag {
            name: "",
            wire: "",
            in_query: false,
            ty: FlagType::String,
            required: false,
            default: None,
            sends_default: false,
            values: &[],
            bounds: (Bound::Unbounded, Bound::Unbounded),
            help: "",
        };
    }
}

fn leaf(words: &[String], path: &TokenStream, renamed: Option<&str>) -> TokenStream {
    let renamed = option(renamed);
    quote!(Leaf { words: &[#(#words),*], command: &#path, renamed_to: #renamed })
}

fn group(group: &Group) -> TokenStream {
    let Group {
        words,
        about,
        hidden,
    } = group;
    quote!((&[#(#words),*], #about, #hidden))
}

fn item(command: &Command<'_>) -> TokenStream {
    let constant = format_ident!("{}", command.constant());
    let operation = format_ident!("{}", command.operation.function.to_shouty_snake_case());
    let (about, long_about) = (&command.about, &command.long_about);
    let arguments = command.arguments.iter().map(|argument| {
        let (wire, help) = (&argument.parameter.name, plain(argument.help));
        quote!((#wire, #help))
    });
    let flags = command.flags.iter().map(flag);
    let body = body(&command.body);
    let container = container(command.container.as_ref());
    let job = match &command.job {
        Some((job, id)) => {
            let job = format_ident!("{job}");
            let id = match id {
                JobId::Argument => quote!(None),
                JobId::Response(path) => quote!(Some(#path)),
            };
            quote!(Some((&jobs::#job, #id)))
        }
        None => quote!(None),
    };
    let columns = command.columns.iter().map(|column| {
        let (title, field) = (&column.title, &column.field);
        quote!((#title, #field))
    });
    let (examples, scopes) = (&command.examples, &command.scopes);
    let request = option(command.request_schema.as_deref());
    let response = option(command.response_schema.as_deref());
    let title = format!(
        " `heygen {}`: `{}`.",
        command.named.words.join(" "),
        command.operation.title()
    );
    quote! {
        #[doc = #title]
        pub(in crate::generated) static #constant: Command = Command {
            operation: &operations::#operation,
            about: #about,
            long_about: #long_about,
            arguments: &[#(#arguments),*],
            flags: &[#(#flags),*],
            body: #body,
            container: #container,
            job: #job,
            columns: &[#(#columns),*],
            examples: &[#(#examples),*],
            scopes: &[#(#scopes),*],
            request_schema: #request,
            response_schema: #response,
        };
    }
}

fn flag(flag: &Flag) -> TokenStream {
    let (name, wire, help) = (&flag.name, &flag.wire, plain(&flag.help));
    let mut more = Vec::new();
    if flag.source == Source::Query {
        more.push(quote!(in_query: true));
    }
    match flag.ty {
        _ if flag.source == Source::File => more.push(quote!(ty: FlagType::File)),
        FlagType::Integer => more.push(quote!(ty: FlagType::Integer)),
        FlagType::Number => more.push(quote!(ty: FlagType::Number)),
        FlagType::Boolean => more.push(quote!(ty: FlagType::Boolean)),
        FlagType::Strings => more.push(quote!(ty: FlagType::Strings)),
        FlagType::String => {}
    }
    if flag.required {
        more.push(quote!(required: true));
    }
    if flag.default.is_some() {
        let default = option(flag.default.as_deref());
        more.push(quote!(default: #default));
    }
    if flag.sends_default {
        more.push(quote!(sends_default: true));
    }
    if !flag.values.is_empty() {
        let values = &flag.values;
        more.push(quote!(values: &[#(#values),*]));
    }
    if flag.bounds != Bounds::default() {
        let bounds = bounds(flag.bounds);
        more.push(quote!(bounds: #bounds));
    }
    if !help.is_empty() {
        more.push(quote!(help: #help));
    }
    quote!(Flag { name: #name, wire: #wire, #(#more,)* ..FLAG })
}

fn bounds(bounds: Bounds) -> TokenStream {
    let Bounds {
        minimum,
        exclusive_minimum: above,
        maximum,
        exclusive_maximum: below,
    } = bounds;
    // Where there are two, the narrower one counts.
    let low = bound(minimum, above, |included, above| above >= included);
    let high = bound(maximum, below, |included, below| below <= included);
    quote!((#low, #high))
}

fn bound(
    included: Option<f64>,
    excluded: Option<f64>,
    is_narrower: fn(f64, f64) -> bool,
) -> TokenStream {
    match (included, excluded) {
        (None, None) => quote!(Bound::Unbounded),
        (included, Some(excluded)) if included.is_none_or(|it| is_narrower(it, excluded)) => {
            let number = Literal::f64_unsuffixed(excluded);
            quote!(Bound::Excluded(#number))
        }
        (included, excluded) => {
            let number = included.or(excluded).map(Literal::f64_unsuffixed);
            quote!(Bound::Included(#number))
        }
    }
}

fn body(body: &Body) -> TokenStream {
    let JsonBody {
        needs,
        tag,
        data_only,
        ..
    } = match body {
        Body::None => return quote!(Body::None),
        Body::Form => return quote!(Body::Form),
        Body::Json(body) => body,
    };
    let kinds = tag.iter().flat_map(|tag| &tag.kinds);
    let kinds = kinds.map(|(value, needs)| quote!((#value, &[#(#needs),*])));
    let tag = tag.as_ref().map_or("", |tag| tag.name.as_str());
    quote!(Body::Json {
        needs: &[#(#needs),*],
        tag: #tag,
        kinds: &[#(#kinds),*],
        data_only: &[#(#data_only),*],
    })
}

fn container(container: Option<&Container>) -> TokenStream {
    let Some(Container { path, is_list }) = container else {
        return quote!(None);
    };
    quote!(Some(Container { path: &[#(#path),*], is_list: #is_list }))
}

fn download(download: &Download) -> TokenStream {
    let Download {
        words,
        about,
        argument,
        ..
    } = download;
    let module = format_ident!("{}", download.module);
    let owner = format_ident!("{}", download.owner);
    let files = download.files.iter().map(|file| {
        let (choice, name, path) = (&file.name, &file.link.name, &file.link.path);
        let class = file.link.media.as_ref().map(|class| quote!(.class(#class)));
        let (extension, several) = (file.extension, file.link.is_listed());
        quote!(FileChoice {
            name: #choice,
            link: FileLink::new(#name, #path) #class,
            extension: #extension,
            several: #several,
        })
    });
    quote!(DownloadCommand {
        words: &[#(#words),*],
        about: #about,
        argument: #argument,
        owner: documents::#module::files::#owner::OWNER,
        files: &[#(#files),*],
    })
}

fn option(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}
